package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Neutral makes text safe for a cell that a spreadsheet program opens: what it would take for a
// formula (a cell beginning with = + - @ tab or return) gets an apostrophe in front. Plain numbers
// stay as they are.
func Neutral(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return s
	}
	if strings.ContainsRune("+-", rune(s[0])) && len(s) > 1 && strings.Trim(s[1:], "0123456789.") == "" {
		return s
	}
	return "'" + s
}

// WriteCSV writes UTF-8 with a byte-order mark, which Excel needs to see Chinese, every cell neutral.
func WriteCSV(w io.Writer, headings []string, rows [][]string) error {
	if _, err := w.Write(utf8BOM); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	for _, row := range append([][]string{headings}, rows...) {
		out := make([]string, len(row))
		for i, cell := range row {
			out[i] = Neutral(cell)
		}
		if err := c.Write(out); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

// Page is one worksheet to write.
type Page struct {
	Name     string // at most 31 characters
	Headings []string
	Notes    []string             // beside each heading, shown when one points at it; may be shorter
	Choices  map[int][]string     // by column: the values a cell may take, as a list to choose from
	Rows     [][]string           // every cell is text, so nothing is a formula
	Marked   map[int]map[int]bool // row → column: cells with a fault, in red
}

// WriteXLSX writes the pages as a workbook with a frozen, bold heading row.
func WriteXLSX(w io.Writer, pages ...Page) (err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); e != nil && err == nil {
			err = fmt.Errorf("write xlsx: %w", e)
		}
	}()
	for i, p := range pages {
		if i == 0 {
			err = f.SetSheetName("Sheet1", p.Name)
		} else {
			_, err = f.NewSheet(p.Name)
		}
		if err == nil {
			err = writePage(f, p)
		}
		if err != nil {
			return fmt.Errorf("write xlsx page %s: %w", p.Name, err)
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}

func writePage(f *excelize.File, p Page) error {
	if err := writeCells(f, p); err != nil {
		return err
	}
	for col, values := range p.Choices {
		name, err := excelize.ColumnNumberToName(col + 1)
		if err != nil {
			return err
		}
		dv := excelize.NewDataValidation(true)
		dv.Sqref = name + "2:" + name + "5000"
		if dv.SetDropList(values) != nil {
			continue // longer than the 255 characters a list may have: the note beside the heading names them
		}
		if err := f.AddDataValidation(p.Name, dv); err != nil {
			return err
		}
	}
	for col, note := range p.Notes {
		if note == "" {
			continue
		}
		cell, err := excelize.CoordinatesToCellName(col+1, 1)
		if err != nil {
			return err
		}
		if err := f.AddComment(p.Name, excelize.Comment{Cell: cell, Text: note}); err != nil {
			return err
		}
	}
	return f.SetPanes(p.Name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// writeCells streams headings and rows as text cells.
func writeCells(f *excelize.File, p Page) error {
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF7"}}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	red, err := f.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FBD9D9"}}})
	if err != nil {
		return err
	}
	for i, heading := range p.Headings {
		if err := setText(f, p.Name, i, 0, heading, bold); err != nil {
			return err
		}
	}
	for r, row := range p.Rows {
		for c, text := range row {
			style := 0
			if p.Marked[r][c] {
				style = red
			}
			if err := setText(f, p.Name, c, r+1, text, style); err != nil {
				return err
			}
		}
	}
	if len(p.Headings) == 0 {
		return nil
	}
	last, err := excelize.ColumnNumberToName(len(p.Headings))
	if err != nil {
		return err
	}
	return f.SetColWidth(p.Name, "A", last, 18)
}

func setText(f *excelize.File, sheet string, col, row int, text string, style int) error {
	if text == "" && style == 0 {
		return nil
	}
	cell, err := excelize.CoordinatesToCellName(col+1, row+1)
	if err != nil {
		return err
	}
	if err := f.SetCellStr(sheet, cell, text); err != nil || style == 0 {
		return err
	}
	return f.SetCellStyle(sheet, cell, cell, style)
}
