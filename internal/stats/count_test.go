package stats

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/platform/clock"
)

// However slots lie, no span has more free resources than open ones, nor more open ones than there are.
func TestNoStoneIsBrighterThanFull(t *testing.T) {
	midnight, err := clock.Midnight("2026-11-21")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		at := rapid.Custom(func(r *rapid.T) time.Time {
			return midnight.Add(time.Duration(rapid.IntRange(0, 24*60).Draw(r, "minute")) * time.Minute)
		})
		slot := rapid.Custom(func(r *rapid.T) Slot {
			return Slot{Start: at.Draw(r, "start"), End: at.Draw(r, "end"), Free: rapid.Bool().Draw(r, "free")}
		})
		resources := rapid.SliceOfN(rapid.SliceOfN(slot, 0, 5), 0, 5).Draw(r, "resources")
		o, err := count("2026-11-21", at.Draw(r, "now"), resources)
		if err != nil || len(o.Spans) != 24 || o.Some > len(resources) {
			r.Fatal(o, err)
		}
		for _, x := range o.Spans {
			if x.Free < 0 || x.Free > x.Open || x.Open > len(resources) {
				r.Fatalf("%+v of %d resources", x, len(resources))
			}
		}
	})
}
