package scheme

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

func TestTermsValidate(t *testing.T) {
	if err := plain(5000).Validate(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*Terms){
		"version":          func(t *Terms) { t.Version = 0 },
		"from":             func(t *Terms) { t.From = "2026-1-1" },
		"budget":           func(t *Terms) { t.Budget.Value = -1 },
		"ratio":            func(t *Terms) { t.Ratio.Value[0].BasisPoints = 10001 },
		"caps.year":        func(t *Terms) { t.Caps.Year = &Sourced[money.Fen]{Clause: clause()} },
		"caps.claim":       func(t *Terms) { t.Caps.Claim = &Sourced[money.Fen]{Value: 1} },
		"validity":         func(t *Terms) { t.Validity.Value.Months = 3 },
		"kinds":            func(t *Terms) { t.Kinds.Value = nil },
		"provider_regions": func(t *Terms) { t.Providers.Value = []string{"3304"} },
		"firm_regions":     func(t *Terms) { t.Firms.Clause.Source = "hearsay" },
		"firm_capacities":  func(t *Terms) { t.Capacities.Value = []string{""} },
		"unrelated":        func(t *Terms) { t.Unrelated.Source = "" },
		"excluded":         func(t *Terms) { t.Excluded = append(t.Excluded, t.Excluded[0]) },
		"statements":       func(t *Terms) { t.Statements[0].Code = "" },
		"documents":        func(t *Terms) { t.Documents[0].Name.ZH = "" },
		"notice_days":      func(t *Terms) { t.Notice.Value = -1 },
		"funders":          func(t *Terms) { t.Funders = &Sourced[[]Share]{Value: []Share{{Organisation: "a"}}, Clause: clause()} },
	} {
		t.Run(field, func(t *testing.T) {
			terms := plain(5000)
			spoil(&terms)
			f := fault.Of(terms.Validate())
			if f == nil || f.Kind != fault.Invalid || !slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Name == field }) {
				t.Errorf("got %v, want a fault of the field", f)
			}
		})
	}
}

func TestTiersRise(t *testing.T) {
	for _, tiers := range [][]Tier{{{0, 1}, {0, 1}}, {{5, 1}, {5, 1}}, {{9, 1}, {3, 1}}} {
		terms := plain(0)
		terms.Ratio.Value = tiers
		if terms.Validate() == nil {
			t.Errorf("%v was accepted", tiers)
		}
	}
}

func TestDemoProgramme(t *testing.T) {
	d, err := ParseDraft(DemoProgramme())
	if err != nil {
		t.Fatal(err)
	}
	q := d.Terms.Quote(Case{Price: 12_345, Left: d.Terms.Caps.Year.Value, Kind: "instrument", ProviderRegion: "330400"})
	if q.Voucher != 6172 || d.Terms.Notice.Value != 0 || d.Terms.Caps.Year.Value != 100_000*yuan || d.Terms.Caps.Claim != nil {
		t.Errorf("voucher %d, terms %+v", q.Voucher, d.Terms)
	}
	if last, err := d.Terms.Validity.Value.Expires("2026-11-21"); err != nil || last != "2026-12-31" {
		t.Errorf("valid to %s, %v", last, err)
	}
	if !strings.HasPrefix(d.Name.ZH, "示例·") {
		t.Error("a demo programme must be marked as a sample")
	}
}

func TestCheck(t *testing.T) {
	terms := yuhuan()
	good := Applicant{Region: "330402", Capacities: []string{"enterprise"}, Declared: []string{"honest"}, Asked: 20_000 * yuan, Unissued: Most}
	for _, tc := range []struct {
		name   string
		change func(*Applicant)
		refuse string
	}{
		{"all well", func(*Applicant) {}, ""},
		{"another region", func(a *Applicant) { a.Region = "330100" }, "firm-region"},
		{"not verified", func(a *Applicant) { a.Capacities = nil }, "capacity"},
		{"not declared", func(a *Applicant) { a.Declared = nil }, "statement"},
		{"more than one application gives", func(a *Applicant) { a.Asked++ }, "amount"},
		{"more than may be held", func(a *Applicant) { a.Holding = 30_001 * yuan }, "amount"},
		{"more than a year gives", func(a *Applicant) { a.YearGiven = 80_001 * yuan }, "amount"},
		{"budget gone", func(a *Applicant) { a.Unissued = a.Asked - 1 }, "amount"},
		{"nothing asked", func(a *Applicant) { a.Asked = 0 }, "amount"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := good
			tc.change(&a)
			no := Refused(terms.Check(a))
			if tc.refuse == "" != (no == nil) || no != nil && no.Code != tc.refuse {
				t.Errorf("refused by %+v, want %q", no, tc.refuse)
			}
		})
	}
}

