package scheme

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// Example is a region's published scheme as data: a programme to start from, and worked cases that show what it means.
// What its source leaves open names the document "open" as its clause.
type Example struct {
	Code      string  `json:"code"`
	Programme Draft   `json:"programme"`
	Cases     []Trial `json:"cases"`
}

// Open is the key of the document that stands where a source says nothing.
const Open = "open"

// Trial is a worked case of a scheme: a price to be divided, or an application to be checked, and what must come out.
type Trial struct {
	Name Name `json:"name"`

	Price          money.Fen            `json:"price,omitempty"`
	Left           money.Fen            `json:"left,omitempty"` // 0: enough
	YearUsed       money.Fen            `json:"year_used,omitempty"`
	RateUsed       map[string]money.Fen `json:"rate_used,omitempty"`
	Rewarded       money.Fen            `json:"rewarded,omitempty"` // the provider, this year
	Kind           string               `json:"kind,omitempty"`
	Class          string               `json:"class,omitempty"`
	Type           string               `json:"type,omitempty"`
	Purpose        string               `json:"purpose,omitempty"`
	Quantity       int64                `json:"quantity,omitempty"`
	Measured       int64                `json:"measured,omitempty"`
	ProviderRegion string               `json:"provider_region,omitempty"`
	Groups         []string             `json:"groups,omitempty"`

	Asked     money.Fen `json:"asked,omitempty"` // above zero: an application
	YearGiven money.Fen `json:"year_given,omitempty"`
	EverGiven money.Fen `json:"ever_given,omitempty"`
	Holding   money.Fen `json:"holding,omitempty"`
	Times     int       `json:"times,omitempty"`
	History   *History  `json:"history,omitempty"`

	Expect Expected `json:"expect"`
}

// Expected is what a trial must come to; what is left out is not looked at, a why or refusal left out must be none.
type Expected struct {
	Voucher *money.Fen `json:"voucher,omitempty"`
	Why     string     `json:"why,omitempty"`
	Rate    string     `json:"rate,omitempty"`
	Reward  *money.Fen `json:"reward,omitempty"`
	Shares  []Part     `json:"shares,omitempty"`
	Room    *money.Fen `json:"room,omitempty"`
	Refused string     `json:"refused,omitempty"` // code of the line that refuses the application
}

// Outcome is what a trial came to.
type Outcome struct {
	Trial  Trial
	Quote  Quote
	Reward money.Fen
	Room   money.Fen
	Lines  []Line
	Wrong  []Difference // from what was expected; none: the case holds
}

// Difference is one thing that came out otherwise than expected; Of says which (voucher, why, rate, reward, shares,
// room, refused).
type Difference struct {
	Of        string
	Got, Want string
}

// Try runs a worked case by the terms.
func (t Terms) Try(x Trial) Outcome {
	if x.Asked > 0 {
		return t.tryApplication(x)
	}
	o := Outcome{Trial: x}
	left := x.Left
	if left == 0 {
		left = Most
	}
	o.Quote = t.Quote(Case{
		Price: x.Price, Kind: x.Kind, Class: x.Class, Type: x.Type, Groups: x.Groups, Purpose: x.Purpose, Quantity: x.Quantity, Measured: x.Measured,
		ProviderRegion: x.ProviderRegion, Left: left, YearUsed: x.YearUsed, RateUsed: x.RateUsed,
	})
	o.Lines = o.Quote.Lines
	reward, why := t.RewardOf(x.Price, o.Quote.Voucher, x.Rewarded)
	o.Reward, o.Lines = reward, append(slices.Clone(o.Lines), why...)
	e := x.Expect
	o.amount("voucher", o.Quote.Voucher, e.Voucher)
	o.amount("reward", o.Reward, e.Reward)
	o.text("why", o.Quote.Why, e.Why)
	if e.Rate != "" {
		o.text("rate", o.Quote.Rate, e.Rate)
	}
	if len(e.Shares) > 0 && !slices.Equal(o.Quote.Shares, e.Shares) {
		o.Wrong = append(o.Wrong, Difference{"shares", partsText(o.Quote.Shares), partsText(e.Shares)})
	}
	return o
}

