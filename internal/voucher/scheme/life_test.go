package scheme

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/money"
)

func TestWindows(t *testing.T) {
	twice := []Window{{"01-01", "01-31"}, {"07-01", "07-31"}}
	turn := []Window{{"12-15", "01-15"}}
	for _, tc := range []struct {
		windows   []Window
		day, next string
		in        bool
	}{
		{nil, "2026-05-05", "2026-05-05", true},
		{twice, "2026-01-31", "2026-01-31", true},
		{twice, "2026-02-01", "2026-07-01", false},
		{twice, "2026-08-01", "2027-01-01", false},
		{turn, "2026-12-31", "2026-12-31", true},
		{turn, "2027-01-15", "2027-01-15", true},
		{turn, "2027-01-16", "2027-12-15", false},
		{[]Window{{"02-29", "02-29"}}, "2026-03-01", "2028-02-29", false},
		{twice, "soon", "", false},
	} {
		if got := Within(tc.windows, tc.day); got != tc.in {
			t.Errorf("%s in %v: %v", tc.day, tc.windows, got)
		}
		if got := NextOpen(tc.windows, tc.day); got != tc.next {
			t.Errorf("after %s in %v: %q, want %q", tc.day, tc.windows, got, tc.next)
		}
	}
	terms := plain(1)
	if !terms.Applying("2026-05-05") || !terms.Pays(PayDirect) || terms.Pays(PayRefund) {
		t.Error("without rules of its own a programme takes applications all year and deducts at order")
	}
	terms.Issuing = &Sourced[Issuing]{Value: Issuing{Order: ProRata, Windows: twice}, Clause: clause()}
	terms.Pay = &Sourced[[]string]{Value: []string{PayRefund}, Clause: clause()}
	if err := terms.Validate(); err != nil {
		t.Fatal(err)
	}
	if terms.Applying("2026-05-05") || terms.Pays(PayDirect) || !terms.Pays(PayRefund) {
		t.Error("the rules are not followed")
	}
}

