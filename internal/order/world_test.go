package order

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"qiao/internal/booking"
	"qiao/internal/contract"
	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/milestone"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/seal"
	"qiao/internal/platform/workday"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme"
)

// monday is 2026-11-23 00:00 in the region.
func monday() time.Time { return time.Date(2026, 11, 23, 0, 0, 0, 0, clock.Zone()) }

func at(day, hour, minute int) time.Time {
	return monday().AddDate(0, 0, day).Add(time.Duration(hour*60+minute) * time.Minute)
}

func weekdays(from, to string) []booking.Opening {
	var out []booking.Opening
	for d := int64(1); d <= 5; d++ {
		out = append(out, booking.Opening{Weekday: d, From: from, To: to})
	}
	return out
}

// shop is a catalogue of two instruments and a service, all of the same provider.
type shop struct{ items map[string]Resource }

func newShop() *shop {
	prices := []Tariff{
		{ID: "hour", Audience: "external", Unit: "hour", Amount: 30_000, Currency: "CNY"},
		{ID: "sample", Audience: "external", Unit: "sample", Amount: 20_000, Currency: "CNY", Note: "常规测试"},
	}
	return &shop{items: map[string]Resource{
		"sem":     {ID: "sem", Kind: "instrument", Owner: "lab", Region: "330402", NameZH: "扫描电镜", NameEN: "SEM", Prices: prices, Status: "published", Voucher: true, Bookable: true, Sample: true},
		"nmr":     {ID: "nmr", Kind: "instrument", Owner: "lab", Region: "330402", NameZH: "核磁共振仪", Prices: prices, Status: "published", Voucher: true, Bookable: true},
		"ror":     {ID: "ror", Kind: "instrument", Owner: "nobody", Region: "330402", NameZH: "公开记录", Prices: prices, Status: "published"},
		"paper":   {ID: "paper", Kind: "literature", Owner: "lab", Region: "330402", NameZH: "论文", Status: "published"},
		"resting": {ID: "resting", Kind: "service", Owner: "lab", Region: "330402", NameZH: "停办的服务", Status: "suspended"},
		"test":    {ID: "test", Kind: "service", Owner: "lab", Region: "330402", NameZH: "拉伸试验", Prices: prices[1:], Status: "published", Voucher: true},
	}}
}

func (s *shop) Resource(_ context.Context, _ db.Q, id string) (Resource, error) {
	r, ok := s.items[id]
	if !ok {
		return r, fault.New(fault.NotFound, "no-resource", "没有找到这项资源。")
	}
	return r, nil
}

func (s *shop) Resources(ctx context.Context, q db.Q, ids []string) ([]Resource, error) {
	var out []Resource
	for _, id := range ids {
		if r, err := s.Resource(ctx, q, id); err == nil {
			out = append(out, r)
		}
	}
	return out, nil
}

func (s *shop) HoursOf(_ context.Context, _ db.Q, rs []Resource) (map[string][]booking.Opening, error) {
	out := map[string][]booking.Opening{}
	for _, r := range rs {
		out[r.ID] = weekdays("09:00", "17:00")
	}
	return out, nil
}

func (s *shop) Owned(ctx context.Context, q db.Q, org string) ([]Resource, error) {
	if org != "lab" {
		return nil, nil
	}
	return s.Resources(ctx, q, []string{"sem", "nmr"})
}

// purse is a voucher ledger in a table of its own, so that it follows the transaction as the real one does.
type purse struct{ fund money.Fen }

func (p *purse) left(ctx context.Context, q db.Q) (money.Fen, error) {
	spent, err := db.One[int64](ctx, q, `SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM test_purse`)
	return p.fund - money.Fen(spent), err
}

func (p *purse) Wallet(ctx context.Context, q db.Q, firm string) ([]voucher.Pocket, error) {
	if firm != "firm" {
		return nil, nil
	}
	left, err := p.left(ctx, q)
	return []voucher.Pocket{{Programme: voucher.Programme{ID: "prog", NameZH: "示例·创新券 2026", NameEN: "Sample voucher 2026"}, Left: left, Expires: "2026-12-31"}}, err
}

