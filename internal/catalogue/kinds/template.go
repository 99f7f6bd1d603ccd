//i18n:data spreadsheet headings

package kinds

import (
	"strings"
	"unicode"
)

// Targets of columns that are not a field: they begin with @.
const (
	TargetName             = "@name" // Chinese or English name, by its letters
	TargetKind             = "@kind" // equipment or facility (UNIQUIP)
	TargetUnit             = "@unit"
	TargetExternal         = "@price.external"
	TargetMember           = "@price.member"
	TargetInternal         = "@price.internal"
	TargetInternalSelf     = "@price.internal.self"
	TargetInternalDelivery = "@price.internal.delivery"
	TargetOption           = "@option"
	TargetMinimum          = "@minimum"
	TargetFree             = "@free"
	TargetVoucher          = "@voucher"
	TargetAccess           = "@access"
	TargetNone             = "@none" // known, and left out on purpose
)

// Template is how the spreadsheets of one origin name their columns.
type Template struct {
	Format  string // "nrii", "uniquip", "pidinst" or "qiao"
	ZH, EN  string // name
	Kind    string // of its rows, unless a column says otherwise
	targets map[string]string
	labels  [2][]string // our own templates: the folded headings in Chinese and in English
}

// Target is what a heading stands for; "" when unknown.
func (t Template) Target(heading string) string { return t.targets[Fold(heading)] }

// Known counts the headings that have a target: how well a row of cells fits as the heading row.
func (t Template) Known(headings []string) int {
	n, seen := 0, map[string]bool{}
	for _, h := range headings {
		if target := t.Target(h); target != "" && !seen[h] {
			seen[h] = true
			n++
		}
	}
	return n
}

// Named tells whether the headings include a column that can name a resource.
func (t Template) Named(headings []string) bool {
	for _, h := range headings {
		switch t.Target(h) {
		case "name_zh", "name_en", TargetName:
			return true
		}
	}
	return false
}

// Templates lists every template: the national platform's first, then UNIQUIP and PIDINST, then our own of each kind
// (Chinese and English headings and the spellings of Field.Also, so also plain registers).
func (s Set) Templates() []Template {
	var out []Template
	if k, ok := s.Find("instrument"); ok {
		out = append(out, national(k), exchange("uniquip", "UNIQUIP 1.0", UniquipColumns()), exchange("pidinst", "PIDINST 1.0", PidinstColumns()))
	}
	for _, k := range s {
		if k.Template {
			out = append(out, own(k))
		}
	}
	return out
}

// Recognise finds the template that knows most of the headings; format ("" or the name of a format; PIDINST,
// which is no spreadsheet, only by its name) and
// kind ("" or the name of a kind) narrow the choice. ok is false when no template can name a row.
func (s Set) Recognise(headings []string, format, kind string) (Template, bool) {
	var best Template
	score := 0
	for _, t := range s.Templates() {
		if format == "" && t.Format == "pidinst" || format != "" && t.Format != format || kind != "" && t.Kind != kind || !t.Named(headings) {
			continue
		}
		if n := t.Known(headings); n > score || n == score && t.complete(headings) && !best.complete(headings) {
			best, score = t, n
		}
	}
	return best, score > 0
}

// complete tells whether the headings have every column of our own template, as a downloaded one has.
func (t Template) complete(headings []string) bool {
	have := map[string]bool{}
	for _, h := range headings {
		have[Fold(h)] = true
	}
	for _, labels := range t.labels {
		whole := len(labels) > 0
		for _, l := range labels {
			whole = whole && have[l]
		}
		if whole {
			return true
		}
	}
	return false
}

func (t Template) add(target string, headings ...string) {
	for _, h := range headings {
		if key := Fold(h); key != "" && t.targets[key] == "" {
			t.targets[key] = target
		}
	}
}

// national is the import template of the national network platform, with the keys of its interface.
func national(k Kind) Template {
	t := Template{Format: "nrii", ZH: "国家网络管理平台导入模板", EN: "National platform (NRII) template", Kind: k.Name, targets: map[string]string{}}
	for _, f := range k.Fields {
		t.add(f.Name, f.Column, f.NRII)
	}
	t.add("technical", "主要技术指标") // the template itself heads this column 科学技术中心
	t.add("commissioned", "启用日期")
	t.add(TargetNone, "仪器编号", "auditStatus", "instruType")
	return t
}

// exchange is the template of a published format that names its columns exactly.
func exchange(format, name string, columns []Column) Template {
	t := Template{Format: format, ZH: name, EN: name, Kind: "instrument", targets: map[string]string{}}
	for _, c := range columns {
		t.add(c.Target, c.Heading)
	}
	return t
}

// PidinstColumns are the parts of a PIDINST 1.0 record that a resource keeps.
func PidinstColumns() []Column {
	return []Column{
		{"name", TargetName}, {"description", "summary"}, {"landingPage", "website"}, {"modelName", "model"}, {"manufacturerName", "maker"},
		{"instrumentTypeName", "technique"}, {"measuredVariables", "variables"}, {"commissioned", "commissioned"}, {"identifier", "source_id"}, {"serialNumber", "serial"}, {"persistentIdentifier", TargetIdentifiers},
	}
}

// Column is one column of an exchange format and the field it carries.
type Column struct{ Heading, Target string }

// UniquipColumns are the headings of UNIQUIP v1.0 in the aggregator's order.
func UniquipColumns() []Column {
	return []Column{
		{"Type", TargetKind}, {"Name", TargetName}, {"Description", "summary"}, {"Related Facility ID", "belongs_to"},
		{"Technique", "technique"}, {"Location", "address"}, {"Contact Name", "contact"}, {"Contact Telephone", "phone"},
		{"Contact URL", TargetNone}, {"Contact Email", "email"}, {"Secondary Contact Name", TargetNone}, {"Secondary Contact Telephone", TargetNone},
		{"Secondary Contact URL", TargetNone}, {"Secondary Contact Email", TargetNone}, {"ID", "source_id"}, {"Photo", "image"},
		{"Department", "department"}, {"Site Location", "street"}, {"Building", "room"}, {"Service Level", "service_level"}, {"Web Address", "website"},
	}
}

// own is our template of a kind: labels in both languages, field names, and every other spelling known.
func own(k Kind) Template {
	t := Template{Format: "qiao", ZH: "桥模板：" + k.ZH, EN: "Qiao template: " + k.EN, Kind: k.Name, targets: map[string]string{}}
	fields := append(append([]Field(nil), k.Fields...), Pricing()...)
	for _, f := range fields {
		t.add(f.Name, f.ZH, f.EN, f.Column)
		t.labels[0] = append(t.labels[0], Fold(f.ZH))
		t.labels[1] = append(t.labels[1], Fold(f.EN))
	}
	t.add(TargetName, "name", "instrument", "instrument name", "equipment name", "eus instrument name", "facility name", "service name", "名称")
	for _, f := range fields {
		if !strings.HasPrefix(f.Name, "@") {
			t.add(f.Name, f.Name)
		}
		t.add(f.Name, f.Also...)
	}
	return t
}

// Fold makes headings and choices comparable: what stands in brackets, white space and punctuation go,
// full-width characters become narrow, letters small.
func Fold(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range halfWidth(s) {
		switch {
		case r == '(' || r == '【' || r == '[':
			depth++
		case r == ')' || r == '】' || r == ']':
			depth = max(0, depth-1)
		case depth > 0 || unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsControl(r) || r == '+' || r == '|':
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	if b.Len() == 0 { // nothing but brackets and marks: compare it as it is
		return strings.ToLower(strings.TrimSpace(s))
	}
	return b.String()
}
