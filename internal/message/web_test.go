package message_test

import (
	"context"
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
	"qiao/internal/message"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// access lets the person named in the header X-Person act; "op" is the operator.
type access struct{ *world }

func (a access) Require(actions ...string) error { return a.deps.Policy.Require(actions...) }

func (a access) May(ctx context.Context, action string) error {
	return a.deps.Policy.May(identity.SubjectOf(ctx), action)
}

func (access) SignedIn(ctx context.Context) string { return identity.SubjectOf(ctx).Person }

func (access) SignInPage(_ context.Context, back string) string { return "/sign-in?next=" + back }

func (a access) Prepare(_ http.ResponseWriter, r *http.Request) (*http.Request, error) {
	s := identity.Subject{Person: r.Header.Get("X-Person")}
	if s.Person == "op" {
		s.Capacities = []string{identity.CapacityOperator}
	}
	ctx := identity.WithSubject(r.Context(), s)
	ctx = ui.With(ctx, &ui.Chrome{Now: a.clock.Now(), Request: "request-1"})
	return r.WithContext(i18n.With(ctx, i18n.Match(r.Header.Get("Accept-Language")), a.deps.Catalog)), nil
}

func serve(t *testing.T, w *world) *httptest.Server {
	t.Helper()
	s := web.NewServer(web.Options{DB: w.db, Clock: w.clock, Access: access{w}, Log: slog.New(slog.DiscardHandler),
		ErrorPage: func(_ context.Context, e *fault.Error, _ string) templ.Component {
			return templ.ComponentFunc(func(_ context.Context, out io.Writer) error { _, err := io.WriteString(out, e.Text); return err })
		}})
	if err := s.Handle(w.Routes()...); err != nil {
		t.Fatal(err)
	}
	api := s.API("test", "1")
	w.API(api)
	if err := api.Err(); err != nil {
		t.Fatal(err)
	}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewServer(h)
	t.Cleanup(ts.Close)
	ts.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return ts
}

// do asks as a person; a body makes it a POST of a form.
func do(t *testing.T, ts *httptest.Server, person, path string, values url.Values, header ...string) (*http.Response, string) {
	t.Helper()
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if values != nil {
		method, body = http.MethodPost, strings.NewReader(values.Encode())
	}
	req, err := http.NewRequestWithContext(t.Context(), method, ts.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Person", person)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := ts.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(text)
}

func parse(t *testing.T, html string) *goquery.Document {
	t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestInboxPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		ts := serve(t, w)
		if _, html := do(t, ts, "bo", "/desk/messages", nil); parse(t, html).Find(".empty").Length() != 1 {
			t.Error("an empty inbox says nothing")
		}
		w.must(t, accepted("e1"))
		res, html := do(t, ts, "anna", "/desk/messages", nil, "Accept-Language", "en")
		page := parse(t, html)
		if got := page.Find(".inbox li.unread b").Text(); res.StatusCode != 200 || got != "Order DD3304-7 was accepted" {
			t.Fatalf("%d %q", res.StatusCode, got)
		}
		action, _ := page.Find(".inbox form").Attr("action")
		res, _ = do(t, ts, "anna", action, url.Values{"request": {"k1"}})
		if res.StatusCode != 303 || res.Header.Get("Location") != "/desk/orders/7" {
			t.Errorf("opening gives %d to %q", res.StatusCode, res.Header.Get("Location"))
		}
		if _, html = do(t, ts, "anna", "/desk/messages", nil); parse(t, html).Find(".inbox li.unread").Length() != 0 {
			t.Error("an opened message is still unread")
		}
		if res, _ = do(t, ts, "chen", action, url.Values{"request": {"k2"}}); res.StatusCode != 404 {
			t.Errorf("somebody else's message gives %d", res.StatusCode)
		}
		if res, _ = do(t, ts, "", "/desk/messages", nil); res.StatusCode != 303 {
			t.Errorf("a visitor gets %d", res.StatusCode)
		}
	})
}

func TestReadAllLeavesWhatCameLater(t *testing.T) {
	d := dbtest.SQLite(t)
	w := setup(t, d)
	ts := serve(t, w)
	w.must(t, accepted("e1"))
	_, html := do(t, ts, "bo", "/desk/messages", nil)
	drawn, _ := parse(t, html).Find(`input[name="drawn"]`).Attr("value")
	w.clock.Advance(1e9)
	w.must(t, accepted("e2"))
	if res, _ := do(t, ts, "bo", "/desk/messages/read-all", url.Values{"request": {"k1"}, "drawn": {drawn}}); res.StatusCode != 303 {
		t.Fatal(res.StatusCode)
	}
	if n, err := w.Unread(t.Context(), "bo"); err != nil || n != 1 {
		t.Errorf("%d unread, %v", n, err)
	}
	if res, _ := do(t, ts, "bo", "/desk/messages/read-all", url.Values{"request": {"k2"}, "drawn": {"yesterday"}}); res.StatusCode != 400 {
		t.Errorf("an odd moment gives %d", res.StatusCode)
	}
}

