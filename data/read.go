package data

import (
	"compress/gzip"
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

//go:embed *.csv.gz
var files embed.FS

// Retrieved is the day on which the sources were taken.
const Retrieved = "2026-11-21"

// read unpacks a file, checks its heading and turns each row into a T.
func read[T any](name string, heading []string, row func(cells []string) (T, error)) ([]T, error) {
	f, err := files.Open(name + ".csv.gz")
	if err != nil {
		return nil, fmt.Errorf("data: open %s: %w", name, err)
	}
	defer f.Close() //nolint:errcheck // an embedded file has nothing to lose
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("data: unpack %s: %w", name, err)
	}
	rows := csv.NewReader(z)
	rows.FieldsPerRecord = len(heading)
	first, err := rows.Read()
	if err != nil {
		return nil, fmt.Errorf("data: heading of %s: %w", name, err)
	}
	for i, want := range heading {
		if first[i] != want {
			return nil, fmt.Errorf("data: %s has the column %q where %q is expected", name, first[i], want)
		}
	}
	var out []T
	for {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("data: read %s: %w", name, err)
		}
		t, err := row(cells)
		if err != nil {
			return nil, fmt.Errorf("data: %s, row %d: %w", name, len(out)+2, err)
		}
		out = append(out, t)
	}
}
