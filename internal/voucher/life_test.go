package voucher

import (
	"slices"
	"strings"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
	"qiao/internal/voucher/scheme/schemetest"
)

func (w *world) on(day string) {
	at, err := time.Parse(time.RFC3339, day+"T02:00:00Z")
	if err != nil {
		panic(err) //nolint:forbidigo // a day written wrong in a test
	}
	w.clock.Set(at)
}

// A draft is saved, changed, submitted with its documents, refused, amended, submitted again, and withdrawn.
func TestAnApplicationIsDraftedAmendedAndWithdrawn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		terms := schemetest.Plain(5000)
		terms.Attach = []scheme.Item{{Code: "plan", Name: scheme.Name{ZH: "使用计划"}, Clause: schemetest.Clause()}}
		p := w.programme(t, c.officer, terms)
		ctx := t.Context()
		a, err := w.Save(ctx, c.firm, ApplyRequest{Programme: p.ID, Purpose: "还没写完", Key: "k1"})
		must(t, err)
		if again, err := w.Save(ctx, c.firm, ApplyRequest{Programme: p.ID, Purpose: "还没写完", Key: "k1"}); err != nil || again.ID != a.ID || a.State != Drafted || a.Number != "" {
			t.Errorf("draft %+v, again %+v, %v", a, again, err)
		}
		ask := ApplyRequest{Programme: p.ID, Draft: a.ID, Amount: 500 * schemetest.Yuan, Purpose: "材料测试", Statements: []string{"honest"}, Key: "k2"}
		_, err = w.Apply(ctx, c.firm, ask)
		wants(t, err, "documents-missing")
		_, err = w.Apply(ctx, c.firm2, ask)
		wants(t, err, "application-not-found")
		ask.Documents = []Document{{Code: "plan", Name: "计划.pdf", SHA256: strings.Repeat("0", 64), Size: 3}}
		for range 2 { // the same key again has no second effect
			if a, err = w.Apply(ctx, c.firm, ask); err != nil || a.State != Submitted || a.Number == "" {
				t.Fatalf("submitted %+v, %v", a, err)
			}
		}
		number := a.Number
		_, err = w.Refuse(ctx, c.officer, a.ID, Decision{Note: "请写明产品"})
		must(t, err)
		a, err = w.Amend(ctx, c.firm, a.ID, "k3")
		must(t, err)
		ask.Key, ask.Purpose = "k4", "新产品的材料测试"
		if a, err = w.Apply(ctx, c.firm, ask); err != nil || a.Number != number {
			t.Errorf("submitted again %+v, %v", a, err)
		}
		if files, err := listAttachments(ctx, d, a.ID); err != nil || len(files) != 1 {
			t.Errorf("files %v, %v", files, err)
		}
		_, err = w.Approve(ctx, c.officer, a.ID, Decision{Amount: 300 * schemetest.Yuan})
		wants(t, err, "reason-needed") // less than was asked
		a, err = w.Withdraw(ctx, c.firm, a.ID, "k5")
		must(t, err)
		_, err = w.Approve(ctx, c.officer, a.ID, Decision{})
		wants(t, err, "state-conflict")
		ask.Draft, ask.Key = "", "k6"
		b, err := w.Apply(ctx, c.firm, ask)
		must(t, err)
		if b, err = w.Approve(ctx, c.officer, b.ID, Decision{Amount: 300 * schemetest.Yuan, Note: "按往年用量"}); err != nil || b.Granted != 300*schemetest.Yuan {
			t.Errorf("approved %+v, %v", b, err)
		}
		w.sound(t)
	})
}

// All applications of a window are decided together: the same share of what each asked, to the yuan; who gets nothing waits.
func TestABatchIsDividedAmongAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.on("2026-03-02")
		c := w.cast()
		terms := schemetest.Plain(5000)
		terms.Budget = *schemetest.Sourced(900)
		terms.Issuing = &scheme.Sourced[scheme.Issuing]{Value: scheme.Issuing{Order: scheme.ProRata, Windows: []scheme.Window{{From: "03-01", To: "03-31"}, {From: "09-01", To: "09-30"}}}, Clause: schemetest.Clause()}
		p := w.programme(t, c.officer, terms)
		var apps []Application
		for i, firm := range []identity.Subject{c.firm, c.firm2} {
			apps = append(apps, w.application(t, firm, p.ID, []money.Fen{1000 * schemetest.Yuan, 500 * schemetest.Yuan}[i]))
		}
		ask := BatchRequest{Programme: p.ID, Window: "2026-03-01", Note: "预算有限，按比例发放", Key: "b1"}
		_, err := w.Allot(t.Context(), c.officer, ask)
		wants(t, err, "window-open")
		w.on("2026-04-01")
		_, err = w.Apply(t.Context(), c.firm, ApplyRequest{Programme: p.ID, Amount: 1, Purpose: "x", Statements: []string{"honest"}})
		wants(t, err, "application-invalid") // between the windows
		got, err := w.Propose(t.Context(), d, ask)
		if err != nil || got.Gives != 900*schemetest.Yuan || got.Shares[0].Gets != 600*schemetest.Yuan || got.Shares[1].Gets != 300*schemetest.Yuan {
			t.Fatalf("proposed %+v, %v", got, err)
		}
		small := ask
		small.Pot, small.Key = 1, "b0" // one fen: for the first, and the other waits
		_, err = w.Allot(t.Context(), c.officer, small)
		must(t, err)
		if a, err := getApplication(t.Context(), d, apps[1].ID); err != nil || a.State != Waiting {
			t.Errorf("after a small batch %+v, %v", a, err)
		}
		for range 2 { // the same key again has no second effect
			_, err = w.Allot(t.Context(), c.officer, ask)
			must(t, err)
		}
		if a, b := w.pocket(t, "firm", p.ID), w.pocket(t, "firm2", p.ID); a.Granted != 1 || b.Granted != 500*schemetest.Yuan {
			t.Errorf("pockets %+v and %+v", a, b)
		}
		if b, err := w.Budget(t.Context(), d, p.ID); err != nil || b.Unissued != 400*schemetest.Yuan-1 {
			t.Errorf("budget %+v, %v", b, err)
		}
		w.sound(t)
	})
}

