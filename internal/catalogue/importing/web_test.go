package importing

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
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
	texts, err := i18n.New(English, catalogue.English, ui.English, form.English, sheet.English)
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
		s.t.Fatalf("%s: %d, want %d: %s", what, w.Code, status, w.Body.String())
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

func upload(t *testing.T, name string, data []byte, fields map[string]string) (string, io.Reader) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := m.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	p, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = p.Write(data)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return m.FormDataContentType(), &b
}

func TestUploadingAtTheDesk(t *testing.T) {
	s := newSite(t)
	d := s.page("lab", "/desk/imports", 200)
	templates := d.Find("a[href^='/desk/import-templates/']").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") })
	if len(templates) != len(kinds.All()) {
		t.Errorf("templates %v", templates)
	}
	for _, path := range templates {
		for _, lang := range []string{"zh", "en"} {
			w := s.do("lab", "GET", path, "", nil, "Accept-Language", lang)
			tab, err := sheet.Read("t.xlsx", w.Body, sheet.Options{})
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			tpl, ok := s.kinds.Recognise(tab.Headings, "", "")
			if !ok || tpl.Format != "qiao" || !strings.HasSuffix(path, tpl.Kind) {
				t.Errorf("%s %s is recognised as %s %s", path, lang, tpl.Format, tpl.Kind)
			}
			for _, h := range tab.Headings {
				if tpl.Target(h) == "" {
					t.Errorf("%s %s: %q has no target", path, lang, h)
				}
			}
		}
	}
	kind, body := upload(t, "仪器.csv", []byte(ownList), map[string]string{"mode": "dry"})
	w := s.do("lab", "POST", "/desk/imports", kind, body)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("dry run: %d %s", w.Code, w.Body.String())
	}
	path := w.Header().Get("Location")
	d = s.page("lab", path, 200)
	if d.Find("tbody tr").Length() != 5 || !strings.Contains(d.Text(), "990000") || d.Find("form[action$='/apply']").Length() != 1 {
		t.Error("the report lacks its errors or the way on")
	}
	if errs, err := sheet.Read("e.xlsx", s.do("lab", "GET", path+"/errors", "", nil).Body, sheet.Options{}); err != nil || len(errs.Rows) != 5 {
		t.Errorf("error list: %v", err)
	}
	if w := s.post("lab", path+"/apply", nil); w.Code != http.StatusSeeOther || len(s.all(s.lab)) != 2 {
		t.Errorf("apply: %d", w.Code)
	}
	s.page("other", path, 403)
	kind, body = upload(t, "照片.png", []byte("\x89PNG\r\n\x1a\n"), nil)
	d = s.document(s.do("lab", "POST", "/desk/imports", kind, body), "a picture", 422)
	if !strings.Contains(d.Text(), "是图片") {
		t.Error("a picture is not told")
	}
	if tasks, err := s.Tasks(t.Context(), s.lab); err != nil || len(tasks) != 1 {
		t.Errorf("tasks %v %v", tasks, err)
	}
}

func TestImportOverTheAPI(t *testing.T) {
	s := newSite(t)
	var report importBody
	w := s.do("lab", "POST", "/api/v1/imports?format=csv&name=a.csv", "text/csv", strings.NewReader(ownList))
	if err := json.Unmarshal(w.Body.Bytes(), &report); err != nil || w.Code != 200 || report.Accepted != 2 || report.Rejected != 2 || len(report.Errors) != 5 || report.Errors[0].Row != 3 {
		t.Fatalf("%d %s %v", w.Code, w.Body, err)
	}
	var again importBody
	s.json("lab", "GET", "/imports/"+report.ID, nil, 200, &again)
	if again.Accepted != 2 || len(again.Errors) != 5 {
		t.Errorf("%+v", again)
	}
	kind, body := upload(t, "a.csv", []byte(ownList), nil)
	w = s.do("lab", "POST", "/api/v1/imports", kind, body)
	if err := json.Unmarshal(w.Body.Bytes(), &report); err != nil || report.Unchanged != 2 || report.Name != "a.csv" {
		t.Fatalf("%d %s %v", w.Code, w.Body, err)
	}
	if w := s.do("lab", "POST", "/api/v1/imports", "application/octet-stream", strings.NewReader("%PDF-1.4")); w.Code != 422 || !strings.Contains(w.Body.String(), "sheet-not-a-table") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	twice := func() string {
		w := s.do("lab", "POST", "/api/v1/imports", "text/csv", strings.NewReader(ownList), "Idempotency-Key", "k1")
		if w.Code != 200 {
			t.Fatalf("with a key: %d %s", w.Code, w.Body)
		}
		return w.Body.String()
	}
	if first, second := twice(), twice(); first != second {
		t.Errorf("one key, two answers:\n%s\n%s", first, second)
	}
	if w := s.do("firm", "POST", "/api/v1/imports", "text/csv", strings.NewReader(ownList)); w.Code != 403 {
		t.Errorf("a firm imports: %d", w.Code)
	}
}

func TestExports(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	data, err := os.ReadFile("../testdata/pnnl-dms/t_emsl_instruments.csv")
	if err != nil {
		t.Fatal(err)
	}
	w.take(w.lab, "a.csv", ownList)
	w.takeWith(w.lab, Request{Org: w.lab.Org, Name: "b.csv", Reader: bytes.NewReader(data), Source: "PNNL-DMS"})
	files := map[string]*bytes.Buffer{}
	for _, format := range catalogue.Formats() {
		files[format] = &bytes.Buffer{}
		if err := w.Catalogue.Export(t.Context(), files[format], format); err != nil || files[format].Len() == 0 {
			t.Errorf("%s: %v", format, err)
		}
	}
	for format, want := range map[string]int64{"xlsx": 151, "csv": 151} { // our own tables can be imported again: by somebody else here
		r := w.takeWith(w.other, Request{Org: w.other.Org, Name: "again." + format, Reader: files[format]})
		if r.Rejected != 0 || r.Accepted+r.Unchanged != want {
			t.Errorf("%s comes back as %+v", format, counts(r))
		}
	}
	if err := w.Catalogue.Export(t.Context(), io.Discard, "docx"); !fault.Is(err, "format-unknown") {
		t.Errorf("%v", err)
	}
}
