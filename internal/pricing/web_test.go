package pricing

import (
	"context"
	"strings"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/identity/identitytest"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/workday"
)

// shop is one instrument of the laboratory and one of somebody else; who knows their owners.
type shop struct{}

func (shop) Owned(context.Context, db.Q, string) ([]Thing, error) {
	return []Thing{{ID: "sem", Owner: "lab", NameZH: "扫描电镜"}, {ID: "nmr", Owner: "lab", NameZH: "核磁"}}, nil
}

func (shop) Resource(_ context.Context, _ db.Q, id string) (Thing, error) {
	owner := map[string]string{"sem": "lab", "nmr": "lab"}[id]
	return Thing{ID: id, Owner: owner, NameZH: "扫描电镜", Plan: plan(hourly(30_000))}, nil
}

type who struct{}

func (who) Organisations(_ context.Context, _ db.Q, ids []string) (map[string]identity.Organisation, error) {
	out := map[string]identity.Organisation{}
	for _, id := range ids {
		if id == "lab" || id == "firm" {
			out[id] = identity.Organisation{ID: id, NameZH: "示例·" + id}
		}
	}
	return out, nil
}

func (who) Named(_ context.Context, _ db.Q, _, names []string) ([]identity.Organisation, error) {
	if names[0] == "某公司" {
		return []identity.Organisation{{ID: "firm"}}, nil
	}
	return nil, nil
}

func (who) Names(context.Context, db.Q, []string) (map[string]string, error) {
	return map[string]string{"p-lab": "钱检测"}, nil
}

func lab() identity.Subject {
	return identity.Subject{Person: "p-lab", Org: "lab", Role: "admin", Capacities: []string{"provider"}}
}

func other() identity.Subject {
	return identity.Subject{Person: "p-other", Org: "other", Role: "admin", Capacities: []string{"provider"}}
}

func newService(t *testing.T, d *db.DB) (*Service, *clock.Fake) {
	t.Helper()
	table, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	calendar, err := workday.China()
	if err != nil {
		t.Fatal(err)
	}
	now := clock.NewFake(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))
	return New(Deps{DB: d, Clock: now, Policy: table, Resources: shop{}, Organisations: who{}, Calendar: calendar, Sample: true}), now
}

