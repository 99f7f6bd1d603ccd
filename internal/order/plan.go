package order

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/pricing"
)

// Prices is what order asks of the price plans. Without it the catalogue's price lines are all there is.
type Prices interface {
	// InForce is the version by which a resource is priced on a day; the zero Version: by the catalogue's price lines.
	InForce(ctx context.Context, q db.Q, owner, resource, day string) (pricing.Version, error)
	// GroupOf is whose price a buyer pays at a provider on a day.
	GroupOf(ctx context.Context, q db.Q, owner, buyer, day string) (string, error)
	// Keep notes by what an order was priced.
	Keep(ctx context.Context, tx *db.Tx, k pricing.Kept) error
	// Kept is by what an order was priced; false when it was the catalogue's price lines.
	Kept(ctx context.Context, q db.Q, order string) (pricing.Kept, bool, error)
}

// tariff is the plan that prices a resource for a buyer, and who the buyer is in it.
type tariff struct {
	Plan    pricing.Plan
	Version pricing.Version // zero: the catalogue's price lines
	Group   string
}

// tariffOf finds the plan in force today.
func (s *Service) tariffOf(ctx context.Context, q db.Q, r Resource, buyer string) (tariff, error) {
	out := tariff{Plan: PlanOf(r.Prices), Group: audience(buyer, r.Owner)}
	if s.prices == nil {
		return out, nil
	}
	var err error
	if out.Group, err = s.prices.GroupOf(ctx, q, r.Owner, buyer, s.today()); err != nil {
		return out, err
	}
	if out.Version, err = s.prices.InForce(ctx, q, r.Owner, r.ID, s.today()); err != nil || out.Version.Version == 0 {
		return out, err
	}
	out.Plan, err = out.Version.Plan()
	return out, err
}

// factsOf is all that the price of a request depends on.
func (s *Service) factsOf(ctx context.Context, q db.Q, t tariff, r Resource, by identity.Subject, req PlaceRequest) (pricing.Facts, error) {
	f := pricing.Facts{Kind: req.Kind, Group: t.Group, Day: s.today(), Quantity: req.Quantity, Rate: req.Line, AddOns: req.AddOns, Free: r.Free && t.Version.Version == 0}
	if req.Kind == KindBooking {
		f.Spans = []pricing.Span{{From: req.Start, To: req.End}}
		pricing.CalendarDays(s.calendar, &f)
	}
	asks := func(d pricing.Discount) bool {
		return slices.Contains([]string{pricing.OverMonth, pricing.OverYear, pricing.OverHours}, d.Over)
	}
	if !slices.ContainsFunc(t.Plan.Discounts, asks) {
		return f, nil
	}
	var err error
	f.Volume, err = volume(ctx, q, by.Org, r.Owner, f.Day)
	return f, err
}

// volume is what a buyer was billed by a provider before: orders confirmed this month and this year.
func volume(ctx context.Context, q db.Q, buyer, provider, day string) (pricing.Volume, error) {
	type row struct {
		Month   money.Fen `db:"month"`
		Year    money.Fen `db:"year"`
		Minutes int64     `db:"minutes"`
	}
	x, err := db.One[row](ctx, q, `SELECT CAST(coalesce(sum(CASE WHEN confirmed_on >= $3 THEN price ELSE 0 END), 0) AS BIGINT) AS month,
		CAST(coalesce(sum(price), 0) AS BIGINT) AS year, CAST(coalesce(sum(minutes), 0) AS BIGINT) AS minutes
		FROM order_order WHERE buyer = $1 AND provider = $2 AND confirmed_on >= $4 AND currency = 'CNY'`, buyer, provider, day[:8]+"01", day[:5]+"01-01")
	if err != nil {
		return pricing.Volume{}, fmt.Errorf("what %s was billed before: %w", buyer, err)
	}
	return pricing.Volume{Month: x.Month, Year: x.Year, Minutes: x.Minutes}, nil
}

// rateOptions are the rates that a buyer may choose from for a kind of order.
func (s *Service) rateOptions(ctx context.Context, t tariff, kind string) []ui.Option {
	var out []ui.Option
	for _, r := range pricing.Fitting(t.Plan, pricing.Facts{Kind: kind, Group: t.Group, Day: s.today()}) {
		out = append(out, ui.Option{Value: r.ID, Label: sayRate(ctx, r, t.Plan.Currency), Note: r.Text})
		if t.Version.Version > 0 {
			out[len(out)-1].Note = strings.Join(pricing.SayMore(ctx, r, t.Plan.Currency), " · ")
		}
	}
	return out
}

