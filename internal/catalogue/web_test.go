package catalogue

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// site serves the catalogue's pages and API; the header Test-As says who is asking.
type site struct {
	*world
	t       *testing.T
	handler http.Handler
	texts   *i18n.Catalog
	people  map[string]identity.Subject
}

func newSite(t *testing.T) *site {
	t.Helper()
	w := newWorld(t, dbtest.SQLite(t))
	texts, err := i18n.New(English, ui.English, sheet.English)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{world: w, t: t, texts: texts, people: map[string]identity.Subject{"lab": w.lab, "other": w.other, "firm": {Person: "firm", Org: "firm", OrgStatus: identity.StatusVerified, Role: "admin", Region: "330402", Capacities: []string{"enterprise"}}}}
	server := web.NewServer(web.Options{DB: w.DB, Clock: w.clock, Access: s, Log: slog.New(slog.DiscardHandler), ErrorPage: func(_ context.Context, e *fault.Error, _ string) templ.Component {
		return templ.Raw("<p class=fault>" + e.Code + "</p>")
	}})
	if err := server.Handle(w.Routes()...); err != nil {
		t.Fatal(err)
	}
	api := server.API("test", "1")
	w.API(api)
	if err := api.Err(); err != nil {
		t.Fatal(err)
	}
	if s.handler, err = server.Handler(); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *site) Require(actions ...string) error { return s.Policy.Require(actions...) }

func (s *site) May(ctx context.Context, action string) error {
	return s.Policy.May(identity.SubjectOf(ctx), action)
}

func (s *site) SignedIn(ctx context.Context) string { return identity.SubjectOf(ctx).Person }

func (s *site) SignInPage(context.Context, string) string { return "/sign-in" }

func (s *site) Prepare(_ http.ResponseWriter, r *http.Request) (*http.Request, error) {
	lang := i18n.Match(r.Header.Get("Accept-Language"))
	ctx := i18n.With(identity.WithSubject(r.Context(), s.people[r.Header.Get("Test-As")]), lang, s.texts)
	return r.WithContext(ui.With(web.MarkPrepared(ctx), &ui.Chrome{Assets: func(n string) string { return "/" + n }, Path: r.URL.Path, Now: s.clock.Now(), Request: "request"})), nil
}

func (s *site) do(as, method, path, contentType string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, path, body)
	r.Header.Set("Test-As", as)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

func (s *site) page(as, path string, status int, header ...string) *goquery.Document {
	s.t.Helper()
	w := s.do(as, "GET", path, "", nil, header...)
	return s.document(w, path, status)
}

func (s *site) document(w *httptest.ResponseRecorder, what string, status int) *goquery.Document {
	s.t.Helper()
	if w.Code != status {
		s.t.Fatalf("%s: %d, want %d: %s", what, w.Code, status, cut(w.Body.String(), 600))
	}
	d, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}

func (s *site) post(as, path string, form url.Values) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.do(as, "POST", path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func (s *site) json(as, method, path string, body any, status int, into any) *httptest.ResponseRecorder {
	s.t.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	w := s.do(as, method, "/api/v1"+path, "application/json", r)
	if w.Code != status {
		s.t.Fatalf("%s %s: %d, want %d: %s", method, path, w.Code, status, w.Body)
	}
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			s.t.Fatalf("%s %s: %v: %s", method, path, err, w.Body)
		}
	}
	return w
}

// The tree of regions opens along the way to the chosen one; what is chosen can be taken back; nothing found leads on.
func TestFacetsOfTheSearchPage(t *testing.T) {
	s := newSite(t)
	stock(t, s.world, 24)
	d := s.page("", "/resources?region=330402&region=330000&price=100-200&price_from=99&sort=price", 200)
	if d.Find("input[name=region][value='330402']").Length() != 1 || d.Find(".chosen li").Length() != 3 {
		t.Errorf("%d counties, %d chosen", d.Find("input[name=region][value='330402']").Length(), d.Find(".chosen li").Length())
	}
	if d.Find("input[name=price_from]").AttrOr("value", "") != "99" || d.Find("form.facets input[name=sort]").AttrOr("value", "") != "price" {
		t.Error("what was typed or chosen is lost")
	}
	d = s.page("", "/resources?kind=service&price_from=100000&price_to=200000", 200)
	if d.Find(".helps a[href='/resources?kind=service']").Length() != 1 {
		t.Errorf("no way on: %s", d.Find(".helps").Text())
	}
	d = s.page("", "/resources?q=质谱仪&view=table&compare=x", 200)
	if d.Find("tbody tr").Length() == 0 || d.Find(".tray").Length() != 0 {
		t.Errorf("%d rows, %d trays", d.Find("tbody tr").Length(), d.Find(".tray").Length())
	}
	d = s.page("", "/resources/suggest?q=质谱", 200)
	if d.Find("[role=option]").Length() == 0 {
		t.Errorf("no suggestions: %s", d.Text())
	}
	for _, bad := range []string{"price=7-9", "price_from=many", "free_on=soon", "sort=colour"} {
		if w := s.do("", "GET", "/resources?"+bad, "", nil); w.Code != http.StatusSeeOther {
			t.Errorf("%s gives %d", bad, w.Code)
		}
	}
}

