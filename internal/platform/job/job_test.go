package job

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

func TestEachTickRunsOnceInAllProcesses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := clock.NewFake(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC))
		var runs atomic.Int64
		newRunner := func() *Runner {
			return &Runner{DB: d, Clock: c, Log: slog.New(slog.DiscardHandler), Jobs: []Job{
				{"count", time.Hour, func(context.Context) error { runs.Add(1); return nil }},
				{"fail", time.Hour, func(context.Context) error { return errors.New("no mail server") }},
			}}
		}
		a, b := newRunner(), newRunner()
		for range 3 {
			for range 2 {
				a.Tick(t.Context())
				b.Tick(t.Context())
			}
			c.Advance(time.Hour)
		}
		if runs.Load() != 3 {
			t.Errorf("%d runs in 3 ticks", runs.Load())
		}
		if f, err := db.One[string](t.Context(), d, `SELECT failure FROM job_run WHERE name = 'fail'`); err != nil || f != "no mail server" {
			t.Error(f, err)
		}
	})
}
