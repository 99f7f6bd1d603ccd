package importing

import (
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
)

// maxKeys is how many different keys the records of a file may have.
const maxKeys = 512

// records walks a file that is no table; io.EOF at its end. A record that cannot be read is broken and stops nothing.
type records interface {
	next() (cells map[string]string, broken *sheet.Broken, err error)
}

// tableOf reads records as a table: the n-th record is row n. The file is walked twice, first for its keys.
func tableOf(name, format string, f *file, open func(io.Reader) (records, error)) (*table, error) {
	start := func() (records, *counted, error) {
		count := &counted{ReaderAt: f}
		text, err := utf8Of(name, f, count)
		if err != nil {
			return nil, nil, err
		}
		count.n = 0 // looking for the encoding has read the file too
		r, err := open(text)
		return r, count, err
	}
	first, _, err := start()
	if err != nil {
		return nil, err
	}
	headings, err := keysOf(name, first)
	if err != nil {
		return nil, err
	}
	again, count, err := start()
	if err != nil {
		return nil, err
	}
	t := &table{format: format, headings: headings, share: func() float64 { return float64(count.n) / float64(f.size) }, close: func() error { return nil }}
	n := 0
	t.next = func() (sheet.Row, error) {
		cells, broken, err := again.next()
		if err != nil {
			return sheet.Row{}, err
		}
		if n++; n > maxRows {
			return sheet.Row{}, tooManyRows(name)
		}
		row := sheet.Row{Number: n, Cells: make([]string, len(headings)), Broken: broken}
		for i, h := range headings {
			row.Cells[i] = sheet.Clean(cells[h])
		}
		return row, nil
	}
	return t, nil
}

func tooManyRows(name string) error {
	return fault.New(fault.TooLarge, "sheet-too-many-rows", "文件“{0}”超过 {1} 行。请拆成几个文件，分次上传。", name, maxRows)
}

// keysOf are all keys of the records, in their order in the alphabet.
func keysOf(name string, r records) ([]string, error) {
	keys := map[string]bool{}
	for n := 1; ; n++ {
		cells, _, err := r.next()
		if errors.Is(err, io.EOF) {
			return slices.Sorted(maps.Keys(keys)), nil
		}
		if err != nil {
			return nil, err
		}
		if n > maxRows {
			return nil, tooManyRows(name)
		}
		for k := range cells {
			if keys[k] {
				continue
			}
			if len(keys) == maxKeys {
				return nil, fault.New(fault.TooLarge, "sheet-too-many-columns", "文件“{0}”第 {1} 行有 {2} 列，最多可以有 {3} 列。", name, n, len(keys)+1, maxKeys)
			}
			keys[strings.Clone(k)] = true
		}
	}
}

// errNoRecords says that a file of a known shape has none of its records.
func errNoRecords(name string) error {
	return fault.New(fault.Invalid, "no-records", "文件“{0}”里没有可以导入的记录。可以是 .xlsx、.csv、国家平台或桥的 JSON、PIDINST 的 XML 或 JSON、BibTeX 或 RIS。", name)
}
