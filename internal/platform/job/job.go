// Package job runs what must happen again and again: expire grants, prune, send mail.
//
// A job has a period; the tick it runs for is claimed by a row, so that of several processes exactly
// one runs it, without a leader. Work that must follow one event is a reaction, not a job.
package job

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Job is one periodic piece of work.
type Job struct {
	Name  string
	Every time.Duration
	Run   func(ctx context.Context) error
}

// Runner runs jobs until its context ends.
type Runner struct {
	DB    *db.DB
	Clock clock.Clock
	Log   *slog.Logger
	Jobs  []Job
}

// look is how often the runner asks whether a job is due.
const look = time.Second

// Run looks every second which jobs are due, and runs them one after another.
func (r *Runner) Run(ctx context.Context) {
	t := time.NewTicker(look)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			r.Tick(ctx)
		}
	}
}

// Tick runs the jobs whose tick has begun and is not taken.
func (r *Runner) Tick(ctx context.Context) {
	for _, j := range r.Jobs {
		mine, err := r.claim(ctx, j)
		if err == nil && mine {
			err = r.run(ctx, j)
		}
		if err != nil && ctx.Err() == nil {
			r.Log.ErrorContext(ctx, "job failed", "job", j.Name, "err", err)
		}
	}
}

// claim takes the present tick of j; it reads first, since most looks find nothing to do.
func (r *Runner) claim(ctx context.Context, j Job) (mine bool, err error) {
	now := r.Clock.Now()
	tick := strconv.FormatInt(now.UnixNano()/int64(j.Every), 10)
	n, err := db.One[int](ctx, r.DB, `SELECT count(*) FROM job_run WHERE name = $1 AND period = $2`, j.Name, tick)
	if err != nil || n == 1 {
		return false, err
	}
	err = r.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO job_run (name, period, at, failure) VALUES ($1, $2, $3, '')
			ON CONFLICT (name) DO UPDATE SET period = excluded.period, at = excluded.at WHERE job_run.period <> excluded.period`, j.Name, tick, db.At(now))
		mine = n == 1
		return err
	})
	return mine, err
}

// run runs j and notes how it ended.
func (r *Runner) run(ctx context.Context, j Job) error {
	ctx = audit.WithActor(ctx, audit.System("job:"+j.Name))
	failure := ""
	err := j.Run(ctx)
	if err != nil {
		failure = err.Error()
	}
	note := r.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE job_run SET failure = $1 WHERE name = $2`, failure, j.Name)
		return err
	})
	if err != nil {
		return fmt.Errorf("run %s: %w", j.Name, err)
	}
	return note
}
