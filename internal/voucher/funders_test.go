package voucher

import (
	"context"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
	"qiao/internal/voucher/scheme/schemetest"
)

// The double voucher: two thirds by the firm's region, a third by the provider's, whoever that is. Each order is divided
// by itself, and a region without an authority can take no part.
func TestTheProvidersRegionPaysItsThird(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		w.orgs.add("shanghai", "310000", "officer", "authority")
		w.orgs.add("pudong", "310115", "officer", "authority")
		terms := schemetest.Plain(10000)
		terms.Providers.Value = append(terms.Providers.Value, "340000")
		terms.Funders = &scheme.Sourced[[]scheme.Share]{Value: []scheme.Share{{Role: scheme.RoleFirm, Weight: 2}, {Role: scheme.RoleProvider, Weight: 1}}, Clause: schemetest.Clause()}
		p := w.programme(t, c.officer, terms)
		w.grant(t, c.firm, c.officer, p.ID, 400_000*schemetest.Yuan)
		for _, o := range []string{"o1", "o2"} {
			must(t, w.hold(t.Context(), o, p.ID, c.firm, c.lab2, 100_000*schemetest.Yuan, 100_000*schemetest.Yuan))
			must(t, w.use(t.Context(), o, 100_000*schemetest.Yuan))
			w.confirmed(o, c.lab2, "firm", 100_000*schemetest.Yuan)
		}
		q, err := w.Quote(t.Context(), d, QuoteRequest{Programme: p.ID, Firm: "firm", Provider: "lab2", Price: 100_000 * schemetest.Yuan})
		must(t, err)
		if len(q.Shares) != 2 || q.Shares[0] != (scheme.Part{Funder: "authority", Amount: 6_666_667}) || q.Shares[1] != (scheme.Part{Funder: "pudong", Amount: 3_333_333}) {
			t.Errorf("shares %+v", q.Shares)
		}
		claim, err := w.Redeem(t.Context(), c.lab2, RedeemRequest{Programme: p.ID, Orders: []string{"o1", "o2"}, Documents: invoice()})
		must(t, err)
		for _, step := range []struct {
			verb string
			by   int
		}{{"verify", 0}, {"approve", 1}} {
			officer := c.officer
			if step.by == 1 {
				officer = c.officer2
			}
			_, err := w.Do(t.Context(), officer, claim.ID, step.verb, VerbRequest{})
			must(t, err)
		}
		owed := map[string]money.Fen{}
		parts, err := lyingWith(t.Context(), d, claim.ID, "payable")
		must(t, err)
		for _, part := range parts {
			owed[part.Funder] = part.Amount
		}
		if owed["authority"] != 2*6_666_667 || owed["pudong"] != 2*3_333_333 || len(owed) != 2 {
			t.Errorf("owed %v", owed)
		}
		w.sound(t)
		w.orgs.add("county", "330402", "officer", "authority") // from now on it is the firm's, and what was booked stays
		_, err = w.Do(t.Context(), c.officer, claim.ID, "refuse", VerbRequest{Note: "发票不符"})
		must(t, err)
		w.sound(t)
		q, err = w.Quote(t.Context(), d, QuoteRequest{Programme: p.ID, Firm: "firm", Provider: "lab2", Price: 300})
		must(t, err)
		if q.Shares[0].Funder != "county" {
			t.Errorf("the firm's own county does not fund: %+v", q.Shares)
		}
		w.orgs.add("anhui-lab", "340100", "admin", "provider")
		q, err = w.Quote(t.Context(), d, QuoteRequest{Programme: p.ID, Firm: "firm", Provider: "anhui-lab", Price: 100})
		must(t, err)
		if q.Voucher != 0 || q.Own != 100 || q.Why != noFunder {
			t.Errorf("a region that nobody pays for: %+v", q)
		}
		w.sound(t)
	})
}

// A firm's groups come from what it is, from lists and from what it declared; the rate of a hold counts against its year.
func TestGroupsAndRates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		w.rosters = lists{"firm": {{Roster: "members"}}}
		year := 300 * schemetest.Yuan
		terms := schemetest.Plain(1000)
		terms.Groups = []scheme.Group{
			{Code: "member", Name: scheme.Name{ZH: "成员单位"}, Rosters: []string{"members"}, Caps: scheme.Caps{Application: schemetest.Sourced(2_000)}, Clause: schemetest.Clause()},
			{Code: "honest", Name: scheme.Name{ZH: "已承诺"}, Statement: "honest", Clause: schemetest.Clause()},
		}
		terms.Caps.Application = schemetest.Sourced(1_000)
		terms.Rates = []scheme.Rate{
			{Code: "member", Name: scheme.Name{ZH: "成员单位"}, For: scheme.Match{Groups: []string{"member"}, Classes: []string{"test"}}, Ratio: []scheme.Tier{{BasisPoints: 5000}}, Year: &year, Clause: schemetest.Clause()},
			{Code: "honest", Name: scheme.Name{ZH: "已承诺"}, For: scheme.Match{Groups: []string{"honest"}}, Ratio: []scheme.Tier{{BasisPoints: 2000}}, Clause: schemetest.Clause()},
		}
		p := w.programme(t, c.officer, terms)
		w.grant(t, c.firm, c.officer, p.ID, 2_000*schemetest.Yuan)
		_, err := w.Apply(t.Context(), c.firm2, ApplyRequest{Programme: p.ID, Amount: 2_000 * schemetest.Yuan, Purpose: "材料性能测试", Statements: []string{"honest"}})
		wants(t, err, "application-invalid")
		w.grant(t, c.firm2, c.officer, p.ID, 1_000*schemetest.Yuan)

		ask := func(firm, class string) scheme.Quote {
			q, err := w.Quote(t.Context(), d, QuoteRequest{Programme: p.ID, Firm: firm, Class: class, Price: 400 * schemetest.Yuan})
			must(t, err)
			return q
		}
		if q := ask("firm2", "test"); q.Voucher != 80*schemetest.Yuan || q.Rate != "honest" {
			t.Errorf("a firm that declared: %+v", q)
		}
		if q := ask("firm", "test"); q.Voucher != 200*schemetest.Yuan || q.Rate != "member" {
			t.Errorf("a member: %+v", q)
		}
		must(t, w.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := w.Hold(ctx, tx, HoldRequest{Order: "o", Programme: p.ID, Firm: "firm", Provider: "lab", Class: "test", Price: 400 * schemetest.Yuan, Amount: 200 * schemetest.Yuan})
			return err
		}))
		if q := ask("firm", "test"); q.Voucher != 100*schemetest.Yuan || q.Why != "cap-rate-year" {
			t.Errorf("the rest of the rate's year: %+v", q)
		}
		w.sound(t)
	})
}
