package booking

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
)

// monday is 2026-11-23 00:00 in the region.
func monday() time.Time { return time.Date(2026, 11, 23, 0, 0, 0, 0, clock.Zone()) }

func at(day, hour, minute int) time.Time {
	return monday().AddDate(0, 0, day).Add(time.Duration(hour*60+minute) * time.Minute)
}

func weekdays(from, to string) []Opening {
	var out []Opening
	for d := int64(1); d <= 5; d++ {
		out = append(out, Opening{Weekday: d, From: from, To: to})
	}
	return out
}

func plan() Plan {
	return Plan{Openings: weekdays("09:00", "17:00"), Rule: DefaultRule(), Now: monday(), Zone: clock.Zone()}
}

func TestBoardOfAnOrdinaryDay(t *testing.T) {
	p := plan()
	p.Now = at(0, 10, 30)
	p.Busy = []Busy{
		{Span{at(0, 13, 0), at(0, 15, 0)}, 1, SlotTaken},
		{Span{at(0, 16, 0), at(0, 18, 0)}, 0, SlotMaintenance},
	}
	got, err := p.Board("2026-11-23", "2026-11-23")
	if err != nil {
		t.Fatal(err)
	}
	want := "00:00 closed|09:00 closed|10:00 closed|11:00 free|12:00 free|13:00 taken|14:00 taken|15:00 free|16:00 maintenance|17:00 closed|"
	text := ""
	for _, s := range got {
		text += s.Start.Format("15:04") + " " + s.State + "|"
	}
	if text != want {
		t.Errorf("board\n got %s\nwant %s", text, want)
	}
}

func TestBoardKnowsHolidaysWeekendsAndOddHours(t *testing.T) {
	p := plan()
	p.Openings = append(weekdays("08:30", "11:45"), Opening{Weekday: 7, From: "00:00", To: "24:00"}, Opening{Weekday: 6, From: "bad", To: "24:01"})
	p.Holiday = func(day string) bool { return day == "2026-11-24" }
	free := map[string]int{}
	slots, err := p.Board("2026-11-23", "2026-11-29")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range slots {
		if s.State == SlotFree {
			free[s.Start.Format("01-02")]++
		}
	}
	if want := map[string]int{"11-23": 3, "11-25": 3, "11-26": 3, "11-27": 3, "11-29": 24}; fmt.Sprint(free) != fmt.Sprint(want) {
		t.Errorf("free hours %v, want %v", free, want)
	}
}

func TestPickSaysWhyNot(t *testing.T) {
	base := plan()
	base.Now = at(0, 10, 0)
	base.Rule = Rule{Units: 1, Before: 30, After: 30, Notice: 2, Ahead: 30, InnerAhead: 60, Mode: ModeSlots, Slot: 60, Step: 15}
	base.Busy = []Busy{{base.Rule.occupied(Span{at(1, 12, 0), at(1, 13, 0)}), 1, SlotTaken}}
	base.Holiday = func(day string) bool { return day == "2026-11-25" }
	for name, tc := range map[string]struct {
		span Span
		code string
	}{
		"good":            {Span{at(1, 9, 0), at(1, 11, 0)}, ""},
		"backwards":       {Span{at(1, 11, 0), at(1, 9, 0)}, "slot-order"},
		"empty":           {Span{at(1, 9, 0), at(1, 9, 0)}, "slot-order"},
		"past":            {Span{at(0, 9, 0), at(0, 10, 0)}, "slot-past"},
		"short notice":    {Span{at(0, 11, 0), at(0, 12, 0)}, "slot-notice"},
		"too far":         {Span{at(42, 9, 0), at(42, 10, 0)}, "slot-horizon"},
		"too long":        {Span{at(1, 9, 0), at(99, 9, 0)}, "slot-long"},
		"off the grid":    {Span{at(1, 9, 30), at(1, 10, 30)}, "slot-closed"},
		"over the night":  {Span{at(3, 16, 0), at(4, 10, 0)}, "slot-closed"},
		"holiday":         {Span{at(2, 9, 0), at(2, 10, 0)}, "slot-closed"},
		"taken":           {Span{at(1, 12, 0), at(1, 13, 0)}, "slot-taken"},
		"into the buffer": {Span{at(1, 13, 0), at(1, 14, 0)}, "slot-taken"},
	} {
		t.Run(name, func(t *testing.T) {
			unit, err := base.Pick(tc.span)
			if tc.code == "" && (err != nil || unit != 1) || tc.code != "" && !fault.Is(err, tc.code) {
				t.Errorf("unit %d, error %v, want code %q", unit, err, tc.code)
			}
		})
	}
}

