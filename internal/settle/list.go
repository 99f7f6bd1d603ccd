package settle

import (
	"io"
	"slices"
	"strings"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/textindex/fold"
)

// maxList bounds a side's list.
const maxList = 20 << 20

// columns of a side's list.
const (
	columnNumber = "number"
	columnWhat   = "what"
	columnAmount = "amount"
	columnDay    = "day"
)

func plain(s string) string {
	return strings.NewReplacer(" ", "", "（", "(", "）", ")").Replace(fold.Text(s))
}

// wordOf is the key of a table of words under which a text stands; empty: none.
func wordOf(words map[string][]string, text string) string {
	for k, list := range words {
		if slices.ContainsFunc(list, func(w string) bool { return plain(w) == plain(text) }) {
			return k
		}
	}
	return ""
}

// ReadList reads a side's own list: claim number, event, amount in yuan, and the day where it has one. A row without a number
// (a total below, say) is left out; one that cannot be read refuses the list and is named.
func ReadList(name string, from io.Reader) ([]Line, error) {
	words := listHeadings()
	table, err := sheet.Read(name, from, sheet.Options{Heading: func(cells []string) int {
		n := 0
		for _, c := range cells {
			if wordOf(words, c) != "" {
				n++
			}
		}
		return n
	}})
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i, h := range table.Headings {
		if k := wordOf(words, h); k != "" {
			if _, twice := at[k]; !twice {
				at[k] = i
			}
		}
	}
	for _, need := range []string{columnNumber, columnWhat, columnAmount} {
		if _, there := at[need]; !there {
			return nil, refusedList("清单里没有“{0}”这一列。需要兑付编号、事项、金额三列，日期可有可无。", words[need][0])
		}
	}
	var out []Line
	for _, row := range table.Rows {
		l, skip, err := readLine(row, at)
		if err != nil {
			return nil, err
		}
		if !skip {
			out = append(out, l)
		}
	}
	if len(out) == 0 {
		return nil, refusedList("清单里没有一行有兑付编号。")
	}
	return out, nil
}

func readLine(row sheet.Row, at map[string]int) (l Line, skip bool, err error) {
	cell := func(column string) string {
		if i, there := at[column]; there {
			return strings.TrimSpace(row.Cell(i))
		}
		return ""
	}
	l = Line{Row: row.Number, Number: strings.ToUpper(fold.Text(cell(columnNumber))), What: wordOf(whatWords(), cell(columnWhat))}
	if l.Number == "" {
		return l, true, nil
	}
	if l.What == "" {
		return l, false, refusedList("第 {0} 行的事项“{1}”看不懂：请写批准、撤销、支付、退回、追回或到账。", row.Number, cell(columnWhat))
	}
	if l.Amount, err = money.Parse(cell(columnAmount)); err != nil || l.Amount <= 0 {
		return l, false, refusedList("第 {0} 行的金额“{1}”不是大于零、最多两位小数的金额。", row.Number, cell(columnAmount))
	}
	if l.Day = dayOf(cell(columnDay)); l.Day == "" && cell(columnDay) != "" {
		return l, false, refusedList("第 {0} 行的日期“{1}”看不懂：请写成 2026-11-27。", row.Number, cell(columnDay))
	}
	return l, false, nil
}

// dayOf reads a civil day as lists write it; empty when it is none.
func dayOf(s string) string {
	s = strings.NewReplacer(dayMarks()...).Replace(s)
	if len(s) == 8 && !strings.Contains(s, "-") {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	if parts := strings.Split(s, "-"); len(parts) == 3 {
		for i, p := range parts[1:] {
			if len(p) == 1 {
				parts[i+1] = "0" + p
			}
		}
		s = strings.Join(parts, "-")
	}
	if _, err := clock.Midnight(s); err != nil {
		return ""
	}
	return s
}

func refusedList(text string, args ...any) error {
	return fault.New(fault.Invalid, "list-refused", text, args...).Field("file", "list-refused", text, args...)
}
