package series

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
)

// How often a rule repeats, as RFC 5545 writes it.
const (
	Daily   = "DAILY"
	Weekly  = "WEEKLY"
	Monthly = "MONTHLY"
)

// MaxDates is how many dates one series may have.
const MaxDates = 120

// Weekday is a day of the week; Nth counts it within its month (-1: the last one), 0 outside of months.
type Weekday struct {
	Nth int
	Day time.Weekday
}

// Rule says on which civil days a series happens: the part of RFC 5545's RRULE that bookings need. It always ends.
type Rule struct {
	Freq     string
	Interval int       // every so many days, weeks or months; 1 or more
	Days     []Weekday // weekly: days of the week; monthly: counted days of the week
	Dates    []int     // monthly: days of the month, 1…31, or -1 for the last one
	Count    int       // how many dates; 0: until Until
	Until    string    // last civil day, or empty
}

// codes are the days of the week as RFC 5545 writes them, Sunday first as time.Weekday counts.
func codes() []string { return []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"} }

// String writes the rule as an RRULE; ParseRule reads it back.
func (r Rule) String() string {
	out := []string{"FREQ=" + r.Freq}
	if r.Interval > 1 {
		out = append(out, "INTERVAL="+strconv.Itoa(r.Interval))
	}
	if len(r.Days) > 0 {
		days := make([]string, len(r.Days))
		for i, d := range r.Days {
			days[i] = codes()[d.Day]
			if d.Nth != 0 {
				days[i] = strconv.Itoa(d.Nth) + days[i]
			}
		}
		out = append(out, "BYDAY="+strings.Join(days, ","))
	}
	if len(r.Dates) > 0 {
		dates := make([]string, len(r.Dates))
		for i, d := range r.Dates {
			dates[i] = strconv.Itoa(d)
		}
		out = append(out, "BYMONTHDAY="+strings.Join(dates, ","))
	}
	if r.Count > 0 {
		out = append(out, "COUNT="+strconv.Itoa(r.Count))
	} else {
		out = append(out, "UNTIL="+strings.ReplaceAll(r.Until, "-", ""))
	}
	return strings.Join(out, ";")
}

// ParseRule reads an RRULE, with or without its name before it. What Qiao does not know of RFC 5545 is a fault that says so.
func ParseRule(text string) (Rule, error) {
	r := Rule{Interval: 1}
	seen := map[string]bool{}
	text = strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), "RRULE:")
	if len(text) > 500 {
		return r, errRule(text[:40] + "…")
	}
	for _, part := range strings.Split(text, ";") {
		name, value, ok := strings.Cut(part, "=")
		if !ok || seen[name] {
			return r, errRule(part)
		}
		seen[name] = true
		if !r.read(name, value) {
			return r, errRule(part)
		}
	}
	r.tidy()
	return r, r.Check()
}

// errRule is a rule that cannot be read.
func errRule(part string) *fault.Error {
	return fault.New(fault.Invalid, "rule-text", "重复规则里有读不懂的部分：“{0}”。", part).
		Field("rule", "text", "请写成 FREQ=WEEKLY;BYDAY=TU,TH;COUNT=10 这样的形式；不支持按小时、按年和无限重复。")
}

// read takes one part of an RRULE; false where it is not one that Qiao knows.
func (r *Rule) read(name, value string) bool {
	var err error
	switch name {
	case "FREQ":
		r.Freq = value
		return value == Daily || value == Weekly || value == Monthly
	case "INTERVAL":
		r.Interval, err = strconv.Atoi(value)
	case "COUNT":
		r.Count, err = strconv.Atoi(value)
		return err == nil && r.Count > 0
	case "UNTIL":
		r.Until = untilOf(value)
		return r.Until != ""
	case "WKST":
		return value == "MO"
	case "BYDAY":
		for _, d := range strings.Split(value, ",") {
			day, ok := weekdayOf(d)
			if !ok {
				return false
			}
			r.Days = append(r.Days, day)
		}
	case "BYMONTHDAY":
		for _, d := range strings.Split(value, ",") {
			n, err := strconv.Atoi(d)
			if err != nil {
				return false
			}
			r.Dates = append(r.Dates, n)
		}
	default:
		return false
	}
	return err == nil
}

// untilOf reads a day, or an instant as the day it falls on; empty where it is neither.
func untilOf(value string) string {
	if at, err := time.Parse("20060102", value); err == nil {
		return at.Format(clock.DateLayout)
	}
	if at, err := time.Parse("20060102T150405Z", value); err == nil {
		return clock.Day(at)
	}
	if at, err := time.Parse("20060102T150405", value); err == nil {
		return at.Format(clock.DateLayout)
	}
	return ""
}

func weekdayOf(text string) (Weekday, bool) {
	if len(text) < 2 {
		return Weekday{}, false
	}
	i := slices.Index(codes(), text[len(text)-2:])
	if i < 0 {
		return Weekday{}, false
	}
	nth := 0
	if n := text[:len(text)-2]; n != "" {
		var err error
		if nth, err = strconv.Atoi(n); err != nil || nth == 0 {
			return Weekday{}, false
		}
	}
	return Weekday{nth, time.Weekday(i)}, true
}

