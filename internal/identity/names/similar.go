//i18n:data the characters and words that names of institutions are made of

package names

import (
	"strings"
	"unicode/utf8"
)

// Similarity tells how alike two names are, from 0 (nothing in common) to 1 (the same but for how they are written).
// From 0.9 they are very likely one body; below 0.75 they are two.
func Similarity(a, b string) float64 {
	best := similar(a, b)
	if rest, most := aside(a); rest != "" {
		best = max(best, min(most, similar(rest, b)))
	}
	if rest, most := aside(b); rest != "" {
		best = max(best, min(most, similar(a, rest)))
	}
	return best
}

// aside is a name without what stands in brackets at its end, and how sure two names can be that agree but for it: a campus
// or a site is a part of the same body, 中国石油大学（北京） and （华东） are two.
func aside(name string) (rest string, most float64) {
	name = strings.TrimSpace(name)
	open := strings.LastIndexAny(name, "(（")
	if open <= 0 || !strings.HasSuffix(name, ")") && !strings.HasSuffix(name, "）") {
		return "", 0
	}
	inside := Normalise(name[open:])
	for _, part := range []string{"校区", "院区", "校本部", "本部", "总部", "campus", "headquarters"} {
		if strings.HasSuffix(inside, part) {
			return name[:open], 0.95
		}
	}
	return name[:open], unsure
}

func similar(a, b string) float64 {
	na, nb := Normalise(a), Normalise(b)
	switch {
	case na == "" || nb == "":
		return 0
	case na == nb:
		return 1
	}
	ca, cb := Core(a), Core(b)
	ha, hb := hasHan(ca), hasHan(cb)
	switch {
	case ca == cb && otherHouse(na, nb):
		return unsure
	case ca == cb:
		return 0.97 // the legal form differs, or one leaves it out
	case ha && hb:
		return alikeHan(ca, cb)
	case ha:
		return across(ca, cb)
	case hb:
		return across(cb, ca)
	}
	return alikeWords(strings.Fields(ca), strings.Fields(cb))
}

// part is a piece of a name with how much it says about which body is meant.
type part struct {
	text   string
	weight float64
}

// general are parts that many names share; the longest first.
func general() []part {
	return []part{
		{"国家重点实验室", 2}, {"全国重点实验室", 2}, {"重点实验室", 1.5}, {"工程技术研究中心", 1.5}, {"工程研究中心", 1.5}, {"职业技术学院", 1.5}, {"职业学院", 1.5}, {"人民医院", 1.2},
		{"研究院", 1}, {"研究所", 1}, {"研究中心", 1}, {"实验室", 1}, {"科技", 0.8}, {"技术", 0.8}, {"科学", 0.8}, {"大学", 1}, {"学院", 1}, {"医院", 1}, {"中心", 0.6},
		{"自治区", 0.1}, {"自治州", 0.1}, {"省", 0.1}, {"市", 0.1}, {"县", 0.2}, {"区", 0.2}, {"州", 0.3},
	}
}

// ordinals tell two bodies of one kind apart: 第一医院 and 第二医院.
const ordinals = "一二三四五六七八九十0123456789东西南北甲乙丙丁"

// parts takes a Chinese name apart: general words whole, everything else by the character.
func parts(name string) []part {
	var out []part
	list := general()
next:
	for name != "" {
		for _, g := range list {
			if strings.HasPrefix(name, g.text) {
				out = append(out, g)
				name = name[len(g.text):]
				continue next
			}
		}
		r, n := utf8.DecodeRuneInString(name)
		w := 1.0
		switch {
		case r == '第':
			w = 0.1
		case strings.ContainsRune(ordinals, r):
			w = 2.5
		}
		out = append(out, part{name[:n], w})
		name = name[n:]
	}
	return out
}

// alikeHan compares two Chinese names: the weight of what both have in the same order, of all they have.
func alikeHan(a, b string) float64 {
	x, y := parts(a), parts(b)
	common := overlap(x, y)
	total := weigh(x) + weigh(y)
	if total == 0 {
		return 0
	}
	s := 2 * common / total
	lost := total - 2*common // what only one of the two says
	if lost >= 0.5 && s > unsure {
		s = unsure // a word of substance makes two bodies, however long the name: 湖南大学 and 湖南科技大学
	}
	return s
}

