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
	Memory   int64 // of the texts that an xlsx keeps apart, before they go to a temporary file: 64 MiB
}

// Options say how a file is read.
type Options struct {
	Limits
	// Heading scores a row as the heading row: the number of cells it knows. The best of the first 30
	// rows wins, the earlier one when equal. Nil, or when nothing scores: the first row with at least
	// two cells, or with any if there is none.
	Heading func(cells []string) int
	Row     int    // number of the heading row, where a person has said it; 0: looked for
	Sheet   string // worksheet to read, where a person has said it; "": the first visible one that has rows
}

// Row is one row of the table below its headings.
type Row struct {
	Number int      // as the spreadsheet program shows it, from 1
	Cells  []string // trimmed, as many as there are headings at most; missing ones at the end are left out
	Long   []int    // columns whose text was cut at the limit
	Broken *Broken  // it cannot be read at all; nil for every row of a spreadsheet

	wide int // columns in the file where they are more than the limit
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

// Read reads a whole small table. Errors are those of Open and Next, and sheet-cell-too-long.
func Read(name string, from io.Reader, o Options) (*Table, error) {
	o.Limits = o.withDefaults()
	data, err := io.ReadAll(io.LimitReader(from, o.Bytes+1))
	if err != nil {
		return nil, errUnreadable(name).Because(err)
	}
	r, err := Open(name, bytes.NewReader(data), int64(len(data)), o)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // memory only
	t := &Table{Format: r.Format, Sheet: r.Sheet, HeadingRow: r.HeadingRow, Headings: r.Headings}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, err
		}
		if len(row.Long) > 0 {
			return nil, fault.New(fault.Invalid, "sheet-cell-too-long", "文件“{0}”第 {1} 行第 {2} 列的文字超过 {3} 个字符。请缩短后再上传。", name, row.Number, row.Long[0]+1, o.Cell)
		}
		t.Rows = append(t.Rows, row)
	}
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
	set(&l.Memory, 64<<20)
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

// clean drops what no cell should carry: invalid bytes, control characters, zero-width marks, outer space.
func clean(s string) string {
	if plain(s) {
		return strings.TrimSpace(s)
	}
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

// plain tells whether a text has nothing that clean would change but outer space.
func plain(s string) bool {
	for _, r := range s {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == utf8.RuneError || r == '\uFEFF' || r == '\u200B' || r == '\u00A0' || r == '\u3000' {
			return false
		}
	}
	return true
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
func sniff(data []byte, src io.ReaderAt, size int64) string {
	head := data[:min(len(data), 2048)]
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return sniffZip(src, size)
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
	case bytes.Count(head, []byte{0})*50 > len(head):
		return "文件“{0}”不是文本，也不是 Excel 文件。请上传 .xlsx、.csv 或 .tsv 文件。"
	case bytes.HasPrefix(text, []byte("<!doctype")), bytes.HasPrefix(text, []byte("<html")), bytes.HasPrefix(text, []byte("<table")):
		return "文件“{0}”其实是网页（有些系统把网页当作 .xls 导出）。请在 Excel 或 WPS 中打开它，另存为“Excel 工作簿 (*.xlsx)”后再上传。"
	case bytes.HasPrefix(text, []byte("<?xml")), bytes.HasPrefix(text, []byte("{")), bytes.HasPrefix(text, []byte("[")):
		return "文件“{0}”是 XML 或 JSON 数据，不能作为表格导入。请上传 .xlsx、.csv 或 .tsv 文件。"
	}
	return "text"
}
