package importing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// call wakes the worker.
func (s *Service) call() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Work goes on with the imports that run without anybody waiting for them, and with those that were cut off, until ctx ends.
func (s *Service) Work(ctx context.Context, log *slog.Logger) {
	t := time.NewTicker(5 * time.Second)
	defer t.Stop()
	for {
		if err := s.GoOn(ctx); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "go on with imports", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		case <-s.wake:
		}
	}
}

// GoOn works on every running import that nobody works on.
func (s *Service) GoOn(ctx context.Context) error {
	ids, err := abandoned(ctx, s.DB, db.At(s.Clock.Now()))
	if err != nil {
		return err
	}
	var all error
	for _, x := range ids {
		if err := s.Continue(ctx, x, nil); err != nil {
			all = errors.Join(all, fmt.Errorf("import %s: %w", x, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(all, s.goOnUndoing(ctx))
}

// Continue goes on with a running import where it stood; one that somebody else works on is left alone.
func (s *Service) Continue(ctx context.Context, importID string, progress func(done, total int)) error {
	mine := false
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		mine, err = claim(ctx, tx, importID, db.At(s.Clock.Now()), s.lease())
		return err
	})
	if err != nil || !mine {
		return err
	}
	r, err := getImport(ctx, s.DB, importID)
	if err != nil {
		return fmt.Errorf("read import %s: %w", importID, err)
	}
	ctx = actorOf(ctx, r)
	w := &run{service: s, report: &r, progress: progress, written: true, after: r.Reached}
	if w.kept, err = countRejects(ctx, s.DB, importID); err != nil {
		return err
	}
	err = s.walk(ctx, w)
	if ctx.Err() != nil { // the program ends: whoever comes next goes on
		return s.release(context.WithoutCancel(ctx), importID)
	}
	return w.end(ctx, err)
}

// walk opens the file of a run and reads it to its end.
func (s *Service) walk(ctx context.Context, w *run) (err error) {
	f, err := s.open(ctx, w.report.SHA256)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.done()) }()
	if w.table, err = s.readPlanned(ctx, w.report.Org, w.report.Name, formatOf(w.report.Format), f, w.report.plan); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.table.close()) }()
	l := byPlan(w.table.headings, w.report.plan)
	l.format = w.report.Format
	w.reader = newReader(s.kinds, l)
	return w.all(ctx)
}

// release lets go of an import at the end of the program.
func (s *Service) release(ctx context.Context, importID string) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE catalogue_import SET lease_until = $2 WHERE id = $1 AND status = 'running'`, importID, db.Time{})
		return err
	})
}

// Do moves an import by a verb of Table that a person may use: cancel, resume.
func (s *Service) Do(ctx context.Context, sub identity.Subject, importID, verb string) (Report, error) {
	r, err := s.Report(ctx, sub, importID)
	if err != nil {
		return r, err
	}
	step, err := Table.Next(r.Status, verb)
	if err != nil {
		return r, err
	}
	if verb != "cancel" && verb != "resume" {
		return r, fault.New(fault.NotFound, "verb-unknown", "没有“{0}”这项操作。", verb)
	}
	if r.Undo != nil {
		return r, errUndone()
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		ended := db.Time{}
		if verb == "cancel" {
			ended = db.At(s.Clock.Now())
		}
		ok, err := move(ctx, tx, r.ID, step.From, step.To, "", ended)
		if err != nil {
			return err
		}
		if !ok {
			_, err := Table.Next("", verb) // somebody else was faster
			return err
		}
		return s.record(ctx, tx, r, step.From, step.To)
	})
	if err != nil {
		return r, err
	}
	r.Status = step.To
	s.call()
	return r, nil
}
