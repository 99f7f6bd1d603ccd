package dbtest

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/id"
	"qiao/migrations"
)

// Each runs f on SQLite and on PostgreSQL, each with a fresh, migrated database. QIAO_TEST_ENGINES names one
// of them alone: `make check` asks for sqlite; `make test` for postgres, then for sqlite under the race detector.
func Each(t *testing.T, f func(t *testing.T, d *db.DB)) {
	t.Helper()
	only := os.Getenv("QIAO_TEST_ENGINES")
	if only != "" && only != "sqlite" && only != "postgres" {
		t.Fatalf("QIAO_TEST_ENGINES is %q: sqlite, postgres or nothing", only)
	}
	if only != "postgres" {
		t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	}
	if only != "sqlite" {
		t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
	}
}

// SQLite is a fresh, migrated SQLite database, gone when the test ends.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	base := memoryDir()
	if _, measured := t.(*testing.B); measured {
		base = os.TempDir() // a figure is one of a disk
	}
	dir, err := os.MkdirTemp(base, "qiao-sqlite-") //nolint:usetesting // its folder is on disk
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	path := filepath.Join(dir, "qiao.db")
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, db.Options{Path: path, Migrations: migrations.Files})
}

// Postgres is a fresh, migrated PostgreSQL database, gone when the test ends.
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	return open(t, db.Options{URL: PostgresURL(t), Migrations: migrations.Files, AllowUnsafe: true})
}

// PostgresURL is the address of a fresh, migrated PostgreSQL database, dropped when the test ends.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server, err := postgres()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	name := "t_" + hex.EncodeToString([]byte(id.New()))[:48]
	if err := admin(server, `CREATE DATABASE `+name+` TEMPLATE `+templateName()+` STRATEGY FILE_COPY`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin(server, `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
	})
	return on(server, name)
}

func open(t testing.TB, o db.Options) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// sqliteTemplate migrates once a process; each test gets a copy of the file.
var sqliteTemplate = sync.OnceValues(func() (b []byte, err error) {
	dir, err := os.MkdirTemp("", "qiao-template-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := os.RemoveAll(dir); err == nil {
			err = e
		}
	}()
	path := filepath.Join(dir, "t.db")
	d, err := db.Open(context.Background(), db.Options{Path: path, Migrations: migrations.Files})
	if err != nil {
		return nil, err
	}
	if err := d.Close(); err != nil { // folds the write-ahead log into the file
		return nil, err
	}
	return os.ReadFile(path)
})

// postgres is the server of this run with a migrated template database on it.
var postgres = sync.OnceValues(func() (string, error) {
	server := os.Getenv("QIAO_TEST_POSTGRES")
	if server == "" {
		s, err := Start(Unsafe)
		if err != nil {
			return "", err
		}
		server = s.URL // it ends with its parent: see Start
	}
	return server, prepareTemplate(server)
})

// templateName changes with the migrations, so that runs of different checkouts share a server.
func templateName() string {
	h := fnv.New64a()
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return "template_unreadable" // the pattern is constant; migrating would fail with the same error
	}
	for _, n := range names {
		b, err := migrations.Files.ReadFile(n)
		if err != nil {
			return "template_unreadable"
		}
		h.Write([]byte(n))
		h.Write(b)
	}
	return fmt.Sprintf("template_%016x", h.Sum64())
}

func prepareTemplate(server string) error {
	ctx := context.Background()
	p, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer func() { _ = p.Close() }() // read only from here on
	conn, err := p.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(7426)`); err != nil { // other test binaries wait here
		return err
	}
	defer func() { _, _ = conn.ExecContext(ctx, `SELECT pg_advisory_unlock(7426)`) }()
	var n int
	name := templateName()
	if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM pg_database WHERE datname = $1`, name).Scan(&n); err != nil || n == 1 {
		return err
	}
	if _, err := conn.ExecContext(ctx, `CREATE DATABASE `+name+`_raw`); err != nil {
		return err
	}
	d, err := db.Open(ctx, db.Options{URL: on(server, name+"_raw"), Migrations: migrations.Files, AllowUnsafe: true})
	if err != nil {
		_, _ = conn.ExecContext(ctx, `DROP DATABASE `+name+`_raw WITH (FORCE)`)
		return err
	}
	if err := d.Close(); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `ALTER DATABASE `+name+`_raw RENAME TO `+name)
	return err
}

func admin(server, statement string) error {
	p, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer func() { _ = p.Close() }()
	_, err = p.Exec(statement)
	return err
}

// on is server's address with another database.
func on(server, database string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + database
	return u.String()
}
