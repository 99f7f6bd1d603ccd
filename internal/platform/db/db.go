package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Engine names the database underneath.
type Engine string

// The two engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Options say which database to open and how.
type Options struct {
	Path        string // SQLite: the database file; its folder is made where missing
	URL         string // PostgreSQL: postgres://… ; several hosts are allowed. Exactly one of Path and URL
	Migrations  fs.FS  // numbered *.sql files; nil leaves the schema alone
	AllowUnsafe bool   // for tests only: accept a PostgreSQL that may lose commits (fsync off)
	Ungrouped   bool   // for measurements only: one physical commit a closure on SQLite
}

// Q is what a query needs: a *DB (read pool), a *Tx, or the snapshot of DB.Snapshot.
type Q interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	Engine() Engine
}

// DB is one open database.
type DB struct {
	engine Engine
	write  *sql.DB // SQLite: one connection, owned by the writer. PostgreSQL: the pool
	read   *sql.DB // SQLite: query-only connections. PostgreSQL: the same pool
	stmts  stmtCache
	writer *writer // SQLite only
	lock   *os.File
	once   sync.Once
}

// ErrNone is what One gives when there is no row.
var ErrNone = errors.New("db: no such row")

// ErrNested is what InTx gives when it is called inside another InTx.
var ErrNested = errors.New("db: a transaction inside a transaction")

// ErrInUse is what Open gives when another process holds the SQLite database.
var ErrInUse = errors.New("db: another process has this database open")

// Open opens (and for SQLite creates) the database, refuses unsafe settings and a schema newer than
// this program, and applies the migrations that are missing.
func Open(ctx context.Context, o Options) (*DB, error) {
	if (o.Path == "") == (o.URL == "") {
		return nil, errors.New("db: give either a file or a postgres:// address")
	}
	open := openSQLite
	if o.URL != "" {
		open = openPostgres
	}
	d, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	if o.Migrations != nil {
		if err := migrate(ctx, d, o.Migrations); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	if d.engine == SQLite {
		if d.writer, err = startWriter(ctx, d.write, !o.Ungrouped); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	return d, nil
}

func openSQLite(ctx context.Context, o Options) (*DB, error) {
	dir := filepath.Dir(o.Path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	lock, err := lockFile(o.Path + ".lock")
	if err != nil {
		return nil, err
	}
	d := &DB{engine: SQLite, lock: lock}
	dsn := "file:" + o.Path + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=cache_size(-65536)&_pragma=temp_store(MEMORY)"
	if d.write, err = sql.Open("sqlite", dsn+"&_txlock=immediate"); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", o.Path, err), d.Close())
	}
	d.write.SetMaxOpenConns(1)
	if err := checkSQLite(ctx, d.write); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", o.Path, err), d.Close())
	}
	if err := syncDir(dir); err != nil { // a new file is safe only when its folder is
		return nil, errors.Join(err, d.Close())
	}
	if d.read, err = sql.Open("sqlite", dsn+"&_pragma=query_only(1)"); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	n := max(4, runtime.NumCPU())
	d.read.SetMaxOpenConns(n)
	d.read.SetMaxIdleConns(n)
	return d, nil
}

// checkSQLite refuses a database that would lose acknowledged commits at a power cut.
func checkSQLite(ctx context.Context, w *sql.DB) error {
	var mode string
	var sync int
	if err := w.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return fmt.Errorf("not a usable database file: %w", err)
	}
	if err := w.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&sync); err != nil {
		return err
	}
	if mode != "wal" || sync < 2 {
		return fmt.Errorf("journal_mode=%s synchronous=%d: refused, committed work could be lost", mode, sync)
	}
	return nil
}

func openPostgres(ctx context.Context, o Options) (*DB, error) {
	p, err := sql.Open("pgx", o.URL)
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
	}
	p.SetMaxOpenConns(32)
	p.SetMaxIdleConns(32)
	d := &DB{engine: Postgres, write: p, read: p}
	if err := p.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("reach PostgreSQL: %w", err), d.Close())
	}
	if !o.AllowUnsafe {
		if err := checkPostgres(ctx, p); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	return d, nil
}

// checkPostgres refuses a server that acknowledges commits it may lose.
func checkPostgres(ctx context.Context, p *sql.DB) error {
	for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		var v string
		if err := p.QueryRowContext(ctx, "SHOW "+name).Scan(&v); err != nil {
			return fmt.Errorf("read the setting %s: %w", name, err)
		}
		if v == "off" {
			return fmt.Errorf("PostgreSQL runs with %s=off: refused, committed work could be lost", name)
		}
	}
	return nil
}

// Engine tells which database is underneath.
func (d *DB) Engine() Engine { return d.engine }

// Query reads outside any transaction; it sees what is committed.
func (d *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if d.engine == Postgres { // pgx keeps its own statements
		return d.read.QueryContext(ctx, query, args...)
	}
	st, err := d.stmts.get(ctx, d.read, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return d.read.PingContext(ctx) }

// Close ends the writer after the closures it holds and closes every connection.
func (d *DB) Close() error {
	var err error
	d.once.Do(func() {
		if d.writer != nil {
			d.writer.stop()
		}
		for _, p := range []*sql.DB{d.read, d.write} {
			if p != nil {
				err = errors.Join(err, p.Close())
			}
		}
		if d.lock != nil {
			err = errors.Join(err, d.lock.Close())
		}
	})
	return err
}

// Snapshot runs fn on one unchanging view of the database.
func (d *DB) Snapshot(ctx context.Context, fn func(ctx context.Context, q Q) error) error {
	opt := &sql.TxOptions{ReadOnly: true}
	if d.engine == Postgres {
		opt.Isolation = sql.LevelRepeatableRead
	}
	t, err := d.read.BeginTx(ctx, opt)
	if err != nil {
		return fmt.Errorf("begin a snapshot: %w", err)
	}
	defer func() { _ = t.Rollback() }() // nothing was written
	return fn(ctx, snapshot{t, d.engine})
}

type snapshot struct {
	tx     *sql.Tx
	engine Engine
}

func (s snapshot) Engine() Engine { return s.engine }
func (s snapshot) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return s.tx.QueryContext(ctx, query, args...)
}
