package scheme

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/money"
)

func fen(yuans int64) *money.Fen { f := money.Fen(yuans) * yuan; return &f }

// chongqing: ten per cent for everyone, more for members and projects; the highest that applies counts.
func chongqing() Terms {
	t := plain(1000)
	t.Caps.Claim = sourced(50_000)
	t.Statements = append(t.Statements, Item{Code: "project", Name: Name{ZH: "承担市级项目"}, Optional: true, Clause: clause()})
	t.Groups = []Group{
		{Code: "member", Name: Name{ZH: "成员单位"}, Rosters: []string{"members"}, Clause: clause()},
		{Code: "project", Name: Name{ZH: "承担市级项目"}, Statement: "project", Clause: clause()},
	}
	t.Rates = []Rate{
		{Code: "member", Name: Name{ZH: "成员单位"}, For: Match{Groups: []string{"member"}}, Ratio: []Tier{{BasisPoints: 2000}}, Clause: clause()},
		{Code: "project", Name: Name{ZH: "市级项目"}, For: Match{Groups: []string{"project"}}, Ratio: []Tier{{BasisPoints: 3000}}, Clause: clause()},
	}
	return t
}

// typed: intellectual property with ceilings of single items, as Changchun's.
func typed() Terms {
	t := plain(0)
	t.Types = []VoucherType{{Code: "ip", Name: Name{ZH: "知识产权券"}, Clause: clause()}}
	t.Rates = []Rate{
		{Code: "software", Name: Name{ZH: "软件著作权"}, For: Match{Types: []string{"ip"}, Purposes: []string{"software"}}, Ratio: []Tier{{BasisPoints: 5000}}, Item: fen(500), Year: fen(5000), Clause: clause()},
		{Code: "other", Name: Name{ZH: "其他"}, For: Match{Types: []string{"ip"}, Classes: []string{"ip"}}, Ratio: []Tier{{BasisPoints: 5000}}, Claim: fen(3000), Clause: clause()},
		{Code: "motor", Name: Name{ZH: "电机"}, For: Match{Kinds: []string{"service"}}, PerUnit: []UnitRate{
			{Name: Name{ZH: "回购"}, Unit: "kW", Amount: 20 * yuan, Clause: clause()}, {Name: Name{ZH: "地方补贴"}, Unit: "kW", Amount: 45 * yuan, Clause: clause()},
		}, Clause: clause()},
	}
	return t
}

func TestRates(t *testing.T) {
	for _, tc := range []struct {
		name  string
		terms Terms
		c     Case
		want  money.Fen
		rate  string
		why   string
	}{
		{"everyone", chongqing(), Case{Price: 20_000 * yuan}, 2000 * yuan, "", ""},
		{"a member", chongqing(), Case{Price: 20_000 * yuan, Groups: []string{"member"}}, 4000 * yuan, "member", ""},
		{"the highest applies", chongqing(), Case{Price: 20_000 * yuan, Groups: []string{"member", "project"}}, 6000 * yuan, "project", ""},
		{"and the ceiling", chongqing(), Case{Price: 200_000 * yuan, Groups: []string{"project"}}, 50_000 * yuan, "project", "cap-claim"},
		{"one software copyright", typed(), Case{Price: 3000 * yuan, Type: "ip", Purpose: "software"}, 500 * yuan, "software", "cap-item"},
		{"three of them", typed(), Case{Price: 3000 * yuan, Type: "ip", Purpose: "software", Quantity: 3}, 1500 * yuan, "software", ""},
		{"its year nearly used up", typed(), Case{Price: 3000 * yuan, Type: "ip", Purpose: "software", Quantity: 3, RateUsed: map[string]money.Fen{"software": 4000 * yuan}}, 1000 * yuan, "software", "cap-rate-year"},
		{"ceiling of one order", typed(), Case{Price: 9000 * yuan, Type: "ip", Class: "ip"}, 3000 * yuan, "other", "cap-rate"},
		{"no rate applies", typed(), Case{Price: 9000 * yuan, Class: "ip"}, 0, "", ""},
		{"by kilowatt", typed(), Case{Price: 9000 * yuan, Kind: "service", Measured: 7500}, 48_750, "motor", ""},
		{"never above the price", typed(), Case{Price: 100 * yuan, Kind: "service", Measured: 7500}, 100 * yuan, "motor", "price-cap"},
		{"an odd measure", typed(), Case{Price: 9000 * yuan, Kind: "service", Measured: 1}, 2 + 4, "motor", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := tc.terms.Validate(); err != nil {
				t.Fatal(err)
			}
			tc.c.Left = Most
			q := tc.terms.Quote(tc.c)
			if q.Voucher != tc.want || q.Rate != tc.rate || q.Why != tc.why {
				t.Errorf("voucher %s by %q because %q, want %s by %q because %q", q.Voucher, q.Rate, q.Why, tc.want, tc.rate, tc.why)
			}
		})
	}
}

