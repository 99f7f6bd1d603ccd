package settle

import (
	_ "embed" // rules.json
	"errors"
	"fmt"
	"strconv"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/dated"
)

// Rules are the numbers of statements, from a day on.
type Rules struct {
	From         string `json:"from"`
	WindowMonths int    `json:"window_months"` // whole months of a window, counted from January
	BreakDays    int    `json:"break_days"`    // until a break is to be answered
	Source       string `json:"source"`
}

// Since implements dated.Rule.
func (r Rules) Since() (day, source string) { return r.From, r.Source }

//go:embed rules.json
var rulesJSON []byte

// ShippedRules are the rules that ship with the program.
func ShippedRules() ([]Rules, error) {
	rules, err := dated.Read[Rules](rulesJSON)
	if err != nil {
		return nil, fmt.Errorf("settle: %w", err)
	}
	for _, r := range rules {
		if r.WindowMonths < 1 || 12%r.WindowMonths != 0 || r.BreakDays < 1 {
			return nil, errors.New("settle: a window must be whole parts of a year, and a term at least one day: " + r.From)
		}
	}
	return rules, nil
}

// Window is the days of a statement, both included.
type Window struct{ From, To string }

// Has tells whether a day lies in the window.
func (w Window) Has(day string) bool { return w.From <= day && day <= w.To }

// WindowOf is the window in which a civil day lies.
func (r Rules) WindowOf(day string) (Window, error) {
	if _, err := clock.Midnight(day); err != nil {
		return Window{}, fmt.Errorf("the window of %q: %w", day, err)
	}
	year, _ := strconv.Atoi(day[:4])
	month, _ := strconv.Atoi(day[5:7])
	first := time.Date(year, time.Month(month-(month-1)%r.WindowMonths), 1, 0, 0, 0, 0, time.UTC)
	return Window{first.Format(clock.DateLayout), first.AddDate(0, r.WindowMonths, -1).Format(clock.DateLayout)}, nil
}

// Land is the place, among the open windows of a pair in order of their days, on whose statement a movement stands: the first
// that has not ended before its day. What comes late so lands in the first that is still open; -1: none is.
func Land(day string, open []Window) int {
	for i, w := range open {
		if day <= w.To {
			return i
		}
	}
	return -1
}
