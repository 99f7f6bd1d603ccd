package order

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/pricing"
)

// Offer is what a side of a dispute offers to settle for; a newer one takes its place.
type Offer struct {
	Order  string    `db:"order_id"`
	Side   string    `db:"side"`
	Amount money.Fen `db:"amount"` // what the order would cost then
	Person string    `db:"person"`
	At     db.Time   `db:"at"`
}

// disputing tells whether the sides of an order in this state do not agree.
func disputing(st string) bool { return st == StateDisputed || st == StateEscalated }

// answers tells whether it is on the subject to agree to the offer on the table.
func (d Detail) answers(by identity.Subject) bool {
	return d.Offer != nil && by.Org == map[string]string{Buyer: d.Order.Provider, Provider: d.Order.Buyer}[d.Offer.Side]
}

// checkFinal names what is wrong with a sum to settle for. Nothing at all is offered by a side, but decided by annulling.
func checkFinal(bad *fault.Error, verb string, o Order, final *money.Fen) {
	switch {
	case final == nil:
		bad.Field("final", "required", "请填写订单按多少结算。")
	case verb == VerbOffer && (*final < 0 || *final >= o.Price):
		bad.Field("final", "range", "和解金额应低于 {0}；愿意按原价结算，请撤回异议或请对方撤回。", o.Price)
	case *final < 0 || *final >= o.Price || *final == 0 && verb == VerbAward:
		bad.Field("final", "range", "应在 0 到 {0} 之间；全额请裁定服务符合约定，分文不收请裁定不收费用。", o.Price)
	}
}

// settle is an offer to settle a dispute for less, the agreement to it, or the authority's decision on a sum.
func (s *Service) settle(ctx context.Context, tx *db.Tx, m *move) error {
	switch m.step.Verb {
	case VerbOffer:
		bad := fault.New(fault.Invalid, "verb-invalid", "还差一点：请按提示补充。")
		if checkFinal(bad, VerbOffer, *m.o, m.req.Final); len(bad.Fields) > 0 {
			return bad // the price has changed since the request was read
		}
		return putOffer(ctx, tx, Offer{Order: m.o.ID, Side: m.side, Amount: *m.req.Final, Person: m.by.Person, At: db.At(m.now)})
	case VerbAward:
		bad := fault.New(fault.Invalid, "verb-invalid", "还差一点：请按提示补充。")
		if checkFinal(bad, VerbAward, *m.o, m.req.Final); len(bad.Fields) > 0 {
			return bad
		}
		return s.settleFor(ctx, tx, m, *m.req.Final)
	}
	x, err := getOffer(ctx, tx, Order{ID: m.o.ID, State: m.step.From})
	if err != nil {
		return err
	}
	if x == nil || x.Side == m.side {
		return fault.New(fault.Conflict, "no-offer", "对方还没有提出和解金额，暂时无可同意。")
	}
	if m.req.Final != nil && *m.req.Final != x.Amount {
		return fault.New(fault.Conflict, "offer-changed", "对方刚刚改了和解金额，现在是 {0}，请看过再同意。", x.Amount)
	}
	return s.settleFor(ctx, tx, m, x.Amount)
}

// settleFor ends a dispute at a lower price: a line says what was taken off, and what was put aside beyond it goes back.
func (s *Service) settleFor(ctx context.Context, tx *db.Tx, m *move, amount money.Fen) error {
	lines, err := listLines(ctx, tx, m.o.ID)
	if err != nil {
		return fmt.Errorf("the lines so far: %w", err)
	}
	current := Detail{Lines: lines}.Current()
	off := Line{Kind: pricing.LineSettled, Unit: "time", UnitAmount: m.o.Price - amount, Count: 1, Per: 1, Amount: amount - m.o.Price}
	if len(current) > 0 {
		off.Audience, off.Version = current[0].Audience, current[0].Version
	}
	for i, l := range append(current, off) {
		l.Version, l.Position = off.Version+1, int64(i+1)
		if err := insertLine(ctx, tx, m.o.ID, l); err != nil {
			return err
		}
	}
	m.o.reprice(amount)
	m.o.StagesOpen, m.o.StagesDelivered = 0, 0
	return s.fix(ctx, tx, m)
}

// afterDispute keeps what a side showed of a dispute, and forgets an offer when the dispute is over.
func (s *Service) afterDispute(ctx context.Context, tx *db.Tx, m *move) error {
	for _, d := range m.docs {
		if d.Kind != DisputeFile {
			continue
		}
		if err := insertDocument(ctx, tx, d); err != nil {
			return err
		}
	}
	if !disputing(m.step.From) || disputing(m.step.To) {
		return nil
	}
	if _, err := tx.Exec(ctx, `DELETE FROM order_offer WHERE order_id = $1`, m.o.ID); err != nil {
		return fmt.Errorf("forget the offer on %s: %w", m.o.ID, err)
	}
	return nil
}

// refund records money given back to the buyer: what was received beyond what it owes.
func (s *Service) refund(ctx context.Context, tx *db.Tx, m *move) error {
	p := invoice.Payment{
		ID: id.New(), Order: m.o.ID, Buyer: m.o.Buyer, Provider: m.o.Provider, Region: m.o.Region, PaidOn: cmp.Or(m.req.PaidOn, clock.Day(m.now)),
		Amount: m.req.Amount, Way: cmp.Or(m.req.Way, invoice.Ways()[0]), Note: m.req.Note,
	}
	if len(m.docs) > 0 {
		p.Name, p.SHA256, p.Size = m.docs[0].Name, m.docs[0].SHA256, m.docs[0].Size
	}
	return s.invoices.Refund(ctx, tx, m.by, p, m.o.Own)
}

// overpaid is how much was received for an order beyond what the buyer owes.
func (s *Service) overpaid(ctx context.Context, q db.Q, o Order) (money.Fen, error) {
	paid, err := s.invoices.Paid(ctx, q, o.ID)
	return max(paid-o.Own, 0), err
}

// offerWord says what is offered, and how it would be divided.
func offerWord(ctx context.Context, v orderView) string {
	then := v.Order
	then.reprice(v.Offer.Amount)
	return t(ctx, "{0}提出按 {1} 结算（现在是 {2}）：创新券 {3}，自付 {4}。", sideWord(ctx, v.Offer.Side), then.Price, v.Order.Price, then.Voucher, then.Own)
}

func putOffer(ctx context.Context, tx *db.Tx, x Offer) error {
	_, err := tx.Exec(ctx, `INSERT INTO order_offer (order_id, side, amount, person, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (order_id) DO UPDATE SET side = excluded.side, amount = excluded.amount, person = excluded.person, at = excluded.at`,
		x.Order, x.Side, x.Amount, x.Person, x.At)
	if err != nil {
		return fmt.Errorf("write the offer on order %s: %w", x.Order, err)
	}
	return nil
}

// getOffer gives nil when nothing is offered, and where there is no dispute.
func getOffer(ctx context.Context, q db.Q, o Order) (*Offer, error) {
	if !disputing(o.State) {
		return nil, nil
	}
	x, err := db.One[Offer](ctx, q, `SELECT order_id, side, amount, person, at FROM order_offer WHERE order_id = $1`, o.ID)
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get the offer on order %s: %w", o.ID, err)
	}
	return &x, nil
}
