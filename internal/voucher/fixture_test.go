package voucher

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/region"
	"qiao/internal/voucher/journal"
	"qiao/internal/voucher/scheme"
)

// world is the module with a register of organisations and orders in memory.
type world struct {
	*Service
	clock  *clock.Fake
	orgs   *register
	orders *orderBook
}

type register struct {
	orgs   map[string]identity.Organisation
	caps   map[string][]identity.Capacity
	people map[string][]identity.PersonRef
}

func (r *register) Organisation(_ context.Context, _ db.Q, org string) (identity.Organisation, error) {
	o, ok := r.orgs[org]
	if !ok {
		return o, fault.New(fault.NotFound, "organisation-not-found", "没有找到这个单位。")
	}
	return o, nil
}

func (r *register) Organisations(_ context.Context, _ db.Q, ids []string) (map[string]identity.Organisation, error) {
	out := map[string]identity.Organisation{}
	for _, x := range ids {
		if o, ok := r.orgs[x]; ok {
			out[x] = o
		}
	}
	return out, nil
}

func (r *register) CapacitiesOf(_ context.Context, _ db.Q, org string) ([]identity.Capacity, error) {
	return r.caps[org], nil
}

func (r *register) People(_ context.Context, _ db.Q, org string, _ ...string) ([]identity.PersonRef, error) {
	return r.people[org], nil
}

func (r *register) Names(_ context.Context, _ db.Q, people []string) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range people {
		out[p] = "名·" + p
	}
	return out, nil
}

func (r *register) Region(_ context.Context, _ db.Q, code string) (identity.Region, error) {
	return identity.Region{Code: code, NameZH: "地区" + code, NameEN: "Region " + code}, nil
}

func (r *register) Authorities(_ context.Context, _ db.Q, code string) ([]string, error) {
	var out []string
	for _, o := range r.orgs {
		for _, c := range r.caps[o.ID] {
			if c.Capacity == "authority" && region.Within(code, o.Region) {
				out = append(out, o.ID)
			}
		}
	}
	return out, nil
}

func (r *register) RegionPath(code string) string { return "浙江省 嘉兴市 " + code }

// add registers an organisation with one person and gives that person as a subject.
func (r *register) add(org, region, role string, capacities ...string) identity.Subject {
	r.orgs[org] = identity.Organisation{ID: org, NameZH: "示例·" + org, NameEN: "Sample " + org, Region: region, Status: identity.StatusVerified, Sample: true}
	for _, c := range capacities {
		r.caps[org] = append(r.caps[org], identity.Capacity{Organisation: org, Capacity: c, ValidFrom: "2020-01-01", VerifiedOn: "2020-01-01"})
	}
	return r.join(org, region, role, org+"-person", capacities...)
}

func (r *register) join(org, region, role, person string, capacities ...string) identity.Subject {
	r.people[org] = append(r.people[org], identity.PersonRef{ID: person, Name: "名·" + person, Role: role})
	return identity.Subject{Person: person, Name: "名·" + person, Org: org, OrgName: "示例·" + org, Role: role, Region: region, Capacities: capacities, Membership: person + "@" + org}
}

// orderBook are the confirmed orders of providers.
type orderBook struct{ byProvider map[string][]ClaimableOrder }

func (b *orderBook) ForClaim(_ context.Context, _ db.Q, provider string) ([]ClaimableOrder, error) {
	return b.byProvider[provider], nil
}

func (b *orderBook) ForRepay(_ context.Context, _ db.Q, buyer string) ([]ClaimableOrder, error) {
	var out []ClaimableOrder
	for _, list := range b.byProvider {
		for _, o := range list {
			if o.Buyer == buyer {
				out = append(out, o)
			}
		}
	}
	return out, nil
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	files, err := blob.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		clock:  clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)),
		orgs:   &register{map[string]identity.Organisation{}, map[string][]identity.Capacity{}, map[string][]identity.PersonRef{}},
		orders: &orderBook{map[string][]ClaimableOrder{}},
	}
	w.Service = New(Deps{DB: d, Clock: w.clock, Policy: policy, Organisations: w.orgs, Orders: w.orders, Files: files})
	return w
}

// cast are the people of a story.
type cast struct{ officer, officer2, firm, firm2, lab, lab2 identity.Subject }

