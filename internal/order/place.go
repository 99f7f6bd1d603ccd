package order

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
)

// Upload is a file that comes with a request.
type Upload struct {
	Name string
	Body io.Reader
}

// PlaceRequest is what somebody wants to order.
type PlaceRequest struct {
	Kind      string // KindBooking or KindCommission
	Resource  string
	Start     time.Time // bookings: whole slots of the board
	End       time.Time
	Quantity  int64             // samples, pieces or batches; 0 counts as 1
	Line      string            // id of the price line chosen; empty = the one that fits best
	AddOns    map[string]int64  // add-ons of the price plan: id → how many
	Purpose   string            // commissions: what is wanted, required
	Samples   string            // commissions: what the samples are
	Use       string            // which permitted purpose it is for, where the instrument is under customs supervision
	Answers   map[string]string // what was declared, by kind of condition
	Need      string            // id of the need this order answers
	Programme string            // voucher programme to pay with; for several, or to be repaid later, see PayWith
	Fund      string            // card or prepaid account that pays the own part; empty: the firm itself
	Seen      *money.Fen        // the voucher's part the buyer was shown; nil = the full share or nothing
	Price     *money.Fen        // the price the buyer was shown; nil = whatever it is now
	Files     []Upload
	Key       string // the request's own key: the same key places one order
	// Clerk is who books for the subject; nil: the subject itself. The timeline names who did it.
	Clerk *identity.Subject
	Over  string // the offer made to the buyer whose stretch this order takes over; empty: it wins its own
	// Then is what must happen with the order or not at all; nil: nothing.
	Then func(ctx context.Context, tx *db.Tx, o Order) error
}

// maxText is the longest free text, in characters.
const maxText = 2000

// Place makes the order, reserves its slot and holds the voucher's part, or does none of these.
func (s *Service) Place(ctx context.Context, by identity.Subject, req PlaceRequest) (Order, error) {
	if req.Key == "" {
		return s.placeAs(ctx, by, id.New(), req)
	}
	orderID := id.From(by.Person, req.Key, "order")
	if o, err := getOrder(ctx, s.db, orderID); err == nil {
		return sameRequest(o, req)
	}
	o, err := s.placeAs(ctx, by, orderID, req)
	if err != nil { // perhaps because the same request won the slot a moment ago
		if first, again := getOrder(ctx, s.db, orderID); again == nil {
			return sameRequest(first, req)
		}
	}
	return o, err
}

// placeAs is Place with the id that the order will have.
func (s *Service) placeAs(ctx context.Context, by identity.Subject, orderID string, req PlaceRequest) (Order, error) {
	d, err := s.Prepare(ctx, s.db, by, orderID, req)
	if err != nil {
		return Order{}, err
	}
	if d.docs, err = s.store(ctx, by, orderID, RequestFile, req.Files); err != nil {
		return Order{}, err
	}
	asked, err := s.AskAll(ctx, []Draft{d})
	if err != nil {
		return Order{}, err
	}
	var placed []Order
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		placed, err = s.PlaceAll(ctx, tx, []Draft{d})
		return err
	})
	if err != nil {
		s.Forget(ctx, asked)
		return Order{}, err
	}
	return placed[0], nil
}

// hold puts the voucher's part aside once the buyer has committed, and the own part on the card that pays it.
func (s *Service) hold(ctx context.Context, tx *db.Tx, o *Order, person string) error {
	if o.Kind == KindCommission && o.State == StateRequested {
		return nil // committed only when the quote is accepted
	}
	if err := s.putAside(ctx, tx, o, person); err != nil {
		return err
	}
	return s.holdVouchers(ctx, tx, o)
}

// record writes a step to the timeline, the audit log and the outbox.
func (s *Service) record(ctx context.Context, tx *db.Tx, o Order, f Facts, step Step) error {
	step.Order, step.Position, step.At = o.ID, o.Revision, o.UpdatedAt
	if err := insertStep(ctx, tx, step); err != nil {
		return err
	}
	if e := eventOf(step.Verb, f); e != nil {
		if err := outbox.Publish(ctx, tx, step.At.Time, e); err != nil {
			return fmt.Errorf("tell of %s: %w", step.Verb, err)
		}
	}
	err := audit.Record(ctx, tx, step.At.Time, audit.Entry{Action: "order." + step.Verb, Kind: "order", ID: o.ID, From: step.From, To: step.To, Data: f})
	if err != nil {
		return fmt.Errorf("record %s: %w", step.Verb, err)
	}
	return nil
}

// store keeps the files of a request and gives the rows that say whose they are.
func (s *Service) store(ctx context.Context, by identity.Subject, orderID, kind string, files []Upload) ([]Document, error) {
	var out []Document
	if len(files) > maxFiles {
		return nil, fault.New(fault.Invalid, "too-many-files", "一次最多上传 {0} 个文件。", maxFiles)
	}
	for _, f := range files {
		if kind != RequestFile {
			body := bufio.NewReaderSize(f.Body, blob.Sniffed)
			head, err := body.Peek(blob.Sniffed)
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, fmt.Errorf("read the file: %w", err)
			}
			if !blob.Genuine(f.Name, head) {
				return nil, fault.New(fault.Invalid, "not-genuine", "文件内容与名称不符。").
					Field("file", "not-genuine", "“{0}”的内容与扩展名不符，或是空文件：请打开检查，另存为正确的格式后再上传。", f.Name)
			}
			f.Body = body
		}
		ref, err := s.blobs.Put(ctx, f.Body, maxFile)
		if err != nil {
			return nil, fmt.Errorf("keep the file: %w", err)
		}
		name := f.Name
		if name == "" || utf8.RuneCountInString(name) > 200 {
			name = kind + "-" + ref.SHA256[:8]
		}
		out = append(out, Document{
			ID: id.New(), Order: orderID, Kind: kind, Name: name, SHA256: ref.SHA256, Size: ref.Size, Person: by.Person, At: db.At(s.clock.Now()),
		})
	}
	return out, nil
}

// What one request may bring along.
const (
	maxFiles = 10
	maxFile  = 20 << 20 // bytes
)
