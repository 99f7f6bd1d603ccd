package importing

import (
	"context"
	"errors"
	"io"
	"slices"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const (
	batchSize  = 300    // resources in one transaction
	windowSize = 2000   // resources held back, in case rows of other price options belong to them
	maxKept    = 20_000 // rejected rows that are kept for mending; more are counted
)

// errStopped ends a run whose import is no longer running.
var errStopped = errors.New("the import was stopped")

// run takes the rows of one import in.
type run struct {
	service  *Service
	report   *Report
	reader   *reader
	table    *table
	progress func(done, total int)
	written  bool // the import has its row in the database

	after   int64     // rows up to here are in already
	rejects []*reject // not written yet
	kept    int64     // rejected rows written
}

// all reads the file to its end.
func (w *run) all(ctx context.Context) error {
	for {
		row, err := w.table.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if bad := w.reader.take(row); bad != nil {
			w.reject(bad)
		}
		for len(w.reader.queue) >= windowSize+batchSize || len(w.rejects) >= 2*windowSize {
			if err := w.flush(ctx, w.reader.hand(batchSize), w.before()); err != nil {
				return err
			}
		}
	}
	for len(w.reader.queue) > batchSize {
		if err := w.flush(ctx, w.reader.hand(batchSize), w.before()); err != nil {
			return err
		}
	}
	if err := w.flush(ctx, w.reader.hand(batchSize), last); err != nil {
		return err
	}
	if w.report.Total == 0 {
		return fault.New(fault.Invalid, "no-rows", "文件“{0}”只有列标题，没有数据行。", w.report.Name)
	}
	return nil
}

// last is beyond every row.
const last = int64(1) << 40

// before is the row before the first that still waits: all before it are done with.
func (w *run) before() int64 {
	if len(w.reader.queue) > 0 {
		return w.reader.queue[0].rows[0] - 1
	}
	return last
}

func (w *run) reject(bad *reject) {
	if bad.row > w.after {
		w.rejects = append(w.rejects, bad)
	}
}

// flush takes items in and writes what is known of the rows up to one.
func (w *run) flush(ctx context.Context, items []*item, upTo int64) error {
	items = slices.DeleteFunc(items, func(it *item) bool { return it.rows[0] <= w.after })
	incoming := make([]catalogue.Incoming, len(items))
	for i, it := range items {
		incoming[i] = it.Incoming
	}
	if len(items) == 0 && len(w.rejects) == 0 && upTo != last {
		return nil
	}
	next := *w.report
	var rejects, later []*reject
	do := func(ctx context.Context, q db.Q, tx *db.Tx) error {
		next = *w.report
		rejects, later = nil, nil
		did, err := w.put(ctx, q, tx, incoming)
		if err != nil {
			return err
		}
		for _, bad := range w.rejects {
			if bad.row <= upTo {
				rejects = append(rejects, bad)
			} else {
				later = append(later, bad)
			}
		}
		for i, o := range did {
			rejects = append(rejects, next.count(w.reader, items[i], o)...)
		}
		slices.SortStableFunc(rejects, func(a, b *reject) int { return int(a.row - b.row) })
		next.Rejected += int64(len(rejects))
		next.Total = next.Accepted + next.Updated + next.Unchanged + next.Rejected
		if upTo != last {
			next.Reached = upTo
			next.Expected = w.expected(next.Total)
		}
		return w.save(ctx, tx, next, rejects)
	}
	if err := w.once(ctx, do); err != nil {
		return err
	}
	for _, bad := range rejects {
		if next.Errors = append(next.Errors, bad.errors...); len(next.Errors) > maxErrors {
			next.Errors = next.Errors[:maxErrors]
		}
	}
	w.kept = min(maxKept, w.kept+int64(len(rejects)))
	*w.report, w.rejects = next, later
	if w.progress != nil {
		w.progress(int(next.Total), int(next.Expected))
	}
	return nil
}

// once runs do in a transaction, or for a trial that is not written anywhere yet outside of one.
func (w *run) once(ctx context.Context, do func(ctx context.Context, q db.Q, tx *db.Tx) error) error {
	if !w.written {
		return do(ctx, w.service.DB, nil)
	}
	return w.service.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return do(ctx, tx, tx) })
}

