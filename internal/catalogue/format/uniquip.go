package format

import (
	"cmp"

	"qiao/internal/catalogue/kinds"
)

// UniquipHeadings are the headings of UNIQUIP 1.0, the institution's name last, and our marks.
func UniquipHeadings() []string {
	var out []string
	for _, c := range kinds.UniquipColumns() {
		out = append(out, c.Heading)
	}
	return append(out, "Institution Name")
}

// UniquipRow is an instrument or facility as UNIQUIP 1.0, in the order of UniquipHeadings.
func UniquipRow(r Record) []string {
	typ := "equipment"
	if r.Kind.Name == "facility" {
		typ = "facility"
	}
	var row []string
	for _, c := range kinds.UniquipColumns() {
		cell := ""
		switch c.Heading {
		case "Type":
			cell = typ
		case "Name":
			cell = cmp.Or(r.NameEN, r.NameZH)
		case "Description":
			cell = cmp.Or(r.Summary, r.Text("function"))
		case "ID":
			cell = r.ID
		case "Web Address", "Contact URL":
			cell = r.Link
		case "Site Location":
			cell = cmp.Or(r.Text("street"), r.Place)
		case "Related Facility ID":
			if typ == "equipment" {
				cell = r.Text("belongs_to")
			}
		default:
			if f, ok := r.Kind.Field(c.Target); ok && !f.Hidden {
				cell = r.shown(f, true)
			}
		}
		row = append(row, cell)
	}
	return append(row, r.Owner.Name())
}
