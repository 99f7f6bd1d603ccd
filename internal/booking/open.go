package booking

import (
	"context"
	"slices"
	"time"

	"qiao/internal/platform/db"
)

// Opened is the minutes of a span that lie inside the opening hours, of one unit.
func (p Plan) Opened(s Span) int64 {
	var sum time.Duration
	for _, day := range p.touched(s) {
		for _, w := range p.windows(day) {
			sum += shared(s, Span{p.local(day, w.from), p.local(day, w.to)})
		}
	}
	return int64(sum / time.Minute)
}

// Down is the minutes of a span in which the resource should be open and is out of service, of one unit. What two closures
// take together counts once.
func (p Plan) Down(s Span) int64 {
	var closed []Span
	for _, b := range p.Busy {
		if b.Unit == 0 && b.State != SlotTaken && b.Overlaps(s) {
			closed = append(closed, b.Span)
		}
	}
	slices.SortFunc(closed, func(a, b Span) int { return a.From.Compare(b.From) })
	var sum int64
	at := s.From
	for _, c := range closed {
		if c.From.Before(at) {
			c.From = at
		}
		if c.To.After(s.To) {
			c.To = s.To
		}
		if c.From.Before(c.To) {
			sum += p.Opened(c)
			at = c.To
		}
	}
	return sum
}

// shared is how long two spans overlap.
func shared(a, b Span) time.Duration {
	from, to := a.From, a.To
	if b.From.After(from) {
		from = b.From
	}
	if b.To.Before(to) {
		to = b.To
	}
	return max(0, to.Sub(from))
}

// OpenTime is what a resource could give in a stretch of time, in minutes of all its units.
type OpenTime struct {
	Open int64 // inside its opening hours, holidays left out
	Down int64 // the part of Open in which it was out of service
}

// OpenTimes is what each of resources could give in a span, by today's opening hours and the closures on record.
func (s *Service) OpenTimes(ctx context.Context, q db.Q, resources []Resource, span Span) (map[string]OpenTime, error) {
	plans, err := s.Plans(ctx, q, resources, span.From, span.To)
	if err != nil {
		return nil, err
	}
	out := make(map[string]OpenTime, len(plans))
	for id, p := range plans {
		out[id] = OpenTime{p.Opened(span) * p.Rule.Units, p.Down(span) * p.Rule.Units}
	}
	return out, nil
}
