package booking

import (
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// Upkeep closes its times as far ahead as one can book; what is booked is left alone and closed once it is free; a time that
// was opened again stays open; ended, the coming times are open.
func TestUpkeepClosesItsTimes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		holder, err := w.reserve("sem", Span{at(8, 9, 0), at(8, 10, 0)})
		if err != nil {
			t.Fatal(err)
		}
		u := Upkeep{Resource: "sem", Every: EveryWeek, Weekday: 2, From: 9 * 60, To: 11 * 60, First: clock.Day(at(1, 0, 0))}
		for _, bad := range []Upkeep{{Resource: "sem"}, {Resource: "sem", Every: EveryMonth, Weekday: 2, From: 600, To: 660, First: u.First}, {Resource: "sem", Every: EveryWeek, Weekday: 2, From: 660, To: 600, First: u.First}, {Resource: "sem", Every: EveryWeek, Weekday: 2, From: 600, To: 660, First: "2020-01-01"}} {
			if _, err := w.AddUpkeep(ctx, lab(), bad, ""); !fault.Is(err, "upkeep-invalid") {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if u, err = w.AddUpkeep(ctx, lab(), u, "k"); err != nil {
			t.Fatal(err)
		}
		closed := func() map[string]bool {
			list, err := w.Closures(ctx, d, "sem")
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]bool{}
			for _, c := range list {
				out[clock.Day(c.Start.Time)] = true
			}
			return out
		}
		got := closed()
		if !got[clock.Day(at(1, 0, 0))] || got[clock.Day(at(8, 0, 0))] || !got[clock.Day(at(15, 0, 0))] || len(got) < 25 {
			t.Errorf("closed: %v", got)
		}
		if err := w.release(holder); err != nil {
			t.Fatal(err)
		}
		if err := w.Reopen(ctx, lab(), u.closureOf(Span{From: at(15, 9, 0)})); err != nil {
			t.Fatal(err)
		}
		if err := w.Maintain(ctx); err != nil {
			t.Fatal(err)
		}
		if got := closed(); !got[clock.Day(at(8, 0, 0))] || got[clock.Day(at(15, 0, 0))] {
			t.Errorf("a week later: %v", got)
		}
		if _, err := w.EndUpkeep(ctx, lab(), u.ID); err != nil {
			t.Fatal(err)
		}
		if got := closed(); len(got) != 0 {
			t.Errorf("ended, but closed: %v", got)
		}
	})
}

// The times of upkeep fall on its weekday, in its days, once a month where it is monthly.
func TestWhenUpkeepIs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		u := Upkeep{Every: rapid.SampledFrom([]string{EveryWeek, EveryMonth}).Draw(rt, "every"), Weekday: rapid.Int64Range(1, 7).Draw(rt, "weekday"), Nth: rapid.Int64Range(1, 5).Draw(rt, "nth"), From: 540, To: 600}
		u.First = clock.Day(at(rapid.IntRange(0, 40).Draw(rt, "first"), 0, 0))
		months := map[string]int{}
		for _, x := range u.times(clock.Day(at(0, 0, 0)), clock.Day(at(400, 0, 0))) {
			if int64(x.From.Weekday()+6)%7+1 != u.Weekday || clock.Day(x.From) < u.First {
				rt.Fatalf("%v of %+v", x, u)
			}
			months[x.From.Format("2006-01")]++
		}
		for m, n := range months {
			if u.Every == EveryMonth && n != 1 {
				rt.Fatalf("%d times in %s of %+v", n, m, u)
			}
		}
		if len(months) < 10 {
			rt.Fatalf("only in %v of %+v", months, u)
		}
	})
}
