package sheet

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// stringTable is the texts that the cells of a workbook share: in memory up to a bound, in a temporary file beyond it.
type stringTable struct {
	ends   []int64 // of each text in what follows
	memory strings.Builder
	text   string // memory, once read
	file   *os.File
	bound  int64
	size   int64
	buf    []byte
}

func (t *stringTable) add(text []byte) error {
	if t.file == nil && t.size+int64(len(text)) > t.bound {
		f, err := os.CreateTemp("", "qiao-sheet-")
		if err != nil {
			return fmt.Errorf("set texts of a workbook aside: %w", err)
		}
		t.file = f
		if _, err := f.WriteString(t.memory.String()); err != nil {
			return fmt.Errorf("set texts of a workbook aside: %w", err)
		}
		t.memory.Reset()
	}
	if t.file == nil {
		t.memory.Write(text)
	} else if t.buf = append(t.buf, text...); len(t.buf) > 1<<16 {
		if err := t.flush(); err != nil {
			return err
		}
	}
	t.size += int64(len(text))
	t.ends = append(t.ends, t.size)
	return nil
}

func (t *stringTable) flush() error {
	if _, err := t.file.Write(t.buf); err != nil {
		return fmt.Errorf("set texts of a workbook aside: %w", err)
	}
	t.buf = t.buf[:0]
	return nil
}

// done ends the adding.
func (t *stringTable) done() error {
	if t.file != nil {
		return t.flush()
	}
	t.text = t.memory.String()
	return nil
}

// at is the i-th text; a number beyond the table is an empty one.
func (t *stringTable) at(i int) (string, error) {
	if i < 0 || i >= len(t.ends) {
		return "", nil
	}
	from := int64(0)
	if i > 0 {
		from = t.ends[i-1]
	}
	if t.file == nil {
		return t.text[from:t.ends[i]], nil
	}
	b := make([]byte, t.ends[i]-from)
	if _, err := t.file.ReadAt(b, from); err != nil && (err != io.EOF || len(b) > 0) { //nolint:errorlint // ReaderAt gives it bare
		return "", fmt.Errorf("read texts of a workbook: %w", err)
	}
	return string(b), nil
}

func (t *stringTable) close() error {
	if t.file == nil {
		return nil
	}
	err := t.file.Close()
	if e := os.Remove(t.file.Name()); err == nil {
		err = e
	}
	t.file = nil
	return err
}
