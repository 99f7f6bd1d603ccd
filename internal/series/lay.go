package series

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"qiao/internal/booking"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// What becomes of a date that falls on a public holiday.
const (
	HolidaysKeep = "keep" // as it is: closed, unless the instrument is open on holidays
	HolidaysSkip = "skip" // left out
	HolidaysMove = "move" // to the next open day that is none
)

// What a date of a series can be.
const (
	Free        = "free"
	Taken       = "taken"
	Maintenance = "maintenance"
	Closed      = "closed"
	Beyond      = "beyond"  // farther than one may book
	Soon        = "soon"    // past, or sooner than one may book
	Skipped     = "skipped" // left out by the person or for a holiday
	Limit       = "limit"   // more than one may hold
	Unfit       = "unfit"   // too short, too long, off the steps
	Barred      = "barred"  // conditions are not in hand on that day
)

// Date is one date of a series and what it comes to.
type Date struct {
	Day     string // civil day that the rule gives
	Span    booking.Span
	Moved   bool // for a holiday
	Holiday bool
	State   string
	Why     *fault.Error  // where it is not free
	Near    *booking.Span // free on the same day, where the time itself is not
	Price   money.Fen
}

// layout is what a series is laid out from; laying out is pure.
type layout struct {
	days     []string
	from, to int // minutes of the day
	holidays string
	off      func(day string) bool
	plan     booking.Plan
	room     int64 // how many more may be held; -1: no limit
	skip     []string
	pick     map[string]booking.Span // other times that were chosen, by day of the rule
}

// lay says of each date what it comes to. A date that is free takes its time from the ones after it.
func (l layout) lay() []Date {
	out := make([]Date, len(l.days))
	plan, room := l.plan, l.room
	for i, day := range l.days {
		out[i] = l.date(day)
		d := &out[i]
		if d.State != "" {
			continue
		}
		l.judge(plan, d)
		if d.State != Free {
			continue
		}
		if room == 0 {
			d.State = Limit
			continue
		}
		room = max(room-1, -1)
		plan, _, _ = plan.Take(d.Span)
	}
	return out
}

// date is the time of a date by the rule or as it was chosen; its state is set where it is left out.
func (l layout) date(day string) Date {
	d := Date{Day: day, Holiday: l.off(day)}
	at, err := time.Parse(clock.DateLayout, day)
	if err != nil {
		d.State = Skipped
		return d
	}
	if d.Holiday && l.holidays == HolidaysMove {
		for n := 1; n <= 14; n++ {
			next := at.AddDate(0, 0, n)
			if name := next.Format(clock.DateLayout); !l.off(name) && l.plan.Open(next) && !slices.Contains(l.days, name) {
				at, d.Moved = next, true
				break
			}
		}
	}
	d.Span = l.plan.At(at, l.from, l.to)
	if span, chosen := l.pick[day]; chosen {
		d.Span = span
	}
	if slices.Contains(l.skip, day) || d.Holiday && l.holidays == HolidaysSkip {
		d.State = Skipped
	}
	if d.Span.From.IsZero() && d.State == "" {
		d.State = Closed
	}
	return d
}

// judge asks the plan for a date, and for another time on its day where its own is not to be had.
func (l layout) judge(plan booking.Plan, d *Date) {
	_, err := plan.Pick(d.Span)
	if err == nil {
		d.State = Free
		return
	}
	d.Why = fault.Of(err)
	switch d.Why.Code {
	case "slot-taken":
		d.State = plan.Blocked(d.Span)
	case "slot-closed":
		d.State = Closed
	case "slot-horizon":
		d.State = Beyond
		return
	case "slot-past", "slot-notice":
		d.State = Soon
		return
	default:
		d.State = Unfit
		return
	}
	if near, ok := plan.Nearest(d.Span); ok {
		d.Near = &near
	}
}

// minutesOf reads HH:MM, up to 24:00.
func minutesOf(text string) (int, bool) {
	h, m, ok := strings.Cut(text, ":")
	hours, err1 := strconv.Atoi(h)
	minutes, err2 := strconv.Atoi(m)
	at := hours*60 + minutes
	return at, ok && err1 == nil && err2 == nil && len(m) == 2 && hours >= 0 && minutes >= 0 && minutes < 60 && at <= 24*60
}

// times reads the two times of day of a series.
func times(from, to string) (a, b int, err error) {
	bad := fault.New(fault.Invalid, "series-times", "起止时间有误，请按提示修改。")
	a, ok := minutesOf(from)
	if !ok {
		bad.Field("begin", "time", "请写成 09:00 这样的时间。")
	}
	b, okTo := minutesOf(to)
	if !okTo {
		bad.Field("finish", "time", "请写成 11:00 这样的时间。")
	}
	if ok && okTo && a >= b {
		bad.Field("finish", "order", "结束时间必须晚于开始时间。")
	}
	if len(bad.Fields) > 0 {
		return a, b, bad
	}
	return a, b, nil
}
