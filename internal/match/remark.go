package match

import (
	"context"
	"slices"
	"strings"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/region"
)

// Remark is a reason for a candidate or a gap of it. Text is the Chinese sentence with places for Args; Say
// gives it in the reader's language.
type Remark struct {
	Code string
	Text string
	Args []any
}

var t = i18n.T

// Say is the remark in the language of ctx. Arguments that are words of the interface are translated too.
func (r Remark) Say(ctx context.Context) string {
	args := make([]any, len(r.Args))
	for i, a := range r.Args {
		switch w := a.(type) {
		case word:
			a = t(ctx, string(w))
		case bilingual:
			a = i18n.Pick(ctx, w.zh, w.en)
		}
		args[i] = a
	}
	return t(ctx, r.Text, args...)
}

// bilingual is an argument that is a name in two languages.
type bilingual struct{ zh, en string }

// word is an argument that is itself a word of the interface.
type word string

// view is what the remarks of one candidate are made from.
type view struct {
	q        question
	f        found
	s        Supply
	home     string // the need's region
	place    func(code string) string
	fold     func(string) string // makes two texts comparable
	deadline string              // last civil day that counts as soon
}

// reasons says why a candidate is proposed. Each sentence is true of the supply as it stands now: a word is
// only named when it is found again in the part that is named.
func (v view) reasons() []Remark {
	out := v.terms()
	for _, r := range v.f.renamed {
		if p, ok := v.partWith(r[1]); ok {
			out = append(out, Remark{"synonym", "需求中的“{0}”，这里写作“{1}”（{2}）", []any{r[0], r[1], p}})
		}
	}
	out = append(out, v.facts(true)...)
	if v.s.Class != "" && v.classFits() {
		out = append(out, Remark{"class", "类别“{0}”与需求相符", []any{bilingual{v.s.Class, v.s.ClassEN}}})
	}
	if near, how := v.near(); near {
		out = append(out, Remark{"region", how, []any{v.place(v.s.Region)}})
	}
	if v.s.Voucher {
		out = append(out, Remark{"voucher", "可用创新券", nil})
	}
	if v.s.FreeOn != "" && v.s.FreeOn <= v.deadline {
		out = append(out, Remark{"free-soon", "{0} 起有空档可约", []any{v.s.FreeOn}})
	}
	switch {
	case v.s.Free:
		out = append(out, Remark{"price", "免费开放", nil})
	case v.s.Priced:
		out = append(out, Remark{"price", "价格已公开：{0}（{1}）", []any{v.s.price(), word(unitWord(v.s.Unit))}})
	}
	return out
}

// terms names the words of the need and the parts they stand in: each word once, in the first part that has
// it, and no more than three parts.
func (v view) terms() []Remark {
	var out []Remark
	told := map[string]bool{}
	for _, p := range v.s.Parts {
		fresh := slices.DeleteFunc(v.in(p), func(w string) bool { return told[w] })
		if len(fresh) == 0 {
			continue
		}
		for _, w := range fresh {
			told[w] = true
		}
		if out = append(out, Remark{"terms", "“{0}”中有：{1}", []any{p.label(), list(fresh)}}); len(out) == 3 {
			break
		}
	}
	return out
}

// gaps says what is unknown or misses.
func (v view) gaps() []Remark {
	var out []Remark
	if m := distinct(v.f.missing); len(m) > 0 {
		out = append(out, Remark{"terms-missing", "没有提到：{0}", []any{list(m[:min(4, len(m))])}})
	}
	out = append(out, v.facts(false)...)
	if GroupOf(v.s.Kind) != GroupExpert {
		if !v.s.Free && !v.s.Priced {
			out = append(out, Remark{"price-unknown", "价格未公开，需要询价", nil})
		}
		if GroupOf(v.s.Kind) == GroupInstrument && !v.s.Bookable {
			out = append(out, Remark{"not-bookable", "目前不能在线预约，可以联系或委托", nil})
		}
	}
	if near, _ := v.near(); !near {
		out = append(out, Remark{"other-region", "位于{0}", []any{v.place(v.s.Region)}})
	}
	if v.wants(FactVoucher) && !v.s.Voucher {
		out = append(out, Remark{"no-voucher", "没有说明接受创新券", nil})
	}
	if !v.s.Claimed {
		out = append(out, Remark{"unclaimed", "来自公开记录，所属单位尚未认领", nil})
	}
	return out
}

