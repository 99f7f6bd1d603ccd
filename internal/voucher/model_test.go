package voucher

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
	"qiao/internal/voucher/scheme/schemetest"
)

// model is what a history should have come to, kept the simplest way: a sum for each firm.
type model struct {
	*world
	t         *rapid.T
	ctx       context.Context
	cast      cast
	programme Programme
	budget    money.Fen
	firms     []identity.Subject
	held      map[string]order // by id
	used      map[string]order
	claims    map[string]Claim
	left      map[string]money.Fen // by firm
	spent     money.Fen
	n         int
}

type order struct {
	firm   identity.Subject
	amount money.Fen
}

// Random histories of applications, holds, uses, releases, redemptions, refusals and days: after each step the books
// agree with the model and every invariant holds.
func TestHistories(t *testing.T) {
	few(t, "8")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.cast()
		rapid.Check(t, func(rt *rapid.T) {
			w.clock.Set(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC))
			terms := schemetest.Plain(5000)
			terms.Budget.Value = 1000 * schemetest.Yuan
			terms.Validity.Value = scheme.Validity{Months: 3}
			terms.Notice.Value = rapid.SampledFrom([]int{0, 2}).Draw(rt, "notice days")
			terms.Funders = &scheme.Sourced[[]scheme.Share]{Value: []scheme.Share{{Weight: 2}, {Organisation: "neighbour", Weight: 1}}, Clause: schemetest.Clause()}
			p, err := w.PutProgramme(t.Context(), c.officer, "", draft("示例·券", terms), "")
			if err != nil {
				rt.Fatal(err)
			}
			m := &model{world: w, t: rt, ctx: t.Context(), cast: c, programme: p, budget: terms.Budget.Value, firms: []identity.Subject{c.firm, c.firm2},
				held: map[string]order{}, used: map[string]order{}, claims: map[string]Claim{}, left: map[string]money.Fen{}}
			w.orders.byProvider = map[string][]ClaimableOrder{}
			rt.Repeat(map[string]func(*rapid.T){
				"grant": m.doGrant, "hold": m.doHold, "use": m.doUse, "release": m.doRelease, "claim": m.doClaim, "review": m.doReview, "days": m.doDays, "": m.check,
			})
		})
	})
}

// few bounds the number of histories: each is 30 steps with all invariants after each, on a real database.
func few(t *testing.T, checks string) {
	t.Helper()
	f := flag.Lookup("rapid.checks")
	before := f.Value.String()
	if before != f.DefValue { // somebody asked for a number: obey
		return
	}
	must(t, f.Value.Set(checks))
	t.Cleanup(func() { must(t, f.Value.Set(before)) })
}

func (m *model) firm(t *rapid.T) identity.Subject { return rapid.SampledFrom(m.firms).Draw(t, "firm") }

func (m *model) doGrant(t *rapid.T) {
	firm, amount := m.firm(t), money.Fen(rapid.Int64Range(1, 40_000).Draw(t, "amount"))
	a, err := m.Apply(m.ctx, firm, ApplyRequest{Programme: m.programme.ID, Amount: amount, Purpose: "测试", Statements: []string{"honest"}})
	if amount > m.unissued() {
		wantFault(t, err, "application-invalid")
		return
	}
	ok(t, err)
	if rapid.Bool().Draw(t, "refuse") {
		_, err = m.Refuse(m.ctx, m.cast.officer, a.ID, Decision{Note: "x"})
		ok(t, err)
		return
	}
	_, err = m.Approve(m.ctx, m.cast.officer, a.ID, Decision{})
	ok(t, err)
	m.left[firm.Org] += amount
	m.spent += amount
}

func (m *model) unissued() money.Fen { return m.budget - m.spent }

func (m *model) doHold(t *rapid.T) {
	firm, price := m.firm(t), money.Fen(rapid.Int64Range(2, 60_000).Draw(t, "price"))
	m.n++
	name := fmt.Sprintf("%s-%d", m.programme.ID, m.n)
	part := price / 2
	err := m.world.hold(m.ctx, name, m.programme.ID, firm, m.cast.lab, price, part)
	if part > m.left[firm.Org] {
		wantFault(t, err, "voucher-too-little")
		return
	}
	ok(t, err)
	m.left[firm.Org] -= part
	m.held[name] = order{firm, part}
}

