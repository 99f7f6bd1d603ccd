package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"qiao/internal/platform/fault"
)

// Limits bound what a file may cost; a zero field takes the default named beside it.
type Limits struct {
	Bytes    int64 // of the file as uploaded: 20 MiB
	Unpacked int64 // of an xlsx once unpacked: 200 MiB
	Ratio    int64 // unpacked ÷ packed of one part over 1 MiB: 200
	Rows     int   // rows with something in them: 50,000
	Columns  int   // 512
	Cell     int   // characters in one cell: 32,767, which is also Excel's limit
}

// Options say how a file is read.
type Options struct {
	Limits
	// Heading scores a row as the heading row: the number of cells it knows. The best of the first 30
	// rows wins, the earlier one when equal. Nil, or when nothing scores: the first row with at least
	// two cells, or with any if there is none.
	Heading func(cells []string) int
}

// Row is one row of the table below its headings.
type Row struct {
	Number int      // as the spreadsheet program shows it, from 1
	Cells  []string // trimmed, as many as there are headings at most; missing ones at the end are left out
}

// Cell is the text in column i, "" where the row is shorter.
func (r Row) Cell(i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	return r.Cells[i]
}

// Table is a file that was read.
type Table struct {
	Format     string   // "xlsx", "csv" or "tsv"
	Sheet      string   // name of the worksheet, "" for text
	HeadingRow int      // its number in the file
	Headings   []string // white space folded; a cell may be empty
	Rows       []Row    // rows that have at least one cell with text
}

// Read reads the table in r. The name serves only the sentences. Errors are faults: sheet-empty,
// sheet-too-large, sheet-too-many-rows, sheet-too-many-columns, sheet-cell-too-long, sheet-unreadable,
// sheet-encoding, sheet-not-a-table; or the error of r itself.
func Read(name string, r io.Reader, o Options) (*Table, error) {
	o.Limits = o.withDefaults()
	data, err := io.ReadAll(io.LimitReader(r, o.Bytes+1))
	if err != nil {
		return nil, errUnreadable(name).Because(err)
	}
	if int64(len(data)) > o.Bytes {
		return nil, fault.New(fault.TooLarge, "sheet-too-large", "文件“{0}”超过 {1} MB 的上限。请删去图片，或拆成几个文件后再上传。", name, o.Bytes>>20)
	}
	if len(bytes.TrimSpace(bytes.TrimPrefix(data, utf8BOM))) == 0 {
		return nil, errEmpty(name)
	}
	var g *grid
	switch kind := sniff(data); kind {
	case "xlsx":
		g, err = readXLSX(name, data, o.Limits)
	case "text":
		g, err = readText(name, data, o.Limits)
	default:
		return nil, fault.New(fault.Invalid, "sheet-not-a-table", kind, name)
	}
	if err != nil {
		return nil, err
	}
	t := g.table(o.Heading)
	if t == nil {
		return nil, errEmpty(name)
	}
	return t, nil
}

func (l Limits) withDefaults() Limits {
	set := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	set(&l.Bytes, 20<<20)
	set(&l.Unpacked, 200<<20)
	set(&l.Ratio, 200)
	for v, d := range map[*int]int{&l.Rows: 50_000, &l.Columns: 512, &l.Cell: 32_767} {
		if *v <= 0 {
			*v = d
		}
	}
	return l
}

func errEmpty(name string) *fault.Error {
	return fault.New(fault.Invalid, "sheet-empty", "文件“{0}”里没有内容。请确认数据在第一个工作表中，并且第一行是列标题。", name)
}

func errUnreadable(name string) *fault.Error {
	return fault.New(fault.Invalid, "sheet-unreadable", "文件“{0}”打不开，可能没有上传完整或已经损坏。请在 Excel 或 WPS 中打开它，另存为新的 .xlsx 文件后再上传。", name)
}

// grid is a file before its headings are known.
type grid struct {
	format, sheet string
	rows          []Row
	merged        map[int][]span // xlsx: by row, cells merged across columns
}

// span is a horizontal merge: columns from..to (0-based, inclusive).
type span struct{ from, to int }

// add checks the limits and keeps a row that has text.
func (g *grid) add(name string, number int, cells []string, l Limits) error {
	last := -1
	for i, c := range cells {
		c = clean(c)
		if utf8.RuneCountInString(c) > l.Cell {
			return fault.New(fault.Invalid, "sheet-cell-too-long", "文件“{0}”第 {1} 行第 {2} 列的文字超过 {3} 个字符。请缩短后再上传。", name, number, i+1, l.Cell)
		}
		if cells[i] = c; c != "" {
			last = i
		}
	}
	if last < 0 {
		return nil
	}
	if last >= l.Columns {
		return fault.New(fault.TooLarge, "sheet-too-many-columns", "文件“{0}”第 {1} 行有 {2} 列，最多可以有 {3} 列。", name, number, last+1, l.Columns)
	}
	if len(g.rows) > l.Rows {
		return fault.New(fault.TooLarge, "sheet-too-many-rows", "文件“{0}”超过 {1} 行。请拆成几个文件，分次上传。", name, l.Rows)
	}
	g.rows = append(g.rows, Row{Number: number, Cells: cells[:last+1]})
	return nil
}

