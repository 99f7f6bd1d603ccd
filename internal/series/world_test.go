package series

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"qiao/internal/booking"
	"qiao/internal/contract"
	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/milestone"
	"qiao/internal/order"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/workday"
	"qiao/internal/voucher"
)

// instant is a time so many days after Monday 2026-11-23, in the region.
func instant(day, hour, minute int) time.Time {
	return time.Date(2026, 11, 23+day, hour, minute, 0, 0, clock.Zone())
}

// day names the civil day so many days after that Monday.
func day(n int) string { return clock.Day(instant(n, 12, 0)) }

// shop is a catalogue of instruments: a, b, c of one provider, d and e of another; every day but Sunday is open.
type shop struct{ items map[string]Resource }

func newShop() *shop {
	s := &shop{items: map[string]Resource{}}
	for id, owner := range map[string]string{"a": "lab", "b": "lab", "c": "lab", "d": "lab2", "e": "lab2"} {
		s.items[id] = Resource{
			ID: id, Kind: "instrument", Owner: owner, Region: "330402", NameZH: "仪器" + strings.ToUpper(id), NameEN: "Instrument " + strings.ToUpper(id), Status: "published", Bookable: true,
			Prices: []order.Tariff{{ID: "hour", Audience: "external", Unit: "hour", Amount: 30_000, Currency: "CNY"}, {ID: "own", Audience: "internal", Unit: "hour", Amount: 10_000, Currency: "CNY"}},
		}
	}
	return s
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
		for d := int64(1); d <= 6; d++ {
			out[r.ID] = append(out[r.ID], booking.Opening{Weekday: d, From: "09:00", To: "17:00"})
		}
	}
	return out, nil
}

func (s *shop) Owned(_ context.Context, _ db.Q, org string) ([]Resource, error) {
	var out []Resource
	for _, r := range s.items {
		if r.Owner == org {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Resource) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// purse is a firm without a voucher.
type purse struct{}

func (purse) Wallet(context.Context, db.Q, string) ([]voucher.Pocket, error) { return nil, nil }
func (purse) Divide(_ context.Context, _ db.Q, r voucher.DivideRequest) (voucher.Division, error) {
	return voucher.Division{Own: r.Price}, nil
}
func (purse) Unpaid(context.Context, db.Q, string) (bool, error)                   { return false, nil }
func (purse) Hold(context.Context, *db.Tx, voucher.HoldRequest) (string, error)    { return "", nil }
func (purse) Release(context.Context, *db.Tx, string, string, string) error        { return nil }
func (purse) Use(context.Context, *db.Tx, string, string, money.Fen, string) error { return nil }
func (purse) Kept(context.Context, db.Q, []string) (map[string]money.Fen, error) {
	return nil, nil
}

// names knows the organisations.
type names struct{}

func (names) Organisations(_ context.Context, _ db.Q, ids []string) (map[string]identity.Organisation, error) {
	out := map[string]identity.Organisation{}
	for _, id := range ids {
		out[id] = identity.Organisation{ID: id, NameZH: "示例·" + id, Status: identity.StatusVerified, Sample: true}
	}
	return out, nil
}

// The people of the tests.
func firm(n int) identity.Subject {
	id := "firm" + string(rune('0'+n))
	return identity.Subject{Person: "p-" + id, Org: id, Role: "admin", Region: "330402", Capacities: []string{"enterprise"}}
}

func lab() identity.Subject {
	return identity.Subject{Person: "p-lab", Org: "lab", Role: "admin", Region: "330402", Capacities: []string{"provider"}}
}

// world is the module over orders and calendars on a database; its clock stands on Monday 2026-11-23, 08:00.
type world struct {
	*Service
	t         testing.TB
	clock     *clock.Fake
	shop      *shop
	orders    *order.Service
	calendars *booking.Service
}

func newWorld(t *testing.T, d *db.DB) *world {
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
	w := &world{t: t, clock: clock.NewFake(instant(0, 8, 0)), shop: newShop()}
	w.calendars = booking.New(booking.Deps{DB: d, Clock: w.clock, Policy: policy, Catalogue: w.shop, Calendar: calendar})
	w.orders = order.New(order.Deps{
		DB: d, Clock: w.clock, Policy: policy, Catalogue: w.shop, Booking: w.calendars, Organisations: names{}, Vouchers: purse{}, Calendar: calendar, Blobs: disk,
		Contracts:  contract.New(contract.Deps{DB: d, Clock: w.clock, Policy: policy}),
		Milestones: milestone.New(milestone.Deps{DB: d, Clock: w.clock, Policy: policy, Organisations: names{}}),
		Invoices:   invoice.New(invoice.Deps{DB: d, Clock: w.clock, Policy: policy, Blobs: disk}),
	})
	w.Service = New(Deps{DB: d, Clock: w.clock, Policy: policy, Catalogue: w.shop, Orders: w.orders, Calendars: w.calendars, Holidays: calendar, Organisations: names{}})
	return w
}

// sound fails the test when an invariant of the module or of those beneath is broken.
func (w *world) sound() {
	w.t.Helper()
	for _, m := range []interface {
		Verify(ctx context.Context, q db.Q) ([]finding, error)
	}{w.Service, w.orders, w.calendars} {
		found, err := m.Verify(context.Background(), w.DB)
		if err != nil || len(found) > 0 {
			w.t.Fatalf("verify %T: %v %v", m, found, err)
		}
	}
}

// take books a stretch of one instrument for a firm.
func (w *world) take(by identity.Subject, resource string, from, to time.Time) order.Order {
	w.t.Helper()
	o, err := w.orders.Place(context.Background(), by, order.PlaceRequest{Kind: order.KindBooking, Resource: resource, Start: from, End: to})
	if err != nil {
		w.t.Fatalf("take: %v", err)
	}
	return o
}

// weekly is Tuesday and Thursday from 09:00 to 11:00, so many times.
func weekly(resource string, count int) Request {
	return Request{
		Resource: resource, Rule: Rule{Freq: Weekly, Interval: 1, Days: []Weekday{{Day: time.Tuesday}, {Day: time.Thursday}}, Count: count}, First: day(0), From: "09:00", To: "11:00", Holidays: HolidaysSkip,
	}
}
