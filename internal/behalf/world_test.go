package behalf

import (
	"context"
	"testing"
	"time"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/workday"
	"qiao/internal/voucher"
)

// at is so many days after Monday 2026-11-23, in the region's time.
func at(day, hour int) time.Time { return time.Date(2026, 11, 23+day, hour, 0, 0, 0, clock.Zone()) }

// shop is a catalogue of one instrument of the laboratory.
type shop struct{}

func (shop) Resource(_ context.Context, _ db.Q, id string) (Resource, error) {
	if id != "sem" {
		return Resource{}, fault.New(fault.NotFound, "no-resource", "没有找到这项资源。")
	}
	prices := []order.Tariff{{ID: "hour", Audience: "external", Unit: "hour", Amount: 30_000, Currency: "CNY"}}
	return Resource{ID: id, Kind: "instrument", Owner: "lab", Region: "330402", NameZH: "示例·" + id, Prices: prices, Status: "published", Bookable: true, Sample: true}, nil
}

func (s shop) Resources(ctx context.Context, q db.Q, ids []string) ([]Resource, error) {
	var out []Resource
	for _, id := range ids {
		if r, err := s.Resource(ctx, q, id); err == nil {
			out = append(out, r)
		}
	}
	return out, nil
}

func (shop) HoursOf(_ context.Context, _ db.Q, rs []Resource) (map[string][]booking.Opening, error) {
	out := map[string][]booking.Opening{}
	for _, r := range rs {
		for d := int64(1); d <= 5; d++ {
			out[r.ID] = append(out[r.ID], booking.Opening{Weekday: d, From: "09:00", To: "17:00"})
		}
	}
	return out, nil
}

func (s shop) Owned(ctx context.Context, q db.Q, _ string) ([]Resource, error) {
	return s.Resources(ctx, q, []string{"sem"})
}

// purse has no vouchers.
type purse struct{}

func (purse) Wallet(context.Context, db.Q, string) ([]voucher.Pocket, error) { return nil, nil }
func (purse) Divide(_ context.Context, _ db.Q, r voucher.DivideRequest) (voucher.Division, error) {
	return voucher.Division{Own: r.Price}, nil
}
func (purse) Unpaid(context.Context, db.Q, string) (bool, error)                   { return false, nil }
func (purse) Hold(context.Context, *db.Tx, voucher.HoldRequest) (string, error)    { return "", nil }
func (purse) Release(context.Context, *db.Tx, string, string, string) error        { return nil }
func (purse) Use(context.Context, *db.Tx, string, string, money.Fen, string) error { return nil }
func (purse) Kept(context.Context, db.Q, []string) (map[string]money.Fen, error)   { return nil, nil }

// people are a firm of two and a laboratory.
type people struct{}

func (people) Organisations(_ context.Context, _ db.Q, ids []string) (map[string]identity.Organisation, error) {
	out := map[string]identity.Organisation{}
	for _, id := range ids {
		out[id] = identity.Organisation{ID: id, NameZH: "示例·" + id, Status: identity.StatusVerified, Sample: true}
	}
	return out, nil
}

func (p people) Named(ctx context.Context, q db.Q, codes, names []string) ([]identity.Organisation, error) {
	if names[0] == "示例·firm" || codes[0] == "91330402MA2XXXXXXX" {
		orgs, err := p.Organisations(ctx, q, []string{"firm"})
		return []identity.Organisation{orgs["firm"]}, err
	}
	return nil, nil
}

func (people) Members(_ context.Context, _ db.Q, org string) ([]identity.Member, error) {
	if org == "lab" {
		return []identity.Member{{ID: "m-head", Person: "head", Name: "教授", Role: "staff"}, {ID: "m-pupil", Person: "pupil", Name: "学生", Role: "staff"}}, nil
	}
	return []identity.Member{
		{ID: "m-cash", Person: "cash", Name: "出纳", Email: "cash@firm", Role: "finance"}, {ID: "m-boss", Person: "boss", Name: "经理", Email: "boss@firm", Role: "admin"},
		{ID: "m-wang", Person: "wang", Name: "王工", Email: "wang@firm", Role: "technician"},
	}, nil
}

func (people) Acting(_ context.Context, _ db.Q, m identity.Member) (identity.Subject, error) {
	capacity, org := "enterprise", "firm"
	if m.Person == "head" || m.Person == "pupil" {
		capacity, org = "provider", "lab"
	}
	return identity.Subject{Person: m.Person, Name: m.Name, Membership: m.ID, Org: org, Role: m.Role, Region: "330402", Capacities: []string{capacity}, Sample: true}, nil
}

func as(person, org, role, capacity string) identity.Subject {
	return identity.Subject{Person: person, Org: org, Role: role, Region: "330402", Capacities: []string{capacity}, Sample: true}
}

func desk() identity.Subject   { return as("clerk", "lab", "staff", "provider") }
func broker() identity.Subject { return as("agent", "broker", "staff", "intermediary") }
func boss() identity.Subject   { return as("boss", "firm", "admin", "enterprise") }

// world is the module with real orders and calendars on a database; the clock stands on Monday 2026-11-23, 08:00.
type world struct {
	*Service
	t      testing.TB
	clock  *clock.Fake
	orders *order.Service
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	calendar, err := workday.China()
	if err != nil {
		t.Fatal(err)
	}
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	disk, err := blob.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, clock: clock.NewFake(at(0, 8))}
	cal := booking.New(booking.Deps{DB: d, Clock: w.clock, Policy: policy, Catalogue: shop{}, Calendar: calendar})
	w.orders = order.New(order.Deps{DB: d, Clock: w.clock, Policy: policy, Catalogue: shop{}, Booking: cal, Organisations: people{}, Vouchers: purse{}, Calendar: calendar, Blobs: disk})
	leads := func(_ context.Context, _ db.Q, head, member string) (bool, error) {
		return head == "head" && member == "pupil", nil
	}
	heads := func(_ context.Context, _ db.Q, person string) (bool, error) { return person == "head", nil }
	w.Service = New(Deps{DB: d, Clock: w.clock, Policy: policy, Catalogue: shop{}, Calendars: cal, Orders: w.orders, People: people{}, Leads: leads, Heads: heads})
	return w
}

// ask is a request for two hours.
func ask(firm, who string, day, hour int) Request {
	return Request{Firm: firm, Who: who, Asked: "王工来电", Order: order.PlaceRequest{Resource: "sem", Start: at(day, hour), End: at(day, hour+2), Purpose: "断口形貌"}}
}

// state is how an order stands.
func (w *world) state(id string) string {
	w.t.Helper()
	list, err := w.orders.Named(context.Background(), w.DB, []string{id})
	if err != nil || len(list) != 1 {
		w.t.Fatal(err, list)
	}
	return list[0].State
}

func (w *world) sound() {
	w.t.Helper()
	found, err := w.Verify(context.Background(), w.DB)
	if err != nil || len(found) > 0 {
		w.t.Fatal(err, found)
	}
}
