package waiting

import (
	"time"

	"qiao/internal/booking"
	"qiao/internal/platform/clock"
)

// want is what somebody waits for: minutes in a row between two civil days, inside the hours of a day.
type want struct {
	fromDay, toDay       string
	fromMinute, toMinute int64 // minutes of the day; a stretch of several days begins and ends inside them
	minutes              int64
	not                  []booking.Span // offered and passed before
}

// maxWindow is the longest window, in days: what one question about slots may cover.
const maxWindow = booking.MaxDays

// first is the earliest stretch of a plan that fits what is wanted; false: there is none. Pure. Whether a stretch may be had
// is judged by the plan, as of every booking.
func first(p booking.Plan, w want) (booking.Span, bool) {
	day, err := clock.Midnight(w.fromDay)
	if err != nil {
		return booking.Span{}, false
	}
	today := clock.Day(p.Now)
	for n := range maxWindow {
		at := day.AddDate(0, 0, n)
		name := clock.Day(at)
		if name > w.toDay {
			break
		}
		if name < today {
			continue
		}
		for _, x := range starts(p, at, w) {
			if !within(x, w) || passed(x, w.not) {
				continue
			}
			if _, err := p.Pick(x); err == nil {
				return x, true
			}
		}
	}
	return booking.Span{}, false
}

// starts are the stretches that begin on a day, as the rule's mode cuts them.
func starts(p booking.Plan, day time.Time, w want) []booking.Span {
	name := clock.Day(day)
	if p.Rule.Mode == booking.ModeFree {
		length := time.Duration(max(up(w.minutes, p.Rule.Step), p.Rule.Slot)) * time.Minute
		var out []booking.Span
		for m := up(w.fromMinute, p.Rule.Step); m < w.toMinute; m += p.Rule.Step {
			from := day.Add(time.Duration(m) * time.Minute)
			out = append(out, booking.Span{From: from, To: from.Add(length)})
		}
		return out
	}
	last := name
	if p.Rule.Mode == booking.ModeDay {
		last = clock.Day(day.AddDate(0, 0, int(up(w.minutes, 1440)/1440)+6)) // closed days between belong to it
	}
	board, err := p.Board(name, last)
	if err != nil {
		return nil
	}
	var cells []booking.Slot
	for _, x := range board {
		if x.State == booking.SlotFree {
			cells = append(cells, x)
		}
	}
	need := int(up(w.minutes, p.Rule.Slot) / p.Rule.Slot)
	if p.Rule.Mode == booking.ModeDay {
		need = int(up(w.minutes, 1440) / 1440)
	}
	var out []booking.Span
	for i := 0; i+need <= len(cells); i++ {
		if clock.Day(cells[i].Start) != name {
			break
		}
		out = append(out, booking.Span{From: cells[i].Start, To: cells[i+need-1].End})
	}
	return out
}

// up is n rounded up to a multiple of step.
func up(n, step int64) int64 { return (n + step - 1) / step * step }

// within tells whether a stretch lies in the days and hours that are wanted.
func within(x booking.Span, w want) bool {
	minute := func(t time.Time) int64 { l := clock.Local(t); return int64(l.Hour()*60 + l.Minute()) }
	end := minute(x.To)
	if end == 0 { // midnight belongs to the day before
		end = 1440
	}
	return clock.Day(x.To.Add(-time.Second)) <= w.toDay && minute(x.From) >= w.fromMinute && end <= w.toMinute
}

func passed(x booking.Span, not []booking.Span) bool {
	for _, n := range not {
		if n.Overlaps(x) {
			return true
		}
	}
	return false
}