func TestExpires(t *testing.T) {
	for _, tc := range []struct {
		v            Validity
		issued, want string
	}{
		{Validity{EndOfYear: true}, "2026-01-01", "2026-12-31"},
		{Validity{EndOfYear: true}, "2026-12-31", "2026-12-31"},
		{Validity{Months: 3}, "2026-11-21", "2027-02-21"},
		{Validity{Months: 3}, "2026-11-30", "2027-02-28"},
		{Validity{Months: 3}, "2027-11-30", "2028-02-29"},
		{Validity{Months: 12}, "2026-02-28", "2027-02-28"},
		{Validity{Months: 1}, "2026-12-31", "2027-01-31"},
	} {
		if got, err := tc.v.Expires(tc.issued); err != nil || got != tc.want {
			t.Errorf("%+v from %s: %s, %v; want %s", tc.v, tc.issued, got, err, tc.want)
		}
	}
	if _, err := (Validity{Months: 1}).Expires("soon"); err == nil {
		t.Error("no date was accepted")
	}
}

func TestNoticeDays(t *testing.T) {
	for _, tc := range []struct {
		day         string
		n           int
		to, payable string
	}{
		{"2026-11-21", 0, "2026-11-21", "2026-11-21"},
		{"2026-11-21", 7, "2026-11-28", "2026-11-29"},
		{"2026-12-28", 5, "2027-01-02", "2027-01-03"},
	} {
		from, to, payable, err := NoticeDays(tc.day, tc.n)
		if err != nil || from != tc.day || to != tc.to || payable != tc.payable {
			t.Errorf("%d days from %s: %s–%s, payable %s, %v", tc.n, tc.day, from, to, payable, err)
		}
	}
}

func TestPointed(t *testing.T) {
	for bp, want := range map[int64]string{0: "0%", 1: "0.01%", 50: "0.5%", 2500: "25%", 3333: "33.33%", 10000: "100%"} {
		if got := Pointed(bp); got != want {
			t.Errorf("Pointed(%d) = %s, want %s", bp, got, want)
		}
	}
}

// What is written can be read back, whatever the numbers.
func TestTermsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := anyTerms(t)
		text, err := json.Marshal(terms)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseTerms(text)
		if err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil || string(again) != string(text) {
			t.Fatalf("%s\nbecame\n%s (%v)", text, again, err)
		}
	})
}

// ParseTerms never panics, and what it accepts divides any price without losing a fen.
func FuzzParseTerms(f *testing.F) {
	text, err := json.Marshal(yuhuan())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text, int64(30_000_00))
	f.Add([]byte(`{"version":1}`), int64(1))
	f.Add([]byte(`{"version":1,"cap":5}`), int64(-1))
	f.Fuzz(func(t *testing.T, text []byte, price int64) {
		terms, err := ParseTerms(text)
		if err != nil {
			return
		}
		p := money.Fen(price)
		q := terms.Quote(Case{Price: p, Left: Most})
		if q.Voucher < 0 || q.Own < 0 || q.Voucher+q.Own != max(p, 0) {
			t.Fatalf("%d became %d and %d", p, q.Voucher, q.Own)
		}
	})
}

func TestRosterTermsAreChecked(t *testing.T) {
	terms := plain(5000)
	for _, r := range []RosterTerms{{Clause: clause()}, {Any: []string{""}, Clause: clause()}, {Any: []string{"x"}, Clause: Clause{Source: "nowhere"}}} {
		terms.Rosters = &r
		if err := terms.Validate(); !fault.Is(err, "terms-invalid") {
			t.Errorf("%+v: %v", r, err)
		}
	}
}