func TestSettingsKeepWhatWasTyped(t *testing.T) {
	d := dbtest.SQLite(t)
	w := setup(t, d)
	ts := serve(t, w)
	bad := url.Values{"request": {"k1"}, "on-mail": {"1"}, "on-sms": {"1"}, "address-sms": {"1380013"}}
	res, html := do(t, ts, "bo", "/desk/messages/settings", bad)
	page := parse(t, html)
	if typed, _ := page.Find("#f-address-sms").Attr("value"); res.StatusCode != 422 || typed != "1380013" || !strings.Contains(page.Find("#f-address-sms-error").Text(), "11 位") {
		t.Errorf("%d, typed %q, error %q", res.StatusCode, typed, page.Find("#f-address-sms-error").Text())
	}
	bad.Set("address-sms", "13800138000")
	bad.Set("request", "k2")
	if res, _ = do(t, ts, "bo", "/desk/messages/settings", bad); res.StatusCode != 303 {
		t.Errorf("good settings give %d", res.StatusCode)
	}
	_, html = do(t, ts, "bo", "/desk/messages/settings", nil)
	if _, on := parse(t, html).Find("#f-on-sms").Attr("checked"); !on {
		t.Error("the choice was not kept")
	}
}

func TestOutgoingPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		ts := serve(t, w)
		w.must(t, accepted("e1"))
		w.courier(t)
		bad := accepted("e2")
		bad.Org, bad.Person = "", "x\r\ny"
		w.must(t, bad)
		w.courier(t)
		if res, _ := do(t, ts, "bo", "/desk/outgoing", nil); res.StatusCode != 403 {
			t.Errorf("somebody without the right gets %d", res.StatusCode)
		}
		_, html := do(t, ts, "op", "/desk/outgoing", nil)
		if n := parse(t, html).Find("tbody tr").Length(); n != 3 {
			t.Errorf("%d rows, want 3", n)
		}
		_, html = do(t, ts, "op", "/desk/outgoing?state=parked", nil)
		action, ok := parse(t, html).Find("tbody form").Attr("action")
		if !ok {
			t.Fatal("a parked message cannot be sent again")
		}
		if res, _ := do(t, ts, "op", action, url.Values{"request": {"k1"}}); res.StatusCode != 303 {
			t.Errorf("sending again gives %d", res.StatusCode)
		}
		if n := count(t, d, `SELECT COUNT(*) FROM audit_entry WHERE action = 'message.retry'`); n != 1 {
			t.Errorf("%d audit entries", n)
		}
	})
}

func TestAPI(t *testing.T) {
	d := dbtest.SQLite(t)
	w := setup(t, d)
	ts := serve(t, w)
	w.must(t, accepted("e1"))
	res, body := do(t, ts, "bo", "/api/v1/messages?unread=true", nil)
	if res.StatusCode != 200 || !strings.Contains(body, `"unread":1`) || !strings.Contains(body, `"read_at":null`) {
		t.Fatal(res.StatusCode, body)
	}
	_, rest, _ := strings.Cut(body, `"id":"`)
	res, body = do(t, ts, "bo", "/api/v1/messages/"+rest[:36]+"/read", url.Values{}, "Idempotency-Key", "k", "Content-Type", "application/json")
	if res.StatusCode != 200 || strings.Contains(body, `"read_at":null`) {
		t.Error(res.StatusCode, body)
	}
	if res, body = do(t, ts, "bo", "/api/v1/messages/nothing/read", url.Values{}, "Idempotency-Key", "k2"); res.StatusCode != 404 || !strings.Contains(body, "message-not-found") {
		t.Error(res.StatusCode, body)
	}
}

func TestWithoutSendersThePageSaysSo(t *testing.T) {
	d := dbtest.SQLite(t)
	w := setup(t, d)
	w.deps.Senders = nil
	w.Service = message.New(w.deps)
	ts := serve(t, w)
	if _, html := do(t, ts, "bo", "/desk/messages/settings", nil); parse(t, html).Find("main form.form").Length() != 0 {
		t.Error("settings without a channel still show a form")
	}
	w.must(t, accepted("e1"))
	if n := count(t, d, `SELECT COUNT(*) FROM message_delivery`); n != 0 {
		t.Errorf("%d deliveries without a sender", n)
	}
}

func TestEveryTextHasEnglish(t *testing.T) {
	catalog, err := i18n.New(message.English)
	if err != nil {
		t.Fatal(err)
	}
	missing, err := i18n.Untranslated(".", catalog)
	if err != nil || len(missing) > 0 {
		t.Errorf("%v\n%s", err, strings.Join(missing, "\n"))
	}
	if _, err := i18n.New(message.English, ui.English, form.English); err != nil {
		t.Error(err)
	}
}
