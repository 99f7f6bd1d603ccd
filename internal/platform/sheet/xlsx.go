package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"qiao/internal/platform/fault"
)

// sniffZip tells what kind of document a zip archive is.
func sniffZip(data []byte) string {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
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
func checkZip(name string, data []byte, l Limits) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return errUnreadable(name).Because(err)
	}
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

// readXLSX reads the first visible worksheet that has rows. A broken file can trip the parser in ways
// it does not report; such a trip is told like any other broken file.
func readXLSX(name string, data []byte, l Limits) (g *grid, err error) {
	defer func() {
		if r := recover(); r != nil {
			g, err = nil, errUnreadable(name).Because(fmt.Errorf("spreadsheet parser: %v", r))
		}
	}()
	if err := checkZip(name, data, l); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: l.Unpacked, UnzipXMLSizeLimit: l.Unpacked, ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd",
	})
	if err != nil {
		return nil, errUnreadable(name).Because(err)
	}
	defer func() {
		if e := f.Close(); e != nil && err == nil {
			g, err = nil, errUnreadable(name).Because(e)
		}
	}()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return nil, errUnreadable(name).Because(errNotWorkbook)
	}
	for _, s := range sheets {
		if visible, err := f.GetSheetVisible(s); err == nil && !visible {
			continue
		}
		g, err := readWorksheet(name, f, s, l)
		if err != nil {
			return nil, err
		}
		if len(g.rows) > 0 {
			return g, nil
		}
	}
	return &grid{format: "xlsx"}, nil
}

// readWorksheet walks the sheet twice in step: once for stored values and once for what is shown.
func readWorksheet(name string, f *excelize.File, sheet string, l Limits) (*grid, error) {
	raw, err := f.Rows(sheet)
	if err != nil {
		return nil, errUnreadable(name).Because(err)
	}
	defer raw.Close() //nolint:errcheck // a temporary file of the parser
	shown, err := f.Rows(sheet)
	if err != nil {
		return nil, errUnreadable(name).Because(err)
	}
	defer shown.Close() //nolint:errcheck // as above
	g := &grid{format: "xlsx", sheet: sheet, merged: merges(f, sheet)}
	for n := 1; raw.Next() && shown.Next(); n++ {
		values, err := raw.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, errUnreadable(name).Because(err)
		}
		texts, err := shown.Columns()
		if err != nil {
			return nil, errUnreadable(name).Because(err)
		}
		for i := range values {
			if i < len(texts) {
				values[i] = value(values[i], texts[i])
			}
		}
		if err := g.add(name, n, values, l); err != nil {
			return nil, err
		}
	}
	if err := raw.Error(); err != nil {
		return nil, errUnreadable(name).Because(err)
	}
	return g, nil
}

var dateShown = regexp.MustCompile(`^\d{4}\s?[-/.年]\s?\d{1,2}`) //i18n:data shape of a date

// value chooses between what a cell stores and what it shows. A date and a code with leading zeros are
// what they show; any other number is what is stored (the shown one may be rounded or grouped), without
// the binary dust of the 16th and 17th digit.
func value(stored, shown string) string {
	if stored == shown {
		return tidy(stored)
	}
	n, err := strconv.ParseFloat(stored, 64)
	if err != nil {
		return stored
	}
	if dateShown.MatchString(shown) || zeroPadded(shown, n) {
		return shown
	}
	return tidy(stored)
}

func zeroPadded(shown string, n float64) bool {
	if len(shown) < 2 || shown[0] != '0' || strings.Trim(shown, "0123456789") != "" {
		return false
	}
	v, err := strconv.ParseFloat(shown, 64)
	return err == nil && v == n
}

// tidy writes 12.300000000000001 as 12.3 and 1.38E+10 as 13800000000.
func tidy(s string) string {
	if !strings.ContainsAny(s, ".E") || len(s) < 7 || strings.Trim(s, "0123456789.E+-") != "" {
		return s
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !strings.Contains(s, "E") && len(strings.Trim(strings.Replace(s, ".", "", 1), "-0")) < 16 {
		return s
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	if err != nil {
		return s
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// merges lists, by row number, the cells merged across columns.
func merges(f *excelize.File, sheet string) map[int][]span {
	out := map[int][]span{}
	cells, err := f.GetMergeCells(sheet, true)
	if err != nil {
		return out
	}
	for _, m := range cells {
		c1, r1, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
		c2, r2, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err1 == nil && err2 == nil && r1 == r2 && c2 > c1 {
			out[r1] = append(out[r1], span{c1 - 1, c2 - 1})
		}
	}
	return out
}
