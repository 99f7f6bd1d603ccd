package textindex

import (
	"slices"
	"strings"
	"testing"
)

// shared is one analyser for all tests of the package: the dictionary loads once.
func analyser(t testing.TB) *Analyser {
	t.Helper()
	a := sharedAnalyser
	if err := a.Ready(); err != nil {
		t.Fatal(err)
	}
	return a
}

var sharedAnalyser = NewAnalyser()

// instruments is a small collection used by several tests.
func instruments() []Document {
	doc := func(id, title, text, kind, region string, price int64) Document {
		return Document{ID: id, Title: title, Text: text,
			Keywords: map[string][]string{"kind": {kind}, "region": {region[:2] + "0000", region}},
			Numbers:  map[string]int64{"price": price}, Sorts: map[string]string{"name": title}}
	}
	return []Document{
		doc("sem", "场发射扫描电子显微镜 SEM-5000X", "材料表面形貌观察，配能谱仪，分辨率 1.0 nm", "instrument", "330402", 60000),
		doc("tem", "透射电子显微镜", "晶体结构与缺陷分析", "instrument", "330411", 90000),
		doc("gcms", "气相色谱-质谱联用仪", "挥发性有机物定性定量分析，符合 GB/T 27630", "instrument", "310104", 30000),
		doc("nmr", "600 MHz 核磁共振波谱仪", "有机分子结构解析", "instrument", "330402", 80000),
		doc("wear", "耐磨涂层检测服务", "涂层厚度、结合力与摩擦系数检测", "service", "330402", 20000),
		doc("expert", "张示例 教授", "研究方向：高分子复合材料、导电涂层", "expert", "310104", 0),
		doc("xray", "X-ray diffractometer", "Phase analysis of crystalline materials and coatings", "instrument", "330411", 40000),
	}
}

func engineWith(t testing.TB, docs []Document) *Engine {
	t.Helper()
	e := New(analyser(t), Options{})
	if err := e.Apply(t.Context(), Batch{Put: docs}); err != nil {
		t.Fatal(err)
	}
	return e
}

func found(t testing.TB, e *Engine, r Request) []string {
	t.Helper()
	if r.Limit == 0 {
		r.Limit = 10
	}
	got, err := e.Search(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, len(got.Hits))
	for i, h := range got.Hits {
		ids[i] = h.ID
	}
	return ids
}

