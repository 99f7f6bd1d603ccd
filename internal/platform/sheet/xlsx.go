package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"qiao/internal/platform/fault"
)

// sniffZip tells what kind of document a zip archive is.
func sniffZip(src io.ReaderAt, size int64) string {
	z, err := zip.NewReader(src, size)
	if err != nil {
		return "xlsx" // cut off: the reader says so in its own words
	}
	for _, f := range z.File {
		switch {
		case strings.HasPrefix(f.Name, "xl/"):
			return "xlsx"
		case strings.HasPrefix(f.Name, "word/"):
			return "文件“{0}”是 Word 文档。请把其中的表格复制到 Excel 或 WPS 表格中，存为 .xlsx 后再上传。"
		case strings.HasPrefix(f.Name, "ppt/"):
			return "文件“{0}”是演示文稿，不能作为表格导入。请上传 .xlsx、.csv 或 .tsv 文件。"
		case f.Name == "mimetype":
			return "文件“{0}”是 OpenDocument 表格 (.ods)。请另存为“Excel 工作簿 (*.xlsx)”后再上传。"
		}
	}
	return "文件“{0}”是压缩包。请先解压，再上传其中的 .xlsx、.csv 或 .tsv 文件。"
}

// checkZip refuses archives that unpack to far more than they weigh. The sizes in the directory are
// trustworthy here: Go's reader stops with an error at the first byte beyond them.
func checkZip(name string, z *zip.Reader, l Limits) error {
	var total uint64
	for _, f := range z.File {
		size := f.UncompressedSize64
		total += size
		bomb := size > 1<<20 && size/max(f.CompressedSize64, 1) > uint64(l.Ratio)
		if bomb || size > uint64(l.Unpacked) || total > uint64(l.Unpacked) {
			return fault.New(fault.TooLarge, "sheet-too-large", "文件“{0}”展开后太大（上限 {1} MB）。请只保留要导入的工作表，删去图片和空白的格式后再上传。", name, l.Unpacked>>20)
		}
	}
	return nil
}

// book is an xlsx being read: its parts, its shared texts and its number formats.
type book struct {
	name   string
	limits Limits
	parts  map[string]*zip.File
	texts  stringTable
	styles []cellStyle // by the s of a cell
	epoch  int         // days from 1899-12-30 to day 0 of its dates
}

// worksheet is one sheet as the workbook lists it.
type worksheet struct {
	name, part string
	hidden     bool
}

var errNotWorkbook = errors.New("no worksheets")

// openXLSX reads what all worksheets share.
func openXLSX(name string, src io.ReaderAt, size int64, l Limits) (*book, []worksheet, error) {
	z, err := zip.NewReader(src, size)
	if err != nil {
		return nil, nil, errUnreadable(name).Because(err)
	}
	if err := checkZip(name, z, l); err != nil {
		return nil, nil, err
	}
	b := &book{name: name, limits: l, parts: map[string]*zip.File{}, texts: stringTable{bound: l.Memory}}
	for _, f := range z.File {
		b.parts[strings.TrimPrefix(path.Clean("/"+f.Name), "/")] = f
	}
	sheets, err := b.readBook()
	if err == nil && len(sheets) == 0 {
		err = errNotWorkbook
	}
	if err == nil {
		err = b.readStyles()
	}
	if err == nil {
		err = b.readTexts()
	}
	if err != nil {
		return nil, nil, errors.Join(errUnreadable(name).Because(err), b.texts.close())
	}
	return b, sheets, nil
}

// scan calls each for every mark of a part; a part that is not there has none.
func (b *book) scan(part string, keep int, each func(s *xmlScanner) error) error {
	f := b.parts[part]
	if f == nil {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("open %s: %w", part, err)
	}
	defer r.Close() //nolint:errcheck // read only
	s := newXMLScanner(r, keep)
	for {
		switch err := s.next(); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read %s: %w", part, err)
		}
		if err := each(s); err != nil {
			return err
		}
	}
}

