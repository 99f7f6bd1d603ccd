package blob

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qiao/internal/platform/fault"
)

func TestDisk(t *testing.T) {
	dir := t.TempDir()
	d, err := NewDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := bytes.Repeat([]byte("检测报告"), 1000)
	a, err := d.Put(t.Context(), bytes.NewReader(want), 1<<20)
	if err != nil || a.Size != int64(len(want)) {
		t.Fatal(a, err)
	}
	if b, err := d.Put(t.Context(), bytes.NewReader(want), 1<<20); err != nil || a != b {
		t.Errorf("the same content is another file: %v %v", b, err)
	}
	f, err := d.Open(t.Context(), a.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(got, want) || f.Close() != nil {
		t.Error("read back differs", err)
	}
	if _, err := d.Put(t.Context(), strings.NewReader("12345"), 4); !fault.Is(err, "file-too-large") {
		t.Errorf("too large: %v", err)
	}
	if _, err := d.Put(t.Context(), strings.NewReader(""), 4); !fault.Is(err, "file-empty") {
		t.Errorf("empty: %v", err)
	}
	for _, bad := range []string{strings.Repeat("0", 64), "../../etc/passwd", ""} {
		if _, err := d.Open(t.Context(), bad); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if left, err := os.ReadDir(filepath.Join(dir, "new")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
