package usage

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/booking"
	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// nine is 09:00 of a Monday in the zone.
func nine() time.Time { return time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC) }

// house is orders, instruments and calendars as usage sees them.
type house struct {
	orders map[string]order.Order
	runs   map[string][]order.Run
	missed map[string]bool
	shelf  []Resource
}

func (h *house) Read(_ context.Context, _ db.Q, id string) (order.Order, []order.Run, error) {
	return h.orders[id], h.runs[id], nil
}

func (h *house) Resources(_ context.Context, _ db.Q, ids []string) ([]Resource, error) {
	var out []Resource
	for _, id := range ids {
		for _, r := range h.shelf {
			if r.ID == id {
				out = append(out, r)
			}
		}
	}
	return out, nil
}

func (h *house) EachBookable(_ context.Context, _ db.Q, _ int, fn func([]Resource) error) error {
	return fn(h.shelf)
}

// plan opens on working days from nine to five and is out of service on Tuesday the 24th from nine to twelve.
func (h *house) plan() booking.Plan {
	p := booking.Plan{Rule: booking.DefaultRule(), Zone: clock.Zone(), Now: nine(), Busy: []booking.Busy{{Span: booking.Span{From: nine().AddDate(0, 0, 1), To: nine().AddDate(0, 0, 1).Add(3 * time.Hour)}, State: booking.SlotMaintenance}}}
	for day := int64(1); day <= 5; day++ {
		p.Openings = append(p.Openings, catalogue.Opening{Weekday: day, From: "09:00", To: "17:00"})
	}
	return p
}

func (h *house) Plan(context.Context, db.Q, Resource, time.Time, time.Time) (booking.Plan, error) {
	return h.plan(), nil
}

func (h *house) OpenTimes(_ context.Context, _ db.Q, list []Resource, span booking.Span) (map[string]booking.OpenTime, error) {
	out := map[string]booking.OpenTime{}
	for _, r := range list {
		out[r.ID] = booking.OpenTime{Open: h.plan().Opened(span), Down: h.plan().Down(span)}
	}
	return out, nil
}

func (h *house) Organisations(_ context.Context, _ db.Q, ids []string) (map[string]identity.Organisation, error) {
	out := map[string]identity.Organisation{}
	for _, id := range ids {
		out[id] = identity.Organisation{ID: id, NameZH: id, NameEN: id}
	}
	return out, nil
}

func build(t testing.TB, d *db.DB) (*Service, *house) {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{orders: map[string]order.Order{}, runs: map[string][]order.Run{}, missed: map[string]bool{}}
	for _, id := range []string{"sem", "tem"} {
		h.shelf = append(h.shelf, Resource{ID: id, Owner: "lab", Region: "330402", NameZH: id, NameEN: id, Bookable: true})
	}
	return New(Deps{DB: d, Clock: clock.NewFake(nine().AddDate(0, 0, 2)), Policy: policy, Orders: h, Catalogue: h, Booking: h, Organisations: h, Missed: func(_ context.Context, _ db.Q, id string) (bool, error) {
		return h.missed[id], nil
	}}), h
}

func (h *house) book(id, resource, buyer, state string, from time.Time, hours int) {
	h.orders[id] = order.Order{ID: id, Number: "DD-" + id, Kind: order.KindBooking, State: state, Buyer: buyer, Provider: "lab", Resource: resource, ResourceKind: "instrument", Region: "330402", Start: db.NullAt(from), End: db.NullAt(from.Add(time.Duration(hours) * time.Hour))}
}

func (h *house) run(id string, from time.Time, minutes int64) {
	o := h.orders[id]
	o.Minutes += minutes
	h.orders[id] = o
	h.runs[id] = append(h.runs[id], order.Run{Start: db.At(from), End: db.NullAt(from.Add(time.Duration(minutes) * time.Minute)), Minutes: minutes})
}

