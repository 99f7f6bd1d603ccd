package textindex

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// shop is a small catalogue as people describe it.
func shop() []Document {
	doc := func(id, zh, en, text string) Document {
		return Document{ID: id, Title: zh + " " + en, Names: []string{zh, en}, Text: text, Keywords: map[string][]string{"kind": {"instrument"}}}
	}
	return []Document{
		doc("sem", "场发射扫描电子显微镜 SEM-5000X", "Field emission scanning electron microscope", "表面形貌观察，配能谱仪，分辨率 1.0 nm"),
		doc("semold", "扫描电镜 SEM-3200", "Scanning electron microscope", "钨灯丝，样品尺寸大"),
		doc("stage", "电镜样品台", "Sample stage", "适用于 SEM-5000X，亦可用于其他扫描电镜"),
		doc("tem", "透射电子显微镜", "Transmission electron microscope", "晶体结构与缺陷分析"),
		doc("gcms", "气相色谱-质谱联用仪", "Gas chromatograph mass spectrometer", "挥发性有机物定性定量分析，符合 GB/T 27630"),
		doc("ms", "高分辨质谱仪", "High resolution mass spectrometer", "spectrometer of large mass range"),
		doc("nmr", "600 MHz 核磁共振波谱仪", "NMR spectrometer", "有机分子结构解析"),
		doc("raman", "激光拉曼光谱仪", "Raman spectrometer", "石墨炉材料、石墨片"),
		doc("coat", "耐磨涂层检测", "Wear resistant coating testing", "涂层厚度、结合力与摩擦系数检测；重金属含量"),
		doc("heavy", "重金属检测", "Heavy metal testing", "水样、土壤"),
		doc("grow", "晶体生长炉", "Crystal growth furnace", "长度可调"),
	}
}