func TestRangesThatAreNone(t *testing.T) {
	for _, r := range [][2]string{{"", ""}, {"2026-11-24", "2026-11-23"}, {"2026-11-23", "2027-11-23"}, {"2026-02-30", "2026-03-01"}} {
		if _, err := plan().Board(r[0], r[1]); !fault.Is(err, "slot-range") {
			t.Errorf("%v: %v", r, err)
		}
	}
}

// drawPlan draws any plan: hours, units, buffers, holidays, and a few things in the way.
func drawPlan(t *rapid.T) Plan {
	p := Plan{Zone: clock.Zone(), Now: at(0, 0, rapid.IntRange(0, 3*24*60).Draw(t, "now"))}
	p.Rule = Rule{
		Units: rapid.Int64Range(1, 3).Draw(t, "units"), Before: rapid.Int64Range(0, 90).Draw(t, "before"),
		After: rapid.Int64Range(0, 90).Draw(t, "after"), Notice: rapid.Int64Range(0, 30).Draw(t, "notice"), Ahead: rapid.Int64Range(1, 10).Draw(t, "ahead"),
		InnerNotice: rapid.Int64Range(0, 5).Draw(t, "inner notice"), InnerAhead: rapid.Int64Range(1, 20).Draw(t, "inner ahead"),
		Mode: rapid.SampledFrom([]string{ModeSlots, ModeFree, ModeDay}).Draw(t, "mode"), Step: rapid.SampledFrom([]int64{5, 15, 30}).Draw(t, "step"),
		Holidays: rapid.Bool().Draw(t, "holidays"),
	}
	p.Rule.Slot = p.Rule.Step * rapid.Int64Range(3, 6).Draw(t, "slot")
	if rapid.Bool().Draw(t, "bounded") {
		p.Rule.Most = max(p.Rule.Slot, 1440)
	}
	p.Inner = rapid.Bool().Draw(t, "inner")
	for range rapid.IntRange(0, 9).Draw(t, "openings") {
		from, to := rapid.IntRange(0, 47).Draw(t, "from"), rapid.IntRange(1, 48).Draw(t, "to")
		p.Openings = append(p.Openings, Opening{
			Weekday: rapid.Int64Range(1, 7).Draw(t, "weekday"),
			From:    fmt.Sprintf("%02d:%02d", from/2, from%2*30), To: fmt.Sprintf("%02d:%02d", to/2, to%2*30),
		})
	}
	off := rapid.IntRange(0, 9).Draw(t, "holiday")
	p.Holiday = func(day string) bool { return day == clock.Day(at(off, 0, 0)) }
	for range rapid.IntRange(0, 5).Draw(t, "busy") {
		start := at(0, 0, 15*rapid.IntRange(0, 9*96).Draw(t, "start"))
		p.Busy = append(p.Busy, Busy{
			Span:  Span{start, start.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "length")*15) * time.Minute)},
			Unit:  rapid.Int64Range(0, 3).Draw(t, "unit"),
			State: rapid.SampledFrom([]string{SlotTaken, SlotClosed, SlotMaintenance}).Draw(t, "state"),
		})
	}
	return p
}