func TestWhatAnOrderTakes(t *testing.T) {
	commission := order.Order{Kind: order.KindCommission, State: order.StateDone, Minutes: 90, Buyer: "firm", Provider: "lab"}
	run := []order.Run{{Start: db.At(time.Date(2026, 12, 31, 16, 30, 0, 0, time.UTC))}}
	h := &house{orders: map[string]order.Order{}, runs: map[string][]order.Run{}}
	h.book("b", "sem", "lab", order.StateAccepted, nine(), 2)
	own := h.orders["b"]
	own.Minutes = 0
	asked, gone := own, own
	asked.State, gone.State = order.StateRequested, order.StateCancelled
	ran := gone
	ran.Minutes = 30
	for _, c := range []struct {
		name   string
		o      order.Order
		runs   []order.Run
		open   int64
		missed bool
		want   string
	}{
		{"a booking that was accepted", own, nil, 120, false, "2026-11-23 booked 120 used 0 inner true missed false"},
		{"hours that were changed later: it counts whole", own, nil, 0, false, "2026-11-23 booked 120 used 0 inner true missed false"},
		{"nobody came", own, nil, 120, true, "2026-11-23 booked 120 used 0 inner true missed true"},
		{"said to be missed, but it ran", own, run, 120, true, "2026-11-23 booked 120 used 0 inner true missed false"},
		{"only asked for", asked, nil, 120, false, "nothing"},
		{"withdrawn", gone, nil, 120, false, "nothing"},
		{"withdrawn after it ran", ran, run, 120, false, "2027-01-01 booked 0 used 30 inner true missed false"},
		{"a commission, by the civil day in the region", commission, run, 0, false, "2027-01-01 booked 0 used 90 inner false missed false"},
		{"a commission that has not run", order.Order{Kind: order.KindCommission, State: order.StateAccepted}, nil, 0, false, "nothing"},
	} {
		got := "nothing"
		if e, has := entryOf(c.o, c.runs, c.open, c.missed); has {
			got = fmt.Sprintf("%s booked %d used %d inner %t missed %t", e.Day, e.Booked, e.Used, e.Inner, e.Missed)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestHoursInWords(t *testing.T) {
	for _, c := range []struct {
		minutes     int64
		file, words string
	}{{0, "0", "0"}, {90, "1.5", "1.5"}, {60, "1", "1"}, {20, "0.33", "0.3"}, {100_000, "1666.67", "1,666.7"}, {59, "0.98", "1"}} {
		if a, b := plainHours(c.minutes), saidHours(c.minutes); a != c.file || b != c.words {
			t.Errorf("%d minutes: %s and %s, want %s and %s", c.minutes, a, b, c.file, c.words)
		}
	}
	if a, b, c := share(90, 0), share(481, 960), share(1, 9600); a != "–" || b != "50.1%" || c != "<0.1%" {
		t.Errorf("shares %s %s %s", a, b, c)
	}
}

// A year of a laboratory: inside and outside, a no-show, a breakdown, a withdrawal; every number is the sum of its rows, and
// others do not see it.
func TestAYearOfALaboratory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, h := build(t, d)
		ctx := t.Context()
		h.book("a", "sem", "firm", order.StateAccepted, nine(), 2)
		h.book("b", "sem", "lab", order.StateAccepted, nine().Add(4*time.Hour), 1)
		h.book("c", "sem", "firm", order.StateAccepted, nine().AddDate(0, 0, 1), 3)
		h.book("d", "sem", "other", order.StateAccepted, nine().AddDate(0, 0, 2), 8)
		follow := func() {
			t.Helper()
			for id := range h.orders {
				if err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.Follow(ctx, tx, id) }); err != nil {
					t.Fatal(err)
				}
			}
		}
		follow()
		h.run("a", nine(), 100)
		h.run("b", nine().Add(4*time.Hour), 60)
		h.missed["c"] = true
		o := h.orders["d"]
		o.State = order.StateCancelled
		h.orders["d"] = o
		follow()
		follow() // an event that comes twice
		for range 2 {
			if err := s.Count(ctx); err != nil {
				t.Fatal(err)
			}
		}
		lab := identity.Subject{Person: "li", Membership: "m", Org: "lab", OrgStatus: identity.StatusVerified, Role: "staff", Region: "330402", Capacities: []string{"provider"}}
		y, err := s.Of(ctx, lab, YearRequest{})
		if err != nil || len(y.Lines) != 2 || y.Lines[0].Resource != "sem" {
			t.Fatalf("%+v %v", y, err)
		}
		november := y.Lines[0].Months[len(y.Lines[0].Months)-1]
		// Sixteen working days of November up to the 25th, but for three closed hours; nobody knows of holidays here.
		if got := fmt.Sprintf("%+v", november.Sum); november.Month != "2026-11" || got != "{Open:8640 Down:180 Bookings:3 Missed:1 Orders:2 Booked:360 BookedInner:60 Used:160 UsedInner:60}" {
			t.Errorf("november %s", got)
		}
		if l := y.Lines[0]; l.Users != 1 || len(l.Months) != 11 || y.Total.Used != 160 || y.Total.Open != 2*l.Open {
			t.Errorf("%+v of %+v", l, y.Total)
		}
		if least, err := s.Of(ctx, lab, YearRequest{Order: LeastFirst, Limit: 1}); err != nil || least.Lines[0].Resource != "tem" || !least.More {
			t.Errorf("least used %+v %v", least.Lines, err)
		}
		x, err := s.One(ctx, lab, OneRequest{Resource: "sem", Month: "2026-11"})
		if err != nil || len(x.Entries) != 3 || x.Entries[0].Order != "c" || len(x.Top) != 2 {
			t.Fatalf("%+v %v", x, err)
		}
		var booked, used int64
		for _, e := range x.Entries {
			booked, used = booked+e.Booked, used+e.Used
		}
		if booked != november.Booked || used != november.Used {
			t.Errorf("rows %d %d, sums %d %d", booked, used, november.Booked, november.Used)
		}
		if found, err := s.Verify(ctx, d); err != nil || len(found) > 0 {
			t.Errorf("%v %v", found, err)
		}
		outside := lab
		outside.Org = "elsewhere"
		if _, err := s.One(ctx, outside, OneRequest{Resource: "sem"}); !fault.Is(err, "other-party") {
			t.Errorf("another provider: %v", err)
		}
		if y, err := s.Of(ctx, outside, YearRequest{}); err != nil || len(y.Lines) != 0 || y.Total != (Sum{}) {
			t.Errorf("another provider: %+v %v", y, err)
		}
		for _, bad := range []OneRequest{{Resource: "sem", Year: 1900}, {Resource: "sem", Month: "soon"}, {Resource: "gone"}} {
			if _, err := s.One(ctx, lab, bad); err == nil {
				t.Errorf("%+v is taken", bad)
			}
		}
	})
}