func (p *purse) quote(ctx context.Context, q db.Q, r voucher.QuoteRequest) (scheme.Quote, error) {
	if r.Purpose == "batch" {
		return scheme.Quote{Own: r.Price, Why: "excluded", Lines: []scheme.Line{{Code: "excluded", Text: "不支持的用途"}}}, nil
	}
	left, err := p.left(ctx, q)
	part := money.PartDown(r.Price, 5000)
	why := ""
	if left < part {
		part, why = left, "left"
	}
	return scheme.Quote{Voucher: part, Own: r.Price - part, Why: why}, err
}

func (p *purse) Hold(ctx context.Context, tx *db.Tx, r voucher.HoldRequest) (string, error) {
	if left, err := p.left(ctx, tx); err != nil || left < r.Amount {
		return "", fault.New(fault.Invalid, "voucher-too-little", "创新券余额不足。").Because(err)
	}
	_, err := tx.Exec(ctx, `INSERT INTO test_purse (order_id, amount) VALUES ($1, $2)`, r.Order, r.Amount)
	return r.Order, err
}

func (p *purse) Divide(ctx context.Context, q db.Q, r voucher.DivideRequest) (voucher.Division, error) {
	d := voucher.Division{Own: r.Price}
	got, err := p.quote(ctx, q, voucher.QuoteRequest{Price: r.Price, Purpose: r.Purpose})
	part := voucher.PartOf{Programme: r.Programmes[0], Way: cmp.Or(r.Way, scheme.Direct), Amount: got.Voucher}
	d.Parts, d.Lines, d.Why = []voucher.PartOf{part}, got.Lines, got.Why
	if part.Way == scheme.Repay {
		d.Repaid = got.Voucher
		return d, err
	}
	d.Direct, d.Own = got.Voucher, got.Own
	return d, err
}

func (p *purse) Unpaid(context.Context, db.Q, string) (bool, error) { return false, nil }

func (p *purse) Release(ctx context.Context, tx *db.Tx, order, _, _ string) error {
	_, err := tx.Exec(ctx, `DELETE FROM test_purse WHERE order_id = $1`, order)
	return err
}

func (p *purse) Use(ctx context.Context, tx *db.Tx, order, _ string, amount money.Fen, _ string) error {
	n, err := tx.Exec(ctx, `UPDATE test_purse SET used = true, amount = $2 WHERE order_id = $1 AND amount >= $2`, order, amount)
	if err == nil && n != 1 {
		err = fmt.Errorf("%d holds of %v for order %s", n, amount, order)
	}
	return err
}

func (p *purse) Kept(ctx context.Context, q db.Q, _ []string) (map[string]money.Fen, error) {
	type row struct {
		Order  string    `db:"order_id"`
		Amount money.Fen `db:"amount"`
	}
	rows, err := db.All[row](ctx, q, `SELECT order_id, amount FROM test_purse`)
	out := map[string]money.Fen{}
	for _, r := range rows {
		out[r.Order] = r.Amount
	}
	return out, err
}

// names knows the three organisations.
type names struct{}

func (names) Organisations(_ context.Context, _ db.Q, ids []string) (map[string]identity.Organisation, error) {
	all := map[string]string{"firm": "示例·禾城新材料", "rival": "示例·对手公司", "lab": "示例·南湖检测研究院"}
	out := map[string]identity.Organisation{}
	for _, id := range ids {
		if id == "nobody" {
			out[id] = identity.Organisation{ID: id, NameZH: "某研究所", Status: identity.StatusUnclaimed}
		}
		if n, ok := all[id]; ok {
			out[id] = identity.Organisation{ID: id, NameZH: n, Status: identity.StatusVerified, Sample: true}
		}
	}
	return out, nil
}

// The people of the tests.
func firm() identity.Subject {
	return identity.Subject{Person: "p-firm", Org: "firm", OrgName: "示例·禾城新材料", Role: "admin", Region: "330402", Capacities: []string{"enterprise"}, Sample: true}
}

