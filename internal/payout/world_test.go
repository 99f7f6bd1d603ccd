package payout

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
	orgs     register
	orders   map[string][]voucher.ClaimableOrder

	officer, officer2, neighbour, neighbour2, firm, lab, lab2, labAdmin2 identity.Subject
	programme                                                            voucher.Programme
	n                                                                    int
}

type register struct {
	orgs   map[string]identity.Organisation
	caps   map[string][]identity.Capacity
	people map[string][]identity.PersonRef
}

func (r register) Organisation(_ context.Context, _ db.Q, org string) (identity.Organisation, error) {
	o, ok := r.orgs[org]
	if !ok {
		return o, fault.New(fault.NotFound, "organisation-not-found", "没有找到这个单位。")
	}
	return o, nil
}

func (r register) Organisations(_ context.Context, _ db.Q, ids []string) (map[string]identity.Organisation, error) {
	out := map[string]identity.Organisation{}
	for _, x := range ids {
		if o, ok := r.orgs[x]; ok {
			out[x] = o
		}
	}
	return out, nil
}

func (r register) CapacitiesOf(_ context.Context, _ db.Q, org string) ([]identity.Capacity, error) {
	return r.caps[org], nil
}

func (r register) People(_ context.Context, _ db.Q, org string, _ ...string) ([]identity.PersonRef, error) {
	return r.people[org], nil
}

func (r register) Names(_ context.Context, _ db.Q, people []string) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range people {
		out[p] = "名·" + p
	}
	return out, nil
}

func (r register) Region(_ context.Context, _ db.Q, code string) (identity.Region, error) {
	return identity.Region{Code: code, NameZH: "地区" + code, NameEN: "Region " + code}, nil
}

func (r register) Authorities(context.Context, db.Q, string) ([]string, error) { return nil, nil }

func (r register) RegionPath(code string) string { return "浙江省 " + code }

func (r register) add(org, region, role, person string, capacities ...string) identity.Subject {
	if _, known := r.orgs[org]; !known {
		r.orgs[org] = identity.Organisation{ID: org, NameZH: "示例·" + org, NameEN: "Sample " + org, Region: region, Status: identity.StatusVerified, Sample: true}
		for _, c := range capacities {
			r.caps[org] = append(r.caps[org], identity.Capacity{Organisation: org, Capacity: c, ValidFrom: "2020-01-01", VerifiedOn: "2020-01-01"})
		}
	}
	r.people[org] = append(r.people[org], identity.PersonRef{ID: person, Name: "名·" + person, Role: role})
	return identity.Subject{Person: person, Name: "名·" + person, Org: org, OrgName: "示例·" + org, Role: role, Region: region, Capacities: capacities, Membership: person + "@" + org}
}

// ForClaim implements voucher.Orders.
func (w *world) ForClaim(_ context.Context, _ db.Q, provider string) ([]voucher.ClaimableOrder, error) {
	return w.orders[provider], nil
}

// ForRepay implements voucher.Orders.
func (w *world) ForRepay(context.Context, db.Q, string) ([]voucher.ClaimableOrder, error) {
	return nil, nil
}

// InBatch implements voucher.Payments.
func (w *world) InBatch(ctx context.Context, q db.Q, claim string) (string, error) {
	return w.Service.InBatch(ctx, q, claim)
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	policy, err := identity.NewPolicy()
	must(t, err)
	files, err := blob.NewDisk(t.TempDir())
	must(t, err)
	r := register{map[string]identity.Organisation{}, map[string][]identity.Capacity{}, map[string][]identity.PersonRef{}}
	w := &world{clock: clock.NewFake(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)), orgs: r, orders: map[string][]voucher.ClaimableOrder{}}
	w.vouchers = voucher.New(voucher.Deps{DB: d, Clock: w.clock, Policy: policy, Organisations: r, Orders: w, Files: files, Payments: w})
	w.Service, err = New(Deps{DB: d, Clock: w.clock, Policy: policy, Vouchers: w.vouchers, Organisations: r, Files: files})
	must(t, err)
	w.officer = r.add("authority", "330400", "officer", "officer", "authority")
	w.officer2 = r.add("authority", "330400", "officer", "officer2", "authority")
	w.neighbour = r.add("neighbour", "310000", "officer", "neighbour", "authority")
	w.neighbour2 = r.add("neighbour", "310000", "officer", "neighbour2", "authority")
	w.firm = r.add("firm", "330402", "admin", "firm", "enterprise")
	w.lab = r.add("lab", "330402", "admin", "lab", "provider")
	w.labAdmin2 = r.add("lab", "330402", "finance", "lab-finance", "provider")
	w.lab2 = r.add("lab2", "310115", "admin", "lab2", "provider")
	terms := schemetest.Plain(5000)
	terms.Funders = &scheme.Sourced[[]scheme.Share]{Value: []scheme.Share{{Weight: 2}, {Organisation: "neighbour", Weight: 1}}, Clause: schemetest.Clause()}
	w.programme, err = w.vouchers.PutProgramme(t.Context(), w.officer, "", scheme.Draft{Region: "330400", Name: scheme.Name{ZH: "示例·券"}, OpensOn: "2026-01-01", ClosesOn: "2099-12-31", Sample: true, Terms: terms}, "")
	must(t, err)
	a, err := w.vouchers.Apply(t.Context(), w.firm, voucher.ApplyRequest{Programme: w.programme.ID, Amount: 10_000 * schemetest.Yuan, Purpose: "测试", Statements: []string{"honest"}})
	must(t, err)
	_, err = w.vouchers.Approve(t.Context(), w.officer, a.ID, voucher.Decision{})
	must(t, err)
	return w
}

