package exchange

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
)

// The checks the public validators make (openarchives.org, BASE), each a line, against the running handler.
func TestProviderKeepsTheProtocol(t *testing.T) {
	eachNode(t, func(t *testing.T, n *node) {
		org := n.org("示例·南湖检测研究院", "330402")
		n.clock.Advance(time.Hour)
		n.put(org, some(230)...)
		n.put(org, thing("service", "S-1", "class", ""), thing("literature", "L-1", "authors", []string{"张三"}))
		n.clock.Advance(time.Hour)
		out := n.put(org, catalogue.Incoming{Kind: "instrument", SourceID: "A-0003", Deleted: true})
		gone, alive := n.identifierOf(out[0].Resource), ""
		list := n.answer("verb=ListRecords&metadataPrefix=oai_dc")
		for _, r := range list.Records {
			if r.Header.Status == "" {
				alive = r.Header.Identifier
				break
			}
		}
		for _, x := range []struct{ query, code string }{
			{"", "badVerb"}, {"verb=junk", "badVerb"}, {"junk", "badVerb"}, {"verb=Identify&verb=Identify", "badVerb"}, {"verb=%zz", "badVerb"},
			{"verb=Identify", ""}, {"verb=Identify&test=test", "badArgument"}, {"verb=ListSets", ""}, {"verb=ListSets&resumptionToken=junktoken", "badResumptionToken"},
			{"verb=ListIdentifiers", "badArgument"}, {"verb=ListIdentifiers&metadataPrefix=oai_dc&until=junk", "badArgument"}, {"verb=ListIdentifiers&metadataPrefix=oai_dc&from=junk", "badArgument"},
			{"verb=ListIdentifiers&resumptionToken=junktoken&until=1990-01-10", "badArgument"}, {"verb=ListIdentifiers&metadataPrefix=oai_dc&from=2001-01-01&until=2000-01-01T00:00:00Z", "badArgument"},
			{"verb=ListIdentifiers&metadataPrefix=oai_dc&from=2030-01-02&until=2030-01-01", "badArgument"}, {"verb=ListIdentifiers&metadataPrefix=oai_dc&from=2026-13-01", "badArgument"},
			{"verb=ListIdentifiers&metadataPrefix=oai_dc&from=2026-02-30", "badArgument"}, {"verb=ListIdentifiers&metadataPrefix=oai_dc&until=1990-01-01", "noRecordsMatch"},
			{"verb=ListIdentifiers&metadataPrefix=junk", "cannotDisseminateFormat"}, {"verb=ListIdentifiers&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"},
			{"verb=ListIdentifiers&metadataPrefix=oai_dc&set=kind:spaceship", "noRecordsMatch"}, {"verb=ListIdentifiers&metadataPrefix=oai_dc&set=really_wrong_set", "noRecordsMatch"}, {"verb=ListIdentifiers&metadataPrefix=oai_dc&set=a%20b", "badArgument"},
			{"verb=ListIdentifiers&metadataPrefix=oai_dc&set=", "badArgument"}, {"verb=ListIdentifiers&metadataPrefix=oai_dc&from=", "badArgument"},
			{"verb=ListRecords", "badArgument"}, {"verb=ListRecords&metadataPrefix=oai_dc&from=junk", "badArgument"}, {"verb=ListRecords&resumptionToken=junktoken", "badResumptionToken"},
			{"verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=junktoken&until=1990-01-10", "badArgument"}, {"verb=ListRecords&metadataPrefix=pidinst", ""}, {"verb=ListRecords&metadataPrefix=nrii", ""}, {"verb=ListRecords&metadataPrefix=qiao", ""},
			{"verb=GetRecord", "badArgument"}, {"verb=GetRecord&metadataPrefix=oai_dc", "badArgument"}, {"verb=GetRecord&identifier=" + url.QueryEscape(alive), "badArgument"},
			{query("verb", "GetRecord", "identifier", alive, "metadataPrefix", "junk"), "cannotDisseminateFormat"}, {query("verb", "GetRecord", "identifier", "invalid\"id", "metadataPrefix", "oai_dc"), "idDoesNotExist"},
			{query("verb", "GetRecord", "identifier", "oai:elsewhere.example:1", "metadataPrefix", "oai_dc"), "idDoesNotExist"}, {query("verb", "GetRecord", "identifier", alive, "metadataPrefix", "oai_dc"), ""}, {query("verb", "GetRecord", "identifier", gone, "metadataPrefix", "oai_dc"), ""},
			{query("verb", "ListMetadataFormats", "identifier", alive), ""}, {query("verb", "ListMetadataFormats", "identifier", "junk"), "idDoesNotExist"}, {"verb=ListMetadataFormats&resumptionToken=x", "badArgument"},
			{"verb=ListRecords&metadataPrefix=oai_dc&set=region:33:04", ""}, {"verb=ListRecords&metadataPrefix=oai_dc&set=region:32", "noRecordsMatch"}, {"verb=ListRecords&metadataPrefix=oai_dc&set=owner:" + org, ""}, {"verb=ListRecords&metadataPrefix=pidinst&set=kind:service", "noRecordsMatch"},
		} {
			if got := n.code(x.query); got != x.code {
				t.Errorf("%s: %q, want %q", x.query, got, x.code)
			}
			checkShape(t, n, n.raw(x.query), x.code)
		}
		if r := n.answer(query("verb", "GetRecord", "identifier", gone, "metadataPrefix", "oai_dc")); len(r.Records) != 0 { // GetRecord is not ListRecords: look at the text
			t.Error("a record was read as a list")
		}
		if text := n.raw(query("verb", "GetRecord", "identifier", gone, "metadataPrefix", "oai_dc")); !strings.Contains(text, `<header status="deleted">`) || strings.Contains(text, "<metadata>") {
			t.Errorf("a deleted record: %s", text)
		}
		pagesOf(t, n)
		spans(t, n)
		post(t, n)
	})
}

