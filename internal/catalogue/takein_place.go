package catalogue

import (
	"qiao/internal/platform/fault"
)

// checkPlace checks what a record says of its country, its languages and its persistent ids, or refuses it.
func (b *arrival) checkPlace(i int, x *Incoming) bool {
	if x.Country == nil && x.Languages == nil && x.Identifiers == nil {
		return true
	}
	bad := fault.New(fault.Invalid, "resource-invalid", "有些内容需要修改，请按提示更正后再提交。")
	x.overlayPlace(&Resource{}, b.org.Region, bad)
	for _, f := range bad.Fields {
		b.refuse(i, f.Name, f.Code, f.Text, f.Args...)
	}
	return len(bad.Fields) == 0
}

// overlayPlace puts country, languages and persistent ids over a resource; what the record does not mention stays.
// home is the region of its owner.
func (x *Incoming) overlayPlace(r *Resource, home string, bad *fault.Error) {
	d := Draft{Country: r.Country, Languages: r.Languages}
	if x.Country != nil {
		d.Country = *x.Country
	}
	if x.Languages != nil {
		d.Languages = x.Languages
	}
	if x.Country != nil || x.Languages != nil {
		if d.applyPlace(r, bad); r.Region == "" {
			r.Region = home
		}
	}
	if x.Identifiers != nil {
		applyIdentifiers(r, x.Identifiers, bad)
	}
}

// ReadIdentifiers reads one persistent id a line, as people write them: "DOI 10.5442/NI000001", an address of a resolver, or
// the bare id, whose scheme its shape tells.
func ReadIdentifiers(text string) []Identifier { return readIdentifiers(text) }

// CheckPrices says what is wrong with price lines.
func CheckPrices(lines []PriceLine) []fault.Field {
	bad := fault.New(fault.Invalid, "resource-invalid", "有些内容需要修改，请按提示更正后再提交。")
	for i, p := range lines {
		p.normal("", i).check(bad, "prices")
	}
	return bad.Fields
}
