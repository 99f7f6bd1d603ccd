package policy_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/policy"
)

// page asks a service's own route table for an address and reads the page.
func page(t *testing.T, s *policy.Service, address string, lang i18n.Lang) (*goquery.Document, error) {
	t.Helper()
	catalog, err := i18n.New(policy.English)
	if err != nil {
		t.Fatal(err)
	}
	mux, failed := http.NewServeMux(), error(nil)
	for _, r := range s.Routes() {
		mux.HandleFunc(r.Pattern, func(w http.ResponseWriter, req *http.Request) { failed = r.Handle(w, req) })
	}
	ctx := ui.With(i18n.With(context.Background(), lang, catalog), &ui.Chrome{Assets: func(name string) string { return "/" + name }})
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil).WithContext(ctx))
	if failed != nil {
		return nil, failed
	}
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil || w.Code != http.StatusOK {
		t.Fatalf("%s: status %d, %v", address, w.Code, err)
	}
	return doc, nil
}

func TestCallsPage(t *testing.T) {
	s := service(dbtest.SQLite(t))
	if err := s.PutCalls(context.Background(), records(), nil); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]int{
		"/calls": 5, "/calls?state=open": 1, "/calls?q=" + url.QueryEscape("碳纤维"): 1, "/calls?q=" + url.QueryEscape("量子"): 0,
	} {
		doc, err := page(t, s, address, i18n.ZH)
		if err != nil {
			t.Fatal(err)
		}
		if got := doc.Find(".item").Length(); got != want {
			t.Errorf("%s shows %d calls, want %d", address, got, want)
		}
		if want == 0 && doc.Find(".empty").Length() != 1 {
			t.Errorf("%s does not say that there is nothing", address)
		}
	}
	if _, err := page(t, s, "/calls?after=x", i18n.ZH); !fault.Is(err, "bad-cursor") {
		t.Errorf("a broken cursor: %v", err)
	}
}

func TestCallPage(t *testing.T) {
	s := service(dbtest.SQLite(t))
	if err := s.PutCalls(context.Background(), records(), nil); err != nil {
		t.Fatal(err)
	}
	found, err := s.Calls(context.Background(), policy.Query{Text: "次序颠倒"})
	if err != nil || len(found.Items) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	doc, err := page(t, s, "/calls/"+found.Items[0].ID, i18n.EN)
	if err != nil {
		t.Fatal(err)
	}
	if got := doc.Find("h1").Text(); !strings.Contains(got, "次序颠倒的通知") {
		t.Errorf("heading %q", got)
	}
	if got := doc.Find(".remarks").Text(); !strings.Contains(got, "deadline is before the day of publication") {
		t.Errorf("remarks %q", got)
	}
	if got := doc.Find(".provenance").Text(); !strings.Contains(got, "CC0-1.0") || !strings.Contains(got, "2026-11-21") {
		t.Errorf("provenance %q", got)
	}
	if _, err := page(t, s, "/calls/nobody", i18n.ZH); !fault.Is(err, "call-not-found") {
		t.Errorf("no such call: %v", err)
	}
}
