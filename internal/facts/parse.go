//i18n:data the headings that spreadsheets come with

package facts

import (
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/textindex/fold"
)

// The columns beside facts.
const (
	fieldName = "name"
	fieldUSCC = "uscc"
	fieldAsOf = "as_of"
)

// columns are what a column may hold: a field, a fact, or a yearly fact with its year behind an @.
func (k Keys) columns(day string) []string {
	out := []string{fieldName, fieldUSCC, fieldAsOf}
	for _, f := range k.Facts {
		if f.Per != perYear {
			out = append(out, f.Code)
			continue
		}
		for _, y := range years(day, yearsAsked) {
			out = append(out, f.Code+"@"+y)
		}
	}
	return out
}

// propose says for each heading what it most likely holds; "" nothing. A yearly fact without a year in its heading is of the
// last full year.
func (k Keys) propose(heads []string, day string) []string {
	out := make([]string, len(heads))
	taken := map[string]bool{}
	words := map[string][]string{
		fieldName: {"企业名称", "单位名称", "公司名称", "名称", "company"}, fieldUSCC: {"统一社会信用代码", "社会信用代码", "信用代码", "uscc"}, fieldAsOf: {"统计日期", "截至", "截止日期", "as of"},
	}
	for i, h := range heads {
		h, year := plainHeading(h), ""
		for _, y := range years(day, yearsAsked) {
			if strings.Contains(h, y) {
				year = y
				h = strings.Trim(strings.NewReplacer(y, "", "年度", "", "年", "").Replace(h), "_-@")
			}
		}
		found := ""
		for field, list := range words {
			if slices.ContainsFunc(list, func(w string) bool { return h == plainHeading(w) }) {
				found = field
			}
		}
		for _, f := range k.Facts {
			if h != plainHeading(f.Name.ZH) && h != plainHeading(f.Name.EN) && h != f.Code {
				continue
			}
			found = f.Code
			if f.Per == perYear {
				if year == "" {
					year = years(day, 1)[0]
				}
				found += "@" + year
			}
		}
		if found != "" && !taken[found] {
			out[i], taken[found] = found, true
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

// RowError is what is wrong with one cell of a file.
type RowError struct {
	Row    int    // as the spreadsheet program shows it
	Column string // what the column holds
	Value  string // as it stands there
	Text   string // Chinese sentence with {0} for arguments
	Args   []any
}

// parsedRow is one row: whom it is about, and what it says.
type parsedRow struct {
	Row        int
	Name, USCC string
	Entries    []Entry // key, year, day and value
	Errors     []RowError
}

// parse reads the rows of a table by a mapping. A bad row never stops a good one; identity numbers are not imported.
func (k Keys) parse(t *sheet.Table, columns []string, day string) []parsedRow {
	var out []parsedRow
	for _, row := range t.Rows {
		r := parsedRow{Row: row.Number}
		asOf := day
		wrong := func(column, value, text string, args ...any) {
			r.Errors = append(r.Errors, RowError{row.Number, column, value, text, args})
		}
		for i, c := range columns {
			cell := strings.TrimSpace(row.Cell(i))
			code, year, _ := strings.Cut(c, "@")
			switch {
			case c == "" || cell == "":
			case c == fieldName:
				r.Name = cell
			case c == fieldUSCC:
				r.USCC = identity.NormalUSCC(cell)
			case c == fieldAsOf:
				f := form.Of(map[string]string{"x": cell})
				if asOf = f.Date("x"); !f.OK() || asOf > day {
					asOf = day
					wrong(c, cell, "不是日期，或者晚于今天。")
				}
			default:
				key, ok := k.Key(code)
				if !ok || key.Type == typeSecret {
					continue
				}
				value, bad := key.Read(strings.ReplaceAll(cell, "|", "\n"), nil)
				if bad != nil {
					wrong(c, cell, bad.Text, bad.Args...)
					continue
				}
				r.Entries = append(r.Entries, Entry{Key: code, Year: year, Value: value})
			}
		}
		for i := range r.Entries {
			r.Entries[i].AsOf = asOf
		}
		if r.Name == "" && r.USCC == "" {
			wrong(fieldUSCC, "", "名称和统一社会信用代码至少要有一项。")
		}
		out = append(out, r)
	}
	return out
}