// What a firm does not need goes back to the budget; returned in full, the voucher ends.
func TestAFirmReturnsWhatItDoesNotNeed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		p := w.programme(t, c.officer, schemetest.Plain(5000))
		w.grant(t, c.firm, c.officer, p.ID, 100*schemetest.Yuan)
		must(t, w.hold(t.Context(), "o1", p.ID, c.firm, c.lab, 60*schemetest.Yuan, 30*schemetest.Yuan))
		g := w.pocket(t, "firm", p.ID).Vouchers[0].ID
		for _, tc := range []struct {
			by     identity.Subject
			amount money.Fen
			want   string
		}{{c.firm2, 0, "other-party"}, {c.firm, 71 * schemetest.Yuan, "voucher-too-little"}, {c.firm, -1, "voucher-too-little"}, {c.firm, 20 * schemetest.Yuan, ""}, {c.firm, 20 * schemetest.Yuan, ""}} {
			_, err := w.Return(t.Context(), tc.by, ReturnRequest{Grant: g, Amount: tc.amount, Key: "r1"})
			wants(t, err, tc.want)
		}
		if got := w.pocket(t, "firm", p.ID); got.Returned != 20*schemetest.Yuan || got.Left != 50*schemetest.Yuan || got.Vouchers[0].State != "active" {
			t.Errorf("pocket %+v", got)
		}
		w.sound(t)
		must(t, w.release(t.Context(), "o1"))
		got, err := w.Return(t.Context(), c.firm, ReturnRequest{Grant: g, Key: "r2"})
		if err != nil || got.State != "returned" {
			t.Errorf("returned %+v, %v", got, err)
		}
		if b, err := w.Budget(t.Context(), d, p.ID); err != nil || b.Unissued != b.Appropriated {
			t.Errorf("budget %+v, %v", b, err)
		}
		_, err = w.Return(t.Context(), c.firm, ReturnRequest{Grant: g, Key: "r3"})
		wants(t, err, "voucher-ended")
		w.sound(t)
	})
}

// Paid money is asked back in parts, each funder's share of it, and noted as it comes; new entries, never edits.
func TestMoneyComesBackInParts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		terms := schemetest.Plain(10000)
		terms.Funders = &scheme.Sourced[[]scheme.Share]{Value: []scheme.Share{{Organisation: "", Weight: 2}, {Organisation: "neighbour", Weight: 1}}, Clause: schemetest.Clause()}
		p := w.programme(t, c.officer, terms)
		w.grant(t, c.firm, c.officer, p.ID, 100*schemetest.Yuan)
		must(t, w.hold(t.Context(), "o1", p.ID, c.firm, c.lab, 100*schemetest.Yuan, 100*schemetest.Yuan))
		must(t, w.use(t.Context(), "o1", 100*schemetest.Yuan))
		w.confirmed("o1", c.lab, c.firm.Org, 100*schemetest.Yuan)
		claim, err := w.Redeem(t.Context(), c.lab, RedeemRequest{Programme: p.ID, Orders: []string{"o1"}, Documents: invoice()})
		must(t, err)
		do := func(by identity.Subject, verb string, amount money.Fen, want string) {
			t.Helper()
			claim, err = w.Do(t.Context(), by, claim.ID, verb, VerbRequest{Note: "查实", Amount: amount, Key: verb + amount.String()})
			wants(t, err, want)
			w.sound(t)
		}
		do(c.officer, "verify", 0, "")
		do(c.officer2, "approve", 0, "")
		do(c.officer, "publish-notice", 0, "")
		do(c.officer, "pay", 0, "")
		do(c.officer, "receive", 0, "nothing-open")
		do(c.officer, "recover", 101*schemetest.Yuan, "amount-range")
		do(c.officer, "recover", 1, "") // one fen: from one funder
		do(c.officer, "recover", 1, "") // the same request again
		do(c.officer, "recover", 30*schemetest.Yuan, "")
		do(c.officer, "receive", 20*schemetest.Yuan, "")
		if claim.State != "paid" || claim.Recovered != 30*schemetest.Yuan+1 || claim.Received != 20*schemetest.Yuan {
			t.Errorf("claim %+v", claim)
		}
		do(c.officer, "recover", 0, "")
		do(c.officer, "receive", 0, "")
		if claim.State != "recovered" || claim.Received != claim.Amount {
			t.Errorf("claim %+v", claim)
		}
		b, err := w.Budget(t.Context(), d, p.ID)
		if err != nil || b.Received != 100*schemetest.Yuan || b.Recovered != 0 || b.Paid != 0 {
			t.Errorf("budget %+v, %v", b, err)
		}
		all, err := settlements(t.Context(), d, &db.Where{})
		if i := slices.IndexFunc(all, func(x Settlement) bool { return x.Funder == "neighbour" }); err != nil || i < 0 || all[i].Received != 3333 {
			t.Errorf("settlements %+v, %v", all, err)
		}
	})
}

