package db_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

func exec(t *testing.T, d *db.DB, sql string, args ...any) {
	t.Helper()
	err := d.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPlaceholdersBindByNumber(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		type row struct {
			A string `db:"a"`
			B string `db:"b"`
		}
		got, err := db.One[row](t.Context(), d, `SELECT CAST($2 AS TEXT) AS a, CAST($1 AS TEXT) AS b`, "first", "second")
		if err != nil || got != (row{"second", "first"}) {
			t.Fatalf("%v %v", got, err)
		}
	})
}

func TestValuesRoundTrip(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, `CREATE TABLE x (id TEXT PRIMARY KEY, at TEXT NOT NULL, gone TEXT, flag BOOLEAN NOT NULL, fen BIGINT NOT NULL)`)
		at := time.Date(2026, 11, 21, 5, 10, 19, 123456789, time.UTC)
		exec(t, d, `INSERT INTO x (id, at, gone, flag, fen) VALUES ($1, $2, $3, $4, $5)`, "a", db.At(at), db.NullTime{}, true, int64(1)<<60)
		type base struct {
			ID string `db:"id"`
		}
		type row struct {
			base
			At   db.Time     `db:"at"`
			Gone db.NullTime `db:"gone"`
			Flag bool        `db:"flag"`
			Fen  int64       `db:"fen"`
		}
		got, err := db.One[row](t.Context(), d, `SELECT id, at, gone, flag, fen FROM x WHERE flag`)
		if err != nil || !got.At.Equal(at.Truncate(time.Millisecond)) || !got.Gone.IsZero() || !got.Flag || got.Fen != 1<<60 {
			t.Fatalf("%+v %v", got, err)
		}
		if _, err := db.One[string](t.Context(), d, `SELECT id FROM x WHERE id = $1`, "nobody"); !errors.Is(err, db.ErrNone) {
			t.Errorf("no row gives %v", err)
		}
		if _, err := db.All[base](t.Context(), d, `SELECT id, fen FROM x`); err == nil || !strings.Contains(err.Error(), `"fen"`) {
			t.Errorf("a column without a field gives %v", err)
		}
	})
}

func TestInTxKeepsAllOrNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, `CREATE TABLE x (id TEXT PRIMARY KEY)`)
		broken := errors.New("broken")
		var after atomic.Int64
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
					tx.AfterCommit(func() { after.Add(1) })
					if _, err := tx.Exec(ctx, `INSERT INTO x (id) VALUES ($1)`, fmt.Sprint(i)); err != nil {
						return err
					}
					switch i % 5 {
					case 1:
						return broken
					case 2:
						panic("a bug in a closure")
					case 3:
						_, err := tx.Exec(ctx, `INSERT INTO x (id) VALUES ($1)`, fmt.Sprint(i))
						return err
					}
					return nil
				})
				if (err == nil) != (i%5 == 0 || i%5 == 4) || i%5 == 1 && !errors.Is(err, broken) || i%5 == 3 && !db.IsUnique(err) {
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		wg.Wait()
		n, err := db.One[int](t.Context(), d, `SELECT count(*) FROM x`)
		if err != nil || n != 20 || after.Load() != 20 {
			t.Errorf("%d rows, %d hooks, %v; want 20 each", n, after.Load(), err)
		}
	})
}

func TestNestedTransactionsAreRefusedAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.InTx(t.Context(), func(ctx context.Context, _ *db.Tx) error {
			return d.InTx(ctx, func(context.Context, *db.Tx) error { return nil })
		})
		if !errors.Is(err, db.ErrNested) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAGuardRunsUntilOneTransactionHasCommitted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		runs := 0
		ctx := db.WithGuard(t.Context(), func(context.Context, *db.Tx) error { runs++; return nil })
		failed := errors.New("failed")
		for _, want := range []error{failed, nil, nil} {
			if err := d.InTx(ctx, func(context.Context, *db.Tx) error { return want }); !errors.Is(err, want) {
				t.Fatal(err)
			}
		}
		if runs != 2 {
			t.Errorf("the guard ran %d times: it must run again after a failure and not after a commit", runs)
		}
	})
}

func TestACallerWhoLeftIsNotServed(t *testing.T) {
	d := dbtest.SQLite(t)
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if err := d.InTx(ctx, func(context.Context, *db.Tx) error { t.Error("ran"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestSnapshotDoesNotMove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, `CREATE TABLE x (id TEXT PRIMARY KEY)`)
		err := d.Snapshot(t.Context(), func(ctx context.Context, q db.Q) error {
			for range 2 {
				if n, err := db.One[int](ctx, q, `SELECT count(*) FROM x`); err != nil || n != 0 {
					t.Errorf("%d rows, %v", n, err)
				}
				if err := d.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
					_, err := tx.Exec(ctx, `INSERT INTO x (id) VALUES ($1) ON CONFLICT DO NOTHING`, "a")
					return err
				}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestMigrations(t *testing.T) {
	one := fstest.MapFS{
		"0001_a.sql":          {Data: []byte("CREATE TABLE a (id TEXT PRIMARY KEY);")},
		"0002_b.sqlite.sql":   {Data: []byte("CREATE TABLE only_sqlite (id TEXT PRIMARY KEY);")},
		"0002_b.postgres.sql": {Data: []byte("CREATE TABLE only_postgres (id TEXT PRIMARY KEY);")},
	}
	two := fstest.MapFS{"0004_c.sql": {Data: []byte("CREATE TABLE c (id TEXT PRIMARY KEY);")}}
	maps.Copy(two, one)
	late := fstest.MapFS{"0003_late.sql": {Data: []byte("CREATE TABLE late (id TEXT PRIMARY KEY);")}} // made beside 0004, landed after it
	maps.Copy(late, two)
	path := filepath.Join(t.TempDir(), "m.db")
	for _, files := range []fstest.MapFS{one, one, two, late, late} {
		d, err := db.Open(t.Context(), db.Options{Path: path, Migrations: files})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.All[string](t.Context(), d, `SELECT id FROM only_sqlite`); err != nil {
			t.Error(err)
		}
		if _, err := db.All[string](t.Context(), d, `SELECT id FROM late`); (err == nil) != (files["0003_late.sql"] != nil) {
			t.Errorf("the late table with %d files: %v", len(files), err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Open(t.Context(), db.Options{Path: path, Migrations: one}); !errors.Is(err, db.ErrNewer) {
		t.Errorf("a database newer than the program gives %v", err)
	}
}

func TestOneProcessHoldsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.db")
	d, err := db.Open(t.Context(), db.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Open(t.Context(), db.Options{Path: path}); !errors.Is(err, db.ErrInUse) {
		t.Errorf("a second opening gives %v", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.InTx(t.Context(), func(context.Context, *db.Tx) error { return nil }); err == nil {
		t.Error("a closed database takes work")
	}
}

func TestWhere(t *testing.T) {
	var w db.Where
	if w.SQL() != "" || w.Cond() != "1 = 1" {
		t.Error("without conditions")
	}
	w.And("a = ? OR b = ?", 1, 2)
	w.In("c", []string{"x", "y"})
	w.In("d", nil)
	limit := w.Arg(10)
	if got := w.SQL() + " LIMIT " + limit; got != " WHERE (a = $1 OR b = $2) AND (c IN ($3, $4)) AND (1 = 0) LIMIT $5" || len(w.Args()) != 5 {
		t.Errorf("%s %v", got, w.Args())
	}
}
