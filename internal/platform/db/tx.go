package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Tx is one running closure of InTx.
type Tx struct {
	engine Engine
	exec   func(ctx context.Context, query string, args ...any) (sql.Result, error)
	query  func(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	after  []func()
}

// Engine tells which database is underneath.
func (t *Tx) Engine() Engine { return t.engine }

// Query reads inside the transaction.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.query(ctx, query, args...)
}

// Exec runs a statement and tells how many rows it changed.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := t.exec(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// AfterCommit runs fn once the transaction is durable; not at all when it is not.
func (t *Tx) AfterCommit(fn func()) { t.after = append(t.after, fn) }

type inTx struct{}

// Guard runs at the beginning of the first transaction that a context's request makes; see WithGuard.
type Guard func(ctx context.Context, tx *Tx) error

type guardKey struct{}

type guardState struct {
	run  Guard
	done bool // set when a transaction that ran it has committed
}

// WithGuard gives every InTx under the returned context the guard g, until one of them has
// committed. The web layer uses it to make one idempotency key have one effect.
func WithGuard(ctx context.Context, g Guard) context.Context {
	return context.WithValue(ctx, guardKey{}, &guardState{run: g})
}

// InTx runs fn in one write transaction: all of it becomes durable, or none. It is retried when the
// database asks for that, so fn must touch only the database. fn's context knows that it is inside.
func (d *DB) InTx(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	if ctx.Value(inTx{}) != nil {
		return ErrNested
	}
	g, _ := ctx.Value(guardKey{}).(*guardState)
	body := fn
	if g != nil && !g.done {
		body = func(ctx context.Context, tx *Tx) error {
			if err := g.run(ctx, tx); err != nil {
				return err
			}
			return fn(ctx, tx)
		}
	}
	inside := context.WithValue(ctx, inTx{}, true)
	for try := 0; ; try++ {
		var tx *Tx
		var err error
		if d.engine == SQLite {
			tx, err = d.writer.do(inside, body)
		} else {
			tx, err = d.runPostgres(inside, body)
		}
		if err == nil {
			if g != nil {
				g.done = true
			}
			for _, f := range tx.after {
				f()
			}
			return nil
		}
		if try == 9 || !retryable(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Duration(rand.IntN(1<<min(try, 6))+1) * time.Millisecond):
		}
	}
}

// runPostgres runs one closure in its own transaction. A COMMIT under way is never cancelled: with
// synchronous replicas a cancelled COMMIT stays visible here and may vanish at a failover.
func (d *DB) runPostgres(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) (*Tx, error) {
	t, err := d.write.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = t.Rollback() }() // after a commit this does nothing
	tx := &Tx{engine: Postgres, exec: t.ExecContext, query: t.QueryContext}
	if err := protect(ctx, tx, fn); err != nil {
		return nil, err
	}
	if err := t.Commit(); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	return tx, nil
}

// protect turns a panic of fn into an error, so that the transaction ends and others go on.
func protect(ctx context.Context, tx *Tx, fn func(ctx context.Context, tx *Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("db: panic in a transaction: %v", p)
		}
	}()
	return fn(ctx, tx)
}

func retryable(err error) bool {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return pe.Code == "40001" || pe.Code == "40P01"
	}
	var se *sqlite.Error
	if errors.As(err, &se) {
		code := se.Code() & 0xff
		return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED
	}
	return false
}