func weigh(l []part) float64 {
	sum := 0.0
	for _, p := range l {
		sum += p.weight
	}
	return sum
}

// overlap is the greatest weight of a common subsequence.
func overlap(x, y []part) float64 {
	row := make([]float64, len(y)+1)
	for _, p := range x {
		diagonal := 0.0
		for j, q := range y {
			above := row[j+1]
			best := max(above, row[j])
			if p.text == q.text {
				best = max(best, diagonal+p.weight)
			}
			diagonal, row[j+1] = above, best
		}
	}
	return row[len(y)]
}

// alikeWords compares two names of words. A word only one of them has, and another order, leave it unsure: Hunan
// University and Hunan University of Technology, Jinan University and the University of Jinan.
func alikeWords(a, b []string) float64 {
	used := make([]bool, len(b))
	common, total := 0.0, 0.0
	doubt, last := false, -1
	for _, w := range a {
		total += wordWeight(w)
		best, at := 0.0, -1
		for j, v := range b {
			if m := sameWord(w, v); !used[j] && m > best {
				best, at = m, j
			}
		}
		if at < 0 {
			doubt = doubt || !minor(w)
			continue
		}
		used[at] = true
		doubt, last = doubt || at < last || best <= twoWords, at
		common += best * (wordWeight(w) + wordWeight(b[at])) / 2
	}
	for j, v := range b {
		total += wordWeight(v)
		doubt = doubt || !used[j] && !minor(v)
	}
	if total == 0 {
		return 0
	}
	s := 2 * common / total
	if doubt {
		return min(s, unsure)
	}
	return s
}

// minor words may be left out of a name without making it another's.
func minor(w string) bool {
	switch w {
	case "province", "provincial", "city", "municipal", "county", "autonomous", "region", "china", "chinese", "pr", "prc", "official":
		return true
	}
	return false
}

// otherHouse tells whether of two names with one core one is a group's and the other a company's in it.
func otherHouse(a, b string) bool {
	group := func(s string) bool {
		return strings.Contains(s, "集团") || strings.Contains(s, "group") || strings.Contains(s, "holding")
	}
	firm := func(s string) bool {
		if strings.Contains(s, "公司") {
			return true
		}
		return strings.Contains(s, "corporation") || strings.Contains(s, "company") || strings.HasSuffix(s, "ltd") || strings.HasSuffix(s, "limited")
	}
	return group(a) != group(b) && (group(a) && firm(b) || group(b) && firm(a))
}

// wordWeight: what a kind of body is called says less than its place and its field.
func wordWeight(w string) float64 {
	switch w {
	case "university", "college", "institute", "institution", "school", "hospital", "academy", "laboratory", "lab", "center", "centre", "department":
		return 0.6
	case "state", "key", "national", "research", "technology", "technologies", "science", "sciences", "scientific", "province", "provincial", "city", "municipal", "county":
		return 0.5
	}
	if w != "" && w[0] >= '0' && w[0] <= '9' {
		return 2
	}
	return 1
}

// sameWord tells how nearly two words are one: 1 the same, 0.95 another spelling or number, 0.9 one letter's slip, twoWords a slip that may be none, 0 two words.
func sameWord(a, b string) float64 {
	switch {
	case a == b:
		return 1
	case stem(a) == stem(b):
		return 0.95
	case len(a) < 5 || len(b) < 5 || !oneSlip(a, b):
		return 0
	case a[0] == b[0] && (len(split(a)) == 0 || len(split(b)) == 0):
		return 0.9
	}
	return twoWords // each may be a word of its own: Hunan and Henan, Suzhou and Luzhou
}

// twoWords is the likeness of two words that are one slip apart, and yet may be meant as they stand.
const twoWords = 0.6

func stem(w string) string {
	switch {
	case w == "centre":
		return "center"
	case w == "lab":
		return "laboratory"
	case strings.HasSuffix(w, "ies") && len(w) > 5:
		return w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "s") && len(w) > 4 && !strings.HasSuffix(w, "ss"):
		return w[:len(w)-1]
	}
	return w
}

// oneSlip tells whether one letter changed, came in, went out, or two neighbours changed places.
func oneSlip(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > 1 {
		return false
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	if i == len(b) {
		return true
	}
	if len(a) > len(b) {
		return a[i+1:] == b[i:]
	}
	return a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
