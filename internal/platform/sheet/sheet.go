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
}

// Row is one row of the table below its headings.
type Row struct {
	Number int      // as the spreadsheet program shows it, from 1
	Cells  []string // trimmed, as many as there are headings at most; missing ones at the end are left out
	Long   []int    // columns whose text was cut at the limit

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

// Rows is a file being read, a row at a time.
type Rows struct {
	Format     string   // "xlsx", "csv" or "tsv"
	Sheet      string   // name of the worksheet, "" for text
	HeadingRow int      // its number in the file
	Headings   []string // white space folded; a cell may be empty

	name   string
	limits Limits
	raw    rawRows
	ahead  []Row // read already, while the headings were looked for
	count  int   // rows given
	err    error // how it ended: io.EOF, or what went wrong
}

// rawRows is a file before its headings are known; next gives io.EOF at the end.
type rawRows interface {
	next() (number int, cells []string, err error)
	close() error
}

// Open finds the headings of the table in src and gives its rows one by one, so that a file of any length needs the same
// memory: the window of a text file (8 MiB), or the texts that the cells of an xlsx share (Limits.Memory, the rest in a
// temporary file). The name serves only the sentences. Errors are faults: sheet-empty, sheet-too-large, sheet-unreadable,
// sheet-encoding, sheet-not-a-table, and from Next sheet-too-many-rows; or the error of src itself.
func Open(name string, src io.ReaderAt, size int64, o Options) (*Rows, error) {
	o.Limits = o.withDefaults()
	if size > o.Bytes {
		return nil, fault.New(fault.TooLarge, "sheet-too-large", "文件“{0}”超过 {1} MB 的上限。请删去图片，或拆成几个文件后再上传。", name, o.Bytes>>20)
	}
	head, err := headOf(src, size)
	if err != nil {
		return nil, errUnreadable(name).Because(err)
	}
	r := &Rows{name: name, limits: o.Limits}
	switch kind := sniff(head, src, size); kind {
	case "xlsx":
		err = r.openBook(src, size, o.Heading)
	case "text":
		err = r.openText(src, size, o.Heading)
	default:
		err = fault.New(fault.Invalid, "sheet-not-a-table", kind, name)
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Rows) openText(src io.ReaderAt, size int64, score func([]string) int) error {
	text, err := decoded(r.name, src, size)
	if err != nil {
		return err
	}
	head := make([]byte, 1<<16)
	n, err := io.ReadFull(text, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return errUnreadable(r.name).Because(err)
	}
	comma := separator(string(head[:n]))
	if r.Format = "csv"; comma == '\t' {
		r.Format = "tsv"
	}
	r.raw = &textRows{name: r.name, s: newSplitter(io.MultiReader(bytes.NewReader(head[:n]), text), comma)}
	found, err := r.findHeadings(score)
	if err == nil && !found {
		err = errEmpty(r.name)
	}
	return err
}

// openBook opens the first visible worksheet that has rows.
func (r *Rows) openBook(src io.ReaderAt, size int64, score func([]string) int) error {
	book, sheets, err := openXLSX(r.name, src, size, r.limits)
	if err != nil {
		return err
	}
	r.Format = "xlsx"
	for _, w := range sheets {
		if w.hidden {
			continue
		}
		rows, err := book.open(w)
		if err != nil {
			return errors.Join(err, book.texts.close())
		}
		r.raw, r.Sheet = bookRows{rows, book}, w.name
		found, err := r.findHeadings(score)
		if err != nil || found {
			return err
		}
		if err := rows.close(); err != nil {
			return errors.Join(errUnreadable(r.name).Because(err), book.texts.close())
		}
		r.raw, r.ahead = nil, nil
	}
	return errors.Join(errEmpty(r.name), book.texts.close())
}

type bookRows struct {
	*sheetRows
	book *book
}

func (b bookRows) close() error { return errors.Join(b.sheetRows.close(), b.book.texts.close()) }

// textRows numbers the records of a text file.
type textRows struct {
	name   string
	s      *splitter
	number int
}

func (t *textRows) next() (int, []string, error) {
	if !t.s.more() {
		if t.s.err != nil {
			return 0, nil, errUnreadable(t.name).Because(t.s.err)
		}
		return 0, nil, io.EOF
	}
	t.number++
	return t.number, t.s.record(), nil
}

func (t *textRows) close() error { return nil }

// read is the next row with anything in it.
func (r *Rows) read() (Row, error) {
	for {
		n, cells, err := r.raw.next()
		if err != nil {
			return Row{}, err
		}
		row := Row{Number: n}
		last := -1
		if len(cells) > r.limits.Columns {
			row.wide, cells = len(cells), cells[:r.limits.Columns]
		}
		for i, c := range cells {
			if len(c) == 0 {
				continue
			}
			c = clean(c)
			if len(c) > r.limits.Cell && utf8.RuneCountInString(c) > r.limits.Cell {
				c = string([]rune(c)[:r.limits.Cell])
				row.Long = append(row.Long, i)
			}
			if cells[i] = c; c != "" {
				last = i
			}
		}
		if last >= 0 {
			row.Cells = cells[:last+1]
			return row, nil
		}
	}
}

// Next is the next row that has a text under one of the headings; io.EOF at the end.
func (r *Rows) Next() (Row, error) {
	for r.err == nil {
		var row Row
		if len(r.ahead) > 0 {
			row, r.ahead = r.ahead[0], r.ahead[1:]
		} else if row, r.err = r.read(); r.err != nil {
			break
		}
		row.Cells = row.Cells[:min(len(row.Cells), len(r.Headings))]
		for len(row.Cells) > 0 && row.Cells[len(row.Cells)-1] == "" {
			row.Cells = row.Cells[:len(row.Cells)-1]
		}
		if len(row.Cells) == 0 {
			continue
		}
		if r.count++; r.count > r.limits.Rows {
			r.err = fault.New(fault.TooLarge, "sheet-too-many-rows", "文件“{0}”超过 {1} 行。请拆成几个文件，分次上传。", r.name, r.limits.Rows)
			break
		}
		return row, nil
	}
	return Row{}, r.err
}

// Close gives back what the reading holds; the source stays open.
func (r *Rows) Close() error {
	if r == nil || r.raw == nil {
		return nil
	}
	err := r.raw.close()
	r.raw = nil
	return err
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

// headingDepth is how far down a heading row is looked for: titles and notes stand above it.
const headingDepth = 30

// findHeadings looks for the heading row among the first rows; false when there is no row at all.
func (r *Rows) findHeadings(score func([]string) int) (bool, error) {
	for len(r.ahead) <= headingDepth {
		row, err := r.read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return false, err
		}
		r.ahead = append(r.ahead, row)
	}
	if len(r.ahead) == 0 {
		return false, nil
	}
	at := headingAt(r.ahead, score)
	h := r.ahead[at]
	if h.wide > 0 {
		return false, fault.New(fault.TooLarge, "sheet-too-many-columns", "文件“{0}”第 {1} 行有 {2} 列，最多可以有 {3} 列。", r.name, h.Number, h.wide, r.limits.Columns)
	}
	r.HeadingRow, r.Headings = h.Number, foldAll(h.Cells)
	r.ahead = r.ahead[at+1:]
	if len(r.ahead) > 0 && r.ahead[0].Number == h.Number+1 && h.Cells[0] != "" {
		if spans := spansOf(r.Headings, len(r.ahead[0].Cells)); count(r.ahead[0].Cells) > 1 && onlyUnder(spans, r.ahead[0].Cells) {
			r.Headings = under(r.Headings, foldAll(r.ahead[0].Cells), spans)
			r.ahead = r.ahead[1:]
		}
	}
	return true, nil
}

// span is a heading that stands over several columns: from..to (0-based, inclusive).
type span struct{ from, to int }

// spansOf lists the headings that are followed by empty ones, as cells merged across columns are; none where every heading
// is: then it is the headings that are missing.
func spansOf(headings []string, width int) []span {
	var out []span
	width = max(width, len(headings))
	single := false
	for i := 0; i < len(headings); i++ {
		to := i
		for to+1 < width && (to+1 >= len(headings) || headings[to+1] == "") {
			to++
		}
		if headings[i] != "" && to > i {
			out = append(out, span{i, to})
		}
		single = single || headings[i] != "" && to == i
		i = to
	}
	if !single {
		return nil
	}
	return out
}

func headingAt(rows []Row, score func([]string) int) int {
	best, at := 0, -1
	first := 0
	for i := min(len(rows), headingDepth) - 1; i >= 0; i-- {
		if count(rows[i].Cells) >= 2 {
			first = i
		}
		if score == nil {
			continue
		}
		if s := score(foldAll(rows[i].Cells)); s > 0 && s >= best {
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
