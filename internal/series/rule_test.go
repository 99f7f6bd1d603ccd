package series

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/platform/clock"
)

func TestRulesGiveTheirDays(t *testing.T) {
	for text, want := range map[string]string{
		"FREQ=DAILY;COUNT=3":                             "2026-12-01 2026-12-02 2026-12-03",
		"FREQ=DAILY;INTERVAL=10;UNTIL=20261221":          "2026-12-01 2026-12-11 2026-12-21",
		"FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4":                "2026-12-01 2026-12-03 2026-12-08 2026-12-10",
		"RRULE:FREQ=WEEKLY;BYDAY=MO,TU;COUNT=3":          "2026-12-01 2026-12-07 2026-12-08",
		"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=2":        "2026-12-14 2026-12-28", // the Monday of the first week has passed
		"FREQ=WEEKLY;COUNT=2":                            "2026-12-01 2026-12-08", // a Tuesday, as the first day
		"FREQ=MONTHLY;COUNT=3":                           "2026-12-01 2027-01-01 2027-02-01",
		"FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3":             "2026-12-31 2027-01-31 2027-03-31", // a month without a 31st is left out
		"FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3":             "2026-12-31 2027-01-31 2027-02-28",
		"FREQ=MONTHLY;BYDAY=2TU;COUNT=2":                 "2026-12-08 2027-01-12",
		"FREQ=MONTHLY;BYDAY=-1FR;COUNT=2":                "2026-12-25 2027-01-29",
		"FREQ=MONTHLY;BYDAY=5TU;COUNT=2":                 "2026-12-29 2027-03-30",
		"FREQ=DAILY;UNTIL=20261202T155959Z":              "2026-12-01 2026-12-02",
		"FREQ=DAILY;UNTIL=20261130":                      "",
		"FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;COUNT=2": "2026-12-31 2027-12-31",
	} {
		r, err := ParseRule(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		days, err := r.On("2026-12-01")
		if err != nil || strings.Join(days, " ") != want {
			t.Errorf("%s: %v %v, want %s", text, days, err, want)
		}
	}
}

func TestRulesThatAreRefused(t *testing.T) {
	for _, text := range []string{
		"", "FREQ=YEARLY;COUNT=2", "FREQ=DAILY", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=2;UNTIL=20261201", "FREQ=DAILY;COUNT=121", "FREQ=DAILY;FREQ=DAILY;COUNT=2",
		"FREQ=WEEKLY;BYDAY=2TU;COUNT=2", "FREQ=MONTHLY;BYDAY=TU;COUNT=2", "FREQ=MONTHLY;BYMONTHDAY=32;COUNT=1", "FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=1MO;COUNT=1",
		"FREQ=DAILY;INTERVAL=0;COUNT=2", "FREQ=WEEKLY;BYDAY=XX;COUNT=1", "FREQ=DAILY;BYHOUR=9;COUNT=1", "FREQ=DAILY;COUNT=2;WKST=SU",
	} {
		if r, err := ParseRule(text); err == nil {
			t.Errorf("%q was read as %s", text, r)
		}
	}
}

// anyRule is some rule that is sound.
func anyRule(t *rapid.T) Rule {
	r := Rule{Freq: rapid.SampledFrom([]string{Daily, Weekly, Monthly}).Draw(t, "freq"), Interval: rapid.IntRange(1, 5).Draw(t, "interval")}
	weekday := func(i int) time.Weekday { return time.Weekday(i) }
	switch {
	case r.Freq == Weekly:
		for _, d := range rapid.SliceOfN(rapid.IntRange(0, 6), 0, 4).Draw(t, "days") {
			r.Days = append(r.Days, Weekday{Day: weekday(d)})
		}
	case r.Freq == Monthly && rapid.Bool().Draw(t, "counted"):
		r.Days = []Weekday{{rapid.SampledFrom([]int{-1, 1, 2, 3, 4, 5}).Draw(t, "nth"), weekday(rapid.IntRange(0, 6).Draw(t, "day"))}}
	case r.Freq == Monthly:
		r.Dates = rapid.SliceOfN(rapid.SampledFrom([]int{-1, 1, 15, 29, 30, 31}), 0, 3).Draw(t, "dates")
	}
	if rapid.Bool().Draw(t, "until") {
		r.Until = time.Date(2026, 12, rapid.IntRange(1, 200).Draw(t, "last"), 0, 0, 0, 0, time.UTC).Format(clock.DateLayout)
	} else {
		r.Count = rapid.IntRange(1, 30).Draw(t, "count")
	}
	r.tidy()
	return r
}

// A rule is read back as it was written; its days are in order, not before the first, and each fits the rule.
func TestRuleProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRule(t)
		back, err := ParseRule(r.String())
		if err != nil || back.String() != r.String() {
			t.Fatalf("%s: %s %v", r, back, err)
		}
		first := time.Date(2026, 11, rapid.IntRange(1, 60).Draw(t, "first"), 0, 0, 0, 0, time.UTC)
		days, err := r.On(first.Format(clock.DateLayout))
		if err != nil || !slices.IsSorted(days) || len(slices.Compact(slices.Clone(days))) != len(days) || len(days) > MaxDates {
			t.Fatalf("%s: %v %v", r, days, err)
		}
		if r.Count > 0 && len(days) > r.Count {
			t.Fatalf("%s: %d days", r, len(days))
		}
		for _, text := range days {
			d, _ := time.Parse(clock.DateLayout, text)
			if d.Before(first) || r.Until != "" && text > r.Until || !fits(r, first, d) {
				t.Fatalf("%s from %s gives %s", r, first.Format(clock.DateLayout), text)
			}
		}
	})
}

// fits tells whether a day is one of a rule, found by looking at the day alone.
func fits(r Rule, first, d time.Time) bool {
	switch r.Freq {
	case Daily:
		return int(d.Sub(first).Hours()/24)%r.Interval == 0
	case Weekly:
		monday := func(x time.Time) time.Time { return x.AddDate(0, 0, -int(x.Weekday()+6)%7) }
		on := len(r.Days) == 0 && d.Weekday() == first.Weekday() || slices.Contains(r.Days, Weekday{Day: d.Weekday()})
		return on && int(monday(d).Sub(monday(first)).Hours()/24/7)%r.Interval == 0
	}
	months := (d.Year()-first.Year())*12 + int(d.Month()-first.Month())
	if months%r.Interval != 0 {
		return false
	}
	last := d.AddDate(0, 0, 1).Month() != d.Month()
	for _, x := range r.Days {
		if d.Weekday() == x.Day && (x.Nth == (d.Day()+6)/7 || x.Nth == -1 && d.AddDate(0, 0, 7).Month() != d.Month()) {
			return true
		}
	}
	return slices.Contains(r.Dates, d.Day()) || last && slices.Contains(r.Dates, -1) || len(r.Days)+len(r.Dates) == 0 && d.Day() == first.Day()
}

func FuzzParseRule(f *testing.F) {
	for _, text := range []string{"FREQ=WEEKLY;BYDAY=TU,TH;COUNT=10", "RRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231", "FREQ=DAILY;INTERVAL=-1;COUNT=99999999999", "=;=", "FREQ=MONTHLY;BYMONTHDAY=-1,31;COUNT=3"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRule(text)
		if err != nil {
			return
		}
		back, err := ParseRule(r.String())
		if err != nil || back.String() != r.String() {
			t.Fatalf("%q: %s became %s (%v)", text, r, back, err)
		}
		if days, err := r.On("2026-02-28"); err != nil || len(days) > MaxDates {
			t.Fatalf("%q: %d days, %v", text, len(days), err)
		}
	})
}
