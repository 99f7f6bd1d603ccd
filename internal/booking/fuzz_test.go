package booking

import "testing"

// Opening hours as anybody may have stored them never make the board fail, overlap or leave its day.
func FuzzOpeningHours(f *testing.F) {
	f.Add("09:00", "17:00", "08:30", "24:00")
	f.Add("x", "-1:00", "25:00", "9:5")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		p := plan()
		p.Openings = []Opening{{Weekday: 1, From: a, To: b}, {Weekday: 1, From: c, To: d}}
		slots, err := p.Board("2026-11-23", "2026-11-23")
		if err != nil || len(slots) == 0 || !slots[0].Start.Equal(at(0, 0, 0)) || !slots[len(slots)-1].End.Equal(at(1, 0, 0)) {
			t.Fatalf("%v %v", slots, err)
		}
		for i := range slots[1:] {
			if !slots[i].End.Equal(slots[i+1].Start) {
				t.Fatalf("a gap after %v", slots[i])
			}
		}
	})
}
