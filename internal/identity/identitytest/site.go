// Package identitytest serves the pages and the API of one module over HTTP, asked as the people of a test.
package identitytest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/id"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// Room is a module with pages and an API.
type Room interface {
	Routes() []web.Route
	API(g *web.APIGroup)
}

// Deps is what a site stands on.
type Deps struct {
	DB      *db.DB
	Clock   clock.Clock
	Policy  *identity.Policy
	English []byte                      // of the module
	People  map[string]identity.Subject // by the name under which they ask; an unknown name is a visitor
}

// Site is a module over HTTP; the header X-As says who is acting.
type Site struct {
	t      testing.TB
	server *httptest.Server
}

type access struct{ Deps }

func (a access) Require(actions ...string) error { return a.Policy.Require(actions...) }
func (a access) May(ctx context.Context, action string) error {
	return a.Policy.May(identity.SubjectOf(ctx), action)
}
func (a access) SignedIn(ctx context.Context) string       { return identity.SubjectOf(ctx).Person }
func (a access) SignInPage(context.Context, string) string { return "/sign-in" }
func (a access) Prepare(_ http.ResponseWriter, r *http.Request) (*http.Request, error) {
	by := a.People[r.Header.Get("X-As")]
	catalog, err := i18n.New(a.English)
	if err != nil {
		return r, err
	}
	lang, _ := i18n.Parse("")
	ctx := audit.WithActor(i18n.With(identity.WithSubject(r.Context(), by), lang, catalog), audit.Actor{Person: by.Person, Org: by.Org, Cause: "test"})
	return r.WithContext(ui.With(ctx, &ui.Chrome{Now: a.Clock.Now(), Request: id.New(), Path: r.URL.Path})), nil
}

// New serves a module until the test ends.
func New(t testing.TB, d Deps, room Room) *Site {
	t.Helper()
	server := web.NewServer(web.Options{
		DB: d.DB, Clock: d.Clock, Access: access{d}, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		ErrorPage: func(_ context.Context, e *fault.Error, _ string) templ.Component {
			return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { _, err := io.WriteString(w, e.Error()); return err })
		},
	})
	if err := server.Handle(room.Routes()...); err != nil {
		t.Fatal(err)
	}
	g := server.API("Qiao", "test")
	if room.API(g); g.Err() != nil {
		t.Fatal(g.Err())
	}
	h, err := server.Handler()
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewServer(h)
	t.Cleanup(ts.Close)
	return &Site{t, ts}
}

// URL is where the site is served, for what Send cannot ask.
func (s *Site) URL() string { return s.server.URL }

// Send wants a status and gives the body, or where it leads.
func (s *Site) Send(as, method, path, kind, body string, status int) string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.server.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("X-As", as)
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Idempotency-Key", id.New())
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != status {
		s.t.Fatalf("%s %s as %q: %d, want %d (%v)\n%s", method, path, as, res.StatusCode, status, err, b)
	}
	if to := res.Header.Get("Location"); to != "" {
		return to
	}
	return string(b)
}

// Page asks for a page that must say some words, and gives it.
func (s *Site) Page(as, path string, status int, says ...string) string {
	s.t.Helper()
	body := s.Send(as, http.MethodGet, path, "", "", status)
	for _, text := range says {
		if !strings.Contains(body, text) {
			s.t.Errorf("GET %s as %q does not say %q", path, as, text)
		}
	}
	return body
}

// Post sends a form of names and values, and gives where it leads, or the page that came back.
func (s *Site) Post(as, path string, status int, pairs ...string) string {
	s.t.Helper()
	v := url.Values{"request_id": {id.New()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return s.Send(as, http.MethodPost, path, "application/x-www-form-urlencoded", v.Encode(), status)
}
