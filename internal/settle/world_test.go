package settle

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/verify"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme"
	"qiao/internal/voucher/scheme/schemetest"
)

// world is the module over vouchers, with a register of organisations and orders in memory.
type world struct {
	*Service
	vouchers *voucher.Service
	clock    *clock.Fake
	orgs     map[string]identity.Organisation
	caps     map[string][]string
	people   map[string][]identity.PersonRef
	orders   map[string][]voucher.ClaimableOrder

	home1, home2, away1, away2, firm, lab identity.Subject
	programme                             string
	n                                     int
}

func (w *world) Organisation(_ context.Context, _ db.Q, org string) (identity.Organisation, error) {
	return w.orgs[org], nil
}

func (w *world) Organisations(_ context.Context, _ db.Q, ids []string) (map[string]identity.Organisation, error) {
	out := map[string]identity.Organisation{}
	for _, x := range ids {
		if o, ok := w.orgs[x]; ok {
			out[x] = o
		}
	}
	return out, nil
}

func (w *world) CapacitiesOf(_ context.Context, _ db.Q, org string) ([]identity.Capacity, error) {
	var out []identity.Capacity
	for _, c := range w.caps[org] {
		out = append(out, identity.Capacity{Organisation: org, Capacity: c, ValidFrom: "2020-01-01", VerifiedOn: "2020-01-01"})
	}
	return out, nil
}

func (w *world) People(_ context.Context, _ db.Q, org string, _ ...string) ([]identity.PersonRef, error) {
	return w.people[org], nil
}

func (w *world) Names(context.Context, db.Q, []string) (map[string]string, error) { return nil, nil }

func (w *world) Region(_ context.Context, _ db.Q, code string) (identity.Region, error) {
	return identity.Region{Code: code, NameZH: "地区" + code}, nil
}

func (w *world) Authorities(_ context.Context, _ db.Q, code string) ([]string, error) {
	var out []string
	for id, caps := range w.caps {
		if len(caps) == 1 && caps[0] == "authority" && identity.Within(code, w.orgs[id].Region) {
			out = append(out, id)
		}
	}
	return out, nil
}

func (w *world) RegionPath(code string) string { return code }

// ForClaim implements voucher.Orders.
func (w *world) ForClaim(_ context.Context, _ db.Q, provider string) ([]voucher.ClaimableOrder, error) {
	return w.orders[provider], nil
}

// ForRepay implements voucher.Orders.
func (w *world) ForRepay(context.Context, db.Q, string) ([]voucher.ClaimableOrder, error) {
	return nil, nil
}

func (w *world) add(org, region, role, person string, capacities ...string) identity.Subject {
	w.orgs[org] = identity.Organisation{ID: org, NameZH: "示例·" + org, Region: region, Status: identity.StatusVerified, Sample: true}
	w.caps[org] = capacities
	w.people[org] = append(w.people[org], identity.PersonRef{ID: person, Name: person, Role: role})
	return identity.Subject{Person: person, Org: org, Role: role, Region: region, Capacities: capacities, Membership: person + "@" + org}
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	policy, err := identity.NewPolicy()
	must(t, err)
	files, err := blob.NewDisk(t.TempDir())
	must(t, err)
	w := &world{
		clock: clock.NewFake(time.Date(2026, 10, 20, 2, 0, 0, 0, time.UTC)), orgs: map[string]identity.Organisation{}, caps: map[string][]string{},
		people: map[string][]identity.PersonRef{}, orders: map[string][]voucher.ClaimableOrder{},
	}
	w.vouchers = voucher.New(voucher.Deps{DB: d, Clock: w.clock, Policy: policy, Organisations: w, Orders: w, Files: files})
	w.Service, err = New(Deps{DB: d, Clock: w.clock, Policy: policy, Vouchers: w.vouchers, Organisations: w})
	must(t, err)
	w.home1 = w.add("home", "330400", "officer", "home-1", "authority")
	w.home2 = w.add("home", "330400", "officer", "home-2", "authority")
	w.away1 = w.add("away", "310000", "officer", "away-1", "authority")
	w.away2 = w.add("away", "310000", "officer", "away-2", "authority")
	w.firm = w.add("firm", "330402", "admin", "firm", "enterprise")
	w.lab = w.add("lab", "310115", "admin", "lab", "provider")
	w.add("near", "330421", "admin", "near", "provider")
	p, err := w.vouchers.PutProgramme(t.Context(), w.home1, "", scheme.Draft{Region: "330400", Name: scheme.Name{ZH: "示例·券"}, OpensOn: "2026-01-01", ClosesOn: "2099-12-31", Sample: true, Terms: schemetest.Plain(5000)}, "")
	must(t, err)
	w.programme = p.ID
	a, err := w.vouchers.Apply(t.Context(), w.firm, voucher.ApplyRequest{Programme: p.ID, Amount: 10_000 * schemetest.Yuan, Purpose: "测试", Statements: []string{"honest"}})
	must(t, err)
	_, err = w.vouchers.Approve(t.Context(), w.home1, a.ID, voucher.Decision{})
	must(t, err)
	return w
}

