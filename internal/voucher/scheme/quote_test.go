package scheme

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/money"
)

const yuan = money.Fen(100)

func clause() Clause { return Clause{Source: "rules", Article: "第一条"} }

func sourced(yuans int64) *Sourced[money.Fen] {
	return &Sourced[money.Fen]{Value: money.Fen(yuans) * yuan, Clause: clause()}
}

// plain are terms of one flat ratio and no caps.
func plain(basisPoints int64) Terms {
	return Terms{
		Version: 1, From: "2026-01-01",
		Sources:    map[string]Source{"rules": {Title: Name{ZH: "规则"}}},
		Budget:     *sourced(10_000_000),
		Ratio:      Sourced[[]Tier]{Value: []Tier{{BasisPoints: basisPoints}}, Clause: clause()},
		Validity:   Sourced[Validity]{Value: Validity{EndOfYear: true}, Clause: clause()},
		Kinds:      Sourced[[]string]{Value: []string{"instrument", "service"}, Clause: clause()},
		Providers:  Sourced[[]string]{Value: []string{"330000", "310000"}, Clause: clause()},
		Firms:      Sourced[[]string]{Value: []string{"330400"}, Clause: clause()},
		Capacities: Sourced[[]string]{Value: []string{"enterprise"}, Clause: clause()},
		Unrelated:  &Clause{Source: "rules"},
		Excluded:   []Item{{Code: "statutory", Name: Name{ZH: "法定检测", EN: "Statutory tests"}, Words: []string{"强制检测"}, Clause: clause()}},
		Statements: []Item{{Code: "honest", Name: Name{ZH: "材料真实"}, Clause: clause()}},
		Documents:  []Item{{Code: "invoice", Name: Name{ZH: "发票"}, Clause: clause()}},
		Notice:     Sourced[int]{Value: 0, Clause: clause()},
	}
}

// yuhuan: the whole price up to 10,000, half of what is above.
func yuhuan() Terms {
	t := plain(0)
	t.Ratio.Value = []Tier{{UpTo: 10_000 * yuan, BasisPoints: 10000}, {BasisPoints: 5000}}
	t.Caps = Caps{Application: sourced(20_000), Holding: sourced(50_000), Year: sourced(100_000)}
	return t
}

