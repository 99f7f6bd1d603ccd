package importing

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
)

// maxRecord is the size in bytes up to which one JSON record is read.
const maxRecord = 4 << 20

// readJSON reads JSON records: a list, one object, or one a line. What they are of, the first one says.
func (s *Service) readJSON(name, format string, f *file) (*table, error) {
	flat, found := flatten, ""
	switch format {
	case "pidinst":
		flat, found = fromPidinst, "pidinst"
	case "", "qiao", "lines":
		text, err := utf8Of(name, f, &counted{ReaderAt: f})
		if err != nil {
			return nil, err
		}
		first, err := newJSONRecords(name, text)
		if err != nil {
			return nil, err
		}
		r, _, err := first.object()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		switch {
		case format == "" && isPidinst(r):
			flat, found = fromPidinst, "pidinst"
		case isWhole(r):
			flat, found = s.fromWhole, "lines"
		}
	}
	return tableOf(name, found, f, func(text io.Reader) (records, error) {
		j, err := newJSONRecords(name, text)
		if err != nil {
			return nil, err
		}
		j.flat = flat
		return j, nil
	})
}

// isPidinst tells whether an object has what PIDINST asks of every record.
func isPidinst(r map[string]any) bool {
	return r["landingPage"] != nil && (r["schemaVersion"] != nil || r["manufacturers"] != nil)
}

// jsonRecords cuts the objects of a file out before they are parsed, so that a bad one spoils no other.
type jsonRecords struct {
	name string
	r    *bufio.Reader
	flat func(map[string]any) map[string]string
	list bool
	end  bool
}

// wrapped is an object that holds the list under one of the names in use: the national platform's, ours, and common ones.
var wrapped = regexp.MustCompile(`^\{\s*"(instruData|items|records|resources|instruments|data|results|hits)"\s*:\s*\[`)

func newJSONRecords(name string, text io.Reader) (*jsonRecords, error) {
	j := &jsonRecords{name: name, r: bufio.NewReaderSize(text, 64<<10)}
	c, err := j.blank()
	if err != nil {
		return nil, j.unreadable(err)
	}
	if c == '{' {
		head, _ := j.r.Peek(512) // shorter in a short file
		n := len(wrapped.Find(head))
		if n == 0 {
			return j, nil
		}
		_, err := j.r.Discard(n)
		j.list = true
		return j, err
	}
	if j.list = c == '['; !j.list {
		return nil, j.unreadable(errors.New("neither a list nor an object"))
	}
	_, err = j.r.Discard(1)
	return j, err
}

// blank moves to the next byte that is no white space, and gives it.
func (j *jsonRecords) blank() (byte, error) {
	for {
		c, err := j.r.Peek(1)
		if err != nil {
			return 0, err
		}
		if strings.IndexByte(" \t\r\n", c[0]) < 0 {
			return c[0], nil
		}
		if _, err := j.r.Discard(1); err != nil {
			return 0, err
		}
	}
}

func (j *jsonRecords) unreadable(err error) error {
	if errors.Is(err, io.EOF) { // the end of a file is no end of a list
		err = io.ErrUnexpectedEOF
	}
	return fault.New(fault.Invalid, "json-unreadable", "文件“{0}”不是可以读取的 JSON 记录列表，可能没有上传完整。", j.name).Because(err)
}

func (j *jsonRecords) next() (map[string]string, *sheet.Broken, error) {
	r, broken, err := j.object()
	if err != nil || broken != nil {
		return nil, broken, err
	}
	return j.flat(r), nil, nil
}

// object reads the next record.
func (j *jsonRecords) object() (map[string]any, *sheet.Broken, error) {
	for {
		if j.end {
			return nil, nil, io.EOF
		}
		c, err := j.blank()
		switch {
		case errors.Is(err, io.EOF) && !j.list:
			return nil, nil, io.EOF
		case err != nil:
			return nil, nil, j.unreadable(err)
		case j.list && c == ']':
			j.end = true
			continue
		case c == ',':
			if _, err := j.r.Discard(1); err != nil {
				return nil, nil, j.unreadable(err)
			}
			continue
		}
		raw, long, err := j.raw(c)
		if err != nil {
			return nil, nil, err
		}
		if long {
			return nil, &sheet.Broken{Code: "too-long", Text: "这条记录超过 {0} MB，没有读取。", Args: []any{maxRecord >> 20}}, nil
		}
		var r map[string]any
		if err := json.Unmarshal(raw, &r); err != nil || r == nil {
			return nil, &sheet.Broken{Code: "not-a-record", Text: "这一条不是可以读取的 JSON 对象。"}, nil
		}
		return r, nil, nil
	}
}

// raw cuts the next value out by its brackets; what is longer than maxRecord is passed over.
func (j *jsonRecords) raw(first byte) (out []byte, long bool, err error) {
	depth, quoted := 0, false
	for n := 0; ; n++ {
		c, err := j.r.ReadByte()
		if err != nil {
			if errors.Is(err, io.EOF) && !j.list && n > 0 { // the last line is cut off: this one is bad, those before it are not
				return out, false, nil
			}
			return nil, false, j.unreadable(err)
		}
		if len(out) < maxRecord {
			out = append(out, c)
		} else {
			long = true
		}
		if c == '\n' && !j.list && (quoted || depth > 0 && j.begins()) { // cut off: the next line is another record
			return out, long, nil
		}
		switch {
		case quoted && c == '\\':
			next, err := j.r.ReadByte()
			if err != nil {
				return nil, false, j.unreadable(err)
			}
			if len(out) < maxRecord {
				out = append(out, next)
			}
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
		if quoted {
			continue
		}
		if depth <= 0 && (c == '}' || c == ']' || c == '"') {
			return out, long, nil
		}
		if depth == 0 && first != '{' && first != '[' { // a number or a word: up to what follows it
			next, err := j.r.Peek(1)
			if err != nil || strings.IndexByte(",]} \t\r\n", next[0]) >= 0 {
				return out, long, nil
			}
		}
	}
}

// begins tells whether the next line begins an object.
func (j *jsonRecords) begins() bool {
	c, err := j.r.Peek(1)
	return err == nil && c[0] == '{'
}

// flatten keeps the plain values of a record; lists of them are joined by commas.
func flatten(r map[string]any) map[string]string {
	out := map[string]string{}
	for k, v := range r {
		switch x := v.(type) {
		case nil, map[string]any:
		case []any:
			var parts []string
			for _, p := range x {
				parts = append(parts, fmt.Sprint(p))
			}
			out[k] = strings.Join(parts, ",")
		case float64:
			out[k] = strings.TrimSuffix(fmt.Sprintf("%.4f", x), ".0000")
		default:
			out[k] = strings.TrimSpace(fmt.Sprint(x))
		}
	}
	return out
}