// in lists the words of the need that stand in a part.
func (v view) in(p Part) []string {
	text := v.fold(p.Text)
	var out []string
	for _, w := range v.f.words {
		if holds(text, v.fold(w)) {
			out = append(out, w)
		}
	}
	out = distinct(out)
	return out[:min(6, len(out))]
}

// holds looks for a word in a folded text: Chinese anywhere, letters at the beginning of a word (its ending
// may differ: coating, coatings).
func holds(text, word string) bool {
	if word == "" {
		return false
	}
	if !wordByte(word[0]) {
		return strings.Contains(text, word)
	}
	if len(word) > 5 {
		word = strings.TrimSuffix(strings.TrimSuffix(word, "s"), "e")
	}
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		if i += from; i == 0 || !wordByte(text[i-1]) {
			return true
		}
		from = i + 1
	}
}

func (v view) partWith(name string) (label any, ok bool) {
	for _, p := range v.s.Parts {
		if holds(v.fold(p.Text), v.fold(name)) {
			return p.label(), true
		}
	}
	return nil, false
}

// facts compares the need's standards, models and certificates with the supply: those it has are reasons,
// the others gaps.
func (v view) facts(has bool) []Remark {
	var out []Remark
	for _, f := range v.q.facts {
		switch f.Kind {
		case FactStandard:
			if v.hasStandard(f.Text) == has {
				out = append(out, pick(has, Remark{"standard", "依据标准 {0}", []any{f.Text}}, Remark{"standard-unknown", "没有写明标准 {0}", []any{f.Text}}))
			}
		case FactModel:
			if _, ok := v.partWith(f.Text); ok == has {
				out = append(out, pick(has, Remark{"model", "写明了型号或牌号 {0}", []any{f.Text}}, Remark{"model-unknown", "没有写明型号或牌号 {0}", []any{f.Text}}))
			}
		case FactCertificate:
			if GroupOf(v.s.Kind) != GroupExpert && contains(v.s.Certificates, f.Text) == has {
				out = append(out, pick(has, Remark{"certificate", "有 {0}", []any{f.Text}}, Remark{"no-certificate", "没有写明 {0}", []any{f.Text}}))
			}
		}
	}
	return out
}

func pick(first bool, a, b Remark) Remark {
	if first {
		return a
	}
	return b
}

func contains(list []string, s string) bool {
	for _, one := range list {
		if strings.EqualFold(one, s) {
			return true
		}
	}
	return false
}

// hasStandard compares standards without their year: 228.1 fits 228.1-2021.
func (v view) hasStandard(standard string) bool {
	for _, p := range v.s.Parts {
		for _, f := range FactsIn(p.Text, nil) {
			if f.Kind == FactStandard && yearless(f.Text) == yearless(standard) {
				return true
			}
		}
	}
	return false
}

func yearless(standard string) string {
	if i := strings.LastIndexByte(standard, '-'); i > 0 && len(standard)-i == 5 {
		return standard[:i]
	}
	return standard
}

// classFits: a telling word of the need stands in the class.
func (v view) classFits() bool {
	class := v.fold(v.s.Class)
	for _, w := range v.f.words {
		if holds(class, v.fold(w)) {
			return true
		}
	}
	return false
}

// near says whether a supply lies in the need's city or in one the need names, and how to say it.
func (v view) near() (bool, string) {
	for _, f := range v.q.facts {
		if f.Kind == FactPlace && region.Within(v.s.Region, f.Code) {
			return true, "在需求提到的{0}"
		}
	}
	switch {
	case len(v.home) != 6 || len(v.s.Region) != 6:
		return false, ""
	case v.s.Region == v.home:
		return true, "同在{0}"
	case v.s.Region[:4] == v.home[:4]:
		return true, "同城：{0}"
	}
	return false, ""
}

func (v view) wants(kind string) bool {
	for _, f := range v.q.facts {
		if f.Kind == kind {
			return true
		}
	}
	return false
}

func list(words []string) string { return strings.Join(words, "、") } //i18n:data the Chinese comma of enumerations
