package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// stale is when a harvest without a sign of life is taken over: its process has ended.
const stale = 10 * time.Minute

// Start begins a harvest of a source by hand.
func (s *Service) Start(ctx context.Context, sub identity.Subject, source string) (Run, error) {
	if err := s.Policy.Can(sub, "exchange.operate", identity.Object{}); err != nil {
		return Run{}, err
	}
	var run Run
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		src, err := getSource(ctx, tx, source)
		if err != nil {
			return err
		}
		last, err := listRuns(ctx, tx, source, 1)
		if err != nil {
			return err
		}
		if len(last) == 1 && last[0].Busy() {
			return fault.New(fault.Conflict, "harvest-running", "这个来源正在收录，请等它结束或先停止。")
		}
		run = s.newRun(src, sub.Person)
		return s.begin(ctx, tx, src, run)
	})
	return run, err
}

// begin writes a new harvest, and when the next by schedule is due.
func (s *Service) begin(ctx context.Context, tx *db.Tx, src Source, run Run) error {
	if err := insertRun(ctx, tx, run); err != nil {
		return err
	}
	if src.Hours > 0 {
		src.Due = db.NullAt(s.Clock.Now().Add(time.Duration(src.Hours) * time.Hour))
	}
	if err := updateSource(ctx, tx, src); err != nil {
		return err
	}
	return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "harvest.start", Kind: "harvest", ID: run.ID, To: RunRunning, Data: src.ID})
}

// Do moves a harvest by hand: stop, resume or undo.
func (s *Service) Do(ctx context.Context, sub identity.Subject, run, verb string) (Run, error) {
	if err := s.Policy.Can(sub, "exchange.operate", identity.Object{}); err != nil {
		return Run{}, err
	}
	var r Run
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if r, err = getRun(ctx, tx, run); err != nil {
			return err
		}
		step, err := RunTable.Next(r.State, verb)
		if err != nil {
			return err
		}
		if err := s.mustBeNewest(ctx, tx, r); err != nil {
			return err
		}
		from := r.State
		r.State, r.Failure, r.Detail, r.EndedAt = step.To, "", "", db.NullTime{}
		if verb != "stop" { // the courier takes it up at once
			r.MovedAt = db.Time{}
		}
		ok, err := moveRun(ctx, tx, r, from)
		if err == nil && !ok {
			err = fault.New(fault.Conflict, "harvest-moved", "这次收录的状态刚刚变了，请刷新页面再看。")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "harvest." + verb, Kind: "harvest", ID: r.ID, From: from, To: r.State})
	})
	return r, err
}

// mustBeNewest lets only the last harvest of a source be moved: a later one stands on what the earlier did.
func (s *Service) mustBeNewest(ctx context.Context, q db.Q, r Run) error {
	runs, err := listRuns(ctx, q, r.Source, 20)
	if err != nil {
		return err
	}
	for _, o := range runs {
		if o.ID == r.ID {
			return nil
		}
		if o.State != RunUndone {
			break
		}
	}
	return fault.New(fault.Conflict, "not-newest", "这之后又收录过。请先从最近的一次起撤销。")
}