func (w *world) cast() cast {
	c := cast{
		officer: w.orgs.add("authority", "330400", "officer", "authority"),
		firm:    w.orgs.add("firm", "330402", "admin", "enterprise"),
		firm2:   w.orgs.add("firm2", "330411", "admin", "enterprise"),
		lab:     w.orgs.add("lab", "330402", "admin", "provider"),
		lab2:    w.orgs.add("lab2", "310115", "admin", "provider"),
	}
	c.officer2 = w.orgs.join("authority", "330400", "officer", "officer2", "authority")
	return c
}

func draft(name string, terms scheme.Terms) scheme.Draft {
	return scheme.Draft{Region: "330400", Name: scheme.Name{ZH: name}, OpensOn: "2026-01-01", ClosesOn: "2099-12-31", Sample: true, Terms: terms}
}

func (w *world) programme(t testing.TB, by identity.Subject, terms scheme.Terms) Programme {
	t.Helper()
	p, err := w.PutProgramme(t.Context(), by, "", draft("示例·券", terms), "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// grant applies and approves.
func (w *world) grant(t testing.TB, firm, officer identity.Subject, programme string, amount money.Fen) Application {
	t.Helper()
	a := w.application(t, firm, programme, amount)
	a, err := w.Approve(t.Context(), officer, a.ID, Decision{Key: "approve " + a.ID})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (w *world) application(t testing.TB, firm identity.Subject, programme string, amount money.Fen) Application {
	t.Helper()
	a, err := w.Apply(t.Context(), firm, ApplyRequest{Programme: programme, Amount: amount, Purpose: "材料性能测试", Statements: []string{"honest"}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (w *world) hold(ctx context.Context, order, programme string, firm, provider identity.Subject, price, amount money.Fen) error {
	return w.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := w.Hold(ctx, tx, HoldRequest{Order: order, Programme: programme, Firm: firm.Org, Provider: provider.Org, Kind: "instrument", Price: price, Amount: amount, Key: order})
		return err
	})
}

func (w *world) use(ctx context.Context, order string, amount money.Fen) error {
	return w.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return w.Use(ctx, tx, order, w.payer(ctx, tx, order), amount, "use "+order)
	})
}

func (w *world) release(ctx context.Context, order string) error {
	return w.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return w.Release(ctx, tx, order, w.payer(ctx, tx, order), "release "+order)
	})
}

// payer is the programme that holds for an order; empty when none does.
func (w *world) payer(ctx context.Context, q db.Q, order string) string {
	where := &db.Where{}
	where.And("order_id = ?", order)
	holds, err := listHolds(ctx, q, where)
	if err != nil || len(holds) == 0 {
		return ""
	}
	return holds[len(holds)-1].Programme
}

// confirmed puts an order on the provider's list of confirmed ones.
func (w *world) confirmed(order string, provider identity.Subject, buyer string, price money.Fen) {
	w.orders.byProvider[provider.Org] = append(w.orders.byProvider[provider.Org], ClaimableOrder{
		Order: order, Number: "DD3304-20261121-" + order, Title: "拉伸试验", Buyer: buyer, Price: price,
		Documents: []Document{{Code: "result", Name: "报告.pdf", SHA256: fmt.Sprintf("%064d", 1), Size: 12}},
	})
}

func invoice() []Document {
	return []Document{{Code: "invoice", Name: "发票.pdf", SHA256: fmt.Sprintf("%064d", 2), Size: 34}}
}

// sound fails the test when an invariant is broken.
func (w *world) sound(t testing.TB) {
	t.Helper()
	findings, err := w.Verify(t.Context(), w.db)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Errorf("%s %s: %s", f.Code, f.Object, f.Text)
	}
	var file bytes.Buffer
	must(t, w.ExportLedger(t.Context(), &file))
	if findings, err = journal.Check(&file); err != nil || len(findings) > 0 {
		t.Fatalf("the ledger as a file: %v %v", findings, err)
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

func (w *world) pocket(t testing.TB, firm, programme string) Pocket {
	t.Helper()
	all, err := w.Wallet(t.Context(), w.db, firm)
	must(t, err)
	i := slices.IndexFunc(all, func(p Pocket) bool { return p.Programme.ID == programme })
	if i < 0 {
		return Pocket{}
	}
	return all[i]
}
