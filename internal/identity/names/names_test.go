package names_test

import (
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"qiao/internal/identity/names"
)

func TestNormalise(t *testing.T) {
	for in, want := range map[string]string{
		"浙江大学（紫金港校区）": "浙江大学紫金港校区", "ＺＨＥＪＩＡＮＧ　University": "zhejiang university", " 浙江 大學 ": "浙江大学", "": "", "IFlyTek (China)": "iflytek china",
		"Women's Hospital": "womens hospital", "中车-株洲": "中车株洲",
	} {
		if got := names.Normalise(in); got != want {
			t.Errorf("Normalise(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"嘉兴市禾城新材料有限公司": "嘉兴市禾城新材料", "华为技术有限公司": "华为技术", "The University of Hong Kong": "university hong kong", "Zoomlion Co., Ltd. (China)": "zoomlion", "有限公司": "有限公司"} {
		if got := names.Core(in); got != want {
			t.Errorf("Core(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestRegistered(t *testing.T) {
	for _, same := range [][]string{
		{"嘉兴桥（浙江）科技有限公司", "嘉兴桥(浙江)科技有限责任公司", " 嘉兴桥 （浙江） 科技有限公司", "嘉兴桥【浙江】科技有限公司", "嘉興橋（浙江）科技有限公司"},
		{"ＡＢＣ材料有限公司", "abc材料有限公司"},
	} {
		for _, s := range same[1:] {
			if names.Registered(s) != names.Registered(same[0]) {
				t.Errorf("%q and %q differ: %q, %q", s, same[0], names.Registered(s), names.Registered(same[0]))
			}
		}
	}
	if names.Registered("甲科技有限公司") == names.Registered("甲科技股份有限公司") || names.Registered("有限公司") != "有限公司" {
		t.Error("a joint-stock company is another form; a form alone is a name")
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "name")
		if once := names.Registered(s); names.Normalise(once) != once {
			t.Fatalf("%q comes to %q, which is not normal", s, once)
		}
		if v := names.Spellings(s); v[0] != s || len(v) > 12 {
			t.Fatalf("spellings of %q: %q", s, v)
		}
	})
}

func TestSimilarity(t *testing.T) {
	same := [][2]string{
		{"浙江大学", "浙江大學"}, {"浙江省人民医院", "浙江人民医院"}, {"华为技术有限公司", "华为技术"}, {"Zhejiang University", "The Zhejiang University"}, {"Zhejiang University", "浙江大学"},
		{"Nanjing Universiti of Aeronautics and Astronautics", "Nanjing University of Aeronautics and Astronautics"}, {"Jiaxing University", "嘉兴大学"}, {"南京航空航天大学", "Nanjing University of Aeronautics and Astronautics"},
		{"浙江工业大学（屏峰校区）", "浙江工业大学"}, {"Zhejiang University (Zijingang Campus)", "Zhejiang University"}, {"Nanjing Xiaozhuang Uniwersity", "Nanjing Xiaozhuang University"},
		{"上海微系统与信息技术研究所", "上海微系统与信息技术研究所（本部）"},
	}
	for _, p := range same {
		if s := names.Similarity(p[0], p[1]); s < 0.75 {
			t.Errorf("%q and %q: %.2f, too little", p[0], p[1], s)
		}
	}
	other := [][2]string{
		{"浙江大学", "浙江工业大学"}, {"杭州市第一人民医院", "杭州市第二人民医院"}, {"浙江大学", "江苏大学"}, {"Zhejiang University", "Zhejiang University of Technology"}, {"华为技术有限公司", "中兴技术有限公司"},
		{"浙江工业大学", "Zhejiang University"}, {"南京大学", "南京理工大学"}, {"东南大学", "西南大学"}, {"", "浙江大学"},
		{"湖南大学", "湖南科技大学"}, {"Jinan University", "University of Jinan"}, {"Hunan University", "Henan University"}, {"Suzhou Science and Technology Bureau", "Luzhou Science and Technology Bureau"},
		{"河南科技大学", "Henan University of Technology"}, {"中国石油大学（北京）", "中国石油大学（华东）"}, {"China Railway Group (China)", "China Railway Corporation"}, {"贵州师范学院", "Guizhou Normal University"},
	}
	for _, p := range other {
		if s := names.Similarity(p[0], p[1]); s >= 0.9 {
			t.Errorf("%q and %q: %.2f, too much", p[0], p[1], s)
		}
	}
}

func TestAbbreviationsAndPinyin(t *testing.T) {
	for _, c := range []struct{ zh, en, want string }{
		{"浙江大学", "Zhejiang University", "浙大"}, {"浙江大学", "Zhejiang University", "ZJU"}, {"浙江工业大学", "Zhejiang University of Technology", "浙工大"}, {"上海交通大学", "Shanghai Jiao Tong University", "上海交大"},
		{"中国科学技术大学", "", "中科大"}, {"", "University of Shanghai for Science and Technology", "USST"},
	} {
		if got := names.Abbreviations(c.zh, c.en); !slices.Contains(got, c.want) {
			t.Errorf("Abbreviations(%q, %q) = %q, without %q", c.zh, c.en, got, c.want)
		}
	}
	for zh, want := range map[string][2]string{"浙江大学": {"zhejiangdaxue", "zjdx"}, "重庆大学": {"chongqingdaxue", "cqdx"}, "Zhejiang": {"", ""}} {
		if w, i := names.Pinyin(zh); w != want[0] || i != want[1] {
			t.Errorf("Pinyin(%q) = %q, %q", zh, w, i)
		}
	}
}

// name draws texts like names, hostile characters too.
func name(t *rapid.T, label string) string {
	return rapid.StringOfN(rapid.RuneFrom([]rune("浙江大学第一二医院科技有限公司（）重庆ZhejiangUniversity of& '\u200b　1.")), 0, 24, -1).Draw(t, label)
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := name(t, "a"), name(t, "b")
		n := names.Normalise(a)
		if names.Normalise(n) != n {
			t.Fatalf("Normalise is not settled: %q, %q", n, names.Normalise(n))
		}
		s, r := names.Similarity(a, b), names.Similarity(b, a)
		if s < 0 || s > 1 || s-r > 1e-9 || r-s > 1e-9 {
			t.Fatalf("Similarity(%q, %q) = %v, turned round %v", a, b, s, r)
		}
		if n != "" && names.Similarity(a, a) != 1 {
			t.Fatalf("%q is not like itself", a)
		}
		names.Abbreviations(a, b)
		names.Keywords(a)
	})
}

func FuzzNames(f *testing.F) {
	f.Add("浙江大学", "Zhejiang University")
	f.Add("\xff（", "of the")
	f.Fuzz(func(t *testing.T, a, b string) {
		if s := names.Similarity(a, b); s < 0 || s > 1 {
			t.Errorf("Similarity(%q, %q) = %v", a, b, s)
		}
		names.Pinyin(a)
		names.Abbreviations(a, b)
		names.Keywords(b)
	})
}

// Letters with marks are letters: an end is never half of one, which PostgreSQL would not keep.
func TestEndsAreWholeLetters(t *testing.T) {
	for in, want := range map[string]string{"Českéč Vysoké": "^čes", "Göteborgsföö Institut": "föö$"} {
		got := names.Ends(in)
		if !slices.Contains(got, want) {
			t.Errorf("%s: %q lacks %s", in, got, want)
		}
		for _, e := range got {
			if !utf8.ValidString(e) {
				t.Errorf("%s: %q", in, e)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		for _, e := range names.Ends(rapid.StringOf(rapid.RuneFrom([]rune("abčöñß Ž"))).Draw(t, "name")) {
			if !utf8.ValidString(e) {
				t.Fatalf("%q", e)
			}
		}
	})
}
