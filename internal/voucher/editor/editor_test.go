package editor

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/identity"
	"qiao/internal/identity/identitytest"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme"
	"qiao/internal/voucher/scheme/schemetest"
)

// register is identity in memory: organisations with their region and one capacity.
type register map[string]identity.Organisation

func (r register) Organisation(_ context.Context, _ db.Q, org string) (identity.Organisation, error) {
	return r[org], nil
}

func (r register) Organisations(_ context.Context, _ db.Q, ids []string) (map[string]identity.Organisation, error) {
	out := maps.Clone(r)
	maps.DeleteFunc(out, func(id string, _ identity.Organisation) bool { return !slices.Contains(ids, id) })
	return out, nil
}

func (r register) CapacitiesOf(_ context.Context, _ db.Q, org string) ([]identity.Capacity, error) {
	return []identity.Capacity{{Organisation: org, Capacity: r[org].Kind, ValidFrom: "2020-01-01", VerifiedOn: "2020-01-01"}}, nil
}

func (register) People(context.Context, db.Q, string, ...string) ([]identity.PersonRef, error) {
	return nil, nil
}

func (register) Names(_ context.Context, _ db.Q, people []string) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range people {
		out[p] = "名·" + p
	}
	return out, nil
}

func (r register) Authorities(context.Context, db.Q, string) ([]string, error) {
	return []string{"authority"}, nil
}

func (register) Region(_ context.Context, _ db.Q, code string) (identity.Region, error) {
	return identity.Region{Code: code, NameZH: "地区" + code, NameEN: "Region " + code}, nil
}
func (register) RegionPath(code string) string { return code }

// deeds are the confirmed orders of a provider.
type deeds map[string][]voucher.ClaimableOrder

func (d deeds) ForClaim(_ context.Context, _ db.Q, provider string) ([]voucher.ClaimableOrder, error) {
	return d[provider], nil
}

func (deeds) ForRepay(context.Context, db.Q, string) ([]voucher.ClaimableOrder, error) {
	return nil, nil
}

type world struct {
	*Service
	t        *testing.T
	vouchers *voucher.Service
	clock    *clock.Fake
	orders   deeds
	officer  identity.Subject
	officer2 identity.Subject
	firm     identity.Subject
	lab      identity.Subject
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	policy, err := identity.NewPolicy()
	must(t, err)
	files, err := blob.NewDisk(t.TempDir())
	must(t, err)
	orgs := register{}
	join := func(org, region, capacity, role string) identity.Subject {
		orgs[org] = identity.Organisation{ID: org, NameZH: org, Region: region, Kind: capacity, Status: identity.StatusVerified}
		return identity.Subject{Person: org + "-" + role, Org: org, OrgName: org, Role: role, Region: region, Capacities: []string{capacity}, Membership: org + role}
	}
	w := &world{
		t: t, clock: clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)), orders: deeds{},
		officer: join("authority", "330400", "authority", "officer"), firm: join("firm", "330402", "enterprise", "admin"), lab: join("lab", "310115", "provider", "admin"),
	}
	w.officer2 = join("elsewhere", "310000", "authority", "officer")
	w.vouchers = voucher.New(voucher.Deps{DB: d, Clock: w.clock, Policy: policy, Organisations: orgs, Orders: w.orders, Files: files})
	w.Service = New(Deps{DB: d, Clock: w.clock, Policy: policy, Programmes: w.vouchers, Organisations: orgs})
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// programme is one that is in force, with two orders that were paid and claimed.
func (w *world) programme() voucher.Programme {
	w.t.Helper()
	ctx := w.t.Context()
	p, err := w.vouchers.PutProgramme(ctx, w.officer, "", scheme.Draft{
		Region: "330400", Name: scheme.Name{ZH: "示例·券"}, OpensOn: "2026-01-01", ClosesOn: "2099-12-31", Sample: true, Terms: schemetest.Plain(5000),
	}, "")
	must(w.t, err)
	a, err := w.vouchers.Apply(ctx, w.firm, voucher.ApplyRequest{Programme: p.ID, Amount: 10_000_00, Purpose: "测试", Statements: []string{"honest"}})
	must(w.t, err)
	_, err = w.vouchers.Approve(ctx, w.officer, a.ID, voucher.Decision{})
	must(w.t, err)
	for i, price := range []money.Fen{1_000_00, 3_000_00} {
		order := fmt.Sprintf("o%d", i)
		must(w.t, w.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if _, err := w.vouchers.Hold(ctx, tx, voucher.HoldRequest{Order: order, Programme: p.ID, Firm: "firm", Provider: "lab", Kind: "instrument", Class: "030303", Price: price, Amount: price / 2}); err != nil {
				return err
			}
			return w.vouchers.Use(ctx, tx, order, p.ID, price/2, "")
		}))
		w.orders["lab"] = append(w.orders["lab"], voucher.ClaimableOrder{Order: order, Number: "DD" + order, Title: "拉伸试验", Buyer: "firm", Price: price})
	}
	_, err = w.vouchers.Redeem(ctx, w.lab, voucher.RedeemRequest{Programme: p.ID, Orders: []string{"o0", "o1"}, Documents: []voucher.Document{{Code: "invoice", Name: "发票.pdf", SHA256: strings.Repeat("a", 64)}}})
	must(w.t, err)
	return p
}

