package payout

import (
	"slices"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/money"
	"qiao/internal/voucher"
)

// Forecast says when a budget will be issued, going by the pace of the last weeks.
type Forecast struct {
	Weeks    int       // whole weeks that were looked at
	Least    int       // how many it takes
	Pace     money.Fen // issued a week, on average
	Fast     money.Fen // on average in the stronger half of the weeks
	Slow     money.Fen // in the weaker half
	Ends     string    // civil day on which nothing is left at the average pace; empty: not within the years looked ahead
	Earliest string    // at the fast pace
	Latest   string    // at the slow pace; empty: not within the years looked ahead
	Why      string    // why nothing is forecast: "little" data, "still" where nothing was issued, "gone" where nothing is left
}

// Foresee is the rule. The last whole weeks before today are looked at, back to the first day on which anything was issued and at
// most as many as the rules say; with fewer than the rules ask for nothing is forecast. The day is today plus what is left ÷ the
// average of a week; the range takes the average of the stronger and of the weaker half of the weeks instead.
func Foresee(r Rules, today string, left money.Fen, issued []voucher.DaySum) Forecast {
	f := Forecast{Least: r.ForecastLeast}
	day, err := time.Parse(clock.DateLayout, today)
	if err != nil || len(issued) == 0 {
		f.Why = "little"
		return f
	}
	first, err := time.Parse(clock.DateLayout, issued[0].Day)
	if err != nil {
		f.Why = "little"
		return f
	}
	f.Weeks = min(r.ForecastWeeks, int(day.Sub(first).Hours()/24)/7)
	switch {
	case left <= 0:
		f.Why = "gone"
		return f
	case f.Weeks < max(1, r.ForecastLeast):
		f.Why = "little"
		return f
	}
	weeks := make([]money.Fen, f.Weeks)
	for _, x := range issued {
		at, err := time.Parse(clock.DateLayout, x.Day)
		if err != nil {
			continue
		}
		if back := int(day.Sub(at).Hours() / 24); back >= 1 && (back-1)/7 < f.Weeks {
			weeks[(back-1)/7] += x.Amount
		}
	}
	slices.Sort(weeks)
	half := max(1, len(weeks)/2)
	f.Pace, f.Slow, f.Fast = mean(weeks), mean(weeks[:half]), mean(weeks[len(weeks)-half:])
	if f.Pace <= 0 {
		f.Why = "still"
		return f
	}
	f.Ends, f.Earliest, f.Latest = f.end(r, day, left, f.Pace), f.end(r, day, left, f.Fast), f.end(r, day, left, f.Slow)
	return f
}

// end is the day on which what is left is gone at a weekly pace; empty when it is further away than the rules look.
func (f Forecast) end(r Rules, today time.Time, left, pace money.Fen) string {
	if pace <= 0 || left/pace > money.Fen(53*r.ForecastYears) {
		return ""
	}
	days := int((left*7 + pace - 1) / pace)
	at := today.AddDate(0, 0, days)
	if at.After(today.AddDate(r.ForecastYears, 0, 0)) {
		return ""
	}
	return at.Format(clock.DateLayout)
}

func mean(weeks []money.Fen) money.Fen {
	var sum money.Fen
	for _, w := range weeks {
		sum += w
	}
	return sum / money.Fen(len(weeks))
}