// Whatever happens to orders, in whatever order and however often it is told: the sums are the sums of what the orders take.
func TestSumsFollowOrders(t *testing.T) {
	d := dbtest.SQLite(t)
	states := []string{order.StateRequested, order.StateAccepted, order.StateCancelled, order.StateDone}
	rapid.Check(t, func(rt *rapid.T) {
		s, h := build(t, d)
		ctx := t.Context()
		for range rapid.IntRange(1, 12).Draw(rt, "events") {
			id := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "order")
			h.book(id, "sem", rapid.SampledFrom([]string{"firm", "lab"}).Draw(rt, "buyer"), rapid.SampledFrom(states).Draw(rt, "state"), nine().AddDate(0, rapid.IntRange(-2, 2).Draw(rt, "month"), 0), rapid.IntRange(1, 9).Draw(rt, "hours"))
			h.runs[id] = nil
			if rapid.Bool().Draw(rt, "ran") {
				h.run(id, h.orders[id].Start.Time, int64(rapid.IntRange(0, 300).Draw(rt, "minutes")))
			}
			h.missed[id] = rapid.Bool().Draw(rt, "missed")
			if err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.Follow(ctx, tx, id) }); err != nil {
				rt.Fatal(err)
			}
		}
		if found, err := s.Verify(ctx, d); err != nil || len(found) > 0 {
			rt.Fatalf("%v %v", found, err)
		}
	})
}

// BenchmarkYear is the year of a region of 2,500 instruments with a million bookings, and of an owner of fifty of them.
func BenchmarkYear(b *testing.B) {
	for name, engine := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			d := engine(b)
			s, h := build(b, d)
			crowd(b, d, h)
			region := identity.Subject{Person: "p", Membership: "m", Org: "office", OrgStatus: identity.StatusVerified, Role: "officer", Region: "330402", Capacities: []string{"authority"}}
			lab := identity.Subject{Person: "li", Membership: "m", Org: "lab0", OrgStatus: identity.StatusVerified, Role: "staff", Region: "330402", Capacities: []string{"provider"}}
			for who, by := range map[string]identity.Subject{"region": region, "owner": lab} {
				b.Run(who, func(b *testing.B) {
					for b.Loop() {
						y, err := s.Of(b.Context(), by, YearRequest{Year: 2026})
						if err != nil || len(y.Lines) != 50 {
							b.Fatal(len(y.Lines), err)
						}
					}
				})
			}
			b.Run("instrument", func(b *testing.B) {
				for b.Loop() {
					if x, err := s.One(b.Context(), lab, OneRequest{Resource: "r50", Year: 2026}); err != nil || len(x.Entries) != 100 {
						b.Fatal(len(x.Entries), err)
					}
				}
			})
		})
	}
}

// crowd fills in 400 bookings of a year on each of 2,500 instruments of fifty owners.
func crowd(b *testing.B, d *db.DB, h *house) {
	b.Helper()
	for i := range 2500 {
		h.shelf = append(h.shelf, Resource{ID: fmt.Sprint("r", i), Owner: fmt.Sprint("lab", i%50), Region: "330402"})
		err := d.InTx(b.Context(), func(ctx context.Context, tx *db.Tx) error {
			rows := make([]string, 400)
			for n := range rows {
				day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n*365/400).Format(time.DateOnly)
				rows[n] = fmt.Sprintf("('o-%d-%d', 'DD-%d-%d', 'r%d', 'lab%d', '330402', 'firm%d', '%s', true, false, false, 120, 100)", i, n, i, n, i, i%50, (i+n)%500, day)
			}
			if _, err := tx.Exec(ctx, `INSERT INTO usage_entry (`+entryColumns+`) VALUES `+strings.Join(rows, ", ")); err != nil { //nolint:gosec // numbers of our own
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO usage_month (resource, month, owner, region, open, down, bookings, missed, orders, booked, booked_inner, used, used_inner)
				SELECT resource, substr(day, 1, 7), owner, region, 9600, 60, count(*), 0, count(*), sum(booked), 0, sum(used), 0 FROM usage_entry WHERE resource = $1 GROUP BY resource, substr(day, 1, 7), owner, region`, fmt.Sprint("r", i))
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
