package textindex

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func saved(t testing.TB, docs []Document) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "index")
	if err := engineWith(t, docs).Save(path, "7"); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestSnapshotLeavesNoTemporaryFile(t *testing.T) {
	folder := t.TempDir()
	e := engineWith(t, instruments())
	for range 2 {
		if err := e.Save(filepath.Join(folder, "index"), "1"); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 2 {
		t.Errorf("files %v, %v", files, err)
	}
	if err := e.Save(filepath.Join(folder, "no", "such"), "1"); err == nil {
		t.Error("saved into a folder that is not there")
	}
}

func TestDamagedSnapshotIsRefused(t *testing.T) {
	data := saved(t, instruments())
	flip := func(at int) []byte {
		b := append([]byte(nil), data...)
		b[at] ^= 0x40
		return b
	}
	tests := map[string][]byte{
		"empty": {}, "short": data[:10], "cut": data[:len(data)-20], "other version": flip(6),
		"flipped": flip(len(data) / 2), "flipped trailer": flip(len(data) - 1), "longer": append(flip(0), 1),
	}
	for name, b := range tests {
		path := filepath.Join(t.TempDir(), "index")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		e := engineWith(t, instruments()[:2])
		if _, err := e.Load(path); !errors.Is(err, ErrSnapshot) {
			t.Errorf("%s: %v", name, err)
		}
		if e.Len() != 2 {
			t.Errorf("%s: the engine changed", name)
		}
	}
	if _, err := engineWith(t, nil).Load(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// FuzzSnapshot: no content, however wrong, makes the reader or a search over what it read panic. The
// checksum is mended so that the content is reached.
func FuzzSnapshot(f *testing.F) {
	f.Add(saved(f, instruments()), []byte{1, 2}, 30)
	f.Add(saved(f, nil), []byte{0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, 20)
	f.Fuzz(func(t *testing.T, data, patch []byte, at int) {
		b := append([]byte(nil), data...)
		if at >= 0 && at < len(b) {
			copy(b[at:], patch)
		}
		if len(b) >= len(magic)+trailer {
			copy(b, magic)
			body := b[:len(b)-trailer]
			binary.LittleEndian.PutUint32(b[len(body):], crc32.Checksum(body, castagnoli))
			binary.LittleEndian.PutUint64(b[len(body)+4:], uint64(len(body)-len(magic)))
		}
		x, _, err := readSnapshot(b)
		if err != nil {
			return
		}
		e := New(analyser(t), Options{})
		e.swap(x)
		r := Request{Query: "扫描电子显微镜 SEM", Facets: []string{"kind"}, Filters: map[string][]string{"kind": {"instrument"}},
			Explain: true, Limit: 5}
		if _, err := e.Search(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		if err := e.Apply(t.Context(), Batch{Put: instruments(), Delete: []string{"sem"}}); err != nil {
			t.Fatal(err)
		}
		e.Compact()
		if _, err := e.Search(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	})
}
