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
	used2     map[string]order // used by orders that the firm paid in full
	held      map[string]order // by id
	used      map[string]order
	claims    map[string]Claim
	left      map[string]money.Fen // by firm
	spent     money.Fen            // granted and not returned
	came      money.Fen            // come back of what was paid
	terms     scheme.Terms
	n         int
}

type order struct {
	firm   identity.Subject
	amount money.Fen
	way    string
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
			terms.Pay = &scheme.Sourced[[]string]{Value: []string{scheme.Direct, scheme.Repay}, Clause: schemetest.Clause()}
			terms.Funders = &scheme.Sourced[[]scheme.Share]{Value: []scheme.Share{{Weight: 2}, {Organisation: "neighbour", Weight: 1}}, Clause: schemetest.Clause()}
			p, err := w.PutProgramme(t.Context(), c.officer, "", draft("示例·券", terms), "")
			if err != nil {
				rt.Fatal(err)
			}
			m := &model{world: w, t: rt, ctx: t.Context(), cast: c, programme: p, budget: terms.Budget.Value, firms: []identity.Subject{c.firm, c.firm2},
				held: map[string]order{}, used: map[string]order{}, claims: map[string]Claim{}, left: map[string]money.Fen{}, terms: terms, used2: map[string]order{}}
			w.orders.byProvider = map[string][]ClaimableOrder{}
			rt.Repeat(map[string]func(*rapid.T){
				"grant": m.doGrant, "hold": m.doHold, "use": m.doUse, "release": m.doRelease, "claim": m.doClaim, "review": m.doReview, "days": m.doDays, "return": m.doReturn, "terms": m.doTerms, "again": m.doAgain, "": m.check,
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
	switch rapid.SampledFrom([]string{"approve", "approve", "approve less", "refuse", "withdraw", "amend"}).Draw(t, "decision") {
	case "refuse":
		_, err = m.Refuse(m.ctx, m.cast.officer, a.ID, Decision{Note: "x"})
		ok(t, err)
		return
	case "withdraw":
		_, err = m.Withdraw(m.ctx, firm, a.ID, "")
		ok(t, err)
		return
	case "amend":
		_, err = m.Refuse(m.ctx, m.cast.officer, a.ID, Decision{Note: "x"})
		ok(t, err)
		_, err = m.Amend(m.ctx, firm, a.ID, "")
		ok(t, err)
		_, err = m.Apply(m.ctx, firm, ApplyRequest{Programme: m.programme.ID, Draft: a.ID, Amount: amount, Purpose: "测试", Statements: []string{"honest"}})
		ok(t, err)
	case "approve less":
		amount = money.Fen(rapid.Int64Range(1, int64(amount)).Draw(t, "less"))
	}
	_, err = m.Approve(m.ctx, m.cast.officer, a.ID, Decision{Amount: amount, Note: "x"})
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
	way := rapid.SampledFrom([]string{scheme.Direct, scheme.Repay}).Draw(t, "way")
	err := m.db.InTx(m.ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := m.Hold(ctx, tx, HoldRequest{Order: name, Programme: m.programme.ID, Way: way, Firm: firm.Org, Provider: m.cast.lab.Org, Kind: "instrument", Price: price, Amount: part, Key: name})
		return err
	})
	if part > m.left[firm.Org] {
		wantFault(t, err, "voucher-too-little")
		return
	}
	ok(t, err)
	m.left[firm.Org] -= part
	m.held[name] = order{firm, part, way}
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
	m.usedBy(o)[name] = order{o.firm, amount, o.way}
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

// usedBy are the used orders of an order's way.
func (m *model) usedBy(o order) map[string]order {
	if o.way == scheme.Repay {
		return m.used2
	}
	return m.used
}

func (m *model) doClaim(t *rapid.T) {
	from, by := m.used, m.cast.lab
	if rapid.Bool().Draw(t, "the firm") {
		from = m.used2
	}
	name, first := pick(t, from)
	if first.way == scheme.Repay {
		by = first.firm
	}
	orders := []string{name}
	for other, o := range from {
		if other != name && (o.way == scheme.Direct || o.firm.Org == first.firm.Org) {
			orders = append(orders, other)
			break
		}
	}
	var sum money.Fen
	for _, o := range orders {
		sum += from[o].amount
		delete(from, o)
	}
	c, err := m.Redeem(m.ctx, by, RedeemRequest{Programme: m.programme.ID, Orders: orders, Documents: append(invoice(), Document{Code: "payment", Name: "回单.pdf", SHA256: invoice()[0].SHA256, Size: 1})})
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
	amount := money.Fen(0)
	if rapid.Bool().Draw(t, "a part") && (verb == "recover" || verb == "receive") {
		amount = money.Fen(rapid.Int64Range(1, int64(c.Amount)).Draw(t, "part"))
	}
	got, err := m.Do(m.ctx, by, c.ID, verb, VerbRequest{Note: "x", Amount: amount})
	step, wrong := Claims.Next(c.State, verb)
	switch {
	case wrong != nil:
		wantFault(t, err, "state-conflict")
		return
	case verb == "pay" && m.today() < c.PayableOn:
		wantFault(t, err, "notice-running")
		return
	case verb == "receive" && c.Recovered == c.Received:
		wantFault(t, err, "nothing-open")
		return
	case verb == "receive" && amount > c.Recovered-c.Received, verb == "recover" && amount > c.Amount-c.Recovered:
		wantFault(t, err, "amount-range")
		return
	}
	ok(t, err)
	m.came += got.Received - c.Received
	if got.State != step.To && (verb != "recover" || got.Recovered == got.Amount) {
		t.Fatalf("%s led to %s, want %s", verb, got.State, step.To)
	}
	m.claims[c.ID] = got
	if verb == "refuse" {
		items, err := listItems(m.ctx, m.db, c.ID)
		ok(t, err)
		for _, it := range items {
			o := order{m.firmOf(it.Firm), it.Amount, c.Way}
			m.usedBy(o)[it.Order] = o
		}
	}
}

func (m *model) firmOf(org string) identity.Subject {
	return m.firms[slices.IndexFunc(m.firms, func(s identity.Subject) bool { return s.Org == org })]
}

// doReturn gives back a part of a voucher, or asks for more than there is.
func (m *model) doReturn(t *rapid.T) {
	firm := m.firm(t)
	all, err := m.Wallet(m.ctx, m.db, firm.Org)
	ok(t, err)
	var free []Voucher
	for _, p := range all {
		for _, v := range p.Vouchers {
			if p.Programme.ID == m.programme.ID && v.State == "active" && v.Left > 0 {
				free = append(free, v)
			}
		}
	}
	if len(free) == 0 {
		t.Skip("nothing there")
	}
	v := rapid.SampledFrom(free).Draw(t, "voucher")
	amount := money.Fen(rapid.Int64Range(1, int64(v.Left)+1).Draw(t, "returned"))
	key := fmt.Sprintf("return %s %d", m.programme.ID, m.n)
	m.n++
	for range 2 { // the same key again has no second effect
		_, err = m.Return(m.ctx, firm, ReturnRequest{Grant: v.ID, Amount: amount, Key: key})
		if amount > v.Left {
			wantFault(t, err, "voucher-too-little")
			return
		}
		ok(t, err)
	}
	m.left[firm.Org] -= amount
	m.spent -= amount
}

// doTerms changes the scheme in the middle of the year: more budget from tomorrow on, or as little as is granted.
func (m *model) doTerms(t *rapid.T) {
	next := m.terms
	next.Version++
	next.From = clock.Day(m.clock.Now().Add(24 * time.Hour))
	if next.From <= m.terms.From {
		t.Skip("once a day")
	}
	next.Budget.Value = m.spent + money.Fen(rapid.Int64Range(0, 100_000).Draw(t, "room"))
	_, err := m.PutProgramme(m.ctx, m.cast.officer, m.programme.ID, draft("示例·券", next), "")
	ok(t, err)
	m.terms, m.budget = next, next.Budget.Value
	m.clock.Advance(24 * time.Hour)
	m.expired(t)
}

// doAgain sends a hold a second time, as after a lost answer; whatever became of it since, nothing happens.
func (m *model) doAgain(t *rapid.T) {
	name, o := pick(t, m.held)
	before := m.left[o.firm.Org]
	ok(t, m.db.InTx(m.ctx, func(ctx context.Context, tx *db.Tx) error {
		h, err := lastHold(ctx, tx, name, m.programme.ID)
		if err == nil {
			_, err = m.Hold(ctx, tx, HoldRequest{Order: name, Programme: m.programme.ID, Way: o.way, Firm: o.firm.Org, Provider: m.cast.lab.Org, Kind: "instrument", Price: h.Price, Amount: h.Amount, Key: name})
		}
		return err
	}))
	if left, err := m.Left(m.ctx, m.db, o.firm.Org, m.programme.ID); err != nil || left != before {
		t.Fatalf("%d left of %d, %v", left, before, err)
	}
}

// doDays lets days pass; vouchers end.
func (m *model) doDays(t *rapid.T) {
	m.clock.Advance(time.Duration(rapid.IntRange(1, 60).Draw(t, "days")) * 24 * time.Hour)
	m.expired(t)
}

// expired ends what has ended by now.
func (m *model) expired(t *rapid.T) {
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
		b.Received != m.came || b.Unissued+b.Available+b.Held+b.Used+b.Payable+b.Paid+b.Recovered+b.Received+b.Lapsed != m.budget {
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