// readBook lists the worksheets in their order.
func (b *book) readBook() ([]worksheet, error) {
	targets := map[string]string{}
	err := b.scan("xl/_rels/workbook.xml.rels", 0, func(s *xmlScanner) error {
		if s.is("Relationship") {
			to := string(s.attr("Target"))
			if !strings.HasPrefix(to, "/") {
				to = "/xl/" + to
			}
			targets[string(s.attr("Id"))] = strings.TrimPrefix(path.Clean(to), "/")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []worksheet
	err = b.scan("xl/workbook.xml", 0, func(s *xmlScanner) error {
		switch {
		case s.is("sheet"):
			w := worksheet{name: string(s.attr("name")), hidden: len(s.attr("state")) > 0 && string(s.attr("state")) != "visible", part: targets[string(s.attr("id"))]}
			if b.parts[w.part] != nil {
				out = append(out, w)
			}
		case s.is("workbookPr"):
			if v := string(s.attr("date1904")); v == "1" || v == "true" {
				b.epoch = 1462
			}
		}
		return nil
	})
	return out, err
}

// readTexts reads the texts that cells share, phonetic guides left out.
func (b *book) readTexts() error {
	part := "xl/sharedStrings.xml"
	if b.parts[part] == nil {
		for name := range b.parts {
			if strings.EqualFold(name, part) {
				part = name
			}
		}
	}
	var text []byte
	inText, phonetic := false, false
	err := b.scan(part, b.cellBytes(), func(s *xmlScanner) error {
		switch {
		case s.is("si"):
			text, inText, phonetic = text[:0], false, false
			if s.empty {
				return b.texts.add(nil)
			}
		case s.closes("si"):
			return b.texts.add(text)
		case s.is("rPh"):
			phonetic = !s.empty
		case s.closes("rPh"):
			phonetic = false
		case s.is("t"):
			inText = !s.empty
		case s.closes("t"):
			inText = false
		case s.kind == markText && inText && !phonetic && len(text) < b.cellBytes():
			text = append(text, s.text...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.texts.done()
}

// cellBytes bounds the text of one cell: what is longer than the limit is cut just beyond it, so that it is seen.
func (b *book) cellBytes() int { return 4 * (b.limits.Cell + 1) }

// sheetRows reads one worksheet row by row.
type sheetRows struct {
	book   *book
	part   io.ReadCloser
	s      *xmlScanner
	number int
	rows   int // as the sheet itself says; 0: it does not
	ended  bool
	value  []byte
}

func (b *book) open(w worksheet) (*sheetRows, error) {
	r, err := b.parts[w.part].Open()
	if err != nil {
		return nil, errUnreadable(b.name).Because(err)
	}
	return &sheetRows{book: b, part: r, s: newXMLScanner(r, b.cellBytes())}, nil
}

func (r *sheetRows) close() error { return r.part.Close() }

func (r *sheetRows) share() float64 {
	if r.rows == 0 || r.number > r.rows {
		return -1
	}
	return float64(r.number) / float64(r.rows)
}

// next is the next row as stored, with its number; io.EOF at the end of the sheet.
func (r *sheetRows) next() (int, []string, error) {
	for !r.ended {
		if err := r.s.next(); err != nil {
			if errors.Is(err, io.EOF) {
				break
			}
			return 0, nil, errUnreadable(r.book.name).Because(err)
		}
		switch {
		case r.s.closes("sheetData"), r.s.is("sheetData") && r.s.empty:
			r.ended = true
		case r.s.is("dimension"):
			ref := r.s.attr("ref")
			r.rows = max(0, number(bytes.TrimLeft(ref[bytes.IndexByte(ref, ':')+1:], "ABCDEFGHIJKLMNOPQRSTUVWXYZ")))
		case r.s.is("row"):
			if n, err := strconv.Atoi(string(r.s.attr("r"))); err == nil && n > r.number && n < 1<<24 {
				r.number = n
			} else {
				r.number++
			}
			if r.s.empty {
				continue
			}
			cells, err := r.row()
			if err != nil {
				return 0, nil, errUnreadable(r.book.name).Because(err)
			}
			return r.number, cells, nil
		}
	}
	return 0, nil, io.EOF
}

// row reads the cells up to the end of the row; columns beyond the limit are passed over.
func (r *sheetRows) row() ([]string, error) {
	var cells []string
	for at := 0; ; {
		if err := r.s.next(); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		switch {
		case r.s.closes("row"):
			return cells, nil
		case r.s.is("c"):
			if n, ok := columnOf(r.s.attr("r")); ok {
				at = n
			}
			typ, style := cellType(r.s.attr("t")), number(r.s.attr("s"))
			text := ""
			if !r.s.empty {
				var err error
				if text, err = r.cell(typ, style); err != nil {
					return nil, err
				}
			}
			if text != "" && at < r.book.limits.Columns {
				for len(cells) <= at {
					cells = append(cells, "")
				}
				cells[at] = text
			}
			at++
		}
	}
}

// cell reads one cell's value; a formula itself is passed over, what it gave last time is its value.
func (r *sheetRows) cell(typ byte, style int) (string, error) {
	r.value = r.value[:0]
	reading, phonetic := false, false
	for {
		if err := r.s.next(); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return "", err
		}
		switch s := r.s; {
		case s.closes("c"):
			return r.shown(typ, style)
		case s.is("v"), s.is("t"):
			reading = !s.empty
		case s.closes("v"), s.closes("t"):
			reading = false
		case s.is("rPh"):
			phonetic = !s.empty
		case s.closes("rPh"):
			phonetic = false
		case s.kind == markText && reading && !phonetic && len(r.value) < r.book.cellBytes():
			r.value = append(r.value, s.text...)
		}
	}
}

// shown is the text of a value: shared, as written, or a number the way its format means it.
func (r *sheetRows) shown(typ byte, style int) (string, error) {
	switch typ {
	case 's':
		return r.book.texts.at(number(bytes.TrimSpace(r.value)))
	case 'n':
		if style > 0 && style < len(r.book.styles) {
			return r.book.styles[style].show(string(r.value), r.book.epoch), nil
		}
		return tidy(string(r.value)), nil
	}
	return string(r.value), nil
}

// cellType is 's' for a shared text, 'n' for a number, 't' for anything that is its own text.
func cellType(t []byte) byte {
	switch string(t) {
	case "s":
		return 's'
	case "", "n":
		return 'n'
	}
	return 't'
}

// number reads a whole number of a file; -1 when it is none.
func number(b []byte) int {
	if len(b) == 0 || len(b) > 9 {
		return -1
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = 10*n + int(c-'0')
	}
	return n
}

// columnOf is the column of a cell's name: 0 for A12, 27 for AB3.
func columnOf(ref []byte) (int, bool) {
	n := 0
	for i, c := range ref {
		if c < 'A' || c > 'Z' || i > 3 {
			break
		}
		n = 26*n + int(c-'A') + 1
	}
	return n - 1, n > 0
}