func TestSearchFinds(t *testing.T) {
	e := engineWith(t, instruments())
	tests := []struct {
		query string
		least float64
		first string
		n     int // documents in all, -1: any number
	}{
		{"扫描电子显微镜", 1, "sem", 1},
		{"電子顯微鏡", 1, "tem", 2},
		{"显微镜", 1, "tem", 2},
		{"ＳＥＭ－５０００Ｘ", 1, "sem", 1},
		{"sem5000x", 1, "sem", 1},
		{"SEM 5000", 1, "sem", 1},
		{"600MHz", 1, "nmr", 1},
		{"GB/T 27630", 1, "gcms", 1},
		{"色谱质谱", 1, "gcms", 1},
		{"coating phases", 1, "xray", 1},
		{"X-ray", 1, "xray", 1},
		{"涂层", 1, "wear", 2},
		{"想找能做导电涂层的专家", 0, "expert", -1},
		{"这里没有的东西", 1, "", 0},
		{"，。！", 1, "expert", 7},
	}
	for _, tt := range tests {
		r, err := e.Search(t.Context(), Request{Query: tt.query, Least: tt.least, Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		first := ""
		if len(r.Hits) > 0 {
			first = r.Hits[0].ID
		}
		if first != tt.first || tt.n >= 0 && r.Total != tt.n {
			t.Errorf("%s: first %q of %d, want %q of %d", tt.query, first, r.Total, tt.first, tt.n)
		}
	}
}

func TestFacetsLeaveOutTheirOwnFilter(t *testing.T) {
	e := engineWith(t, instruments())
	r, err := e.Search(t.Context(), Request{Limit: 10, Facets: []string{"kind", "region", "absent"},
		Filters: map[string][]string{"kind": {"instrument"}, "region": {"330402", "310104"}}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Total != 3 {
		t.Errorf("total %d, want 3: sem, gcms, nmr", r.Total)
	}
	wantKind := []Count{{"instrument", 3}, {"expert", 1}, {"service", 1}}
	if !slices.Equal(r.Facets["kind"], wantKind) {
		t.Errorf("kind %v, want %v", r.Facets["kind"], wantKind)
	}
	wantRegion := []Count{{"330000", 4}, {"330402", 2}, {"330411", 2}, {"310000", 1}, {"310104", 1}}
	if !slices.Equal(r.Facets["region"], wantRegion) {
		t.Errorf("region %v, want %v", r.Facets["region"], wantRegion)
	}
}

func TestSortRangeAndPages(t *testing.T) {
	e := engineWith(t, instruments())
	low := int64(30000)
	r := Request{Sort: []Sort{{Column: "price", Descending: true}}, Ranges: []Range{{Column: "price", Min: &low}}, Limit: 2}
	if got := found(t, e, r); !slices.Equal(got, []string{"tem", "nmr"}) {
		t.Errorf("first page %v", got)
	}
	r.Offset = 2
	if got := found(t, e, r); !slices.Equal(got, []string{"sem", "xray"}) {
		t.Errorf("second page %v", got)
	}
	r.Offset = 200
	if got := found(t, e, r); len(got) != 0 {
		t.Errorf("page beyond the end %v", got)
	}
	if _, err := e.Search(t.Context(), Request{Sort: []Sort{{Column: "no such"}}, Limit: 1}); err == nil {
		t.Error("an unknown sort column was accepted")
	}
}

func TestExplainNamesWhatMatched(t *testing.T) {
	e := engineWith(t, instruments())
	r, err := e.Search(t.Context(), Request{Query: "我们需要观察材料表面形貌的电子显微镜", Limit: 1, Explain: true, Prose: true})
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, m := range r.Hits[0].Matched {
		words = append(words, m.Word)
	}
	slices.Sort(words)
	for _, w := range []string{"电子显微镜", "材料", "表面"} {
		if !slices.Contains(words, w) {
			t.Errorf("%s is not among the reasons %v", w, words)
		}
	}
	for _, w := range []string{"我们", "需要", "的"} {
		if slices.Contains(words, w) {
			t.Errorf("%s says nothing but is a reason: %v", w, words)
		}
	}
}

func TestHighlight(t *testing.T) {
	e := engineWith(t, nil)
	tests := []struct {
		text, query string
		most        int
		want        []Piece
	}{
		{"場發射掃描電子顯微鏡", "显微镜", 0, []Piece{{"場發射掃描電子", false}, {"顯微鏡", true}}},
		{"Coatings and coat", "coating", 0, []Piece{{"Coatings", true}, {" and ", false}, {"coat", true}}},
		{"的是了", "的", 0, []Piece{{"的是了", false}}},
		{"一二三四五六七八九十涂层甲乙丙丁", "涂层", 6, []Piece{{"…", false}, {"十", false}, {"涂层", true}, {"甲乙丙", false}, {"…", false}}},
		{"", "涂层", 6, nil},
	}
	for _, tt := range tests {
		got, err := e.Highlight(tt.text, tt.query, tt.most)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s in %s: %v, want %v", tt.query, tt.text, got, tt.want)
		}
	}
}

func TestAVeryLongQueryIsBounded(t *testing.T) {
	e := engineWith(t, instruments())
	r, err := e.Search(t.Context(), Request{Query: strings.Repeat("涂层检测", 200_000) + "透射", Limit: 5, Prose: true, Least: 1, Explain: true})
	if err != nil || len(r.Hits) == 0 || r.Hits[0].ID != "wear" {
		t.Errorf("%+v %v", r, err)
	}
}
