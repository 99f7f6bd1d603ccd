package pdf

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the fonts
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/signintech/gopdf"
	"rsc.io/qr"
)

//go:embed font/common.ttf
var common []byte

//go:embed font/rare.ttf.gz
var rare []byte

// The page, in points.
const (
	width  = 595.0
	left   = 62.0
	right  = width - 62.0
	top    = 64.0
	bottom = 770.0
	body   = 10.5
	lead   = 18.0
)

// missing stands for a character that neither font has.
const missing = '〓'

// The two parts of the font.
const (
	fontCommon = "common"
	fontRare   = "rare"
)

// Options is what a document says of itself.
type Options struct {
	Title string // in its properties
	Head  string // small, above every page's text
	Foot  string // small, below
	Page  string // how pages are counted, with two %d: this one and all of them
	Mark  string // boxed at the top of every page, e.g. 示例; empty: none
	At    time.Time
}

// Doc is a document being written. A mistake on the way is kept and comes out of Bytes.
type Doc struct {
	gp    *gopdf.GoPdf
	o     Options
	y     float64
	fonts map[rune]string
	wide  map[rune]float64 // of a rune at one point
	rare  bool
	pages int
	err   error
}

// New begins a document.
func New(o Options) *Doc {
	d := &Doc{gp: &gopdf.GoPdf{}, o: o, fonts: map[rune]string{}, wide: map[rune]float64{}}
	d.gp.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	d.gp.SetInfo(gopdf.PdfInfo{Title: o.Title, Producer: "Qiao", CreationDate: o.At})
	d.fail(d.gp.AddTTFFontData(fontCommon, common))
	d.page()
	return d
}

func (d *Doc) fail(err error) { d.err = errors.Join(d.err, err) }

func (d *Doc) page() {
	if d.err != nil {
		return
	}
	d.gp.AddPage()
	d.pages++
	d.y = top
}

// need begins a new page where less than h is left of this one.
func (d *Doc) need(h float64) {
	if d.y+h > bottom && d.y > top {
		d.page()
	}
}

// fontOf is the part of the font that has a rune, and what is printed for it.
func (d *Doc) fontOf(r rune) (string, rune) {
	if f, ok := d.fonts[r]; ok {
		if f == "" {
			return fontCommon, missing
		}
		return f, r
	}
	found := ""
	if d.has(fontCommon, r) {
		found = fontCommon
	} else if r >= 0x3400 && r < 0xa000 {
		d.addRare()
		if d.err == nil && d.has(fontRare, r) {
			found = fontRare
		}
	}
	d.fonts[r] = found
	return d.fontOf(r)
}

func (d *Doc) has(font string, r rune) bool {
	if d.err != nil {
		return false
	}
	d.fail(d.gp.SetFont(font, "", body))
	ok, err := d.gp.IsCurrFontContainGlyph(r)
	d.fail(err)
	return ok
}

func (d *Doc) addRare() {
	if d.rare || d.err != nil {
		return
	}
	d.rare = true
	z, err := gzip.NewReader(bytes.NewReader(rare))
	if err != nil {
		d.fail(fmt.Errorf("unpack the font: %w", err))
		return
	}
	data, err := io.ReadAll(z)
	if err != nil {
		d.fail(fmt.Errorf("unpack the font: %w", err))
		return
	}
	d.fail(d.gp.AddTTFFontData(fontRare, data))
}

// measure is how wide a rune is at one point.
func (d *Doc) measure(r rune) float64 {
	if w, ok := d.wide[r]; ok {
		return w
	}
	font, c := d.fontOf(r)
	if d.err != nil {
		return 1
	}
	d.fail(d.gp.SetFont(font, "", 100))
	w, err := d.gp.MeasureTextWidth(string(c))
	d.fail(err)
	d.wide[r] = w / 100
	return w / 100
}

func (d *Doc) widthOf(s string, size float64) float64 {
	w := 0.0
	for _, r := range s {
		w += d.measure(r) * size
	}
	return w
}

func (d *Doc) lines(s string, w, size float64) []string {
	return wrap(s, w, func(r rune) float64 { return d.measure(r) * size })
}

