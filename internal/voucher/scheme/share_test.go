package scheme

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/money"
)

func amounts(parts []Part) []money.Fen {
	var out []money.Fen
	for _, p := range parts {
		out = append(out, p.Amount)
	}
	return out
}

func TestSplit(t *testing.T) {
	home, away := Share{Role: RoleFirm, Weight: 2}, Share{Role: RoleProvider, Weight: 1}
	for _, tc := range []struct {
		name   string
		amount money.Fen
		shares []Share
		want   []money.Fen
	}{
		{"nothing to divide", 0, []Share{home, away}, []money.Fen{0, 0}},
		{"two thirds", 90_000 * yuan, []Share{home, away}, []money.Fen{60_000 * yuan, 30_000 * yuan}},
		{"the rest to the first", 100_000 * yuan, []Share{home, away}, []money.Fen{6_666_667, 3_333_333}},
		{"the rest to the one that takes it", 100_000 * yuan, []Share{home, {Role: RoleProvider, Weight: 1, Rest: true}}, []money.Fen{6_666_666, 3_333_334}},
		{"percentages", 200_000 * yuan, []Share{{BasisPoints: 3000, Cap: fen(120_000)}, {Role: RoleFirm, BasisPoints: 2000}}, []money.Fen{120_000 * yuan, 80_000 * yuan}},
		{"what is above a cap is the others'", 100 * yuan, []Share{{Weight: 1, Cap: fen(10)}, {Role: RoleFirm, Weight: 1}}, []money.Fen{10 * yuan, 90 * yuan}},
		{"a cap that another cap brings about", 100 * yuan, []Share{{Weight: 2, Cap: fen(10)}, {Role: RoleFirm, Weight: 1, Cap: fen(40)}, {Role: RoleProvider, Weight: 1}}, []money.Fen{10 * yuan, 40 * yuan, 50 * yuan}},
		{"a full funder takes no rest", 2, []Share{{Weight: 1, Cap: fenOf(0)}, {Weight: 1}, {Weight: 1}, {Weight: 1}}, []money.Fen{0, 2, 0, 0}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := amounts(Split(tc.amount, tc.shares)); !slices.Equal(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func fenOf(f money.Fen) *money.Fen { return &f }

func TestSharesNameTheirParties(t *testing.T) {
	terms := plain(5000)
	terms.Funders = &Sourced[[]Share]{Value: []Share{{Weight: 1}, {Role: RoleFirm, Weight: 1}, {Role: RoleProvider, Weight: 1}, {Organisation: "x", Weight: 1}}, Clause: clause()}
	if err := terms.Validate(); err != nil {
		t.Fatal(err)
	}
	names := func(p Parties) []string {
		var out []string
		for _, s := range terms.Shares(p) {
			out = append(out, s.Organisation)
		}
		return out
	}
	if got := names(Parties{"a", "f", "p"}); !slices.Equal(got, []string{"a", "f", "p", "x"}) {
		t.Errorf("got %v", got)
	}
	if got := names(Parties{Authority: "a"}); !slices.Equal(got, []string{"a", RoleFirm, RoleProvider, "x"}) {
		t.Errorf("got %v", got)
	}
	if !terms.PerOrder() || plain(1).PerOrder() {
		t.Error("a funder that the order names is found order by order")
	}
}

func TestFundersAreChecked(t *testing.T) {
	for _, list := range [][]Share{
		nil, {{Weight: -1}}, {{Weight: 1}, {Weight: 1}}, {{Role: "moon", Weight: 1}}, {{Role: RoleFirm, Organisation: "x", Weight: 1}},
		{{Weight: 1, BasisPoints: 1}}, {{BasisPoints: 3000}, {Organisation: "x", BasisPoints: 1000}}, {{BasisPoints: 3000}, {Organisation: "x", Weight: 2000}},
		{{Weight: 1, Cap: fenOf(-5)}}, {{Weight: 1, Rest: true}, {Organisation: "x", Weight: 1, Rest: true}},
	} {
		terms := plain(5000)
		terms.Funders = &Sourced[[]Share]{Value: list, Clause: clause()}
		if terms.Validate() == nil {
			t.Errorf("%+v was accepted", list)
		}
	}
}

func TestReward(t *testing.T) {
	jiangsu, wuhan := plain(2500), plain(10000)
	jiangsu.Reward = &Sourced[Reward]{Value: Reward{BasisPoints: 500, Of: OfPrice, Year: fen(500_000)}, Clause: clause()}
	wuhan.Reward = &Sourced[Reward]{Value: Reward{BasisPoints: 1000, Of: OfVoucher}, Clause: clause()}
	for _, tc := range []struct {
		name                     string
		terms                    Terms
		price, voucher, rewarded money.Fen
		want                     money.Fen
	}{
		{"five per cent", jiangsu, 200_000 * yuan, 50_000 * yuan, 0, 10_000 * yuan},
		{"the year's ceiling", jiangsu, 200_000 * yuan, 50_000 * yuan, 495_000 * yuan, 5_000 * yuan},
		{"beyond it", jiangsu, 200_000 * yuan, 50_000 * yuan, 600_000 * yuan, 0},
		{"ten per cent of the voucher", wuhan, 30_000 * yuan, 20_000 * yuan, 0, 2_000 * yuan},
		{"none", plain(5000), 30_000 * yuan, 20_000 * yuan, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := tc.terms.Validate(); err != nil {
				t.Fatal(err)
			}
			if got, _ := tc.terms.RewardOf(tc.price, tc.voucher, tc.rewarded); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// The parts of a capped division add up, and none is above its cap as long as the caps leave room.
func TestSplitProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var shares []Share
		var room money.Fen
		for range rapid.IntRange(1, 5).Draw(t, "n") {
			s := Share{Weight: rapid.Int64Range(1, 1_000_000).Draw(t, "weight"), Cap: fenOf(money.Fen(rapid.Int64Range(1, 1_000_000).Draw(t, "cap")))}
			room += *s.Cap
			shares = append(shares, s)
		}
		shares[rapid.IntRange(0, len(shares)-1).Draw(t, "rest")].Rest = true
		amount := money.Fen(rapid.Int64Range(0, int64(room)).Draw(t, "amount"))
		var sum money.Fen
		for i, p := range Split(amount, shares) {
			sum += p.Amount
			if p.Amount < 0 || p.Amount > *shares[i].Cap {
				t.Fatalf("part %d is above %d", p.Amount, *shares[i].Cap)
			}
		}
		if sum != amount {
			t.Fatalf("parts make %d of %d", sum, amount)
		}
	})
}
