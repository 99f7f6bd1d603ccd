package order

import (
	"context"
	"fmt"

	"qiao/internal/fund"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/verify"
)

// Funds is what order asks of the cards and prepaid accounts. What takes a tx happens in the order's own transaction.
type Funds interface {
	// Choices are the cards with which a person may pay.
	Choices(ctx context.Context, q db.Q, a fund.Ask) ([]fund.Choice, error)
	// Reserve puts an order's own part aside; a fault when the card may not or cannot pay it.
	Reserve(ctx context.Context, tx *db.Tx, r fund.Reserve) error
	// Name notes the number of an order that has something put aside.
	Name(ctx context.Context, tx *db.Tx, order, number string) error
	// Ready is a fault while the head of a group has not approved.
	Ready(ctx context.Context, q db.Q, order string) error
	// Release gives back what an order has put aside.
	Release(ctx context.Context, tx *db.Tx, order, key string) error
	// Charge spends what an order costs in the end.
	Charge(ctx context.Context, tx *db.Tx, order string, amount money.Fen, key string) error
	// Refund gives back what an order was charged.
	Refund(ctx context.Context, tx *db.Tx, order, key string) error
	// Kept is what the cards keep for each of the orders.
	Kept(ctx context.Context, q db.Q, orders []string) (map[string]fund.Kept, error)
}

// putAside reserves the own part on the card that pays it.
func (s *Service) putAside(ctx context.Context, tx *db.Tx, o *Order, person string) error {
	if o.Fund == "" {
		return nil
	}
	if s.funds == nil {
		return fault.New(fault.Invalid, "fund-none", "这里不能用经费卡付款。").Field("fund", "none", "请不要选择经费卡。")
	}
	if o.Own == 0 { // the voucher pays it all, or nothing is to pay
		o.Fund = ""
		return nil
	}
	if o.Currency != money.CNY {
		return fault.New(fault.Invalid, "fund-currency", "经费卡只能支付人民币价格。").Field("fund", "currency", "请不要选择经费卡。")
	}
	err := s.funds.Reserve(ctx, tx, fund.Reserve{Ask: fundAsk(*o, person), Order: o.ID, Card: o.Fund, Key: o.ID + "/fund-reserve"})
	if err != nil {
		return fmt.Errorf("reserve on the card: %w", err)
	}
	return nil
}

func fundAsk(o Order, person string) fund.Ask {
	return fund.Ask{Person: person, Org: o.Buyer, Provider: o.Provider, Class: o.Class, Amount: o.Own}
}

// nameAside tells the card the order's number, which is given last.
func (s *Service) nameAside(ctx context.Context, tx *db.Tx, o Order) error {
	if o.Fund == "" || s.funds == nil {
		return nil
	}
	return s.funds.Name(ctx, tx, o.ID, o.Number)
}

// approved is a fault while somebody has to approve the order's payment.
func (s *Service) approved(ctx context.Context, q db.Q, o Order) error {
	if o.Fund == "" || s.funds == nil {
		return nil
	}
	return s.funds.Ready(ctx, q, o.ID)
}

// charge spends on the card what the order costs in the end.
func (s *Service) charge(ctx context.Context, tx *db.Tx, o Order) error {
	if o.Fund == "" || s.funds == nil {
		return nil
	}
	if err := s.funds.Charge(ctx, tx, o.ID, o.Own, o.ID+"/fund-charge"); err != nil {
		return fmt.Errorf("charge the card: %w", err)
	}
	return nil
}

// letGo gives back what a card has put aside, less the fee of a late cancellation.
func (s *Service) letGo(ctx context.Context, tx *db.Tx, m *move) error {
	if m.o.Fund == "" || s.funds == nil {
		return nil
	}
	kept, err := s.funds.Kept(ctx, tx, []string{m.o.ID})
	if err != nil {
		return fmt.Errorf("what the card keeps: %w", err)
	}
	if k := kept[m.o.ID]; m.fee && k.State == fund.HoldReserved {
		err = s.funds.Charge(ctx, tx, m.o.ID, m.o.Own, m.o.ID+"/fund-fee")
	} else {
		err = s.funds.Release(ctx, tx, m.o.ID, m.o.ID+"/fund-release")
	}
	if err != nil {
		return fmt.Errorf("give back to the card: %w", err)
	}
	return nil
}

// fundOptions are the cards to choose from beside paying oneself, and the reasons why others cannot pay.
func (s *Service) fundOptions(ctx context.Context, by identity.Subject, o Order) (options []ui.Option, idle []string, err error) {
	if s.funds == nil || o.Own == 0 || o.Currency != money.CNY {
		return nil, nil, nil
	}
	list, err := s.funds.Choices(ctx, s.db, fundAsk(o, by.Person))
	if err != nil {
		return nil, nil, fmt.Errorf("the cards to pay with: %w", err)
	}
	for _, c := range list {
		switch {
		case c.Why != nil:
			e := fault.Of(c.Why)
			idle = append(idle, c.Name+" · "+t(ctx, e.Text, e.Args...))
		case c.Approval:
			options = append(options, ui.Option{Value: c.Card, Label: c.Name, Note: t(ctx, "可用 {0}；超过审批限额，须课题组负责人批准后对方才能接单", c.Left)})
		default:
			options = append(options, ui.Option{Value: c.Card, Label: c.Name, Note: t(ctx, "可用 {0}", c.Left)})
		}
	}
	if len(options) > 0 {
		options = append([]ui.Option{{Value: "", Label: t(ctx, "不用卡，由本单位另行付款")}}, options...)
	}
	return options, idle, nil
}

// verifyFunds compares what orders say of their cards with what the cards keep for them.
func (s *Service) verifyFunds(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	if s.funds == nil {
		return nil, nil
	}
	type row struct {
		ID    string    `db:"id"`
		Kind  string    `db:"kind"`
		State string    `db:"state"`
		Own   money.Fen `db:"own"`
	}
	rows, err := db.All[row](ctx, q, `SELECT id, kind, state, own FROM order_order WHERE fund <> '' ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list orders paid by card: %w", err)
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	kept, err := s.funds.Kept(ctx, q, ids)
	if err != nil {
		return nil, fmt.Errorf("what the cards keep: %w", err)
	}
	var out []verify.Finding
	for _, r := range rows {
		if k := kept[r.ID]; !agrees(r.Kind, r.State, r.Own, k) {
			out = append(out, verify.Finding{Code: "order.fund", Object: r.ID, Text: fmt.Sprintf("the card says %s %d fen, the order %s %d", k.State, k.Amount, r.State, r.Own)})
		}
	}
	return out, nil
}

// agrees tells whether what a card keeps fits an order's state.
func agrees(kind, st string, own money.Fen, k fund.Kept) bool {
	switch {
	case !Active(st): // let go, or the fee of a late cancellation
		return k.State == "" || k.State == fund.HoldReleased || k.State == fund.HoldRefused || k.State == fund.HoldCharged && k.Amount == own
	case kind == KindCommission && (st == StateRequested || st == StateQuoted):
		return k.State == ""
	case st == StateConfirmed || st == StateSettled:
		return k.State == fund.HoldCharged && k.Amount == own || own == 0 && k.State == fund.HoldReleased
	case k.State == fund.HoldRefused:
		return true // the provider cannot go on; the buyer cancels
	}
	return k.Amount == own && (k.State == fund.HoldReserved || k.State == fund.HoldPending)
}
