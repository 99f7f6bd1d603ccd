package pricing

import (
	"slices"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// Span is a half-open stretch of time.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// minutes is the whole minutes of a span, a begun minute counted in full.
func (s Span) minutes() int64 {
	return max(0, int64((s.To.Sub(s.From)+time.Minute-1)/time.Minute))
}

// minutes is the time that counts: of all spans, or as given without them.
func (f Facts) minutes(_ Plan) int64 {
	if len(f.Spans) == 0 {
		return f.Minutes
	}
	var n int64
	for _, s := range f.Spans {
		n += s.minutes()
	}
	return n
}

// days is the civil days touched; a day touched twice counts once.
func (f Facts) days() int64 {
	if len(f.Spans) == 0 {
		return f.Days
	}
	return int64(len(daysOf(f.Spans)))
}

// daysOf lists the civil days that spans touch.
func daysOf(spans []Span) []string {
	var out []string
	for _, s := range spans {
		for at := s.From; at.Before(s.To); at = midnightAfter(at) {
			if day := clock.Day(at); !slices.Contains(out, day) {
				out = append(out, day)
			}
		}
	}
	return out
}

func midnightAfter(at time.Time) time.Time {
	local := clock.Local(at)
	return time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, local.Location())
}

// stretch is so many counts (minutes, or whole units) at one percentage of the price.
type stretch struct {
	count   int64
	percent int64
	period  string
}

// quantityOf is what a rate counts, in the order in which it was used: count ÷ per units, at least the rate's minimum.
func quantityOf(p Plan, r Rate, f Facts) (parts []stretch, per, minimum int64, err error) {
	per = 1
	whole := func(n int64) { parts = []stretch{{n, percentFull, ""}} }
	switch r.Unit {
	case "hour":
		per = 60
		if parts, err = inPeriods(p, f); err != nil {
			return nil, 0, 0, err
		}
	case "day":
		whole(f.days())
	case "time":
		whole(1)
		if f.Kind == "commission" {
			whole(f.Quantity)
		}
	default:
		whole(f.Quantity)
	}
	var n int64
	for _, x := range parts {
		if n += x.count; x.count < 0 || n < 0 || n > 1<<50 {
			return nil, 0, 0, TooLarge()
		}
	}
	if least := r.Minimum * per; n < least {
		minimum = r.Minimum
		if len(parts) == 0 {
			whole(0)
		}
		parts[len(parts)-1].count += least - n // what is missing counts as the last stretch does
	}
	return parts, per, minimum, nil
}

// inPeriods splits the time at every boundary of a period, to the minute.
func inPeriods(p Plan, f Facts) ([]stretch, error) {
	if len(f.Spans) == 0 {
		return []stretch{{f.Minutes, percentFull, ""}}, nil
	}
	var out []stretch
	for _, s := range f.Spans {
		if s.To.Sub(s.From) > 366*24*time.Hour {
			return nil, TooLarge()
		}
		from := s.From
		for left := s.minutes(); left > 0; {
			now, until := p.periodAt(f, from)
			n := min(left, max(1, int64(until.Sub(from)/time.Minute)))
			if last := len(out) - 1; last >= 0 && out[last].period == now.period && out[last].percent == now.percent {
				out[last].count += n
			} else {
				now.count = n
				out = append(out, now)
			}
			left, from = left-n, from.Add(time.Duration(n)*time.Minute)
		}
	}
	return out, nil
}

// periodAt is the price that holds at an instant, and until when nothing can change.
func (p Plan) periodAt(f Facts, at time.Time) (stretch, time.Time) {
	local := clock.Local(at)
	minute := local.Hour()*60 + local.Minute()
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, local.Location())
	next := 24 * 60
	found := stretch{percent: percentFull}
	hit := false
	for _, x := range p.Periods {
		from, errFrom := minuteOf(x.From, 0)
		to, errTo := minuteOf(x.To, 24*60)
		if errFrom != nil || errTo != nil {
			continue // refused by Check
		}
		for _, edge := range []int{from, to} {
			if edge > minute {
				next = min(next, edge)
			}
		}
		in := from < to && from <= minute && minute < to && x.on(f, day)
		if from > to { // over midnight: the evening of today, or the morning that yesterday began
			in = minute >= from && x.on(f, day) || minute < to && x.on(f, day.AddDate(0, 0, -1))
		}
		if in && !hit {
			found, hit = stretch{percent: x.Percent, period: x.Text}, true
		}
	}
	return found, day.Add(time.Duration(next) * time.Minute)
}

// on tells whether a period falls on a civil day.
func (x Period) on(f Facts, day time.Time) bool {
	weekday := int64(day.Weekday())
	if weekday == 0 {
		weekday = 7
	}
	if len(x.Weekdays) > 0 && !slices.Contains(x.Weekdays, weekday) {
		return false
	}
	name := day.Format(clock.DateLayout)
	holiday, makeUp := slices.Contains(f.Off, name), slices.Contains(f.Work, name)
	rest := holiday || weekday >= 6 && !makeUp
	switch x.Days {
	case "holiday":
		return holiday
	case "rest":
		return rest
	case "work":
		return !rest
	}
	return true
}

// piece is a stretch at one step's price.
type piece struct {
	stretch
	above int64 // units before the step begins
	price money.Fen
}

// cut divides the stretches at the units that the flat fee covers and at the steps, and joins what has one price.
func cut(r Rate, parts []stretch, per int64) []piece {
	steps := append([]Step{{Above: r.Covers, Price: r.Price}}, r.Steps...)
	var total int64
	for _, x := range parts {
		total += x.count
	}
	if r.Reached { // one price for all
		reached := steps[0]
		for _, s := range steps[1:] {
			if total > s.Above*per {
				reached = s
			}
		}
		reached.Above = r.Covers
		steps = []Step{reached}
	}
	var out []piece
	var done int64
	for _, x := range parts {
		for x.count > 0 {
			if done < r.Covers*per { // the flat fee has it
				n := min(x.count, r.Covers*per-done)
				done, x.count = done+n, x.count-n
				continue
			}
			i := 0
			for i+1 < len(steps) && done >= steps[i+1].Above*per {
				i++
			}
			n := x.count
			if i+1 < len(steps) {
				n = min(n, steps[i+1].Above*per-done)
			}
			out = join(out, piece{stretch{n, x.percent, x.period}, steps[i].Above, steps[i].Price})
			done, x.count = done+n, x.count-n
		}
	}
	if len(out) == 0 && r.Base == 0 { // nothing used: one line says so
		out = append(out, piece{stretch{percent: percentFull}, r.Covers, r.Price})
	}
	return out
}

// join adds a piece to the line of the same price, if there is one.
func join(out []piece, x piece) []piece {
	for i, o := range out {
		if o.period == x.period && o.percent == x.percent && o.above == x.above {
			out[i].count += x.count
			return out
		}
	}
	return append(out, x)
}

// sound tells whether spans are what a time can be: forward, one after the other, at most a year each.
func sound(spans []Span) error {
	bad := fault.New(fault.Invalid, "price-span", "时间不对：结束要在开始之后，几段之间不能重叠，每段最多一年。").
		Field("spans", "order", "请检查开始和结束时间。")
	if len(spans) > maxItems {
		return bad
	}
	for i, s := range spans {
		if !s.From.Before(s.To) || s.To.Sub(s.From) > 366*24*time.Hour || i > 0 && s.From.Before(spans[i-1].To) {
			return bad
		}
	}
	return nil
}