var stampShape = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)

// checkShape looks at an answer as the schema does: order of elements, attributes of request, datestamps.
func checkShape(t *testing.T, n *node, text, code string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	var path []string
	var top []string
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			if len(path) == 0 && (e.Name.Space != "http://www.openarchives.org/OAI/2.0/" || e.Name.Local != "OAI-PMH") {
				t.Errorf("root %v", e.Name)
			}
			if len(path) == 1 {
				top = append(top, e.Name.Local)
			}
			if e.Name.Local == "request" && (code == "badVerb" || code == "badArgument") && len(e.Attr) > 0 {
				t.Errorf("request has attributes after %s", code)
			}
			if len(path) > 0 && path[len(path)-1] == "metadata" && (e.Name.Space == "" || e.Name.Space == "http://www.openarchives.org/OAI/2.0/") {
				t.Errorf("metadata without a namespace of its own: %v", e.Name)
			}
			path = append(path, e.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if at := path; len(at) > 0 && (at[len(at)-1] == "responseDate" || at[len(at)-1] == "datestamp" || at[len(at)-1] == "earliestDatestamp") && !stampShape.MatchString(string(e)) {
				t.Errorf("%v is %q", path, e)
			}
		}
	}
	if len(top) != 3 || top[0] != "responseDate" || top[1] != "request" || code != "" && top[2] != "error" {
		t.Errorf("elements %v", top)
	}
	if !strings.Contains(text, ">"+n.base()+"</request>") {
		t.Error("request is not the base URL")
	}
}

// pagesOf follows the resumption tokens: everything once, sizes right, an empty token at the end, a broken one refused.
func pagesOf(t *testing.T, n *node) {
	t.Helper()
	seen := map[string]bool{}
	q, pages := "verb=ListRecords&metadataPrefix=oai_dc", 0
	for {
		pages++
		text := n.raw(q)
		p := n.read2(text)
		for _, r := range p.Records {
			if seen[r.Header.Identifier] {
				t.Errorf("%s came twice", r.Header.Identifier)
			}
			seen[r.Header.Identifier] = true
		}
		if !strings.Contains(text, `completeListSize="232"`) {
			t.Errorf("page %d has no right size", pages)
		}
		token := strings.TrimSpace(p.Token)
		if token == "" {
			break
		}
		if !strings.Contains(text, "expirationDate=") || n.code(query("verb", "ListIdentifiers", "resumptionToken", token)) != "badResumptionToken" || n.code(query("verb", "ListRecords", "resumptionToken", "A"+token)) != "badResumptionToken" {
			t.Error("a token is good for another verb, or when broken")
		}
		q = query("verb", "ListRecords", "resumptionToken", token)
	}
	if pages != 2 || len(seen) != 232 {
		t.Errorf("%d pages, %d records", pages, len(seen))
	}
	if text := n.raw("verb=ListIdentifiers&metadataPrefix=oai_dc"); strings.Contains(text, "resumptionToken") || strings.Count(text, "<header") != 232 {
		t.Error("one page has a token, or not everything")
	}
	token := strings.TrimSpace(n.answer("verb=ListRecords&metadataPrefix=oai_dc").Token)
	n.clock.Advance(tokenLife + time.Second)
	if n.code(query("verb", "ListRecords", "resumptionToken", token)) != "badResumptionToken" {
		t.Error("an old token is still good")
	}
	n.clock.Advance(-tokenLife - time.Second)
}

// spans asks for days and seconds: both ends belong to the span.
func spans(t *testing.T, n *node) {
	t.Helper()
	for q, want := range map[string]int{
		"from=2026-11-21": 232, "until=2026-11-21": 232, "from=2026-11-21&until=2026-11-21": 232, "from=2026-11-21T07:00:00Z&until=2026-11-21T07:00:00Z": 231,
		"from=2026-11-21T08:00:00Z": 1, "until=2026-11-21T07:00:00Z": 231, "from=2026-11-21T07:00:01Z&until=2026-11-21T07:59:59Z": 0, "set=kind:service": 1, "set=kind": 232,
	} {
		if got := strings.Count(n.raw("verb=ListIdentifiers&metadataPrefix=oai_dc&"+q), "<header"); got != want {
			t.Errorf("%s: %d, want %d", q, got, want)
		}
	}
	if text := n.raw("verb=Identify"); !strings.Contains(text, "<earliestDatestamp>2026-11-21T07:00:00Z<") || !strings.Contains(text, "<deletedRecord>persistent<") || !strings.Contains(text, "<adminEmail>operator@example.com<") {
		t.Error(text)
	}
}

