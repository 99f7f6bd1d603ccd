package sheet

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"html"
	"io"
	"strconv"
	"unicode/utf8"
)

// MaxRows is how many rows a worksheet can have, its heading among them.
const MaxRows = 1_048_576

// ErrTooManyRows says that a worksheet is full.
var ErrTooManyRows = errors.New("sheet: a worksheet has no room for more rows")

// Stream writes a workbook row by row, one worksheet after another, in memory that does not grow with it. Every cell is text,
// so nothing in it is a formula.
type Stream struct {
	zip   *zip.Writer
	b     *bufio.Writer
	names []string // of the worksheets so far
	rows  int
	err   error
}

// The parts of a workbook beside its worksheets.
const (
	partRels = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	partStyles = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	typesHead = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>`
	bookHead  = xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>`
	relsHead  = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>`
	sheetHead = xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`
	sheetEnd  = `</sheetData></worksheet>`
)

// NewStream begins a workbook of one worksheet; its first row is the bold heading, which stays in sight.
func NewStream(w io.Writer, headings []string) (*Stream, error) {
	s := NewBook(w)
	return s, s.Sheet("Sheet1", headings)
}

// NewBook begins a workbook that has no worksheet yet.
func NewBook(w io.Writer) *Stream { return &Stream{zip: zip.NewWriter(w)} }

// Sheet begins the next worksheet with its heading; the one before it is finished.
func (s *Stream) Sheet(name string, headings []string) error {
	s.endSheet()
	s.names = append(s.names, name)
	f, err := s.zip.Create("xl/worksheets/sheet" + strconv.Itoa(len(s.names)) + ".xml")
	if s.err = errors.Join(s.err, err); s.err != nil {
		return fmt.Errorf("write xlsx: %w", s.err)
	}
	s.b, s.rows = bufio.NewWriterSize(f, 64<<10), 0
	s.text(sheetHead)
	s.row(headings, true)
	return s.err
}

func (s *Stream) endSheet() {
	if s.b == nil {
		return
	}
	s.text(sheetEnd)
	s.err = errors.Join(s.err, s.b.Flush())
}

// Row writes one row.
func (s *Stream) Row(cells []string) error {
	if s.rows >= MaxRows {
		return ErrTooManyRows
	}
	s.row(cells, false)
	return s.err
}

// Close ends the workbook: the parts that name its worksheets come last. A workbook must have a worksheet; an empty one is made
// where there is none.
func (s *Stream) Close() error {
	if len(s.names) == 0 && s.err == nil {
		s.err = s.Sheet("Sheet1", nil)
	}
	s.endSheet()
	types, book, rels := typesHead, bookHead, relsHead
	for i, name := range s.names {
		n := strconv.Itoa(i + 1)
		types += `<Override PartName="/xl/worksheets/sheet` + n + `.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`
		book += `<sheet name="` + html.EscapeString(name) + `" sheetId="` + n + `" r:id="rId` + strconv.Itoa(i+2) + `"/>`
		rels += `<Relationship Id="rId` + strconv.Itoa(i+2) + `" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet` + n + `.xml"/>`
	}
	for _, p := range [][2]string{{"[Content_Types].xml", types + `</Types>`}, {"_rels/.rels", partRels}, {"xl/workbook.xml", book + `</sheets></workbook>`}, {"xl/_rels/workbook.xml.rels", rels + `</Relationships>`}, {"xl/styles.xml", partStyles}} {
		f, err := s.zip.Create(p[0])
		if err == nil {
			_, err = io.WriteString(f, p[1])
		}
		s.err = errors.Join(s.err, err)
	}
	if err := errors.Join(s.err, s.zip.Close()); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}

func (s *Stream) row(cells []string, bold bool) {
	s.rows++
	s.text(`<row r="` + strconv.Itoa(s.rows) + `">`)
	for i, c := range cells {
		if c == "" {
			continue
		}
		style := ""
		if bold {
			style = ` s="1"`
		}
		s.text(`<c r="` + column(i) + strconv.Itoa(s.rows) + `"` + style + ` t="inlineStr"><is><t xml:space="preserve">`)
		s.escaped(c)
		s.text(`</t></is></c>`)
	}
	s.text(`</row>`)
}

// column is the letters of a column: 0 is A, 26 is AA.
func column(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return column(i/26-1) + string(rune('A'+i%26))
}

func (s *Stream) text(t string) {
	if s.err == nil {
		_, s.err = s.b.WriteString(t)
	}
}

// maxCell is how many characters a cell can hold.
const maxCell = 32_767

// escaped writes character data; what XML cannot hold is left out, and what no cell can hold is cut.
func (s *Stream) escaped(t string) {
	n := 0
	for i := 0; i < len(t) && n < maxCell; n++ {
		r, size := utf8.DecodeRuneInString(t[i:])
		switch {
		case r == utf8.RuneError && size == 1, r < 0x20 && r != '\t' && r != '\n', r == 0xFFFE, r == 0xFFFF:
		case r == '&':
			s.text("&amp;")
		case r == '<':
			s.text("&lt;")
		case r == '>':
			s.text("&gt;")
		default:
			s.text(t[i : i+size])
		}
		i += size
	}
}