func TestQuote(t *testing.T) {
	capped := plain(5000)
	capped.Caps.Claim, capped.Caps.Year = sourced(200_000), sourced(300_000)
	for _, tc := range []struct {
		name  string
		terms Terms
		c     Case
		want  money.Fen
		why   string
	}{
		{"half of 300,000", plain(5000), Case{Price: 300_000 * yuan, Left: 500_000 * yuan}, 150_000 * yuan, ""},
		{"only 120,000 left", plain(5000), Case{Price: 300_000 * yuan, Left: 120_000 * yuan}, 120_000 * yuan, "left"},
		{"tiers: 8,000 in full", yuhuan(), Case{Price: 8_000 * yuan, Left: 50_000 * yuan}, 8_000 * yuan, ""},
		{"tiers: 30,000", yuhuan(), Case{Price: 30_000 * yuan, Left: 50_000 * yuan}, 20_000 * yuan, ""},
		{"tiers: 60,000", yuhuan(), Case{Price: 60_000 * yuan, Left: 50_000 * yuan}, 35_000 * yuan, ""},
		{"tiers: 60,000 with one voucher of 20,000", yuhuan(), Case{Price: 60_000 * yuan, Left: 20_000 * yuan}, 20_000 * yuan, "left"},
		{"a quarter, local part the same again", plain(5000), Case{Price: 200_000 * yuan, Left: 200_000 * yuan}, 100_000 * yuan, ""},
		{"cap of a claim", capped, Case{Price: 500_000 * yuan, Left: 900_000 * yuan}, 200_000 * yuan, "cap-claim"},
		{"cap of a year", capped, Case{Price: 500_000 * yuan, Left: 900_000 * yuan, YearUsed: 250_000 * yuan}, 50_000 * yuan, "cap-year"},
		{"year used up", capped, Case{Price: 500_000 * yuan, Left: 900_000 * yuan, YearUsed: 400_000 * yuan}, 0, "cap-year"},
		{"nothing left", plain(5000), Case{Price: 100 * yuan}, 0, "nothing-left"},
		{"down to the fen", plain(5000), Case{Price: 3, Left: yuan}, 1, ""},
		{"a third", plain(3333), Case{Price: 100 * yuan, Left: 1000 * yuan}, 3333, ""},
		{"price of nothing", plain(5000), Case{Left: yuan}, 0, ""},
		{"negative price", plain(5000), Case{Price: -5, Left: yuan}, 0, ""},
		{"excluded purpose", plain(5000), Case{Price: 100 * yuan, Left: 100 * yuan, Purpose: "statutory"}, 0, "excluded"},
		{"words that ask for a look", plain(5000), Case{Price: 100 * yuan, Left: 100 * yuan, Purpose: "非强制检测的性能测试"}, 50 * yuan, ""},
		{"kind not supported", plain(5000), Case{Price: 100 * yuan, Left: 100 * yuan, Kind: "investor"}, 0, "kind"},
		{"provider elsewhere", plain(5000), Case{Price: 100 * yuan, Left: 100 * yuan, ProviderRegion: "440300"}, 0, "provider-region"},
		{"provider next door", plain(5000), Case{Price: 100 * yuan, Left: 100 * yuan, ProviderRegion: "310115"}, 50 * yuan, ""},
		{"related", plain(5000), Case{Price: 100 * yuan, Left: 100 * yuan, Ties: []Tie{{Decisive: true, Text: "x"}}}, 0, "related"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q := tc.terms.Quote(tc.c)
			if q.Voucher != tc.want || q.Why != tc.why {
				t.Errorf("voucher %s because %q, want %s because %q", q.Voucher, q.Why, tc.want, tc.why)
			}
			if q.Voucher+q.Own != max(tc.c.Price, 0) {
				t.Errorf("%s and %s do not make %s", q.Voucher, q.Own, tc.c.Price)
			}
			if q.Why != "" && !slices.ContainsFunc(q.Lines, func(l Line) bool { return l.Code == q.Why }) {
				t.Errorf("no line explains %q", q.Why)
			}
		})
	}
}