// Versions are dated and never edited; the newest that covers a day counts, a resource's own before the default.
func TestVersions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := newService(t, d)
		ctx := t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		publish := func(resource string, p Plan, r Release) Version {
			t.Helper()
			x, err := s.Begin(ctx, lab(), resource)
			must(err)
			_, err = s.SaveDraft(ctx, lab(), x.ID, func(Plan) (Plan, error) { return p, nil })
			must(err)
			v, err := s.Publish(ctx, lab(), x.ID, r)
			must(err)
			return v
		}
		publish("", plan(hourly(50_000)), Release{})
		publish("sem", plan(hourly(30_000)), Release{From: "2026-12-01"})
		summer := publish("sem", plan(hourly(20_000)), Release{From: "2027-07-01", To: "2027-08-31", Note: "暑期"})
		for day, want := range map[string]int64{"2026-11-22": 0, "2026-11-23": 50_000, "2026-12-01": 30_000, "2027-07-01": 20_000, "2027-08-31": 20_000, "2027-09-01": 30_000} {
			v, err := s.InForce(ctx, d, "lab", "sem", day)
			must(err)
			p, err := v.Plan()
			must(err)
			var got int64
			if len(p.Rates) > 0 {
				got = int64(p.Rates[0].Price)
			}
			if got != want {
				t.Errorf("%s: %d, want %d", day, got, want)
			}
		}
		if _, err := s.Publish(ctx, lab(), summer.Sheet, Release{From: "2027-07-01", To: "2027-08-31"}); !fault.Is(err, "price-same") {
			t.Errorf("the same again: %v", err)
		}
		if _, err := s.Publish(ctx, lab(), summer.Sheet, Release{From: "2026-11-22"}); !fault.Is(err, "price-release") {
			t.Errorf("in the past: %v", err)
		}
		if _, err := s.Publish(ctx, other(), summer.Sheet, Release{}); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("somebody else: %v", err)
		}
		if _, err := s.Begin(ctx, other(), "sem"); !fault.Is(err, "price-foreign") {
			t.Errorf("somebody else's resource: %v", err)
		}
		must(s.Assign(ctx, lab(), Belongs{Org: "firm", Group: Member, From: "2026-12-01", To: "2026-12-31"}))
		for day, want := range map[string]string{"2026-11-30": External, "2026-12-31": Member, "2027-01-01": External} {
			if g, err := s.GroupOf(ctx, d, "lab", "firm", day); err != nil || g != want {
				t.Errorf("%s: %s, %v", day, g, err)
			}
		}
		if g, _ := s.GroupOf(ctx, d, "lab", "lab", "2026-11-30"); g != Internal {
			t.Errorf("the provider itself is %s", g)
		}
		k := Kept{Order: "o", Sheet: summer.Sheet, Version: summer.Version, Facts: booked("11-23 09:00", "11-23 11:00"), Total: 40_000}
		must(d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.Keep(ctx, tx, k) }))
		got, ok, err := s.Kept(ctx, d, "o")
		if err != nil || !ok || got.Total != 40_000 || !got.Facts.Spans[0].From.Equal(k.Facts.Spans[0].From) {
			t.Errorf("kept %+v %v", got, err)
		}
		if found, err := s.Verify(ctx, d); err != nil || len(found) > 0 {
			t.Errorf("verify %v %v", found, err)
		}
		k.Order, k.Total = "wrong", 1
		must(d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.Keep(ctx, tx, k) }))
		if found, err := s.Verify(ctx, d); err != nil || len(found) != 1 || found[0].Code != "price.kept" {
			t.Errorf("verify does not see a wrong total: %v %v", found, err)
		}
	})
}

