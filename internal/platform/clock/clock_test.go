package clock

import (
	"testing"
	"time"
)

func TestDayIsTheRegionsDay(t *testing.T) {
	for _, c := range []struct{ utc, day string }{
		{"2026-11-21T15:59:59Z", "2026-11-21"},
		{"2026-11-21T16:00:00Z", "2026-11-22"}, // midnight in the region
		{"2026-12-31T20:00:00Z", "2027-01-01"},
	} {
		at, err := time.Parse(time.RFC3339, c.utc)
		if err != nil {
			t.Fatal(err)
		}
		if got := Day(at); got != c.day {
			t.Errorf("Day(%s) = %s, want %s", c.utc, got, c.day)
		}
	}
	at, err := Midnight("2026-11-22")
	if err != nil || !at.Equal(time.Date(2026, 11, 21, 16, 0, 0, 0, time.UTC)) {
		t.Errorf("Midnight = %v, %v", at, err)
	}
}

func TestFakeStandsStill(t *testing.T) {
	f := NewFake(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	f.Advance(time.Hour)
	if got := f.Now().Hour(); got != 1 {
		t.Errorf("hour %d after advancing one", got)
	}
	if d, err := AddDays("2026-02-28", 1); err != nil || d != "2026-03-01" {
		t.Errorf("AddDays: %s %v", d, err)
	}
}
