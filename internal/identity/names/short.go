//i18n:data how names of institutions are cut short

package names

import (
	"slices"
	"strings"
	"sync"

	"qiao/internal/platform/textindex/dict"
)

// customary are abbreviations that no rule makes.
func customary() map[string][]string {
	return map[string][]string{
		"北京航空航天大学": {"北航", "BUAA"}, "哈尔滨工业大学": {"哈工大", "HIT"}, "中国科学技术大学": {"中科大", "中国科大", "USTC"}, "西安交通大学": {"西安交大", "西交大", "XJTU"}, "上海交通大学": {"上海交大", "交大", "SJTU"},
		"中国人民大学": {"人大", "RUC"}, "北京师范大学": {"北师大", "BNU"}, "华东师范大学": {"华东师大", "华师大", "ECNU"}, "华东理工大学": {"华理", "ECUST"}, "中国科学院": {"中科院", "CAS"}, "中国社会科学院": {"社科院", "CASS"},
		"国防科技大学": {"国防科大", "NUDT"}, "复旦大学": {"复旦", "FDU"}, "清华大学": {"清华", "THU"}, "同济大学": {"同济"}, "中国工程物理研究院": {"中物院", "九院", "CAEP"}, "上海科技大学": {"上科大"}, "南方科技大学": {"南科大", "SUSTech"}, "电子科技大学": {"成电", "UESTC"},
	}
}

// Abbreviations are the short names a body is likely to be called by: customary ones, and those the usual ways of
// cutting make (浙江大学: 浙大, ZJU). They may be shared by several bodies; en may be empty, and so may zh.
func Abbreviations(zh, en string) []string {
	var out []string
	add := func(s string) {
		if len([]rune(s)) >= 2 && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	core := Core(zh)
	for _, s := range customary()[core] {
		add(s)
	}
	if hasHan(core) {
		for _, s := range shortHan(core) {
			add(s)
		}
	}
	add(initials(Core(en)))
	add(sounded(Core(en)))
	return out
}

// ends are the kinds of bodies whose short names keep one character.
func ends() [][2]string {
	return [][2]string{{"职业技术学院", "职院"}, {"职业技术大学", "职大"}, {"大学", "大"}, {"学院", "院"}, {"研究院", "院"}, {"研究所", "所"}, {"医院", "院"}}
}

// shortHan cuts 浙江工业大学 to 浙工大 and 浙工业大, 上海理工大学 to 上理工, 上理 and 上理工大.
func shortHan(core string) []string {
	end, short := "", ""
	for _, e := range ends() {
		if rest, ok := strings.CutSuffix(core, e[0]); ok {
			core, end, short = rest, e[0], e[1]
			break
		}
	}
	r := []rune(core)
	if end == "" || len(r) < 2 || len(r) > 8 {
		return nil
	}
	if len(r) <= 3 {
		return []string{string(r[0]) + short, string(r) + short} // 浙大, 浙江大
	}
	first, middle := r[0], r[2:]
	out := []string{string(first) + string(middle[0]) + short, string(r[:2]) + string(middle[0]) + short}
	if len(middle) >= 2 {
		out = append(out, string(first)+string(middle[:2])+short, string(first)+string(middle[0]))
		if end == "大学" {
			out = append(out, string(r[:2])+string(middle[:2]))
		}
	}
	return out
}

// initials are the first letters of a name of at least three words.
func initials(core string) string {
	words := strings.Fields(core)
	if len(words) < 3 {
		return ""
	}
	var b strings.Builder
	for _, w := range words {
		b.WriteByte(w[0])
	}
	return strings.ToUpper(b.String())
}

// sounded takes a letter for each syllable of a Chinese place or name, as ZJU for Zhejiang University.
func sounded(core string) string {
	words := strings.Fields(core)
	if len(words) < 2 {
		return ""
	}
	var b strings.Builder
	several := false
	for _, w := range words {
		s := split(w)
		if len(s) == 0 {
			b.WriteByte(w[0])
			continue
		}
		several = several || len(s) > 1
		for _, x := range s {
			b.WriteByte(x[0])
		}
	}
	if !several {
		return ""
	}
	return strings.ToUpper(b.String())
}

// split cuts a word of pinyin into its syllables; none when it is not pinyin. Within a word no syllable begins with a
// vowel: that would be written apart.
func split(w string) []string {
	if w == "" {
		return []string{}
	}
	all := syllables()
	for n := min(6, len(w)); n > 0; n-- {
		if !all[w[:n]] {
			continue
		}
		if n == len(w) {
			return []string{w}
		}
		if strings.IndexByte("aeo", w[n]) >= 0 {
			continue
		}
		if rest := split(w[n:]); len(rest) > 0 {
			return append([]string{w[:n]}, rest...)
		}
	}
	return nil
}

// syllables are all that characters are read as. Where the readings are damaged in the binary there are none, and the
// index does not start.
var syllables = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	_ = dict.Readings(func(_ rune, syllable string) { out[strings.ReplaceAll(syllable, "v", "u")] = true }) // see above
	return out
})
