package waiting

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
func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, 23+day, hour, minute, 0, 0, clock.Zone())
}

func day(n int) string { return clock.Day(at(n, 0, 0)) }

// shop is a catalogue of two instruments of the laboratory.
type shop struct{ items map[string]Resource }

func newShop() *shop {
	prices := []order.Tariff{{ID: "hour", Audience: "external", Unit: "hour", Amount: 30_000, Currency: "CNY"}, {ID: "in", Audience: "internal", Unit: "hour", Amount: 10_000, Currency: "CNY"}}
	out := &shop{items: map[string]Resource{}}
	for _, id := range []string{"sem", "tem"} {
		out.items[id] = Resource{ID: id, Kind: "instrument", Owner: "lab", Region: "330402", NameZH: "示例·" + id, Prices: prices, Status: "published", Bookable: true, Sample: true}
	}
	return out
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
		for d := int64(1); d <= 5; d++ {
			out[r.ID] = append(out[r.ID], booking.Opening{Weekday: d, From: "09:00", To: "17:00"})
		}
	}
	return out, nil
}

func (s *shop) Owned(ctx context.Context, q db.Q, _ string) ([]Resource, error) {
	return s.Resources(ctx, q, []string{"sem", "tem"})
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

type names struct{}

func (names) Organisations(_ context.Context, _ db.Q, ids []string) (map[string]identity.Organisation, error) {
	out := map[string]identity.Organisation{}
	for _, id := range ids {
		out[id] = identity.Organisation{ID: id, NameZH: "示例·" + id, Status: identity.StatusVerified, Sample: true}
	}
	return out, nil
}

// firm is a person of the n-th firm.
func firm(n int) identity.Subject {
	org := string(rune('a' + n))
	return identity.Subject{Person: "p-" + org, Org: org, Role: "admin", Region: "330402", Capacities: []string{"enterprise"}, Sample: true}
}

func lab() identity.Subject {
	return identity.Subject{Person: "p-lab", Org: "lab", Role: "admin", Region: "330402", Capacities: []string{"provider"}}
}

// world is the module with real orders and calendars on a database; the clock stands on Monday 2026-11-23, 08:00.
type world struct {
	*Service
	t      testing.TB
	clock  *clock.Fake
	shop   *shop
	orders *order.Service
	cal    *booking.Service
}

func newWorld(t testing.TB, d *db.DB) *world { return newWorldPriced(t, d, nil) }

// newWorldPriced is newWorld with price plans.
func newWorldPriced(t testing.TB, d *db.DB, prices order.Prices) *world {
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
	w := &world{t: t, clock: clock.NewFake(at(0, 8, 0)), shop: newShop()}
	w.cal = booking.New(booking.Deps{DB: d, Clock: w.clock, Policy: policy, Catalogue: w.shop, Calendar: calendar, Freed: func(ctx context.Context, tx *db.Tx, resource string) error { return w.Freed(ctx, tx, resource) }})
	w.orders = order.New(order.Deps{DB: d, Clock: w.clock, Policy: policy, Catalogue: w.shop, Booking: w.cal, Organisations: names{}, Vouchers: purse{}, Calendar: calendar, Blobs: disk, Prices: prices})
	w.Service, err = New(Deps{DB: d, Clock: w.clock, Policy: policy, Catalogue: w.shop, Calendars: w.cal, Orders: w.orders, People: names{}})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) book(by identity.Subject, day, hour, hours int) (order.Order, error) {
	return w.orders.Place(context.Background(), by, order.PlaceRequest{Kind: order.KindBooking, Resource: "sem", Start: at(day, hour, 0), End: at(day, hour+hours, 0)})
}

func (w *world) mustBook(by identity.Subject, day, hour, hours int) order.Order {
	w.t.Helper()
	o, err := w.book(by, day, hour, hours)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

func (w *world) do(by identity.Subject, o order.Order, verb string) error {
	_, err := w.orders.Do(context.Background(), by, o.ID, verb, order.VerbRequest{Note: "因故"})
	return err
}

// joined waits for so many hours on a day.
func (w *world) joined(by identity.Subject, d, hours int) Wait {
	w.t.Helper()
	x, err := w.Join(context.Background(), by, JoinRequest{Resource: "sem", FromDay: day(d), ToDay: day(d), Minutes: int64(hours * 60), Content: Content{Purpose: "断口形貌"}})
	if err != nil {
		w.t.Fatal(err)
	}
	return x
}

func (w *world) now(x Wait) Wait {
	w.t.Helper()
	out, err := getWait(context.Background(), w.DB, x.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// open is the open offer of a place.
func (w *world) open(x Wait) Offer {
	w.t.Helper()
	list, err := offersOf(context.Background(), w.DB, x.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, o := range list {
		if o.State == Open {
			return o
		}
	}
	w.t.Fatalf("the place is %s and has no open offer", w.now(x).State)
	return Offer{}
}

// verified is what must always hold of places, orders and calendars.
func (w *world) verified() {
	w.t.Helper()
	for _, verify := range []func(context.Context, db.Q) error{w.sound} {
		if err := verify(context.Background(), w.DB); err != nil {
			w.t.Fatal(err)
		}
	}
}