// tryApplication checks an application of a firm that fulfils everything but what the trial says.
func (t Terms) tryApplication(x Trial) Outcome {
	o := Outcome{Trial: x}
	a := Applicant{Capacities: t.Capacities.Value, Groups: x.Groups, Asked: x.Asked, YearGiven: x.YearGiven, EverGiven: x.EverGiven, YearTimes: x.Times, Holding: x.Holding, Unissued: Most}
	if len(t.Firms.Value) > 0 {
		a.Region = t.Firms.Value[0]
	}
	for _, s := range t.Statements {
		if !s.Optional {
			a.Declared = append(a.Declared, s.Code)
		}
	}
	if t.Rosters != nil {
		for _, code := range t.Rosters.Any[:min(len(t.Rosters.Any), 1)] {
			a.Standing = append(a.Standing, Standing{Roster: code})
		}
	}
	o.Room, _ = t.Room(a)
	o.Lines = t.Check(a)
	if x.History != nil {
		o.Lines = append(o.Lines, t.UnusedLines(*x.History)...)
	}
	refused := ""
	if no := Refused(o.Lines); no != nil {
		refused = no.Code
	}
	o.amount("room", o.Room, x.Expect.Room)
	o.text("refused", refused, x.Expect.Refused)
	return o
}

func (o *Outcome) amount(of string, got money.Fen, want *money.Fen) {
	if want != nil && got != *want {
		o.Wrong = append(o.Wrong, Difference{of, got.String(), want.String()})
	}
}

func (o *Outcome) text(of, got, want string) {
	if got != want {
		o.Wrong = append(o.Wrong, Difference{of, cmp.Or(got, "—"), cmp.Or(want, "—")})
	}
}

func partsText(parts []Part) string {
	s := ""
	for i, p := range parts {
		if i > 0 {
			s += ", "
		}
		s += p.Funder + " " + p.Amount.String()
	}
	return s
}

// OpenFields are the fields of the terms that the source leaves open, as Validate names them.
func (t Terms) OpenFields() []string {
	var out []string
	add := func(field string, clauses ...Clause) {
		if slices.ContainsFunc(clauses, func(c Clause) bool { return c.Source == Open }) {
			out = append(out, field)
		}
	}
	add("budget", t.Budget.Clause)
	add("ratio", t.Ratio.Clause)
	add("validity", t.Validity.Clause)
	add("kinds", t.Kinds.Clause)
	add("provider_regions", t.Providers.Clause)
	add("firm_regions", t.Firms.Clause)
	add("firm_capacities", t.Capacities.Clause)
	add("notice_days", t.Notice.Clause)
	for _, r := range t.Rates {
		add("rates", r.Clause)
	}
	if t.Claiming != nil {
		add("claiming", t.Claiming.Clause)
	}
	if t.Issuing != nil {
		add("issuing", t.Issuing.Clause)
	}
	return slices.Compact(out)
}

//go:embed examples/*.json
var exampleFiles embed.FS

// Examples are the published schemes that come with the program, by code.
func Examples() ([]Example, error) {
	names, err := fs.Glob(exampleFiles, "examples/*.json")
	if err != nil {
		return nil, fmt.Errorf("list the example schemes: %w", err)
	}
	var out []Example
	for _, name := range names {
		text, err := exampleFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		e, err := ParseExample(text)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		out = append(out, e)
	}
	return out, nil
}

// ParseExample reads and checks an example from JSON; unknown fields are refused.
func ParseExample(text []byte) (Example, error) {
	var e Example
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&e); err != nil || dec.More() {
		return Example{}, fault.New(fault.Invalid, "terms-unreadable", "规则文件读不懂：请检查格式与字段名。").Because(err)
	}
	return e, e.Programme.Validate()
}
