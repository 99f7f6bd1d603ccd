// Command pack makes the files of package data from a folder with the sources.
//
//	go run ./data/pack -from SOURCES -to data
//
// The sources and where they lie in the folder are listed in docs/data.md. The same sources give the
// same bytes, whatever the machine and the day.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
)

func main() {
	from := flag.String("from", "", "folder with the sources")
	to := flag.String("to", "data", "folder to write to")
	flag.Parse()
	if err := run(*from, *to); err != nil {
		slog.Error("pack", "error", err)
		os.Exit(1)
	}
}

// table is one file to be written.
type table struct {
	name    string
	heading []string
	rows    [][]string
}

func run(from, to string) error {
	regions, err := packRegions(from)
	if err != nil {
		return err
	}
	institutions, err := packInstitutions(from, regions)
	if err != nil {
		return err
	}
	tables := []table{regions.table(), institutions.table()}
	for _, pack := range []func(string) (table, error){packCalls, packClasses, packIndustries, packDisciplines} {
		t, err := pack(from)
		if err != nil {
			return err
		}
		tables = append(tables, t)
	}
	awards, err := packAwards(from, institutions)
	if err != nil {
		return err
	}
	for _, t := range append(tables, awards) {
		if err := write(to, t); err != nil {
			return err
		}
	}
	return nil
}

// write packs a table without a time or a name in its header, so that only the rows decide the bytes.
func write(to string, t table) error {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return fmt.Errorf("pack %s: %w", t.name, err)
	}
	w := csv.NewWriter(z)
	if err := w.WriteAll(append([][]string{t.heading}, t.rows...)); err != nil {
		return fmt.Errorf("pack %s: %w", t.name, err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("pack %s: %w", t.name, err)
	}
	slog.Info("packed", "file", t.name, "rows", len(t.rows), "bytes", b.Len())
	if err := os.WriteFile(filepath.Join(to, t.name+".csv.gz"), b.Bytes(), 0o644); err != nil { //nolint:gosec // public data
		return fmt.Errorf("write %s: %w", t.name, err)
	}
	return nil
}

// source reads a CSV file of the folder: each row by the names in its heading.
func source(from, path string) ([]map[string]string, error) {
	raw, err := os.ReadFile(filepath.Join(from, path)) //nolint:gosec // a path the caller names
	if err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))))
	r.LazyQuotes = true
	all, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", path, err)
	}
	rows := make([]map[string]string, 0, len(all))
	for _, cells := range all[1:] {
		row := make(map[string]string, len(cells))
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows, nil
}
