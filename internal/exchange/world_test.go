package exchange

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
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

// node is one installation: catalogue, identity and exchange on a fresh database, served over HTTP.
type node struct {
	*Service
	t         testing.TB
	clock     *clock.Fake
	ids       *identity.Service
	catalogue *catalogue.Service
	server    *httptest.Server
	operator  identity.Subject
}

func newNode(t testing.TB, d *db.DB, region string) *node {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	n := &node{t: t, clock: clock.NewFake(time.Date(2026, 11, 21, 6, 0, 0, 0, time.UTC))}
	mux := http.NewServeMux()
	n.server = httptest.NewServer(mux)
	t.Cleanup(n.server.Close)
	n.ids = identity.New(identity.Deps{DB: d, Clock: n.clock, Policy: policy, Root: region})
	n.catalogue = catalogue.New(catalogue.Deps{DB: d, Clock: n.clock, Policy: policy, Orgs: n.ids, Index: textindex.New(textindex.NewAnalyser(), textindex.Options{}), Blobs: blobs, Node: region, Root: region, Address: n.server.URL})
	n.Service = New(Deps{DB: d, Clock: n.clock, Policy: policy, Catalogue: n.catalogue, Orgs: n.ids, Address: n.server.URL, Region: region, Mail: "operator@example.com", Client: n.server.Client()})
	n.sleep = func(context.Context, time.Duration) error { return nil }
	n.operator = identity.Subject{Person: "operator", Membership: "m", Org: "op", OrgStatus: identity.StatusVerified, Role: "admin", Region: region, Capacities: []string{"operator"}}
	mux.HandleFunc("/oai", func(w http.ResponseWriter, r *http.Request) {
		if err := n.serveOAI(w, r); err != nil {
			t.Error(err)
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	return n
}

func eachNode(t *testing.T, f func(t *testing.T, n *node)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newNode(t, d, "330400")) })
}

// eachPair gives two nodes on one engine.
func eachPair(t *testing.T, f func(t *testing.T, from, to *node)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		other := dbtest.SQLite
		if d.Engine() == db.Postgres {
			other = dbtest.Postgres
		}
		f(t, newNode(t, d, "320500"), newNode(t, other(t), "330400"))
	})
}

func (n *node) org(name, region string) string {
	n.t.Helper()
	var org string
	err := n.DB.InTx(n.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		var err error
		org, _, err = n.ids.PutUnclaimed(ctx, tx, identity.Organisation{NameZH: name, Kind: "institute", Region: region, Source: "test", SourceID: name, Sample: true})
		return err
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return org
}

// put takes records into the node's own catalogue and lets the list of changes follow.
func (n *node) put(org string, batch ...catalogue.Incoming) []catalogue.Outcome {
	n.t.Helper()
	var out []catalogue.Outcome
	err := n.DB.InTx(n.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		var err error
		out, err = n.catalogue.TakeIn(ctx, identity.Subject{}, tx, catalogue.Intake{Org: org, Licence: "CC0-1.0", RetrievedOn: "2026-11-01", Cause: "test", Trusted: true}, batch)
		return err
	})
	if err != nil {
		n.t.Fatal(err)
	}
	for _, o := range out {
		if o.Did == catalogue.Refused {
			n.t.Fatalf("refused: %+v", o.Problems)
		}
	}
	n.follow()
	return out
}

func (n *node) follow() {
	n.t.Helper()
	for {
		k, err := outbox.Number(n.t.Context(), n.DB)
		if err != nil {
			n.t.Fatal(err)
		}
		if k == 0 {
			break
		}
	}
	if err := n.Follow(n.t.Context()); err != nil {
		n.t.Fatal(err)
	}
}

func thing(kind, id string, values ...any) catalogue.Incoming {
	v := map[string]any{"name_zh": "示例·" + kind + id}
	for i := 0; i < len(values); i += 2 {
		v[values[i].(string)] = values[i+1]
	}
	return catalogue.Incoming{Kind: kind, SourceID: id, Values: v}
}

// some makes n instruments of an owner.
func some(n int) []catalogue.Incoming {
	var out []catalogue.Incoming
	for i := range n {
		out = append(out, thing("instrument", fmt.Sprintf("A-%04d", i), "model", fmt.Sprintf("M%d", i), "class", "010101", "summary", "第 "+fmt.Sprint(i)+" 台 <&>\" 'x'"))
	}
	return out
}

// answer asks the node's provider.
func (n *node) answer(query string) page {
	n.t.Helper()
	return n.read2(n.raw(query))
}

func (n *node) raw(query string) string {
	n.t.Helper()
	req := httptest.NewRequestWithContext(n.t.Context(), http.MethodGet, "/oai?"+query, nil)
	w := httptest.NewRecorder()
	if err := n.serveOAI(w, req); err != nil {
		n.t.Fatal(err)
	}
	if w.Header().Get("Content-Type") != "text/xml; charset=utf-8" {
		n.t.Errorf("content type %q", w.Header().Get("Content-Type"))
	}
	return w.Body.String()
}

func (n *node) read2(text string) page {
	n.t.Helper()
	p, err := readPage([]byte(text))
	if err != nil {
		n.t.Fatalf("%v\n%s", err, text)
	}
	return p
}

// code is the error code of an answer; ” when there is none.
func (n *node) code(query string) string {
	n.t.Helper()
	p := n.answer(query)
	if len(p.Errors) == 0 {
		return ""
	}
	return p.Errors[0].Code
}

func query(args ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(args); i += 2 {
		v.Add(args[i], args[i+1])
	}
	return v.Encode()
}

// source registers from as a source of to.
func source(t *testing.T, from, to *node, prefix string) Source {
	t.Helper()
	src, err := to.AddSource(t.Context(), to.operator, SourceDraft{Name: "示例·邻区", Address: from.server.URL + "/oai", Prefix: prefix, Region: "320500", Licence: "CC0-1.0", Hours: 24, Active: true})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// harvestAll runs one harvest to its end.
func harvestAll(t *testing.T, to *node, src Source) Run {
	t.Helper()
	run, err := to.Start(t.Context(), to.operator, src.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := to.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	to.follow()
	run, err = getRun(t.Context(), to.DB, run.ID)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// catalogueOf is what stands in a node, by name, without what differs between nodes.
func catalogueOf(t *testing.T, n *node) map[string]string {
	t.Helper()
	list, err := liveAfter(t.Context(), n.DB, "", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, l := range list {
		ids = append(ids, l.Resource)
	}
	records, err := n.catalogue.Records(t.Context(), n.DB, ids)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, r := range records {
		r.ID, r.Link, r.Owner.ID, r.Owner.Link, r.Source, r.RetrievedOn, r.Revision, r.Changed = "", "", "", "", "", "", 0, time.Time{}
		for i := range r.Prices {
			r.Prices[i].Note = strings.TrimSpace(r.Prices[i].Note)
		}
		out[r.Name()] = fmt.Sprintf("%v %v %v ", r.Identifiers, r.Languages, r.Country) + fmt.Sprintf("%s %+v %v %v %s %s %v %v %v %v", r.Kind.Name, r.Owner, r.Fields, r.Prices, r.Region, r.SourceID+r.Summary+r.Model+r.Maker+r.Class, r.Access, r.Free, r.Voucher, r.Booking)
	}
	return out
}
