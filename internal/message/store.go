package message

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/platform/db"
)

func insertNotice(ctx context.Context, tx *db.Tx, n Notice, now time.Time) (bool, error) {
	rows, err := tx.Exec(ctx, `INSERT INTO message_notice (id, event, org, person, title, title_args, body, body_args, link, stop, at, invite)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING`,
		n.id(), n.Event, n.Org, n.Person, n.Title.ZH, n.Title.args(), n.Text.ZH, n.Text.args(), n.Link, n.Stop, db.At(now), n.Invite.text())
	if err != nil {
		return false, fmt.Errorf("write the notice %s: %w", n.Event, err)
	}
	return rows == 1, nil
}

func insertReceipt(ctx context.Context, tx *db.Tx, notice, person string, now time.Time) error {
	if _, err := tx.Exec(ctx, `INSERT INTO message_receipt (notice, person, at) VALUES ($1, $2, $3) ON CONFLICT (notice, person) DO NOTHING`,
		notice, person, db.At(now)); err != nil {
		return fmt.Errorf("write the receipt: %w", err)
	}
	return nil
}

// Delivery is one message to one person by one channel.
type Delivery struct {
	ID        string      `db:"id"`
	Notice    string      `db:"notice"`
	Person    string      `db:"person"`
	Channel   string      `db:"channel"`
	Address   string      `db:"address"`
	Lang      string      `db:"lang"`
	State     string      `db:"state"`
	Attempts  int64       `db:"attempts"`
	DueAt     db.Time     `db:"due_at"`
	SentAt    db.NullTime `db:"sent_at"`
	Simulated bool        `db:"simulated"`
	Problem   string      `db:"problem"`
	At        db.Time     `db:"at"`
}

const deliveryColumns = `d.id, d.notice, d.person, d.channel, d.address, d.lang, d.state, d.attempts, d.due_at, d.sent_at, d.simulated, d.problem, d.at`

func insertDelivery(ctx context.Context, tx *db.Tx, d Delivery) error {
	if _, err := tx.Exec(ctx, `INSERT INTO message_delivery (id, notice, person, channel, address, lang, state, due_at, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`,
		d.ID, d.Notice, d.Person, d.Channel, d.Address, d.Lang, Due, d.DueAt, d.At); err != nil {
		return fmt.Errorf("write the %s delivery: %w", d.Channel, err)
	}
	return nil
}

func listPreferences(ctx context.Context, q db.Q, person string) ([]Preference, error) {
	return db.All[Preference](ctx, q, `SELECT channel, enabled, address FROM message_preference WHERE person = $1`, person)
}

func putPreference(ctx context.Context, tx *db.Tx, person string, p Preference) error {
	if _, err := tx.Exec(ctx, `INSERT INTO message_preference (person, channel, enabled, address) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person, channel) DO UPDATE SET enabled = excluded.enabled, address = excluded.address`, person, p.Channel, p.Enabled, p.Address); err != nil {
		return fmt.Errorf("keep the choice for %s: %w", p.Channel, err)
	}
	return nil
}

// noticeText is the stored text of a notice.
type noticeText struct {
	Title     string `db:"title"`
	TitleArgs string `db:"title_args"`
	Body      string `db:"body"`
	BodyArgs  string `db:"body_args"`
	Link      string `db:"link"`
	Stop      string `db:"stop"`
	Event     string `db:"event"`
}

type inboxRow struct {
	noticeText

	Notice string      `db:"notice"`
	At     db.Time     `db:"at"`
	ReadAt db.NullTime `db:"read_at"`
}

const inboxSQL = `SELECT r.notice, r.at, r.read_at, n.title, n.title_args, n.body, n.body_args, n.link, n.stop, n.event
	FROM message_receipt r JOIN message_notice n ON n.id = r.notice`

// place is where a page of a list begins: behind this time and id.
type place struct{ at, id string }

func listInbox(ctx context.Context, q db.Q, person string, unread bool, from place, n int) ([]inboxRow, error) {
	var w db.Where
	w.And("r.person = ?", person)
	if unread {
		w.And("r.read_at IS NULL")
	}
	if from.id != "" {
		w.And("r.at < ? OR (r.at = ? AND r.notice < ?)", from.at, from.at, from.id)
	}
	limit := w.Arg(n)
	return db.All[inboxRow](ctx, q, inboxSQL+w.SQL()+` ORDER BY r.at DESC, r.notice DESC LIMIT `+limit, w.Args()...)
}

func getReceipt(ctx context.Context, q db.Q, person, notice string) (inboxRow, error) {
	return db.One[inboxRow](ctx, q, inboxSQL+` WHERE r.person = $1 AND r.notice = $2`, person, notice)
}

// countUnread counts up to limit.
func countUnread(ctx context.Context, q db.Q, person string, limit int) (int, error) {
	return db.One[int](ctx, q, `SELECT COUNT(*) FROM (SELECT 1 FROM message_receipt WHERE person = $1 AND read_at IS NULL LIMIT $2) few`, person, limit)
}

func updateRead(ctx context.Context, tx *db.Tx, person, notice string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE message_receipt SET read_at = $1 WHERE person = $2 AND notice = $3 AND read_at IS NULL`, db.At(now), person, notice)
	return err
}

func updateReadAll(ctx context.Context, tx *db.Tx, person string, upTo, now time.Time) (int64, error) {
	return tx.Exec(ctx, `UPDATE message_receipt SET read_at = $1 WHERE person = $2 AND read_at IS NULL AND at <= $3`, db.At(now), person, db.At(upTo))
}
