package review

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/outbox"
)

// Rating is what a provider says of the buyer of one order, and the buyer's reply.
type Rating struct {
	Order     string      `db:"order_id"`
	Number    string      `db:"order_number"`
	Buyer     string      `db:"buyer"`
	Provider  string      `db:"provider"`
	Region    string      `db:"region"`
	Stars     int64       `db:"stars"` // 1…5
	Text      string      `db:"text"`
	Reply     string      `db:"reply"`
	Person    string      `db:"person"`
	At        db.Time     `db:"at"`
	RepliedAt db.NullTime `db:"replied_at"`
}

// maxText is how many characters a rating and a reply may have.
const maxText = 1000

// object is an order as the permission table sees it.
func object(o order.Order) identity.Object {
	return identity.Object{Parties: map[string]string{order.Buyer: o.Buyer, order.Provider: o.Provider}, Region: o.Region}
}

// ripe tells whether an order has come so far that its buyer can be rated: the work is confirmed, and not one's own.
func ripe(o order.Order) bool {
	return (o.State == order.StateConfirmed || o.State == order.StateSettled) && o.Buyer != o.Provider
}

// dealing tells whether a provider still deals with the buyer of an order: then what others said of the buyer is of use.
func dealing(o order.Order) bool { return order.Open(o.State) && o.Buyer != o.Provider }

// Rate keeps what the provider of an order says of its buyer. It may be changed until the buyer has replied.
func (s *Service) Rate(ctx context.Context, by identity.Subject, orderID string, stars int64, text string) error {
	o, err := s.order(ctx, by, orderID, "review.rate")
	if err != nil {
		return err
	}
	if !ripe(o) {
		return fault.New(fault.Conflict, "review-early", "订单确认完成之后才能评价对方；自己单位的订单不用评价。")
	}
	text = strings.TrimSpace(text)
	bad := fault.New(fault.Invalid, "review-invalid", "评价有误，请按提示修改。")
	if stars < 1 || stars > 5 {
		bad.Field("stars", "range", "请选 1 到 5 颗星。")
	}
	long(bad, text)
	if len(bad.Fields) > 0 {
		return bad
	}
	r := Rating{Order: o.ID, Number: o.Number, Buyer: o.Buyer, Provider: o.Provider, Region: o.Region, Stars: stars, Text: text, Person: by.Person, At: db.At(s.Clock.Now())}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO review_buyer (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			ON CONFLICT (order_id) DO UPDATE SET stars = excluded.stars, text = excluded.text, person = excluded.person, at = excluded.at WHERE review_buyer.reply = ''`,
			r.Order, r.Number, r.Buyer, r.Provider, r.Region, r.Stars, r.Text, r.Reply, r.Person, r.At, r.RepliedAt)
		if err != nil {
			return fmt.Errorf("keep the rating of the buyer of %s: %w", o.Number, err)
		}
		if n == 0 {
			return fault.New(fault.Conflict, "review-replied", "对方已经回复，评价不能再改。")
		}
		return s.record(ctx, tx, r, "review.rate", BuyerRated{Order: o.ID, Number: o.Number, Buyer: o.Buyer})
	})
}

// Reply keeps the buyer's answer to what was said of it; it may be changed.
func (s *Service) Reply(ctx context.Context, by identity.Subject, orderID, text string) error {
	o, err := s.order(ctx, by, orderID, "review.reply")
	if err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	bad := fault.New(fault.Invalid, "review-invalid", "评价有误，请按提示修改。")
	if text == "" {
		bad.Field("text", "required", "请写下回复。")
	}
	long(bad, text)
	if len(bad.Fields) > 0 {
		return bad
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE review_buyer SET reply = $2, replied_at = $3 WHERE order_id = $1`, o.ID, text, db.At(s.Clock.Now()))
		if err != nil {
			return fmt.Errorf("keep the reply on %s: %w", o.Number, err)
		}
		if n == 0 {
			return fault.New(fault.Conflict, "review-none", "对方还没有评价，暂时无可回复。")
		}
		return s.record(ctx, tx, Rating{Order: o.ID, Reply: text}, "review.reply", Replied{Order: o.ID, Number: o.Number, Provider: o.Provider})
	})
}

func long(bad *fault.Error, text string) {
	if n := utf8.RuneCountInString(text); n > maxText {
		bad.Field("text", "long", "最多 {0} 个字，现在有 {1} 个。", int64(maxText), int64(n))
	}
}

// order is an order of which the subject may do an action of this module.
func (s *Service) order(ctx context.Context, by identity.Subject, orderID, action string) (order.Order, error) {
	d, err := s.Orders.Get(ctx, by, orderID)
	if err != nil {
		return order.Order{}, err
	}
	return d.Order, s.Policy.Can(by, action, object(d.Order))
}

// record writes event and audit of a change.
func (s *Service) record(ctx context.Context, tx *db.Tx, r Rating, action string, e outbox.Event) error {
	now := s.Clock.Now()
	if err := outbox.Publish(ctx, tx, now, e); err != nil {
		return fmt.Errorf("tell of %s: %w", action, err)
	}
	return audit.Record(ctx, tx, now, audit.Entry{Action: action, Kind: "order", ID: r.Order, Data: map[string]any{"stars": r.Stars, "text": r.Text, "reply": r.Reply}})
}
