//i18n:data the characters and words that names of institutions are made of

package names

import (
	"slices"
	"strings"
	"unicode"
)

// fold is one character as it is compared: half width, lower case, simplified where the traditional form
// is common in names of institutions.
func fold(r rune) rune {
	switch {
	case r == 0x3000:
		return ' '
	case r >= 0xFF01 && r <= 0xFF5E:
		r -= 0xFEE0
	}
	if s := simplified(r); s != r {
		return s
	}
	return unicode.ToLower(r)
}

// simplified knows the traditional characters that names of institutions are written with.
func simplified(r rune) rune {
	const traditional = "學國醫業電氣機車東華軍農農實驗點術師範財經貿際聯團資訊產進開發環設計動運衛療養護廠銀館協會務屬優龍灣臺廣門蘇滬寧關陽豐興長島縣區鄉鎮礦鋼鐵導體電腦聲視顯質檢測試標準藥生態專利創業雙級濟語傳媒藝術圖書檔測繪號綠飛馬鳥魚黃紅藍現眾億萬與為來"
	const plain = "学国医业电气机车东华军农农实验点术师范财经贸际联团资讯产进开发环设计动运卫疗养护厂银馆协会务属优龙湾台广门苏沪宁关阳丰兴长岛县区乡镇矿钢铁导体电脑声视显质检测试标准药生态专利创业双级济语传媒艺术图书档测绘号绿飞马鸟鱼黄红蓝现众亿万与为来"
	if r < 0x4E00 {
		return r
	}
	if i := strings.IndexRune(traditional, r); i >= 0 {
		return rune([]rune(plain)[len([]rune(traditional[:i]))])
	}
	return r
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// Normalise is a name as names are compared: two names with the same normal form are written the same but for
// width, case, brackets, marks and spaces. Words of other scripts stay apart by one space.
func Normalise(name string) string {
	var b strings.Builder
	gap := false
	var last rune
	for _, r := range name {
		r = fold(r)
		switch {
		case r == 0xAD || r == 0xFEFF || r >= 0x200B && r <= 0x200D || r == '\'' || r == '’':
			continue
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			if gap && last != 0 && !han(r) && !han(last) {
				b.WriteByte(' ')
			}
			b.WriteRune(r)
			last, gap = r, false
		default:
			gap = true
		}
	}
	return b.String()
}

// Core is the normal form without the legal form, the country's mark of registers ("(China)") and English words
// that only join.
func Core(name string) string {
	n := Normalise(name)
	if hasHan(n) {
		forms := legalForms()
		for cut := !slices.Contains(forms, n); cut; {
			cut = false
			for _, tail := range forms {
				if rest, ok := strings.CutSuffix(n, tail); ok && len([]rune(rest)) >= 2 {
					n, cut = rest, true
				}
			}
		}
		return n
	}
	words := strings.Fields(n)
	var out []string
	for _, w := range words {
		if !joining(w) && !legalWord(w) {
			out = append(out, w)
		}
	}
	if len(out) > 1 && out[len(out)-1] == "china" {
		out = out[:len(out)-1]
	}
	if len(out) == 0 {
		return n
	}
	return strings.Join(out, " ")
}

func hasHan(s string) bool { return strings.ContainsFunc(s, han) }

// legalForms are the ends of Chinese names that say only how a body is constituted, the longest first.
func legalForms() []string {
	return []string{"集团股份有限公司", "集团有限责任公司", "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "普通合伙", "有限合伙", "特殊普通合伙", "股份公司", "集团公司", "分公司", "公司", "集团", "官方网站", "官网"}
}

func legalWord(w string) bool {
	switch w {
	case "co", "ltd", "inc", "corp", "corporation", "llc", "limited", "company", "gmbh", "plc", "group", "holdings", "holding":
		return true
	}
	return false
}

func joining(w string) bool {
	switch w {
	case "the", "of", "and", "for", "in", "at", "on", "a", "an", "s", "de":
		return true
	}
	return false
}