// write prints one line at x, y; apart is what is added between its characters.
func (d *Doc) write(x, y float64, s string, size, apart float64) {
	run, runFont := "", ""
	flush := func() {
		if run == "" || d.err != nil {
			return
		}
		w := d.widthOf(run, size)
		d.fail(d.gp.SetFont(runFont, "", size))
		d.fail(d.gp.SetCharSpacing(apart))
		d.gp.SetXY(x, y)
		d.fail(d.gp.Cell(nil, run))
		d.fail(d.gp.SetCharSpacing(0))
		x += w + apart*float64(len([]rune(run)))
		run = ""
	}
	for _, r := range s {
		font, c := d.fontOf(r)
		if font != runFont {
			flush()
			runFont = font
		}
		run += string(c)
	}
	flush()
}

func (d *Doc) ink(shade uint8) {
	d.gp.SetTextColor(shade, shade, shade)
	d.gp.SetStrokeColor(shade, shade, shade)
	d.gp.SetFillColor(shade, shade, shade)
}

// clean leaves nothing that a line cannot print.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r == '\n':
			return r
		case r < ' ' || r == 0x7f || r == 0xfeff || r == 0xfffd:
			return -1
		}
		return r
	}, s)
}

// Title is the name of the document, in the middle.
func (d *Doc) Title(s string) {
	const size = 20.0
	for _, l := range d.lines(clean(s), right-left-60, size) {
		d.need(30)
		apart := 0.0
		if n := len([]rune(l)); n <= 10 {
			apart = 3
		}
		w := d.widthOf(l, size) + apart*float64(len([]rune(l))-1)
		d.write((width-w)/2, d.y, l, size, apart)
		d.y += 30
	}
	d.y += 8
}

// Head is the heading of what follows; it stays with it.
func (d *Doc) Head(s string) {
	d.need(4 * lead)
	d.y += 8
	d.write(left, d.y, clean(s), 12, 0)
	d.y += 21
}

// Para is text, with a line for each of its own.
func (d *Doc) Para(s string) { d.para(s, left, right-left, body, lead, true) }

// Note is small text for what is told beside.
func (d *Doc) Note(s string) {
	d.ink(90)
	d.para(s, left, right-left, 8.5, 13.5, false)
	d.ink(0)
}

func (d *Doc) para(s string, x, w, size, lead float64, full bool) {
	for _, p := range strings.Split(clean(s), "\n") {
		list := d.lines(p, w, size)
		for i, l := range list {
			d.need(lead)
			d.write(x, d.y, l, size, spread(l, w-d.widthOf(l, size), full && i < len(list)-1))
			d.y += lead
		}
	}
}

// spread is what is added between the characters of a line that shall end at the margin.
func spread(l string, slack float64, full bool) float64 {
	n := float64(len([]rune(l)) - 1)
	if !full || n < 1 || slack <= 0 || slack > 3*body {
		return 0
	}
	return slack / n
}

// Gap leaves room.
func (d *Doc) Gap(h float64) { d.y += h }

// Fact is a name and what it is.
type Fact struct{ Name, Value string }

// Facts are names on the left and what they are on the right, ruled; those without a value are left out.
func (d *Doc) Facts(list []Fact) {
	var rows [][]string
	for _, f := range list {
		if f.Value != "" {
			rows = append(rows, []string{f.Name, f.Value})
		}
	}
	d.Table([]Column{{Share: 22}, {Share: 78}}, rows)
}

// Column is a column of a table: its heading, its share of the width in percent, and whether it holds amounts.
type Column struct {
	Head   string
	Share  float64
	Amount bool
}

