package settle

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/number"
	"qiao/internal/voucher"
)

// letters begin the number of a statement.
const letters = "DZ"

// late is how far back, before the last close, an entry is looked for that was being written while the statement was closed.
const late = 24 * time.Hour

// Totals are the sums of one direction, gross. Recovered was asked back, Received has come.
type Totals struct {
	Count                                                 int
	Approved, Refused, Paid, Bounced, Recovered, Received money.Fen
}

// Owes is what has become due and was not paid, of these items.
func (x Totals) Owes() money.Fen { return x.Approved - x.Refused - x.Paid + x.Bounced }

// Net is what has gone over and stayed there.
func (x Totals) Net() money.Fen { return x.Paid - x.Bounced - x.Received }

func (x *Totals) add(i Item) {
	x.Count++
	switch i.What {
	case voucher.MoveApprove:
		x.Approved += i.Amount
	case voucher.MoveRefuse:
		x.Refused += i.Amount
	case voucher.MovePay:
		x.Paid += i.Amount
	case voucher.MoveBounce:
		x.Bounced += i.Amount
	case voucher.MoveRecover:
		x.Recovered += i.Amount
	case voucher.MoveReceive:
		x.Received += i.Amount
	}
}

// ByPayer sums items by the region that pays.
func ByPayer(items []Item) map[string]Totals {
	out := map[string]Totals{}
	for _, i := range items {
		x := out[i.PayerRegion]
		x.add(i)
		out[i.PayerRegion] = x
	}
	return out
}

// Items are what stands on a statement: frozen once it is closed, read from the ledger before.
func (s *Service) Items(ctx context.Context, q db.Q, x Statement) ([]Item, error) {
	if x.State != Open {
		return listItems(ctx, q, x.ID)
	}
	a, err := s.atlas(ctx, q)
	if err != nil {
		return nil, err
	}
	c := couple{x.Low, x.High}
	list, err := ofCouple(ctx, q, c)
	if err != nil {
		return nil, err
	}
	pending, err := s.pending(ctx, q, a, list, a.couples()[c])
	if err != nil {
		return nil, err
	}
	return landed(list, pending)[x.ID], nil
}

// landed are the movements of two regions that are on no closed statement, by the open statement they stand on; those for which
// none is open stand under ”.
func landed(statements []Statement, pending []Item) map[string][]Item {
	var ids []string
	var windows []Window
	for _, x := range statements {
		if x.State == Open {
			ids, windows = append(ids, x.ID), append(windows, x.Window())
		}
	}
	out := map[string][]Item{}
	for _, i := range pending {
		statement := ""
		if at := Land(i.Day, windows); at >= 0 {
			statement = ids[at]
		}
		i.Position = len(out[statement]) + 1
		out[statement] = append(out[statement], i)
	}
	return out
}

// lastClosed is the last day that a closed statement covers, and when it was closed; ” when none is.
func lastClosed(statements []Statement) (day string, at time.Time) {
	for _, x := range statements {
		if x.State != Open && x.To > day {
			day = x.To
		}
		if x.State != Open && x.ClosedAt.After(at) {
			at = x.ClosedAt.Time
		}
	}
	return day, at
}

