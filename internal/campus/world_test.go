package campus

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"qiao/internal/booking"
	"qiao/internal/campus/campustest"
	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/identity/identitytest"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/workday"
)

// monday is 2026-11-23 00:00 in the region; the tests begin at 09:00 of the Friday before.
func monday() time.Time { return time.Date(2026, 11, 23, 0, 0, 0, 0, clock.Zone()) }

func at(day, hour int) time.Time {
	return monday().AddDate(0, 0, day).Add(time.Duration(hour) * time.Hour)
}

// shelf is a catalogue of two instruments that are always open.
type shelf struct{}

func (shelf) Resource(_ context.Context, _ db.Q, id string) (catalogue.Resource, error) {
	if id != "sem" && id != "nmr" {
		return catalogue.Resource{}, fault.New(fault.NotFound, "no-resource", "没有找到这项资源。") //i18n:data a test
	}
	return catalogue.Resource{ID: id, Owner: "lab", Region: "330402", NameZH: "仪器 " + id, Bookable: true, Status: "published"}, nil //i18n:data a test
}

func (s shelf) Resources(ctx context.Context, q db.Q, ids []string) (out []catalogue.Resource, err error) {
	for _, id := range ids {
		r, err := s.Resource(ctx, q, id)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func (shelf) HoursOf(_ context.Context, _ db.Q, rs []catalogue.Resource) (map[string][]catalogue.Opening, error) {
	out := map[string][]catalogue.Opening{}
	for _, r := range rs {
		for d := int64(1); d <= 7; d++ {
			out[r.ID] = append(out[r.ID], catalogue.Opening{Weekday: d, From: "00:00", To: "24:00"})
		}
	}
	return out, nil
}

func (s shelf) Owned(ctx context.Context, q db.Q, org string) ([]catalogue.Resource, error) {
	if org != "lab" {
		return nil, nil
	}
	return s.Resources(ctx, q, []string{"sem", "nmr"})
}

// late lets the calendars ask a module that is built after them.
type late struct{ s *Service }

func (l *late) Ask(ctx context.Context, c booking.Claim) (string, error) { return l.s.Ask(ctx, c) }
func (l *late) Forget(ctx context.Context, ticket string)                { l.s.Forget(ctx, ticket) }
func (l *late) Took(ctx context.Context, tx *db.Tx, b booking.Booking) error {
	return l.s.Took(ctx, tx, b)
}
func (l *late) Freed(ctx context.Context, tx *db.Tx, b booking.Booking) error {
	return l.s.Freed(ctx, tx, b)
}

// world is the two sides: our calendars with their pages and calls over HTTP, and a campus system over HTTP.
type world struct {
	t    *testing.T
	now  *clock.Fake
	book *booking.Service
	s    *Service
	site *identitytest.Site
	fake *campustest.Fake
	url  string // of the fake
	link Link
}

func li() identity.Subject {
	return identity.Subject{Person: "li", Membership: "m", Org: "lab", OrgStatus: identity.StatusVerified, Role: "admin", Region: "330402", Capacities: []string{"provider"}}
}

func newWorld(t *testing.T, d *db.DB, req Request) *world {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	days, err := workday.China()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, now: clock.NewFake(at(-3, 9))}
	outside := &late{}
	w.book = booking.New(booking.Deps{DB: d, Clock: w.now, Policy: policy, Catalogue: shelf{}, Calendar: days.In("330402"), Outside: outside})
	w.s = New(Deps{DB: d, Clock: w.now, Policy: policy, Calendars: w.book, Catalogue: shelf{}, Client: http.DefaultClient, Plain: true, Address: "https://qiao.example", Patience: 2 * time.Second})
	outside.s = w.s
	w.site = identitytest.New(t, identitytest.Deps{DB: d, Clock: w.now, Policy: policy, English: English, People: map[string]identity.Subject{
		"li": li(), "other": {Person: "x", Org: "rival", OrgStatus: identity.StatusVerified, Role: "admin", Capacities: []string{"provider"}},
	}}, w.s)
	w.fake = campustest.New("", "", w.now.Now)
	server := httptest.NewServer(w.fake)
	t.Cleanup(server.Close)
	w.fake.Home, w.url = w.site.URL()+"/api/v1/campus", server.URL
	if req.Kind == KindAPI && (req.Direction != In) {
		req.Address = server.URL
	}
	l, secret, err := w.s.Connect(t.Context(), li(), req, "")
	if err != nil {
		t.Fatal(err)
	}
	w.link = l
	w.fake.Use(l.ID, secret)
	for _, r := range []string{"sem", "nmr"} {
		if req.Kind == KindAPI {
			w.ok(w.s.Join(t.Context(), li(), l.ID, r, "C-"+r))
		}
	}
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// place books as package order does: ask, then one transaction, and what was asked for is given back when it fails.
func (w *world) place(holder, resource string, from, to time.Time) error {
	ctx := w.t.Context()
	claim := booking.Claim{Holder: holder, Kind: booking.HeldByOrder, Resource: resource, Span: booking.Span{From: from, To: to}}
	r, err := shelf{}.Resource(ctx, w.s.DB, resource)
	if err != nil {
		return err
	}
	plan, err := w.book.Plan(ctx, w.s.DB, r, from, to)
	if err != nil {
		return err
	}
	ticket, err := w.book.Ask(ctx, claim)
	if err != nil {
		return err
	}
	err = w.s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := w.book.Reserve(ctx, tx, claim, plan)
		return err
	})
	if err != nil {
		w.book.Forget(ctx, ticket)
	}
	return err
}