// clean drops what no cell should carry: invalid bytes, control characters, zero-width marks, outer space.
func clean(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "\uFFFD")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case r < ' ' || r == 0x7f || r == '\uFEFF' || r == '\u200B':
			return -1
		case r == '\u00A0' || r == '\u3000':
			return ' '
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// headingDepth is how far down a heading row is looked for: titles and notes stand above it.
const headingDepth = 30

// table finds the heading row and cuts the grid below it; nil when there is no row at all.
func (g *grid) table(score func([]string) int) *Table {
	if len(g.rows) == 0 {
		return nil
	}
	at := g.headingAt(score)
	h := g.rows[at]
	t := &Table{Format: g.format, Sheet: g.sheet, HeadingRow: h.Number, Headings: foldAll(h.Cells)}
	body := g.rows[at+1:]
	if spans := g.merged[h.Number]; len(spans) > 0 && len(body) > 0 && body[0].Number == h.Number+1 && onlyUnder(spans, body[0].Cells) {
		t.Headings = under(t.Headings, foldAll(body[0].Cells), spans)
		body = body[1:]
	}
	for _, r := range body {
		r.Cells = r.Cells[:min(len(r.Cells), len(t.Headings))]
		if strings.Join(r.Cells, "") != "" {
			t.Rows = append(t.Rows, r)
		}
	}
	return t
}

func (g *grid) headingAt(score func([]string) int) int {
	best, at := 0, -1
	first := 0
	for i := min(len(g.rows), headingDepth) - 1; i >= 0; i-- {
		if count(g.rows[i].Cells) >= 2 {
			first = i
		}
		if score == nil {
			continue
		}
		if s := score(foldAll(g.rows[i].Cells)); s > 0 && s >= best {
			best, at = s, i
		}
	}
	if at < 0 {
		return first
	}
	return at
}

func count(cells []string) int {
	n := 0
	for _, c := range cells {
		if c != "" {
			n++
		}
	}
	return n
}

// onlyUnder tells whether a row has text below merged headings and nowhere else: a second row of headings.
func onlyUnder(spans []span, cells []string) bool {
	seen := false
	for i, c := range cells {
		if c == "" {
			continue
		}
		inside := false
		for _, s := range spans {
			inside = inside || i >= s.from && i <= s.to
		}
		if !inside {
			return false
		}
		seen = true
	}
	return seen
}

// under joins a second row of headings to the merged ones above: "安放地址" over "省" is "安放地址-省".
func under(top, sub []string, spans []span) []string {
	out := append([]string(nil), top...)
	for len(out) < len(sub) {
		out = append(out, "")
	}
	for _, s := range spans {
		group := ""
		if s.from < len(top) {
			group = top[s.from]
		}
		for i := s.from; i <= s.to && i < len(sub); i++ {
			if sub[i] != "" {
				out[i] = strings.Trim(group+"-"+sub[i], "-")
			}
		}
	}
	return out
}

func foldAll(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strings.Join(strings.Fields(c), " ")
	}
	return out
}

// sniff tells what the bytes are: "xlsx", "text", or else the sentence that says what they are and what to do.
func sniff(data []byte) string {
	head := data[:min(len(data), 2048)]
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return sniffZip(data)
	case bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return "文件“{0}”是空的压缩包。请上传 .xlsx、.csv 或 .tsv 文件。"
	case bytes.HasPrefix(head, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		return "文件“{0}”是旧版 Excel (.xls) 或加了密码的文件。请在 Excel 或 WPS 中打开它，另存为“Excel 工作簿 (*.xlsx)”后再上传。"
	case bytes.HasPrefix(head, []byte("%PDF")):
		return "文件“{0}”是 PDF，不能作为表格导入。请上传 .xlsx、.csv 或 .tsv 文件。"
	case bytes.HasPrefix(head, []byte("\x89PNG")), bytes.HasPrefix(head, []byte{0xFF, 0xD8, 0xFF}), bytes.HasPrefix(head, []byte("GIF8")):
		return "文件“{0}”是图片，不能作为表格导入。请上传 .xlsx、.csv 或 .tsv 文件。"
	case bytes.HasPrefix(head, []byte{0x1F, 0x8B}), bytes.HasPrefix(head, []byte("Rar!")), bytes.HasPrefix(head, []byte("7z\xBC\xAF")):
		return "文件“{0}”是压缩包。请先解压，再上传其中的 .xlsx、.csv 或 .tsv 文件。"
	}
	if utf16Order(data) != nil {
		return "text"
	}
	text := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head, utf8BOM)))
	switch {
	case bytes.IndexByte(head, 0) >= 0:
		return "文件“{0}”不是文本，也不是 Excel 文件。请上传 .xlsx、.csv 或 .tsv 文件。"
	case bytes.HasPrefix(text, []byte("<!doctype")), bytes.HasPrefix(text, []byte("<html")), bytes.HasPrefix(text, []byte("<table")):
		return "文件“{0}”其实是网页（有些系统把网页当作 .xls 导出）。请在 Excel 或 WPS 中打开它，另存为“Excel 工作簿 (*.xlsx)”后再上传。"
	case bytes.HasPrefix(text, []byte("<?xml")), bytes.HasPrefix(text, []byte("{")), bytes.HasPrefix(text, []byte("[")):
		return "文件“{0}”是 XML 或 JSON 数据，不能作为表格导入。请上传 .xlsx、.csv 或 .tsv 文件。"
	}
	return "text"
}

var errNotWorkbook = errors.New("no xl/workbook.xml")
