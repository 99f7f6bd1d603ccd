package voucher

import (
	"context"
	"sync"
	"testing"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme/schemetest"
)

// race runs fn for 0…n-1 at once and gives the errors.
func race(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = fn(i) })
	}
	all.Wait()
	return errs
}

// tally counts successes and refusals with the code; any other error fails.
func tally(t *testing.T, errs []error, code string) (done, refused int) {
	t.Helper()
	for _, err := range errs {
		switch {
		case err == nil:
			done++
		case fault.Is(err, code):
			refused++
		default:
			t.Error(err)
		}
	}
	return done, refused
}

// 64 officers grant at once from a budget for 40: exactly 40 are issued.
func TestGrantRivals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		terms := schemetest.Plain(5000)
		terms.Budget.Value = 40*100*schemetest.Yuan + 50*schemetest.Yuan
		p := w.programme(t, c.officer, terms)
		ids := w.applications(t, p.ID, 64, 100*schemetest.Yuan)
		errs := race(64, func(i int) error {
			_, err := w.Approve(t.Context(), c.officer, ids[i], Decision{})
			return err
		})
		refused := 0
		done := 0
		for _, err := range errs {
			switch {
			case err == nil:
				done++
			case fault.Is(err, "budget-exhausted"), fault.Is(err, "not-grantable"):
				refused++
			default:
				t.Error(err)
			}
		}
		if done != 40 || refused != 24 {
			t.Errorf("%d granted, %d refused", done, refused)
		}
		if b, err := w.Budget(t.Context(), d, p.ID); err != nil || b.Unissued != 50*schemetest.Yuan {
			t.Errorf("budget %+v, %v", b, err)
		}
		w.sound(t)
	})
}

// applications makes n firms and an application of each.
func (w *world) applications(t testing.TB, programme string, n int, amount money.Fen) []string {
	t.Helper()
	ids := make([]string, n)
	for i := range n {
		firm := w.orgs.add("firm-"+programme+string(rune('a'+i/26))+string(rune('a'+i%26)), "330402", "admin", "enterprise")
		ids[i] = w.application(t, firm, programme, amount).ID
	}
	return ids
}

// 32 orders of one firm want its quota for 10 at once: exactly 10 hold, whatever engine.
func TestHoldRivals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		p := w.programme(t, c.officer, schemetest.Plain(10000))
		w.grant(t, c.firm, c.officer, p.ID, 1000*schemetest.Yuan)
		errs := race(32, func(i int) error {
			return w.hold(t.Context(), string(rune('a'+i)), p.ID, c.firm, c.lab, 100*schemetest.Yuan, 100*schemetest.Yuan)
		})
		if done, refused := tally(t, errs, "voucher-too-little"); done != 10 || refused != 22 {
			t.Errorf("%d held, %d refused", done, refused)
		}
		w.sound(t)
	})
}

// The same request from everywhere at once has one effect, and all are told of it.
func TestSameKeyRivals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		p := w.programme(t, c.officer, schemetest.Plain(10000))
		a := w.application(t, c.firm, p.ID, 1000*schemetest.Yuan)
		for _, err := range race(16, func(int) error {
			_, err := w.Approve(t.Context(), c.officer, a.ID, Decision{Key: "k"})
			return err
		}) {
			must(t, err)
		}
		for _, err := range race(16, func(int) error {
			return w.hold(t.Context(), "o", p.ID, c.firm, c.lab, 100*schemetest.Yuan, 100*schemetest.Yuan)
		}) {
			must(t, err)
		}
		for _, err := range race(16, func(int) error { return w.use(t.Context(), "o", 60*schemetest.Yuan) }) {
			must(t, err)
		}
		w.confirmed("o", c.lab, "firm", 100*schemetest.Yuan)
		claims := make([]string, 16)
		for _, err := range race(16, func(i int) error {
			x, err := w.Redeem(t.Context(), c.lab, RedeemRequest{Programme: p.ID, Orders: []string{"o"}, Documents: invoice(), Key: "r"})
			claims[i] = x.ID
			return err
		}) {
			must(t, err)
		}
		for _, x := range claims {
			if x != claims[0] {
				t.Fatalf("claims %v", claims)
			}
		}
		if got := w.pocket(t, "firm", p.ID); got.Left != 940*schemetest.Yuan || got.Used != 60*schemetest.Yuan {
			t.Errorf("wallet %+v", got)
		}
		w.sound(t)
	})
}

