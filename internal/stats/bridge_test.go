package stats_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/dbtest"
	"qiao/internal/stats"
)

// open is a resource open from one hour to another on a day, free or taken.
func open(day string, from, to int, free bool) stats.Slot {
	midnight, err := clock.Midnight(day)
	if err != nil {
		return stats.Slot{}
	}
	return stats.Slot{Start: midnight.Add(time.Duration(from) * time.Hour), End: midnight.Add(time.Duration(to) * time.Hour), Free: free}
}

func TestTheBridgeShowsTheNextOpenDay(t *testing.T) {
	for _, c := range []struct {
		name  string
		slots map[string][][]stats.Slot // by day; start is Saturday, 21 November 2026, 10:00 in Jiaxing
		big   string
		unit  string
	}{
		{"free now", map[string][][]stats.Slot{"2026-11-21": {{open("2026-11-21", 9, 12, true)}, {open("2026-11-21", 9, 12, false)}, {open("2026-11-21", 14, 16, true)}}}, "1", "此刻"},
		{"free later today", map[string][][]stats.Slot{"2026-11-21": {{open("2026-11-21", 14, 16, true)}, {open("2026-11-21", 15, 16, true)}}}, "2", "今天"},
		{"only past hours today", map[string][][]stats.Slot{"2026-11-21": {{open("2026-11-21", 8, 10, true)}}, "2026-11-23": {{open("2026-11-23", 9, 17, true)}}}, "1", "11月23日"},
		{"all taken", map[string][][]stats.Slot{"2026-11-21": {{open("2026-11-21", 9, 17, false)}}}, "", ""},
		{"nothing", nil, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := dbtest.SQLite(t)
			s, ts := site(t, d, func(p *stats.Deps) {
				p.Portal.Slots = func(_ context.Context, day string) ([][]stats.Slot, error) { return c.slots[day], nil }
			})
			if err := s.Look(t.Context()); err != nil {
				t.Fatal(err)
			}
			home := page(t, ts, "", "/")
			if got := home.Find(".arch-big").Text(); got != c.big || !strings.Contains(home.Find(".arch-unit").Text(), c.unit) {
				t.Errorf("the bridge says %q %q, want %q %q", got, home.Find(".arch-unit").Text(), c.big, c.unit)
			}
			if stones := home.Find(".arch-stone").Length(); (c.big != "") != (stones == 24) {
				t.Errorf("%d stones", stones)
			}
		})
	}
}
