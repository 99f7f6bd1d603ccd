package importing

import (
	"strings"
	"testing"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/cataloguetest"
	"qiao/internal/catalogue/format"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

// world is a catalogue with two providers on a fresh database, and the imports into it.
type world struct {
	*Service
	*cataloguetest.World
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := cataloguetest.NewWorld(t, d)
	cat := catalogue.New(catalogue.Deps{DB: d, Clock: w.Clock, Policy: w.Policy, Orgs: w.Orgs, Index: w.Index, Blobs: w.Blobs, Node: cataloguetest.Node, Root: cataloguetest.Root, Address: cataloguetest.Address})
	return &world{World: w, Service: New(Deps{DB: d, Clock: w.Clock, Policy: w.Policy, Orgs: w.Orgs, Catalogue: cat, Blobs: w.Blobs})}
}

func (w *world) take(sub identity.Subject, name, text string) Report {
	w.T.Helper()
	return w.takeWith(sub, Request{Org: sub.Org, Name: name, Reader: strings.NewReader(text)})
}

func (w *world) takeWith(sub identity.Subject, req Request) Report {
	w.T.Helper()
	r, err := w.Import(w.T.Context(), sub, req)
	if err != nil {
		w.T.Fatalf("import %s: %v", req.Name, err)
	}
	if r.Total != r.Accepted+r.Updated+r.Unchanged+r.Rejected {
		w.T.Fatalf("import %s: rows do not add up: %+v", req.Name, r)
	}
	return r
}

// all reads every published resource of an organisation, by id.
func (w *world) all(sub identity.Subject) []catalogue.Resource {
	w.T.Helper()
	l, err := w.Catalogue.Owned(w.T.Context(), w.DB, sub.Org)
	if err != nil {
		w.T.Fatal(err)
	}
	return l
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(t, d)) })
}

// records are the resources of an organisation as every format sees them.
func (w *world) records(sub identity.Subject) []format.Record {
	w.T.Helper()
	orgs, err := w.Orgs.Organisations(w.T.Context(), w.DB, []string{sub.Org})
	if err != nil {
		w.T.Fatal(err)
	}
	var out []format.Record
	for _, r := range w.all(sub) {
		out = append(out, w.Catalogue.Record(r, orgs[sub.Org]))
	}
	return out
}