func (w *world) release(holder string) {
	w.t.Helper()
	w.ok(w.s.DB.InTx(w.t.Context(), func(ctx context.Context, tx *db.Tx) error { return w.book.Release(ctx, tx, holder) }))
}

// here is who holds what of an instrument here, as "kind HH-HH", by start.
func (w *world) here(resource string) string {
	w.t.Helper()
	list, err := w.book.Taken(w.t.Context(), w.s.DB, []string{resource}, at(-3, 0), at(30, 0))
	w.ok(err)
	out := ""
	for _, b := range list {
		out += fmt.Sprintf("%s %s-%s;", b.Kind, b.Start.In(clock.Zone()).Format("02.15"), b.End.In(clock.Zone()).Format("15"))
	}
	return out
}

// there is the same of the fake.
func (w *world) there(instrument string) string {
	out := ""
	for _, e := range w.fake.Entries() {
		if e.Instrument == instrument {
			kind := "local"
			if e.Key != "" {
				kind = "ours"
			}
			out += fmt.Sprintf("%s %s-%s;", kind, e.Start.In(clock.Zone()).Format("02.15"), e.End.In(clock.Zone()).Format("15"))
		}
	}
	return out
}

// sound fails when an invariant does not hold.
func (w *world) sound() {
	w.t.Helper()
	for _, verify := range []func(context.Context, db.Q) error{
		func(ctx context.Context, q db.Q) error {
			found, err := w.s.Verify(ctx, q)
			if err == nil && len(found) > 0 {
				err = fmt.Errorf("%+v", found)
			}
			return err
		},
		func(ctx context.Context, q db.Q) error {
			found, err := w.book.Verify(ctx, q)
			if err == nil && len(found) > 0 {
				err = fmt.Errorf("%+v", found)
			}
			return err
		},
	} {
		w.ok(verify(w.t.Context(), w.s.DB))
	}
}

func (w *world) want(what, got, want string) {
	w.t.Helper()
	if got != want {
		w.t.Fatalf("%s: %s, want %s", what, got, want)
	}
}

func decidesHere() Request {
	return Request{Name: "设备处", Kind: KindAPI, Direction: Both, Judge: Here, Silent: SilentRefuse} //i18n:data a test
}

func decidesThere(silent string) Request {
	return Request{Name: "设备处", Kind: KindAPI, Direction: Both, Judge: There, Silent: silent} //i18n:data a test
}
