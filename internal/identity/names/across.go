//i18n:data words of institutions in Chinese and what they are called in English

package names

import (
	"slices"
	"strings"
)

// english are the words that names of institutions are translated with; the longest Chinese word first. Several
// English words mean any of them; "+" joins words that stand together.
func english() []translation {
	return []translation{
		{"国家重点实验室", []string{"state+key+laboratory", "national+key+laboratory"}}, {"全国重点实验室", []string{"national+key+laboratory", "state+key+laboratory"}},
		{"重点实验室", []string{"key+laboratory"}}, {"实验室", []string{"laboratory"}}, {"职业技术学院", []string{"vocational+technical+college", "polytechnic", "college+technology", "technical+college"}},
		{"职业技术大学", []string{"polytechnic+university", "vocational+technical+university", "vocational+university", "university+technology"}}, {"职业学院", []string{"vocational+college", "college", "polytechnic"}},
		{"自治区", []string{"autonomous+region", ""}}, {"研究院", []string{"research+institute", "academy", "institute", "research+academy"}}, {"研究所", []string{"institute", "research+institute"}},
		{"科学院", []string{"academy+science"}}, {"大学", []string{"university"}}, {"学院", []string{"college", "institute", "university", "academy"}}, {"医院", []string{"hospital"}}, {"中心", []string{"center"}}, {"公司", []string{""}},
		{"航空航天", []string{"aeronautics+astronautics", "aerospace", "beihang"}}, {"交通", []string{"jiaotong", "transportation", "transport", "communications"}}, {"理工", []string{"technology", "science+technology", "polytechnic"}},
		{"邮电", []string{"posts+telecommunications"}}, {"电子科技", []string{"electronic+science+technology", "electronic"}}, {"科学技术", []string{"science+technology"}}, {"科技", []string{"science+technology", "technology", "tech"}},
		{"师范", []string{"normal"}}, {"工业", []string{"technology", "industrial", "polytechnic", "industry"}}, {"农业", []string{"agricultural", "agriculture"}}, {"农林", []string{"agriculture+forestry"}}, {"林业", []string{"forestry"}},
		{"医科", []string{"medical"}}, {"医学", []string{"medicine", "medical"}}, {"中医药", []string{"traditional+chinese+medicine", "chinese+medicine"}}, {"中医", []string{"traditional+chinese+medicine", "chinese+medicine"}}, {"药科", []string{"pharmaceutical"}},
		{"财经", []string{"finance+economics", "economics+finance"}}, {"经济", []string{"economics", "economy"}}, {"石油", []string{"petroleum"}}, {"矿业", []string{"mining"}}, {"地质", []string{"geosciences", "geology", "geological"}}, {"海洋", []string{"ocean", "marine", "oceanography"}},
		{"外国语", []string{"foreign+languages", "international+studies"}}, {"体育", []string{"sport", "physical+education"}}, {"政法", []string{"political+science+law"}}, {"民族", []string{"minzu", "nationalities"}}, {"音乐", []string{"music"}}, {"美术", []string{"fine+arts"}},
		{"人民", []string{"people"}}, {"中国", []string{"china", "chinese"}}, {"中央", []string{"central"}}, {"国家", []string{"national", "state"}}, {"技术", []string{"technology", "technical"}}, {"科学", []string{"science"}}, {"工程", []string{"engineering"}},
		{"化学", []string{"chemistry", "chemical"}}, {"化工", []string{"chemical", "chemical+technology"}}, {"物理", []string{"physics"}}, {"生物", []string{"biology", "biological", "bio"}}, {"材料", []string{"materials"}}, {"信息", []string{"information"}}, {"电力", []string{"electric+power", "power"}},
		{"电子", []string{"electronic", "electronics"}}, {"机械", []string{"mechanical", "machinery"}}, {"环境", []string{"environment", "environmental"}}, {"能源", []string{"energy"}}, {"计算机", []string{"computer"}}, {"计算", []string{"computing", "computation"}}, {"光学", []string{"optics"}},
		{"华东", []string{"east+china"}}, {"华南", []string{"south+china"}}, {"华北", []string{"north+china"}}, {"华中", []string{"central+china", "huazhong"}}, {"西北", []string{"northwest", "northwestern"}}, {"西南", []string{"southwest", "southwestern"}}, {"东北", []string{"northeast", "northeastern"}},
		{"东南", []string{"southeast"}}, {"内蒙古", []string{"inner+mongolia"}}, {"西藏", []string{"tibet", "xizang"}}, {"哈尔滨", []string{"harbin"}}, {"新疆", []string{"xinjiang"}}, {"陕西", []string{"shaanxi"}}, {"香港", []string{"hong+kong"}}, {"澳门", []string{"macau"}},
		{"第一", []string{"first"}}, {"第二", []string{"second"}}, {"第三", []string{"third"}}, {"第四", []string{"fourth"}}, {"附属", []string{"affiliated"}}, {"省", []string{"province", "provincial", ""}}, {"市", []string{"municipal", "city", ""}}, {"县", []string{"county", ""}}, {"区", []string{"district", ""}},
	}
}

