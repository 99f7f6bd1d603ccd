package ical

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxSteps is how many periods of a rule are looked at: daily for more than fifty years.
const maxSteps = 20_000

// rule is a RECUR value as far as it is understood: what bookings of an instrument use. What is not understood makes the event
// unreadable rather than wrong.
type rule struct {
	freq       string
	interval   int
	count      int
	until      time.Time
	byDay      []ordinal
	byMonthDay []int
	byMonth    []int
	weekStart  time.Weekday
}

// ordinal is a weekday, in a month perhaps the n-th of it.
type ordinal struct {
	n   int
	day time.Weekday
}

// times is when an event begins, as far as it matters between two instants; false where its rule is not understood.
func (e event) times(from, to time.Time) ([]time.Time, bool) {
	length := e.end.Sub(e.start)
	if !e.repeats() {
		if e.start.Before(to) && e.end.After(from) {
			return []time.Time{e.start}, true
		}
		return nil, true
	}
	out := slices.Clone(e.more)
	if e.rule == "" {
		out = append(out, e.start)
	} else {
		r, ok := ruleOf(e.rule, e.start)
		if !ok {
			return nil, false
		}
		list, ok := r.expand(e.start, from.Add(-length-24*time.Hour), to)
		if !ok {
			return nil, false
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, time.Time.Compare)
	out = slices.CompactFunc(out, time.Time.Equal)
	return slices.DeleteFunc(out, func(at time.Time) bool {
		return e.except[at.Unix()] || !at.Before(to) || at.Add(length+24*time.Hour).Before(from)
	}), true
}

// ruleOf reads a RECUR value.
func ruleOf(text string, start time.Time) (rule, bool) {
	r := rule{interval: 1, weekStart: time.Monday}
	for part := range strings.SplitSeq(strings.TrimSpace(text), ";") {
		name, value, _ := strings.Cut(part, "=")
		ok := true
		switch name {
		case "":
		case "FREQ":
			r.freq = value
		case "INTERVAL":
			r.interval, ok = number(value, 1, 10_000)
		case "COUNT":
			r.count, ok = number(value, 1, 1_000_000)
		case "UNTIL":
			r.until, ok = until(value, start.Location())
		case "BYDAY":
			r.byDay, ok = ordinals(value)
		case "BYMONTHDAY":
			r.byMonthDay, ok = numbers(value, -31, 31)
		case "BYMONTH":
			r.byMonth, ok = numbers(value, 1, 12)
		case "WKST":
			r.weekStart, ok = weekday(value)
		default:
			ok = false // BYSETPOS, BYHOUR …: left out rather than guessed
		}
		if !ok {
			return r, false
		}
	}
	numbered := slices.ContainsFunc(r.byDay, func(o ordinal) bool { return o.n != 0 })
	switch r.freq {
	case "DAILY", "WEEKLY":
		return r, !numbered && len(r.byMonthDay) == 0
	case "MONTHLY":
		return r, len(r.byDay) == 0 || len(r.byMonthDay) == 0
	case "YEARLY":
		return r, len(r.byDay) == 0 && len(r.byMonthDay) == 0
	}
	return r, false
}

func number(s string, least, most int) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= least && n <= most
}

func numbers(s string, least, most int) ([]int, bool) {
	var out []int
	for part := range strings.SplitSeq(s, ",") {
		n, ok := number(part, least, most)
		if !ok || n == 0 || len(out) > 62 {
			return nil, false
		}
		out = append(out, n)
	}
	return out, true
}

func until(s string, zone *time.Location) (time.Time, bool) {
	for _, layout := range []string{stamp, "20060102T150405"} {
		at, err := time.ParseInLocation(layout, s, zone)
		if strings.HasSuffix(s, "Z") {
			at, err = time.Parse(stamp, s)
		}
		if err == nil {
			return at, true
		}
	}
	at, err := time.ParseInLocation("20060102", s, zone)
	return at.AddDate(0, 0, 1).Add(-time.Second), err == nil
}

func weekday(s string) (time.Weekday, bool) {
	i := slices.Index([]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}, s)
	return time.Weekday(max(i, 0)), i >= 0
}

