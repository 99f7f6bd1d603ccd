package voucher

import (
	"context"
	"testing"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
	"qiao/internal/voucher/scheme/schemetest"
)

// stacked are terms that pay by both ways, beside programmes of the province, up to so much of a price in all.
func stacked(basisPoints, ceiling int64) scheme.Terms {
	t := schemetest.Plain(basisPoints)
	t.Pay = &scheme.Sourced[[]string]{Value: []string{scheme.Direct, scheme.Repay}, Clause: schemetest.Clause()}
	t.Stacking = &scheme.Sourced[scheme.Stacking]{Value: scheme.Stacking{Regions: []string{"330000"}, Ceiling: ceiling}, Clause: schemetest.Clause()}
	return t
}

func (w *world) holdBy(t testing.TB, way, order string, p Programme, firm, lab identity.Subject, price, amount money.Fen) error {
	t.Helper()
	return w.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := w.Hold(ctx, tx, HoldRequest{Order: order, Programme: p.ID, Way: way, Firm: firm.Org, Provider: lab.Org, Kind: "instrument", Price: price, Amount: amount, Key: order + "/" + p.ID})
		return err
	})
}

func (w *world) useOf(t testing.TB, order string, p Programme, amount money.Fen) {
	t.Helper()
	must(t, w.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return w.Use(ctx, tx, order, p.ID, amount, "use "+order+p.ID)
	}))
}

// The firm pays the whole price; after confirmation it proves that, and is repaid by the same review as a provider is paid.
func TestAFirmIsRepaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		p := w.programme(t, c.officer, stacked(5000, 0))
		w.grant(t, c.firm, c.officer, p.ID, 100*schemetest.Yuan)
		must(t, w.holdBy(t, scheme.Repay, "o1", p, c.firm, c.lab, 100*schemetest.Yuan, 50*schemetest.Yuan))
		w.useOf(t, "o1", p, 50*schemetest.Yuan)
		w.confirmed("o1", c.lab, c.firm.Org, 100*schemetest.Yuan)

		if open, err := w.Claimable(t.Context(), d, c.lab.Org); err != nil || len(open) != 0 {
			t.Errorf("the provider may claim what the firm is repaid: %v, %v", open, err)
		}
		open, err := w.Claimable(t.Context(), d, c.firm.Org)
		if err != nil || len(open) != 1 || open[0].Way != scheme.Repay {
			t.Fatalf("the firm may claim %v, %v", open, err)
		}
		ask := RedeemRequest{Programme: p.ID, Orders: []string{"o1"}, Documents: invoice()}
		_, err = w.Redeem(t.Context(), c.lab, ask)
		wants(t, err, "not-claimable")
		_, err = w.Redeem(t.Context(), c.firm2, ask)
		wants(t, err, "other-party")
		_, err = w.Redeem(t.Context(), c.firm, ask)
		wants(t, err, "documents-missing") // the payment is not proved
		ask.Documents = append(ask.Documents, Document{Code: "payment", Name: "付款回单.pdf", SHA256: invoice()[0].SHA256, Size: 3})
		claim, err := w.Redeem(t.Context(), c.firm, ask)
		must(t, err)
		if claim.Payee != c.firm.Org || claim.Way != scheme.Repay || claim.Amount != 50*schemetest.Yuan {
			t.Errorf("claim %+v", claim)
		}
		inside := c.lab // an officer who also works at the provider
		inside.Org, inside.Role, inside.Region, inside.Capacities = c.officer.Org, c.officer.Role, c.officer.Region, c.officer.Capacities
		_, err = w.Do(t.Context(), inside, claim.ID, "verify", VerbRequest{})
		wants(t, err, "own-organisation")
		for _, x := range []struct {
			by   identity.Subject
			verb string
		}{{c.officer, "verify"}, {c.officer2, "approve"}, {c.officer, "publish-notice"}, {c.officer, "pay"}} {
			_, err := w.Do(t.Context(), x.by, claim.ID, x.verb, VerbRequest{})
			must(t, err)
		}
		all, err := settlements(t.Context(), d, &db.Where{})
		if err != nil || len(all) != 1 || all[0].Payee != c.firm.Org || all[0].Paid != 50*schemetest.Yuan {
			t.Errorf("settlements %+v, %v", all, err)
		}
		w.sound(t)
	})
}