// Hefei: more than 80 % used before the next batch; Chengkou: more than half lapsed shuts the next year; Sanya: under
// 70 % used counts against the next application.
func TestUnused(t *testing.T) {
	of := func(u Unused) Terms {
		terms := plain(5000)
		terms.Unused = &Sourced[Unused]{Value: u, Clause: clause()}
		return terms
	}
	hefei, chengkou, sanya := of(Unused{Above: 8000}), of(Unused{Lapsed: 5000}), of(Unused{Look: 7000})
	for _, tc := range []struct {
		name  string
		terms Terms
		h     History
		want  Verdict
	}{
		{"exactly 80 %", hefei, History{Given: 10_000, Used: 8_000}, No},
		{"a fen more", hefei, History{Given: 10_000, Used: 8_001}, Yes},
		{"all of it", of(Unused{Above: 10000}), History{Given: 10_000, Used: 10_000}, Yes},
		{"all but a fen", of(Unused{Above: 10000}), History{Given: 10_000, Used: 9_999}, No},
		{"nothing given yet", hefei, History{}, ""},
		{"exactly half lapsed", chengkou, History{LastGiven: 10_000, LastLapsed: 5_000}, Yes},
		{"more than half lapsed", chengkou, History{LastGiven: 10_000, LastLapsed: 5_001}, No},
		{"70 % used", sanya, History{LastGiven: 10_000, LastUsed: 7_000}, ""},
		{"less than that", sanya, History{LastGiven: 10_000, LastUsed: 6_999}, Unknown},
		{"no rule", plain(1), History{Given: 1}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := tc.terms.Validate(); err != nil {
				t.Fatal(err)
			}
			var got Verdict
			for _, l := range tc.terms.UnusedLines(tc.h) {
				got = l.Verdict
			}
			if got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}

func TestWatching(t *testing.T) {
	terms := plain(5000)
	if terms.SpotChecks(100) != 0 {
		t.Error("spot checks without a rule")
	}
	if day, err := terms.BannedUntil("2026-11-27"); day != "" || err != nil {
		t.Error("a ban without a rule")
	}
	terms.SpotCheck = &Sourced[int64]{Value: 500, Clause: clause()}
	terms.Ban = &Sourced[int]{Value: 3, Clause: clause()}
	if err := terms.Validate(); err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]int{0: 0, 1: 1, 20: 1, 21: 2, 100: 5} {
		if got := terms.SpotChecks(n); got != want {
			t.Errorf("of %d claims %d, want %d", n, got, want)
		}
	}
	if day, err := terms.BannedUntil("2026-11-27"); day != "2029-11-26" || err != nil {
		t.Errorf("banned until %s, %v", day, err)
	}
	if _, err := terms.BannedUntil("soon"); err == nil {
		t.Error("no day was accepted")
	}
}

func TestLifeIsChecked(t *testing.T) {
	for field, spoil := range map[string]func(*Terms){
		"pay":      func(t *Terms) { t.Pay = &Sourced[[]string]{Value: []string{"barter"}, Clause: clause()} },
		"issuing":  func(t *Terms) { t.Issuing = &Sourced[Issuing]{Value: Issuing{Order: ProRata}, Clause: clause()} },
		"claiming": func(t *Terms) { t.Claiming = &Sourced[[]Window]{Value: []Window{{"01-01", "13-01"}}, Clause: clause()} },
		"claiming 2": func(t *Terms) {
			t.Claiming = &Sourced[[]Window]{Value: []Window{{"01-01", "03-01"}, {"02-01", "02-10"}}, Clause: clause()}
		},
		"one_time": func(t *Terms) { t.OneTime = &Clause{Source: "hearsay"} },
		"types": func(t *Terms) {
			t.Types = []VoucherType{{Code: "x", Name: Name{ZH: "x"}, Validity: &Validity{}, Clause: clause()}}
		},
		"unused":     func(t *Terms) { t.Unused = &Sourced[Unused]{Clause: clause()} },
		"spot_check": func(t *Terms) { t.SpotCheck = &Sourced[int64]{Value: 10001, Clause: clause()} },
		"ban_years":  func(t *Terms) { t.Ban = &Sourced[int]{Clause: clause()} },
		"groups": func(t *Terms) {
			t.Groups = []Group{{Code: "g", Name: Name{ZH: "g"}, Statement: "none", Clause: clause()}}
		},
		"groups_only": func(t *Terms) { t.GroupsOnly = &Clause{Source: "rules"} },
		"rates":       func(t *Terms) { t.Rates = []Rate{{Code: "r", Name: Name{ZH: "r"}, Clause: clause()}} },
		"reward": func(t *Terms) {
			t.Reward = &Sourced[Reward]{Value: Reward{BasisPoints: 1, Of: "moon"}, Clause: clause()}
		},
	} {
		terms := plain(5000)
		spoil(&terms)
		if terms.Validate() == nil {
			t.Errorf("%s: accepted", field)
		}
	}
}

// A budget is divided to the fen, nobody gets more than asked, and who asked for the same gets the same but for a fen.
func TestProrate(t *testing.T) {
	if got := Prorate([]money.Fen{300, 100}, 200); !slices.Equal(got, []money.Fen{150, 50}) {
		t.Errorf("got %v", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		asked := rapid.SliceOf(rapid.Custom(func(t *rapid.T) money.Fen { return money.Fen(rapid.Int64Range(0, 1_000_000).Draw(t, "asked")) })).Draw(t, "all")
		budget := money.Fen(rapid.Int64Range(0, 5_000_000).Draw(t, "budget"))
		var wanted, sum money.Fen
		for i, f := range Prorate(asked, budget) {
			if f < 0 || f > asked[i] {
				t.Fatalf("%d of %d", f, asked[i])
			}
			wanted, sum = wanted+asked[i], sum+f
		}
		if sum != min(wanted, budget) {
			t.Fatalf("%d of %d with a budget of %d", sum, wanted, budget)
		}
	})
}
