package duplicate

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/textindex"
)

// world is the module over a real catalogue with two providers, an operator and an authority.
type world struct {
	*Service
	t                             testing.TB
	clock                         *clock.Fake
	bus                           *outbox.Bus
	ids                           *identity.Service
	catalogue                     *catalogue.Service
	lab, other, operator, officer identity.Subject
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
	w := &world{t: t, clock: clock.NewFake(time.Date(2026, 11, 21, 6, 0, 0, 0, time.UTC))}
	w.bus = outbox.New(d, w.clock)
	w.ids = identity.New(identity.Deps{DB: d, Clock: w.clock, Policy: policy, Root: "330400", Hash: identity.PasswordCost{Time: 1, Memory: 64, Threads: 1}})
	w.catalogue = catalogue.New(catalogue.Deps{DB: d, Clock: w.clock, Policy: policy, Orgs: w.ids, Index: textindex.New(textindex.NewAnalyser(), textindex.Options{}), Blobs: blobs, Node: "test", Root: "330400"})
	w.Service = New(Deps{DB: d, Clock: w.clock, Policy: policy, Catalogue: w.catalogue, Organisations: w.ids})
	w.lab, w.other = w.founded("示例·南湖检测研究院", "330402", "provider"), w.founded("示例·秀洲材料中心", "330411", "provider")
	w.operator, w.officer = w.founded("示例·运营中心", "330400", "operator"), w.founded("示例·主管部门", "330400", "authority")
	return w
}

// founded is a verified organisation with one person.
func (w *world) founded(name, region, capacity string) identity.Subject {
	w.t.Helper()
	login := fmt.Sprintf("%s-%s@test.cn", capacity, region)
	_, err := w.ids.Establish(w.t.Context(), identity.Founding{Key: name, Capacities: []string{capacity}, Organisation: identity.Organisation{NameZH: name, Region: region, Kind: "institute", Sample: true},
		People: []identity.Colleague{{Login: login, Name: "示例·某人", Password: "nanhu-rain-0409", Role: identity.RoleAdmin}}})
	if err != nil {
		w.t.Fatal(err)
	}
	sub, err := w.ids.As(w.t.Context(), login)
	if err != nil {
		w.t.Fatal(err)
	}
	return sub
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(t, d)) })
}

// publish enters a microscope.
func (w *world) publish(sub identity.Subject, number, name, model, serial, room string) catalogue.Resource {
	w.t.Helper()
	r, err := w.catalogue.Create(w.t.Context(), sub, "", catalogue.Draft{Kind: "instrument", Booking: true,
		Values: map[string]any{"name_zh": name, "model": model, "serial": serial, "room": room, "source_id": number, "class": "010100", "summary": about}})
	if err != nil {
		w.t.Fatal(err)
	}
	if r, err = w.catalogue.Do(w.t.Context(), sub, r.ID, "publish", ""); err != nil {
		w.t.Fatal(err)
	}
	return r
}

// settle delivers the events and follows the change feed.
func (w *world) settle() {
	w.t.Helper()
	if err := w.bus.Drain(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if err := w.Follow(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// queue is what a subject sees in a state.
func (w *world) queue(sub identity.Subject, state string) []Pair {
	w.t.Helper()
	l, err := w.List(w.t.Context(), sub, ListRequest{State: state})
	if err != nil {
		w.t.Fatal(err)
	}
	return l.Items
}

func (w *world) do(sub identity.Subject, pair, verb string, d Decision) Pair {
	w.t.Helper()
	p, _, err := w.Do(w.t.Context(), sub, pair, verb, d)
	if err != nil {
		w.t.Fatalf("%s: %v", verb, err)
	}
	return p
}

func (w *world) sound() {
	w.t.Helper()
	findings, err := w.Verify(w.t.Context(), w.DB)
	if err != nil || len(findings) > 0 {
		w.t.Errorf("findings %v, %v", findings, err)
	}
}

func (w *world) read(id string) catalogue.Resource {
	w.t.Helper()
	l, err := w.catalogue.Whatever(w.t.Context(), w.DB, []string{id})
	if err != nil {
		w.t.Fatal(err)
	}
	return l[id]
}

// public puts in a public record of an institution.
func (w *world) public(zh, en, ror string) string {
	w.t.Helper()
	var org string
	err := w.DB.InTx(w.t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		org, _, err = w.ids.PutUnclaimed(ctx, tx, identity.Organisation{NameZH: zh, NameEN: en, ROR: ror, Region: "330400", Kind: "university", Source: "ROR", SourceID: zh + en, Sample: strings.HasPrefix(zh, "示例") || strings.HasPrefix(en, "Sample")})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return org
}
