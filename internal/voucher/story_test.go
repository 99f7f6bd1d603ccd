package voucher

import (
	"context"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/voucher/scheme/schemetest"
)

// From the programme to the paid redemption, with the books looked at after each step.
func TestStory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		terms := schemetest.Plain(5000)
		terms.Caps.Year = schemetest.Sourced(100_000)
		p := w.programme(t, c.officer, terms)
		if b, err := w.Budget(t.Context(), d, p.ID); err != nil || b.Appropriated != terms.Budget.Value || b.Unissued != b.Appropriated {
			t.Fatalf("budget %+v, %v", b, err)
		}
		a := w.grant(t, c.firm, c.officer, p.ID, 60_000*schemetest.Yuan)
		if a.State != Approved || a.Number == "" {
			t.Fatalf("application %+v", a)
		}
		pocket := w.pocket(t, "firm", p.ID)
		if pocket.Granted != 60_000*schemetest.Yuan || pocket.Left != 60_000*schemetest.Yuan || pocket.Expires != "2026-12-31" || pocket.Vouchers[0].Number != "CXQ3304-20261121-0001" {
			t.Fatalf("wallet %+v", pocket)
		}
		must(t, w.hold(t.Context(), "o1", p.ID, c.firm, c.lab, 20_000*schemetest.Yuan, 10_000*schemetest.Yuan))
		must(t, w.hold(t.Context(), "o2", p.ID, c.firm, c.lab, 8_000*schemetest.Yuan, 4_000*schemetest.Yuan))
		must(t, w.hold(t.Context(), "o3", p.ID, c.firm, c.lab2, 2_000*schemetest.Yuan, 1_000*schemetest.Yuan))
		w.sound(t)
		must(t, w.use(t.Context(), "o1", 9_000*schemetest.Yuan))
		must(t, w.use(t.Context(), "o2", 4_000*schemetest.Yuan))
		must(t, w.release(t.Context(), "o3"))
		pocket = w.pocket(t, "firm", p.ID)
		if pocket.Used != 13_000*schemetest.Yuan || pocket.Held != 0 || pocket.Left != 47_000*schemetest.Yuan {
			t.Fatalf("wallet %+v", pocket)
		}
		w.confirmed("o1", c.lab, "firm", 18_000*schemetest.Yuan)
		w.confirmed("o2", c.lab, "firm", 8_000*schemetest.Yuan)
		claim, err := w.Redeem(t.Context(), c.lab, RedeemRequest{Programme: p.ID, Orders: []string{"o1", "o2"}, Documents: invoice(), Key: "k"})
		must(t, err)
		if claim.Amount != 13_000*schemetest.Yuan || claim.Number != "QDF3304-20261121-0001" {
			t.Fatalf("claim %+v", claim)
		}
		for _, step := range []struct {
			by   identity.Subject
			verb string
		}{{c.officer, "verify"}, {c.officer2, "approve"}, {c.officer, "publish-notice"}, {c.officer2, "pay"}} {
			if claim, err = w.Do(t.Context(), step.by, claim.ID, step.verb, VerbRequest{Key: step.verb}); err != nil {
				t.Fatalf("%s: %v", step.verb, err)
			}
			w.sound(t)
		}
		b, err := w.Budget(t.Context(), d, p.ID)
		must(t, err)
		if b.Paid != 13_000*schemetest.Yuan || b.Available != 47_000*schemetest.Yuan || b.Issued() != 60_000*schemetest.Yuan || b.Expiring != 47_000*schemetest.Yuan ||
			b.Unissued+b.Available+b.Held+b.Used+b.Payable+b.Paid+b.Recovered+b.Lapsed != b.Appropriated {
			t.Fatalf("budget %+v", b)
		}
		lines, err := w.Statement(t.Context(), d, "firm")
		must(t, err)
		if len(lines) != 7 || lines[0].Kind != "release" || lines[0].Balance != 47_000*schemetest.Yuan || lines[0].Order != "o3" || lines[6].Kind != "grant" {
			t.Fatalf("statement %+v", lines)
		}
		steps, err := listSteps(t.Context(), d, claim.ID)
		must(t, err)
		if len(steps) != 5 || steps[4].Verb != "pay" || steps[2].Person != "officer2" {
			t.Fatalf("steps %+v", steps)
		}
		_, err = w.Do(t.Context(), c.officer, claim.ID, "recover", VerbRequest{Note: "虚假材料"})
		must(t, err)
		w.sound(t)
		s, err := settlements(t.Context(), d, &db.Where{})
		must(t, err)
		if len(s) != 1 || s[0] != (Settlement{Payee: "lab", Funder: "authority", Recovered: 13_000 * schemetest.Yuan}) {
			t.Fatalf("settlements %+v", s)
		}
	})
}

