package importing

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
)

// maxKeys is how many different keys the records of a file may have.
const maxKeys = 512

// readRecords reads JSON records (a list, or one) as a table: the n-th record is row n. The file is walked twice, first for
// its keys.
func readRecords(name, format string, f *file) (*table, error) {
	flat := flatten
	if format == "pidinst" {
		flat = fromPidinst
	}
	keys := map[string]bool{}
	first, err := newJSONRecords(name, f)
	for err == nil {
		var r map[string]any
		if r, err = first.next(); err == nil {
			for k := range flat(r) {
				if keys[k] = true; len(keys) > maxKeys {
					return nil, fault.New(fault.TooLarge, "sheet-too-many-columns", "文件“{0}”第 {1} 行有 {2} 列，最多可以有 {3} 列。", name, first.n, len(keys), maxKeys)
				}
			}
		}
	}
	if !errors.Is(err, io.EOF) {
		return nil, err
	}
	again, err := newJSONRecords(name, f)
	if err != nil {
		return nil, err
	}
	t := &table{headings: slices.Sorted(maps.Keys(keys)), share: func() float64 { return float64(again.d.InputOffset()) / float64(f.size) }, close: func() error { return nil }}
	t.next = func() (sheet.Row, error) {
		r, err := again.next()
		if err != nil {
			return sheet.Row{}, err
		}
		cells := flat(r)
		row := sheet.Row{Number: again.n, Cells: make([]string, len(t.headings))}
		for i, h := range t.headings {
			row.Cells[i] = cells[h]
		}
		return row, nil
	}
	return t, nil
}

// jsonRecords walks the records of a file.
type jsonRecords struct {
	name string
	d    *json.Decoder
	list bool
	done bool
	n    int
}

func newJSONRecords(name string, f *file) (*jsonRecords, error) {
	skip := int64(0)
	bom := make([]byte, 3)
	if n, err := f.ReadAt(bom, 0); err == nil && n == 3 && string(bom) == "\xEF\xBB\xBF" {
		skip = 3
	}
	j := &jsonRecords{name: name}
	var first [1]byte
	for at := skip; ; at++ {
		if _, err := f.ReadAt(first[:], at); err != nil {
			return nil, j.unreadable(err)
		}
		if !strings.ContainsRune(" \t\r\n", rune(first[0])) {
			break
		}
	}
	j.d = json.NewDecoder(io.NewSectionReader(f, skip, f.size-skip))
	if j.list = first[0] == '['; j.list {
		if _, err := j.d.Token(); err != nil {
			return nil, j.unreadable(err)
		}
	}
	return j, nil
}

func (j *jsonRecords) unreadable(err error) error {
	if errors.Is(err, io.EOF) { // the end of a file is no end of a list
		err = io.ErrUnexpectedEOF
	}
	return fault.New(fault.Invalid, "json-unreadable", "文件“{0}”不是可以读取的 JSON 记录列表，可能没有上传完整。", j.name).Because(err)
}

func (j *jsonRecords) next() (map[string]any, error) {
	if j.done {
		return nil, io.EOF
	}
	if j.list && !j.d.More() {
		j.done = true
		if _, err := j.d.Token(); err != nil {
			return nil, j.unreadable(err)
		}
		return nil, io.EOF
	}
	j.done = !j.list
	if j.n++; j.n > maxRows {
		return nil, fault.New(fault.TooLarge, "sheet-too-many-rows", "文件“{0}”超过 {1} 行。请拆成几个文件，分次上传。", j.name, maxRows)
	}
	var r map[string]any
	if err := j.d.Decode(&r); err != nil {
		return nil, j.unreadable(err)
	}
	return r, nil
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

// fromPidinst takes a PIDINST record apart; the keys are those of kinds.PidinstColumns.
func fromPidinst(r map[string]any) map[string]string {
	out := map[string]string{"name": text(r["name"]), "description": text(r["description"]), "landingPage": text(r["landingPage"]), "modelName": text(inside(r["model"], "modelName"))}
	out["manufacturerName"] = strings.Join(texts(r["manufacturers"], "manufacturerName"), " / ")
	out["instrumentTypeName"] = strings.Join(texts(r["instrumentTypes"], "instrumentTypeName"), " / ")
	out["measuredVariables"] = flatten(map[string]any{"v": r["measuredVariables"]})["v"]
	for _, d := range list(r["dates"]) {
		if text(inside(d, "dateType")) == "Commissioned" {
			out["commissioned"] = text(inside(d, "date"))
		}
	}
	out["identifier"] = text(inside(r["identifier"], "identifier"))
	for _, a := range list(r["alternateIdentifiers"]) {
		switch text(inside(a, "alternateIdentifierType")) {
		case "SerialNumber":
			out["serialNumber"] = text(inside(a, "alternateIdentifier"))
		case "InventoryNumber":
			out["identifier"] = text(inside(a, "alternateIdentifier"))
		}
	}
	if out["manufacturerName"] == ":unkn" { // DataCite's word for unknown
		out["manufacturerName"] = ""
	}
	return out
}

func text(v any) string {
	s, _ := v.(string)
	return strings.TrimSpace(s)
}

func inside(v any, key string) any {
	m, _ := v.(map[string]any)
	return m[key]
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// texts is one text of every object in a list.
func texts(v any, key string) []string {
	var out []string
	for _, x := range list(v) {
		if s := text(inside(x, key)); s != "" {
			out = append(out, s)
		}
	}
	return out
}
