package record

import (
	"context"
	"testing"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/cataloguetest"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/ui"
)

// shelf is the catalogue as record sees it: one provider owns what there is.
type shelf struct{ owner string }

func (c shelf) Owned(_ context.Context, _ db.Q, org string) ([]catalogue.Resource, error) {
	if org != c.owner {
		return nil, nil
	}
	return someInstruments(), nil
}

func (c shelf) Any(context.Context, db.Q, []string) ([]catalogue.Resource, error) {
	return someInstruments(), nil
}

// world is the module on a database, with two providers and an officer.
type world struct {
	*cataloguetest.World
	*Service
	officer identity.Subject
	orders  map[string]Served
}

func (w *world) Served(_ context.Context, _ db.Q, order string) (Served, error) {
	s, ok := w.orders[order]
	if !ok {
		return s, fault.New(fault.NotFound, "no-order", "没有找到这个订单。") //i18n:data
	}
	return s, nil
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{World: cataloguetest.NewWorld(t, d), orders: map[string]Served{}}
	s, err := New(Deps{DB: d, Clock: w.World.Clock, Policy: w.World.Policy, Organisations: w.Orgs, Catalogue: shelf{w.Lab.Org}, Orders: w, Files: w.Blobs})
	if err != nil {
		t.Fatal(err)
	}
	w.Service = s
	w.officer = identity.Subject{Person: "officer", Org: "authority", OrgStatus: identity.StatusVerified, Role: identity.RoleOfficer, Region: "330400", Capacities: []string{"authority"}}
	return w
}

func (w *world) ctx(by identity.Subject) context.Context {
	return identity.WithSubject(audit.WithActor(w.T.Context(), audit.Actor{Person: by.Person, Org: by.Org}), by)
}

// entry is a good one with some fields otherwise, in pairs.
func entry(more ...string) func(string) string {
	m := map[string]string{FieldInstrument: "EQ-1", FieldStart: "2026-11-03 09:00", FieldUser: "示例·甲公司", FieldHours: "2.5", FieldFee: "1200", FieldWays: "commissioned"} //i18n:data
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i]] = more[i+1]
	}
	return func(f string) string { return m[f] }
}

func (w *world) made(more ...string) Record {
	w.T.Helper()
	r, err := w.Make(w.ctx(w.Lab), w.Lab, FromForm, "", entry(more...))
	if err != nil {
		w.T.Fatal(err)
	}
	return r
}

// sound fails the test when an invariant does not hold.
func (w *world) sound() {
	w.T.Helper()
	found, err := w.Verify(w.T.Context(), w.World.DB)
	if err != nil || len(found) > 0 {
		w.T.Fatal(found, err)
	}
}

func (w *world) site() *cataloguetest.Site {
	s := cataloguetest.NewSite(w.World, [][]byte{English, ui.English, form.English, sheet.English}, w.Service)
	s.People["officer"] = w.officer
	return s
}