// tidy puts days in the order of the week and drops what stands twice, so that one rule has one text.
func (r *Rule) tidy() {
	slices.SortFunc(r.Days, func(a, b Weekday) int {
		if a.Nth != b.Nth {
			return a.Nth - b.Nth
		}
		return int(a.Day+6)%7 - int(b.Day+6)%7
	})
	r.Days = slices.Compact(r.Days)
	slices.Sort(r.Dates)
	r.Dates = slices.Compact(r.Dates)
}

// Check finds what is wrong with a rule; a rule that never ends is wrong.
func (r Rule) Check() error {
	bad := fault.New(fault.Invalid, "rule-invalid", "重复规则有误，请按提示修改。")
	if r.Freq != Daily && r.Freq != Weekly && r.Freq != Monthly {
		bad.Field("freq", "unknown", "请选择每天、每周或每月。")
	}
	if r.Interval < 1 || r.Interval > 52 {
		bad.Field("interval", "range", "请填 {0} 到 {1} 之间的整数。", int64(1), int64(52))
	}
	if r.Count < 0 || r.Count > MaxDates {
		bad.Field("count", "range", "请填 {0} 到 {1} 之间的整数。", int64(1), int64(MaxDates))
	}
	if r.Count == 0 {
		if _, err := time.Parse(clock.DateLayout, r.Until); err != nil {
			bad.Field("count", "endless", "请填写共多少次，或到哪一天为止。")
		}
	} else if r.Until != "" {
		bad.Field("until", "twice", "“共多少次”和“到哪一天为止”只填一个。")
	}
	for _, d := range r.Days {
		if (r.Freq == Monthly) != (d.Nth != 0) || d.Nth < -1 || d.Nth > 5 || r.Freq == Daily {
			bad.Field("days", "shape", "每周的规则写星期几，每月的规则写第几个星期几。")
			break
		}
	}
	for _, d := range r.Dates {
		if r.Freq != Monthly || d < -1 || d == 0 || d > 31 {
			bad.Field("dates", "range", "每月的日期请填 1 到 31，或 -1 表示最后一天。")
			break
		}
	}
	if len(r.Days) > 0 && len(r.Dates) > 0 {
		bad.Field("dates", "both", "每月的规则请在“几号”和“第几个星期几”中选一种。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// farthest is how many days after its beginning a rule is followed: what may be booked ends sooner.
const farthest = 1100

// On is the civil days of a rule that begins on a day, in order: MaxDates of them at most. What the rule leaves open (the day of
// the week, of the month) is that of the first day.
func (r Rule) On(first string) ([]string, error) {
	start, err := time.Parse(clock.DateLayout, first)
	if err != nil {
		return nil, fault.New(fault.Invalid, "series-first", "请填写从哪一天开始。").Field("first", "date", "日期格式不对，请写成 2026-11-21。").Because(err)
	}
	if err := r.Check(); err != nil {
		return nil, err
	}
	most := MaxDates
	if r.Count > 0 {
		most = r.Count
	}
	last := start.AddDate(0, 0, farthest)
	if until, err := time.Parse(clock.DateLayout, r.Until); err == nil && until.Before(last) {
		last = until
	}
	var out []string
	for n := 0; ; n += r.Interval {
		days, begin := r.period(start, n)
		if begin.After(last) {
			return out, nil
		}
		for _, d := range days {
			switch {
			case d.Before(start):
			case d.After(last) || len(out) == most:
				return out, nil
			default:
				out = append(out, d.Format(clock.DateLayout))
			}
		}
	}
}

// period is the days of the n-th day, week or month since the first, and its beginning.
func (r Rule) period(start time.Time, n int) ([]time.Time, time.Time) {
	switch r.Freq {
	case Daily:
		d := start.AddDate(0, 0, n)
		return []time.Time{d}, d
	case Weekly:
		monday := start.AddDate(0, 0, -int(start.Weekday()+6)%7+7*n)
		days := r.Days
		if len(days) == 0 {
			days = []Weekday{{Day: start.Weekday()}}
		}
		var out []time.Time
		for _, d := range days {
			out = append(out, monday.AddDate(0, 0, int(d.Day+6)%7))
		}
		return out, monday
	}
	month := time.Date(start.Year(), start.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	return r.inMonth(month, start.Day()), month
}

// inMonth is the days of a month; those it does not have are left out, as RFC 5545 has it.
func (r Rule) inMonth(month time.Time, day int) []time.Time {
	length := month.AddDate(0, 1, -1).Day()
	dates := r.Dates
	if len(r.Days) == 0 && len(dates) == 0 {
		dates = []int{day}
	}
	var in []int
	for _, d := range dates {
		if d == -1 {
			d = length
		}
		if d <= length {
			in = append(in, d)
		}
	}
	for _, d := range r.Days {
		at := 1 + int(d.Day-month.Weekday()+7)%7 + 7*(d.Nth-1)
		if d.Nth == -1 {
			at = length - int(month.AddDate(0, 0, length-1).Weekday()-d.Day+7)%7
		}
		if at <= length {
			in = append(in, at)
		}
	}
	slices.Sort(in)
	var out []time.Time
	for _, d := range slices.Compact(in) {
		out = append(out, month.AddDate(0, 0, d-1))
	}
	return out
}
