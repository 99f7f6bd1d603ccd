package match

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

// access lets a test say who is acting by a header.
type access struct {
	*world
	people map[string]identity.Subject
}

func (a access) Require(actions ...string) error { return a.Policy.Require(actions...) }

func (a access) May(ctx context.Context, action string) error {
	return a.Policy.May(identity.SubjectOf(ctx), action)
}

func (a access) SignedIn(ctx context.Context) string { return identity.SubjectOf(ctx).Person }

func (a access) SignInPage(context.Context, string) string { return "/sign-in" }

func (a access) Prepare(_ http.ResponseWriter, r *http.Request) (*http.Request, error) {
	by := a.people[r.Header.Get("X-As")]
	lang, _ := i18n.Parse(r.Header.Get("X-Lang"))
	catalog, err := i18n.New(English)
	if err != nil {
		return r, err
	}
	ctx := i18n.With(identity.WithSubject(r.Context(), by), lang, catalog)
	return r.WithContext(audit.WithActor(ctx, audit.Actor{Person: by.Person, Org: by.Org, Cause: "test"})), nil
}

// api is the module's JSON API over HTTP.
type api struct {
	t      *testing.T
	server *httptest.Server
}

func newAPI(t *testing.T, w *world) *api {
	t.Helper()
	people := map[string]identity.Subject{"firm": firm("f1"), "other": firm("f2"), "lab": provider("s01"), "officer": officer()}
	s := web.NewServer(web.Options{
		DB: w.DB, Clock: w.clock, Access: access{w, people}, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		ErrorPage: func(_ context.Context, e *fault.Error, _ string) templ.Component {
			return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { _, err := io.WriteString(w, e.Error()); return err })
		},
	})
	if err := s.Handle(w.Routes()...); err != nil {
		t.Fatal(err)
	}
	g := s.API("Qiao", "test")
	w.API(g)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return &api{t, server}
}

// call sends JSON and gives the status and the answer.
func (a *api) call(as, method, path string, body any, header ...string) (int, map[string]any) {
	a.t.Helper()
	var b bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&b).Encode(body); err != nil {
			a.t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(a.t.Context(), method, a.server.URL+"/api/v1"+path, &b)
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("X-As", as)
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	out := map[string]any{}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		a.t.Fatalf("%s %s: %d, %v", method, path, res.StatusCode, err)
	}
	return res.StatusCode, out
}

type jsonObject = map[string]any // a JSON object

func TestAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAPI(t, newWorld(t, d))
		status, need := a.call("firm", http.MethodPost, "/needs", jsonObject{"text": coatingText, "region": "330402", "confidential": false}, "Idempotency-Key", "k1")
		if status != http.StatusCreated || need["id"] == "" || need["state"] != Draft {
			t.Fatalf("%d %v", status, need)
		}
		id, _ := need["id"].(string)
		if status, again := a.call("firm", http.MethodPost, "/needs", jsonObject{"text": coatingText, "region": "330402", "confidential": false}, "Idempotency-Key", "k1"); status != http.StatusCreated || again["id"] != id {
			t.Errorf("the same key made another need: %d %v", status, again["id"])
		}
		a.candidates(id)
		if status, got := a.call("firm", http.MethodPost, "/needs/"+id+"/publish", jsonObject{}); status != http.StatusOK || got["state"] != Published {
			t.Errorf("publish: %d %v", status, got)
		}
		if status, got := a.call("lab", http.MethodPost, "/needs/"+id+"/respond", jsonObject{"resource": "s01", "note": "可以做。"}); status != http.StatusOK || got["state"] != Published {
			t.Errorf("respond: %d %v", status, got)
		}
		if status, got := a.call("firm", http.MethodPost, "/needs/"+id+"/accept", jsonObject{"resource": "s01"}); status != http.StatusOK || got["state"] != Matched {
			t.Errorf("accept: %d %v", status, got)
		}
		if status, got := a.call("firm", http.MethodPost, "/needs/"+id+"/accept", jsonObject{"resource": "s01"}); status != http.StatusConflict || !strings.HasSuffix(got["type"].(string), "/already-accepted") {
			t.Errorf("accept twice: %d %v", status, got)
		}
		if status, got := a.call("officer", http.MethodGet, "/needs/"+id, nil); status != http.StatusOK || len(got["timeline"].([]any)) != 3 {
			t.Errorf("the officer reads %d %v", status, got)
		}
		if status, got := a.call("", http.MethodGet, "/needs?state=matched&region=330400", nil); status != http.StatusOK || got["total"] != 1.0 {
			t.Errorf("the public list: %d %v", status, got)
		}
		for _, tt := range []struct {
			as, method, path string
			body             any
			status           int
		}{
			{"", http.MethodPost, "/needs", jsonObject{"text": coatingText}, http.StatusUnauthorized},
			{"lab", http.MethodPost, "/needs", jsonObject{"text": coatingText}, http.StatusForbidden},
			{"firm", http.MethodPost, "/needs", jsonObject{"text": "短"}, http.StatusUnprocessableEntity},
			{"firm", http.MethodPost, "/needs", jsonObject{}, http.StatusUnprocessableEntity},
			{"other", http.MethodGet, "/needs/" + id + "/candidates", nil, http.StatusForbidden},
			{"other", http.MethodPost, "/needs/" + id + "/close", jsonObject{"code": "no-offer"}, http.StatusForbidden},
			{"firm", http.MethodPost, "/needs/" + id + "/decline", jsonObject{"resource": "e01"}, http.StatusUnprocessableEntity},
			{"firm", http.MethodPost, "/needs/" + id + "/dance", jsonObject{}, http.StatusUnprocessableEntity},
			{"firm", http.MethodGet, "/needs/none", nil, http.StatusNotFound},
			{"", http.MethodGet, "/needs?cursor=x", nil, http.StatusBadRequest},
		} {
			if status, got := a.call(tt.as, tt.method, tt.path, tt.body); status != tt.status {
				t.Errorf("%s %s as %q: %d %v, want %d", tt.method, tt.path, tt.as, status, got, tt.status)
			}
		}
	})
}

// candidates have the shape of the contract: resource, score, and reasons and gaps of code and text.
func (a *api) candidates(id string) {
	a.t.Helper()
	status, got := a.call("firm", http.MethodGet, "/needs/"+id+"/candidates", nil, "X-Lang", "en")
	items, _ := got["items"].([]any)
	if status != http.StatusOK || len(items) < 3 {
		a.t.Fatalf("candidates: %d %v", status, got)
	}
	first, _ := items[0].(jsonObject)
	resource, _ := first["resource"].(jsonObject)
	reasons, _ := first["reasons"].([]any)
	gaps, _ := first["gaps"].([]any)
	if resource["id"] != "s01" || len(reasons) < 3 || gaps == nil {
		a.t.Fatalf("the first candidate is %v", first)
	}
	for _, r := range append(reasons, gaps...) {
		remark, _ := r.(jsonObject)
		if remark["code"] == "" || remark["text"] == "" {
			a.t.Errorf("a remark without words: %v", remark)
		}
	}
	if score, _ := first["score"].(float64); score <= 0 || score > 1 {
		a.t.Errorf("score %v", first["score"])
	}
}
