package roster

import (
	"cmp"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/identity/names"
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
	named := 0
	for _, o := range candidates {
		f := one(e, listRegion, o, m)
		if f.Reason == "" {
			continue
		}
		if f.Reason != ReasonCode {
			named++
		}
		if f.Confidence > best.Confidence {
			best = f
		}
	}
	if best.Reason != ReasonCode && named > 1 {
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
	case sameName(o.NameZH, e.Name) || sameName(o.NameEN, e.Name):
		f.Reason, f.Confidence = ReasonName, m.Name
	case o.NameZH != "" && folded(o.NameZH) == e.Folded:
		f.Reason, f.Confidence = ReasonForm, m.Form
	case slices.ContainsFunc(e.formers(), func(s string) bool { return o.NameZH != "" && folded(s) == folded(o.NameZH) }):
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

// folded is a name as entries keep it and are looked up by; one without letters stands for itself.
func folded(name string) string { return cmp.Or(names.Registered(name), name) }

// sameName tells whether two names are written the same but for width, case, brackets, marks and spaces.
func sameName(a, b string) bool {
	n := names.Normalise(a)
	return n != "" && n == names.Normalise(b)
}
