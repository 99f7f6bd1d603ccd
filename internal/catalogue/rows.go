package catalogue

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/sheet"
)

// plan is a file whose rows have been read.
type plan struct {
	kinds    kinds.Set
	table    *sheet.Table
	template kinds.Template

	targets  []string // by column; "" = unknown
	ignored  []string // headings without a meaning here
	items    []*item
	errors   []RowError
	rejected int64
}

// item is one resource as the file has it: one row, or several that differ in their price option.
type item struct {
	rows     []int64
	kind     kinds.Kind
	sourceID string
	key      string // what stands for the source id when there is none, occurrence included
	values   map[string]any
	prices   []PriceLine
	free     *bool
	voucher  *bool
	access   []string
}

func (it *item) sourceKey() string {
	if it.sourceID != "" {
		return it.sourceID
	}
	return it.key
}

// read turns every row into an item or into errors.
func (p *plan) read() {
	for _, h := range p.table.Headings {
		t := p.template.Target(h)
		if t == "" && h != "" {
			p.ignored = append(p.ignored, h)
		}
		p.targets = append(p.targets, t)
	}
	seen := map[string]int{} // identity and option → rows so far
	by := map[string]*item{} // identity with occurrence → item
	for _, row := range p.table.Rows {
		r := rowReader{plan: p, row: row, item: &item{rows: []int64{int64(row.Number)}, values: map[string]any{}}}
		r.read()
		it := r.item
		// Bad rows are counted too, so that a mended row keeps its place among its like.
		base := r.identity()
		nth := seen[base+"\x00"+r.option]
		seen[base+"\x00"+r.option]++
		it.key = unnamed(it.kind.Name, r.name(), r.text("model"), r.text("serial"), r.place(), strconv.Itoa(nth))
		if len(r.errors) == 0 {
			p.join(by, it, r.option)
			continue
		}
		p.reject(r.errors)
	}
}

func (p *plan) reject(errs []RowError) {
	p.errors = append(p.errors, errs...)
	p.rejected++
}

// join adds an item, or adds its prices to the item of the same resource when they are for another option.
func (p *plan) join(by map[string]*item, it *item, option string) {
	first, ok := by[it.sourceKey()]
	switch {
	case !ok:
		by[it.sourceKey()] = it
		p.items = append(p.items, it)
	case option != "" && !slices.ContainsFunc(first.prices, func(l PriceLine) bool { return l.Option == option }):
		first.rows = append(first.rows, it.rows...)
		first.prices = append(first.prices, it.prices...)
	case reflect.DeepEqual(first.values, it.values) && reflect.DeepEqual(first.prices, it.prices):
		p.reject([]RowError{{Row: it.rows[0], Code: "twice", Text: "与第 {0} 行完全相同，只导入了一次。", Args: []any{first.rows[0]}}})
	default:
		p.reject([]RowError{{Row: it.rows[0], Column: p.heading("source_id"), Code: "id-twice", Text: "编号“{0}”与第 {1} 行相同而内容不同。请改正编号，或删去其中一行。", Args: []any{it.sourceID, first.rows[0]}}})
	}
}

// heading is the column that carries a target, as the file writes it.
func (p *plan) heading(target string) string {
	if i := slices.Index(p.targets, target); i >= 0 {
		return p.table.Headings[i]
	}
	return ""
}

// rowReader reads one row.
type rowReader struct {
	plan   *plan
	row    sheet.Row
	item   *item
	option string
	errors []RowError
}

func (r *rowReader) fail(target, code, text string, args ...any) {
	r.errors = append(r.errors, RowError{Row: int64(r.row.Number), Column: r.plan.heading(target), Code: code, Text: text, Args: args})
}

// cell is the first non-empty cell of a target.
func (r *rowReader) cell(target string) string {
	for i, t := range r.plan.targets {
		if t == target && r.row.Cell(i) != "" {
			return r.row.Cell(i)
		}
	}
	return ""
}

func (r *rowReader) read() {
	it := r.item
	it.kind, _ = r.plan.kinds.Find(r.plan.template.Kind)
	if text := r.cell(kinds.TargetKind); text != "" {
		switch kinds.Fold(text) {
		case "facility":
			it.kind, _ = r.plan.kinds.Find("facility")
		case "equipment", "instrument":
		default:
			r.fail(kinds.TargetKind, "not-a-choice", "“{0}”不在可选范围内，请填 equipment 或 facility。", text)
		}
	}
	for _, f := range it.kind.Fields {
		v, problem := f.Parse(r.cell(f.Name))
		if problem != nil {
			r.fail(f.Name, problem.Code, problem.Text, problem.Args...)
		} else if v != nil {
			it.values[f.Name] = v
		}
		if f.Required && v == nil && problem == nil {
			r.fail(f.Name, "required", "缺少“{0}”。", f.ZH)
		}
	}
	r.readName()
	it.sourceID = r.text("source_id")
	r.readTerms()
	r.readPrices()
}

// readName fills the Chinese or the English name from a column that does not say which; a UNIQUIP row
// without a name is named by its description.
func (r *rowReader) readName() {
	it := r.item
	name := r.cell(kinds.TargetName)
	if name == "" && r.text("name_zh") == "" && r.text("name_en") == "" && r.plan.template.Format == "uniquip" {
		name, _, _ = strings.Cut(r.text("summary"), "\n")
		if runes := []rune(name); len(runes) > 100 {
			name = string(runes[:99]) + "…"
		}
	}
	if name != "" {
		target := "name_en"
		if strings.IndexFunc(name, func(c rune) bool { return unicode.Is(unicode.Han, c) }) >= 0 {
			target = "name_zh"
		}
		f, _ := r.plan.kinds[0].Field(target)
		v, problem := f.Parse(name)
		if problem != nil {
			r.fail(kinds.TargetName, problem.Code, problem.Text, problem.Args...)
			return
		}
		if it.values[target] == nil {
			it.values[target] = v
		}
	}
	if r.text("name_zh") == "" && r.text("name_en") == "" && len(r.errors) == 0 {
		column := "name_zh"
		if r.plan.heading(column) == "" {
			column = kinds.TargetName
		}
		r.fail(column, "required", "缺少名称，请填写中文名称或英文名称。")
	}
}

// readTerms reads ways of use, free and voucher.
func (r *rowReader) readTerms() {
	if access, ok := r.term(kinds.TargetAccess).([]string); ok {
		r.item.access = access
	}
	if free, ok := r.term(kinds.TargetFree).(bool); ok {
		r.item.free = &free
	}
	if voucher, ok := r.term(kinds.TargetVoucher).(bool); ok {
		r.item.voucher = &voucher
	}
}

func (r *rowReader) text(field string) string {
	s, _ := r.item.values[field].(string)
	return s
}

func (r *rowReader) name() string { return r.text("name_zh") + "\x00" + r.text("name_en") }

func (r *rowReader) place() string { return r.text("street") + "\x00" + r.text("room") }

// identity is what makes two rows of a file the same resource, occurrence aside.
func (r *rowReader) identity() string {
	return strings.Join([]string{r.item.kind.Name, r.text("source_id"), r.name(), r.text("model"), r.text("serial"), r.place()}, "\x01")
}