// A draft from the rules in force: changed, compared, tried on the orders of the past, published from a day on.
func TestNextRules(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		p := w.programme()
		draft, err := w.Begin(ctx, w.officer, Begin{Programme: p.ID, Key: "k"})
		must(t, err)
		if draft.Scheme.Terms.Version != 2 || draft.Scheme.Terms.From != "2026-11-22" {
			t.Errorf("version %d from %s", draft.Scheme.Terms.Version, draft.Scheme.Terms.From)
		}
		again, err := w.Begin(ctx, w.officer, Begin{Programme: p.ID, Key: "k"})
		must(t, err)
		if again.ID != draft.ID {
			t.Error("the same request began a second draft")
		}
		if _, err := w.Begin(ctx, w.officer2, Begin{Programme: p.ID}); !fault.Is(err, "other-region") {
			t.Errorf("another authority: %v", err)
		}
		if _, err := w.Begin(ctx, w.firm, Begin{}); err == nil {
			t.Error("a firm writes rules")
		}
		to := draft.Scheme
		to.Terms.Ratio.Value = []scheme.Tier{{UpTo: 1_000_00, BasisPoints: 10000}, {BasisPoints: 2000}}
		saved, err := w.Save(ctx, w.officer, draft.ID, to, draft.Revision)
		must(t, err)
		if _, err := w.Save(ctx, w.officer, draft.ID, to, draft.Revision); !fault.Is(err, "draft-changed") {
			t.Errorf("an old page was saved over a newer one: %v", err)
		}
		r, err := w.Simulate(ctx, d, p.ID, saved.Scheme.Terms, Span{"2026-01-01", "2026-12-31"})
		must(t, err)
		if r.All.Deeds != 2 || r.All.Paid != 2_000_00 || r.All.Cost != 1_000_00+1_400_00 || r.BySort[0].Key != "enterprise" || r.ByRegion[0].Key != "310115" {
			t.Errorf("simulation %+v", r)
		}
		if _, err := w.Simulate(ctx, d, p.ID, to.Terms, Span{"2026-12-31", "2026-01-01"}); !fault.Is(err, "span-invalid") {
			t.Errorf("a span that ends before it begins: %v", err)
		}
		if _, err := w.Publish(ctx, w.officer, draft.ID, "2026-11-21", ""); !fault.Is(err, "terms-too-early") {
			t.Errorf("rules changed backwards: %v", err)
		}
		_, err = w.Publish(ctx, w.officer, draft.ID, "2026-12-01", "")
		must(t, err)
		if _, err := w.Draft(ctx, w.officer, draft.ID); !fault.Is(err, "draft-not-found") {
			t.Errorf("a published draft is still there: %v", err)
		}
		versions, err := w.vouchers.Versions(ctx, d, p.ID)
		must(t, err)
		if len(versions) != 2 || versions[0].From != "2026-12-01" {
			t.Errorf("versions %+v", versions)
		}
	})
}

// What a published scheme leaves open keeps its draft from being published, and is told by name.
func TestFromExample(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		draft, err := w.Begin(ctx, w.officer, Begin{Example: "yuhuan-2023"})
		must(t, err)
		if draft.Region != "330400" || draft.Scheme.OpensOn != "2026-11-21" || draft.Scheme.ClosesOn != "2026-12-31" {
			t.Errorf("draft %+v", draft)
		}
		_, err = w.Publish(ctx, w.officer, draft.ID, "", "")
		f := fault.Of(err)
		if f == nil || f.Code != "terms-open" || !slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Name == "budget" }) {
			t.Fatalf("got %v", err)
		}
		if _, err := w.Begin(ctx, w.officer, Begin{Example: "atlantis"}); !fault.Is(err, "scheme-not-found") {
			t.Errorf("got %v", err)
		}
		must(t, w.Discard(ctx, w.officer, draft.ID))
		list, err := w.Drafts(ctx, w.officer)
		must(t, err)
		if len(list) != 0 {
			t.Errorf("%d drafts are left", len(list))
		}
	})
}

// What the form shows is what it takes: every published scheme goes through the form unchanged.
func TestFormRoundTrip(t *testing.T) {
	all, err := scheme.Examples()
	must(t, err)
	for _, e := range all {
		t.Run(e.Code, func(t *testing.T) {
			f := show(e.Programme)
			back := take(f, e.Programme)
			if !f.OK() {
				t.Fatalf("the form refuses what it shows: %+v", f.Errors)
			}
			want, err := json.Marshal(e.Programme)
			must(t, err)
			got, err := json.Marshal(back)
			must(t, err)
			if string(got) != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestPercentages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 10000).Draw(t, "basis points")
		var d scheme.Draft
		d.Terms.Ratio.Value = []scheme.Tier{{BasisPoints: n}}
		if got := take(show(d), d).Terms.Ratio.Value; len(got) != 1 || got[0].BasisPoints != n {
			t.Fatalf("%d became %+v", n, got)
		}
	})
}

func TestPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.programme()
		draft, err := w.Begin(t.Context(), w.officer, Begin{Programme: p.ID})
		must(t, err)
		s := identitytest.New(t, identitytest.Deps{DB: d, Clock: w.clock, Policy: w.policy, English: English, People: map[string]identity.Subject{"officer": w.officer, "firm": w.firm, "other": w.officer2}}, w.Service)
		at := "/desk/schemes/" + draft.ID
		for path, text := range map[string]string{
			"/schemes": "玉环市科技创新券（2023）", "/schemes/yuhuan-2023": "手里只有一张 2 万元的券", "/schemes/motor-trade-in": "kW",
			"/programmes/" + p.ID + "/versions": "最初的规则",
		} {
			says(t, s, "", path, http.StatusOK, text)
		}
		says(t, s, "", "/schemes/atlantis", http.StatusNotFound, "")
		says(t, s, "firm", "/desk/schemes", http.StatusForbidden, "")
		says(t, s, "officer", "/desk/schemes", http.StatusOK, "示例·券")
		for path, text := range map[string]string{
			at: "逐项填写", at + "/text": "basis_points", at + "/preview?price=300": "¥150", at + "/preview?price=x": "", at + "/simulation": "¥2,000", at + "/simulation?from=2025-01-01&to=2025-02-01": "没有已申请兑付的订单",
		} {
			status := http.StatusOK
			if strings.HasSuffix(path, "=x") {
				status = http.StatusUnprocessableEntity
			}
			says(t, s, "officer", path, status, text)
			says(t, s, "other", path, http.StatusForbidden, "")
		}
		send := func(path string, values url.Values, status int, text string) {
			t.Helper()
			if page := s.Send("officer", http.MethodPost, path, "application/x-www-form-urlencoded", values.Encode(), status); !strings.Contains(page, text) {
				t.Errorf("POST %s does not say %q", path, text)
			}
		}
		send(at+"/text", url.Values{"body": {"{\n\"nam\": 1}"}}, http.StatusUnprocessableEntity, "第 2 行")
		values := formOf(draft.Scheme)
		values.Set("caps.year", "many")
		send(at, values, http.StatusUnprocessableEntity, "many")
		values.Set("caps.year", "12,345.60")
		values.Set("caps.year.source", "rules")
		send(at, values, http.StatusSeeOther, "")
		says(t, s, "officer", at+"/preview", http.StatusOK, "¥12,345.60")
		send(at+"/publish", url.Values{"from": {"2026-11-21"}}, http.StatusUnprocessableEntity, "明天")
		send(at+"/publish", url.Values{"from": {"2026-11-30"}}, http.StatusSeeOther, "")
		says(t, s, "", "/programmes/"+p.ID+"/versions", http.StatusOK, "¥12,345.60")
	})
}

// formOf is a draft as a browser would send it.
func formOf(d scheme.Draft) url.Values {
	f := show(d)
	out := url.Values{}
	for _, name := range f.Names("") {
		out.Set(name, f.Value(name))
	}
	return out
}

func says(t *testing.T, s *identitytest.Site, as, path string, status int, text string) {
	t.Helper()
	s.Page(as, path, status, text)
}

func TestAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.programme()
		s := identitytest.New(t, identitytest.Deps{DB: d, Clock: w.clock, Policy: w.policy, English: English, People: map[string]identity.Subject{"officer": w.officer, "other": w.officer2}}, w.Service)
		says(t, s, "", "/api/v1/voucher-schemes", http.StatusOK, "yuhuan-2023")
		says(t, s, "", "/api/v1/voucher-programmes/"+p.ID+"/diff", http.StatusOK, `"changes":[]`)
		says(t, s, "", "/api/v1/voucher-programmes/"+p.ID+"/diff?to=7", http.StatusNotFound, "")
		tried := p.Draft()
		tried.Terms.Ratio.Value[0].BasisPoints = 2500
		call := func(as string, in simulateBody, status int, text string) {
			t.Helper()
			b, err := json.Marshal(in)
			must(t, err)
			page := s.Send(as, http.MethodPost, "/api/v1/voucher-programmes/"+p.ID+"/simulate", "application/json", string(b), status)
			if !strings.Contains(page, text) {
				t.Errorf("simulate as %q gives %s, want %q", as, page, text)
			}
		}
		call("officer", simulateBody{Programme: tried}, http.StatusOK, `"cost":100000`)
		call("other", simulateBody{Programme: tried}, http.StatusForbidden, "")
		tried.Terms.Ratio.Value = []scheme.Tier{{BasisPoints: 10001}}
		call("officer", simulateBody{Programme: tried}, http.StatusUnprocessableEntity, "ratio")
	})
}

func FuzzParseScheme(f *testing.F) {
	f.Add(`{"region":"330400","terms":{"version":1}}`)
	f.Add("{\n\"terms\": {\"ratio\": 5}}")
	f.Add(`{} {}`)
	f.Fuzz(func(_ *testing.T, text string) {
		d, err := ParseScheme(text)
		if err != nil {
			return
		}
		_ = blockers(d)
		take(show(d), d)
	})
}
