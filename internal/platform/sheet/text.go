package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

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

// decoded gives the text of a file as UTF-8, whatever of the encodings in use it is in. A few bytes that are none of their
// encoding spoil a cell, never the file.
func decoded(name string, src io.ReaderAt, size int64) (io.Reader, error) {
	head, err := headOf(src, size)
	if err != nil {
		return nil, errUnreadable(name).Because(err)
	}
	body := func() io.Reader { return io.NewSectionReader(src, 0, size) }
	if enc := utf16Order(head); enc != nil {
		return transform.NewReader(body(), enc.NewDecoder()), nil
	}
	if bytes.HasPrefix(head, utf8BOM) {
		return io.NewSectionReader(src, int64(len(utf8BOM)), size-int64(len(utf8BOM))), nil
	}
	good, bad, err := weighUTF8(body())
	if err != nil {
		return nil, errUnreadable(name).Because(err)
	}
	if bad == 0 || good > 4*bad {
		return body(), nil
	}
	chars, wrong, err := weighGB(body())
	if err != nil {
		return nil, errUnreadable(name).Because(err)
	}
	switch {
	case wrong <= 2 || wrong*50 <= chars:
		return transform.NewReader(body(), simplifiedchinese.GB18030.NewDecoder()), nil
	case good == 0 && bad*50 <= chars: // Latin letters with a few broken bytes
		return body(), nil
	}
	return nil, errEncoding(name)
}

func headOf(src io.ReaderAt, size int64) ([]byte, error) {
	head := make([]byte, min(size, 4096))
	n, err := src.ReadAt(head, 0)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return head[:n], err
}

// weighUTF8 counts the characters of several bytes, and the bytes that belong to none.
func weighUTF8(r io.Reader) (good, bad int, err error) {
	buf, kept := make([]byte, 1<<16), 0
	for {
		n, err := r.Read(buf[kept:])
		b := buf[:kept+n]
		end := errors.Is(err, io.EOF)
		for len(b) > 0 {
			if b[0] < utf8.RuneSelf {
				b = b[1:]
				continue
			}
			if !end && !utf8.FullRune(b) {
				break
			}
			if c, size := utf8.DecodeRune(b); c == utf8.RuneError && size == 1 {
				bad++
				b = b[1:]
			} else {
				good++
				b = b[size:]
			}
		}
		kept = copy(buf, b)
		switch {
		case end:
			return good, bad, nil
		case err != nil:
			return 0, 0, fmt.Errorf("look for the encoding: %w", err)
		}
	}
}

// weighGB counts the characters the bytes would be as GB18030, and those that would be none.
func weighGB(r io.Reader) (chars, wrong int, err error) {
	text := transform.NewReader(r, simplifiedchinese.GB18030.NewDecoder())
	buf := make([]byte, 1<<16)
	for {
		n, err := text.Read(buf)
		chars += utf8.RuneCount(buf[:n])
		wrong += bytes.Count(buf[:n], []byte("\uFFFD"))
		switch {
		case errors.Is(err, io.EOF):
			return chars, wrong, nil
		case err != nil:
			return 0, 0, fmt.Errorf("look for the encoding: %w", err)
		}
	}
}

func errEncoding(name string) *fault.Error {
	return fault.New(fault.Invalid, "sheet-encoding", "文件“{0}”的文字编码无法识别。请在 Excel 或 WPS 中打开它，另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后再上传。", name)
}