// pick draws one of from; with nothing to draw from, the action does not apply now and rapid takes another.
func pick[V any](action *rapid.T, from map[string]V) (string, V) {
	keys := make([]string, 0, len(from))
	for k := range from {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	if len(keys) == 0 {
		action.Skip("nothing there")
	}
	k := rapid.SampledFrom(keys).Draw(action, "which")
	return k, from[k]
}

func (m *model) doUse(t *rapid.T) {
	name, o := pick(t, m.held)
	amount := money.Fen(rapid.Int64Range(1, int64(o.amount)).Draw(t, "used"))
	ok(t, m.world.use(m.ctx, name, amount))
	delete(m.held, name)
	m.back(o.firm.Org, o.amount-amount)
	m.used[name] = order{o.firm, amount}
	m.confirmed(name, m.cast.lab, o.firm.Org, 2*amount)
}

func (m *model) doRelease(t *rapid.T) {
	name, o := pick(t, m.held)
	ok(t, m.world.release(m.ctx, name))
	delete(m.held, name)
	m.back(o.firm.Org, o.amount)
}

// back reads what came back: only what belongs to a voucher that has not ended.
func (m *model) back(firm string, atMost money.Fen) {
	left, err := m.Left(m.ctx, m.db, firm, m.programme.ID)
	ok(m.t, err)
	if left < m.left[firm] || left > m.left[firm]+atMost {
		m.t.Fatalf("%s has %d left, had %d, and at most %d came back", firm, left, m.left[firm], atMost)
	}
	m.left[firm] = left
}

func (m *model) doClaim(t *rapid.T) {
	name, _ := pick(t, m.used)
	orders := []string{name}
	for other := range m.used {
		if other != name {
			orders = append(orders, other)
			break
		}
	}
	var sum money.Fen
	for _, o := range orders {
		sum += m.used[o].amount
		delete(m.used, o)
	}
	c, err := m.Redeem(m.ctx, m.cast.lab, RedeemRequest{Programme: m.programme.ID, Orders: orders, Documents: invoice()})
	ok(t, err)
	if c.Amount != sum {
		t.Fatalf("claimed %d, want %d", c.Amount, sum)
	}
	m.claims[c.ID] = c
}

// doReview tries any verb; the state table and the day say whether it is taken.
func (m *model) doReview(t *rapid.T) {
	_, c := pick(t, m.claims)
	verb := rapid.SampledFrom(officerVerbs()).Draw(t, "verb")
	by := m.cast.officer
	if verb == "approve" {
		by = m.cast.officer2
	}
	got, err := m.Do(m.ctx, by, c.ID, verb, VerbRequest{Note: "x"})
	step, wrong := Claims.Next(c.State, verb)
	switch {
	case wrong != nil:
		wantFault(t, err, "state-conflict")
		return
	case verb == "pay" && m.today() < c.PayableOn:
		wantFault(t, err, "notice-running")
		return
	}
	ok(t, err)
	if got.State != step.To {
		t.Fatalf("%s led to %s, want %s", verb, got.State, step.To)
	}
	m.claims[c.ID] = got
	if verb == "refuse" {
		items, err := listItems(m.ctx, m.db, c.ID)
		ok(t, err)
		for _, it := range items {
			m.used[it.Order] = order{m.firms[0], it.Amount}
		}
	}
}

// doDays lets days pass; vouchers end.
func (m *model) doDays(t *rapid.T) {
	m.clock.Advance(time.Duration(rapid.IntRange(1, 60).Draw(t, "days")) * 24 * time.Hour)
	ok(t, m.ExpireGrants(m.ctx, clock.Day(m.clock.Now())))
	for _, f := range m.firms {
		left, err := m.Left(m.ctx, m.db, f.Org, m.programme.ID)
		ok(t, err)
		if left > m.left[f.Org] {
			t.Fatalf("time gave %s money", f.Org)
		}
		m.left[f.Org] = left
	}
}

func (m *model) check(t *rapid.T) {
	findings, err := m.Verify(m.ctx, m.db)
	ok(t, err)
	for _, f := range findings {
		t.Errorf("%s %s: %s", f.Code, f.Object, f.Text)
	}
	b, err := m.Budget(m.ctx, m.db, m.programme.ID)
	ok(t, err)
	if b.Unissued != m.unissued() || b.Available != m.left[m.firms[0].Org]+m.left[m.firms[1].Org] ||
		b.Unissued+b.Available+b.Held+b.Used+b.Payable+b.Paid+b.Recovered+b.Lapsed != m.budget {
		t.Fatalf("budget %+v; model: unissued %d, left %v", b, m.unissued(), m.left)
	}
}

func ok(t *rapid.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

func wantFault(t *rapid.T, err error, code string) {
	if !fault.Is(err, code) {
		t.Fatalf("got %v, want %q", err, code)
	}
}
