package web

import (
	"bytes"
	"net/http"

	"qiao/internal/platform/sheet"
)

// Table sends rows as a file called name: CSV, or XLSX where the address says format=xlsx. Nobody between keeps it.
func Table(w http.ResponseWriter, r *http.Request, name string, headings []string, rows [][]string) error {
	var b bytes.Buffer
	kind, suffix := "text/csv; charset=utf-8", ".csv"
	var err error
	if r.URL.Query().Get("format") == "xlsx" {
		kind, suffix = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"
		err = sheet.WriteXLSX(&b, sheet.Page{Name: name, Headings: headings, Rows: rows})
	} else {
		err = sheet.WriteCSV(&b, headings, rows)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+suffix+`"`)
	w.Header().Set("Cache-Control", "private, no-store")
	_, err = w.Write(b.Bytes())
	return err //nolint:wrapcheck // the reader has gone
}