// separator is the one that splits the first lines into the most equal number of cells.
func separator(head string) byte {
	best, score := byte(','), 0
	for _, comma := range []byte{',', '\t', ';'} {
		s := newSplitter(strings.NewReader(head), comma)
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
// lines or quoteBytes, is itself too, so that one stray quote cannot swallow the rows after it. It holds a window of
// the text; what is longer than the window in one line is dropped.
type splitter struct {
	r       io.Reader
	buf     []byte
	at, end int
	eof     bool
	err     error
	comma   byte
	bounds  []bound
}

// bound is one cell of a record: a part of the window, or a text of its own where quotes had to go.
type bound struct {
	from, to int
	text     string
	own      bool
}

const (
	quoteReach = 200
	quoteBytes = 2 << 20
	windowSize = 8 << 20
	windowFill = 4 << 20 // at least so much lies ahead when a record begins, or all there is
)

func newSplitter(r io.Reader, comma byte) *splitter { return &splitter{r: r, comma: comma} }

// fill reads on until enough lies ahead.
func (s *splitter) fill() {
	if s.eof || s.end-s.at >= windowFill {
		return
	}
	if s.buf == nil {
		s.buf = make([]byte, 1<<16)
	}
	s.end = copy(s.buf, s.buf[s.at:s.end])
	s.at = 0
	for !s.eof && s.end < windowSize { // twice what is needed, so that the rest is moved once in a window
		if s.end == len(s.buf) {
			s.buf = append(s.buf, make([]byte, min(len(s.buf), windowSize-len(s.buf)))...)
		}
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if err != nil {
			s.eof = true
			if !errors.Is(err, io.EOF) {
				s.err = err
			}
		}
	}
}

func (s *splitter) more() bool {
	if s.at == s.end {
		s.fill()
	}
	return s.at < s.end
}

// record is the next row; a blank line is a row with one empty cell.
func (s *splitter) record() []string {
	s.fill()
	s.bounds = s.bounds[:0]
	start := s.at
	for !s.cell() {
	}
	text := string(s.buf[start:s.at])
	cells := make([]string, len(s.bounds))
	for i, b := range s.bounds {
		if cells[i] = b.text; !b.own {
			cells[i] = text[b.from-start : b.to-start]
		}
	}
	return cells
}

// cell notes the next cell and tells whether the row ends with it.
func (s *splitter) cell() bool {
	if s.at < s.end && s.buf[s.at] == '"' {
		if from, to, next, doubled, ok := s.quoted(s.at + 1); ok {
			s.at = next
			restFrom := s.at
			restTo, end := s.bare()
			b := bound{from: from, to: to}
			if doubled || restTo > restFrom {
				b.own = true
				b.text = strings.ReplaceAll(string(s.buf[from:to]), `""`, `"`) + string(s.buf[restFrom:restTo])
			}
			s.bounds = append(s.bounds, b)
			return end
		}
	}
	from := s.at
	to, end := s.bare()
	s.bounds = append(s.bounds, bound{from: from, to: to})
	return end
}

// bare moves behind a cell without quotes; it gives its end and whether the row ends with it.
func (s *splitter) bare() (to int, end bool) {
	for i := s.at; i < s.end; i++ {
		switch s.buf[i] {
		case s.comma:
			s.at = i + 1
			return i, false
		case '\n':
			s.at = i + 1
			return i, true
		case '\r':
			s.at = i + 1
			if s.at < s.end && s.buf[s.at] == '\n' {
				s.at++
			}
			return i, true
		}
	}
	s.at = s.end
	if !s.eof {
		s.dropLine()
	}
	return s.end, true
}

// dropLine reads on to the end of a line that is longer than the window, and drops it.
func (s *splitter) dropLine() {
	var rest [1 << 12]byte
	for !s.eof {
		n, err := s.r.Read(rest[:])
		if i := bytes.IndexByte(rest[:n], '\n'); i >= 0 {
			s.r = io.MultiReader(bytes.NewReader(append([]byte(nil), rest[i+1:n]...)), s.r)
			n = i
			if err == nil {
				return
			}
		}
		if err != nil {
			s.eof = true
			if !errors.Is(err, io.EOF) {
				s.err = err
			}
		}
	}
}

// ends tells whether a cell ends at i.
func (s *splitter) ends(i int) bool {
	return i >= s.end || s.buf[i] == s.comma || s.buf[i] == '\n' || s.buf[i] == '\r'
}

// quoted reads from behind an opening quote; ok is false when no closing quote is in reach, or when a text of several lines
// goes on behind it: then the quote was one of the text.
func (s *splitter) quoted(from int) (start, to, next int, doubled, ok bool) {
	lines := 0
	for i := from; i < min(s.end, from+quoteBytes); i++ {
		switch c := s.buf[i]; {
		case c == '"' && i+1 < s.end && s.buf[i+1] == '"':
			doubled = true
			i++
		case c == '"':
			return from, i, i + 1, doubled, lines == 0 || s.ends(i+1)
		case c == '\n':
			if lines++; lines > quoteReach {
				return 0, 0, 0, false, false
			}
		}
	}
	return 0, 0, 0, false, false
}