// A board covers its days exactly and in order; every slot shown free is bookable as it stands, and
// no slot that is not shown free is.
func TestEverySlotShownFreeIsBookable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t)
		slots, err := p.Board("2026-11-23", "2026-12-02")
		if err != nil {
			t.Fatal(err)
		}
		next := monday()
		for _, s := range slots {
			if !s.Start.Equal(next) || !s.Start.Before(s.End) {
				t.Fatalf("gap or overlap before %v", s)
			}
			next = s.End
			_, err := p.Pick(Span{s.Start, s.End})
			if (s.State == SlotFree) != (err == nil) {
				t.Fatalf("%v shown %s, but Pick says %v", s.Start, s.State, err)
			}
			if (s.State == SlotFree) != (s.Left > 0) {
				t.Fatalf("%v shown %s with %d left", s.Start, s.State, s.Left)
			}
		}
		if !next.Equal(at(10, 0, 0)) {
			t.Fatalf("board ends at %v", next)
		}
	})
}

// However bookings are picked one after the other, no two of one unit overlap in occupied time.
func TestPickedBookingsNeverOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t)
		p.Busy = nil
		for range rapid.IntRange(1, 12).Draw(t, "tries") {
			start := at(0, rapid.IntRange(0, 9*24).Draw(t, "hour"), rapid.SampledFrom([]int{0, 30}).Draw(t, "half"))
			span := Span{start, start.Add(time.Duration(rapid.IntRange(1, 5).Draw(t, "hours")) * time.Hour)}
			unit, err := p.Pick(span)
			if err != nil {
				continue
			}
			taken := Busy{p.Rule.occupied(span), unit, SlotTaken}
			for _, b := range p.Busy {
				if b.Unit == unit && b.Overlaps(taken.Span) {
					t.Fatalf("%v overlaps %v", taken, b)
				}
			}
			p.Busy = append(p.Busy, taken)
		}
	})
}

func TestSpansAreHalfOpen(t *testing.T) {
	a := Span{at(0, 9, 0), at(0, 10, 0)}
	if a.Overlaps(Span{at(0, 10, 0), at(0, 11, 0)}) || a.Overlaps(Span{at(0, 8, 0), at(0, 9, 0)}) || !a.Overlaps(a) {
		t.Error("touching spans do not overlap; equal spans do")
	}
}

// The opening time of a span is what lies inside its hours; what is out of service is a part of it, whatever closures overlap.
func TestOpenedAndDown(t *testing.T) {
	p := plan()
	p.Holiday = func(day string) bool { return day == "2026-11-25" }
	week := Span{at(0, 0, 0), at(7, 0, 0)}
	if got := p.Opened(week); got != 4*8*60 {
		t.Errorf("a week with a holiday: %d minutes", got)
	}
	if got := p.Opened(Span{at(0, 16, 30), at(1, 9, 20)}); got != 50 {
		t.Errorf("over a night: %d minutes", got)
	}
	p.Busy = []Busy{
		{Span{at(0, 8, 0), at(0, 10, 0)}, 0, SlotMaintenance}, {Span{at(0, 9, 30), at(0, 11, 0)}, 0, SlotClosed},
		{Span{at(0, 9, 0), at(0, 17, 0)}, 1, SlotTaken}, {Span{at(4, 16, 0), at(9, 10, 0)}, 0, SlotClosed},
	}
	if got := p.Down(week); got != 2*60+60 {
		t.Errorf("closures that overlap and run out of the week: %d minutes", got)
	}
	rapid.Check(t, func(rt *rapid.T) {
		p := plan()
		for range rapid.IntRange(0, 6).Draw(rt, "closures") {
			from := at(0, 0, rapid.IntRange(-600, 8*1440).Draw(rt, "from"))
			p.Busy = append(p.Busy, Busy{Span{from, from.Add(time.Duration(rapid.IntRange(1, 3000).Draw(rt, "minutes")) * time.Minute)}, 0, SlotMaintenance})
		}
		cut := at(0, 0, rapid.IntRange(0, 7*1440).Draw(rt, "cut"))
		left, right := Span{week.From, cut}, Span{cut, week.To}
		if whole := p.Down(week); whole > p.Opened(week) || whole != p.Down(left)+p.Down(right) {
			rt.Fatalf("%d is not %d and %d of %d", whole, p.Down(left), p.Down(right), p.Opened(week))
		}
	})
}