func TestTheSearchPage(t *testing.T) {
	s := newSite(t)
	stock(t, s.world, 24)
	d := s.page("", "/resources?q=电子显微镜", 200)
	if n := d.Find("li.item").Length(); n != 8 {
		t.Errorf("%d cards", n)
	}
	if d.Find("li.item .item-title a").First().AttrOr("href", "") == "" || d.Find("li.item .price b").First().Text() == "" {
		t.Error("a card lacks its link or its price")
	}
	if d.Find(".facets input[name=kind]").Length() == 0 || d.Find("form.facets button").Length() == 0 {
		t.Error("facets cannot be used without JavaScript")
	}
	d = s.page("", "/resources?kind=service&class=test&limit=5", 200)
	if d.Find(".chosen li").Length() != 2 || d.Find("li.item").Length() != 5 {
		t.Errorf("%d chosen, %d cards", d.Find(".chosen li").Length(), d.Find("li.item").Length())
	}
	next, ok := d.Find("a[href*=cursor]").Attr("href")
	if !ok || s.page("", next, 200).Find("li.item").Length() != 5 {
		t.Errorf("the next page %q does not follow", next)
	}
	if w := s.do("", "GET", "/resources?cursor=nonsense&q=x", "", nil); w.Code != http.StatusSeeOther {
		t.Errorf("a broken cursor gives %d", w.Code)
	}
	if d := s.page("", "/resources?q=zzzzqqqq", 200, "Accept-Language", "en"); !strings.Contains(d.Text(), "Nothing found") {
		t.Error("an empty result does not say so in English")
	}
}