// One key, one effect: a repeat finds the first, the same key with another content is a conflict.
func TestKeys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		p := w.programme(t, c.officer, schemetest.Plain(5000))
		req := ApplyRequest{Programme: p.ID, Amount: 1000 * schemetest.Yuan, Purpose: "测试", Statements: []string{"honest"}, Key: "k1"}
		a, err := w.Apply(t.Context(), c.firm, req)
		must(t, err)
		again, err := w.Apply(t.Context(), c.firm, req)
		if err != nil || again.ID != a.ID || again.Number != a.Number {
			t.Fatalf("%+v, %v", again, err)
		}
		req.Amount++
		_, err = w.Apply(t.Context(), c.firm, req)
		wants(t, err, "idempotency-conflict")
		for range 2 {
			got, err := w.Approve(t.Context(), c.officer, a.ID, Decision{Key: "k2"})
			if err != nil || got.State != Approved {
				t.Fatalf("%+v, %v", got, err)
			}
		}
		_, err = w.Approve(t.Context(), c.officer, a.ID, Decision{Key: "k2", Amount: 5})
		wants(t, err, "idempotency-conflict")
		_, err = w.Approve(t.Context(), c.officer, a.ID, Decision{Key: "k3"})
		wants(t, err, "state-conflict")
		for range 3 {
			must(t, w.hold(t.Context(), "o1", p.ID, c.firm, c.lab, 200*schemetest.Yuan, 100*schemetest.Yuan))
		}
		wants(t, w.hold(t.Context(), "o1", p.ID, c.firm, c.lab, 200*schemetest.Yuan, 99*schemetest.Yuan), "idempotency-conflict")
		must(t, w.use(t.Context(), "o1", 80*schemetest.Yuan))
		must(t, w.use(t.Context(), "o1", 80*schemetest.Yuan))
		wants(t, w.use(t.Context(), "o1", 81*schemetest.Yuan), "idempotency-conflict")
		if got := w.pocket(t, "firm", p.ID); got.Left != 920*schemetest.Yuan || got.Used != 80*schemetest.Yuan {
			t.Fatalf("wallet %+v", got)
		}
		repeats, err := db.One[int](t.Context(), d, `SELECT CAST(sum(repeats) AS INTEGER) FROM voucher_transfer`)
		if err != nil || repeats != 3 { // two of the hold, one of the use
			t.Fatalf("%d repeats counted, %v", repeats, err)
		}
		w.sound(t)
	})
}

