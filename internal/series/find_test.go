package series

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/booking"
	"qiao/internal/platform/clock"
)

// planOf is a plan that is open from 9 to 17 on every day.
func planOf(rule booking.Rule, busy ...booking.Busy) booking.Plan {
	p := booking.Plan{Rule: rule, Busy: busy, Now: instant(0, 8, 0), Zone: clock.Zone()}
	for d := int64(1); d <= 7; d++ {
		p.Openings = append(p.Openings, booking.Opening{Weekday: d, From: "09:00", To: "17:00"})
	}
	return p
}

func taken(day, from, to int) booking.Busy {
	return booking.Busy{Span: booking.Span{From: instant(day, from, 0), To: instant(day, to, 0)}, State: booking.SlotTaken}
}

// said writes down a time found: "2026-11-24 09:00 a b".
func said(list []Found) string {
	var out []string
	for _, x := range list {
		text := clock.Local(x.Start).Format("02 15:04")
		for _, p := range x.Picks {
			text += " " + p.Resource
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// One of a, b, c and two of d and e, for 3.5 hours.
func TestTheFirstTimesAreFound(t *testing.T) {
	free := booking.DefaultRule()
	free.Mode, free.Slot, free.Step = booking.ModeFree, 30, 30
	two := free
	two.Units = 2
	daily := booking.DefaultRule()
	daily.Mode = booking.ModeDay
	plans := map[string]booking.Plan{
		"a": planOf(free, taken(1, 9, 12)), "b": planOf(free, taken(1, 9, 17)), "c": planOf(free, taken(1, 10, 16)),
		"d": planOf(two, booking.Busy{Span: booking.Span{From: instant(1, 9, 0), To: instant(1, 13, 0)}, Unit: 1, State: booking.SlotTaken}), "e": planOf(free, taken(2, 9, 17)), "w": planOf(daily, taken(1, 9, 17)),
	}
	length := 210 * time.Minute
	for name, c := range map[string]struct {
		parts []Want
		want  string
	}{
		"one of three and two of two": {[]Want{{Resources: []string{"a", "b", "c"}, Count: 1, Length: length}, {Resources: []string{"d", "e"}, Count: 2, Length: length}}, "24 12:00 a d e, 24 12:30 a d e, 24 13:00 a d d"},
		"two units of one":            {[]Want{{Resources: []string{"d"}, Count: 2, Length: length}}, "24 13:00 d d, 24 13:30 d d, 25 09:00 d d"},
		"one after the other":         {[]Want{{Resources: []string{"a"}, Count: 1, Length: time.Hour}, {Resources: []string{"c"}, Count: 1, Length: time.Hour, After: 1, Gap: 30 * time.Minute}}, "24 14:30 a c, 25 09:00 a c, 25 09:30 a c"},
		"the same one twice":          {[]Want{{Resources: []string{"a"}, Count: 1, Length: 2 * time.Hour}, {Resources: []string{"a"}, Count: 1, Length: 2 * time.Hour, After: 1}}, "24 12:00 a a, 24 12:30 a a, 24 13:00 a a"},
		"a whole day beside hours":    {[]Want{{Resources: []string{"w"}, Count: 1, Length: 8 * time.Hour}, {Resources: []string{"b"}, Count: 1, Length: time.Hour}}, "25 09:00 w b, 25 09:00 w b, 25 09:00 w b"},
		"never":                       {[]Want{{Resources: []string{"a"}, Count: 2, Length: time.Hour}}, ""},
	} {
		got, err := Find(plans, Ask{Parts: c.parts, First: day(1), Last: day(7), Most: 3})
		if err != nil || said(got) != c.want {
			t.Errorf("%s: %s %v, want %s", name, said(got), err, c.want)
		}
	}
	got, err := Find(plans, Ask{Parts: []Want{{Resources: []string{"a"}, Count: 1, Length: time.Hour}}, First: day(1), Last: day(7), NotBefore: 15 * 60, NotAfter: 16 * 60, Weekdays: []time.Weekday{time.Friday}, Most: 3})
	if err != nil || said(got) != "27 15:00 a" {
		t.Errorf("%s %v", said(got), err)
	}
}

func TestBadAsksAreRefused(t *testing.T) {
	good := Want{Resources: []string{"a"}, Count: 1, Length: time.Hour}
	for name, a := range map[string]Ask{
		"no part":           {First: day(1), Last: day(2)},
		"nothing to choose": {Parts: []Want{{Count: 1, Length: time.Hour}}, First: day(1), Last: day(2)},
		"none of it":        {Parts: []Want{{Resources: []string{"a"}, Length: time.Hour}}, First: day(1), Last: day(2)},
		"no length":         {Parts: []Want{{Resources: []string{"a"}, Count: 1}}, First: day(1), Last: day(2)},
		"after itself":      {Parts: []Want{{Resources: []string{"a"}, Count: 1, Length: time.Hour, After: 1}}, First: day(1), Last: day(2)},
		"backwards":         {Parts: []Want{good}, First: day(2), Last: day(1)},
		"for ever":          {Parts: []Want{good}, First: day(2), Last: day(100)},
		"no day":            {Parts: []Want{good}, First: "soon", Last: day(1)},
		"too many":          {Parts: []Want{{Resources: []string{"a"}, Count: 8, Length: time.Hour}, {Resources: []string{"a"}, Count: 8, Length: time.Hour}}, First: day(1), Last: day(2)},
	} {
		if _, err := Find(nil, a); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// randomPlans are a few instruments with random rules and random times taken.
func randomPlans(t *rapid.T) map[string]booking.Plan {
	out := map[string]booking.Plan{}
	for _, id := range []string{"a", "b", "c"} {
		rule := booking.DefaultRule()
		rule.Units = int64(rapid.IntRange(1, 2).Draw(t, "units"))
		if rapid.Bool().Draw(t, "free") {
			rule.Mode, rule.Slot, rule.Step = booking.ModeFree, 60, 30
		}
		rule.After = int64(rapid.SampledFrom([]int{0, 0, 30}).Draw(t, "after"))
		var busy []booking.Busy
		for range rapid.IntRange(0, 5).Draw(t, "busy") {
			b := taken(rapid.IntRange(1, 2).Draw(t, "day"), 0, 0)
			from := rapid.IntRange(9, 16).Draw(t, "from")
			b.From = b.From.Add(time.Duration(from) * time.Hour)
			b.To = b.From.Add(time.Duration(rapid.IntRange(1, 3).Draw(t, "hours")) * time.Hour)
			b.Unit = int64(rapid.IntRange(0, int(rule.Units)).Draw(t, "unit"))
			busy = append(busy, b)
		}
		out[id] = planOf(rule, busy...)
	}
	return out
}

// brute looks at every half hour and every choice.
func brute(plans map[string]booking.Plan, a Ask) []time.Time {
	var out []time.Time
	first, _ := clock.Midnight(a.First)
	last, _ := clock.Midnight(a.Last)
	for at := first; at.Before(last.AddDate(0, 0, 1)); at = at.Add(30 * time.Minute) {
		if anyChoice(plans, a, at, 0, 0, 0) {
			out = append(out, at)
		}
	}
	return out
}

// anyChoice tries every resource for the n-th of a part, from one on: of equal ones the order does not matter.
func anyChoice(plans map[string]booking.Plan, a Ask, at time.Time, part, n, from int) bool {
	if part == len(a.Parts) {
		return true
	}
	p := a.Parts[part]
	if n == p.Count {
		return anyChoice(plans, a, at, part+1, 0, 0)
	}
	begin := at.Add(a.offsets()[part])
	for j := from; j < len(p.Resources); j++ {
		r := p.Resources[j]
		after, _, ok := plans[r].Take(booking.Span{From: begin, To: begin.Add(p.Length)})
		if !ok {
			continue
		}
		next := map[string]booking.Plan{}
		for id, plan := range plans {
			next[id] = plan
		}
		next[r] = after
		if anyChoice(next, a, at, part, n+1, j) {
			return true
		}
	}
	return false
}

// The finder finds the times that looking at everything finds, and what it picks can be booked one after the other.
func TestTheFinderFindsWhatThereIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plans := randomPlans(t)
		a := Ask{First: day(1), Last: day(2), Most: mostFound}
		for i := range rapid.IntRange(1, 3).Draw(t, "parts") {
			w := Want{Count: rapid.IntRange(1, 2).Draw(t, "count"), Length: time.Duration(rapid.IntRange(1, 3).Draw(t, "length")) * time.Hour}
			w.Resources = rapid.SampledFrom([][]string{{"a"}, {"b", "a"}, {"a", "b", "c"}, {"c"}}).Draw(t, "of")
			if i > 0 && rapid.Bool().Draw(t, "follows") {
				w.After, w.Gap = rapid.IntRange(1, i).Draw(t, "after part"), time.Duration(rapid.SampledFrom([]int{0, 30}).Draw(t, "gap"))*time.Minute
			}
			a.Parts = append(a.Parts, w)
		}
		got, err := Find(plans, a)
		if err != nil {
			t.Fatal(err)
		}
		want := brute(plans, a)
		var starts []time.Time
		for _, x := range got {
			starts = append(starts, x.Start)
			book := plans
			for _, p := range x.Picks {
				after, _, ok := book[p.Resource].Take(p.Span)
				if !ok {
					t.Fatalf("%v cannot be booked", x)
				}
				book = copied(book)
				book[p.Resource] = after
			}
			if len(x.Picks) != counted(a) {
				t.Fatalf("%d picks", len(x.Picks))
			}
		}
		if !slices.EqualFunc(starts, want, time.Time.Equal) {
			t.Fatalf("%v found, %v there", starts, want)
		}
	})
}

func copied(plans map[string]booking.Plan) map[string]booking.Plan {
	out := map[string]booking.Plan{}
	for id, p := range plans {
		out[id] = p
	}
	return out
}

func counted(a Ask) int {
	n := 0
	for _, p := range a.Parts {
		n += p.Count
	}
	return n
}

// manyPlans are fifty instruments, each with six bookings a day over thirty days, so that hardly anything is free.
func manyPlans() map[string]booking.Plan {
	rule := booking.DefaultRule()
	rule.Mode, rule.Slot, rule.Step = booking.ModeFree, 30, 15
	out := map[string]booking.Plan{}
	for i := range 50 {
		var busy []booking.Busy
		for d := range 30 {
			for k := range 6 {
				b := taken(d+1, 9+k+(i+d)%2, 9+k+(i+d)%2)
				b.To = b.From.Add(50 * time.Minute)
				busy = append(busy, b)
			}
		}
		out[fmt.Sprintf("r%02d", i)] = planOf(rule, busy...)
	}
	return out
}

// Fifty instruments over thirty days in which nothing fits: the worst case.
func BenchmarkFind(b *testing.B) {
	plans := manyPlans()
	var parts []Want
	for i := range 5 {
		w := Want{Count: 2, Length: 210 * time.Minute}
		for j := range 10 {
			w.Resources = append(w.Resources, fmt.Sprintf("r%02d", i*10+j))
		}
		parts = append(parts, w)
	}
	for b.Loop() {
		got, err := Find(plans, Ask{Parts: parts, First: day(1), Last: day(30), Most: 12})
		if err != nil || len(got) > 0 {
			b.Fatal(said(got), err)
		}
	}
}