// The shares of a programme's funders: rounded down, the rest to the first.
func TestShares(t *testing.T) {
	thirds := plain(5000)
	thirds.Funders = &Sourced[[]Share]{Value: []Share{{Organisation: "home", Weight: 2}, {Organisation: "neighbour", Weight: 1}}, Clause: clause()}
	fujian := plain(5000)
	fujian.Caps.Claim = sourced(200_000)
	fujian.Funders = &Sourced[[]Share]{Value: []Share{{Organisation: "province", Weight: 3}, {Weight: 2}}, Clause: clause()}
	for _, tc := range []struct {
		name  string
		terms Terms
		price money.Fen
		want  []money.Fen
	}{
		{"one funder", plain(5000), 180_000 * yuan, []money.Fen{90_000 * yuan}},
		{"two thirds of 90,000", thirds, 180_000 * yuan, []money.Fen{60_000 * yuan, 30_000 * yuan}},
		{"two thirds of 100,000", thirds, 200_000 * yuan, []money.Fen{6_666_667, 3_333_333}},
		{"30 and 20 percent, capped", fujian, 500_000 * yuan, []money.Fen{120_000 * yuan, 80_000 * yuan}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q := tc.terms.Quote(Case{Price: tc.price, Left: Most})
			var got []money.Fen
			for _, p := range Split(q.Voucher, tc.terms.Shares(Parties{Authority: "authority"})) {
				got = append(got, p.Amount)
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func anyTerms(t *rapid.T) Terms {
	terms := plain(0)
	terms.Ratio.Value = nil
	var below money.Fen
	for range rapid.IntRange(0, 3).Draw(t, "tiers") {
		below += money.Fen(rapid.Int64Range(1, 1_000_000_000).Draw(t, "width"))
		terms.Ratio.Value = append(terms.Ratio.Value, Tier{below, rapid.Int64Range(0, 10000).Draw(t, "share")})
	}
	terms.Ratio.Value = append(terms.Ratio.Value, Tier{0, rapid.Int64Range(0, 10000).Draw(t, "share")})
	limit := func(name string) *Sourced[money.Fen] {
		if rapid.Bool().Draw(t, name+"?") {
			return nil
		}
		return &Sourced[money.Fen]{Value: money.Fen(rapid.Int64Range(1, 1_000_000_000).Draw(t, name)), Clause: clause()}
	}
	terms.Caps = Caps{Application: limit("application"), Claim: limit("claim"), Year: limit("year"), Holding: limit("holding")}
	if err := terms.Validate(); err != nil {
		t.Fatalf("terms: %v", err)
	}
	return terms
}

func anyCase(t *rapid.T) Case {
	amount := rapid.Int64Range(0, 3_000_000_000)
	return Case{
		Price: money.Fen(amount.Draw(t, "price")), Left: money.Fen(amount.Draw(t, "left")), YearUsed: money.Fen(amount.Draw(t, "used")),
		Kind:    rapid.SampledFrom([]string{"", "instrument", "investor"}).Draw(t, "kind"),
		Purpose: rapid.SampledFrom([]string{"", "statutory", "强制检测", "x"}).Draw(t, "purpose"), Ties: rapid.SliceOfN(rapid.Map(rapid.Bool(), func(decisive bool) Tie { return Tie{Decisive: decisive, Text: "x"} }), 0, 2).Draw(t, "ties"),
	}
}

func TestQuoteProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms, c := anyTerms(t), anyCase(t)
		q := terms.Quote(c)
		if q.Voucher < 0 || q.Own < 0 || q.Voucher+q.Own != c.Price {
			t.Fatalf("parts of %d: %d and %d", c.Price, q.Voucher, q.Own)
		}
		if q.Voucher > c.Left || above(q.Voucher, terms.Caps.Claim) || q.Voucher > 0 && above(q.Voucher+c.YearUsed, terms.Caps.Year) {
			t.Fatalf("%d is above a cap", q.Voucher)
		}
		// More price, more left, less used: never a smaller voucher. One fen more of price adds at most one fen.
		more := c
		more.Price += money.Fen(rapid.Int64Range(0, 1000).Draw(t, "more price"))
		bigger := terms.Quote(more)
		if bigger.Voucher < q.Voucher || bigger.Voucher-q.Voucher > more.Price-c.Price+1 {
			t.Fatalf("price %d gives %d, %d gives %d", c.Price, q.Voucher, more.Price, bigger.Voucher)
		}
		more = c
		more.Left, more.YearUsed = c.Left+1, max(c.YearUsed-1, 0)
		if terms.Quote(more).Voucher < q.Voucher {
			t.Fatal("more left gave less")
		}
	})
}

func above(f money.Fen, limit *Sourced[money.Fen]) bool { return limit != nil && f > limit.Value }

func TestSharesProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := plain(5000)
		terms.Funders = &Sourced[[]Share]{Clause: clause()}
		for _, name := range []string{"a", "b", "c"}[:rapid.IntRange(1, 3).Draw(t, "n")] {
			terms.Funders.Value = append(terms.Funders.Value, Share{Organisation: name, Weight: rapid.Int64Range(1, 1000).Draw(t, "weight")})
		}
		amount := money.Fen(rapid.Int64Range(0, int64(Most)).Draw(t, "amount"))
		var sum money.Fen
		for _, p := range Split(amount, terms.Shares(Parties{Authority: "x"})) {
			if p.Amount < 0 {
				t.Fatalf("share %d", p.Amount)
			}
			sum += p.Amount
		}
		if sum != amount {
			t.Fatalf("shares make %d of %d", sum, amount)
		}
	})
}
