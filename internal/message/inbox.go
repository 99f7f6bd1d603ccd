package message

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/web"
)

// Item is a notice as its reader sees it.
type Item struct {
	ID     string
	Event  string
	Title  string
	Text   string
	Link   string
	At     time.Time
	ReadAt time.Time // zero: not read yet
}

// Read says whether its reader has seen it.
func (i Item) Read() bool { return !i.ReadAt.IsZero() }

func (r inboxRow) item(ctx context.Context) (Item, error) {
	title, body, err := r.texts(ctx)
	return Item{ID: r.Notice, Event: r.Event, Title: title, Text: body, Link: r.Link, At: r.At.Time, ReadAt: r.ReadAt.Time}, err
}

// Inbox lists what a person was told, newest first, in the language of ctx; next is empty at the end.
func (s *Service) Inbox(ctx context.Context, by identity.Subject, unread bool, cursor string, n int) (items []Item, next string, err error) {
	from, err := parseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	rows, err := listInbox(ctx, s.db, by.Person, unread, from, n+1)
	if err != nil {
		return nil, "", fmt.Errorf("read the inbox: %w", err)
	}
	if len(rows) > n {
		rows = rows[:n]
		next = web.EncodeCursor(db.Stamp(rows[n-1].At.Time), rows[n-1].Notice)
	}
	for _, r := range rows {
		item, err := r.item(ctx)
		if err != nil {
			return nil, "", err
		}
		items = append(items, item)
	}
	return items, next, nil
}

// unreadLimit is how far unread messages are counted; the bell shows no more.
const unreadLimit = 100

// Unread is how many messages a person has not read, counted up to 100.
func (s *Service) Unread(ctx context.Context, person string) (int, error) {
	if person == "" {
		return 0, nil
	}
	n, err := countUnread(ctx, s.db, person, unreadLimit)
	if err != nil {
		return 0, fmt.Errorf("count unread messages: %w", err)
	}
	return n, nil
}

// Read marks a message as read and returns it; a fault NotFound when it is not the reader's.
func (s *Service) Read(ctx context.Context, by identity.Subject, notice string) (Item, error) {
	row, err := getReceipt(ctx, s.db, by.Person, notice)
	if errors.Is(err, db.ErrNone) {
		return Item{}, fault.New(fault.NotFound, "message-not-found", "没有找到这条消息，它可能不是发给您的。")
	}
	if err != nil {
		return Item{}, fmt.Errorf("read message %s: %w", notice, err)
	}
	now := s.clock.Now()
	if err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return updateRead(ctx, tx, by.Person, notice, now) }); err != nil {
		return Item{}, fmt.Errorf("mark message %s as read: %w", notice, err)
	}
	if row.ReadAt.IsZero() {
		row.ReadAt = db.NullAt(now)
	}
	return row.item(ctx)
}

// ReadAll marks what came up to a moment as read; what came after the page was drawn stays unread. It tells how many.
func (s *Service) ReadAll(ctx context.Context, by identity.Subject, upTo time.Time) (n int64, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err = updateReadAll(ctx, tx, by.Person, upTo, s.clock.Now())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("mark the messages as read: %w", err)
	}
	return n, nil
}

// Retry makes a parked delivery due again.
func (s *Service) Retry(ctx context.Context, delivery string) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		ok, err := updateRetry(ctx, tx, delivery, s.clock.Now())
		if err != nil {
			return fmt.Errorf("retry delivery %s: %w", delivery, err)
		}
		if !ok {
			return fault.New(fault.Conflict, "delivery-not-parked", "这条外发消息已不在搁置状态，可能刚被重试或已送达，请刷新查看。")
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "message.retry", Kind: "delivery", ID: delivery, From: Parked, To: Due})
	})
}

// parseCursor reads the place of a row in a list by time; empty is the beginning.
func parseCursor(c string) (place, error) {
	parts, err := web.DecodeCursor(c, 2)
	if err != nil {
		return place{}, err
	}
	return place{at: parts[0], id: parts[1]}, nil
}
