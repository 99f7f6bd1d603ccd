package exchange

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// Our provider harvested by our harvester gives the same catalogue, also after changes and deletions; again costs nothing.
func TestTwoNodesHaveTheSameCatalogue(t *testing.T) {
	eachPair(t, func(t *testing.T, from, to *node) {
		lab, centre := from.org("示例·姑苏检测院", "320508"), from.org("示例·工业园区中心", "320571")
		from.put(lab, some(205)...)
		price := []catalogue.PriceLine{{Audience: "external", Unit: "hour", Amount: 60000, Currency: "CNY", Option: "高分辨"}}
		yes := true
		whole := thing("instrument", "B-1", "worth", int64(12_345_600), "subjects", []string{"物理学", "化学"}, "customs", true, "commissioned", "2020-01-02", "contact", "某人")
		whole.Prices, whole.Voucher, whole.Access, whole.Region = price, &yes, []string{"self", "mail_in"}, "320506"
		whole.Identifiers, whole.Languages = []catalogue.Identifier{{Scheme: "doi", Value: "10.5442/ni000001"}, {Scheme: "pidinst", Value: "21.T11148/17ce618137e697852ea6"}}, []string{"zh", "de"}
		abroad := thing("service", "S-DE")
		germany := "DE"
		abroad.Country = &germany
		from.put(centre, whole, abroad, thing("service", "S-1"), thing("literature", "L-1", "authors", []string{"张三", "李四"}, "published", "2021-05-06"))
		from.clock.Advance(time.Hour) // far from the overlap of two harvests
		to.clock.Advance(time.Hour)
		src := source(t, from, to, "qiao")
		run := harvestAll(t, to, src)
		if run.State != RunDone || run.Added != 209 || run.Refused+run.Own+run.Updated != 0 || run.Pages != 2 {
			t.Fatalf("%+v %v", run, faultsOf(t, to, run))
		}
		same(t, from, to)
		r := again(t, to, src)
		if r.Unchanged != r.Seen() || r.Added+r.Updated+r.Removed != 0 {
			t.Errorf("again: %+v", r)
		}
		from.clock.Advance(time.Hour)
		to.clock.Advance(time.Hour)
		whole.Prices, whole.Access, whole.Whole = nil, nil, true
		delete(whole.Values, "worth")
		whole.Identifiers, whole.Languages = []catalogue.Identifier{{Scheme: "cstr", Value: "31253.11.sciencedb.01234"}}, []string{}
		from.put(centre, whole)
		from.put(lab, thing("instrument", "A-0001", "model", "NEW"), catalogue.Incoming{Kind: "instrument", SourceID: "A-0002", Deleted: true})
		if r = again(t, to, src); r.Updated != 2 || r.Removed != 1 || r.Added != 0 || r.Seen() > 5 {
			t.Errorf("after changes: %+v %v", r, faultsOf(t, to, r))
		}
		same(t, from, to)
		from.clock.Advance(time.Hour)
		back := thing("instrument", "A-0002", "model", "M2", "class", "010101")
		back.Revive = true
		from.put(lab, back)
		if r = again(t, to, src); r.Updated != 1 || r.Refused != 0 {
			t.Errorf("brought back: %+v %v", r, faultsOf(t, to, r))
		}
		same(t, from, to)
		noLoop(t, from, to)
	})
}

// noLoop lets the first node harvest the second, which has nothing of its own: nothing is taken back.
func noLoop(t *testing.T, from, to *node) {
	t.Helper()
	before := catalogueOf(t, from)
	src := source(t, to, from, "qiao")
	r := harvestAll(t, from, src)
	if r.State != RunDone || r.Own == 0 || r.Added+r.Updated+r.Removed+r.Refused != 0 {
		t.Errorf("records came back home: %+v", r)
	}
	if !reflect.DeepEqual(before, catalogueOf(t, from)) {
		t.Error("the first catalogue has changed")
	}
}

func again(t *testing.T, to *node, src Source) Run {
	t.Helper()
	src, err := getSource(t.Context(), to.DB, src.ID)
	if err != nil {
		t.Fatal(err)
	}
	if src.Since == "" {
		t.Error("the second harvest would ask for everything")
	}
	return harvestAll(t, to, src)
}

func same(t *testing.T, from, to *node) {
	t.Helper()
	a, b := catalogueOf(t, from), catalogueOf(t, to)
	for name := range maps.Keys(a) {
		if strip(a[name]) != strip(b[name]) {
			t.Errorf("%s:\n%s\n%s", name, a[name], b[name])
		}
	}
	if len(a) != len(b) || len(a) == 0 {
		t.Errorf("%d records here, %d there", len(a), len(b))
	}
}

// strip takes out contact data, which does not travel, and the ids of price lines.
func strip(s string) string { return strings.ReplaceAll(s, "contact:某人 ", "") }

