package db

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

// ErrNewer is what Open gives for a database written by a newer program.
var ErrNewer = errors.New("db: the database is newer than this program; install the newer program, or restore a backup")

// migrate brings the schema up to the newest file. A file NNNN_name.sqlite.sql or
// NNNN_name.postgres.sql is for its engine only; all others are for both.
func migrate(ctx context.Context, d *DB, files fs.FS) error {
	mine := engineFS{files, d.engine}
	newest, all, err := newestVersion(mine)
	if err != nil {
		return err
	}
	have, applied, err := currentVersion(ctx, d)
	if err != nil {
		return err
	}
	if have > newest {
		return fmt.Errorf("%w (database %d, program %d)", ErrNewer, have, newest)
	}
	if have == newest && applied == all {
		return nil
	}
	dialect := goose.DialectSQLite3
	if d.engine == Postgres {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, d.write, mine, goose.WithAllowOutofOrder(true)) // a lower number may come later: two changes were made side by side
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// currentVersion is the number of the newest migration applied, and how many have been; 0 for a new database.
func currentVersion(ctx context.Context, d *DB) (newest, applied int64, err error) {
	probe := `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'`
	if d.engine == Postgres {
		probe = `SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'goose_db_version'`
	}
	var n int
	if err := d.write.QueryRowContext(ctx, probe).Scan(&n); err != nil || n == 0 {
		return 0, 0, err
	}
	var v sql.NullInt64
	err = d.write.QueryRowContext(ctx, `SELECT max(version_id), count(DISTINCT version_id) FROM goose_db_version WHERE version_id > 0`).Scan(&v, &applied)
	return v.Int64, applied, err
}

// newestVersion is the highest number of the files, and how many there are.
func newestVersion(files fs.FS) (newest, all int64, err error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return 0, 0, err
	}
	for _, n := range names {
		number, _, _ := strings.Cut(n, "_")
		v, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, 0, fmt.Errorf("migration %s has no number", n)
		}
		newest = max(newest, v)
	}
	return newest, int64(len(names)), nil
}

// engineFS shows each engine its own migrations only.
type engineFS struct {
	files  fs.FS
	engine Engine
}

func (e engineFS) hides(name string) bool {
	for _, other := range []Engine{SQLite, Postgres} {
		if other != e.engine && strings.HasSuffix(name, "."+string(other)+".sql") {
			return true
		}
	}
	return false
}

func (e engineFS) Open(name string) (fs.File, error) {
	if e.hides(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if path.Ext(name) != ".sql" {
		return e.files.Open(name)
	}
	b, err := fs.ReadFile(e.files, name)
	if err != nil {
		return nil, err
	}
	if !bytes.Contains(b, []byte("-- +goose Up")) { // our files go one way only: forward
		b = append([]byte("-- +goose Up\n"), b...)
	}
	return &memFile{Reader: bytes.NewReader(b), name: path.Base(name)}, nil
}

func (e engineFS) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(e.files, name)
	var out []fs.DirEntry
	for _, f := range all {
		if !e.hides(f.Name()) {
			out = append(out, f)
		}
	}
	return out, err
}

type memFile struct {
	*bytes.Reader
	name string
}

func (f *memFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *memFile) Close() error               { return nil }

// Name, Mode, ModTime, IsDir and Sys make memFile its own fs.FileInfo; Size is the Reader's.
func (f *memFile) Name() string       { return f.name }
func (f *memFile) Mode() fs.FileMode  { return 0o444 }
func (f *memFile) ModTime() time.Time { return time.Time{} }
func (f *memFile) IsDir() bool        { return false }
func (f *memFile) Sys() any           { return nil }
