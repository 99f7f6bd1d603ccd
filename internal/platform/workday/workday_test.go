package workday_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"qiao/internal/platform/workday"

	"pgregory.net/rapid"
)

func china(t interface{ Fatal(...any) }) *workday.Calendar {
	c, err := workday.China()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestIs(t *testing.T) {
	c := china(t)
	for _, x := range []struct {
		day            string
		working, known bool
	}{
		{"2026-11-20", true, true},   // an ordinary Friday
		{"2026-11-21", false, true},  // a Saturday
		{"2026-10-01", false, true},  // National Day, a Thursday
		{"2026-10-10", true, true},   // make-up Saturday
		{"2026-02-14", true, true},   // make-up Saturday before the Spring Festival
		{"2026-01-04", true, true},   // make-up Sunday
		{"2025-10-08", false, true},  // eighth day of the joint holiday
		{"2025-09-28", true, true},   // make-up Sunday
		{"2024-05-11", true, true},   // make-up Saturday
		{"2024-06-10", false, true},  // Dragon Boat, a Monday
		{"2018-12-29", true, true},   // from the file of 2019
		{"2018-12-31", false, true},  // from the file of 2019
		{"2006-12-30", true, true},   // from the file of 2007, though 2006 has none
		{"2006-12-28", true, false},  // 2006 itself is unknown
		{"2026-12-28", true, true},   // before the days a notice for 2027 could move
		{"2026-12-31", true, false},  // the notice for 2027 may still move it
		{"2027-01-01", true, false},  // unknown: weekends only
		{"2027-01-02", false, false}, // a Saturday of an unknown year
		{"2026-02-30", false, false}, // no date
	} {
		working, known := c.Is(x.day)
		if working != x.working || known != x.known {
			t.Errorf("Is(%s) = %v, %v; want %v, %v", x.day, working, known, x.working, x.known)
		}
	}
}

// The notices of 2024–2026 name these many days; a wrong or missing file would change a number.
func TestWorkingDaysOfAYear(t *testing.T) {
	c := china(t)
	for year, want := range map[int]int{2024: 251, 2025: 248, 2026: 248} {
		n := 0
		for d := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == year; d = d.AddDate(0, 0, 1) {
			if worked, _ := c.Is(d.Format(time.DateOnly)); worked {
				n++
			}
		}
		if n != want {
			t.Errorf("%d has %d working days, want %d", year, n, want)
		}
	}
	for y := 2007; y <= 2026; y++ {
		if !c.Knows(y) || len(c.Papers(y)) == 0 {
			t.Errorf("the notice of %d is missing", y)
		}
	}
	if c.Knows(2027) {
		t.Error("2027 is known, though its notice is not out")
	}
}

func TestDue(t *testing.T) {
	c := china(t)
	for _, x := range []struct {
		name        string
		limit       workday.Limit
		due, ended  string
		provisional bool
	}{
		{"20 days across the Spring Festival", workday.Limit{Received: "2026-02-03", N: 20}, "2026-03-09", "", false},
		{"5 days over National Day 2026", workday.Limit{Received: "2026-09-28", N: 5}, "2026-10-10", "", false},
		{"make-up Saturday counts", workday.Limit{Received: "2026-10-08", N: 2}, "2026-10-10", "", false},
		{"received on a day off", workday.Limit{Received: "2026-10-03", N: 1}, "2026-10-08", "", false},
		{"from one year into the next", workday.Limit{Received: "2025-12-30", N: 3}, "2026-01-05", "", false},
		{"December of 2018 from the file of 2019", workday.Limit{Received: "2018-12-28", N: 2}, "2019-01-02", "", false},
		{"into 2027", workday.Limit{Received: "2026-12-25", N: 6}, "2027-01-04", "", true},
		{"before 2027", workday.Limit{Received: "2026-12-21", N: 5}, "2026-12-28", "", false},
		{"no days", workday.Limit{Received: "2026-11-21", N: 0}, "2026-11-21", "", false},
		{"a supplement asked for and received", workday.Limit{Received: "2026-11-02", N: 5, Pauses: []workday.Pause{{From: "2026-11-04", To: "2026-11-10"}}}, "2026-11-16", "", false},
		{"overlapping pauses count once", workday.Limit{Received: "2026-11-02", N: 5, Pauses: []workday.Pause{{From: "2026-11-06", To: "2026-11-10"}, {From: "2026-11-04", To: "2026-11-07"}}}, "2026-11-16", "", false},
		{"a pause that began before", workday.Limit{Received: "2026-11-02", N: 1, Pauses: []workday.Pause{{From: "2026-10-30", To: "2026-11-04"}}}, "2026-11-05", "", false},
		{"natural days", workday.Limit{Received: "2026-11-02", N: 10, Unit: workday.Natural}, "2026-11-12", "", false},
		{"natural days ending on a holiday", workday.Limit{Received: "2026-09-28", N: 5, Unit: workday.Natural}, "2026-10-08", "2026-10-03", false},
		{"natural days kept on the holiday", workday.Limit{Received: "2026-09-28", N: 5, Unit: workday.Natural, Keep: true}, "2026-10-03", "", false},
		{"natural days through an unknown year", workday.Limit{Received: "2026-12-01", N: 60, Unit: workday.Natural}, "2027-02-01", "2027-01-30", true},
		{"natural days with a pause", workday.Limit{Received: "2026-11-02", N: 3, Unit: workday.Natural, Pauses: []workday.Pause{{From: "2026-11-03", To: "2026-11-09"}}}, "2026-11-12", "", false},
		{"one month", workday.Limit{Received: "2026-03-31", N: 1, Unit: workday.Month}, "2026-04-30", "", false},
		{"three months to a short month", workday.Limit{Received: "2025-11-30", N: 3, Unit: workday.Month}, "2026-02-28", "", false},
		{"a month ending in the Spring Festival", workday.Limit{Received: "2026-01-17", N: 1, Unit: workday.Month}, "2026-02-24", "2026-02-17", false},
		{"natural days moved past a weekend into a pause", workday.Limit{Received: "2026-08-24", N: 5, Unit: workday.Natural, Pauses: []workday.Pause{{From: "2026-08-30", To: "2026-08-31"}}}, "2026-09-01", "2026-08-29", false},
		{"a month moved past a weekend into a pause", workday.Limit{Received: "2026-07-29", N: 1, Unit: workday.Month, Pauses: []workday.Pause{{From: "2026-08-30", To: "2026-08-31"}}}, "2026-09-01", "2026-08-29", false},
		{"a month with a pause of ten days", workday.Limit{Received: "2026-06-01", N: 1, Unit: workday.Month, Pauses: []workday.Pause{{From: "2026-06-10", To: "2026-06-19"}}}, "2026-07-13", "2026-07-11", false},
	} {
		got, err := c.Due(x.limit)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		if got.Due != x.due || got.Ended != x.ended || got.Provisional != x.provisional {
			t.Errorf("%s: due %s ended %q provisional %v; want %s %q %v", x.name, got.Due, got.Ended, got.Provisional, x.due, x.ended, x.provisional)
		}
		if l := x.limit; l.Unit != workday.Month && len(got.Days) != l.N {
			t.Errorf("%s: %d days counted, want %d", x.name, len(got.Days), l.N)
		}
	}
}

func TestDueRefuses(t *testing.T) {
	c := china(t)
	var bad *workday.DayError
	if _, err := c.Due(workday.Limit{Received: "2026-02-30", N: 1}); !errors.As(err, &bad) {
		t.Errorf("an impossible date: %v", err)
	}
	if _, err := c.Due(workday.Limit{Received: "2026-02-03", N: 1, Pauses: []workday.Pause{{From: "2026-02-04", To: "x"}}}); !errors.As(err, &bad) {
		t.Errorf("a bad pause: %v", err)
	}
	if _, err := c.Due(workday.Limit{Received: "2026-02-03", N: 1, Pauses: []workday.Pause{{From: "2026-02-05", To: "2026-02-04"}}}); !errors.Is(err, workday.ErrPause) {
		t.Errorf("a pause backwards: %v", err)
	}
	for _, n := range []int{-1, workday.MaxUnits + 1} {
		if _, err := c.Due(workday.Limit{Received: "2026-02-03", N: n}); !errors.Is(err, workday.ErrUnits) {
			t.Errorf("%d days: %v", n, err)
		}
	}
	if _, err := c.Due(workday.Limit{Received: "2026-02-03", N: 1, Unit: "week"}); !errors.Is(err, workday.ErrUnit) {
		t.Errorf("weeks: %v", err)
	}
}

func TestRegionsHaveTheirOwnDays(t *testing.T) {
	c, err := china(t).With(
		workday.Entry{Day: "2026-11-23", Name: "台风停工", Off: true, Region: "330400"},
		workday.Entry{Day: "2026-11-24", Name: "全省停工", Off: true, Region: "330000"},
		workday.Entry{Day: "2026-11-24", Name: "本市照常", Off: false, Region: "330400"},
	)
	if err != nil {
		t.Fatal(err)
	}
	for region, want := range map[string]string{"": "2026-11-24", "330402": "2026-11-25", "330100": "2026-11-25", "320500": "2026-11-24"} {
		if due, _, _, err := c.In(region).Add("2026-11-20", 2); err != nil || due != want {
			t.Errorf("in %q: due %s, %v; want %s", region, due, err, want)
		}
	}
	if _, err := c.With(workday.Entry{Day: "tomorrow"}); err == nil {
		t.Error("an entry without a date was taken")
	}
}

func TestANewNoticeMakesAYearKnown(t *testing.T) {
	more := fstest.MapFS{"2027.json": {Data: []byte(`{"year":2027,"papers":["p"],"days":[{"name":"元旦","date":"2026-12-31","isOffDay":true},{"name":"元旦","date":"2027-01-01","isOffDay":true}]}`)}}
	c, err := workday.China(more)
	if err != nil {
		t.Fatal(err)
	}
	due, _, provisional, err := c.Add("2026-12-29", 2)
	if err != nil || due != "2027-01-04" || provisional {
		t.Errorf("due %s provisional %v, %v", due, provisional, err)
	}
	for name, text := range map[string]string{"broken": `{"year":`, "no year": `{"days":[]}`, "bad date": `{"year":2027,"days":[{"name":"x","date":"1 Jan","isOffDay":true}]}`, "no flag": `{"year":2027,"days":[{"name":"x","date":"2027-01-01"}]}`} {
		if _, err := workday.China(fstest.MapFS{"x.json": {Data: []byte(text)}}); err == nil {
			t.Errorf("a file that is %s was taken", name)
		}
	}
}

func TestLeft(t *testing.T) {
	c := china(t)
	for _, x := range []struct {
		due, day string
		want     int
	}{{"2026-10-09", "2026-09-28", 4}, {"2026-10-09", "2026-10-09", 0}, {"2026-10-09", "2026-10-12", -2}, {"2026-10-09", "2026-10-03", 2}} {
		if got, err := c.Left(x.due, x.day); err != nil || got != x.want {
			t.Errorf("Left(%s, %s) = %d, %v; want %d", x.due, x.day, got, err, x.want)
		}
	}
}

// Add counts exactly n working days, strictly after the start, in order, each of them worked; one
// day more never ends earlier; a later start never ends earlier; and a pause never shortens.
func TestAddProperties(t *testing.T) {
	c := china(t)
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2008, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 7300).Draw(t, "start"))
		n := rapid.IntRange(0, 90).Draw(t, "n")
		from := start.Format(time.DateOnly)
		due, days, _, err := c.Add(from, n)
		if err != nil || len(days) != n || !slices.IsSorted(days) {
			t.Fatalf("Add(%s, %d) = %s %v, %v", from, n, due, days, err)
		}
		for _, d := range days {
			if worked, _ := c.Is(d); !worked || d <= from {
				t.Fatalf("%s was counted from %s", d, from)
			}
		}
		if n > 0 && days[n-1] != due {
			t.Fatalf("due %s, but the last counted day is %s", due, days[n-1])
		}
		if left, _ := c.Left(due, from); left != n {
			t.Fatalf("%d days left of %d", left, n)
		}
		if more, _, _, _ := c.Add(from, n+1); more <= due {
			t.Fatalf("one day more ends on %s, not after %s", more, due)
		}
		if later, _, _, _ := c.Add(start.AddDate(0, 0, 1).Format(time.DateOnly), n); later < due {
			t.Fatalf("a later start ends on %s, before %s", later, due)
		}
		p := start.AddDate(0, 0, rapid.IntRange(-5, 60).Draw(t, "pause"))
		long := rapid.IntRange(0, 20).Draw(t, "long")
		stays := func(l workday.Limit, days int) string {
			l.Received, l.Pauses = from, []workday.Pause{{From: p.Format(time.DateOnly), To: p.AddDate(0, 0, days).Format(time.DateOnly)}}
			got, err := c.Due(l)
			if err != nil || l.N > 0 && got.Due >= l.Pauses[0].From && got.Due <= l.Pauses[0].To {
				t.Fatalf("%+v ends on %s, in its pause: %v", l, got.Due, err)
			}
			return got.Due
		}
		for _, unit := range []workday.Unit{workday.Working, workday.Natural, workday.Month} {
			l := workday.Limit{N: n, Unit: unit}
			if unit == workday.Month {
				l.N = n % 13
			}
			if short, longer := stays(l, long), stays(l, long+1); l.N > 0 && longer < short {
				t.Fatalf("%s: a pause one day longer ends on %s, before %s", unit, longer, short)
			}
		}
		paused, err := c.Due(workday.Limit{Received: from, N: n, Pauses: []workday.Pause{{From: p.Format(time.DateOnly), To: p.AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "length")).Format(time.DateOnly)}}})
		if err != nil || paused.Due < due || len(paused.Days) != n {
			t.Fatalf("with a pause %+v, %v; without %s", paused, err, due)
		}
	})
}