func rival() identity.Subject {
	return identity.Subject{Person: "p-rival", Org: "rival", Role: "admin", Region: "330402", Capacities: []string{"enterprise"}}
}

func lab() identity.Subject {
	return identity.Subject{Person: "p-lab", Org: "lab", OrgName: "示例·南湖检测研究院", Role: "admin", Region: "330402", Capacities: []string{"provider"}}
}

func authority() identity.Subject {
	return identity.Subject{Person: "p-officer", Org: "gov", Role: "officer", Region: "330400", Capacities: []string{"authority"}}
}

// world is the module on a database, with a clock that stands on Monday 2026-11-23, 08:00.
type world struct {
	*Service
	t     testing.TB
	clock *clock.Fake
	shop  *shop
	purse *purse
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	calendar, err := workday.China()
	if err != nil {
		t.Fatal(err)
	}
	disk, err := blob.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, clock: clock.NewFake(at(0, 8, 0)), shop: newShop(), purse: &purse{fund: 1_000_000}}
	err = d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE test_purse (order_id TEXT PRIMARY KEY, amount BIGINT NOT NULL, used BOOLEAN NOT NULL DEFAULT false)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	calendars := booking.New(booking.Deps{
		DB: d, Clock: w.clock, Policy: policy, Catalogue: w.shop, Calendar: calendar,
		Holders: func(ctx context.Context, q db.Q, holders []string) (map[string]booking.Holder, error) {
			return w.Holders(ctx, q, holders)
		},
	})
	key, err := seal.Open(filepath.Join(t.TempDir(), "node.key"))
	if err != nil {
		t.Fatal(err)
	}
	w.Service = New(Deps{
		DB: d, Clock: w.clock, Policy: policy, Catalogue: w.shop, Booking: calendars,
		Contracts: contract.New(contract.Deps{DB: d, Clock: w.clock, Policy: policy, Facts: func(ctx context.Context, by identity.Subject, id string) (contract.Facts, error) {
			return w.ContractFacts(ctx, by, id)
		}, Sealer: contract.NewReference(key)}),
		Milestones: milestone.New(milestone.Deps{DB: d, Clock: w.clock, Policy: policy, Organisations: names{}}),
		Invoices:   invoice.New(invoice.Deps{DB: d, Clock: w.clock, Policy: policy, Blobs: disk}), Organisations: names{}, Vouchers: w.purse, Calendar: calendar, Blobs: disk,
	})
	return w
}

// booking asks for hours on the day so many days after the Monday.
func book(day, hour, hours int) PlaceRequest {
	return PlaceRequest{Kind: KindBooking, Resource: "sem", Start: at(day, hour, 0), End: at(day, hour+hours, 0), Programme: "prog"}
}

func (w *world) place(by identity.Subject, req PlaceRequest) Order {
	w.t.Helper()
	o, err := w.Place(w.t.Context(), by, req)
	if err != nil {
		w.t.Fatalf("place: %v", err)
	}
	return o
}

func (w *world) do(by identity.Subject, o Order, verb string, req VerbRequest) Order {
	w.t.Helper()
	got, err := w.Do(w.t.Context(), by, o.ID, verb, req)
	if err != nil {
		w.t.Fatalf("%s: %v", verb, err)
	}
	return got
}

func (w *world) wellVerified() {
	w.t.Helper()
	findings, err := w.Verify(w.t.Context(), w.db)
	if err != nil || len(findings) > 0 {
		w.t.Fatalf("verify: %v %v", findings, err)
	}
}

func (w *world) slot(day, hour int) string {
	w.t.Helper()
	d := clock.Day(at(day, hour, 0))
	slots, err := w.booking.Slots(w.t.Context(), w.db, "sem", d, d)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range slots {
		if s.Start.Equal(at(day, hour, 0)) {
			return s.State
		}
	}
	return ""
}

func ago(d time.Duration, c *clock.Fake) time.Time { return c.Now().Add(-d) }
