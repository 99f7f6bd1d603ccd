package scheme

import (
	"slices"
	"testing"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

func src[T any](v T) *Sourced[T] { return &Sourced[T]{Value: v, Clause: clause()} }

func TestWhatIsWrongWithTeamsAndStackingIsNamed(t *testing.T) {
	for name, tc := range map[string]struct {
		life  Life
		field string // "" = nothing
	}{
		"nothing said": {Life{}, ""},
		"team of none": {Life{Team: src(Team{})}, "team"},
		"above one":    {Life{Stacking: src(Stacking{Ceiling: 10001})}, "stacking"},
		"nowhere":      {Life{Stacking: src(Stacking{Regions: []string{"9"}})}, "stacking"},
		"well":         {Life{Team: src(Team{Members: 3}), Stacking: src(Stacking{Regions: []string{"330000"}, Ceiling: 8000})}, ""},
		"no source":    {Life{Team: &Sourced[Team]{Value: Team{Members: 3}, Clause: Clause{Source: "elsewhere"}}}, "team"},
	} {
		t.Run(name, func(t *testing.T) {
			terms := plain(5000)
			terms.Life = tc.life
			err := terms.Validate()
			if f := fault.Of(err); tc.field == "" && err != nil || tc.field != "" && (f == nil || len(f.Fields) == 0 || f.Fields[0].Name != tc.field) {
				t.Errorf("got %v, want field %q", err, tc.field)
			}
		})
	}
}

func TestWhoMayAskAndWhen(t *testing.T) {
	terms := plain(5000)
	terms.Life = Life{
		Issuing: src(Issuing{Order: ProRata, Windows: []Window{{"01-01", "01-31"}, {"12-15", "12-24"}}}),
		Team:    src(Team{Members: 3, Cap: 100_000}), Types: []VoucherType{{Code: "test", Name: Name{ZH: "检测券"}, Caps: Caps{Application: src(money.Fen(5000))}, Clause: clause()}},
	}
	good := Applicant{Region: "330402", Capacities: []string{"enterprise"}, Declared: []string{"honest"}, Asked: 100, Unissued: 100_000_000, Day: "2026-01-31", Type: "test"}
	for name, tc := range map[string]struct {
		change func(a *Applicant)
		want   string
	}{
		"all well":            {func(*Applicant) {}, ""},
		"between windows":     {func(a *Applicant) { a.Day = "2026-03-01" }, "window"},
		"no type":             {func(a *Applicant) { a.Type = "" }, "type"},
		"above the type":      {func(a *Applicant) { a.Asked = 5001 }, "amount"},
		"a team of two":       {func(a *Applicant) { a.Team, a.Members = true, 2 }, "team"},
		"a team of three":     {func(a *Applicant) { a.Team, a.Members = true, 3 }, ""},
		"a team that founded": {func(a *Applicant) { a.TeamThisYear = true }, "team-year"},
	} {
		t.Run(name, func(t *testing.T) {
			a, got := good, ""
			tc.change(&a)
			if no := Refused(terms.Check(a)); no != nil {
				got = no.Code
			}
			if got != tc.want {
				t.Errorf("refused by %q, want %q", got, tc.want)
			}
		})
	}
	terms.Rates = []Rate{{Code: "t", For: Match{Types: []string{"test"}, Kinds: []string{"instrument"}}}}
	if !terms.PaysFor("test", "instrument") || terms.PaysFor("test", "service") || !terms.PaysFor("", "service") {
		t.Error("a typed voucher pays for its own kinds and no others")
	}
}

func TestWindowsStandInTheirYear(t *testing.T) {
	terms := plain(5000)
	terms.Issuing = src(Issuing{Order: ProRata, Windows: []Window{{"03-01", "03-31"}, {"12-15", "01-15"}}})
	for day, want := range map[string]Span{"2026-03-31": {"2026-03-01", "2026-03-31"}, "2026-12-20": {"2026-12-15", "2027-01-15"}, "2027-01-15": {"2026-12-15", "2027-01-15"}, "2026-02-01": {}, "x": {}} {
		if got, _ := terms.WindowOn(day); got != want {
			t.Errorf("%s: %+v, want %+v", day, got, want)
		}
	}
}

func TestProgrammesPayTogetherWhenBothAgree(t *testing.T) {
	with := func(s Stacking) Terms {
		terms := plain(5000)
		terms.Stacking = src(s)
		return terms
	}
	city, county, alone := with(Stacking{Regions: []string{"330400"}, Ceiling: 6000}), with(Stacking{Regions: []string{"330000"}, Ceiling: 8000}), plain(5000)
	for name, tc := range map[string]struct {
		of []Beside
		ok bool
	}{
		"one":                         {[]Beside{{"330400", alone}}, true},
		"city and county":             {[]Beside{{"330400", city}, {"330402", county}}, true},
		"one says nothing":            {[]Beside{{"330400", city}, {"330402", alone}}, false},
		"the other is from elsewhere": {[]Beside{{"330400", city}, {"310115", county}}, false},
	} {
		if _, ok := Together(tc.of); ok != tc.ok {
			t.Errorf("%s: %v", name, ok)
		}
	}
	most, line := Ceiling(100_001, []Beside{{"330400", city}, {"330402", county}})
	if most != 60_000 || line.Code != "ceiling" {
		t.Errorf("ceiling %d by %q", most, line.Code)
	}
	if got := Stack([]money.Fen{50_000, 50_000, 1}, most); !slices.Equal(got, []money.Fen{50_000, 10_000, 0}) {
		t.Errorf("parts %v", got)
	}
}
