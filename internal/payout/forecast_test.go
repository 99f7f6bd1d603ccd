package payout

import (
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/money"
	"qiao/internal/voucher"
)

func TestForesee(t *testing.T) {
	r := Rules{ForecastWeeks: 4, ForecastLeast: 2, ForecastYears: 3}
	week := func(first, second, third, fourth money.Fen) []voucher.DaySum {
		return []voucher.DaySum{{Day: "2026-01-05", Amount: fourth}, {Day: "2026-01-12", Amount: third}, {Day: "2026-01-19", Amount: second}, {Day: "2026-01-26", Amount: first}}
	}
	for _, tc := range []struct {
		name                   string
		left                   money.Fen
		issued                 []voucher.DaySum
		why                    string
		ends, earliest, latest string
		pace                   money.Fen
	}{
		{"even", 400, week(100, 100, 100, 100), "", "2026-03-02", "2026-03-02", "2026-03-02", 100},
		{"uneven", 600, week(200, 200, 100, 100), "", "2026-03-02", "2026-02-23", "2026-03-16", 150},
		{"weak weeks with nothing", 100, week(200, 0, 0, 0), "", "2026-02-16", "2026-02-09", "", 50},
		{"nothing lately", 100, []voucher.DaySum{{Day: "2025-01-01", Amount: 5}}, "still", "", "", "", 0},
		{"little", 100, []voucher.DaySum{{Day: "2026-01-25", Amount: 5}}, "little", "", "", "", 0},
		{"none", 100, nil, "little", "", "", "", 0},
		{"gone", 0, week(100, 100, 100, 100), "gone", "", "", "", 0},
		{"too far", 1_000_000, week(100, 100, 100, 100), "", "", "", "", 100},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := Foresee(r, "2026-02-02", tc.left, tc.issued)
			if f.Why != tc.why || f.Ends != tc.ends || f.Earliest != tc.earliest || f.Latest != tc.latest || f.Pace != tc.pace {
				t.Errorf("%+v", f)
			}
		})
	}
}

// The range always holds the forecast.
func TestForeseeRange(t *testing.T) {
	r := shippedRules(t)
	rapid.Check(t, func(t *rapid.T) {
		var issued []voucher.DaySum
		for back := rapid.IntRange(1, 150).Draw(t, "first"); back > 0; back -= rapid.IntRange(1, 40).Draw(t, "step") {
			day, err := clock.AddDays("2026-11-23", -back)
			if err != nil {
				t.Fatal(err)
			}
			issued = append(issued, voucher.DaySum{Day: day, Amount: money.Fen(rapid.Int64Range(1, 1e9).Draw(t, "amount"))})
		}
		f := Foresee(r, "2026-11-23", money.Fen(rapid.Int64Range(1, 1e12).Draw(t, "left")), issued)
		if f.Why == "" && (f.Fast < f.Pace || f.Pace < f.Slow || f.Ends != "" && f.Earliest > f.Ends || f.Latest != "" && f.Latest < f.Ends) {
			t.Fatalf("%+v", f)
		}
	})
}