// claim brings a redemption of a provider to the end of its notice.
func (w *world) claim(t testing.TB, provider string, amount money.Fen) voucher.Claim {
	t.Helper()
	w.n++
	order := fmt.Sprintf("o%d", w.n)
	must(t, w.DB.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		if _, err := w.vouchers.Hold(ctx, tx, voucher.HoldRequest{Order: order, Programme: w.programme, Firm: "firm", Provider: provider, Kind: "instrument", Price: 2 * amount, Amount: amount, Key: order}); err != nil {
			return err
		}
		return w.vouchers.Use(ctx, tx, order, w.programme, amount, "use "+order)
	}))
	w.orders[provider] = append(w.orders[provider], voucher.ClaimableOrder{Order: order, Number: "DD-" + order, Title: "试验", Buyer: "firm", Price: 2 * amount})
	by := identity.Subject{Person: provider, Org: provider, Role: "admin", Region: w.orgs[provider].Region, Capacities: []string{"provider"}}
	c, err := w.vouchers.Redeem(t.Context(), by, voucher.RedeemRequest{Programme: w.programme, Orders: []string{order}, Documents: []voucher.Document{{Code: "invoice", Name: "发票.pdf", SHA256: strings.Repeat("2", 64), Size: 3}}})
	must(t, err)
	w.do(t, c.ID, "verify", "approve", "publish-notice")
	return c
}

// do carries out verbs on a redemption, the officers taking turns.
func (w *world) do(t testing.TB, claim string, verbs ...string) {
	t.Helper()
	for _, verb := range verbs {
		by := w.home1
		if verb == "approve" {
			by = w.home2
		}
		_, err := w.vouchers.Do(t.Context(), by, claim, verb, voucher.VerbRequest{Note: "x"})
		must(t, err)
	}
}

// only is the one statement in a state.
func (w *world) only(t testing.TB, state string) Statement {
	t.Helper()
	must(t, w.Sweep(t.Context()))
	list, err := listStatements(t.Context(), w.DB, &db.Where{}, "", 10)
	must(t, err)
	var out []Statement
	for _, x := range list {
		if x.State == state {
			out = append(out, x)
		}
	}
	if len(out) != 1 {
		t.Fatalf("%d statements are %s: %+v", len(out), state, list)
	}
	return out[0]
}

// sound fails the test when an invariant is broken.
func (w *world) sound(t testing.TB) {
	t.Helper()
	must(t, w.DB.Snapshot(t.Context(), func(ctx context.Context, q db.Q) error {
		for _, check := range []interface {
			Verify(context.Context, db.Q) ([]verify.Finding, error)
		}{w.Service, w.vouchers} {
			findings, err := check.Verify(ctx, q)
			for _, f := range findings {
				t.Errorf("%s %s: %s", f.Code, f.Object, f.Text)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wants fails unless err is a fault with the code.
func wants(t testing.TB, err error, code string) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Fatalf("got %v, want %q", err, code)
	}
}
