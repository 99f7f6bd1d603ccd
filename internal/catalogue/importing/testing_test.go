package importing

import (
	"context"
	"strings"
	"testing"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/textindex"
)

// world is a catalogue with two providers on a fresh database.
type world struct {
	*Service
	t          testing.TB
	clock      *clock.Fake
	index      *textindex.Engine
	ids        *identity.Service
	lab, other identity.Subject
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, clock: clock.NewFake(time.Date(2026, 11, 21, 6, 0, 0, 0, time.UTC)), index: textindex.New(textindex.NewAnalyser(), textindex.Options{})}
	w.ids = identity.New(identity.Deps{DB: d, Clock: w.clock, Policy: policy, Root: "330400"})
	cat := catalogue.New(catalogue.Deps{DB: d, Clock: w.clock, Policy: policy, Orgs: w.ids, Index: w.index, Blobs: blobs, Node: "test", Root: "330400", Address: "https://qiao.example"})
	w.Service = New(Deps{DB: d, Clock: w.clock, Policy: policy, Orgs: w.ids, Catalogue: cat, Blobs: blobs})
	w.lab, w.other = w.provider("示例·南湖检测研究院", "330402"), w.provider("示例·秀洲材料中心", "330411")
	return w
}

func (w *world) provider(name, region string) identity.Subject {
	w.t.Helper()
	var org string
	err := w.DB.InTx(w.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		var err error
		org, _, err = w.ids.PutUnclaimed(ctx, tx, identity.Organisation{NameZH: name, Kind: identity.Kinds()[0], Region: region, Source: "test", SourceID: name, Sample: true})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return identity.Subject{Person: "person-" + region, Membership: "m-" + region, Org: org, OrgName: name, OrgStatus: identity.StatusVerified, Role: "admin", Region: region, Capacities: []string{"provider"}, Sample: true}
}

func (w *world) take(sub identity.Subject, name, text string) Report {
	w.t.Helper()
	return w.takeWith(sub, Request{Org: sub.Org, Name: name, Reader: strings.NewReader(text)})
}

func (w *world) takeWith(sub identity.Subject, req Request) Report {
	w.t.Helper()
	r, err := w.Import(w.t.Context(), sub, req)
	if err != nil {
		w.t.Fatalf("import %s: %v", req.Name, err)
	}
	if r.Total != r.Accepted+r.Updated+r.Unchanged+r.Rejected {
		w.t.Fatalf("import %s: rows do not add up: %+v", req.Name, r)
	}
	return r
}

// all reads every published resource of an organisation, by id.
func (w *world) all(sub identity.Subject) []catalogue.Resource {
	w.t.Helper()
	l, err := w.Catalogue.Owned(w.t.Context(), w.DB, sub.Org)
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(t, d)) })
}
