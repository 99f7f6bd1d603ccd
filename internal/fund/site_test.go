package fund

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
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/id"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// site is the module over HTTP; the header X-As says who is acting.
type site struct {
	t      *testing.T
	server *httptest.Server
}

type access struct {
	*Service
	people map[string]identity.Subject
}

func (a access) Require(actions ...string) error { return a.policy.Require(actions...) }
func (a access) May(ctx context.Context, action string) error {
	return a.policy.May(identity.SubjectOf(ctx), action)
}
func (a access) SignedIn(ctx context.Context) string       { return identity.SubjectOf(ctx).Person }
func (a access) SignInPage(context.Context, string) string { return "/sign-in" }
func (a access) Prepare(_ http.ResponseWriter, r *http.Request) (*http.Request, error) {
	by := a.people[r.Header.Get("X-As")]
	catalog, err := i18n.New(English)
	if err != nil {
		return r, err
	}
	lang, _ := i18n.Parse("")
	ctx := audit.WithActor(i18n.With(identity.WithSubject(r.Context(), by), lang, catalog), audit.Actor{Person: by.Person, Org: by.Org, Cause: "test"})
	return r.WithContext(ui.With(ctx, &ui.Chrome{Now: a.clock.Now(), Request: id.New(), Path: r.URL.Path})), nil
}

func newSite(t *testing.T, s *Service, people map[string]identity.Subject) *site {
	t.Helper()
	server := web.NewServer(web.Options{
		DB: s.db, Clock: s.clock, Access: access{s, people}, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		ErrorPage: func(_ context.Context, e *fault.Error, _ string) templ.Component {
			return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { _, err := io.WriteString(w, e.Error()); return err })
		},
	})
	if err := server.Handle(s.Routes()...); err != nil {
		t.Fatal(err)
	}
	g := server.API("Qiao", "test")
	if s.API(g); g.Err() != nil {
		t.Fatal(g.Err())
	}
	h, err := server.Handler()
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewServer(h)
	t.Cleanup(ts.Close)
	return &site{t, ts}
}

// send wants a status and gives the body, or where it leads.
func (s *site) send(as, method, path, kind, body string, status int) string {
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

func (s *site) page(as, path string, status int, says ...string) string {
	s.t.Helper()
	body := s.send(as, http.MethodGet, path, "", "", status)
	for _, text := range says {
		if !strings.Contains(body, text) {
			s.t.Errorf("GET %s as %q does not say %q", path, as, text)
		}
	}
	return body
}

func (s *site) post(as, path string, status int, pairs ...string) string {
	s.t.Helper()
	v := url.Values{"request_id": {id.New()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return s.send(as, http.MethodPost, path, "application/x-www-form-urlencoded", v.Encode(), status)
}
