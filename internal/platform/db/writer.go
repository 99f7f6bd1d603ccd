package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// maxGroup bounds how many closures share one commit.
const maxGroup = 256

// writer is SQLite's one writer. It takes the closures that wait, never waits for more, runs each
// as a savepoint and commits them together.
type writer struct {
	conn   *sql.Conn
	stmts  stmtCache
	group  int
	in     chan *work
	gone   chan struct{} // closed by stop
	ended  chan struct{} // closed when the loop has ended
	ending sync.Once
}

type work struct {
	ctx  context.Context
	fn   func(ctx context.Context, tx *Tx) error
	tx   *Tx
	err  error
	done chan struct{}
}

var errClosed = errors.New("db: the database is closed")

func startWriter(ctx context.Context, w *sql.DB, grouped bool) (*writer, error) {
	conn, err := w.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("take the writing connection: %w", err)
	}
	wr := &writer{conn: conn, group: 1, in: make(chan *work, maxGroup), gone: make(chan struct{}), ended: make(chan struct{})}
	if grouped {
		wr.group = maxGroup
	}
	go wr.loop()
	return wr, nil
}

// do hands fn to the writer and waits until it is durable or has failed. A caller whose context
// ends while waiting in the queue is not run; one whose closure has started waits for the outcome.
func (w *writer) do(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) (*Tx, error) {
	job := &work{ctx: ctx, fn: fn, done: make(chan struct{})}
	select {
	case w.in <- job:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-w.gone:
		return nil, errClosed
	}
	select {
	case <-job.done:
	case <-w.ended:
		select { // the loop may have finished it on its way out
		case <-job.done:
		default:
			return nil, errClosed
		}
	}
	return job.tx, job.err
}

func (w *writer) stop() {
	w.ending.Do(func() { close(w.gone) })
	<-w.ended
}

func (w *writer) loop() {
	defer close(w.ended)
	defer func() { _ = w.conn.Close() }() // the pool is closed next and reports its own error
	for {
		select {
		case job := <-w.in:
			w.commit(w.gather(job))
		case <-w.gone:
			for { // those who were let in are served
				select {
				case job := <-w.in:
					w.commit(w.gather(job))
				default:
					return
				}
			}
		}
	}
}

// gather takes what is waiting, never waits for more.
func (w *writer) gather(first *work) []*work {
	batch := []*work{first}
	for len(batch) < w.group {
		select {
		case job := <-w.in:
			batch = append(batch, job)
		default:
			return batch
		}
	}
	return batch
}

// commit runs the batch in one physical transaction. When the transaction itself breaks, nothing
// of it is kept, and each closure is run again alone.
func (w *writer) commit(batch []*work) {
	err := w.run(batch)
	if err != nil && len(batch) > 1 {
		for _, job := range batch {
			w.commit([]*work{job})
		}
		return
	}
	for _, job := range batch {
		if err != nil && job.err == nil {
			job.err = err
		}
		close(job.done)
	}
}

func (w *writer) run(batch []*work) (err error) {
	ctx := context.Background()
	if err := w.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if err != nil {
			_ = w.exec(ctx, "ROLLBACK") // SQLite may have rolled back already
		}
	}()
	for _, job := range batch {
		if job.err = context.Cause(job.ctx); job.err != nil {
			continue // the caller has gone
		}
		if err := w.savepoint(ctx, job); err != nil {
			return err
		}
	}
	if err := w.exec(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// savepoint runs one closure; the error returned is of the whole transaction, the closure's own is in job.
func (w *writer) savepoint(ctx context.Context, job *work) error {
	if err := w.exec(ctx, "SAVEPOINT closure"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	job.tx = &Tx{engine: SQLite, exec: w.execArgs, query: w.query}
	if job.err = protect(job.ctx, job.tx, job.fn); job.err != nil {
		if err := w.exec(ctx, "ROLLBACK TO closure"); err != nil {
			return fmt.Errorf("roll back a closure: %w", err)
		}
	}
	if err := w.exec(ctx, "RELEASE closure"); err != nil {
		return fmt.Errorf("release a closure: %w", err)
	}
	return nil
}

func (w *writer) exec(ctx context.Context, query string) error {
	_, err := w.execArgs(ctx, query)
	return err
}

// execArgs and query never pass on a caller's cancellation: an interrupted statement would make
// SQLite roll back the whole group.
func (w *writer) execArgs(ctx context.Context, query string, args ...any) (sql.Result, error) {
	ctx = context.WithoutCancel(ctx)
	st, err := w.stmts.get(ctx, w.conn, query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}

func (w *writer) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	ctx = context.WithoutCancel(ctx)
	st, err := w.stmts.get(ctx, w.conn, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}