// claim brings a redemption of a provider to the end of its notice.
func (w *world) claim(t testing.TB, lab identity.Subject, amount money.Fen) voucher.Claim {
	t.Helper()
	w.n++
	order := fmt.Sprintf("o%d", w.n)
	must(t, w.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		if _, err := w.vouchers.Hold(ctx, tx, voucher.HoldRequest{Order: order, Programme: w.programme.ID, Firm: "firm", Provider: lab.Org, Kind: "instrument", Price: 2 * amount, Amount: amount, Key: order}); err != nil {
			return err
		}
		return w.vouchers.Use(ctx, tx, order, w.programme.ID, amount, "use "+order)
	}))
	w.orders[lab.Org] = append(w.orders[lab.Org], voucher.ClaimableOrder{Order: order, Number: "DD-" + order, Title: "试验", Buyer: "firm", Price: 2 * amount})
	invoice := []voucher.Document{{Code: "invoice", Name: "发票.pdf", SHA256: strings.Repeat("2", 64), Size: 3}}
	c, err := w.vouchers.Redeem(t.Context(), lab, voucher.RedeemRequest{Programme: w.programme.ID, Orders: []string{order}, Documents: invoice})
	must(t, err)
	for _, step := range []struct {
		by   identity.Subject
		verb string
	}{{w.officer, "verify"}, {w.officer2, "approve"}, {w.officer, "publish-notice"}} {
		c, err = w.vouchers.Do(t.Context(), step.by, c.ID, step.verb, voucher.VerbRequest{})
		must(t, err)
	}
	return c
}

// account names and confirms an account.
func (w *world) account(t testing.TB, by identity.Subject, number string) Account {
	t.Helper()
	a, err := w.Propose(t.Context(), by, AccountDraft{"示例·" + by.Org, "示例银行嘉兴支行", number, "103335000012"})
	must(t, err)
	officer := w.officer
	if by.Region == "310115" {
		officer = w.neighbour
	}
	a, err = w.Decide(t.Context(), officer, a.ID, "confirm", "")
	must(t, err)
	return a
}

// sent brings a batch of a funder to the bank.
func (w *world) sent(t testing.TB, by, second identity.Subject) Batch {
	t.Helper()
	b, err := w.Draft(t.Context(), by, DraftRequest{PayOn: w.today()})
	must(t, err)
	_, err = w.Do(t.Context(), by, b.ID, "submit", "")
	must(t, err)
	_, err = w.Do(t.Context(), second, b.ID, "approve", "")
	must(t, err)
	_, err = w.MakeFile(t.Context(), by, b.ID, "bank-gbk")
	must(t, err)
	b, err = w.Do(t.Context(), by, b.ID, "send", "")
	must(t, err)
	w.sound(t)
	return b
}

// receipt uploads and applies an answer of the bank.
func (w *world) receipt(t testing.TB, by identity.Subject, lines ...string) Reading {
	t.Helper()
	text := "付款编号,金额,收款账号,处理结果,失败原因,银行流水号\n" + strings.Join(lines, "\n") + "\n"
	u, err := w.TakeReceipts(t.Context(), by, "", "回单.csv", strings.NewReader(text))
	must(t, err)
	r, err := w.Apply(t.Context(), by, u.ID)
	must(t, err)
	w.sound(t)
	return r
}

// sound fails the test when an invariant is broken.
func (w *world) sound(t testing.TB) {
	t.Helper()
	for _, check := range []interface {
		Verify(context.Context, db.Q) ([]verify.Finding, error)
	}{w.Service, w.vouchers} {
		findings, err := check.Verify(t.Context(), w.db)
		must(t, err)
		for _, f := range findings {
			t.Errorf("%s %s: %s", f.Code, f.Object, f.Text)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wants fails unless err is a fault with the code; "" wants no error.
func wants(t testing.TB, err error, code string) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Fatalf("got %v, want %q", err, code)
	}
}
