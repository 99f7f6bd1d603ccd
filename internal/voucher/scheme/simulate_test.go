package scheme

import (
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
)

// Half became a third with a ceiling of the year: what the same orders would have cost.
func TestSimulate(t *testing.T) {
	terms := plain(3333)
	terms.Caps.Year = sourced(400)
	terms.Funders = &Sourced[[]Share]{Value: []Share{{Role: RoleFirm, Weight: 2}, {Role: RoleProvider, Weight: 1}}, Clause: clause()}
	terms.Reward = &Sourced[Reward]{Value: Reward{BasisPoints: 500, Of: OfPrice, Year: fen(60)}, Clause: clause()}
	deeds := []Deed{
		{Day: "2026-03-01", Firm: "a", Provider: "lab", Sort: "enterprise", ProviderRegion: "330402", Price: 1000 * yuan, Paid: 500 * yuan},
		{Day: "2026-02-01", Firm: "a", Provider: "lab", Sort: "enterprise", ProviderRegion: "330402", Price: 600 * yuan, Paid: 300 * yuan},
		{Day: "2025-12-31", Firm: "a", Provider: "lab2", Sort: "enterprise", ProviderRegion: "310115", Price: 600 * yuan, Paid: 0},
		{Day: "2026-02-02", Firm: "t", Provider: "far", Sort: "team", ProviderRegion: "440300", Price: 600 * yuan, Paid: 300 * yuan},
	}
	s := terms.Simulate(deeds)
	if s.All.Deeds != 4 || s.All.Firms != 2 || s.All.Paid != 1100*yuan || s.All.Cost != (400*yuan)+19_998 || s.All.More != 1 || s.All.Fewer != 3 {
		t.Errorf("all: %+v", s.All)
	}
	if len(s.BySort) != 2 || s.BySort[1].Key != "team" || s.BySort[1].Cost != 0 || len(s.ByRegion) != 3 || len(s.ByMonth) != 3 {
		t.Errorf("by sort %+v, by region %+v, by month %+v", s.BySort, s.ByRegion, s.ByMonth)
	}
	if s.All.Reward != 30*yuan+60*yuan+30*yuan {
		t.Errorf("rewards %s", s.All.Reward)
	}
	if terms.Simulate(nil).All.Deeds != 0 {
		t.Error("nothing is something")
	}
}

// The sums by sort, region, month and funder all make the whole.
func TestSimulationAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := anyRich(t)
		deeds := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Deed {
			return Deed{
				Day: rapid.SampledFrom([]string{"2026-01-05", "2026-01-31", "2026-07-01", "2025-07-01"}).Draw(t, "day"), Firm: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "firm"),
				Sort: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "sort"), ProviderRegion: rapid.SampledFrom([]string{"330402", "310115"}).Draw(t, "region"),
				Price: money.Fen(rapid.Int64Range(0, 1_000_000).Draw(t, "price")), Paid: money.Fen(rapid.Int64Range(0, 1_000_000).Draw(t, "paid")),
			}
		}), 0, 12).Draw(t, "deeds")
		s := terms.Simulate(deeds)
		for _, list := range [][]Tally{s.BySort, s.ByRegion, s.ByMonth} {
			var sum Tally
			for _, x := range list {
				sum.Deeds, sum.Price, sum.Paid, sum.Cost = sum.Deeds+x.Deeds, sum.Price+x.Price, sum.Paid+x.Paid, sum.Cost+x.Cost
			}
			if sum.Deeds != s.All.Deeds || sum.Price != s.All.Price || sum.Paid != s.All.Paid || sum.Cost != s.All.Cost {
				t.Fatalf("%+v do not make %+v", list, s.All)
			}
		}
		var funded money.Fen
		for _, p := range s.Funders {
			funded += p.Amount
		}
		if funded != s.All.Cost {
			t.Fatalf("funders %d of %d", funded, s.All.Cost)
		}
	})
}

func TestDiff(t *testing.T) {
	catalog, err := i18n.New(English)
	if err != nil {
		t.Fatal(err)
	}
	ctx := i18n.With(t.Context(), i18n.EN, catalog)
	from := Draft{Region: "330400", Name: Name{ZH: "券"}, OpensOn: "2026-01-01", ClosesOn: "2026-12-31", Terms: yuhuan()}
	to := from
	to.Terms = yuhuan()
	to.Terms.From = "2026-07-01"
	to.Terms.Ratio.Value = []Tier{{BasisPoints: 5000}}
	to.Terms.Caps.Year = nil
	to.Terms.Notice.Value = 7
	to.Terms.Budget.Clause.Article = "第三条"
	to.Terms.Excluded = nil
	n := Naming{Region: func(code string) string { return code }}
	got := map[string]Change{}
	for _, c := range Diff(ctx, from, to, n) {
		got[c.Label] = c
	}
	if len(got) != 6 || len(Diff(ctx, from, from, n)) != 0 {
		t.Errorf("%d changes: %+v", len(got), got)
	}
	for _, c := range got {
		switch {
		case c.ClauseOnly:
			if c.NewCite == c.OldCite {
				t.Errorf("%+v", c)
			}
		case len(c.New) == 0 && len(c.Old) == 0:
			t.Errorf("%+v says nothing", c)
		}
	}
}
