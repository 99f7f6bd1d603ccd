package match

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func somePlaces() []Place {
	return []Place{
		{"330000", "province", "浙江省"}, {"330400", "city", "嘉兴市"}, {"330402", "county", "南湖区"}, {"330424", "county", "海盐县"},
		{"310000", "province", "上海市"}, {"320500", "city", "苏州市"}, {"330100", "city", "杭州市"},
	}
}

func TestFacts(t *testing.T) {
	tests := []struct{ text, want string }{
		{"按GB/T228.1—2021做拉伸试验", "standard GB/T 228.1-2021"},
		{"符合 ＧＢ／Ｔ １８２０４．２ 与 iso 9227:2017", "standard GB/T 18204.2, standard ISO 9227-2017"},
		{"DB33/T 2050-2017 的要求", "standard DB33/T 2050-2017"},
		{"涂层厚度 5～10 µm，附着力不低于 50 N", "quantity 5~10 μm, quantity 不低于 50 N"},
		{"约20个样品，预算3万元以内", "budget 3万元以内, quantity 约20个样品"},
		{"12月15日前出具CMA报告，可用创新券", "date 12月15日前, certificate CMA, voucher 创新券"},
		{"2026-12-31 前，两周内寄样", "date 2026-12-31 前, date 两周内"},
		{"SEM-5000X 看 316L 断口", "model 316L, model SEM-5000X"},
		{"嘉兴或苏州市的实验室", "place 嘉兴市, place 苏州市"},
		{"海盐的盐分与海盐县的企业", "place 海盐县"},
		{"我们有5 machines", ""},
		{"需要1200℃高温炉", "quantity 1200℃"},
		{"600 MHz 核磁", "quantity 600 MHz"},
		{"没有硬指标的一句话", ""},
		{"", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range FactsIn(tt.text, somePlaces()) {
			got = append(got, f.Kind+" "+f.Text)
		}
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.text, s, tt.want)
		}
	}
}

// FuzzFacts: any text gives facts, the same ones twice, none of them empty.
func FuzzFacts(f *testing.F) {
	for _, s := range []string{"GB/T 1-", "5～µm", "\xff12月", "DB33", "嘉兴市嘉兴", "1,2.3,4 万元"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first := FactsIn(text, somePlaces())
		if !slices.Equal(first, FactsIn(text, somePlaces())) {
			t.Fatal("not the same twice")
		}
		for _, fact := range first {
			if fact.Text == "" || utf8.ValidString(text) && !utf8.ValidString(fact.Text) {
				t.Fatalf("fact %+v", fact)
			}
		}
	})
}