// Two providers' officers and two claims: one hold is claimed once.
func TestClaimRivals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		p := w.programme(t, c.officer, schemetest.Plain(10000))
		w.grant(t, c.firm, c.officer, p.ID, 1000*schemetest.Yuan)
		must(t, w.hold(t.Context(), "o", p.ID, c.firm, c.lab, 100*schemetest.Yuan, 100*schemetest.Yuan))
		must(t, w.use(t.Context(), "o", 100*schemetest.Yuan))
		w.confirmed("o", c.lab, "firm", 100*schemetest.Yuan)
		errs := race(8, func(int) error {
			_, err := w.Redeem(t.Context(), c.lab, RedeemRequest{Programme: p.ID, Orders: []string{"o"}, Documents: invoice()})
			return err
		})
		if done, refused := tally(t, errs, "not-claimable"); done != 1 || refused != 7 {
			t.Errorf("%d claimed, %d refused", done, refused)
		}
		w.sound(t)
	})
}

// Each invariant is seen when it is broken.
func TestVerifySees(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		p := w.programme(t, c.officer, schemetest.Plain(5000))
		w.grant(t, c.firm, c.officer, p.ID, 1000*schemetest.Yuan)
		for _, o := range []string{"o1", "o2"} {
			must(t, w.hold(t.Context(), o, p.ID, c.firm, c.lab, 200*schemetest.Yuan, 100*schemetest.Yuan))
			must(t, w.use(t.Context(), o, 100*schemetest.Yuan))
			w.confirmed(o, c.lab, "firm", 200*schemetest.Yuan)
		}
		claim, err := w.Redeem(t.Context(), c.lab, RedeemRequest{Programme: p.ID, Orders: []string{"o1"}, Documents: invoice()})
		must(t, err)
		for i, by := range []identity.Subject{c.officer, c.officer2} {
			_, err := w.Do(t.Context(), by, claim.ID, []string{"verify", "approve"}[i], VerbRequest{})
			must(t, err)
		}
		w.sound(t)
		cases := map[string]string{
			"voucher.transfer-sum":      `UPDATE voucher_posting SET amount = amount + 1 WHERE amount > 0`,
			"voucher.account-balance":   `UPDATE voucher_account SET balance = balance + 1 WHERE part = 'available'`,
			"voucher.account-missing":   `DELETE FROM voucher_account WHERE part = 'used'`,
			"voucher.account-floor":     `UPDATE voucher_account SET floor = NULL WHERE part = 'held'`,
			"voucher.programme-budget":  `UPDATE voucher_grant SET amount = amount + 1`,
			"voucher.application-grant": `UPDATE voucher_application SET state = 'refused'`,
			"voucher.grant-ledger":      `UPDATE voucher_hold_part SET used = used - 1`,
			"voucher.hold-parts":        `UPDATE voucher_hold SET used = used - 1`,
			"voucher.hold-claim":        `UPDATE voucher_hold SET state = 'paid' WHERE order_id = 'o2'`,
			"voucher.claim-amount":      `UPDATE voucher_claim SET amount = amount + 1`,
			"voucher.claim-ledger":      `UPDATE voucher_claim SET state = 'verified'`,
			"voucher.waiver-officers":   `INSERT INTO voucher_waiver (application, condition, reason, person, org, at) SELECT object, 'size', 'x', person, org, at FROM voucher_step WHERE verb = 'approve' AND object IN (SELECT id FROM voucher_application)`,
			"voucher.claim-officers":    `UPDATE voucher_step SET person = 'x' WHERE verb IN ('verify', 'approve')`,
			"voucher.order-total":       `UPDATE voucher_hold SET price = 1`,
			"voucher.claim-way":         `UPDATE voucher_claim SET way = 'refund'`,
			"voucher.reward-amount":     `UPDATE voucher_claim SET reward = TRUE`,
			"voucher.reward-live":       `INSERT INTO voucher_reward (claim, programme, payee, from_day, to_day, live) SELECT id, programme, payee, '2026-01-01', '2026-12-31', TRUE FROM voucher_claim`,
		}
		for code, sql := range cases {
			t.Run(code, func(t *testing.T) { w.broken(t, code, sql) })
		}
		if len(checks())+2 != len(cases) { // and the two of balances
			t.Error("an invariant has no test here")
		}
	})
}

// broken breaks something inside a transaction that is not kept, and wants the finding.
func (w *world) broken(t *testing.T, code, sql string) {
	t.Helper()
	undo := fault.New(fault.Conflict, "undo", "撤销")
	err := w.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, sql)
		if err != nil || n == 0 {
			t.Errorf("%d rows broken, %v", n, err)
		}
		findings, err := w.Verify(ctx, tx)
		if err != nil {
			t.Error(err)
		}
		for _, f := range findings {
			if f.Code == code {
				return undo
			}
		}
		t.Errorf("not seen; findings: %+v", findings)
		return undo
	})
	wants(t, err, "undo")
}
