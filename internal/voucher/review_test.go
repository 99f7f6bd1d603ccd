package voucher

import (
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
	"qiao/internal/voucher/scheme/schemetest"
)

func TestReview(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		terms := schemetest.Plain(5000)
		terms.Notice.Value = 7
		terms.Funders = &scheme.Sourced[[]scheme.Share]{Value: []scheme.Share{{Weight: 2}, {Organisation: "neighbour", Weight: 1}}, Clause: schemetest.Clause()}
		p := w.programme(t, c.officer, terms)
		w.grant(t, c.firm, c.officer, p.ID, 1000*schemetest.Yuan)
		must(t, w.hold(t.Context(), "o", p.ID, c.firm, c.lab, 200*schemetest.Yuan, 100*schemetest.Yuan))
		redeem := func(by identity.Subject, orders []string, docs []Document) (Claim, error) {
			return w.Redeem(t.Context(), by, RedeemRequest{Programme: p.ID, Orders: orders, Documents: docs})
		}
		w.confirmed("o", c.lab, "firm", 200*schemetest.Yuan)
		_, err := redeem(c.lab, []string{"o"}, invoice())
		wants(t, err, "not-claimable") // still held
		must(t, w.use(t.Context(), "o", 100*schemetest.Yuan))
		_, err = redeem(c.lab, nil, invoice())
		wants(t, err, "orders-needed")
		_, err = redeem(c.lab, []string{"o"}, nil)
		wants(t, err, "documents-missing")
		_, err = redeem(c.lab2, []string{"o"}, invoice())
		wants(t, err, "not-claimable")
		first, err := redeem(c.lab, []string{"o"}, invoice())
		must(t, err)
		_, err = redeem(c.lab, []string{"o"}, invoice())
		wants(t, err, "not-claimable")
		do := func(by identity.Subject, claim, verb, note string) error {
			_, err := w.Do(t.Context(), by, claim, verb, VerbRequest{Note: note})
			return err
		}
		wants(t, do(c.officer, first.ID, "approve", ""), "state-conflict")
		wants(t, do(c.officer, first.ID, "dance", ""), "no-such-verb")
		wants(t, do(c.officer, "none", "verify", ""), "redemption-not-found")
		wants(t, do(c.officer, first.ID, "refuse", " "), "reason-needed")
		mole := w.orgs.join("lab", "330400", "staff", c.officer2.Person)
		if mole.Person != c.officer2.Person {
			t.Fatal("the mole is another person")
		}
		wants(t, do(c.officer2, first.ID, "verify", ""), "own-organisation")
		w.orgs.people["lab"] = w.orgs.people["lab"][:1]
		must(t, do(c.officer, first.ID, "verify", ""))
		wants(t, do(c.officer, first.ID, "approve", ""), "second-person-needed")
		must(t, do(c.officer2, first.ID, "approve", ""))
		must(t, do(c.officer, first.ID, "publish-notice", ""))
		wants(t, do(c.officer, first.ID, "pay", ""), "notice-running")
		must(t, do(c.officer, first.ID, "refuse", "公示期间收到异议，经核实成立"))
		w.sound(t)
		second, err := redeem(c.lab, []string{"o"}, invoice())
		must(t, err)
		for _, step := range []struct {
			by   identity.Subject
			verb string
		}{{c.officer2, "verify"}, {c.officer, "approve"}, {c.officer, "publish-notice"}} {
			must(t, do(step.by, second.ID, step.verb, ""))
		}
		w.clock.Advance(7 * 24 * time.Hour)
		wants(t, do(c.officer, second.ID, "pay", ""), "notice-running")
		w.clock.Advance(24 * time.Hour)
		must(t, do(c.officer, second.ID, "pay", ""))
		w.sound(t)
		s, err := settlements(t.Context(), d, &db.Where{})
		must(t, err)
		var shares []money.Fen
		for _, x := range s {
			shares = append(shares, x.Paid)
		}
		if len(shares) != 2 || shares[0] != 6667 || shares[1] != 3333 {
			t.Fatalf("settlements %+v", s)
		}
	})
}

