package importing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
)

// DefaultMaxFile is how many bytes an upload may have where nothing else is configured.
const DefaultMaxFile = 1 << 30

// What a file may be.
const (
	maxRows = 2_000_000 // with something in them
)

// table is a file whose rows are read one by one.
type table struct {
	format     string // that the content shows; empty: the headings decide
	headings   []string
	headingRow int
	sheet      string                    // worksheet
	sheets     []string                  // all of a workbook
	next       func() (sheet.Row, error) // io.EOF at the end
	share      func() float64            // how much of it was read, 0 to 1; negative: not known
	close      func() error
}

// file is an upload as the store keeps it.
type file struct {
	io.ReaderAt
	size int64
	done func() error
}

// open opens a kept file for reading at any place.
func (s *Service) open(ctx context.Context, sha256 string) (*file, error) {
	r, err := s.Blobs.Open(ctx, sha256)
	if err != nil {
		return nil, fmt.Errorf("open the file of an import: %w", err)
	}
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("measure the file of an import: %w", err), r.Close())
	}
	if at, ok := r.(io.ReaderAt); ok {
		return &file{at, size, r.Close}, nil
	}
	f, err := aside(r)
	return f, errors.Join(err, r.Close())
}

// aside copies a file that cannot be read at any place into one that can.
func aside(r io.ReadSeeker) (*file, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read the file of an import: %w", err)
	}
	f, err := os.CreateTemp("", "qiao-import-")
	if err != nil {
		return nil, fmt.Errorf("set the file of an import aside: %w", err)
	}
	done := func() error { return errors.Join(f.Close(), os.Remove(f.Name())) }
	n, err := io.Copy(f, r)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("set the file of an import aside: %w", err), done())
	}
	return &file{f, n, done}, nil
}

// read opens the table in a file whose heading row is the one that a template knows best.
func (s *Service) read(name, format string, f *file) (*table, error) {
	return s.readWith(name, format, f, sheet.Options{Heading: s.known(format)})
}

// readWith opens the table in a file: a spreadsheet, whose headings stand where the options say, or records of an exchange
// format.
func (s *Service) readWith(name, format string, f *file, o sheet.Options) (*table, error) {
	head := make([]byte, min(f.size, 4096))
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the import %s: %w", name, err)
	}
	switch shape := sniff(name, head[:n]); {
	case shape == "json" && format != "uniquip":
		return s.readJSON(name, format, f)
	case shape == "xml":
		return s.readXML(name, f)
	case shape == "bibtex" || shape == "ris":
		return s.readCitations(name, shape, f)
	case format == "pidinst":
		return nil, fault.New(fault.Invalid, "json-unreadable", "文件“{0}”不是可以读取的 JSON 记录列表，可能没有上传完整。", name)
	case format == "bibtex" || format == "ris":
		return nil, errNoRecords(name)
	}
	o.Limits = sheet.Limits{Bytes: s.MaxFile, Rows: maxRows, Unpacked: 6 << 30}
	rows, err := sheet.Open(name, f, f.size, o)
	if err != nil {
		return nil, err
	}
	return &table{headings: rows.Headings, headingRow: rows.HeadingRow, sheet: rows.Sheet, sheets: rows.Sheets, next: rows.Next, share: rows.Share, close: rows.Close}, nil
}

// known scores a row as the heading row: how many cells the best template knows.
func (s *Service) known(format string) func([]string) int {
	templates := s.kinds.Templates()
	return func(cells []string) int {
		best := 0
		for _, t := range templates {
			if (format == "" || t.Format == format) && t.Named(cells) {
				best = max(best, t.Known(cells))
			}
		}
		return best
	}
}

// kindOf finds the kind that a cell names: by its own name, its label, or UNIQUIP's words.
func kindOf(set kinds.Set, text string) (kinds.Kind, bool) {
	key := kinds.Fold(text)
	if key == "equipment" {
		key = "instrument"
	}
	for _, k := range set {
		if key == k.Name || key == kinds.Fold(k.ZH) || key == kinds.Fold(k.EN) {
			return k, true
		}
	}
	return kinds.Kind{}, false
}