func ordinals(s string) ([]ordinal, bool) {
	var out []ordinal
	for part := range strings.SplitSeq(s, ",") {
		if len(part) < 2 || len(out) > 62 {
			return nil, false
		}
		day, ok := weekday(part[len(part)-2:])
		o := ordinal{day: day}
		if head := part[:len(part)-2]; ok && head != "" {
			o.n, ok = number(strings.TrimPrefix(head, "+"), -5, 5)
			ok = ok && o.n != 0
		}
		if !ok {
			return nil, false
		}
		out = append(out, o)
	}
	return out, true
}

// expand lists the starts up to an instant; those before from are counted but left out.
func (r rule) expand(start, from, to time.Time) (out []time.Time, ok bool) {
	counted := 0
	for step := range maxSteps {
		period := r.period(start, step)
		for _, at := range period {
			if at.Before(start) || !r.inMonth(at) {
				continue
			}
			if counted++; r.count > 0 && counted > r.count || !r.until.IsZero() && at.After(r.until) || !at.Before(to) {
				return out, true
			}
			if !at.Before(from) {
				out = append(out, at)
			}
			if len(out) > maxOccurrences {
				return nil, false
			}
		}
		if first := r.begin(start, step); !first.Before(to.AddDate(0, 0, 7)) {
			return out, true
		}
	}
	return nil, false
}

func (r rule) inMonth(at time.Time) bool {
	return len(r.byMonth) == 0 || slices.Contains(r.byMonth, int(at.Month()))
}

// begin is a day in the step-th period after the one that the event begins in.
func (r rule) begin(start time.Time, step int) time.Time {
	n := step * r.interval
	y, m, d := start.Date()
	at := func(y int, m time.Month, d int) time.Time {
		return time.Date(y, m, d, start.Hour(), start.Minute(), start.Second(), 0, start.Location())
	}
	switch r.freq {
	case "DAILY":
		return at(y, m, d+n)
	case "WEEKLY":
		back := (int(start.Weekday()) - int(r.weekStart) + 7) % 7
		return at(y, m, d-back+7*n)
	case "MONTHLY":
		return at(y, m+time.Month(n), 1)
	}
	return at(y+n, time.January, 1)
}

// period is the starts within the step-th period, in order.
func (r rule) period(start time.Time, step int) []time.Time {
	first := r.begin(start, step)
	y, m, d := first.Date()
	at := func(m time.Month, d int) time.Time {
		return time.Date(y, m, d, start.Hour(), start.Minute(), start.Second(), 0, start.Location())
	}
	var out []time.Time
	switch r.freq {
	case "DAILY":
		if len(r.byDay) == 0 || slices.ContainsFunc(r.byDay, func(o ordinal) bool { return o.day == first.Weekday() }) {
			out = append(out, first)
		}
	case "WEEKLY":
		for i := range 7 {
			day := at(m, d+i)
			if len(r.byDay) == 0 && day.Weekday() == start.Weekday() || slices.ContainsFunc(r.byDay, func(o ordinal) bool { return o.day == day.Weekday() }) {
				out = append(out, day)
			}
		}
	case "MONTHLY":
		last := time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
		for day := 1; day <= last; day++ {
			if r.inMonthly(start, at(m, day), day, last) {
				out = append(out, at(m, day))
			}
		}
	case "YEARLY":
		months := r.byMonth
		if len(months) == 0 {
			months = []int{int(start.Month())}
		}
		for _, month := range slices.Sorted(slices.Values(months)) {
			if day := at(time.Month(month), start.Day()); int(day.Month()) == month { // 29 February, 31 April: not in every year
				out = append(out, day)
			}
		}
	}
	return out
}

// inMonthly tells whether a day of a month is one of a monthly rule.
func (r rule) inMonthly(start, at time.Time, day, last int) bool {
	if len(r.byDay) == 0 && len(r.byMonthDay) == 0 {
		return day == start.Day()
	}
	if slices.Contains(r.byMonthDay, day) || slices.Contains(r.byMonthDay, day-last-1) {
		return true
	}
	return slices.ContainsFunc(r.byDay, func(o ordinal) bool {
		return o.day == at.Weekday() && (o.n == 0 || o.n == (day-1)/7+1 || o.n == -((last-day)/7+1))
	})
}