func TestRun(t *testing.T) {
	c := china(t)
	run := func(args string) (string, error) {
		var b strings.Builder
		err := workday.Run(c, strings.Fields(args), &b)
		return b.String(), err
	}
	got, err := run("--received 2026-09-28 --days 3 --pause 2026-09-30..2026-10-08")
	if want := "due 2026-10-10\n1 2026-09-29\n2 2026-10-09\n3 2026-10-10\n"; err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	if got, err := run("--received 2026-12-25 --days 5"); err != nil || !strings.Contains(got, "provisional") {
		t.Errorf("into 2027: %q, %v", got, err)
	}
	if got, err := run("--received 2026-09-28 --days 5 --unit natural"); err != nil || !strings.Contains(got, "moved from 2026-10-03") {
		t.Errorf("natural: %q, %v", got, err)
	}
	if got, err := run("--help"); err != nil || !strings.Contains(got, "Example") {
		t.Errorf("help: %q, %v", got, err)
	}
	for _, args := range []string{"", "--received 2026-13-01 --days 3", "--received 2026-11-21", "--received 2026-11-21 --days 3 --pause 2026-11-22", "--received 2026-11-21 --days 3 --unit week", "--received 2026-11-21 --days 3 extra", "--received 2026-11-21 --days x"} {
		if got, err := run(args); !errors.Is(err, workday.ErrUsage) || got != "" {
			t.Errorf("%q: %q, %v", args, got, err)
		}
	}
}

func FuzzRun(f *testing.F) {
	f.Add("2026-09-28", 5, "working", "2026-09-30..2026-10-08")
	f.Add("2026-12-31", 400, "month", "..")
	c := china(f)
	f.Fuzz(func(t *testing.T, received string, n int, unit, pause string) {
		var b strings.Builder
		err := workday.Run(c, []string{"--received=" + received, "--days=" + strconv.Itoa(n), "--unit=" + unit, "--pause=" + pause}, &b)
		if err == nil && !strings.HasPrefix(b.String(), "due ") {
			t.Fatalf("no due date in %q", b.String())
		}
	})
}
