package provider

import (
	"context"
	_ "embed" // the dated data
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/region"
)

//go:embed rules.json
var ruleData []byte

// Name is a text in both languages.
type Name struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

func (n Name) in(ctx context.Context) string { return i18n.Pick(ctx, n.ZH, n.EN) }

// Item is something listed by name: a point of the checklist, a document, an offer, a kind of certificate.
type Item struct {
	Code     string `json:"code"`
	Name     Name   `json:"name"`
	Hint     Name   `json:"hint"`
	Short    string `json:"short"` // of a certificate: what stands on a chip
	Optional bool   `json:"optional"`
}

// ReportingRule says which instruments bought with public money must be reported, and in how many days.
type ReportingRule struct {
	Code   string    `json:"code"`
	Region string    `json:"region"` // whose owners it binds; empty: the whole country
	From   string    `json:"from"`   // for what was accepted on this day or later
	To     string    `json:"to"`     // and up to this day; empty: still
	Days   int       `json:"days"`   // after acceptance; 0: no term is known
	Worth  money.Fen `json:"worth"`  // original value from which it binds
	Source Name      `json:"source"`
}

// Reminders are how many days ahead people are warned.
type Reminders struct {
	From        string `json:"from"`
	Certificate []int  `json:"certificate"`
	Reporting   []int  `json:"reporting"`
	Agreement   []int  `json:"agreement"`
	Source      Name   `json:"source"`
}

// Agreement is a version of the text that members accept.
type Agreement struct {
	Version string `json:"version"`
	From    string `json:"from"`
	Months  int    `json:"months"` // of one term; it renews itself by as many
	Source  Name   `json:"source"`
	Text    Name   `json:"text"`
}

// Rules are the dated data of the module.
type Rules struct {
	Reporting    []ReportingRule `json:"reporting"`
	Sample       []ReportingRule `json:"sample_reporting"`
	Reminders    []Reminders     `json:"reminders"`
	Agreements   []Agreement     `json:"agreements"`
	Checklist    []Item          `json:"checklist"`
	Documents    []Item          `json:"documents"`
	Offers       []Item          `json:"offers"`
	Certificates []Item          `json:"certificates"`
}

// Shipped reads the embedded rules.
func Shipped() (Rules, error) {
	var r Rules
	if err := json.Unmarshal(ruleData, &r); err != nil {
		return r, fmt.Errorf("read the rules of providers: %w", err)
	}
	return r, nil
}

func find(items []Item, code string) (Item, bool) {
	i := slices.IndexFunc(items, func(it Item) bool { return it.Code == code })
	if i < 0 {
		return Item{}, false
	}
	return items[i], true
}

// reminders are those in force on a civil day.
func (r Rules) reminders(day string) Reminders {
	var best Reminders
	for _, x := range r.Reminders {
		if x.From <= day && x.From >= best.From {
			best = x
		}
	}
	return best
}

// agreement is the newest text that has come into force; the first one before any has.
func (r Rules) agreement(day string) Agreement {
	best := r.Agreements[0]
	for _, x := range r.Agreements {
		if x.From <= day && x.From >= best.From {
			best = x
		}
	}
	return best
}

func (r Rules) version(v string) (Agreement, bool) {
	i := slices.IndexFunc(r.Agreements, func(a Agreement) bool { return a.Version == v })
	if i < 0 {
		return Agreement{}, false
	}
	return r.Agreements[i], true
}

// Bound is the rule that binds an instrument bought with public money: of the rules in force on the day of acceptance
// whose value it reaches, the one of the nearest region; false when none does. due is its last day in time; empty when
// the rule names no term.
func (r Rules) Bound(owner string, worth money.Fen, accepted string) (rule ReportingRule, due string, ok bool) {
	for _, x := range r.Reporting {
		inDays := x.From <= accepted && (x.To == "" || accepted <= x.To)
		inRegion := x.Region == "" || region.Within(owner, x.Region)
		if worth >= x.Worth && inDays && inRegion && (!ok || len(region.Prefix(x.Region)) > len(region.Prefix(rule.Region))) {
			rule, ok = x, true
		}
	}
	if ok && rule.Days > 0 {
		if day, err := clock.AddDays(accepted, rule.Days); err == nil {
			due = day
		}
	}
	return rule, due, ok
}

func (r Rules) reporting(code string) ReportingRule {
	for _, x := range r.Reporting {
		if x.Code == code {
			return x
		}
	}
	return ReportingRule{Code: code}
}

// daysUntil is how many days lie between two civil days; negative when day has passed.
func daysUntil(today, day string) int {
	a, errA := time.Parse(clock.DateLayout, today)
	b, errB := time.Parse(clock.DateLayout, day)
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

// warning is the step of warning reached with so many days left: the smallest of the steps not below it; false before any.
func warning(steps []int, left int) (int, bool) {
	best, ok := 0, false
	for _, s := range steps {
		if left <= s && (!ok || s < best) {
			best, ok = s, true
		}
	}
	return best, ok
}

// termEnd is the last day of a term of so many months that begins on from.
func termEnd(from string, months int) (string, error) {
	day, err := time.Parse(clock.DateLayout, from)
	if err != nil {
		return "", fmt.Errorf("begin of a term: %w", err)
	}
	first := time.Date(day.Year(), day.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day.Day(), last+1)-2).Format(clock.DateLayout), nil
}

// Scope is one line of what a certificate covers.
type Scope struct {
	Certificate string `db:"certificate" json:"-"`
	Position    int64  `db:"position" json:"-"`
	Item        string `db:"item" json:"item"`
	Method      string `db:"method" json:"method,omitempty"`
	Limits      string `db:"limits" json:"limits,omitempty"`
}

// mostScope is how many lines a scope may have.
const mostScope = 5000

// ParseScope reads a scope as people paste it: a line an item, then method and limits after a bar or a tab; full-width
// bars too. Lines without text are left out; what a cell has beyond the third column belongs to the limits.
func ParseScope(text string) []Scope {
	var out []Scope
	for line := range strings.Lines(text) {
		line = strings.NewReplacer("｜", "|", "\t", "|").Replace(line)
		parts := strings.SplitN(line, "|", 3)
		for i := range parts {
			parts[i] = strings.Join(strings.Fields(parts[i]), " ")
		}
		s := Scope{Item: parts[0]}
		if len(parts) > 1 {
			s.Method = parts[1]
		}
		if len(parts) > 2 {
			s.Limits = strings.Trim(parts[2], "| ")
		}
		if s.Item == "" {
			s.Item, s.Method = s.Method, ""
		}
		if s.Item != "" && len(out) < mostScope {
			s.Position = int64(len(out) + 1)
			out = append(out, s)
		}
	}
	return out
}

// scopeText is a scope as ParseScope reads it.
func scopeText(list []Scope) string {
	lines := make([]string, len(list))
	for i, s := range list {
		lines[i] = strings.TrimRight(s.Item+" | "+s.Method+" | "+s.Limits, " |")
	}
	return strings.Join(lines, "\n")
}