// Table is a ruled table; its heading is printed again on every page.
func (d *Doc) Table(columns []Column, rows [][]string) {
	const pad, size, lead = 6.0, 9.5, 15.0
	headed := false
	heads := make([]string, len(columns))
	for i, c := range columns {
		heads[i] = c.Head
		headed = headed || c.Head != ""
	}
	row := func(cells []string, head bool) {
		tall := 1
		lines := make([][]string, len(columns))
		for i, c := range columns {
			for _, p := range strings.Split(clean(cells[i]), "\n") {
				lines[i] = append(lines[i], d.lines(p, (right-left)*c.Share/100-2*pad, size)...)
			}
			tall = max(tall, len(lines[i]))
		}
		for from := 0; from < tall; {
			room := int((bottom - d.y - 2*pad) / lead)
			if room < min(tall-from, 3) {
				d.page()
				continue
			}
			n := min(room, tall-from)
			d.cells(columns, lines, from, n, pad, size, lead, head || !headed)
			from += n
		}
	}
	if headed {
		row(heads, true)
	}
	for _, cells := range rows {
		page := d.pages
		if d.need(2 * lead); d.pages != page && headed {
			row(heads, true)
		}
		row(cells, false)
	}
	d.y += 8
}

// cells draws n lines of a row, its name shaded.
func (d *Doc) cells(columns []Column, lines [][]string, from, n int, pad, size, lead float64, shade bool) {
	if d.err != nil {
		return
	}
	h, x := float64(n)*lead+2*pad-2, left
	for i, c := range columns {
		w := (right - left) * c.Share / 100
		d.gp.SetLineWidth(0.5)
		d.gp.SetStrokeColor(150, 150, 150)
		style := "D"
		if d.gp.SetFillColor(243, 243, 243); shade && (i == 0 || c.Head != "") {
			style = "FD"
		}
		d.gp.RectFromUpperLeftWithStyle(x, d.y, w, h, style)
		d.ink(0)
		for j := from; j < min(from+n, len(lines[i])); j++ {
			at := x + pad
			if c.Amount {
				at = x + w - pad - d.widthOf(lines[i][j], size)
			}
			d.write(at, d.y+pad+float64(j-from)*lead, lines[i][j], size, 0)
		}
		x += w
	}
	d.y += h
}

// Signs are places to sign or stamp, side by side, each with what it says.
func (d *Doc) Signs(texts ...string) {
	d.need(120)
	d.y += 14
	at, low := d.y, d.y
	for i, s := range texts {
		w := (right - left) / float64(len(texts))
		d.y = at
		d.para(s, left+float64(i)*w, w-16, body, 22, false)
		low = max(low, d.y)
	}
	d.y = max(low, at+90)
}

// Code is a QR code with a text beside it.
func (d *Doc) Code(address, text string) {
	const size = 84.0
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		d.fail(fmt.Errorf("draw the code of %q: %w", address, err))
		return
	}
	d.need(size + 10)
	d.y += 6
	d.ink(0)
	u := size / float64(code.Size)
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				d.gp.RectFromUpperLeftWithStyle(left+float64(from)*u, d.y+float64(y)*u, float64(x-from)*u, u+0.05, "F")
			}
		}
	}
	at := d.y
	d.y += 6
	d.para(text, left+size+16, right-left-size-16, 9, 15, false)
	d.y = max(d.y, at+size) + 8
}

// Bytes ends the document.
func (d *Doc) Bytes() ([]byte, error) {
	for p := 1; p <= d.pages && d.err == nil; p++ {
		d.fail(d.gp.SetPage(p))
		d.ink(110)
		d.gp.SetLineWidth(0.4)
		d.gp.Line(left, 50, right, 50)
		d.write(left, 36, clean(d.o.Head), 8, 0)
		d.gp.Line(left, 792, right, 792)
		d.write(left, 798, clean(d.o.Foot), 8, 0)
		count := fmt.Sprintf(d.o.Page, p, d.pages)
		d.write(right-d.widthOf(count, 8), 798, count, 8, 0)
		if d.o.Mark != "" {
			w := d.widthOf(d.o.Mark, 9) + 12
			d.gp.SetTextColor(180, 30, 30)
			d.gp.SetStrokeColor(180, 30, 30)
			d.gp.RectFromUpperLeftWithStyle(right-w, 30, w, 16, "D")
			d.write(right-w+6, 33, d.o.Mark, 9, 0)
		}
	}
	if d.err != nil {
		return nil, fmt.Errorf("write the document: %w", d.err)
	}
	out, err := d.gp.GetBytesPdfReturnErr()
	if err != nil {
		return nil, fmt.Errorf("write the document: %w", err)
	}
	return out, nil
}
