package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/web"
)

// access lets everybody do "open" and only the person named in the header do "closed".
type access struct{}

type person struct{}

func (access) Require(actions ...string) error {
	for _, a := range actions {
		if a != "open" && a != "closed" {
			return fmt.Errorf("no row for %q", a)
		}
	}
	return nil
}

func (access) May(ctx context.Context, action string) error {
	if action == "closed" && ctx.Value(person{}) == "" {
		return fault.New(fault.Unauthenticated, "sign-in", "请先登录。")
	}
	return nil
}

func (access) SignedIn(ctx context.Context) string {
	p, _ := ctx.Value(person{}).(string)
	return p
}

func (access) Prepare(_ http.ResponseWriter, r *http.Request) (*http.Request, error) {
	return r.WithContext(context.WithValue(r.Context(), person{}, r.Header.Get("X-Person"))), nil
}

func (access) SignInPage(_ context.Context, back string) string { return "/sign-in?next=" + back }

func text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { _, err := io.WriteString(w, s); return err })
}

func server(t *testing.T, d *db.DB, routes ...web.Route) (*web.Server, *httptest.Server) {
	t.Helper()
	s := web.NewServer(web.Options{DB: d, Clock: clock.System{}, Access: access{}, Log: slog.New(slog.DiscardHandler), MaxBody: 1 << 20,
		ErrorPage: func(_ context.Context, e *fault.Error, request string) templ.Component { return text(e.Text + request) }})
	if err := s.Handle(routes...); err != nil {
		t.Fatal(err)
	}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewServer(h)
	t.Cleanup(ts.Close)
	ts.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s, ts
}

func call(t *testing.T, ts *httptest.Server, method, path, body string, header ...string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, ts.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := ts.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(b)
}

func ok(s string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return web.Page(w, r, 200, text(s)) }
}

func TestARouteWithoutARowCannotBeRegistered(t *testing.T) {
	s, _ := server(t, nil)
	for _, r := range []web.Route{{Pattern: "GET /x", Handle: ok("x")}, {Pattern: "GET /x", Action: "unknown", Handle: ok("x")}, {Pattern: "/x", Action: "open", Handle: ok("x")}} {
		if err := s.Handle(r); err == nil {
			t.Errorf("%+v was taken", r)
		}
	}
	twice := web.Route{Pattern: "GET /twice", Action: "open", Handle: ok("x")}
	if err := s.Handle(twice, twice); err == nil {
		t.Error("the same pattern twice was taken")
	}
}

func TestErrorsAreShownInOnePlace(t *testing.T) {
	boom := func(err error) web.Handler {
		return func(http.ResponseWriter, *http.Request) error { return err }
	}
	_, ts := server(t, nil,
		web.Route{Pattern: "GET /taken", Action: "open", Handle: boom(fault.New(fault.Conflict, "slot-taken", "该时段已被预订。"))},
		web.Route{Pattern: "GET /api/taken", Action: "open", Handle: boom(fault.New(fault.Conflict, "slot-taken", "该时段已被预订。").Field("start", "taken", "换一个"))},
		web.Route{Pattern: "GET /broken", Action: "open", Handle: boom(errors.New("password=hunter2"))},
		web.Route{Pattern: "GET /panics", Action: "open", Handle: func(http.ResponseWriter, *http.Request) error { panic("hunter2") }},
		web.Route{Pattern: "GET /closed", Action: "closed", Handle: ok("in")},
		web.Route{Pattern: "GET /private", Action: "open", Private: true, Handle: ok("in")})
	if code, _, body := call(t, ts, "GET", "/taken", ""); code != 409 || !strings.Contains(body, "该时段已被预订") {
		t.Error(code, body)
	}
	code, h, body := call(t, ts, "GET", "/api/taken", "")
	var p web.Problem
	if err := json.Unmarshal([]byte(body), &p); err != nil || code != 409 || !strings.HasSuffix(p.Type, "/slot-taken") || p.Errors[0].Field != "start" || p.Request == "" || h.Get("Content-Type") != "application/problem+json" {
		t.Error(code, body, err)
	}
	for _, path := range []string{"/broken", "/panics"} {
		if code, h, body := call(t, ts, "GET", path, ""); code != 500 || strings.Contains(body, "hunter2") || !strings.Contains(body, h.Get("X-Request-Id")) {
			t.Error(path, code, body)
		}
	}
	for _, path := range []string{"/closed", "/private"} {
		if code, h, _ := call(t, ts, "GET", path, ""); code != 303 || h.Get("Location") != "/sign-in?next="+path {
			t.Error(code, h)
		}
		if code, _, body := call(t, ts, "GET", path, "", "X-Person", "p"); code != 200 || body != "in" {
			t.Error(code, body)
		}
	}
	if code, _, _ := call(t, ts, "GET", "/nowhere", ""); code != 404 {
		t.Error(code)
	}
	if code, h, _ := call(t, ts, "DELETE", "/taken", ""); code != 405 || h.Get("Allow") != "GET" {
		t.Error(code, h.Get("Allow"))
	}
}

