package sheet

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"qiao/internal/platform/fault"
)

var utf8BOM = []byte{0xEF, 0xBB, 0xBF}

// utf16Order finds UTF-16 by its byte-order mark, or by the zero bytes of its Latin characters; nil otherwise.
func utf16Order(data []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	head := data[:min(len(data), 512)]
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch half := len(head) / 2; {
	case half >= 4 && zeros[1]*4 > half && zeros[0] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case half >= 4 && zeros[0]*4 > half && zeros[1] == 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// decode turns the bytes into text, whatever of the encodings in use they are in.
func decode(name string, data []byte) (string, error) {
	if enc := utf16Order(data); enc != nil {
		out, err := enc.NewDecoder().Bytes(data)
		if err != nil {
			return "", errEncoding(name).Because(err)
		}
		return string(out), nil
	}
	data = bytes.TrimPrefix(data, utf8BOM)
	if utf8.Valid(data) {
		return string(data), nil
	}
	for cut := 1; cut < utf8.UTFMax && cut < len(data); cut++ { // cut off inside a character
		if head := data[:len(data)-cut]; utf8.Valid(head) && !ascii(head) {
			return string(head), nil
		}
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil {
		return "", errEncoding(name).Because(err)
	}
	bad := bytes.Count(out, []byte("\uFFFD"))
	if bad > 2 && bad*50 > utf8.RuneCount(out) {
		return "", errEncoding(name)
	}
	return string(out), nil
}

func ascii(b []byte) bool {
	return bytes.IndexFunc(b, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

func errEncoding(name string) *fault.Error {
	return fault.New(fault.Invalid, "sheet-encoding", "文件“{0}”的文字编码无法识别。请在 Excel 或 WPS 中打开它，另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后再上传。", name)
}

// readText reads comma-, tab- or semicolon-separated text.
func readText(name string, data []byte, l Limits) (*grid, error) {
	text, err := decode(name, data)
	if err != nil {
		return nil, err
	}
	comma := separator(text)
	g := &grid{format: "csv"}
	if comma == '\t' {
		g.format = "tsv"
	}
	s := splitter{text: text, comma: comma}
	for n := 1; s.more(); n++ {
		if err := g.add(name, n, s.record(), l); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// separator is the one that splits the first lines into the most equal number of cells.
func separator(text string) byte {
	best, score := byte(','), 0
	for _, comma := range []byte{',', '\t', ';'} {
		s := splitter{text: text, comma: comma}
		counts := map[int]int{}
		for n := 0; n < 20 && s.more(); n++ {
			if cells := len(s.record()); cells > 1 {
				counts[cells] += cells
			}
		}
		for _, c := range counts {
			if c > score {
				best, score = comma, c
			}
		}
	}
	return best
}

// splitter cuts text into records as spreadsheet programs do: RFC 4180, and forgiving where a file is
// not. A quote inside a bare cell is itself; a quote that is never closed, or only beyond quoteReach
// lines, is itself too, so that one stray quote cannot swallow the rows after it.
type splitter struct {
	text  string
	at    int
	comma byte
}

const quoteReach = 200

func (s *splitter) more() bool { return s.at < len(s.text) }

// record is the next row; a blank line is a row with one empty cell.
func (s *splitter) record() []string {
	var cells []string
	for {
		cell, end := s.cell()
		cells = append(cells, cell)
		if end {
			return cells
		}
	}
}

// cell is the next cell, and whether the row ends with it.
func (s *splitter) cell() (string, bool) {
	if s.at < len(s.text) && s.text[s.at] == '"' {
		if cell, next, ok := quoted(s.text, s.at+1); ok {
			s.at = next
			rest, end := s.bare()
			return cell + rest, end
		}
	}
	return s.bare()
}

func (s *splitter) bare() (string, bool) {
	rest := s.text[s.at:]
	i := strings.IndexAny(rest, string([]byte{s.comma, '\n', '\r'}))
	if i < 0 {
		s.at = len(s.text)
		return rest, true
	}
	s.at += i + 1
	switch rest[i] {
	case s.comma:
		return rest[:i], false
	case '\r':
		if strings.HasPrefix(rest[i+1:], "\n") {
			s.at++
		}
	}
	return rest[:i], true
}

// quoted reads from behind an opening quote; ok is false when no closing quote is in reach.
func quoted(text string, from int) (cell string, next int, ok bool) {
	var b strings.Builder
	lines := 0
	for i := from; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' && i+1 < len(text) && text[i+1] == '"':
			b.WriteByte('"')
			i++
		case c == '"':
			return b.String(), i + 1, true
		default:
			if c == '\n' {
				if lines++; lines > quoteReach {
					return "", 0, false
				}
			}
			b.WriteByte(c)
		}
	}
	return "", 0, false
}
