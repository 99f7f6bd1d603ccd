package booking

import (
	"slices"
	"time"
)

// Offer is a stretch that may be booked as it stands, and how many units are free for it.
type Offer struct {
	Span
	Left int64
}

// Offers is every stretch of a length that may be booked on a civil day, in order. In day mode the length does not count: the day
// is one stretch.
func (p Plan) Offers(day time.Time, length time.Duration) []Offer {
	midnight := p.local(day, 0)
	near := p
	near.Busy = p.near(midnight, length)
	var out []Offer
	free := p.Rule.Mode == ModeFree
	if minutes := int64(length / time.Minute); free && (minutes < p.Rule.Slot || p.Rule.Most > 0 && minutes > p.Rule.Most || minutes%p.Rule.Step != 0) {
		return nil
	}
	for _, s := range near.starts(midnight, length) {
		if near.outOfReach(s) != nil || !free && near.fits(s) != nil { // free time begins on a step inside an opening already
			continue
		}
		if free := near.units(s); len(free) > 0 {
			out = append(out, Offer{s, int64(len(free))})
		}
	}
	return out
}

// near is what can stand in the way on one day.
func (p Plan) near(midnight time.Time, length time.Duration) []Busy {
	const buffer = 24 * time.Hour // no buffer is longer
	around := Span{midnight.Add(-buffer), midnight.Add(24*time.Hour + length + buffer)}
	var out []Busy
	for _, b := range p.Busy {
		if b.Overlaps(around) {
			out = append(out, b)
		}
	}
	return out
}

// starts is every stretch of a length that begins on a day where the rule lets one begin; whether it may be had is not asked.
func (p Plan) starts(midnight time.Time, length time.Duration) []Span {
	switch p.Rule.Mode {
	case ModeDay:
		return p.grid(midnight)
	case ModeFree:
		var out []Span
		step := int(p.Rule.Step)
		for _, w := range p.windows(midnight) {
			for m := (w.from + step - 1) / step * step; m+int(length/time.Minute) <= w.to; m += step {
				from := p.local(midnight, m)
				out = append(out, Span{from, from.Add(length)})
			}
		}
		return out
	}
	var out []Span
	for _, cell := range p.grid(midnight) {
		out = append(out, Span{cell.From, cell.From.Add(length)})
	}
	return out
}

// Take is the plan after a stretch has been taken, and the unit that it got; false where it cannot be had.
func (p Plan) Take(s Span) (Plan, int64, bool) {
	unit, err := p.Pick(s)
	if err != nil {
		return p, 0, false
	}
	p.Busy = append(slices.Clone(p.Busy), Busy{p.Rule.occupied(s), unit, SlotTaken})
	return p, unit, true
}

// Blocked says what stands in the way of a stretch that the rule gives out: SlotMaintenance, SlotClosed or SlotTaken; empty:
// nothing.
func (p Plan) Blocked(s Span) string {
	if len(p.units(s)) > 0 {
		return ""
	}
	for _, state := range []string{SlotMaintenance, SlotClosed} {
		if p.busy(s, state) {
			return state
		}
	}
	return SlotTaken
}

// Nearest is the stretch of the same length on the same day whose beginning is nearest to one that cannot be had, the earlier of
// two; false where the day has none.
func (p Plan) Nearest(s Span) (Span, bool) {
	var best Span
	for _, o := range p.Offers(s.From.In(p.Zone), s.To.Sub(s.From)) {
		if best.From.IsZero() || o.From.Sub(s.From).Abs() < best.From.Sub(s.From).Abs() {
			best = o.Span
		}
	}
	return best, !best.From.IsZero()
}

// At is the stretch of a civil day between two times of day, in minutes after midnight; in day mode the whole opening day,
// whatever the times. The zero Span where a day in day mode is not open.
func (p Plan) At(day time.Time, from, to int) Span {
	if p.Rule.Mode != ModeDay {
		return Span{p.local(day, from), p.local(day, to)}
	}
	if whole := p.grid(p.local(day, 0)); len(whole) > 0 {
		return whole[0]
	}
	return Span{}
}

// Open tells whether a resource has opening hours on a civil day.
func (p Plan) Open(day time.Time) bool { return len(p.windows(p.local(day, 0))) > 0 }

// Without is the plan without what some bookings occupy: for moving them.
func (p Plan) Without(list []Booking) Plan {
	p.Busy = slices.DeleteFunc(slices.Clone(p.Busy), func(b Busy) bool {
		return b.State == SlotTaken && slices.ContainsFunc(list, func(x Booking) bool {
			return x.Unit == b.Unit && x.From.Equal(b.From) && x.To.Equal(b.To)
		})
	})
	return p
}