func faultsOf(t *testing.T, n *node, run Run) []Fault {
	t.Helper()
	l, err := listFaults(t.Context(), n.DB, run.ID, 10)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestUndo(t *testing.T) {
	eachPair(t, func(t *testing.T, from, to *node) {
		lab := from.org("示例·姑苏检测院", "320508")
		from.put(lab, some(5)...)
		src := source(t, from, to, "qiao")
		first := harvestAll(t, to, src)
		was := catalogueOf(t, to)
		from.clock.Advance(time.Hour)
		to.clock.Advance(time.Hour)
		from.put(lab, thing("instrument", "A-0000", "model", "OTHER"), thing("instrument", "NEW"), catalogue.Incoming{Kind: "instrument", SourceID: "A-0001", Deleted: true})
		second := again(t, to, src)
		if second.Added != 1 || second.Updated != 1 || second.Removed != 1 {
			t.Fatalf("%+v", second)
		}
		if _, err := to.Do(t.Context(), to.operator, first.ID, "undo"); !fault.Is(err, "not-newest") {
			t.Errorf("an older harvest is undone first: %v", err)
		}
		if _, err := to.Do(t.Context(), to.operator, second.ID, "undo"); err != nil {
			t.Fatal(err)
		}
		if err := to.Work(t.Context()); err != nil {
			t.Fatal(err)
		}
		to.follow()
		if now := catalogueOf(t, to); !reflect.DeepEqual(was, now) {
			t.Errorf("undone:\n%v\n%v", was, now)
		}
		src, err := getSource(t.Context(), to.DB, src.ID)
		if err != nil || src.Active || src.Since != second.Since {
			t.Errorf("the source goes on by itself: %+v %v", src, err)
		}
		if r := harvestAll(t, to, src); r.Added+r.Updated != 2 || r.Removed != 1 || r.Refused != 0 { // all of it comes again
			t.Errorf("harvested again: %+v %v", r, faultsOf(t, to, r))
		}
		same(t, from, to)
	})
}

// peer is a repository made for a test: answers in order.
type peer struct {
	answers []func(w http.ResponseWriter, r *http.Request)
	asked   []string
}

func (p *peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.asked = append(p.asked, r.URL.RawQuery)
	switch r.URL.Query().Get("verb") {
	case "Identify":
		fmt.Fprint(w, `<OAI-PMH><responseDate>2026-11-21T06:00:00Z</responseDate><Identify><repositoryName>旧库</repositoryName><protocolVersion>2.0</protocolVersion><granularity>YYYY-MM-DD</granularity></Identify></OAI-PMH>`)
		return
	case "ListMetadataFormats":
		fmt.Fprint(w, `<OAI-PMH><ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix></metadataFormat></ListMetadataFormats></OAI-PMH>`)
		return
	}
	next := p.answers[0]
	if len(p.answers) > 1 {
		p.answers = p.answers[1:]
	}
	next(w, r)
}

func dc(id, body string) string {
	return `<record><header><identifier>` + id + `</identifier><datestamp>2026-11-20</datestamp></header><metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">` + body + `</oai_dc:dc></metadata></record>`
}

func list(token string, records ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-21T06:00:00Z</responseDate><request>x</request><ListRecords>`+strings.Join(records, "")+`<resumptionToken>`+token+`</resumptionToken></ListRecords></OAI-PMH>`)
	}
}

func later(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Retry-After", "7")
	w.WriteHeader(http.StatusServiceUnavailable)
}

func TestForeignRepository(t *testing.T) {
	eachNode(t, func(t *testing.T, n *node) {
		var waits []time.Duration
		n.sleep = func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }
		p := &peer{answers: []func(http.ResponseWriter, *http.Request){
			later,
			list("next", dc("oai:old:1", "<dc:title>论石墨烯</dc:title><dc:creator>张三</dc:creator><dc:publisher>旧大学</dc:publisher><dc:date>2019</dc:date><dc:type>article</dc:type><dc:identifier>https://doi.org/10.1/a</dc:identifier>"),
				dc("oai:old:2", "<dc:title></dc:title>"), `<record><header><identifier>oai:old:3</identifier></header><metadata></metadata></record>`,
				dc("oai:old:4", "<dc:title>A dataset \x01 with a control &amp; character</dc:title><dc:type>Dataset</dc:type><dc:publisher>旧大学</dc:publisher>"),
				`<record><header status="deleted"><identifier>oai:old:9</identifier></header></record>`),
			list("", dc("oai:old:5", "<dc:title>Standard for bridges</dc:title><dc:type>Standard</dc:type>")),
		}}
		server := httptest.NewServer(p)
		defer server.Close()
		src, err := n.AddSource(t.Context(), n.operator, SourceDraft{Name: "示例·旧库", Address: server.URL, Prefix: "oai_dc", Region: "330400", Licence: "CC0-1.0"})
		if err != nil {
			t.Fatal(err)
		}
		run := harvestAll(t, n, src)
		if run.State != RunDone || run.Added != 3 || run.Refused != 2 || run.Unchanged != 1 || len(waits) != 1 || waits[0] != 7*time.Second {
			t.Fatalf("%+v waits %v faults %v", run, waits, faultsOf(t, n, run))
		}
		if l := faultsOf(t, n, run); len(l) != 2 || l[0].Identifier != "oai:old:3" && l[1].Identifier != "oai:old:3" {
			t.Errorf("%+v", l)
		}
		if got := catalogueOf(t, n)["论石墨烯"]; !strings.Contains(got, "literature") || !strings.Contains(got, "2019-01-01") || !strings.Contains(got, "旧大学") {
			t.Error(got)
		}
		p.answers = []func(http.ResponseWriter, *http.Request){list("")}
		again(t, n, src)
		if last := p.asked[len(p.asked)-1]; !strings.Contains(last, "from=2026-11-21&") {
			t.Errorf("asked %s", last)
		}
	})
}

func TestHarvestEndsBadly(t *testing.T) {
	eachNode(t, func(t *testing.T, n *node) {
		for code, answer := range map[string]func(http.ResponseWriter, *http.Request){
			"unreachable":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) },
			"not-oai":       func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html><p>hello") },
			"token-repeats": list("same"),
			"badArgument": func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprint(w, `<OAI-PMH><error code="badArgument">no</error></OAI-PMH>`)
			},
		} {
			server := httptest.NewServer(&peer{answers: []func(http.ResponseWriter, *http.Request){answer}})
			src, err := n.AddSource(t.Context(), n.operator, SourceDraft{Name: code, Address: server.URL, Prefix: "oai_dc", Region: "330400", Licence: "CC0-1.0"})
			if err != nil {
				t.Fatal(err)
			}
			if run := harvestAll(t, n, src); run.State != RunFailed || run.Failure != code {
				t.Errorf("%s: %+v", code, run)
			}
			server.Close()
		}
		if _, err := n.AddSource(t.Context(), n.operator, SourceDraft{Name: "x", Address: n.base(), Prefix: "qiao", Region: "330400", Licence: "x"}); !fault.Is(err, "own-address") {
			t.Errorf("our own address: %v", err)
		}
		if _, err := n.AddSource(t.Context(), identity.Subject{}, SourceDraft{}); fault.Of(err).Kind != fault.Unauthenticated {
			t.Errorf("a visitor: %v", err)
		}
	})
}

// A harvest is stopped between two pages, goes on where it stopped, and starts by schedule.
func TestStopResumeSchedule(t *testing.T) {
	eachPair(t, func(t *testing.T, from, to *node) {
		from.put(from.org("示例·姑苏检测院", "320508"), some(450)...)
		src := source(t, from, to, "oai_dc")
		run, err := to.Start(t.Context(), to.operator, src.ID)
		if err != nil {
			t.Fatal(err)
		}
		to.Client = &http.Client{Transport: stopAfter{to, run.ID, from.server.Client().Transport}}
		if err := to.Work(t.Context()); err != nil {
			t.Fatal(err)
		}
		stopped, err := getRun(t.Context(), to.DB, run.ID)
		if err != nil || stopped.State != RunStopped || stopped.Added != 200 || stopped.Token == "" {
			t.Fatalf("%+v %v", stopped, err)
		}
		to.Client = from.server.Client()
		if _, err := to.Do(t.Context(), to.operator, run.ID, "resume"); err != nil {
			t.Fatal(err)
		}
		if err := to.Work(t.Context()); err != nil {
			t.Fatal(err)
		}
		if done, err := getRun(t.Context(), to.DB, run.ID); err != nil || done.State != RunDone || done.Added != 450 {
			t.Errorf("%+v %v", done, err)
		}
		to.clock.Advance(25 * time.Hour)
		from.clock.Advance(25 * time.Hour)
		if err := to.Work(t.Context()); err != nil {
			t.Fatal(err)
		}
		runs, err := listRuns(t.Context(), to.DB, src.ID, 5)
		if err != nil || len(runs) != 2 || runs[0].State != RunDone || runs[0].Person != "" {
			t.Errorf("%+v %v", runs, err)
		}
	})
}

// stopAfter asks a harvest to stop while its first page is on the way.
type stopAfter struct {
	n    *node
	run  string
	next http.RoundTripper
}

func (s stopAfter) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Query().Get("verb") == verbRecords {
		if _, err := s.n.Do(r.Context(), s.n.operator, s.run, "stop"); err != nil {
			return nil, err
		}
	}
	return s.next.RoundTrip(r)
}

func TestTallyAddsUp(t *testing.T) {
	var _ db.Q // the store's statements are run by the tests above on both engines
	a := tally{added: 1, faults: []Fault{{Code: "a"}}}.plus(tally{added: 2, own: 3, faults: []Fault{{Code: "b"}}})
	if a.added != 3 || a.own != 3 || len(a.faults) != 2 {
		t.Errorf("%+v", a)
	}
}
