package importing

import (
	"slices"

	"qiao/internal/catalogue/columns"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/fault"
)

// FormatMapping is the format of a file whose columns its owner has explained.
const FormatMapping = "mapping"

// Plan says what the columns of a file are: the target of each heading, and what holds for every row.
type Plan struct {
	Kind      string            `json:"kind" doc:"Of resource"`
	Columns   map[string]string `json:"columns" doc:"Heading to a field of the kind, or to @name, @unit, @price.external, @price.member, @price.internal, @option, @minimum, @free, @voucher, @access; @none: left out"`
	Constants map[string]string `json:"constants,omitempty" doc:"Field to the text that holds for rows without one"`

	Readings map[string]columns.Reading `json:"readings,omitempty" doc:"Heading to how its cells are written"`
	Name     string                     `json:"name,omitempty" doc:"Of the mapping it was saved as"`
	Sheet    string                     `json:"sheet,omitempty" doc:"Worksheet, where a person has said it"`
	Row      int                        `json:"row,omitempty" doc:"Number of the heading row, where a person has said it"`
}

// layout is a file's columns as they are read.
type layout struct {
	format    string
	kind      string
	headings  []string
	targets   []string // by column; "" = unknown
	constants map[string]string
	plan      *Plan             // where it comes from one
	readings  []columns.Reading // by column, where it comes from a plan
}

// ignored lists the headings without a meaning here.
func (l layout) ignored() []string {
	var out []string
	for i, h := range l.headings {
		if h != "" && !isProblem(h) && (l.targets[i] == "" || l.plan != nil && l.format == FormatMapping && l.targets[i] == kinds.TargetNone) {
			out = append(out, h)
		}
	}
	return out
}

// Formats are what Request.Format may say beside the shapes of files.
func Formats() []string {
	return []string{"nrii", "uniquip", "pidinst", "qiao", "bibtex", "ris"}
}

// wanted turns the format of a request into the one of templates.
func wanted(format string) (string, error) {
	switch format {
	case "xlsx", "csv", "tsv", "auto", "json", "xml", "jsonl", "":
		return "", nil
	}
	if slices.Contains(Formats(), format) {
		return format, nil
	}
	return "", fault.New(fault.Invalid, "format-unknown", "不认识的导入格式“{0}”。可以用：nrii、uniquip、pidinst、qiao、bibtex、ris、xlsx、csv。", format)
}

// byTemplate is the layout of a file that a template knows; false when none can name its rows.
func (s *Service) byTemplate(headings []string, format, kind string) (layout, bool) {
	l := layout{headings: headings, targets: make([]string, len(headings)), format: format}
	t, ok := s.kinds.Recognise(headings, format, kind)
	if !ok {
		return l, false
	}
	l.format, l.kind = t.Format, t.Kind
	for i, h := range headings {
		l.targets[i] = t.Target(h)
	}
	return l, true
}

// byPlan is the layout that a plan gives a file; every column it does not name is left out.
func byPlan(headings []string, p Plan) layout {
	l := layout{headings: headings, targets: make([]string, len(headings)), format: FormatMapping, kind: p.Kind, constants: p.Constants, plan: &p, readings: make([]columns.Reading, len(headings))}
	for i, h := range headings {
		l.targets[i] = p.Columns[h]
		l.readings[i] = p.Readings[h]
	}
	return l
}

// byFormat is the layout of a file whose content shows its format; a kind that was asked for holds for every entry of a
// bibliography, whatever it says it is.
func (s *Service) byFormat(t *table, kind string) (layout, bool) {
	l := layout{headings: t.headings, targets: make([]string, len(t.headings)), format: t.format, kind: kind}
	tpl, ok := s.formatTemplate(t.format)
	if !ok || !tpl.Named(t.headings) {
		return l, false
	}
	if l.kind == "" {
		l.kind = tpl.Kind
	}
	for i, h := range t.headings {
		l.targets[i] = tpl.Target(h)
		if kind != "" && (h == kinds.CitationKind || h == kinds.CitationClass) {
			l.targets[i] = kinds.TargetNone
		}
	}
	return l, true
}

// formatTemplate is the template of a format that is found by content.
func (s *Service) formatTemplate(format string) (kinds.Template, bool) {
	switch format {
	case "bibtex", "ris":
		return kinds.Citation(format), true
	case "lines":
		return s.kinds.Whole(), true
	}
	i := slices.IndexFunc(s.kinds.Templates(), func(t kinds.Template) bool { return t.Format == format })
	if i < 0 {
		return kinds.Template{}, false
	}
	return s.kinds.Templates()[i], true
}