// Two programmes pay for one order, each by its own hold with its own life.
func TestTwoProgrammesPayForOneOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		city, county := w.programme(t, c.officer, stacked(5000, 8000)), w.programme(t, c.officer, stacked(4000, 0))
		alone := w.programme(t, c.officer, schemetest.Plain(5000))
		for _, p := range []Programme{city, county, alone} {
			w.grant(t, c.firm, c.officer, p.ID, 100*schemetest.Yuan)
		}
		price := 100 * schemetest.Yuan
		got, err := w.Divide(t.Context(), d, DivideRequest{Programmes: []string{city.ID, county.ID}, Firm: c.firm.Org, Provider: c.lab.Org, Price: price})
		must(t, err)
		if got.Direct != 80*schemetest.Yuan || got.Own != 20*schemetest.Yuan || got.Parts[1].Amount != 30*schemetest.Yuan {
			t.Errorf("divided %+v", got)
		}
		got, err = w.Divide(t.Context(), d, DivideRequest{Programmes: []string{city.ID, alone.ID}, Firm: c.firm.Org, Provider: c.lab.Org, Price: price})
		if err != nil || got.Why != "stacking" || got.Vouchers() != 0 || got.Own != price {
			t.Errorf("one that pays alone: %+v, %v", got, err)
		}

		must(t, w.holdBy(t, "", "o1", city, c.firm, c.lab, price, 50*schemetest.Yuan))
		wants(t, w.holdBy(t, "", "o1", alone, c.firm, c.lab, price, 10*schemetest.Yuan), "voucher-not-together")
		wants(t, w.holdBy(t, "", "o1", county, c.firm, c.lab, price, 31*schemetest.Yuan), "voucher-too-little")
		must(t, w.holdBy(t, "", "o1", county, c.firm, c.lab, price, 30*schemetest.Yuan))
		must(t, w.holdBy(t, "", "o1", county, c.firm, c.lab, price, 30*schemetest.Yuan)) // the same key again
		w.sound(t)
		if kept, err := w.Kept(t.Context(), d, []string{"o1"}); err != nil || kept["o1"] != 80*schemetest.Yuan {
			t.Errorf("kept %v, %v", kept, err)
		}

		w.useOf(t, "o1", city, 40*schemetest.Yuan) // the rest comes back, the other hold is untouched
		must(t, d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return w.Release(ctx, tx, "o1", county.ID, "back") }))
		if a, b := w.pocket(t, "firm", city.ID), w.pocket(t, "firm", county.ID); a.Left != 60*schemetest.Yuan || a.Used != 40*schemetest.Yuan || b.Left != 100*schemetest.Yuan {
			t.Errorf("pockets %+v and %+v", a, b)
		}
		w.confirmed("o1", c.lab, c.firm.Org, price)
		claim, err := w.Redeem(t.Context(), c.lab, RedeemRequest{Programme: city.ID, Orders: []string{"o1"}, Documents: invoice()})
		if err != nil || claim.Amount != 40*schemetest.Yuan {
			t.Errorf("claim %+v, %v", claim, err)
		}
		if open, err := w.Unpaid(t.Context(), d, "o1"); err != nil || !open {
			t.Errorf("nothing is owed any more: %v", err)
		}
		w.sound(t)
	})
}

// A voucher for one kind of service pays for nothing else, and is used before one for all that ends on the same day.
func TestTypedVouchers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		terms := schemetest.Plain(5000)
		terms.Types = []scheme.VoucherType{{Code: "lab", Name: scheme.Name{ZH: "仪器券"}, Clause: schemetest.Clause()}, {Code: "work", Name: scheme.Name{ZH: "服务券"}, Clause: schemetest.Clause()}}
		rate := func(typ, kind string) scheme.Rate {
			return scheme.Rate{Code: typ, Name: scheme.Name{ZH: typ}, For: scheme.Match{Types: []string{typ}, Kinds: []string{kind}}, Ratio: []scheme.Tier{{BasisPoints: 5000}}, Clause: schemetest.Clause()}
		}
		terms.Rates = []scheme.Rate{rate("lab", "instrument"), rate("work", "service")}
		p := w.programme(t, c.officer, terms)
		ask := ApplyRequest{Programme: p.ID, Amount: 40 * schemetest.Yuan, Purpose: "测试", Statements: []string{"honest"}}
		_, err := w.Apply(t.Context(), c.firm, ask)
		wants(t, err, "application-invalid")
		for _, typ := range []string{"lab", "work"} {
			ask.Type = typ
			a, err := w.Apply(t.Context(), c.firm, ask)
			must(t, err)
			_, err = w.Approve(t.Context(), c.officer, a.ID, Decision{})
			must(t, err)
		}
		got, err := w.Quote(t.Context(), d, QuoteRequest{Programme: p.ID, Firm: c.firm.Org, Kind: "instrument", Price: 200 * schemetest.Yuan})
		if err != nil || got.Voucher != 40*schemetest.Yuan || got.Why != "left" {
			t.Errorf("quote %+v, %v", got, err)
		}
		must(t, w.holdBy(t, "", "o1", p, c.firm, c.lab, 80*schemetest.Yuan, 40*schemetest.Yuan))
		wants(t, w.holdBy(t, "", "o2", p, c.firm, c.lab, 2*schemetest.Yuan, schemetest.Yuan), "voucher-too-little")
		w.sound(t)
	})
}
