//i18n:data units, standards and the ways people write them

package match

import (
	"regexp"
	"slices"
	"strings"
)

// The kinds of Fact.
const (
	FactStandard    = "standard"    // GB/T 228.1-2021
	FactModel       = "model"       // SEM-5000X, 316L
	FactQuantity    = "quantity"    // 5 μm, 20 个样品
	FactBudget      = "budget"      // 3 万元
	FactDate        = "date"        // 2026-12-15, 两周内
	FactPlace       = "place"       // 嘉兴市
	FactCertificate = "certificate" // CMA
	FactVoucher     = "voucher"     // the need asks to pay with a voucher
)

// Fact is something hard that a need says: it is shown to the person as a chip and looked for in each
// candidate. The same text always gives the same facts.
type Fact struct {
	Kind string `json:"kind"`
	Text string `json:"text"`           // tidied: half width, one space, standards in capitals
	Code string `json:"code,omitempty"` // of a place: six digits
}

// Place is a region a need may name.
type Place struct {
	Code  string `db:"code"`  // six digits
	Level string `db:"level"` // province, city or county
	Name  string `db:"name"`  // 嘉兴市
}

// What is looked for, in order: what an earlier pattern takes, a later one does not see.
const (
	number    = `\d+(?:[.,]\d+)*`
	amount    = `(?:(?:≥|≤|>=|<=|>|<|±|约|不低于|不高于|不小于|不大于|优于|小于|大于)\s*)?` + number + `(?:\s*(?:~|-|—|–|至|到|±)\s*` + number + `)?\s*`
	bodies    = `(?:GB|HG|JB|YY|SN|QB|SJ|NB|YB|YS|FZ|HJ|JC|JG|JJG|JJF|NY|LY|CJ|TB|MT|DL|SY|SH|QC|WS|AQ|GA|DB\d{2}|T|ISO|IEC|ASTM|ANSI|DIN|EN|JIS|IEEE|UL)`
	technical = `(?:nm|μm|um|mm|cm|dm|km|m|ng|μg|ug|mg|kg|g|t|℃|°C|K|MPa|GPa|kPa|Pa|bar|kHz|MHz|GHz|Hz|kV|mV|V|kW|MW|mW|W|mA|A|mL|ml|μL|L|ppm|ppb|ppt|mol|rpm|r/min|dB|lx|N·m|kN|N|kDa|Da|×|倍|万倍|%|‰|` +
		`纳米|微米|毫米|厘米|毫克|微克|千克|公斤|吨|摄氏度|度|兆帕|千帕|千赫|兆赫|吉赫|千伏|毫升|升|目|级)`
	counted  = `(?:个样品|件样品|份样品|个样|批次|批|个|件|份|片|根|块|台|套|组|次|支|瓶|种)`
	duration = `(?:个工作日|工作日|小时|分钟|天|日|周|个星期|个月|年)`
)

var factPatterns = []struct {
	kind    string
	pattern *regexp.Regexp
}{
	{FactStandard, regexp.MustCompile(`(?i)\b` + bodies + `(?:/(?:T|Z|IEC|TS|TR))?[ -]{0,2}[A-Z]{0,2}\d{2,}(?:[.-]\d+)*(?:[-—–:]\d{4})?`)},
	{FactDate, regexp.MustCompile(`\d{4}\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2}\s*日?|\s*月)(?:前|之前|底前)?|\d{1,2}月(?:\d{1,2}日|底|初|中旬|上旬|下旬)?(?:前|之前|底前)?|(?:本|下|这个|下个)(?:周|月|季度)(?:内|底|初|末)?(?:前|之前)?|(?:年|月)底前?|春节前|国庆前|(?:` + number + `|[一二两三四五六七八九十半]{1,3})\s*` + duration + `(?:之内|以内|内)`)},
	{FactBudget, regexp.MustCompile(`(?:¥|￥)\s*` + number + `(?:\s*万)?|` + amount + `(?:万元|千元|元|万)(?:人民币)?(?:以内|左右)?`)},
	{FactModel, regexp.MustCompile(`\b(?:30[1-9]|31[0-9]|321|347|904|4[1-4]0)[A-Z]{1,2}\b`)}, // grades of stainless steel: 316L is not a volume
	{FactQuantity, regexp.MustCompile(amount + technical + `(?:/(?:min|s|h|g|L|mL|m))?|` + amount + counted + `|` + amount + duration)},
	{FactCertificate, regexp.MustCompile(`(?i)\b(?:CMA|CNAS|CMAF?|CAL|ILAC(?:-MRA)?|NABL|A2LA|GLP|ISO/?IEC\s?17025)\b|资质认定|计量认证|实验室认可`)},
	{FactModel, regexp.MustCompile(`\b[A-Za-z]{1,8}-?\d{2,}[A-Za-z0-9]*(?:[-/][A-Za-z0-9]+)*\b|\b\d{4,}[A-Z]{1,3}\d*\b`)},
	{FactVoucher, regexp.MustCompile(`创新券|科技券|服务券`)},
}