func TestAResourcePageAndItsTombstone(t *testing.T) {
	s := newSite(t)
	made, err := s.Create(t.Context(), s.lab, "", draft())
	if err != nil {
		t.Fatal(err)
	}
	path := "/resources/" + made.ID
	s.page("", path, 404)
	if d := s.page("lab", path, 200); !strings.Contains(d.Text(), "这是草稿") {
		t.Error("the owner does not see the draft")
	}
	if w := s.post("lab", "/desk"+path+"/publish", nil); w.Code != http.StatusSeeOther {
		t.Fatalf("publish: %d %s", w.Code, w.Body)
	}
	d := s.page("", path, 200)
	for _, want := range []string{"示例扫描电镜", "X-1", "¥400", "电子光学仪器", "300.50 万元", "自主上机", "09:00–17:00", "示例·南湖检测研究院"} {
		if !strings.Contains(d.Text(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if d.Find("aside#book").Length() != 1 {
		t.Error("no place for booking")
	}
	if w := s.post("lab", "/desk"+path+"/suspend", url.Values{"note": {" "}}); w.Code != 422 {
		t.Errorf("suspend without a reason: %d", w.Code)
	}
	if w := s.post("lab", "/desk"+path+"/withdraw", url.Values{"note": {"已报废"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("withdraw: %d", w.Code)
	}
	if d := s.page("", path, 410); !strings.Contains(d.Text(), "已报废") || d.Find("a[href^='/resources?']").Length() == 0 {
		t.Error("the tombstone says neither why nor what next")
	}
	if d := s.page("lab", "/desk"+path, 200); !strings.Contains(d.Text(), "恢复为草稿") {
		t.Error("it cannot be restored")
	}
}

func TestTheDeskKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	s.page("lab", "/desk/resources", 200)
	cards := s.page("lab", "/desk/resources/new", 200)
	for name, d := range map[string]*goquery.Document{"Chinese": cards, "English": s.page("lab", "/desk/resources/new", 200, "Accept-Language", "en")} {
		if kinds, said := d.Find("li.item").Length(), d.Find("li.item h2 + .meta span:not(:empty)").Length(); kinds < 11 || said != kinds {
			t.Errorf("%s: %d of %d kinds say what they are", name, said, kinds)
		}
	}
	s.page("lab", "/desk/resources/new?kind=instrument", 200)
	if w := s.do("firm", "GET", "/desk/resources/new", "", nil); w.Code != 403 {
		t.Errorf("a firm registers: %d", w.Code)
	}
	form := url.Values{"kind": {"instrument"}, "name_en": {"Sample SEM"}, "worth": {"很贵"}, "voucher": {"yes"}, "access": {"self"}, "then": {"publish"},
		"prices[0].audience": {"external"}, "prices[0].unit": {"hour"}, "prices[0].amount": {"4o0"}, "prices[1].option": {"冷台"}, "prices[1].audience": {"external"}, "prices[1].unit": {"hour"}}
	d := s.document(s.post("lab", "/desk/resources", form), "bad form", 422)
	if d.Find("input[name=worth]").AttrOr("value", "") != "很贵" || d.Find("input[name='prices[0].amount']").AttrOr("value", "") != "4o0" {
		t.Error("what was typed is lost")
	}
	if d.Find("input[name=voucher][checked]").Length() != 1 || d.Find("a[href='#f-worth']").Length() == 0 {
		t.Error("the box is lost or the summary does not lead to the field")
	}
	form.Set("worth", "300.5")
	form.Set("prices[0].amount", "400")
	form.Set("prices[1].amount", "450")
	w := s.post("lab", "/desk/resources", form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("mended: %d %s", w.Code, cut(w.Body.String(), 500))
	}
	path := w.Header().Get("Location")
	d = s.page("lab", path, 200)
	if d.Find("input[name='prices[1].option']").AttrOr("value", "") != "冷台" || d.Find("input[name=worth]").AttrOr("value", "") != "300.50" {
		t.Error("the form does not show what is kept")
	}
	r := s.all(s.lab)[0]
	if r.Status != StatusPublished || len(r.Prices) != 2 || !r.Voucher {
		t.Errorf("%+v", r)
	}
	edit := url.Values{"revision": {"2"}, "name_en": {"Sample SEM 2"}, "class": {"010100"}}
	if w := s.post("lab", path, edit); w.Code != http.StatusSeeOther {
		t.Fatalf("edit: %d %s", w.Code, cut(w.Body.String(), 500))
	}
	d = s.document(s.post("lab", path, edit), "stale edit", 409)
	if d.Find("input[name=name_en]").AttrOr("value", "") != "Sample SEM 2" {
		t.Error("the stale edit is lost")
	}
	if w := s.post("lab", path+"/hours", url.Values{"day1": {"9-12，13:30-17:00"}, "day7": {"x"}}); w.Code != 422 || !strings.Contains(w.Body.String(), "9-12，13:30-17:00") {
		t.Errorf("bad hours: %d", w.Code)
	}
	if w := s.post("lab", path+"/hours", url.Values{"day1": {"9-12，13:30-17:00"}}); w.Code != http.StatusSeeOther {
		t.Errorf("hours: %d", w.Code)
	}
	if w := s.post("lab", "/desk/resources/hours", url.Values{"day1": {"8:00-24:00"}}); w.Code != http.StatusSeeOther {
		t.Errorf("owner's hours: %d", w.Code)
	}
	if w := s.post("other", path, edit); w.Code != 403 {
		t.Errorf("a stranger edits: %d", w.Code)
	}
}

func TestTheAPI(t *testing.T) {
	s := newSite(t)
	var made resourceBody
	s.json("", "POST", "/resources", exampleDraft(), 401, nil)
	s.json("firm", "POST", "/resources", exampleDraft(), 403, nil)
	w := s.json("lab", "POST", "/resources", exampleDraft(), 201, &made)
	if made.Status != StatusPublished || made.Price == nil || made.Price.Amount != 60000 || !made.Bookable || w.Header().Get("ETag") != `"2"` {
		t.Fatalf("%+v %v", made, w.Header())
	}
	path := "/resources/" + made.ID
	if err := s.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	var found struct {
		Items  []resourceBody
		Total  int
		Facets map[string][]resourceFacet
		Next   string
	}
	s.json("", "GET", "/resources?q=%E6%89%AB%E6%8F%8F%E7%94%B5%E9%95%9C&kind=instrument&kind=service&voucher=true", nil, 200, &found)
	if found.Total != 1 || found.Items[0].ID != made.ID || found.Facets["kind"][0].Count != 1 {
		t.Errorf("%+v", found)
	}
	var pid map[string]any
	s.json("", "GET", path+"?format=pidinst", nil, 200, &pid)
	for _, key := range []string{"identifier", "schemaVersion", "landingPage", "name", "owners", "manufacturers"} {
		if pid[key] == nil {
			t.Errorf("pidinst lacks %s", key)
		}
	}
	for _, format := range []string{"jsonld", "nrii"} {
		s.json("", "GET", path+"?format="+format, nil, 200, &map[string]any{})
	}
	if w := s.do("", "GET", "/api/v1"+path+"?format=uniquip", "", nil); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "\uFEFFType,Name,Description") {
		t.Errorf("uniquip: %d %s", w.Code, w.Body)
	}
	change := map[string]any{"name_zh": "示例·改名电镜", "class": "010100", "prices": []any{}}
	if w := s.do("lab", "PUT", "/api/v1"+path, "application/json", strings.NewReader(`{"name_zh":"x"}`), "If-Match", `"1"`); w.Code != 412 {
		t.Errorf("a stale change: %d %s", w.Code, w.Body)
	}
	s.json("lab", "PUT", path, change, 200, &made)
	if made.NameZH != "示例·改名电镜" || made.Bookable {
		t.Errorf("%+v", made)
	}
	s.json("lab", "PUT", path, map[string]any{"name_zh": "x", "fields": map[string]any{"worth": "y"}}, 422, nil)
	s.json("other", "DELETE", path, nil, 403, nil)
	s.json("lab", "POST", path+"/suspend", map[string]any{"note": "维修"}, 200, nil)
	s.json("lab", "POST", path+"/fly", nil, 409, nil)
	s.json("lab", "DELETE", path, nil, 204, nil)
	s.json("", "GET", path, nil, 410, nil)
	s.json("", "GET", "/resources/nobody", nil, 404, nil)
}
