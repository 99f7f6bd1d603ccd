//i18n:data forms of company names, which the comparison takes apart

package roster

import (
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/region"
)

// Why an entry is matched, or waits.
const (
	ReasonCode      = "code"
	ReasonName      = "name"
	ReasonForm      = "form"
	ReasonAway      = "away"
	ReasonFormer    = "former"
	ReasonTwice     = "twice"
	ReasonOtherCode = "other-code"
	ReasonPerson    = "person"
)

// Fold is a name as it is compared: width, case, spaces and brackets evened out, the legal forms of a company as one.
func Fold(name string) string {
	name = even(name)
	for _, form := range []string{"有限责任公司", "有限公司"} {
		if rest, ok := strings.CutSuffix(name, form); ok {
			return rest + "公司"
		}
	}
	return name
}

// even is a name with width, case, spaces and brackets evened out; two names even alike are the same name.
func even(name string) string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case r >= '！' && r <= '～': // full width
			r -= '！' - '!'
		case r == '　' || r == ' ' || r == '\t' || r == '\u00a0' || r == '\u200b':
			continue
		}
		switch r {
		case '〔', '［', '【', '[':
			r = '('
		case '〕', '］', '】', ']':
			r = ')'
		case '·', '•', '‧', '・':
			r = '·'
		}
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Variants are the ways an organisation of this name may be written in the register, the name itself first.
func Variants(name string) []string {
	out := []string{name}
	add := func(s string) {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	add(strings.Join(strings.Fields(name), ""))
	for _, s := range slices.Clone(out) {
		add(strings.NewReplacer("（", "(", "）", ")").Replace(s))
		add(strings.NewReplacer("(", "（", ")", "）").Replace(s))
	}
	for _, s := range slices.Clone(out) {
		if rest, ok := strings.CutSuffix(s, "有限责任公司"); ok {
			add(rest + "有限公司")
		} else if rest, ok := strings.CutSuffix(s, "有限公司"); ok {
			add(rest + "有限责任公司")
		}
	}
	return out
}

// Finding is whom an entry means, and how sure that is.
type Finding struct {
	Org        string
	Reason     string
	Confidence int64
	Sure       bool // no person has to look
}

// Compare finds whom an entry means among the candidates: organisations with its code or with a name like its own.
// A code decides; a name that several have, or one whose code differs, never does.
func Compare(e Entry, listRegion string, candidates []identity.Organisation, m Confidence) Finding {
	var best Finding
	names := 0
	for _, o := range candidates {
		f := one(e, listRegion, o, m)
		if f.Reason == "" {
			continue
		}
		if f.Reason != ReasonCode {
			names++
		}
		if f.Confidence > best.Confidence {
			best = f
		}
	}
	if best.Reason != ReasonCode && names > 1 {
		best.Reason, best.Confidence = ReasonTwice, min(best.Confidence, m.Twice)
	}
	best.Sure = best.Org != "" && best.Confidence >= m.Limit
	return best
}

func one(e Entry, listRegion string, o identity.Organisation, m Confidence) Finding {
	if e.USCC != "" && o.USCC == e.USCC {
		return Finding{Org: o.ID, Reason: ReasonCode, Confidence: m.Code}
	}
	f := Finding{Org: o.ID}
	switch {
	case e.Name != "" && (even(o.NameZH) == even(e.Name) || o.NameEN != "" && even(o.NameEN) == even(e.Name)):
		f.Reason, f.Confidence = ReasonName, m.Name
	case e.Name != "" && Fold(o.NameZH) == e.Folded:
		f.Reason, f.Confidence = ReasonForm, m.Form
	case slices.ContainsFunc(e.formers(), func(s string) bool { return Fold(s) == Fold(o.NameZH) }):
		f.Reason, f.Confidence = ReasonFormer, m.Former
	default:
		return Finding{}
	}
	if listRegion != "" && !region.Within(o.Region, listRegion) && m.Away < f.Confidence {
		f.Reason, f.Confidence = ReasonAway, m.Away
	}
	if e.USCC != "" && o.USCC != "" && m.OtherCode < f.Confidence {
		f.Reason, f.Confidence = ReasonOtherCode, m.OtherCode
	}
	return f
}