// FactsIn reads the hard facts of a text, in order of kind and place; each once.
func FactsIn(text string, places []Place) []Fact {
	rest := halfWidth(text)
	var out []Fact
	for _, p := range factPatterns {
		rest = p.pattern.ReplaceAllStringFunc(rest, func(found string) string {
			if !endsCleanly(p.kind, found, rest) {
				return found
			}
			f := Fact{Kind: p.kind, Text: tidy(p.kind, found)}
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
			return " \x00 "
		})
	}
	return append(out, placesIn(rest, places)...)
}

// endsCleanly refuses a unit that is the beginning of a longer word (5 m of "5 machines").
func endsCleanly(kind, found, text string) bool {
	if kind != FactQuantity {
		return true
	}
	last := found[len(found)-1]
	if last >= 0x80 || !letter(last) {
		return true
	}
	i := strings.Index(text, found) + len(found)
	return i >= len(text) || text[i] >= 0x80 || !letter(text[i])
}

func letter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

// halfWidth folds full-width forms, the micro sign and the many hyphens.
func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 0x3000:
			return ' '
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		case r == 'µ':
			return 'μ'
		case r == '‐' || r == '‑' || r == '−':
			return '-'
		case r == '～':
			return '~'
		case r == 0:
			return -1
		}
		return r
	}, s)
}

var spaces = regexp.MustCompile(`\s+`)

func tidy(kind, s string) string {
	s = spaces.ReplaceAllString(strings.TrimSpace(s), " ")
	switch kind {
	case FactStandard:
		s = standardForm(s)
	case FactCertificate:
		s = strings.ToUpper(s)
	case FactVoucher:
		s = "创新券"
	}
	return s
}

var standardParts = regexp.MustCompile(`^([A-Z]+(?:/[A-Z]+)?)[ -]*([A-Z]{0,2}\d.*)$`)

// standardForm writes GB/T228.1—2021 as GB/T 228.1-2021.
func standardForm(s string) string {
	s = strings.NewReplacer("—", "-", "–", "-", ":", "-").Replace(strings.ToUpper(s))
	if strings.HasPrefix(s, "DB") { // the region's two digits belong to the body
		return s
	}
	m := standardParts.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	return m[1] + " " + m[2]
}

// placesIn finds the regions a text names: provinces and cities with or without their suffix, counties and
// districts only with it (海盐 is also a salt). A name inside a longer one found does not count again.
func placesIn(text string, places []Place) []Fact {
	type hit struct {
		Fact
		from, to int
	}
	var hits []hit
	for _, p := range places {
		name, at := p.Name, strings.Index(text, p.Name)
		if at < 0 && p.Level != "county" {
			if short := shortName(p.Name); len(short) >= 6 {
				name, at = short, strings.Index(text, short)
			}
		}
		if at >= 0 {
			hits = append(hits, hit{Fact{FactPlace, p.Name, p.Code}, at, at + len(name)})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		if a.from != b.from {
			return a.from - b.from
		}
		if a.to != b.to {
			return b.to - a.to
		}
		return strings.Compare(a.Code, b.Code)
	})
	var out []Fact
	end := 0
	for _, h := range hits {
		if h.from >= end {
			out = append(out, h.Fact)
			end = h.to
		}
	}
	return out
}

// shortName is how people say a region: 嘉兴 for 嘉兴市.
func shortName(name string) string {
	for _, suffix := range []string{"特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市"} {
		if short, ok := strings.CutSuffix(name, suffix); ok {
			return short
		}
	}
	return name
}
