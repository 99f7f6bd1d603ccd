package pricing

import (
	"time"

	"qiao/internal/platform/money"
)

// Billed is what an order costs in the end, beside what it was expected to.
type Billed struct {
	Priced
	Estimate money.Fen    // what was expected
	Changes  []Difference // why it differs, in words that args fill; empty when nothing changed
}

// Difference is one thing that turned out otherwise, as numbers: Before and After in Unit.
type Difference struct {
	What   string // time, overtime, quantity, volume
	Before int64
	After  int64
}

// Bill counts out what is owed: the plan's rule says whether booked or used time counts. With facts that turned out as
// booked it is the estimate to the fen.
func Bill(p Plan, booked, actual Facts) (Billed, error) {
	before, err := Price(p, booked)
	if err != nil {
		return Billed{}, err
	}
	f := settle(p, booked, actual)
	after, err := Price(p, f)
	if err != nil {
		return Billed{}, err
	}
	if after, err = withOvertime(p, booked, actual, after); err != nil {
		return Billed{}, err
	}
	out := Billed{Priced: after, Estimate: before.Total}
	if n := p.over(booked, actual); n > 0 {
		out.Changes = append(out.Changes, Difference{"overtime", booked.minutes(p), actual.minutes(p)})
	}
	if a, b := booked.minutes(p), f.minutes(p); a != b {
		out.Changes = append(out.Changes, Difference{"time", a, b})
	}
	if booked.Quantity != f.Quantity {
		out.Changes = append(out.Changes, Difference{"quantity", booked.Quantity, f.Quantity})
	}
	return out, nil
}

// settle is the facts that are billed: everything as booked but the time and quantity that the plan's rule takes as used.
func settle(p Plan, booked, actual Facts) Facts {
	f := booked
	if actual.Quantity > 0 {
		f.Quantity = actual.Quantity
	}
	f.Off, f.Work = append(append([]string{}, booked.Off...), actual.Off...), append(append([]string{}, booked.Work...), actual.Work...)
	if p.Overtime != nil && actual.minutes(p) > booked.minutes(p) {
		return f // what is beyond the booked time has its own line
	}
	used := actual.begun(p)
	if len(used.Spans) == 0 && used.Minutes == 0 {
		return f // nothing was logged: as booked
	}
	if raw, of := actual.minutes(p), booked.minutes(p); raw <= of && used.minutes(p) > of {
		return f // rounding up never bills more than was booked to who used less
	}
	if p.Basis == Actual || p.Basis == Longer && used.minutes(p) > booked.minutes(p) {
		f.Spans, f.Minutes, f.Days = used.Spans, used.Minutes, used.Days
	}
	return f
}

// begun rounds the used time up to the plan's begun units: the last span grows.
func (f Facts) begun(p Plan) Facts {
	if p.Begun <= 1 {
		return f
	}
	n := f.minutes(p)
	missing := (p.Begun - n%p.Begun) % p.Begun
	if len(f.Spans) == 0 {
		f.Minutes += missing
		return f
	}
	spans := append([]Span{}, f.Spans...)
	last := &spans[len(spans)-1]
	last.To = last.From.Add(time.Duration(last.minutes()+missing) * time.Minute)
	f.Spans = spans
	return f
}

// CancelFee is what cancelling at an instant costs an order of this price that begins at start; false: nothing. Once
// the start has passed, a fee for not coming takes its place where there is one.
func CancelFee(p Plan, price money.Fen, start, at time.Time) (Line, bool, error) {
	var found *Fee
	kind := LineCancel
	for i, f := range p.Cancel {
		if start.Sub(at) < time.Duration(f.Hours)*time.Hour && (found == nil || f.Hours < found.Hours) {
			found = &p.Cancel[i]
		}
	}
	if p.NoShow != nil && !at.Before(start) {
		found, kind = p.NoShow, LineNoShow
	}
	if found == nil {
		return Line{}, false, nil
	}
	part, err := scaled(price, found.Percent)
	if err != nil {
		return Line{}, false, err
	}
	amount := min(part+found.Amount, price)
	return Line{Kind: kind, Rate: price, Percent: found.Percent, Above: found.Hours, Count: 1, Per: 1, Amount: amount, Position: 1}, amount > 0, nil
}
