package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/textindex"
)

// stock fills the catalogue with n instruments and services of two owners and feeds the index.
func stock(t *testing.T, w *world, n int) {
	t.Helper()
	var a, b strings.Builder
	a.WriteString("仪器设备名称,规格型号,仪器分类编码,计价单位,对外单价（元）,接受创新券\n")
	b.WriteString("名称,服务类别,服务周期,计价单位,对外单价（元）,接受创新券\n")
	for i := range n {
		fmt.Fprintf(&a, "%s第%d台,M-%d,%s,小时,%d,%s\n", []string{"扫描电子显微镜", "质谱仪", "热分析仪"}[i%3], i, i, []string{"010100", "010200", "010900", "020100"}[i%4], 100+i, []string{"是", "否"}[i%2])
		fmt.Fprintf(&b, "%s第%d项,%s,5,样品,%d,是\n", []string{"拉伸测试", "科技查新"}[i%2], i, []string{"检验检测", "科技查新"}[i%2], 50+i)
	}
	w.take(w.Lab, a.String())
	w.take(w.Other, b.String())
	if err := w.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (w *world) find(q Query) Result {
	w.T.Helper()
	r, err := w.Search(w.T.Context(), q)
	if err != nil {
		w.T.Fatalf("search %+v: %v", q, err)
	}
	return r
}

func TestSearchFindsOrdersAndPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		stock(t, w, 24)
		r := w.find(Query{Text: "电子显微镜", Limit: 5})
		if r.Total != 8 || len(r.Items) != 5 || r.Next == "" || !strings.Contains(r.Items[0].Resource.NameZH, "显微镜") || len(r.Items[0].Matched) == 0 {
			t.Fatalf("%d found, %d shown, next %q", r.Total, len(r.Items), r.Next)
		}
		if r := w.find(Query{Text: "SEM"}); r.Total != 8 {
			t.Errorf("by its abbreviation %d are found", r.Total)
		}
		seen := map[string]bool{}
		for cursor, pages := "", 0; ; pages++ {
			p := w.find(Query{Sort: SortPrice, Limit: 7, Cursor: cursor})
			last := int64(-1)
			for _, it := range p.Items {
				if seen[it.ID] || int64(it.Resource.Price.Amount) < last {
					t.Fatalf("%s twice or out of order", it.ID)
				}
				seen[it.ID], last = true, int64(it.Resource.Price.Amount)
			}
			if cursor = p.Next; cursor == "" {
				break
			}
			if pages > 10 {
				t.Fatal("the pages do not end")
			}
		}
		if len(seen) != 48 {
			t.Errorf("paged through %d of 48", len(seen))
		}
		for code, q := range map[string]Query{"bad-cursor": {Text: "x", Cursor: r.Next}, "bad-sort": {Sort: "colour"}, "bad-limit": {Limit: 1000}, "bad-day": {FreeOn: "soon"}, "no-calendar": {FreeOn: "2026-11-23"}} {
			if _, err := w.Search(t.Context(), q); !fault.Is(err, code) {
				t.Errorf("want %s, got %v", code, err)
			}
		}
	})
}

// Shanghai has no city between itself and its districts: the code that the digits have for one is neither counted
// beside Shanghai nor shown as a code.
func TestFacetsNamePlaces(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	regions := "code,name_zh,name_en\n310000,上海市,Shanghai\n310110,杨浦区,Yangpu\n"
	if _, err := w.Orgs.LoadRegions(t.Context(), strings.NewReader(regions), "test"); err != nil {
		t.Fatal(err)
	}
	english := i18n.With(t.Context(), i18n.EN, nil)
	counts := []textindex.Count{{Value: "310000", Count: 3}, {Value: "310100", Count: 2}, {Value: "310110", Count: 2}}
	for chosen, want := range map[string]string{"": "上海市 Shanghai; 上海市 杨浦区 Yangpu, Shanghai; ", "310100": "上海市 Shanghai; 上海市 Shanghai; 上海市 杨浦区 Yangpu, Shanghai; "} {
		values, err := w.label(english, columnRegion, counts, []string{chosen})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, v := range values {
			got += v.LabelZH + " " + v.LabelEN + "; "
		}
		if got != want {
			t.Errorf("%q chosen: %s, want %s", chosen, got, want)
		}
	}
}

func TestTheIndexFollowsTheCatalogue(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.Institutions = func(ctx context.Context, q db.Q, after string, _ int) ([]identity.Organisation, error) {
			orgs, err := w.Orgs.Organisations(ctx, q, []string{w.Lab.Org, w.Other.Org})
			var out []identity.Organisation
			for id, o := range orgs {
				if id > after {
					out = append(out, o)
				}
			}
			slices.SortFunc(out, func(a, b identity.Organisation) int { return strings.Compare(a.ID, b.ID) })
			return out, err
		}
		w.FreeOn = func(context.Context, db.Q, string) ([]string, error) { return []string{w.all(w.Lab)[0].ID}, nil }
		stock(t, w, 6)
		sound := func(when string, want int) {
			t.Helper()
			found, err := w.Verify(t.Context(), w.DB)
			if err != nil || len(found) != want {
				t.Fatalf("%s: %v %v", when, found, err)
			}
		}
		sound("at first", 0)
		if r := w.find(Query{Kinds: []string{KindInstitution}, Text: "检测研究院"}); r.Total != 1 || r.Items[0].Organisation.ID != w.Lab.Org {
			t.Errorf("institution: %+v", r)
		}
		if r := w.find(Query{FreeOn: "2026-11-23"}); r.Total != 1 {
			t.Errorf("free on a day: %d", r.Total)
		}
		one := w.all(w.Lab)[0]
		if _, err := w.Do(t.Context(), w.Lab, one.ID, "withdraw", "已报废"); err != nil {
			t.Fatal(err)
		}
		sound("withdrawn, not yet reindexed", 1)
		if err := w.Reindex(t.Context(), []string{one.ID}); err != nil {
			t.Fatal(err)
		}
		sound("reindexed", 0)
		if r := w.find(Query{Limit: 100}); slices.ContainsFunc(r.Items, func(i Item) bool { return i.ID == one.ID }) {
			t.Error("a withdrawn resource is found")
		}
		if err := w.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		sound("rebuilt", 0)
	})
}
