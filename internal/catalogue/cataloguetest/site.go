package cataloguetest

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
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// Room is a service with pages and an API.
type Room interface {
	Routes() []web.Route
	API(*web.APIGroup)
}

// Site serves the pages and the API of rooms; the header Test-As says who is asking.
type Site struct {
	People map[string]identity.Subject // who can ask: lab, other and firm at first

	t       testing.TB
	handler http.Handler
	texts   *i18n.Catalog
	world   *World
}

// NewSite serves rooms with the English of texts.
func NewSite(w *World, texts [][]byte, rooms ...Room) *Site {
	w.T.Helper()
	catalog, err := i18n.New(texts...)
	if err != nil {
		w.T.Fatal(err)
	}
	s := &Site{t: w.T, texts: catalog, world: w, People: map[string]identity.Subject{"lab": w.Lab, "other": w.Other, "firm": Firm()}}
	server := web.NewServer(web.Options{DB: w.DB, Clock: w.Clock, Access: access{s}, Log: slog.New(slog.DiscardHandler), ErrorPage: func(_ context.Context, e *fault.Error, _ string) templ.Component {
		return templ.Raw("<p class=fault>" + e.Code + "</p>")
	}})
	api := server.API("test", "1")
	for _, room := range rooms {
		if err := server.Handle(room.Routes()...); err != nil {
			w.T.Fatal(err)
		}
		room.API(api)
	}
	if err := api.Err(); err != nil {
		w.T.Fatal(err)
	}
	if s.handler, err = server.Handler(); err != nil {
		w.T.Fatal(err)
	}
	return s
}

// access lets the people of the test in by the header.
type access struct{ *Site }

func (a access) Require(actions ...string) error { return a.world.Policy.Require(actions...) }

func (a access) May(ctx context.Context, action string) error {
	return a.world.Policy.May(identity.SubjectOf(ctx), action)
}

func (a access) SignedIn(ctx context.Context) string { return identity.SubjectOf(ctx).Person }

func (a access) SignInPage(context.Context, string) string { return "/sign-in" }

func (a access) Prepare(_ http.ResponseWriter, r *http.Request) (*http.Request, error) {
	lang := i18n.Match(r.Header.Get("Accept-Language"))
	ctx := i18n.With(identity.WithSubject(r.Context(), a.People[r.Header.Get("Test-As")]), lang, a.texts)
	return r.WithContext(ui.With(web.MarkPrepared(ctx), &ui.Chrome{Assets: func(n string) string { return "/" + n }, Path: r.URL.Path, Now: a.world.Clock.Now(), Request: "request"})), nil
}

// Send sends a request as somebody, with further headers in pairs.
func (s *Site) Send(as, method, path, contentType string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), method, path, body)
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

// Page reads a page, which must answer with the status.
func (s *Site) Page(as, path string, status int, header ...string) *goquery.Document {
	s.t.Helper()
	return s.Document(s.Send(as, "GET", path, "", nil, header...), path, status)
}

// Document reads an answer, which must have the status.
func (s *Site) Document(w *httptest.ResponseRecorder, what string, status int) *goquery.Document {
	s.t.Helper()
	if w.Code != status {
		s.t.Fatalf("%s: %d, want %d: %.1200s", what, w.Code, status, w.Body.String())
	}
	d, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}

// Post sends a form.
func (s *Site) Post(as, path string, form url.Values) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.Send(as, "POST", path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// Upload sends a form with a file in the field named file; without a name, without a file.
func (s *Site) Upload(as, path, name string, data []byte, fields map[string]string) *httptest.ResponseRecorder {
	s.t.Helper()
	contentType, body := Multipart(s.t, name, data, fields)
	return s.Send(as, "POST", path, contentType, body)
}

// JSON calls the API below /api/v1, which must answer with the status, and reads the answer.
func (s *Site) JSON(as, method, path string, body any, status int, into any) *httptest.ResponseRecorder {
	s.t.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	w := s.Send(as, method, "/api/v1"+path, "application/json", r)
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

// Multipart is the content type and the body of a form with a file.
func Multipart(t testing.TB, name string, data []byte, fields map[string]string) (string, io.Reader) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := m.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	if name != "" {
		p, err := m.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return m.FormDataContentType(), &b
}