func TestSecurityHeadersAndCrossSite(t *testing.T) {
	_, ts := server(t, nil, web.Route{Pattern: "GET /x", Action: "open", Handle: ok("x")}, web.Route{Pattern: "POST /x", Action: "open", Handle: ok("done")})
	_, h, _ := call(t, ts, "GET", "/x", "")
	if csp := h.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'self'") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Error(h)
	}
	if code, _, _ := call(t, ts, "POST", "/x", "", "Sec-Fetch-Site", "cross-site"); code != 403 {
		t.Error("a cross-site POST gives", code)
	}
	if code, _, _ := call(t, ts, "POST", "/x", "", "Sec-Fetch-Site", "same-origin"); code != 200 {
		t.Error("our own POST gives", code)
	}
}

func TestPageIsSentOnce(t *testing.T) {
	_, ts := server(t, nil, web.Route{Pattern: "GET /x", Action: "open", Handle: ok("x")})
	_, h, _ := call(t, ts, "GET", "/x", "")
	if code, _, body := call(t, ts, "GET", "/x", "", "If-None-Match", h.Get("ETag")); code != 304 || body != "" {
		t.Error(code, body)
	}
}

func TestOneKeyHasOneEffect(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var effects, answers atomic.Int64
		act := func(w http.ResponseWriter, r *http.Request) error {
			if err := d.InTx(r.Context(), func(context.Context, *db.Tx) error { return nil }); err != nil {
				return err
			}
			effects.Add(1)
			time.Sleep(20 * time.Millisecond)
			http.SetCookie(w, &http.Cookie{Name: "session", Value: "secret"})
			w.Header().Set("Location", fmt.Sprint("/made/", answers.Add(1)))
			w.WriteHeader(http.StatusSeeOther)
			return nil
		}
		_, ts := server(t, d, web.Route{Pattern: "POST /act", Action: "open", Handle: act})
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				code, h, _ := call(t, ts, "POST", "/act", "a=1&request=k1", "Content-Type", "application/x-www-form-urlencoded", "X-Person", "p")
				if code != 303 || h.Get("Location") != "/made/1" {
					t.Error(code, h.Get("Location"))
				}
			})
		}
		wg.Wait()
		if effects.Load() != 1 {
			t.Errorf("%d effects of one key", effects.Load())
		}
		if code, h, _ := call(t, ts, "POST", "/act", "a=1&request=k1", "Content-Type", "application/x-www-form-urlencoded", "X-Person", "p"); code != 303 || h.Get("Set-Cookie") != "" || h.Get("Idempotent-Replay") != "true" {
			t.Error("a replay", code, h)
		}
		if code, h, _ := call(t, ts, "POST", "/act", "a=2&request=k1", "Content-Type", "application/x-www-form-urlencoded", "X-Person", "p"); code != 303 || h.Get("Location") != "/made/2" {
			t.Error("going back and choosing something else on the same page gives", code, h.Get("Location"))
		}
		if code, h, _ := call(t, ts, "POST", "/act", "{}", "Idempotency-Key", "k2", "X-Person", "q"); code != 303 || h.Get("Location") != "/made/3" {
			t.Error("a program's key gives", code, h.Get("Location"))
		}
		if code, _, _ := call(t, ts, "POST", "/act", `{"a":2}`, "Idempotency-Key", "k2", "X-Person", "q"); code != 409 {
			t.Error("a program's key with another body gives", code)
		}
		if code, h, _ := call(t, ts, "POST", "/act", "{}", "Idempotency-Key", "k2", "X-Person", "p"); code != 303 || h.Get("Location") != "/made/4" {
			t.Error("another person's same key gives", code, h.Get("Location"))
		}
		for boundary, want := range map[string]string{"xx": "/made/5", "yy": "/made/5"} {
			body := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\r\n\r\n1\r\n--" + boundary + "--\r\n"
			if code, h, _ := call(t, ts, "POST", "/act?request=k3", body, "Content-Type", "multipart/form-data; boundary="+boundary, "X-Person", "p"); code != 303 || h.Get("Location") != want {
				t.Error("the same file sent twice gives", code, h.Get("Location"))
			}
		}
	})
}

