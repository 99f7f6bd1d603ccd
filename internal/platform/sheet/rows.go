package sheet

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"sync/atomic"
	"unicode/utf8"

	"qiao/internal/platform/fault"
)

// Rows is a file being read, a row at a time.
type Rows struct {
	Format     string   // "xlsx", "csv" or "tsv"
	Sheet      string   // name of the worksheet, "" for text
	Sheets     []string // names of all visible worksheets
	HeadingRow int      // its number in the file
	Headings   []string // white space folded; a cell may be empty

	name   string
	limits Limits
	raw    rawRows
	ahead  []Row // read already, while the headings were looked for
	count  int   // rows given
	err    error // how it ended: io.EOF, or what went wrong
}

// rawRows is a file before its headings are known; next gives io.EOF at the end, share how much of it was read.
type rawRows interface {
	next() (number int, cells []string, err error)
	share() float64
	close() error
}

// Share is how much of the file was read, from 0 to 1; negative where that is not known.
func (r *Rows) Share() float64 {
	if r.raw == nil {
		return 1
	}
	return r.raw.share()
}

// counted counts the bytes that are read from a source.
type counted struct {
	io.ReaderAt
	n atomic.Int64
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, off)
	c.n.Add(int64(n))
	return n, err
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
		err = r.openBook(src, size, o)
	case "text":
		err = r.openText(src, size, o)
	default:
		err = fault.New(fault.Invalid, "sheet-not-a-table", kind, name)
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Rows) openText(src io.ReaderAt, size int64, o Options) error {
	from := &counted{ReaderAt: src}
	text, err := decoded(r.name, from, size)
	if err != nil {
		return err
	}
	from.n.Store(0) // what was read to find the encoding does not count
	head := make([]byte, 1<<16)
	n, err := io.ReadFull(text, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return errUnreadable(r.name).Because(err)
	}
	comma := separator(string(head[:n]))
	if r.Format = "csv"; comma == '\t' {
		r.Format = "tsv"
	}
	r.raw = &textRows{name: r.name, from: from, size: size, s: newSplitter(io.MultiReader(bytes.NewReader(head[:n]), text), comma)}
	found, err := r.findHeadings(o)
	if err == nil && !found {
		err = errEmpty(r.name)
	}
	return err
}

// openBook opens the first visible worksheet that has rows.
func (r *Rows) openBook(src io.ReaderAt, size int64, o Options) error {
	book, sheets, err := openXLSX(r.name, src, size, r.limits)
	if err != nil {
		return err
	}
	r.Format = "xlsx"
	for _, w := range sheets {
		if !w.hidden {
			r.Sheets = append(r.Sheets, w.name)
		}
	}
	for _, w := range sheets {
		if w.hidden || o.Sheet != "" && o.Sheet != w.name && slices.Contains(r.Sheets, o.Sheet) {
			continue
		}
		rows, err := book.open(w)
		if err != nil {
			return errors.Join(err, book.texts.close())
		}
		r.raw, r.Sheet = bookRows{rows, book}, w.name
		found, err := r.findHeadings(o)
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
	from   *counted
	size   int64
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

func (t *textRows) share() float64 {
	return float64(t.from.n.Load()-int64(t.s.end-t.s.at)) / float64(max(t.size, 1))
}

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

// headingDepth is how far down a heading row is looked for: titles and notes stand above it.
const headingDepth = 30

// findHeadings looks for the heading row among the first rows; false when there is no row at all.
func (r *Rows) findHeadings(o Options) (bool, error) {
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
	at := headingAt(r.ahead, o.Heading)
	if o.Row > 0 {
		if at = slices.IndexFunc(r.ahead, func(row Row) bool { return row.Number == o.Row }); at < 0 {
			return false, fault.New(fault.Invalid, "sheet-no-such-row", "第 {0} 行是空行或不在文件前 {1} 行里，不能作为列标题。", o.Row, headingDepth)
		}
	}
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
