package fund

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// Entry is one line of a statement: what a transfer did to what can be spent, and to what is put aside.
type Entry struct {
	ID        string    `db:"id"`
	Card      string    `db:"card"`
	Kind      string    `db:"kind"`
	Order     string    `db:"order_id"`
	Number    string    `db:"number"`
	Evidence  string    `db:"evidence"`
	Person    string    `db:"person"`
	Day       string    `db:"day"`
	At        db.Time   `db:"at"`
	Available money.Fen `db:"available"`
	Reserved  money.Fen `db:"reserved"`
	Spent     money.Fen `db:"spent"`
	Balance   money.Fen `db:"-"` // available after it
}

// Statement is a month of one card or of all cards of a group.
type Statement struct {
	Month   string // YYYY-MM
	Opening money.Fen
	Closing money.Fen
	In      money.Fen // deposits less refunds
	Spent   money.Fen
	Entries []Entry
}

// StatementOf is what happened on cards in a month.
func (s *Service) StatementOf(ctx context.Context, q db.Q, cards []string, month string) (Statement, error) {
	out := Statement{Month: month}
	if month == "" {
		out.Month = s.today()[:7]
	}
	if _, err := time.Parse("2006-01", out.Month); err != nil {
		return out, fault.New(fault.BadRequest, "month", "月份请写成 2026-11。").Because(err)
	}
	if len(cards) == 0 {
		return out, nil
	}
	var w db.Where
	w.In("t.card", cards)
	w.And("t.day <= ?", out.Month+"-31")
	entries, err := db.All[Entry](ctx, q, `SELECT t.id, t.card, t.kind, t.order_id, coalesce(h.number, '') AS number, t.evidence, t.person, t.day, t.at,
		CAST(coalesce(sum(CASE WHEN a.part = 'available' THEN p.amount ELSE 0 END), 0) AS BIGINT) AS available,
		CAST(coalesce(sum(CASE WHEN a.part = 'reserved' THEN p.amount ELSE 0 END), 0) AS BIGINT) AS reserved,
		CAST(coalesce(sum(CASE WHEN a.part = 'spent' THEN p.amount ELSE 0 END), 0) AS BIGINT) AS spent
		FROM fund_transfer t JOIN fund_posting p ON p.transfer = t.id JOIN fund_account a ON a.path = p.account LEFT JOIN fund_hold h ON h.order_id = t.order_id`+w.SQL()+`
		GROUP BY t.id, t.card, t.kind, t.order_id, h.number, t.evidence, t.person, t.day, t.at ORDER BY t.at, t.id`, w.Args()...)
	if err != nil {
		return out, fmt.Errorf("read a statement: %w", err)
	}
	var balance money.Fen
	for _, e := range entries {
		if e.Day < out.Month+"-01" {
			balance += e.Available
			out.Opening = balance
			continue
		}
		balance += e.Available
		e.Balance = balance
		out.Spent += e.Spent
		if e.Kind == kindDeposit || e.Kind == kindRefund {
			out.In += e.Available
		}
		out.Entries = append(out.Entries, e)
	}
	out.Closing = balance
	return out, nil
}

// cardFor is a card that the subject may look at: its keeper, its group, the firm whose account it is.
func (s *Service) cardFor(ctx context.Context, by identity.Subject, id string) (Card, error) {
	c, err := getCard(ctx, s.db, id)
	if err != nil || s.policy.Can(by, "fund.manage", c.object()) == nil {
		return c, err
	}
	if c.Kind == KindPrepaid && c.Payer == by.Org {
		return c, nil
	}
	if c.Kind == KindCard {
		if _, err := s.seen(ctx, by, c.Group); err == nil {
			return c, nil
		}
	}
	return c, errNoCard()
}