// counted tells whether a rate of the plan, or an add-on, counts samples, pieces or batches, so that a quantity matters.
func (t tariff) counted() bool {
	number := func(unit string) bool { return slices.Contains([]string{"sample", "piece", "batch"}, unit) }
	return slices.ContainsFunc(t.Plan.Rates, func(r pricing.Rate) bool { return number(r.Unit) }) ||
		slices.ContainsFunc(t.Plan.AddOns, func(a pricing.AddOn) bool { return a.By == pricing.ByQuantity })
}

// addOns are what a buyer of the group may add, and what comes in any case.
func (t tariff) addOns() (choice, must []pricing.AddOn) {
	for _, a := range t.Plan.AddOns {
		switch {
		case !a.For(t.Group):
		case a.Must:
			must = append(must, a)
		default:
			choice = append(choice, a)
		}
	}
	return choice, must
}

// addOnField begins the name of an add-on's field.
const addOnField = "addon-"

// chosenAddOns reads the add-ons of a form.
func chosenAddOns(f *form.Form) map[string]int64 {
	out := map[string]int64{}
	for _, name := range f.Names(addOnField) {
		if n := f.Int(name); f.Text(name) != "" && n != 0 {
			out[strings.TrimPrefix(name, addOnField)] = n
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// keepPrice notes by what a booking was priced, for its bill.
func (s *Service) keepPrice(ctx context.Context, tx *db.Tx, o Order, e Estimate) error {
	if e.Tariff.Version.Version == 0 || o.Kind != KindBooking {
		return nil // the listed price as it is; a commission costs what the quote says
	}
	return s.prices.Keep(ctx, tx, pricing.Kept{Order: o.ID, Sheet: e.Tariff.Version.Sheet, Version: e.Tariff.Version.Version, Facts: e.Facts, Total: o.Price})
}

// billOf is what a booking costs by the time it really took; false where the price stands as it was placed.
func (s *Service) billOf(ctx context.Context, q db.Q, o Order, runs []Run) (pricing.Billed, bool, error) {
	if s.prices == nil || o.Kind != KindBooking {
		return pricing.Billed{}, false, nil
	}
	kept, ok, err := s.prices.Kept(ctx, q, o.ID)
	if err != nil || !ok {
		return pricing.Billed{}, false, err
	}
	used := pricing.Facts{}
	for _, r := range runs {
		if !r.End.IsZero() {
			used.Spans = append(used.Spans, pricing.Span{From: r.Start.Time, To: r.End.Time})
		}
	}
	pricing.CalendarDays(s.calendar, &used)
	billed, err := pricing.Bill(kept.Plan, kept.Facts, used)
	return billed, err == nil, err
}

// bill makes the price of a booking what the plan's rule says of the time used, as new lines. The voucher's part never
// grows beyond what is held; where the price falls it falls in proportion, rounded down.
func (s *Service) bill(ctx context.Context, tx *db.Tx, m *move) error {
	runs, err := listRuns(ctx, tx, m.o.ID)
	if err != nil {
		return fmt.Errorf("the runs to bill: %w", err)
	}
	billed, ok, err := s.billOf(ctx, tx, *m.o, runs)
	if err != nil || !ok || billed.Total == m.o.Price {
		return err
	}
	version, err := db.One[int64](ctx, tx, `SELECT coalesce(max(version), 0) FROM order_line WHERE order_id = $1`, m.o.ID)
	if err != nil {
		return fmt.Errorf("the lines so far: %w", err)
	}
	for _, l := range priceFrom(billed.Priced).Lines {
		l.Version = version + 1
		if err := insertLine(ctx, tx, m.o.ID, l); err != nil {
			return err
		}
	}
	m.o.reprice(billed.Total)
	return nil
}

// billView is a bill before it is confirmed, on the order's page.
type billView struct {
	pricing.Billed
	Before money.Fen
}

// pending is the bill that the buyer's confirmation would fix, where it is not what was expected.
func (s *Service) pending(ctx context.Context, d Detail) (*billView, error) {
	if d.Order.State != StateDone && d.Order.State != StateReported {
		return nil, nil
	}
	billed, ok, err := s.billOf(ctx, s.db, d.Order, d.Runs)
	if err != nil || !ok || billed.Total == d.Order.Price {
		return nil, err
	}
	return &billView{billed, d.Order.Price}, nil
}

// cancelFee is what cancelling now costs by the plan a booking was priced by; false: nothing.
func (s *Service) cancelFee(ctx context.Context, q db.Q, o Order) (pricing.Line, bool, error) {
	if s.prices == nil || o.Kind != KindBooking || o.State != StateAccepted {
		return pricing.Line{}, false, nil
	}
	kept, ok, err := s.prices.Kept(ctx, q, o.ID)
	if err != nil || !ok {
		return pricing.Line{}, false, err
	}
	return pricing.CancelFee(kept.Plan, o.Price, o.Start.Time, s.clock.Now())
}

// chargeFee makes a late cancellation by the buyer, or not coming, cost what the plan says; the provider's own cancellation costs
// the buyer nothing.
// The fee is the buyer's own: no voucher pays it.
func (s *Service) chargeFee(ctx context.Context, tx *db.Tx, m *move) error {
	if m.step.Verb != VerbMiss && (m.step.Verb != VerbCancel || m.side != Buyer) {
		return nil
	}
	o := *m.o
	o.State = m.step.From
	fee, due, err := s.cancelFee(ctx, tx, o)
	if err != nil || !due {
		return err
	}
	version, err := db.One[int64](ctx, tx, `SELECT coalesce(max(version), 0) FROM order_line WHERE order_id = $1`, o.ID)
	if err != nil {
		return fmt.Errorf("the lines so far: %w", err)
	}
	l := lineFrom(fee)
	l.Version = version + 1
	if err := s.letVouchersGo(ctx, tx, m.o); err != nil {
		return err
	}
	m.o.Price, m.fee = fee.Amount, true
	m.o.pay(nil)
	return insertLine(ctx, tx, o.ID, l)
}

// MissFee is what not coming costs a booking now by the plan it was priced by; 0 where the plan does not charge for it.
func (s *Service) MissFee(ctx context.Context, q db.Q, o Order) (money.Fen, error) {
	fee, due, err := s.cancelFee(ctx, q, o)
	if err != nil || !due || fee.Kind != pricing.LineNoShow {
		return 0, err
	}
	return fee.Amount, nil
}

// FeeOf is the fee of a late cancellation, or of not coming, that an order still asks for; 0: none.
func (s *Service) FeeOf(ctx context.Context, q db.Q, orderID string) (money.Fen, error) {
	lines, err := listLines(ctx, q, orderID)
	if err != nil {
		return 0, fmt.Errorf("the lines of %s: %w", orderID, err)
	}
	now := (Detail{Lines: lines}).Current()
	if !slices.ContainsFunc(now, func(l Line) bool { return l.Kind == pricing.LineCancel || l.Kind == pricing.LineNoShow }) {
		return 0, nil
	}
	var total money.Fen
	for _, l := range now {
		total += l.Amount
	}
	return total, nil
}

// waive takes a fee back: what a card has paid of it returns to the card.
func (s *Service) waive(ctx context.Context, tx *db.Tx, m *move) error {
	if fee, err := s.FeeOf(ctx, tx, m.o.ID); err != nil || fee == 0 {
		return errors.Join(err, fault.New(fault.Conflict, "no-fee", "这笔订单没有要收的费用。"))
	}
	lines, err := listLines(ctx, tx, m.o.ID)
	if err != nil {
		return fmt.Errorf("the lines so far: %w", err)
	}
	now := (Detail{Lines: lines}).Current()
	version := int64(0)
	for _, l := range now {
		version = l.Version + 1
		l.Version = version
		if err := insertLine(ctx, tx, m.o.ID, l); err != nil {
			return err
		}
	}
	off := Line{Version: version, Position: int64(len(now)) + 1, Kind: pricing.LineDiscount, Text: "免除费用", Unit: "time", UnitAmount: m.o.Price, Count: 1, Per: 1, Amount: -m.o.Price} //i18n:data a line that the order keeps
	if err := insertLine(ctx, tx, m.o.ID, off); err != nil {
		return err
	}
	m.o.Price, m.o.Own = 0, 0
	if m.o.Fund == "" || s.funds == nil {
		return nil
	}
	if err := s.funds.Refund(ctx, tx, m.o.ID, m.o.ID+"/fund-refund"); err != nil {
		return fmt.Errorf("give the fee back to the card: %w", err)
	}
	return nil
}