// Work moves every harvest that is due or under way, one after another, until nothing is left to do now.
func (s *Service) Work(ctx context.Context) error {
	if err := s.schedule(ctx); err != nil {
		return err
	}
	runs, err := openRuns(ctx, s.DB)
	if err != nil {
		return err
	}
	for _, r := range runs {
		if err := s.workOn(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// Courier is Work beside the caller: a long harvest holds up nobody.
func (s *Service) Courier(ctx context.Context) error {
	if err := s.schedule(ctx); err != nil {
		return err
	}
	runs, err := openRuns(ctx, s.DB)
	if err != nil {
		return err
	}
	for _, r := range runs {
		go func() { _ = s.workOn(ctx, r) }() // what went wrong stands in the run; a database that is gone is told by the next job
	}
	return nil
}

// schedule begins what is due.
func (s *Service) schedule(ctx context.Context) error {
	due, err := dueSources(ctx, s.DB, db.At(s.Clock.Now()))
	if err != nil {
		return err
	}
	for _, src := range due {
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			fresh, err := getSource(ctx, tx, src.ID)
			if err != nil || fresh.Due != src.Due { // another process was faster
				return err
			}
			return s.begin(ctx, tx, fresh, s.newRun(fresh, ""))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// workOn moves one harvest, if nobody else does.
func (s *Service) workOn(ctx context.Context, r Run) error {
	if _, busy := s.running.LoadOrStore(r.ID, struct{}{}); busy {
		return nil
	}
	defer s.running.Delete(r.ID)
	now := s.Clock.Now()
	if !r.MovedAt.IsZero() && now.Sub(r.MovedAt.Time) < stale { // another process is at it
		return nil
	}
	mine := false
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		mine, err = claimRun(ctx, tx, r.ID, r.MovedAt, db.At(now))
		return err
	})
	if err != nil || !mine {
		return err
	}
	src, err := getSource(ctx, s.DB, r.Source)
	if err != nil {
		return err
	}
	if r.State == RunUndoing {
		return s.undo(ctx, src, r)
	}
	return s.harvest(ctx, src, r)
}

// keep writes what a page brought.
func (s *Service) keep(ctx context.Context, run *Run, t tally) error {
	run.Pages++
	run.Added, run.Updated, run.Unchanged = run.Added+t.added, run.Updated+t.updated, run.Unchanged+t.unchanged
	run.Removed, run.Refused, run.Own = run.Removed+t.removed, run.Refused+t.refused, run.Own+t.own
	run.MovedAt = db.At(s.Clock.Now())
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return errors.Join(keepRun(ctx, tx, *run), insertFaults(ctx, tx, run.ID, t.faults))
	})
}

// finish ends a harvest; after a whole one the next begins where it began to be answered.
func (s *Service) finish(ctx context.Context, src Source, run Run, verb, code, detail string) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := getRun(ctx, tx, run.ID)
		if err != nil {
			return err
		}
		step, err := RunTable.Next(now.State, verb)
		if err != nil {
			return err
		}
		from := now.State
		now.State, now.Failure, now.Detail, now.MovedAt, now.EndedAt = step.To, code, detail, db.At(s.Clock.Now()), db.NullAt(s.Clock.Now())
		if _, err := moveRun(ctx, tx, now, from); err != nil {
			return err
		}
		if since := nextSince(run.Answered); now.State == RunDone && since != "" {
			fresh, err := getSource(ctx, tx, src.ID)
			if err != nil {
				return err
			}
			fresh.Since = since
			if err := updateSource(ctx, tx, fresh); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "harvest." + verb, Kind: "harvest", ID: run.ID, From: from, To: now.State})
	})
}

// undoBatch is how many effects one transaction undoes.
const undoBatch = 200

// undo takes back what a harvest did, the last first: what it made is withdrawn, what it changed is as before. What has
// been changed since by somebody else stays as it is and is listed. The source is paused, so that the schedule does not
// bring everything back.
func (s *Service) undo(ctx context.Context, src Source, run Run) error {
	for {
		list, err := lastEffects(ctx, s.DB, run.ID, undoBatch)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			break
		}
		err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			var kept []Fault
			for _, e := range list {
				done, err := s.undoOne(ctx, tx, src, e)
				if err != nil {
					return err
				}
				if !done {
					kept = append(kept, Fault{Identifier: e.Identifier, Code: "changed-since", Text: "收录之后又有人修改过这项资源，没有撤销。"})
				}
			}
			run.MovedAt = db.At(s.Clock.Now())
			return errors.Join(insertFaults(ctx, tx, run.ID, kept), deleteEffectsFrom(ctx, tx, run.ID, list[len(list)-1].Position), keepRun(ctx, tx, run))
		})
		if err != nil {
			return err
		}
	}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		fresh, err := getSource(ctx, tx, src.ID)
		if err != nil {
			return err
		}
		fresh.Active, fresh.Since = false, run.Since
		return updateSource(ctx, tx, fresh)
	})
	if err != nil {
		return err
	}
	return s.finish(ctx, src, run, "finish", "", "")
}

func (s *Service) undoOne(ctx context.Context, tx *db.Tx, src Source, e effect) (bool, error) {
	var was image
	if err := json.Unmarshal([]byte(e.Before), &was); err != nil {
		return false, fmt.Errorf("read what was before: %w", err)
	}
	r := catalogue.Resource{ID: e.Resource}
	if was.Resource != nil {
		r = *was.Resource
		kinds.Normal(r.Fields)
	}
	done, err := s.Catalogue.PutBack(ctx, identity.Subject{}, tx, r, e.Revision, e.Run)
	if err != nil || !done {
		return done, err
	}
	row := taken{Source: src.ID, Identifier: e.Identifier, Resource: e.Resource, Deleted: true}
	if was.Taken != nil {
		row = *was.Taken
	} else { // it was withdrawn by us: the next harvest may bring it back
		have, err := takenOf(ctx, tx, src.ID, []arriving{{identifier: e.Identifier}})
		if err != nil {
			return false, err
		}
		row = have[e.Identifier]
		row.Deleted, row.Digest = true, ""
	}
	return true, putTaken(ctx, tx, []taken{row})
}
