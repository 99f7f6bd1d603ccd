package scrutiny

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/platform/dated"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
)

// Rules are what holds from a day on: what is odd, how much is drawn, how long parties have.
type Rules struct {
	From      string     `json:"from"`
	Source    string     `json:"source"`
	Flags     []KindRule `json:"flags"`
	Splitting struct {
		Days   int   `json:"days"`   // within which
		Orders int   `json:"orders"` // at least so many
		Near   int64 `json:"near"`   // hundredths of a percent of the cap that count as just under it
	} `json:"splitting"`
	Price struct {
		Days       int   `json:"days"`
		Sample     int   `json:"sample"`     // earlier orders that are needed to say what is usual
		Deviations int64 `json:"deviations"` // median absolute deviations from the median
		Least      int64 `json:"least"`      // hundredths of a percent from the median that count at all
	} `json:"price"`
	Circle struct {
		Days int `json:"days"`
	} `json:"circle"`
	Shared struct {
		Days  int `json:"days"`
		Firms int `json:"firms"`
	} `json:"shared"`
	Double struct {
		Days int `json:"days"`
	} `json:"double"`
	Times struct {
		Slack int64 `json:"slack"` // minutes of machine time beyond the opening hours that are not odd
	} `json:"times"`
	Check    CheckRule    `json:"check"`
	Sanction SanctionRule `json:"sanction"`
}

// KindRule is a kind of flag that is looked for.
type KindRule struct {
	Kind     string `json:"kind"`
	Severity string `json:"severity"`
	Source   string `json:"source"`
}

// CheckRule is how spot checks are drawn, and what is gone through.
type CheckRule struct {
	Share  int64       `json:"share"` // hundredths of a percent of the redemptions
	Days   int         `json:"days"`  // for a check
	Bands  []money.Fen `json:"bands"` // upper ends of the strata by amount
	Source string      `json:"source"`
	List   []CheckItem `json:"list"`
}

// CheckItem is one line of the checklist.
type CheckItem struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

func (c CheckItem) name(ctx context.Context) string { return i18n.Pick(ctx, c.ZH, c.EN) }

// SanctionRule is how long sanctions last and parties have.
type SanctionRule struct {
	Months  int    `json:"months"`  // proposed length
	Hearing int    `json:"hearing"` // days for the party's statement
	Appeal  int    `json:"appeal"`  // days for its appeal
	Public  bool   `json:"public"`  // those in force are shown to everybody
	List    string `json:"list"`    // code of the roster they are entered in
	Source  string `json:"source"`
}

// Since implements dated.Rule.
func (r Rules) Since() (day, source string) { return r.From, r.Source }

// severity of a kind; "" when it is not looked for.
func (r Rules) severity(kind string) string {
	if i := slices.IndexFunc(r.Flags, func(k KindRule) bool { return k.Kind == kind }); i >= 0 {
		return r.Flags[i].Severity
	}
	return ""
}

// source of a kind's rule.
func (r Rules) source(kind string) string {
	if i := slices.IndexFunc(r.Flags, func(k KindRule) bool { return k.Kind == kind }); i >= 0 {
		return r.Flags[i].Source
	}
	return r.Source
}

// band is the stratum of an amount: its place among the bands, padded so that names sort as amounts do.
func (c CheckRule) band(amount money.Fen) string {
	i := slices.IndexFunc(c.Bands, func(upper money.Fen) bool { return amount <= upper })
	if i < 0 {
		i = len(c.Bands)
	}
	return fmt.Sprintf("%02d", i)
}

func readRules() ([]Rules, error) {
	out, err := dated.Read[Rules](rulesJSON)
	if err != nil {
		return nil, fmt.Errorf("rules of scrutiny: %w", err)
	}
	for _, r := range out {
		for _, k := range r.Flags {
			if !slices.Contains(Kinds(), k.Kind) || !slices.Contains(severities(), k.Severity) || k.Source == "" {
				return nil, fmt.Errorf("rules of scrutiny from %s: kind %q with severity %q and source %q", r.From, k.Kind, k.Severity, k.Source)
			}
		}
		if !slices.IsSorted(r.Check.Bands) || r.Check.Share <= 0 || r.Check.Share > 10000 || r.Price.Sample < 3 || r.Splitting.Orders < 2 || r.Shared.Firms < 2 {
			return nil, fmt.Errorf("rules of scrutiny from %s: a threshold is out of range", r.From)
		}
	}
	return out, nil
}

// rules are those that hold today.
func (s *Service) rules() Rules { return dated.On(s.dated, s.today()) }