func TestGroups(t *testing.T) {
	terms := chongqing()
	terms.Caps.Year = sourced(20_000)
	terms.Groups[0].Caps.Year, terms.Groups[1].Caps.Year = sourced(10_000), sourced(50_000)
	terms.GroupsOnly = &Clause{Source: "rules"}
	if err := terms.Validate(); err != nil {
		t.Fatal(err)
	}
	groups := terms.GroupsOf(Membership{Rosters: []string{"members"}, Declared: []string{"project"}})
	if !slices.Equal(groups, []string{"member", "project"}) {
		t.Errorf("groups %v", groups)
	}
	if got := terms.CapsOf([]string{"member"}).Year.Value; got != 10_000*yuan {
		t.Errorf("a member's year: %s", got)
	}
	if got := terms.CapsOf(groups).Year.Value; got != 50_000*yuan {
		t.Errorf("the most favourable: %s", got)
	}
	if got := terms.CapsOf(nil).Year.Value; got != 20_000*yuan {
		t.Errorf("nobody's: %s", got)
	}
	if q := terms.Quote(Case{Price: yuan, Left: yuan}); q.Why != "group" || q.Voucher != 0 {
		t.Errorf("a firm of no group: %+v", q)
	}
	if q := terms.Quote(Case{Price: 100 * yuan, Left: 100 * yuan, Anyone: true}); q.Why != "" {
		t.Errorf("a firm not yet known: %+v", q)
	}
	a := Applicant{Region: "330402", Capacities: []string{"enterprise"}, Declared: []string{"honest"}, Asked: 10_000 * yuan, Unissued: Most}
	if no := Refused(terms.Check(a)); no == nil || no.Code != "group" {
		t.Errorf("an applicant of no group: %+v", no)
	}
	a.Groups = groups
	if no := Refused(terms.Check(a)); no != nil {
		t.Errorf("a member: %+v", no)
	}
	terms.Caps.Applications = &Sourced[int]{Value: 5, Clause: clause()}
	if a.YearTimes = 5; Refused(terms.Check(a)) == nil {
		t.Error("a sixth application in a year was let through")
	}
	a.YearTimes, terms.Caps.Ever, a.EverGiven = 0, sourced(50_000), 45_000*yuan
	if no := Refused(terms.Check(a)); no == nil || no.Code != "amount" {
		t.Errorf("more than ever: %+v", no)
	}
}