func post(t *testing.T, n *node) {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/oai", strings.NewReader("verb=ListIdentifiers&metadataPrefix=oai_dc"))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	if err := n.serveOAI(w, req); err != nil {
		t.Fatal(err)
	}
	if strings.Count(w.Body.String(), "<header") != 232 {
		t.Error("POST answers otherwise than GET")
	}
}

// While records are written, somebody harvests again and again from the time of the last answer: nothing is lost.
func TestNoChangeIsLostBetweenTwoHarvests(t *testing.T) {
	eachNode(t, func(t *testing.T, n *node) {
		org := n.org("示例·秀洲材料中心", "330411")
		want := map[string]bool{}
		var writers sync.WaitGroup
		var mu sync.Mutex
		for w := range 3 {
			writers.Go(func() {
				for i := range 15 {
					err := n.DB.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
						out, err := n.catalogue.TakeIn(ctx, identity.Subject{}, tx, catalogue.Intake{Org: org, Trusted: true}, []catalogue.Incoming{thing("instrument", string(rune('a'+w))+string(rune('A'+i)))})
						if err == nil {
							mu.Lock()
							want[n.identifierOf(out[0].Resource)] = true
							mu.Unlock()
						}
						return err
					})
					if err != nil {
						t.Error(err)
					}
					n.clock.Advance(300 * time.Millisecond)
				}
			})
		}
		done := make(chan struct{})
		go func() { writers.Wait(); close(done) }()
		seen, from := map[string]bool{}, ""
		for last := false; ; {
			n.follow()
			p := n.answer(query("verb", "ListRecords", "metadataPrefix", "oai_dc", "from", orEpoch(from)))
			for _, r := range p.Records {
				seen[r.Header.Identifier] = true
			}
			from = p.ResponseDate
			if last {
				break
			}
			select {
			case <-done:
				last = true
			default:
			}
		}
		if len(want) != 45 || len(seen) != len(want) {
			t.Errorf("%d written, %d harvested", len(want), len(seen))
		}
	})
}

func orEpoch(from string) string {
	if from == "" {
		return "2000-01-01T00:00:00Z"
	}
	return from
}

func TestSetsAreATree(t *testing.T) {
	for code, want := range map[string]string{"330402": "33:04:02", "330400": "33:04", "330000": "33"} {
		if got := regionSet(code); got != want || !setShape.MatchString("region:"+got) {
			t.Errorf("%s: %s", code, got)
		}
	}
	if !slices.Equal(setsOf(listed{Kind: "instrument", Region: "330402", Owner: "o"}), []string{"kind:instrument", "region:33:04:02", "owner:o"}) {
		t.Error(setsOf(listed{Kind: "instrument", Region: "330402", Owner: "o"}))
	}
}

func FuzzOAIRequest(f *testing.F) {
	for _, q := range []string{"verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01&until=2026-01-02", "verb=GetRecord&identifier=oai:x.y:1&metadataPrefix=oai_dc", "verb=%00&verb", "verb=ListSets&resumptionToken=a.b", "a=\xff&verb=Identify&from=9999-99-99T99:99:99Z"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		v, err := url.ParseQuery(q)
		if err != nil {
			return
		}
		r, bad := parseOAI(v)
		if bad != nil && bad.Code != "badVerb" && bad.Code != "badArgument" {
			t.Errorf("%q: %v", q, bad)
		}
		if bad == nil && (r.Verb == "" || r.From != "" && !stampShape.MatchString(r.From) || r.From > r.Until && r.Until != "") {
			t.Errorf("%q: %+v", q, r)
		}
		a := answer{service: &Service{Deps: Deps{Address: "https://qiao.example"}}, request: r, fault: &oaiError{"badVerb", q}}
		if err := xml.Unmarshal([]byte(a.document()), &page{}); err != nil {
			t.Errorf("%q: %v", q, err)
		}
	})
}

func FuzzReadPage(f *testing.F) {
	f.Add([]byte(`<OAI-PMH><responseDate>2026-01-01T00:00:00Z</responseDate><ListRecords><record><header><identifier>a</identifier></header><metadata><x:dc xmlns:x="y"><title>` + "\x01" + `</title></x:dc></metadata></record><resumptionToken>t</resumptionToken></ListRecords></OAI-PMH>`))
	f.Add([]byte(`<OAI-PMH><ListRecords><record><metadata>&bad;`))
	f.Fuzz(func(_ *testing.T, data []byte) {
		p, err := readPage(data)
		if err != nil {
			return
		}
		for _, r := range p.Records {
			r.origins()
			for _, prefix := range Prefixes() {
				_, _ = readMetadata(prefix, r.Metadata.Inner) // must not panic
			}
		}
	})
}
