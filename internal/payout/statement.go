package payout

import (
	"context"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/voucher"
)

// Sides of a statement.
const (
	SideFirm     = "firm"
	SideProvider = "provider"
)

// Statement is what happened on one organisation's accounts in a period, with the balance before and after.
type Statement struct {
	Org, Side, Programme, From, To string
	voucher.Movements
	Programmes []voucher.Programme // of which lines speak, to choose from
	Names      map[string]Named    // of orders
}

// StatementRequest asks for a statement.
type StatementRequest struct {
	Org       string // empty: the organisation acted for; another one's only for who may look at all
	Side      string // firm, provider or funder; empty: the first that fits
	Programme string // empty: all
	From, To  string // civil days; empty: this month
}

// Sides lists the sides on which an organisation has accounts.
func (s *Service) Sides(ctx context.Context, q db.Q, by identity.Subject, org string) ([]string, error) {
	var out []string
	if by.Org == org && s.policy.May(by, "voucher.wallet") == nil || by.Org != org {
		out = append(out, SideFirm)
	}
	payee, err := s.vouchers.Payees(ctx, q, org)
	if err != nil {
		return nil, err
	}
	if payee || by.Org == org && s.policy.May(by, "redemption.collect") == nil {
		out = append(out, SideProvider)
	}
	funders, err := s.vouchers.Funders(ctx, q)
	if slices.Contains(funders, org) {
		out = append(out, SideFunder)
	}
	return out, err
}

// StatementOf reads a statement on an unmoving view of the ledger.
func (s *Service) StatementOf(ctx context.Context, by identity.Subject, r StatementRequest) (Statement, error) {
	if err := s.policy.Can(by, "statement.own", identity.Object{}); err != nil {
		return Statement{}, err
	}
	st := Statement{Org: r.Org, Side: r.Side, Programme: r.Programme, From: r.From, To: r.To}
	if st.Org == "" {
		st.Org = by.Org
	}
	if st.Org != by.Org {
		if err := s.policy.Can(by, "statement.audit", identity.Object{}); err != nil {
			return st, err
		}
	}
	if st.From == "" {
		st.From = s.today()[:7] + "-01"
	}
	if st.To == "" {
		st.To = s.today()
	}
	if err := period(st.From, st.To); err != nil {
		return st, err
	}
	err := s.db.Snapshot(ctx, func(ctx context.Context, q db.Q) error {
		sides, err := s.Sides(ctx, q, by, st.Org)
		if err != nil {
			return err
		}
		if !slices.Contains(sides, st.Side) {
			st.Side = ""
		}
		if st.Side == "" && len(sides) > 0 {
			st.Side = sides[0]
		}
		return s.fill(ctx, q, &st)
	})
	return st, err
}

func period(from, to string) error {
	f := fault.New(fault.Invalid, "period", "起止日期有误。")
	for _, x := range [][2]string{{"from", from}, {"to", to}} {
		if _, err := clock.Midnight(x[1]); err != nil {
			f.Field(x[0], "date", "请写成 2026-01-31 的样子。")
		}
	}
	if len(f.Fields) == 0 && from > to {
		f.Field("to", "order", "结束日期不能早于开始日期。")
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

func (s *Service) fill(ctx context.Context, q db.Q, st *Statement) (err error) {
	switch st.Side {
	case SideFirm:
		st.Movements, err = s.vouchers.FirmMovements(ctx, q, st.Org, st.Programme, st.From, st.To)
	case SideProvider:
		st.Movements, err = s.vouchers.PayeeMovements(ctx, q, st.Org, st.Programme, st.From, st.To)
	case SideFunder:
		st.Movements, err = s.vouchers.FunderMovements(ctx, q, st.Org, st.Programme, st.From, st.To)
	}
	if err != nil {
		return err
	}
	if st.Programmes, err = s.vouchers.Programmes(ctx, q); err != nil {
		return err
	}
	var orders []string
	for _, l := range st.Lines {
		if l.Order != "" {
			orders = append(orders, l.Order)
		}
	}
	if s.orders != nil && len(orders) > 0 {
		st.Names, err = s.orders.Named(ctx, q, unique(orders))
	}
	return err
}

// reference names what is behind a line: the order and its invoices, the redemption, the voucher.
func (st Statement) reference(l voucher.Moved) string {
	if l.Order != "" {
		n := st.Names[l.Order]
		return strings.TrimSpace(firstText(n.Number, l.Order) + " " + strings.Join(n.Invoices, " "))
	}
	return firstText(l.Claim, l.Grant)
}

// amounts are a side's three columns: of a firm what it can use, what is held and what is used; of a payee or a funder what is owed,
// paid and got back.
func (st Statement) amounts(s voucher.Sums) [3]money.Fen {
	if st.Side == SideFirm {
		return [3]money.Fen{s.Available, s.Held, s.Used}
	}
	return [3]money.Fen{s.Payable, s.Paid, s.Recovered}
}
