package expert

import (
	"context"
	"crypto/sha256"
	_ "embed" // the dated data
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/i18n"
)

//go:embed rules.json
var ruleData []byte

// The purposes a person agrees to one by one.
const (
	Publish = "publish" // the profile is public
	Contact = "contact" // organisations may ask
	Match   = "match"   // proposed for needs
	Review  = "review"  // a candidate reviewer, and rated as one
	Share   = "share"   // passed to platforms of other regions
)

// Name is a text in both languages.
type Name struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

func (n Name) in(ctx context.Context) string { return i18n.Pick(ctx, n.ZH, n.EN) }

// Purpose is one wording of what a person agrees to.
type Purpose struct {
	Code    string `json:"code"`
	Version string `json:"version"`
	From    string `json:"from"` // civil day from which this wording is asked
	Name    Name   `json:"name"`
	Text    Name   `json:"text"`
	Source  Name   `json:"source"`
}

// SHA256 is the fingerprint of the wording, both languages.
func (p Purpose) SHA256() string {
	sum := sha256.Sum256([]byte(p.Version + "\n" + p.Text.ZH + "\n" + p.Text.EN))
	return hex.EncodeToString(sum[:])
}

// Limit bounds how often people are asked.
type Limit struct {
	From        string `json:"from"`
	RequestsDay int64  `json:"requests_a_day"`     // of one organisation
	RestDays    int    `json:"to_one_expert_days"` // after an expert declined
	Source      Name   `json:"source"`
}

// Relation is a kind of tie between a person and an organisation.
type Relation struct {
	Code   string `json:"code"`
	From   string `json:"from"`  // from which day on the rule holds
	Years  int    `json:"years"` // after its end in which it still counts
	Name   Name   `json:"name"`
	Source Name   `json:"source"`
}

// Item is something listed by name.
type Item struct {
	Code string `json:"code"`
	Name Name   `json:"name"`
}

// Rules are the dated data of the module.
type Rules struct {
	Purposes  []Purpose  `json:"purposes"`
	Limits    []Limit    `json:"limits"`
	Relations []Relation `json:"relations"`
	Kinds     []Item     `json:"kinds"` // of evidence
}

// Shipped reads the embedded rules.
func Shipped() (Rules, error) {
	var r Rules
	if err := json.Unmarshal(ruleData, &r); err != nil {
		return r, fmt.Errorf("read the rules of experts: %w", err)
	}
	return r, nil
}

// purposes are the wordings in force on a civil day, in the order of the data.
func (r Rules) purposes(day string) []Purpose {
	var out []Purpose
	for _, p := range r.Purposes {
		i := slices.IndexFunc(out, func(o Purpose) bool { return o.Code == p.Code })
		switch {
		case p.From > day:
		case i < 0:
			out = append(out, p)
		case p.From >= out[i].From:
			out[i] = p
		}
	}
	return out
}

// purpose is the wording of a purpose in force on a civil day.
func (r Rules) purpose(code, day string) (Purpose, bool) {
	for _, p := range r.purposes(day) {
		if p.Code == code {
			return p, true
		}
	}
	return Purpose{}, false
}

// wording is a purpose as it was worded in a version.
func (r Rules) wording(code, version string) (Purpose, bool) {
	for _, p := range r.Purposes {
		if p.Code == code && p.Version == version {
			return p, true
		}
	}
	return Purpose{}, false
}

func (r Rules) limit(day string) Limit {
	var best Limit
	for _, l := range r.Limits {
		if l.From <= day && l.From >= best.From {
			best = l
		}
	}
	return best
}

// relation is the rule on a relation in force on a civil day.
func (r Rules) relation(code, day string) (Relation, bool) {
	var best Relation
	found := false
	for _, x := range r.Relations {
		if x.Code == code && x.From <= day && x.From >= best.From {
			best, found = x, true
		}
	}
	return best, found
}

func (r Rules) kind(code string) (Name, bool) {
	for _, k := range r.Kinds {
		if k.Code == code {
			return k.Name, true
		}
	}
	return Name{}, false
}

// yearsAfter is the same day so many years later; the last of February for a leap day.
func yearsAfter(day string, years int) (string, error) {
	d, err := time.Parse(clock.DateLayout, day)
	if err != nil {
		return "", fmt.Errorf("read day %q: %w", day, err)
	}
	to := d.AddDate(years, 0, 0)
	if to.Month() != d.Month() {
		to = to.AddDate(0, 0, -to.Day())
	}
	return to.Format(clock.DateLayout), nil
}
