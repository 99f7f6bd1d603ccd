package identity

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

	"qiao/internal/platform/audit"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/id"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// access wires the module to the web as the application does.
type access struct {
	*world
	lang i18n.Lang
}

func (a access) Require(actions ...string) error { return a.policy.Require(actions...) }

func (a access) May(ctx context.Context, action string) error {
	return a.policy.May(SubjectOf(ctx), action)
}

func (a access) SignedIn(ctx context.Context) string { return SubjectOf(ctx).Person }

func (a access) SignInPage(_ context.Context, back string) string { return SignInPath(back) }

func (a access) Prepare(w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	sub, err := a.FromRequest(r)
	if err != nil {
		return r, err
	}
	catalog, err := i18n.New(English, ui.English)
	if err != nil {
		return r, err
	}
	ctx := i18n.With(WithSubject(r.Context(), sub), a.lang, catalog)
	ctx = audit.WithActor(ctx, audit.Actor{Person: sub.Person, Membership: sub.Membership, Org: sub.Org, Cause: web.RequestID(ctx)})
	user, err := a.User(ctx, sub)
	if err != nil {
		return r, err
	}
	chrome := &ui.Chrome{Now: a.clock.Now(), Request: id.New(), User: user, Path: r.URL.Path}
	if line := web.TakeFlash(w, r); line != "" {
		chrome.Flash = &ui.Flash{Tone: ui.OK, Text: line}
	}
	return r.WithContext(ui.With(ctx, chrome)), nil
}

// site is the module's pages and API over HTTP, as one browser or one program sees them.
type site struct {
	*world
	t      *testing.T
	server *httptest.Server
	client *http.Client
	token  string
}

func newSite(t *testing.T, w *world, lang i18n.Lang) *site {
	t.Helper()
	s := web.NewServer(web.Options{DB: w.db, Clock: w.clock, Access: access{w, lang}, Proof: w.Proof(), Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		ErrorPage: func(_ context.Context, e *fault.Error, _ string) templ.Component {
			return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { _, err := io.WriteString(w, e.Error()); return err })
		}})
	if err := s.Handle(w.Routes()...); err != nil {
		t.Fatal(err)
	}
	group := s.API("Qiao", "test")
	w.API(group)
	if err := group.Err(); err != nil {
		t.Fatal(err)
	}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewServer(h)
	t.Cleanup(ts.Close)
	return (&site{world: w, t: t, server: ts}).browser()
}

// browser is another browser at the same site, without cookies.
func (s *site) browser() *site {
	fresh := *s
	jar := &jar{}
	fresh.client = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &fresh
}

// jar keeps cookies by name, whatever the host.
type jar struct{ cookies map[string]*http.Cookie }

func (j *jar) SetCookies(_ *url.URL, cookies []*http.Cookie) {
	if j.cookies == nil {
		j.cookies = map[string]*http.Cookie{}
	}
	for _, c := range cookies {
		if c.MaxAge < 0 {
			delete(j.cookies, c.Name)
			continue
		}
		j.cookies[c.Name] = c
	}
}

func (j *jar) Cookies(*url.URL) []*http.Cookie {
	var out []*http.Cookie
	for _, c := range j.cookies {
		out = append(out, c)
	}
	return out
}

// page is an answer with its document.
type page struct {
	*goquery.Document
	t        *testing.T
	status   int
	location string
}

func (s *site) do(method, path, kind, body string) (*http.Response, []byte) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.server.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
	res, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res, b
}

func (s *site) page(res *http.Response, b []byte) page {
	s.t.Helper()
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(b))
	if err != nil {
		s.t.Fatal(err)
	}
	return page{doc, s.t, res.StatusCode, res.Header.Get("Location")}
}

func (s *site) get(path string) page {
	s.t.Helper()
	res, b := s.do("GET", path, "", "")
	return s.page(res, b)
}

func (s *site) post(path string, fields ...string) page {
	s.t.Helper()
	v := url.Values{"request": {id.New()}}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	res, b := s.do("POST", path, "application/x-www-form-urlencoded", v.Encode())
	return s.page(res, b)
}

// json calls the API and reads the answer into out.
func (s *site) json(method, path, body string, out any) int {
	s.t.Helper()
	kind := ""
	if body != "" {
		kind = "application/json"
	}
	res, b := s.do(method, "/api/v1"+path, kind, body)
	if err := json.Unmarshal(b, out); err != nil {
		s.t.Fatalf("%s %s: %v in %s", method, path, err, b)
	}
	return res.StatusCode
}

// want fails unless the page has the status and each selector finds something; a selector after ! must find nothing.
func (p page) want(status int, selectors ...string) page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("status %d, want %d\n%s", p.status, status, strings.TrimSpace(p.Text()))
	}
	for _, sel := range selectors {
		none := strings.HasPrefix(sel, "!")
		if n := p.Find(strings.TrimPrefix(sel, "!")).Length(); (n == 0) != none {
			p.t.Errorf("%q finds %d", sel, n)
		}
	}
	return p
}

// goes fails unless the answer leads to the address.
func (p page) goes(to string) {
	p.t.Helper()
	if p.status != http.StatusSeeOther || p.location != to {
		p.t.Fatalf("status %d to %q, want %q\n%s", p.status, p.location, to, strings.TrimSpace(p.Text()))
	}
}

// says fails unless the text stands at the selector.
func (p page) says(selector, text string) page {
	p.t.Helper()
	if got := p.Find(selector).Text(); !strings.Contains(got, text) {
		p.t.Errorf("%q says %q, want %q", selector, strings.Join(strings.Fields(got), " "), text)
	}
	return p
}
