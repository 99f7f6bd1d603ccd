package voucher

import (
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
	"qiao/internal/voucher/scheme/schemetest"
)

// rewardingTerms are terms that reward the provider by 5 % of the price, at most so many yuan a year.
func rewardingTerms(most money.Fen) scheme.Terms {
	t := schemetest.Plain(5000)
	t.Reward = &scheme.Sourced[scheme.Reward]{Value: scheme.Reward{BasisPoints: 500, Of: scheme.OfPrice, Year: &most}, Clause: schemetest.Clause()}
	return t
}

// approved walks one order to an approved redemption.
func (w *world) approved(t testing.TB, c cast, p Programme, order string, lab func(cast) string) Claim {
	t.Helper()
	by := c.lab
	if lab(c) == c.lab2.Org {
		by = c.lab2
	}
	must(t, w.hold(t.Context(), order, p.ID, c.firm, by, 1000*schemetest.Yuan, 500*schemetest.Yuan))
	must(t, w.use(t.Context(), order, 500*schemetest.Yuan))
	w.confirmed(order, by, c.firm.Org, 1000*schemetest.Yuan)
	claim, err := w.Redeem(t.Context(), by, RedeemRequest{Programme: p.ID, Orders: []string{order}, Documents: invoice()})
	must(t, err)
	_, err = w.Do(t.Context(), c.officer, claim.ID, "verify", VerbRequest{})
	must(t, err)
	claim, err = w.Do(t.Context(), c.officer2, claim.ID, "approve", VerbRequest{})
	must(t, err)
	return claim
}

// A reward is reckoned from what was approved in a period, proposed by one officer, approved by another, paid once from the
// programme's budget; the year's ceiling cuts it, a base that is asked back shows as too much.
func TestAProviderIsRewarded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		p := w.programme(t, c.officer, rewardingTerms(80*schemetest.Yuan))
		w.grant(t, c.firm, c.officer, p.ID, 5000*schemetest.Yuan)
		lab := func(c cast) string { return c.lab.Org }
		first := w.approved(t, c, p, "o1", lab)
		w.approved(t, c, p, "o2", lab)
		w.approved(t, c, p, "o3", func(c cast) string { return c.lab2.Org })
		period := RewardPeriod{p.ID, "2026-01-01", "2026-11-21"}
		_, err := w.ProposeRewards(t.Context(), c.officer, period)
		wants(t, err, "period-invalid") // today is not over
		w.clock.Advance(24 * 3600 * 1e9)
		_, err = w.ProposeRewards(t.Context(), c.lab, period)
		if err == nil {
			t.Fatal("a provider proposes its own reward")
		}
		made, err := w.ProposeRewards(t.Context(), c.officer, period)
		must(t, err)
		if len(made) != 2 || made[0].Payee != "lab" || made[0].Amount != 80*schemetest.Yuan || made[1].Amount != 50*schemetest.Yuan {
			t.Fatalf("rewards %+v", made)
		}
		again, err := w.ProposeRewards(t.Context(), c.officer2, period)
		must(t, err)
		if len(again) != 2 || again[0].ID != made[0].ID {
			t.Errorf("proposed again: %+v", again)
		}
		w.sound(t)
		_, err = w.Do(t.Context(), c.officer, made[0].ID, "approve", VerbRequest{})
		wants(t, err, "second-person-needed")
		for _, verb := range []string{"approve", "publish-notice"} {
			_, err = w.Do(t.Context(), c.officer2, made[0].ID, verb, VerbRequest{})
			must(t, err)
		}
		owed, err := w.OwedBy(t.Context(), d, c.officer.Org, w.today())
		must(t, err)
		if len(owed) != 1 || owed[0].Claim != made[0].ID || owed[0].Amount != 80*schemetest.Yuan {
			t.Errorf("payable: %+v", owed)
		}
		_, err = w.Do(t.Context(), c.officer2, made[0].ID, "pay", VerbRequest{})
		must(t, err)
		b, err := w.Budget(t.Context(), d, p.ID)
		must(t, err)
		if b.Rewarded != 80*schemetest.Yuan || b.Issued() != 5000*schemetest.Yuan {
			t.Errorf("budget %+v", b)
		}
		w.sound(t)
		for _, verb := range []string{"publish-notice", "pay", "recover"} {
			_, err = w.Do(t.Context(), c.officer2, first.ID, verb, VerbRequest{Note: "x"})
			must(t, err)
		}
		paid, err := getClaim(t.Context(), d, made[0].ID)
		must(t, err)
		if much, err := w.TooMuch(t.Context(), d, paid); err != nil || much != 50*schemetest.Yuan {
			t.Errorf("too much: %v, %v", much, err)
		}
		_, err = w.Do(t.Context(), c.officer, paid.ID, "recover", VerbRequest{Note: "x", Amount: 50 * schemetest.Yuan})
		must(t, err)
		w.sound(t)
	})
}

// A reward whose base was refused cannot be approved; refused itself, its orders may be rewarded again. No rule, no reward.
func TestARewardStandsOnItsBase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		p, plain := w.programme(t, c.officer, rewardingTerms(1000*schemetest.Yuan)), w.programme(t, c.officer, schemetest.Plain(5000))
		for _, x := range []Programme{p, plain} {
			w.grant(t, c.firm, c.officer, x.ID, 2000*schemetest.Yuan)
		}
		lab := func(c cast) string { return c.lab.Org }
		base := w.approved(t, c, p, "o1", lab)
		w.approved(t, c, p, "o2", lab)
		w.approved(t, c, plain, "o3", lab)
		w.clock.Advance(24 * 3600 * 1e9)
		period := RewardPeriod{p.ID, "2026-01-01", "2026-11-21"}
		_, err := w.ProposeRewards(t.Context(), c.officer, RewardPeriod{plain.ID, period.From, period.To})
		wants(t, err, "no-reward")
		made, err := w.ProposeRewards(t.Context(), c.officer, period)
		must(t, err)
		_, err = w.Do(t.Context(), c.officer2, base.ID, "refuse", VerbRequest{Note: "x"})
		must(t, err)
		_, err = w.Do(t.Context(), c.officer2, made[0].ID, "approve", VerbRequest{})
		wants(t, err, "reward-base")
		_, err = w.Do(t.Context(), c.officer2, made[0].ID, "refuse", VerbRequest{Note: "x"})
		must(t, err)
		made, err = w.ProposeRewards(t.Context(), c.officer, period)
		must(t, err)
		if len(made) != 1 || made[0].Amount != 50*schemetest.Yuan {
			t.Fatalf("proposed anew: %+v", made)
		}
		_, err = w.Do(t.Context(), c.officer2, made[0].ID, "approve", VerbRequest{})
		must(t, err)
		w.sound(t)
		_, err = w.Do(t.Context(), c.officer2, made[0].ID, "refuse", VerbRequest{Note: "x"})
		must(t, err)
		w.sound(t)
	})
}