func TestRefusals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		terms := schemetest.Plain(5000)
		terms.Caps.Year = schemetest.Sourced(1000)
		p := w.programme(t, c.officer, terms)
		apply := func(change func(*ApplyRequest)) error {
			r := ApplyRequest{Programme: p.ID, Amount: 600 * schemetest.Yuan, Purpose: "测试", Statements: []string{"honest"}}
			change(&r)
			_, err := w.Apply(t.Context(), c.firm, r)
			return err
		}
		wants(t, apply(func(r *ApplyRequest) { r.Amount = 1001 * schemetest.Yuan }), "application-invalid")
		wants(t, apply(func(r *ApplyRequest) { r.Statements = nil }), "application-invalid")
		wants(t, apply(func(r *ApplyRequest) { r.Purpose = "" }), "application-invalid")
		wants(t, apply(func(r *ApplyRequest) { r.Programme = "none" }), "programme-not-found")
		_, err := w.Apply(t.Context(), c.lab, ApplyRequest{Programme: p.ID})
		if err == nil {
			t.Fatal("a provider got a quota")
		}
		a := w.application(t, c.firm, p.ID, 600*schemetest.Yuan)
		wants(t, apply(func(*ApplyRequest) {}), "application-open")
		_, err = w.Refuse(t.Context(), c.officer, a.ID, Decision{})
		wants(t, err, "reason-needed")
		own := w.orgs.join("firm", "330400", "officer", "turncoat", "authority")
		_, err = w.Approve(t.Context(), own, a.ID, Decision{})
		wants(t, err, "own-organisation")
		_, err = w.Approve(t.Context(), c.officer, a.ID, Decision{Amount: 1001 * schemetest.Yuan})
		wants(t, err, "not-grantable")
		a, err = w.Refuse(t.Context(), c.officer, a.ID, Decision{Note: "材料不全"})
		if err != nil || a.State != Declined || a.Reason != "材料不全" {
			t.Fatalf("%+v, %v", a, err)
		}
		w.grant(t, c.firm, c.officer, p.ID, 600*schemetest.Yuan)
		wants(t, apply(func(*ApplyRequest) {}), "application-invalid") // 400 of the year's 1,000 are left
		w.clock.Set(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))       // a new year on the region's wall clock
		must(t, apply(func(*ApplyRequest) {}))
		must(t, w.ExpireGrants(t.Context(), "2027-01-01"))
		wants(t, w.hold(t.Context(), "o", p.ID, c.firm, c.lab, 200*schemetest.Yuan, 100*schemetest.Yuan), "voucher-too-little")
		w.sound(t)
	})
}

func TestHoldLimits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		p := w.programme(t, c.officer, schemetest.Plain(5000))
		w.grant(t, c.firm, c.officer, p.ID, 100*schemetest.Yuan)
		wants(t, w.hold(t.Context(), "o", p.ID, c.firm, c.lab, 100*schemetest.Yuan, 51*schemetest.Yuan), "voucher-too-little") // half is 50
		wants(t, w.hold(t.Context(), "o", p.ID, c.firm, c.lab, 900*schemetest.Yuan, 101*schemetest.Yuan), "voucher-too-little")
		wants(t, w.hold(t.Context(), "o", p.ID, c.firm, c.lab, 900*schemetest.Yuan, 0), "voucher-too-little")
		wants(t, w.hold(t.Context(), "o", p.ID, c.firm2, c.lab, 900*schemetest.Yuan, 1), "voucher-too-little")
		wants(t, w.use(t.Context(), "o", 1), "no-hold")
		must(t, w.release(t.Context(), "o"))
		must(t, w.hold(t.Context(), "o", p.ID, c.firm, c.lab, 100*schemetest.Yuan, 50*schemetest.Yuan))
		err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := w.Hold(ctx, tx, HoldRequest{Order: "o", Programme: p.ID, Firm: "firm", Provider: "lab", Price: 100 * schemetest.Yuan, Amount: 1, Key: "second"})
			return err
		})
		wants(t, err, "order-has-hold")
		wants(t, w.use(t.Context(), "o", 51*schemetest.Yuan), "voucher-too-little")
		must(t, w.release(t.Context(), "o"))
		must(t, w.release(t.Context(), "o")) // the same key again
		wants(t, w.use(t.Context(), "o", 1), "state-conflict")
		err = d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { // held anew after the release
			_, err := w.Hold(ctx, tx, HoldRequest{Order: "o", Programme: p.ID, Firm: "firm", Provider: "lab", Price: 100 * schemetest.Yuan, Amount: 10 * schemetest.Yuan, Key: "third"})
			return err
		})
		must(t, err)
		must(t, w.use(t.Context(), "o", 0)) // nothing used is a release
		if got := w.pocket(t, "firm", p.ID); got.Left != 100*schemetest.Yuan {
			t.Fatalf("wallet %+v", got)
		}
		w.sound(t)
	})
}
