package policy_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"qiao/internal/identity"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/policy"
)

// page asks a service's own route table for an address and reads the page.
func page(t *testing.T, s *policy.Service, address string, lang i18n.Lang) (*goquery.Document, error) {
	t.Helper()
	return pageAs(t, s, address, lang, identity.Subject{})
}

// pageAs reads it as somebody.
func pageAs(t *testing.T, s *policy.Service, address string, lang i18n.Lang, sub identity.Subject) (*goquery.Document, error) {
	t.Helper()
	catalog, err := i18n.New(policy.English)
	if err != nil {
		t.Fatal(err)
	}
	mux, failed := http.NewServeMux(), error(nil)
	for _, r := range s.Routes() {
		mux.HandleFunc(r.Pattern, func(w http.ResponseWriter, req *http.Request) { failed = r.Handle(w, req) })
	}
	ctx := identity.WithSubject(ui.With(i18n.With(context.Background(), lang, catalog), &ui.Chrome{Assets: func(name string) string { return "/" + name }}), sub)
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
	s := service(t, dbtest.SQLite(t))
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
	s := service(t, dbtest.SQLite(t))
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

// A call that names a list tells a firm whether it stands on it; a ban is said on every call.
func TestACallAsksForAList(t *testing.T) {
	s := service(t, dbtest.SQLite(t))
	record := func(id, title string) policy.Record {
		return policy.Record{Source: "test", SourceID: id, Title: title, Agency: "示例·科技计划", Published: "2026-11-02", Deadline: "2026-12-01", Licence: "CC0-1.0", RetrievedOn: "2026-11-21"}
	}
	if err := s.PutCalls(t.Context(), []policy.Record{record("1", "2026年度科技型中小企业创新资金"), record("2", "2026年度碳纤维专项")}, nil); err != nil {
		t.Fatal(err)
	}
	find := func(text string) string {
		p, err := s.Calls(t.Context(), policy.Query{Text: text})
		if err != nil || len(p.Items) != 1 {
			t.Fatal(p, err)
		}
		return "/calls/" + p.Items[0].ID
	}
	firm := func(org string) identity.Subject {
		return identity.Subject{Person: "p", Org: org, Capacities: []string{identity.CapacityEnterprise}}
	}
	for _, x := range []struct {
		call, as string
		sub      identity.Subject
		want     string // tone of the remarks, in order
	}{
		{"科技型中小企业", "visitor", identity.Subject{}, "asked"}, {"科技型中小企业", "provider", identity.Subject{Person: "p", Org: "listed"}, "asked"}, {"科技型中小企业", "listed", firm("listed"), "ok"},
		{"科技型中小企业", "unlisted", firm("other"), "bad"}, {"科技型中小企业", "banned", firm("banned"), "bad bad"}, {"碳纤维", "banned", firm("banned"), "bad"}, {"碳纤维", "listed", firm("listed"), ""}, {"碳纤维", "visitor", identity.Subject{}, ""},
	} {
		for _, lang := range []i18n.Lang{i18n.ZH, i18n.EN} {
			d, err := pageAs(t, s, find(x.call), lang, x.sub)
			if err != nil {
				t.Fatal(err)
			}
			var tones []string
			d.Find(".remarks li").Each(func(_ int, li *goquery.Selection) { tones = append(tones, li.AttrOr("class", "")) })
			got := strings.Join(tones, " ")
			if got == "" && strings.Contains(d.Find("h2").Text(), map[i18n.Lang]string{i18n.ZH: "名单要求", i18n.EN: "Lists asked for"}[lang]) {
				got = "asked"
			}
			if got != x.want {
				t.Errorf("%s as %s in %s: %q, want %q", x.call, x.as, lang, got, x.want)
			}
		}
	}
}