func TestExpiry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		terms := schemetest.Plain(10000)
		terms.Validity.Value = scheme.Validity{Months: 3}
		p := w.programme(t, c.officer, terms)
		w.grant(t, c.firm, c.officer, p.ID, 100*schemetest.Yuan) // ends 2027-02-21
		must(t, w.hold(t.Context(), "o", p.ID, c.firm, c.lab, 30*schemetest.Yuan, 30*schemetest.Yuan))
		reminders := func() []string {
			names, err := db.All[string](t.Context(), d, `SELECT name FROM outbox_event WHERE name IN ('voucher.grant-expiring', 'voucher.grant-expired') ORDER BY at, id`)
			must(t, err)
			return names
		}
		for _, step := range []struct {
			day  string
			want int
		}{{"2026-12-01", 0}, {"2027-01-10", 1}, {"2027-01-11", 1}, {"2027-01-31", 2}, {"2027-02-01", 2}, {"2027-02-21", 3}, {"2027-02-22", 4}, {"2027-02-23", 4}} {
			must(t, w.ExpireGrants(t.Context(), step.day))
			if got := reminders(); len(got) != step.want {
				t.Fatalf("on %s: %v", step.day, got)
			}
			w.sound(t)
		}
		if got := w.pocket(t, "firm", p.ID); got.Left != 0 || got.Lapsed != 70*schemetest.Yuan || got.Held != 30*schemetest.Yuan {
			t.Fatalf("wallet %+v", got)
		}
		must(t, w.use(t.Context(), "o", 20*schemetest.Yuan)) // committed in time: still usable; what is left over lapses
		w.sound(t)
		if got := w.pocket(t, "firm", p.ID); got.Used != 20*schemetest.Yuan || got.Lapsed != 80*schemetest.Yuan {
			t.Fatalf("wallet %+v", got)
		}
	})
}

// Two grants of a firm: the one that ends first is spent first, and one order may draw on both.
func TestHoldAcrossGrants(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		terms := schemetest.Plain(10000)
		terms.Validity.Value = scheme.Validity{Months: 12}
		p := w.programme(t, c.officer, terms)
		w.grant(t, c.firm, c.officer, p.ID, 100*schemetest.Yuan)
		w.clock.Advance(48 * time.Hour)
		w.grant(t, c.firm, c.officer, p.ID, 100*schemetest.Yuan)
		must(t, w.hold(t.Context(), "o", p.ID, c.firm, c.lab, 150*schemetest.Yuan, 150*schemetest.Yuan))
		must(t, w.use(t.Context(), "o", 120*schemetest.Yuan))
		v := w.pocket(t, "firm", p.ID).Vouchers
		if len(v) != 2 || v[0].Used() != 100*schemetest.Yuan || v[1].Used() != 20*schemetest.Yuan || v[1].Left != 80*schemetest.Yuan {
			t.Fatalf("vouchers %+v", v)
		}
		w.sound(t)
	})
}

// A new version of the terms holds from its day; the budget follows, but never below what is issued.
func TestTermsVersions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		p := w.programme(t, c.officer, schemetest.Plain(5000))
		w.grant(t, c.firm, c.officer, p.ID, 1000*schemetest.Yuan)
		next := schemetest.Plain(3000)
		next.Version, next.From, next.Budget = 2, "2026-12-01", *schemetest.Sourced(2000)
		put := func(terms scheme.Terms) error {
			_, err := w.PutProgramme(t.Context(), c.officer, p.ID, draft("示例·券", terms), "")
			return err
		}
		must(t, put(next))
		must(t, put(next)) // again: nothing happens
		if b, err := w.Budget(t.Context(), d, p.ID); err != nil || b.Appropriated != 2000*schemetest.Yuan {
			t.Fatalf("budget %+v, %v", b, err)
		}
		quote := func() money.Fen {
			q, err := w.Quote(t.Context(), d, QuoteRequest{Programme: p.ID, Firm: "firm", Provider: "lab", Price: 100 * schemetest.Yuan})
			must(t, err)
			return q.Voucher
		}
		if quote() != 50*schemetest.Yuan {
			t.Fatal("the second version came too early")
		}
		w.clock.Set(time.Date(2026, 11, 30, 16, 0, 0, 0, time.UTC)) // 1 December in the region
		if quote() != 30*schemetest.Yuan {
			t.Fatal("the second version did not come")
		}
		third := next
		third.Version, third.From, third.Budget = 3, "2026-12-02", *schemetest.Sourced(999)
		wants(t, put(third), "budget-issued")
		third.Version = 5
		wants(t, put(third), "terms-version")
		w.sound(t)
	})
}

// A required document must be on the request, or on every order.
func TestMissing(t *testing.T) {
	required := []scheme.Item{{Code: "result", Name: scheme.Name{ZH: "报告"}}, {Code: "payment", Optional: true}}
	with := Claimable{ClaimableOrder: ClaimableOrder{Documents: []Document{{Code: "result"}}}}
	for _, tc := range []struct {
		name     string
		uploaded []Document
		orders   []Claimable
		want     string
	}{
		{"nowhere", nil, []Claimable{{}}, "documents-missing"},
		{"uploaded", []Document{{Code: "result"}}, []Claimable{{}, with}, ""},
		{"on every order", nil, []Claimable{with, with}, ""},
		{"on one order of two", []Document{{Code: "payment"}}, []Claimable{with, {}}, "documents-missing"},
	} {
		t.Run(tc.name, func(t *testing.T) { wants(t, missing(required, tc.uploaded, tc.orders), tc.want) })
	}
}
