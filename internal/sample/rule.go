package sample

import (
	_ "embed" // the rules
	"fmt"
	"slices"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/dated"
)

// Whom a notice is for.
const (
	ToTurn = "turn" // the side that has to act
	ToBoth = "both"
)

// Rule is how long samples are kept where nothing was agreed, and when people are told, from a day on. All are civil days.
type Rule struct {
	From    string  `json:"from"`
	Source  string  `json:"source"`
	Return  int64   `json:"return"`  // what is to be sent back is kept so long after the order's end
	Dispose int64   `json:"dispose"` // what is to be disposed of is kept so long after it
	Before  []int64 `json:"before"`  // days before the last one, the earliest first
	Late    []Level `json:"late"`    // days after it, the mildest first
	Way     []Level `json:"way"`     // days on the way, or refused and not sent back
}

// Level is a notice after so many days.
type Level struct {
	Days int64  `json:"days"`
	To   string `json:"to"`
}

//go:embed rules.json
var rulesFile []byte

// readRules reads the rules, the oldest first.
func readRules(file []byte) ([]Rule, error) {
	out, err := dated.Read[Rule](file)
	if err != nil {
		return nil, fmt.Errorf("samples: %w", err)
	}
	for _, r := range out {
		if r.Return < 1 || r.Dispose < 1 {
			return nil, fmt.Errorf("the rule of samples from %q keeps nothing", r.From)
		}
		for _, list := range [][]Level{r.Late, r.Way} {
			if len(list) == 0 || list[0].Days < 1 || !slices.IsSortedFunc(list, func(a, b Level) int { return int(a.Days - b.Days) }) || slices.ContainsFunc(list, func(l Level) bool { return l.To != ToTurn && l.To != ToBoth }) {
				return nil, fmt.Errorf("the notices from %q are incomplete or out of order", r.From)
			}
		}
		if len(r.Before) == 0 || slices.Min(r.Before) < 0 || !slices.IsSortedFunc(r.Before, func(a, b int64) int { return int(b - a) }) {
			return nil, fmt.Errorf("the notices before the end from %q are not in order", r.From)
		}
	}
	return out, nil
}

// Since is the day from which on it holds, and its source.
func (r Rule) Since() (day, source string) { return r.From, r.Source }

// keep is the last day of what is left of an order that ended on a day, where nothing was agreed.
func (r Rule) keep(wish, ended string) (string, error) {
	n := r.Return
	if wish == WishDispose {
		n = r.Dispose
	}
	return addDays(ended, n)
}

// end is the notice that is due today for samples whose last day is due: the latest whose day has come.
func (r Rule) end(due, today string) (kind string, l Level, found bool, err error) {
	passed, err := daysBetween(due, today)
	if err != nil {
		return "", l, false, err
	}
	if passed > 0 {
		l, found = reached(r.Late, passed)
		return kindOver, l, found, nil
	}
	for _, n := range slices.Backward(r.Before) {
		if -passed <= n {
			return kindEnding, Level{n, ToBoth}, true, nil
		}
	}
	return "", l, false, nil
}

// reached is the last of levels whose days have passed.
func reached(list []Level, passed int64) (Level, bool) {
	for _, l := range slices.Backward(list) {
		if passed >= l.Days {
			return l, true
		}
	}
	return Level{}, false
}

func addDays(day string, n int64) (string, error) {
	at, err := clock.Midnight(day)
	if err != nil {
		return "", fmt.Errorf("read the day %q: %w", day, err)
	}
	return clock.Local(at).AddDate(0, 0, int(n)).Format(time.DateOnly), nil
}

// daysBetween is how many civil days after from to is; the zone has no summer time.
func daysBetween(from, to string) (int64, error) {
	a, err := clock.Midnight(from)
	if err != nil {
		return 0, fmt.Errorf("read the day %q: %w", from, err)
	}
	b, err := clock.Midnight(to)
	if err != nil {
		return 0, fmt.Errorf("read the day %q: %w", to, err)
	}
	return int64(b.Sub(a) / (24 * time.Hour)), nil
}
