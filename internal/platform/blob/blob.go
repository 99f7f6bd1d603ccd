// Package blob keeps files by their content: the SHA-256 is the address. Whose a file is, and who may
// see it, is said by rows of the modules; nothing is served by address alone.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"qiao/internal/platform/fault"
)

// Ref is a stored file.
type Ref struct {
	SHA256 string // lower-case hex
	Size   int64  // bytes
}

// Store keeps files.
type Store interface {
	// Put stores what r gives, at most limit bytes; a longer file is a fault too-large, an empty one a fault file-empty.
	Put(ctx context.Context, r io.Reader, limit int64) (Ref, error)
	// Open reads a stored file; fs.ErrNotExist when there is none. The caller closes it.
	Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error)
}

// Disk is a Store in a folder: durable before Put returns.
type Disk struct{ dir string }

// NewDisk makes the folder where missing.
func NewDisk(dir string) (*Disk, error) {
	if err := os.MkdirAll(filepath.Join(dir, "new"), 0o700); err != nil {
		return nil, fmt.Errorf("make the file store: %w", err)
	}
	return &Disk{dir}, nil
}

// Put implements Store.
func (d *Disk) Put(_ context.Context, r io.Reader, limit int64) (ref Ref, err error) {
	f, err := os.CreateTemp(filepath.Join(d.dir, "new"), "put-")
	if err != nil {
		return Ref{}, fmt.Errorf("store a file: %w", err)
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if e := os.Remove(f.Name()); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		return Ref{}, fmt.Errorf("store a file: %w", err)
	case n > limit:
		return Ref{}, fault.New(fault.TooLarge, "file-too-large", "文件超过 {0} MB，请压缩或拆分后再上传。", int(limit>>20))
	case n == 0:
		return Ref{}, fault.New(fault.Invalid, "file-empty", "文件是空的，请检查后重新选择。")
	}
	if err := f.Sync(); err != nil {
		return Ref{}, fmt.Errorf("store a file: %w", err)
	}
	ref = Ref{hex.EncodeToString(h.Sum(nil)), n}
	return ref, d.keep(f.Name(), ref.SHA256)
}

// keep moves a finished file to its address; the same content twice is one file.
func (d *Disk) keep(from, sum string) error {
	to := d.path(sum)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	for _, dir := range []string{filepath.Dir(to), d.dir} {
		if err := syncDir(dir); err != nil {
			return err
		}
	}
	return nil
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync a folder: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}

func (d *Disk) path(sum string) string { return filepath.Join(d.dir, sum[:2], sum) }

// Open implements Store.
func (d *Disk) Open(_ context.Context, sum string) (io.ReadSeekCloser, error) {
	if len(sum) != 64 || strings.Trim(sum, "0123456789abcdef") != "" {
		return nil, fmt.Errorf("open a file: %q is no SHA-256: %w", sum, fs.ErrNotExist)
	}
	f, err := os.Open(d.path(sum))
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	return f, nil
}