func (w *run) put(ctx context.Context, q db.Q, tx *db.Tx, batch []catalogue.Incoming) ([]catalogue.Outcome, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	r := w.report
	in := catalogue.Intake{Org: r.Org, Source: r.Source, Licence: r.Licence, RetrievedOn: r.RetrievedOn, Cause: r.ID, Trusted: true, Checked: true}
	sub := identity.Subject{Person: r.subject.Person, Org: r.subject.Org}
	if r.DryRun {
		return w.service.Catalogue.Foresee(ctx, sub, q, in, batch)
	}
	return w.service.Catalogue.TakeIn(ctx, sub, tx, in, batch)
}

// count adds what became of an item; refused rows come back.
func (r *Report) count(rd *reader, it *item, o catalogue.Outcome) []*reject {
	rows := int64(len(it.rows))
	switch o.Did {
	case catalogue.Added:
		r.Accepted += rows
	case catalogue.Updated:
		r.Updated += rows
	case catalogue.Unchanged:
		r.Unchanged += rows
	case catalogue.Refused:
		out := make([]*reject, rows)
		for i := range out {
			out[i] = &reject{row: it.rows[i], nth: it.nth[i], cells: it.cells[i]}
			for _, p := range o.Problems {
				out[i].errors = append(out[i].errors, RowError{Row: it.rows[i], Column: rd.heading(p.Field), Code: p.Code, Text: p.Text, Args: p.Args})
			}
		}
		return out
	}
	return nil
}

// save writes the progress and the rejected rows.
func (w *run) save(ctx context.Context, tx *db.Tx, next Report, rejects []*reject) error {
	if tx == nil {
		return nil
	}
	going, err := advance(ctx, tx, next, w.service.lease())
	if err != nil {
		return err
	}
	if !going {
		return errStopped
	}
	return insertRejects(ctx, tx, next.ID, rejects[:min(int64(len(rejects)), maxKept-min(maxKept, w.kept))])
}

// expected is how many rows the whole file may have.
func (w *run) expected(done int64) int64 {
	if share := w.table.share(); share > 0 && share <= 1 {
		return int64(float64(done+int64(len(w.reader.queue))) / share)
	}
	return 0
}

// end writes how the import came out; the request's own guard runs with it.
func (w *run) end(ctx context.Context, cause error) error {
	r := w.report
	if errors.Is(cause, errStopped) {
		now, err := getImport(ctx, w.service.DB, r.ID)
		r.Status = now.Status
		return err
	}
	f := fault.Of(cause)
	if cause != nil && f == nil {
		return cause
	}
	to := StatusDone
	if r.Expected = r.Total; f != nil {
		to, r.Failure = StatusFailed, sentence(f)
	}
	r.EndedAt = db.At(w.service.Clock.Now())
	err := w.service.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if w.written {
			if _, err := advance(ctx, tx, *r, db.Time{}); err != nil {
				return err
			}
			if _, err := move(ctx, tx, r.ID, StatusRunning, to, r.Failure, r.EndedAt); err != nil {
				return err
			}
		} else {
			done := *r
			done.Status = to
			if err := insertImport(ctx, tx, done, db.Time{}); err != nil {
				return err
			}
			if err := insertRejects(ctx, tx, r.ID, trialRejects(r.Errors)); err != nil {
				return err
			}
		}
		return w.service.record(ctx, tx, *r, StatusRunning, to)
	})
	if err == nil {
		r.Status = to
	}
	return err
}

// trialRejects are the rows of a trial that was made in one go: their cells stand in the file.
func trialRejects(errs []RowError) []*reject {
	var out []*reject
	for _, e := range errs {
		if len(out) == 0 || out[len(out)-1].row != e.Row {
			out = append(out, &reject{row: e.Row, cells: []string{}})
		}
		out[len(out)-1].errors = append(out[len(out)-1].errors, e)
	}
	return out
}

// sentence is a fault's text with its arguments, as it is kept.
func sentence(f *fault.Error) string { return f.Error() }

// actorOf puts the person of an import into the audit of what a worker does for it.
func actorOf(ctx context.Context, r Report) context.Context {
	return audit.WithActor(ctx, audit.Actor{Person: r.subject.Person, Org: r.subject.Org, Cause: "job:import"})
}