func TestAFailedRequestMayBeMadeAgain(t *testing.T) {
	d := dbtest.SQLite(t)
	fail := true
	_, ts := server(t, d, web.Route{Pattern: "POST /act", Action: "open", Handle: func(_ http.ResponseWriter, r *http.Request) error {
		return d.InTx(r.Context(), func(context.Context, *db.Tx) error {
			if fail {
				return fault.New(fault.Invalid, "nope", "不行。")
			}
			return nil
		})
	}})
	if code, _, _ := call(t, ts, "POST", "/act", "", "Idempotency-Key", "k"); code != 422 {
		t.Error(code)
	}
	fail = false
	if code, _, _ := call(t, ts, "POST", "/act", "", "Idempotency-Key", "k"); code != 200 {
		t.Error("after a failure the key is spent:", code)
	}
}

func TestALostAnswerIsNotASecondEffect(t *testing.T) {
	d := dbtest.SQLite(t)
	effects := 0
	_, ts := server(t, d, web.Route{Pattern: "POST /act", Action: "open", Handle: func(_ http.ResponseWriter, r *http.Request) error {
		if err := d.InTx(r.Context(), func(context.Context, *db.Tx) error { return nil }); err != nil {
			return err
		}
		effects++
		panic(http.ErrAbortHandler) // the program dies between effect and answer
	}})
	req, err := http.NewRequestWithContext(t.Context(), "POST", ts.URL+"/act", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Idempotency-Key", "k")
	if res, err := ts.Client().Do(req); err == nil {
		res.Body.Close()
		t.Fatal("the connection should have been cut")
	}
	if code, _, body := call(t, ts, "POST", "/act", "", "Idempotency-Key", "k"); code != 409 || !strings.Contains(body, "已经生效") || effects != 1 {
		t.Error(code, body, effects)
	}
}

func TestAPI(t *testing.T) {
	d := dbtest.SQLite(t)
	s, _ := server(t, d)
	g := s.API("test", "1")
	type in struct {
		Body struct {
			Start string `json:"start" minLength:"1"`
		}
	}
	type out struct {
		Body struct {
			ID string `json:"id"`
		}
	}
	effects := 0
	web.API(g, web.Op{Method: "POST", Path: "/api/v1/things", Action: "open", Summary: "x", Tag: "t", Status: 201, Example: map[string]any{"start": "now"}}, func(ctx context.Context, in *in) (*out, error) {
		if in.Body.Start == "taken" {
			return nil, fault.New(fault.Conflict, "slot-taken", "该时段已被预订。")
		}
		o := &out{}
		o.Body.ID = web.RequestKey(ctx)
		return o, d.InTx(ctx, func(context.Context, *db.Tx) error { effects++; return nil })
	})
	web.API(g, web.Op{Method: "GET", Path: "/api/v1/closed", Action: "closed", Summary: "x", Tag: "t"}, func(context.Context, *struct{}) (*out, error) { return &out{}, nil })
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewServer(h)
	defer ts.Close()
	for range 2 {
		if code, _, body := call(t, ts, "POST", "/api/v1/things", `{"start":"now"}`, "Content-Type", "application/json", "Idempotency-Key", "k"); code != 201 || !strings.Contains(body, `"id":"k"`) {
			t.Error(code, body)
		}
	}
	if effects != 1 {
		t.Errorf("%d effects", effects)
	}
	for body, want := range map[string]string{`{"start":"taken"}`: "/slot-taken", `{}`: "/invalid", `{`: "/bad-request"} {
		code, h, got := call(t, ts, "POST", "/api/v1/things", body, "Content-Type", "application/json")
		var p web.Problem
		if err := json.Unmarshal([]byte(got), &p); err != nil || code < 400 || !strings.HasSuffix(p.Type, want) || h.Get("Content-Type") != "application/problem+json" {
			t.Error(body, code, got, err)
		}
	}
	if code, _, body := call(t, ts, "GET", "/api/v1/closed", ""); code != 401 || !strings.Contains(body, "/sign-in") {
		t.Error(code, body)
	}
	if b, err := json.Marshal(g.OpenAPI()); err != nil || !strings.Contains(string(b), `"example":{"start":"now"}`) {
		t.Error(string(b), err)
	}
}

func TestCursorAndLocal(t *testing.T) {
	c := web.EncodeCursor("2026", "id")
	if p, err := web.DecodeCursor(c, 2); err != nil || p[1] != "id" {
		t.Error(p, err)
	}
	for _, bad := range []string{"x", c} {
		if _, err := web.DecodeCursor(bad, 3); !fault.Is(err, "bad-cursor") {
			t.Error(bad, err)
		}
	}
	for in, want := range map[string]string{"/desk?x=1": "/desk?x=1", "//evil.example": "/", "https://evil.example": "/", "/\\evil": "/", "": "/"} {
		if got := web.Local(in); got != want {
			t.Errorf("Local(%q) = %q", in, got)
		}
	}
}
