package roster

import (
	_ "embed" // the dated data
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"qiao/internal/platform/clock"
)

//go:embed rules.json
var ruleData []byte

// Rule says how long an entry lasts that names no last day, for entries that begin on From or later.
type Rule struct {
	List     string `db:"list" json:"-"`
	From     string `db:"valid_from" json:"from"`
	Validity string `db:"validity" json:"validity"` // none, months:36, year-end:0, day:1-03-31
	Source   string `db:"source" json:"source"`
}

// Confidence is how sure each way of matching is, in hundredths; below Limit a person decides.
type Confidence struct {
	From      string `json:"from"`
	Limit     int64  `json:"limit"`
	Code      int64  `json:"code"`       // the same unified social credit code
	Name      int64  `json:"name"`       // the same name, in the list's region
	Form      int64  `json:"form"`       // the same but for the legal form, brackets or width
	Away      int64  `json:"away"`       // the same name, in another region
	Former    int64  `json:"former"`     // a name it had before
	Twice     int64  `json:"twice"`      // several organisations have that name
	OtherCode int64  `json:"other-code"` // the same name, but the codes differ
	Source    string `json:"source"`
}

// Template is a list that many regions keep, to begin with.
type Template struct {
	Code   string                  `json:"code"`
	Name   struct{ ZH, EN string } `json:"name"`
	Kind   string                  `json:"kind"`
	Issuer string                  `json:"issuer"`
	Source string                  `json:"source"`
	Rules  []Rule                  `json:"rules"`
}

// Data is the dated data that ships with the module.
type Data struct {
	Confidence []Confidence `json:"confidence"`
	Templates  []Template   `json:"templates"`
}

// Shipped reads the embedded data.
func Shipped() (Data, error) {
	var d Data
	if err := json.Unmarshal(ruleData, &d); err != nil {
		return d, fmt.Errorf("read the roster rules: %w", err)
	}
	return d, nil
}

// on is the measure in force on a civil day: the newest that has begun.
func (d Data) on(day string) Confidence {
	var best Confidence
	for _, c := range d.Confidence {
		if c.From <= day && c.From >= best.From {
			best = c
		}
	}
	return best
}

// Template finds one of the shipped lists by its code.
func (d Data) Template(code string) (Template, bool) {
	for _, t := range d.Templates {
		if t.Code == code {
			return t, true
		}
	}
	return Template{}, false
}

// ValidValidity tells whether the text is a validity.
func ValidValidity(v string) bool {
	_, err := ends(v, "2026-01-15")
	return err == nil
}

// Ends is the last day of an entry that begins on from, by the newest rule that had begun then; "" when it has none.
func Ends(rules []Rule, from string) (string, error) {
	var best *Rule
	for i, r := range rules {
		if r.From <= from && (best == nil || r.From >= best.From) {
			best = &rules[i]
		}
	}
	if best == nil || from == "" {
		return "", nil
	}
	return ends(best.Validity, from)
}

func ends(validity, from string) (string, error) {
	day, err := time.Parse(clock.DateLayout, from)
	if err != nil {
		return "", fmt.Errorf("begin of an entry: %w", err)
	}
	kind, value, _ := strings.Cut(validity, ":")
	switch kind {
	case "none":
		return "", nil
	case "months":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > 1200 {
			return "", fmt.Errorf("validity %q: months are a number from 1 to 1200", validity)
		}
		return monthsOn(day, n).AddDate(0, 0, -1).Format(clock.DateLayout), nil
	case "year-end":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 || n > 100 {
			return "", fmt.Errorf("validity %q: years are a number from 0 to 100", validity)
		}
		return time.Date(day.Year()+n, 12, 31, 0, 0, 0, 0, time.UTC).Format(clock.DateLayout), nil
	case "day":
		years, rest, _ := strings.Cut(value, "-")
		n, err := strconv.Atoi(years)
		if err != nil || n < 0 || n > 100 {
			return "", fmt.Errorf("validity %q: years are a number from 0 to 100", validity)
		}
		end := fmt.Sprintf("%04d-%s", day.Year()+n, rest)
		if _, err := time.Parse(clock.DateLayout, end); err != nil {
			return "", fmt.Errorf("validity %q: %w", validity, err)
		}
		if end < from {
			return "", fmt.Errorf("validity %q ends before %s", validity, from)
		}
		return end, nil
	}
	return "", fmt.Errorf("validity %q is unknown", validity)
}

// monthsOn is n months later; where that month is shorter, the day after its end, so that the last day stays in it.
func monthsOn(day time.Time, n int) time.Time {
	first := time.Date(day.Year(), day.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	if last := first.AddDate(0, 1, 0); day.Day() > last.AddDate(0, 0, -1).Day() {
		return last
	}
	return first.AddDate(0, 0, day.Day()-1)
}

// scan reads "months:36" or "day:1-03-31": the number, and what follows its dash.
func scan(validity, prefix string, n *int, rest *string) bool {
	value, ok := strings.CutPrefix(validity, prefix)
	if !ok {
		return false
	}
	number, tail, _ := strings.Cut(value, "-")
	var err error
	if *n, err = strconv.Atoi(number); err != nil {
		return false
	}
	if rest != nil {
		*rest = tail
	}
	return true
}