func anyRich(t *rapid.T) Terms {
	terms := anyTerms(t)
	limit := func(name string) *money.Fen {
		if rapid.Bool().Draw(t, name+"?") {
			return nil
		}
		f := money.Fen(rapid.Int64Range(1, 1_000_000_000).Draw(t, name))
		return &f
	}
	terms.Groups = []Group{{Code: "g", Name: Name{ZH: "类"}, Caps: Caps{Claim: sourced(rapid.Int64Range(1, 1_000_000).Draw(t, "group claim"))}, Clause: clause()}}
	for _, code := range []string{"a", "b"}[:rapid.IntRange(0, 2).Draw(t, "rates")] {
		r := Rate{Code: code, Name: Name{ZH: code}, Item: limit("item"), Claim: limit("claim"), Year: limit("rate year"), Clause: clause()}
		if rapid.Bool().Draw(t, "per unit") {
			r.PerUnit = []UnitRate{{Name: Name{ZH: "u"}, Unit: "kW", Amount: money.Fen(rapid.Int64Range(1, 10_000).Draw(t, "unit")), Clause: clause()}}
		} else {
			r.Ratio = []Tier{{UpTo: money.Fen(rapid.Int64Range(1, 1_000_000).Draw(t, "first")), BasisPoints: rapid.Int64Range(0, 10000).Draw(t, "share")}, {BasisPoints: rapid.Int64Range(0, 10000).Draw(t, "share")}}
		}
		if rapid.Bool().Draw(t, "for group") {
			r.For.Groups = []string{"g"}
		}
		terms.Rates = append(terms.Rates, r)
	}
	var funders []Share
	for _, name := range []string{"a", "b", "c"}[:rapid.IntRange(0, 3).Draw(t, "funders")] {
		funders = append(funders, Share{Organisation: name, Weight: rapid.Int64Range(1, 1000).Draw(t, "weight"), Cap: limit("funder")})
	}
	if len(funders) > 0 {
		terms.Funders = &Sourced[[]Share]{Value: funders, Clause: clause()}
	}
	if err := terms.Validate(); err != nil {
		t.Fatalf("terms: %v", err)
	}
	return terms
}

// Whatever the rules: nothing is lost, no ceiling is passed, more price is never less voucher, the steps add up, and
// the funders' parts do too, each below its own ceiling.
func TestRichQuoteProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms, c := anyRich(t), anyCase(t)
		c.Measured, c.Quantity = rapid.Int64Range(0, 5_000_000).Draw(t, "measured"), rapid.Int64Range(0, 9).Draw(t, "quantity")
		if rapid.Bool().Draw(t, "in the group") {
			c.Groups = []string{"g"}
		}
		q := terms.Quote(c)
		if q.Voucher < 0 || q.Own < 0 || q.Voucher+q.Own != c.Price {
			t.Fatalf("parts of %d: %d and %d", c.Price, q.Voucher, q.Own)
		}
		caps := terms.CapsOf(c.Groups)
		if q.Voucher > c.Left || above(q.Voucher, caps.Claim) || q.Voucher > 0 && above(q.Voucher+c.YearUsed, caps.Year) {
			t.Fatalf("%d is above a ceiling", q.Voucher)
		}
		for _, r := range terms.Rates {
			if r.Code == q.Rate && (r.Claim != nil && q.Voucher > *r.Claim || r.Item != nil && q.Voucher > *r.Item*money.Fen(max(c.Quantity, 1))) {
				t.Fatalf("%d is above a ceiling of rate %s", q.Voucher, r.Code)
			}
		}
		more := c
		more.Price += money.Fen(rapid.Int64Range(0, 1000).Draw(t, "more price"))
		if bigger := terms.Quote(more); bigger.Voucher < q.Voucher {
			t.Fatalf("price %d gives %d, %d gives %d", c.Price, q.Voucher, more.Price, bigger.Voucher)
		}
		explained(t, q)
		var sum money.Fen
		for i, p := range q.Shares {
			sum += p.Amount
			if p.Amount < 0 || terms.Funders != nil && terms.Funders.Value[i].Cap != nil && p.Amount > *terms.Funders.Value[i].Cap {
				t.Fatalf("share %+v of %+v", p, terms.Funders.Value[i])
			}
		}
		if sum != q.Voucher && len(q.Shares) > 0 {
			t.Fatalf("shares make %d of %d", sum, q.Voucher)
		}
	})
}

// explained checks that the steps add up: the ratio's to what the ratio gives, then each ceiling is lower, and the last
// one is the voucher's part.
func explained(t *rapid.T, q Quote) {
	var at money.Fen
	for _, l := range q.Lines {
		switch l.Code {
		case "price", "own":
		case "ratio", "unit":
			at += l.Amount
		case "voucher":
			if l.Amount != at && q.Why == "" || l.Amount != q.Voucher {
				t.Fatalf("the steps make %d, the voucher's part is %d: %+v", at, q.Voucher, q.Lines)
			}
		default:
			if l.Verdict == "" && l.Amount >= at {
				t.Fatalf("%s %d is no ceiling of %d", l.Code, l.Amount, at)
			}
			at = l.Amount
		}
	}
}
