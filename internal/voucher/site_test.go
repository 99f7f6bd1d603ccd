package voucher

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
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/id"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/voucher/scheme"
)

// access lets a test say who is acting by a header.
type access struct {
	*world
	people map[string]identity.Subject
}

func (a access) Require(actions ...string) error { return a.policy.Require(actions...) }
func (a access) May(ctx context.Context, action string) error {
	return a.policy.May(identity.SubjectOf(ctx), action)
}
func (a access) SignedIn(ctx context.Context) string { return identity.SubjectOf(ctx).Person }
func (a access) SignInPage(context.Context, string) string {
	return "/sign-in"
}

func (a access) Prepare(_ http.ResponseWriter, r *http.Request) (*http.Request, error) {
	by := a.people[r.Header.Get("X-As")]
	lang, _ := i18n.Parse(r.Header.Get("X-Lang"))
	catalog, err := i18n.New(English, scheme.English)
	if err != nil {
		return r, err
	}
	ctx := i18n.With(identity.WithSubject(r.Context(), by), lang, catalog)
	ctx = audit.WithActor(ctx, audit.Actor{Person: by.Person, Org: by.Org, Cause: "test"})
	return r.WithContext(ui.With(ctx, &ui.Chrome{Now: a.clock.Now(), Request: id.New(), Path: r.URL.Path})), nil
}

// site is the module over HTTP.
type site struct {
	t      *testing.T
	server *httptest.Server
}

func newSite(t *testing.T, w *world, people map[string]identity.Subject) *site {
	t.Helper()
	s := web.NewServer(web.Options{
		DB: w.db, Clock: w.clock, Access: access{w, people}, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		ErrorPage: func(_ context.Context, e *fault.Error, _ string) templ.Component {
			return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { _, err := io.WriteString(w, e.Error()); return err })
		},
	})
	must(t, s.Handle(w.Routes()...))
	g := s.API("Qiao", "test")
	w.API(g)
	must(t, g.Err())
	h, err := s.Handler()
	must(t, err)
	ts := httptest.NewServer(h)
	t.Cleanup(ts.Close)
	return &site{t, ts}
}

func (s *site) send(as, method, path, kind string, body io.Reader, header ...string) (*http.Response, []byte) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.server.URL+path, body)
	must(s.t, err)
	req.Header.Set("X-As", as)
	req.Header.Set("Content-Type", kind)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	must(s.t, err)
	b, err := io.ReadAll(res.Body)
	must(s.t, err)
	must(s.t, res.Body.Close())
	return res, b
}

// page reads a page and wants its status.
func (s *site) page(as, path string, status int, header ...string) *goquery.Document {
	s.t.Helper()
	res, b := s.send(as, http.MethodGet, path, "", nil, header...)
	if res.StatusCode != status {
		s.t.Fatalf("GET %s as %q: %d, want %d\n%s", path, as, res.StatusCode, status, b)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(b))
	must(s.t, err)
	return doc
}

// post sends a form and gives the status, the page it leads to, and the document.
func (s *site) post(as, path string, values url.Values) (int, string, *goquery.Document) {
	s.t.Helper()
	res, b := s.send(as, http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(b))
	must(s.t, err)
	return res.StatusCode, res.Header.Get("Location"), doc
}

// upload sends a form with files: field → content.
func (s *site) upload(as, path string, values url.Values, files map[string]string) (int, string, *goquery.Document) {
	s.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, list := range values {
		for _, v := range list {
			must(s.t, w.WriteField(name, v))
		}
	}
	for name, content := range files {
		part, err := w.CreateFormFile(name, name+".pdf")
		must(s.t, err)
		_, err = io.WriteString(part, content)
		must(s.t, err)
	}
	must(s.t, w.Close())
	res, body := s.send(as, http.MethodPost, path, w.FormDataContentType(), &b)
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	must(s.t, err)
	return res.StatusCode, res.Header.Get("Location"), doc
}

// call uses the JSON API and reads the answer into out.
func (s *site) call(as, method, path, body string, status int, out any) {
	s.t.Helper()
	res, b := s.send(as, method, "/api/v1"+path, "application/json", strings.NewReader(body), "Idempotency-Key", id.New())
	if res.StatusCode != status {
		s.t.Fatalf("%s %s as %q: %d, want %d\n%s", method, path, as, res.StatusCode, status, b)
	}
	if out != nil {
		must(s.t, json.Unmarshal(b, out))
	}
}

// says fails unless some element that matches the selector contains the text.
func says(t *testing.T, doc *goquery.Document, selector, text string) {
	t.Helper()
	found := doc.Find(selector)
	if !strings.Contains(found.Text(), text) {
		html, _ := doc.Find("main").Html()
		t.Errorf("%q does not say %q:\n%.3000s", selector, text, html)
	}
}
