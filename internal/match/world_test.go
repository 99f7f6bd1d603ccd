package match

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
)

// world is a service over the fixture's supplies, with a fake clock.
type world struct {
	*Service
	clock *clock.Fake
	list  *fixture
}

type fakeRegions struct{}

func (fakeRegions) RegionPath(code string) string {
	for _, p := range somePlaces() {
		if p.Code == code {
			return p.Name
		}
	}
	return code
}

func (fakeRegions) Places(context.Context, db.Q) ([]Place, error) { return somePlaces(), nil }

type fakeOrgs struct{}

func (fakeOrgs) Organisations(_ context.Context, _ db.Q, ids []string) (map[string]identity.Organisation, error) {
	out := map[string]identity.Organisation{}
	for _, one := range ids {
		out[one] = identity.Organisation{ID: one, NameZH: "示例·单位" + one, Status: identity.StatusVerified}
	}
	return out, nil
}

type fakeSlots struct{}

func (fakeSlots) NextFree(_ context.Context, _ db.Q, resources []string) (map[string]string, error) {
	out := map[string]string{}
	for _, r := range resources {
		out[r] = "2026-11-23"
	}
	return out, nil
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	f := supplies(t)
	c := clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC))
	s := New(Deps{DB: d, Clock: c, Policy: policy, Analyser: sharedAnalyser, Index: fixtureIndex(t, f), Suppliers: f, Slots: fakeSlots{},
		Regions: fakeRegions{}, Organisations: fakeOrgs{}})
	return &world{s, c, f}
}

func firm(org string) identity.Subject {
	return identity.Subject{Person: "p-" + org, Membership: "m-" + org, Org: org, Role: identity.RoleAdmin, Region: "330402", Capacities: []string{identity.CapacityEnterprise}}
}

func provider(resource string) identity.Subject {
	s := firm("owner-" + resource)
	s.Capacities = []string{identity.CapacityProvider}
	return s
}

func officer() identity.Subject {
	s := firm("bureau")
	s.Region, s.Capacities = "330400", []string{identity.CapacityAuthority}
	return s
}

func broker() identity.Subject {
	s := firm("broker")
	s.Region, s.Capacities = "330400", []string{identity.CapacityIntermediary}
	return s
}

const coatingText = "产品表面镀了一层耐磨涂层，客户要求做中性盐雾 480 小时，还要测涂层厚度和结合力，需要 CMA 报告，联系 13800138000。"

func (w *world) create(t testing.TB, r CreateRequest) Need {
	t.Helper()
	if r.Text == "" {
		r.Text = coatingText
	}
	n, err := w.Create(t.Context(), firm("f1"), r)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *world) do(t testing.TB, by identity.Subject, need, verb string, r VerbRequest) Need {
	t.Helper()
	n, err := w.Do(t.Context(), by, need, verb, r)
	if err != nil {
		t.Fatalf("%s: %v", verb, err)
	}
	return n
}

func (w *world) refuses(t testing.TB, code string, by identity.Subject, need, verb string, r VerbRequest) {
	t.Helper()
	if _, err := w.Do(t.Context(), by, need, verb, r); !fault.Is(err, code) {
		t.Errorf("%s gave %v, want %s", verb, err, code)
	}
}

func (w *world) sound(t testing.TB) {
	t.Helper()
	findings, err := w.Verify(t.Context(), w.DB)
	if err != nil || len(findings) > 0 {
		t.Errorf("findings %v, %v", findings, err)
	}
}

// get renders a page as somebody.
func (w *world) get(t testing.TB, by identity.Subject, lang i18n.Lang, path string) (*httptest.ResponseRecorder, *goquery.Document, error) {
	t.Helper()
	return w.send(t, by, lang, http.MethodGet, path, nil)
}

func (w *world) send(t testing.TB, by identity.Subject, lang i18n.Lang, method, path string, values url.Values) (*httptest.ResponseRecorder, *goquery.Document, error) {
	t.Helper()
	mux := http.NewServeMux()
	var failed error
	for _, r := range w.Routes() {
		mux.HandleFunc(r.Pattern, func(rw http.ResponseWriter, req *http.Request) { failed = r.Handle(rw, req) })
	}
	catalog, err := i18n.New(English)
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(method, path, strings.NewReader(values.Encode()))
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req = req.WithContext(identity.WithSubject(i18n.With(t.Context(), lang, catalog), by))
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, req)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(rec.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	return rec, doc, failed
}