type translation struct {
	zh string
	en []string
}

// piece is what an English name may say for a stretch of a Chinese one.
type piece struct {
	options []string
	weight  float64
	sound   bool // pinyin: neighbours may be written together
}

// pieces translates a Chinese name stretch by stretch; what is no word of institutions is its sound.
func pieces(zh string) []piece {
	list := english()
	var out []piece
	var sound strings.Builder
	end := func() {
		if sound.Len() > 0 {
			out = append(out, piece{[]string{strings.Join(Syllables(sound.String()), "")}, 1.2, true})
			sound.Reset()
		}
	}
next:
	for zh != "" {
		for _, e := range list {
			if rest, ok := strings.CutPrefix(zh, e.zh); ok {
				end()
				w := 1.0
				if slices.Contains(e.en, "") {
					w = 0.1
				} else if wordWeight(strings.Split(e.en[0], "+")[0]) < 1 {
					w = 0.6
				}
				out = append(out, piece{e.en, w, false})
				zh = rest
				continue next
			}
		}
		for _, r := range zh {
			sound.WriteRune(r)
			zh = zh[len(string(r)):]
			break
		}
	}
	end()
	return out
}

// across compares a Chinese name with one of words, both as Core: a translation piece by piece, in any order.
func across(zh, en string) float64 {
	words := strings.Fields(en)
	used := make([]bool, len(words))
	common, total := 0.0, 0.0
	for _, p := range pieces(zh) {
		total += p.weight
		if take(p, words, used) {
			common += p.weight
		}
	}
	left := 0.0
	for i, w := range words {
		if !used[i] {
			left += wordWeight(w)
		}
	}
	if total == 0 || len(words) == 0 {
		return 0
	}
	return max(0, min(0.95, 2*common/(total+common+left)))
}

// take marks the words that say a piece; false when none do.
func take(p piece, words []string, used []bool) bool {
	for _, o := range p.options {
		if o == "" {
			return true // a name in English may leave it out
		}
		var at []int
		for w := range strings.SplitSeq(o, "+") {
			i := slices.IndexFunc(words, func(v string) bool { return sameWord(v, w) > 0 })
			if i >= 0 && used[i] { // the same word twice in the name
				i = -1
				for j, v := range words {
					if !used[j] && sameWord(v, w) > 0 {
						i = j
						break
					}
				}
			}
			if i < 0 {
				at = nil
				break
			}
			at = append(at, i)
		}
		if p.sound && at == nil {
			at = spelt(o, words, used)
		}
		if at != nil {
			for _, i := range at {
				used[i] = true
			}
			return true
		}
	}
	return false
}

// spelt finds a sound written as several neighbouring words: xi an, nan hu.
func spelt(sound string, words []string, used []bool) []int {
	for i := range words {
		rest := sound
		var at []int
		for j := i; j < len(words) && !used[j]; j++ {
			r, ok := strings.CutPrefix(rest, words[j])
			if !ok {
				break
			}
			at, rest = append(at, j), r
			if rest == "" {
				return at
			}
		}
	}
	return nil
}

// Keywords are the words by which a name is looked up among others: of a Chinese name its pairs of characters that are
// not general and the sounds of its place, of others their words that are not general.
func Keywords(name string) []string {
	core := Core(name)
	var out []string
	add := func(s string) {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if !hasHan(core) {
		for w := range strings.FieldsSeq(core) {
			if wordWeight(w) >= 1 && len(w) > 2 {
				add(stem(w))
			}
		}
		return out
	}
	special := parts(core)
	for i := 0; i+1 < len(special); i++ {
		if a, b := special[i], special[i+1]; len(a.text) <= 4 && len(b.text) <= 4 && a.weight >= 1 && b.weight >= 1 {
			add(a.text + b.text)
		}
	}
	for _, p := range pieces(core) {
		if p.weight >= 1 {
			for w := range strings.SplitSeq(p.options[0], "+") {
				if len(w) > 2 && wordWeight(w) >= 1 {
					add(stem(w))
				}
			}
		}
	}
	return out
}
