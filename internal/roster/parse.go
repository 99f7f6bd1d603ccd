//i18n:data the headings that lists come with

package roster

import (
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/id"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/textindex/fold"
)

// Fields of a row, in the order the mapping page shows them.
const (
	FieldName     = "name"
	FieldUSCC     = "uscc"
	FieldNumber   = "number"
	FieldFrom     = "from"
	FieldTo       = "to"
	FieldFormer   = "former"
	FieldEvidence = "evidence"
)

// Fields lists the fields of a row.
func Fields() []string {
	return []string{FieldName, FieldUSCC, FieldNumber, FieldFrom, FieldTo, FieldFormer, FieldEvidence}
}

// headings are the words by which a column is known, the surest first.
func headings() map[string][]string {
	return map[string][]string{
		FieldName:     {"企业名称", "单位名称", "公司名称", "机构名称", "企业全称", "名称", "name", "company", "organisation", "organization"},
		FieldUSCC:     {"统一社会信用代码", "社会信用代码", "信用代码", "组织机构代码", "uscc", "credit code"},
		FieldNumber:   {"证书编号", "证书号", "入库登记编号", "登记编号", "认定编号", "批准文号", "certificate", "number", "certificate no"},
		FieldFrom:     {"发证日期", "发证时间", "认定日期", "入库时间", "入库日期", "公告日期", "生效日期", "起始日期", "有效期起", "列入日期", "from", "issued", "valid from"},
		FieldTo:       {"有效期至", "截止日期", "有效期止", "到期日期", "终止日期", "移出日期", "to", "until", "valid to", "expires"},
		FieldFormer:   {"曾用名", "原名称", "更名前名称", "former name", "former"},
		FieldEvidence: {"依据", "文号", "列入原因", "列入事由", "公告", "批次", "备注", "evidence", "reason", "remarks"},
	}
}

// Propose says for each heading which field it most likely holds; "" none. A field is given once.
func Propose(heads []string) []string {
	out := make([]string, len(heads))
	taken := map[string]bool{}
	for _, exact := range []bool{true, false} { // whole words first: 名称 must not take what 企业名称 says better
		for _, field := range Fields() {
			for _, word := range headings()[field] {
				for i, h := range heads {
					h = plainHeading(h)
					hit := h == plainHeading(word) || !exact && strings.Contains(h, plainHeading(word))
					if out[i] == "" && !taken[field] && hit {
						out[i], taken[field] = field, true
					}
				}
			}
		}
	}
	return out
}

func plainHeading(h string) string {
	h = strings.ReplaceAll(fold.Text(h), " ", "")
	if i := strings.IndexAny(h, "([【〔"); i >= 0 {
		h = h[:i]
	}
	return strings.Trim(h, "*:：")
}

// known counts the headings a row has, so that the heading row is found.
func known(cells []string) int {
	n := 0
	for _, f := range Propose(cells) {
		if f != "" {
			n++
		}
	}
	return n
}

// RowError is what is wrong with one cell of a file.
type RowError struct {
	Row    int         // as the spreadsheet program shows it
	Column string      // the heading; empty: the whole row
	Value  string      // as it stands there
	Fault  fault.Field // code and sentence
}

// Parsed is a file read by a mapping.
type Parsed struct {
	Entries []Entry
	Rows    []int // the row of each entry
	Errors  []RowError
}

// Parse reads the rows of a table by a mapping. Rows without mistakes become entries; a bad row never stops a good one.
func Parse(list List, t *sheet.Table, mapping []string) Parsed {
	var p Parsed
	seen := map[string]int{}
	for _, row := range t.Rows {
		e, bad := parseRow(list, t, mapping, row)
		if len(bad) == 0 {
			if first, twice := seen[e.ID]; twice {
				bad = append(bad, RowError{Row: row.Number, Fault: fault.Field{Code: "twice", Text: "与第 {0} 行重复。", Args: []any{first}}})
			}
		}
		if len(bad) > 0 {
			p.Errors = append(p.Errors, bad...)
			continue
		}
		seen[e.ID] = row.Number
		p.Entries, p.Rows = append(p.Entries, e), append(p.Rows, row.Number)
	}
	return p
}

func parseRow(list List, t *sheet.Table, mapping []string, row sheet.Row) (Entry, []RowError) {
	var bad []RowError
	column := func(field string) int {
		for i, f := range mapping {
			if f == field && i < len(t.Headings) {
				return i
			}
		}
		return -1
	}
	cell := func(field string) string {
		if i := column(field); i >= 0 {
			return strings.TrimSpace(row.Cell(i))
		}
		return ""
	}
	wrong := func(field, code, text string, args ...any) {
		e := RowError{Row: row.Number, Value: cell(field), Fault: fault.Field{Name: field, Code: code, Text: text, Args: args}}
		if i := column(field); i >= 0 {
			e.Column = t.Headings[i]
		}
		bad = append(bad, e)
	}
	day := func(field string) string {
		f := form.Of(map[string]string{field: cell(field)})
		d := f.Date(field)
		if x := f.ErrorOf(field); x != nil {
			wrong(field, "date", "不是日期，请写成 2026-01-31 的样子。")
		}
		return d
	}
	e := Entry{List: list.ID, Name: cell(FieldName), USCC: identity.NormalUSCC(cell(FieldUSCC)), Number: cell(FieldNumber), Evidence: cell(FieldEvidence), State: StateNone}
	e.Former = strings.Join(strings.FieldsFunc(cell(FieldFormer), func(r rune) bool { return strings.ContainsRune("\n;；、", r) }), "\n")
	e.From, e.To = day(FieldFrom), day(FieldTo)
	if e.Name == "" && e.USCC == "" {
		wrong(FieldName, "required", "名称和统一社会信用代码至少要有一项。")
	}
	if e.USCC != "" && len(e.USCC) == 18 {
		if err := identity.CheckUSCC(e.USCC); err != nil && !identity.USCCWarning(err) {
			wrong(FieldUSCC, "uscc", "不是统一社会信用代码：应为 18 位数字和大写字母。")
		}
	} else if e.USCC != "" {
		wrong(FieldUSCC, "uscc", "不是统一社会信用代码：应为 18 位数字和大写字母。")
	}
	for field, most := range map[string]int{FieldName: 200, FieldNumber: 100, FieldFormer: 600, FieldEvidence: 500} {
		if utf8.RuneCountInString(cell(field)) > most {
			wrong(field, "too-long", "太长了，最多 {0} 个字。", most)
		}
	}
	if e.From != "" && e.To != "" && e.To < e.From {
		wrong(FieldTo, "order", "截止日期早于起始日期 {0}。", e.From)
	}
	if e.Name == "" {
		e.Name = e.USCC
	}
	e.Folded = folded(e.Name)
	who := e.USCC
	if who == "" {
		who = e.Folded
	}
	e.ID = id.From("roster.entry", list.ID, who, e.Number)
	if e.Number == "" { // without a number, each time it is listed is an entry of its own
		e.ID = id.From("roster.entry", list.ID, who, e.Number, e.From)
	}
	if e.To == "" && len(bad) == 0 {
		end, err := Ends(list.Rules, e.From)
		if err != nil {
			wrong(FieldFrom, "date", "按这一天算不出有效期，请写明截止日期。")
		}
		e.To, e.Derived = end, end != ""
	}
	return e, bad
}