func language(t testing.TB) *Engine {
	e := engineWith(t, shop())
	err := e.SetSynonyms([]Synonym{
		{Words: []string{"电子显微镜", "电镜", "electron microscope"}},
		{Words: []string{"扫描电子显微镜", "扫描电镜", "SEM"}},
		{Words: []string{"核磁共振", "核磁", "NMR"}},
		{Words: []string{"气质联用", "气相色谱-质谱", "GC-MS"}},
		{Words: []string{"光学分析", "拉曼光谱", "红外光谱"}, OneWay: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestWhatAQueryMeans(t *testing.T) {
	e := language(t)
	tests := []struct {
		query   string
		first   string
		instead string
	}{
		// as typed
		{"扫描电子显微镜", "sem", ""},
		{"掃描電子顯微鏡", "sem", ""},
		{"ＳＥＭ－５０００Ｘ", "sem", ""},
		{"SEM-5000X", "sem", ""},
		{"sem5000x", "sem", ""},
		{"SEM 5000X", "sem", ""},
		{"sem3200", "semold", ""},
		{"600MHz", "nmr", ""},
		{"600 MHz", "nmr", ""},
		{"mass spectrometers", "ms", ""},
		// synonyms
		{"GC-MS", "gcms", ""},
		{"气质联用", "gcms", ""},
		{"NMR", "nmr", ""},
		{"光学分析", "raman", ""},
		// marks
		{`"gas chromatograph" 质谱`, "gcms", ""},
		{"质谱 -气相", "ms", ""},
		// pinyin
		{"saomiaodianjing", "semold", "扫描电镜"},
		{"sǎomiáo diànjìng", "semold", "扫描电镜"},
		{"sao3miao2dian4jing4", "semold", "扫描电镜"},
		{"sao miao dian jing", "semold", "扫描电镜"},
		{"smdj", "semold", "扫描电镜"},
		{"扫描dj", "semold", "扫描电镜"},
		{"zhongjinshu", "heavy", "重金属"},
		{"jingtishengzhang", "grow", "晶体生长"},
		// slips
		{"扫瞄电镜", "semold", "扫描电镜"},
		{"透摄电子显微镜", "tem", "透射电子显微镜"},
		{"质普仪", "ms", "质谱仪"},
		{"高分辩质谱", "ms", "高分辨质谱"},
		{"气相色谙", "gcms", "气相色谱"},
		{"specrometer", "ms", "spectrometer"},
		{"micrscope transmisson", "tem", "microscope transmission"}, //nolint:misspell // that is the point
		// nothing is meant that is not there
		{"石墨烯", "raman", ""},
		{"区块链", "", ""},
		{"xyzzyq", "", ""},
		{"how can you be at she", "", ""}, // "can" and "she" are no pinyin in an English sentence
	}
	for _, tt := range tests {
		r, err := e.Search(t.Context(), Request{Query: tt.query, Least: 0.5, Limit: 3, Verify: verifier(shop())})
		if err != nil {
			t.Fatal(err)
		}
		first := ""
		if len(r.Hits) > 0 {
			first = r.Hits[0].ID
		}
		if first != tt.first || r.Instead != tt.instead {
			t.Errorf("%s: %q instead %q, want %q instead %q (%d found)", tt.query, first, r.Instead, tt.first, tt.instead, r.Total)
		}
	}
}

func TestSuggest(t *testing.T) {
	e := language(t)
	tests := []struct{ typed, want string }{
		{"扫描", "扫描电镜 SEM-3200"}, {"saomiao", "扫描电镜 SEM-3200"}, {"saom", "扫描电镜 SEM-3200"}, {"smdj", "扫描电镜"},
		{"质谱", "质谱仪"}, {"zpy", "质谱仪"}, {"mass sp", "mass spectrometer"}, {"扫描dianj", "扫描电镜"}, {"sem-5", "SEM-5000X"}, {"zhong", "重金属检测"},
	}
	for _, tt := range tests {
		got, err := e.Suggest(t.Context(), SuggestRequest{Text: tt.typed})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(got, func(s Suggestion) bool { return s.Text == tt.want && s.Count > 0 }) {
			t.Errorf("%s: %+v lacks %s", tt.typed, got, tt.want)
		}
	}
	for _, typed := range []string{"", " ", "区块链", "\n"} {
		if got, err := e.Suggest(t.Context(), SuggestRequest{Text: typed}); err != nil || len(got) > 0 {
			t.Errorf("%q: %v %v", typed, got, err)
		}
	}
	got, err := e.Suggest(t.Context(), SuggestRequest{Text: "扫描", Filters: map[string][]string{"kind": {"service"}}})
	if err != nil || len(got) > 0 {
		t.Errorf("suggests what the filters leave out: %v %v", got, err)
	}
}

func TestNamesComeBackWithTheSnapshot(t *testing.T) {
	e := language(t)
	path := t.TempDir() + "/s"
	if err := e.Save(path, "7"); err != nil {
		t.Fatal(err)
	}
	again := New(analyser(t), Options{})
	if _, err := again.Load(path); err != nil {
		t.Fatal(err)
	}
	want, err := e.Suggest(t.Context(), SuggestRequest{Text: "zhipu"})
	if err != nil || len(want) == 0 {
		t.Fatal(want, err)
	}
	if got, err := again.Suggest(t.Context(), SuggestRequest{Text: "zhipu"}); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, want %v (%v)", got, want, err)
	}
	data, err := os.ReadFile(namesPath(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, damaged := range [][]byte{nil, data[:len(data)-1], append([]byte{1}, data[1:]...), append(slices.Clone(data[:20]), data[19:]...)} {
		if err := os.WriteFile(namesPath(path), damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := again.Load(path); !errors.Is(err, ErrSnapshot) {
			t.Errorf("%d bytes: %v", len(damaged), err)
		}
	}
	if err := os.Remove(namesPath(path)); err != nil {
		t.Fatal(err)
	}
	if _, err := again.Load(path); !errors.Is(err, ErrSnapshot) {
		t.Error(err)
	}
}

func TestHighlightKnowsWhatAQueryMeans(t *testing.T) {
	e := language(t)
	tests := []struct {
		text, query string
		want        []Piece
	}{
		{"场发射扫描电子显微镜", "扫描电镜", []Piece{{"场发射", false}, {"扫描电子显微镜", true}}},
		{"A mass of mass spectrometers, one mass spectrometer", `"mass spectrometer"`, []Piece{{"A mass of mass spectrometers, one ", false}, {"mass spectrometer", true}}},
		{"质谱与气相", "质谱 -气相", []Piece{{"质谱", true}, {"与气相", false}}},
		{"型号 SEM-5000X", "sem5000x", []Piece{{"型号 ", false}, {"SEM-5000X", true}}},
	}
	for _, tt := range tests {
		got, err := e.Highlight(tt.text, tt.query, 0)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s in %s: %v, want %v", tt.query, tt.text, got, tt.want)
		}
	}
}

func TestManyEqualSyllablesAreNoTrap(t *testing.T) {
	name := []rune(strings.Repeat("啊", 55))
	spelled := analyser(t).readings.spell(name)
	if _, ok := fits(name, spelled, 0, strings.Repeat("a", 54)+"q", false); ok {
		t.Error("what is not there was found")
	}
	if end, ok := fits(name, spelled, 0, strings.Repeat("a", 54), false); !ok || end != 54 {
		t.Error(end, ok)
	}
}