// The owner builds a plan line by line, tries it, publishes it, reads it out and in again.
func TestPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := newService(t, d)
		w := identitytest.New(t, identitytest.Deps{DB: s.db, Clock: s.clock, Policy: s.policy, English: English, People: map[string]identity.Subject{"lab": lab(), "other": other()}}, s)
		w.Page("lab", "/desk/prices", 200, "还没有价格方案", "扫描电镜")
		w.Page("", "/desk/prices", 303)
		path := w.Post("lab", "/desk/prices", 303, "resource", "sem")
		w.Page("lab", path, 200, "¥300/小时", "有未发布的草稿")
		w.Page("other", path, 403)
		// a mistake keeps what was typed and saves nothing
		bad := w.Post("lab", path+"/draft", 422, "section", "periods", "n", "0", "text", "夜间", "percent", "50", "from", "25:00", "to", "06:00")
		if !strings.Contains(bad, `value="25:00"`) || !strings.Contains(bad, "时间请写成 22:00") {
			t.Error("the typed time is lost or not named")
		}
		bad = w.Post("lab", path+"/draft", 422, "section", "rates", "n", "1", "unit", "sample", "price", "120", "steps", "十个 两百")
		if !strings.Contains(bad, "十个 两百") || !strings.Contains(bad, "阶梯每行写") {
			t.Error("the typed steps are lost or not named")
		}
		bad = w.Post("lab", path+"/draft", 422, "section", "overtime", "n", "0", "percent", "150", "price", "450")
		if !strings.Contains(bad, "请填一个，也只填一个") {
			t.Error("two prices of overtime at once")
		}
		for _, line := range [][]string{
			{"section", "periods", "n", "0", "text", "晚间", "percent", "150", "from", "18:00", "to", "24:00"},
			{"section", "rates", "n", "1", "text", "送样", "unit", "sample", "price", "120", "steps", "10 100", "groups", "external", "more_groups", "park"},
			{"section", "add_ons", "n", "0", "text", "操作员", "unit", "hour", "price", "150", "by", "time", "must", "1"},
			{"section", "discounts", "n", "0", "text", "九折", "percent", "10", "over", "amount", "from", "1000"},
			{"section", "overtime", "n", "0", "price", "450", "free", "10"},
			{"section", "cancel", "n", "0", "hours", "24", "percent", "20"},
			{"section", "no_show", "n", "0", "percent", "100"},
			{"section", "basis", "n", "0", "basis", "longer", "begun", "15"},
		} {
			w.Post("lab", path+"/draft", 303, line...)
		}
		// 17–20: 300 + 2 × 450, operator 3 × 150, ten per cent off 1,650
		w.Page("lab", path+"?start=2026-11-24T17:00&hours=3&quantity=1&group=external&kind=booking", 200, "¥900", "¥450", "−¥165", "¥1,485", "超出 10 样 的部分", "park")
		w.Post("lab", path+"/draft", 303, "section", "discounts", "n", "0", "do", "remove")
		w.Post("lab", path+"/draft", 409, "section", "discounts", "n", "7", "do", "remove")
		w.Post("lab", path+"/publish", 422, "from", "2026-11-01")
		w.Post("lab", path+"/publish", 303, "from", "2026-11-23", "note", "第一版")
		file := w.Page("lab", path+"/plan.json", 200, `"add_ons"`)
		w.Page("lab", path+"/versions/1", 200, "晚间", "操作员", "超时 · ¥450/小时 · 10 分钟以内不收")
		w.Page("lab", path+"/versions/2", 404)
		w.Post("lab", path+"/draft", 303, "section", "rates", "n", "0", "text", "", "unit", "hour", "price", "320")
		w.Page("lab", path, 200, "有未发布的草稿", "第 1 版价格")
		w.Post("lab", path+"/publish", 303, "from", "2026-12-01")
		w.Page("lab", path+"/versions/2", 200, "与第 1 版相比", "¥320/小时")

		api := "/api/v1/prices/" + strings.TrimPrefix(path, "/desk/prices/")
		w.Send("lab", "PUT", api+"/draft", "application/json", file, 200)
		w.Send("lab", "PUT", api+"/draft", "application/json", `{"rates":[{"id":"a","unit":"hour","price":-5}]}`, 422)
		w.Send("other", "PUT", api+"/draft", "application/json", file, 403)
		if got := w.Send("lab", "POST", api+"/preview", "application/json", `{"spans":[{"from":"2026-11-24T09:00:00Z","to":"2026-11-24T12:00:00Z"}]}`, 200); !strings.Contains(got, `"total":165000`) {
			t.Errorf("preview %s", got)
		}
		w.Send("lab", "POST", api+"/preview", "application/json", `{"spans":[{"from":"2026-11-24T12:00:00Z","to":"2026-11-24T09:00:00Z"}]}`, 422)
		w.Send("lab", "POST", api+"/publish", "application/json", `{"from":"2027-01-01"}`, 200)
		if got := w.Send("lab", "GET", api, "", "", 200); !strings.Contains(got, `"version":3`) {
			t.Errorf("versions %s", got)
		}
		w.Post("lab", "/desk/price-groups", 303, "org", "某公司", "group", "member")
		w.Post("lab", "/desk/price-groups", 422, "org", "没有的公司", "group", "member")
		w.Page("lab", "/desk/prices", 200, "示例·firm", "会员单位", "第 1 版生效中")
	})
}

func FuzzSteps(f *testing.F) {
	for _, s := range []string{"10 200\n50=150.5", "a b", "1 2 3", "9223372036854775808 1", "5：3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		steps, ok := parseSteps(text)
		if !ok {
			return
		}
		again, ok := parseSteps(writeSteps(steps))
		for i := range steps {
			if !ok || len(again) != len(steps) || again[i] != steps[i] {
				t.Fatalf("%q: %v came back as %v", text, steps, again)
			}
		}
	})
}