// Large grants and money ask for the password again.
func TestMoneyAsksForThePassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		p := w.programme(t, c.officer, schemetest.Plain(5000))
		stale := c.officer
		stale.Stale = true
		small, large := w.application(t, c.firm, p.ID, schemetest.Yuan), w.application(t, c.firm2, p.ID, 100_000*schemetest.Yuan)
		_, err := w.Approve(t.Context(), stale, large.ID, Decision{})
		wants(t, err, "step-up")
		_, err = w.Approve(t.Context(), stale, small.ID, Decision{})
		must(t, err)
		_, err = w.Approve(t.Context(), c.officer, large.ID, Decision{})
		must(t, err)
		_, err = w.Allot(t.Context(), stale, BatchRequest{Programme: p.ID})
		wants(t, err, "step-up")
	})
}

// On its last day, too, a firm is told.
func TestNoticesUntilTheLastDay(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	c := w.cast()
	p := w.programme(t, c.officer, schemetest.Plain(5000))
	w.on("2026-06-01")
	w.grant(t, c.firm, c.officer, p.ID, 100*schemetest.Yuan)
	told := func(day string) int {
		w.on(day)
		for range 2 {
			must(t, w.ExpireGrants(t.Context(), day))
		}
		n, err := db.One[int](t.Context(), w.db, `SELECT count(*) FROM outbox_event WHERE name = 'voucher.grant-expiring'`)
		must(t, err)
		return n
	}
	for i, day := range []string{"2026-11-01", "2026-11-19", "2026-12-10", "2026-12-31", "2027-01-01"} {
		if n := told(day); n != min(i, 3) {
			t.Errorf("by %s told %d times", day, n)
		}
	}
	if got := w.pocket(t, "firm", p.ID); got.Lapsed != 100*schemetest.Yuan {
		t.Errorf("pocket %+v", got)
	}
	w.sound(t)
}

// A voucher for one order only is not taken by a second, and what the first did not need of it lapses.
func TestAVoucherForOneOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		terms := schemetest.Plain(5000)
		clause := schemetest.Clause()
		terms.OneTime = &clause
		p := w.programme(t, c.officer, terms)
		w.grant(t, c.firm, c.officer, p.ID, 100*schemetest.Yuan)
		must(t, w.hold(t.Context(), "o1", p.ID, c.firm, c.lab, 100*schemetest.Yuan, 50*schemetest.Yuan))
		wants(t, w.hold(t.Context(), "o2", p.ID, c.firm, c.lab, 2*schemetest.Yuan, schemetest.Yuan), "voucher-too-little")
		must(t, w.use(t.Context(), "o1", 40*schemetest.Yuan))
		if got := w.pocket(t, "firm", p.ID); got.Used != 40*schemetest.Yuan || got.Lapsed != 60*schemetest.Yuan || got.Left != 0 {
			t.Errorf("pocket %+v", got)
		}
		w.sound(t)
	})
}

// Whatever role an account has, the auditor's page has a line for it, so that its lines make up the sum.
func TestLedgerPageHasEveryRole(t *testing.T) {
	for _, part := range []string{
		funderAccount("f", "p").part, unissued("p", 0).part, lapsed("p").part, ofGrant("available", "p", "g").part, ofGrant("held", "p", "g").part, ofGrant("used", "p", "g").part,
		ofPayee("payable", "x", "f").part, ofPayee("paid", "x", "f").part, ofPayee("recover", "x", "f").part, ofPayee("received", "x", "f").part,
	} {
		if !slices.Contains(roles(), part) || roleWord(t.Context(), part) == part {
			t.Errorf("%s has no line", part)
		}
	}
}