// pending are the movements between two regions that are on no closed statement.
func (s *Service) pending(ctx context.Context, q db.Q, a atlas, statements []Statement, pairs []voucher.Pair) ([]Item, error) {
	day, at := lastClosed(statements)
	if !at.IsZero() {
		at = at.Add(-late)
	}
	moves, err := s.Vouchers.PartMoves(ctx, q, pairs, day, at)
	if err != nil {
		return nil, err
	}
	var transfers, claims []string
	for _, m := range moves {
		transfers, claims = append(transfers, m.Transfer), append(claims, m.Claim)
	}
	gone, err := taken(ctx, q, transfers)
	if err != nil {
		return nil, err
	}
	orders, err := s.Vouchers.ClaimItems(ctx, q, claims)
	if err != nil {
		return nil, err
	}
	var out []Item
	for _, m := range moves {
		i := a.item(m, orders[m.Claim])
		if !gone[i.Key()] {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(x, y Item) int {
		return cmp.Or(cmp.Compare(x.Day, y.Day), cmp.Compare(x.Number, y.Number), cmp.Compare(x.What, y.What), cmp.Compare(x.Key(), y.Key()))
	})
	return out, nil
}

// item is a movement as a statement carries it.
func (a atlas) item(m voucher.PartMove, orders []voucher.ClaimItem) Item {
	var numbers, firms []string
	for _, o := range orders {
		numbers = append(numbers, o.OrderNumber)
		if !slices.Contains(firms, o.Firm) {
			firms = append(firms, o.Firm)
		}
	}
	return Item{
		Transfer: m.Transfer, Payee: m.Payee, Funder: m.Funder, Day: m.Day, What: m.What, Claim: m.Claim, Number: m.Number,
		Orders: strings.Join(numbers, " "), Firms: strings.Join(firms, " "), Programme: m.Programme,
		PayerRegion: a.seats[m.Funder].Region, PayeeRegion: a.seats[m.Payee].Region, FunderCode: a.code(m.Funder), PayeeCode: a.code(m.Payee), Amount: m.Amount,
	}
}

// Sweep opens the statements that movements wait for, and keeps in mind who acts for the regions of those that are not agreed.
func (s *Service) Sweep(ctx context.Context) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := s.atlas(ctx, tx)
		if err != nil {
			return err
		}
		for c, pairs := range a.couples() {
			if err := s.sweep(ctx, tx, a, c, pairs); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) sweep(ctx context.Context, tx *db.Tx, a atlas, c couple, pairs []voucher.Pair) error {
	statements, err := ofCouple(ctx, tx, c)
	if err != nil {
		return err
	}
	for i, x := range statements {
		if low, high := a.orgAt[c.low], a.orgAt[c.high]; x.State != Agreed && (x.LowOrg != low || x.HighOrg != high) {
			statements[i].LowOrg, statements[i].HighOrg = low, high
			if err := updateStatement(ctx, tx, statements[i]); err != nil {
				return err
			}
		}
	}
	pending, err := s.pending(ctx, tx, a, statements, pairs)
	if err != nil {
		return err
	}
	for {
		homeless := landed(statements, pending)[""]
		if len(homeless) == 0 {
			return nil
		}
		last, _ := lastClosed(statements)
		w, err := s.nextWindow(homeless[0].Day, last)
		if err != nil {
			return err
		}
		x, err := s.open(ctx, tx, a, c, w, homeless)
		if err != nil {
			return err
		}
		statements = append(statements, x)
	}
}

// nextWindow is the window for a movement of a day, after the last day that a closed statement covers.
func (s *Service) nextWindow(day, last string) (Window, error) {
	first := ""
	if last != "" {
		var err error
		if first, err = clock.AddDays(last, 1); err != nil {
			return Window{}, err
		}
	}
	day = max(day, first)
	w, err := s.ruleOn(day).WindowOf(day)
	w.From = max(w.From, first)
	return w, err
}

// open begins a statement.
func (s *Service) open(ctx context.Context, tx *db.Tx, a atlas, c couple, w Window, items []Item) (Statement, error) {
	now := s.Clock.Now()
	x := Statement{ID: id.New(), Low: c.low, High: c.high, LowOrg: a.orgAt[c.low], HighOrg: a.orgAt[c.high], From: w.From, To: w.To, State: Open, Revision: 1, CreatedAt: db.At(now)}
	x.Sample = slices.ContainsFunc(items, func(i Item) bool { return a.orgs[i.Payee].Sample || a.orgs[i.Funder].Sample })
	var err error
	if x.Number, err = number.Next(ctx, tx, letters, c.low, now); err != nil {
		return x, err
	}
	if err := insertStatement(ctx, tx, x); err != nil {
		return x, err
	}
	if err := insertStep(ctx, tx, Step{ID: id.New(), Statement: x.ID, At: x.CreatedAt, Verb: "open"}); err != nil {
		return x, err
	}
	return x, audit.Record(ctx, tx, now, audit.Entry{Action: "settle.open", Kind: "region-statement", ID: x.ID, To: x.State, Data: x})
}
