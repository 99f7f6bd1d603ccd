package app

import (
	"context"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/job"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/web"
)

// How long things that move no money are kept (web keys: decisions of the API; events: until long
// after every reader has passed).
const (
	keepRequests = 30 * 24 * time.Hour
	keepEvents   = 90 * 24 * time.Hour
)

// jobs lists every periodic job.
func (a *App) jobs() []job.Job {
	return []job.Job{
		{Name: "send-messages", Every: 5 * time.Second, Run: a.message.Courier},
		{Name: "expire-grants", Every: time.Hour, Run: func(ctx context.Context) error {
			return a.voucher.ExpireGrants(ctx, clock.Day(a.clock.Now()))
		}},
		{Name: "open-statements", Every: 10 * time.Minute, Run: a.settle.Sweep},
		{Name: "harvest", Every: 5 * time.Second, Run: a.exchange.Courier},
		{Name: "report-national", Every: 10 * time.Second, Run: a.exchange.PostCourier},
		{Name: "equip-instruments", Every: 10 * time.Minute, Run: a.onsite.Equip},
		{Name: "serve-queues", Every: 10 * time.Second, Run: a.waiting.Sweep},
		{Name: "close-upkeep", Every: time.Hour, Run: a.booking.Maintain},
		{Name: "sweep-sessions", Every: time.Minute, Run: a.onsite.Sweep},
		{Name: "remind", Every: time.Minute, Run: a.remind.Remind},
		{Name: "count-usage", Every: 24 * time.Hour, Run: a.usage.Count},
		{Name: "end-visits", Every: time.Minute, Run: a.observe.Sweep},
		{Name: "tell-campus", Every: time.Second, Run: a.campus.Courier},
		{Name: "fetch-campus", Every: 5 * time.Second, Run: a.campus.Fetcher},
		{Name: "settle-campus", Every: 10 * time.Second, Run: a.campus.Settle},
		{Name: "prune-campus", Every: 24 * time.Hour, Run: a.campus.Prune},
		{Name: "sweep-campus", Every: 30 * time.Second, Run: a.campus.Sweep},
		{Name: "remind-samples", Every: time.Hour, Run: a.sample.Remind},
		{Name: "remind-papers", Every: time.Hour, Run: a.gate.Remind},
		{Name: "provider-daily", Every: time.Hour, Run: a.provider.Daily},
		{Name: "find-duplicates", Every: 2 * time.Second, Run: a.duplicate.Follow},
		{Name: "compare-all", Every: 5 * time.Second, Run: a.duplicate.Background},
		{Name: "learn-names", Every: 24 * time.Hour, Run: a.duplicate.LearnAll},
		{Name: "wake-duplicates", Every: time.Hour, Run: a.duplicate.Wake},
		{Name: "look-again", Every: 24 * time.Hour, Run: a.scrutiny.Sweep},
		{Name: "end-sanctions", Every: time.Hour, Run: a.scrutiny.End},
		{Name: "match-rosters", Every: 24 * time.Hour, Run: a.roster.Retry},
		{Name: "turn-records", Every: time.Minute, Run: a.catalogue.Turn},
		{Name: "remind-owners", Every: 24 * time.Hour, Run: a.catalogue.Remind},
		{Name: "prune-sign-ins", Every: time.Hour, Run: a.identity.Prune},
		{Name: "prune-requests", Every: 24 * time.Hour, Run: a.inTx(func(ctx context.Context, tx *db.Tx) error {
			_, err := web.Prune(ctx, tx, a.clock.Now().Add(-keepRequests))
			return err
		})},
		{Name: "prune-events", Every: 24 * time.Hour, Run: a.inTx(func(ctx context.Context, tx *db.Tx) error {
			_, err := outbox.Prune(ctx, tx, a.clock.Now().Add(-keepEvents))
			return err
		})},
		{Name: "look-ahead", Every: time.Minute, Run: a.stats.Look},
		{Name: "keep-stocks", Every: 24 * time.Hour, Run: a.stats.Snapshot},
		{Name: "tell-of-finds", Every: time.Minute, Run: a.find.Tell},
		{Name: "write-journal", Every: 10 * time.Second, Run: a.find.Flush},
		{Name: "find-synonyms", Every: 24 * time.Hour, Run: a.find.Discover},
		{Name: "save-index", Every: time.Minute, Run: a.saveIndex},
	}
}

func (a *App) inTx(fn func(ctx context.Context, tx *db.Tx) error) func(context.Context) error {
	return func(ctx context.Context) error { return a.db.InTx(ctx, fn) }
}

// Background runs the outbox, the jobs and the followers of the change feed until ctx ends.
func (a *App) Background(ctx context.Context) {
	jobs := job.Runner{DB: a.db, Clock: a.clock, Log: a.log, Jobs: a.jobs()}
	done := make(chan struct{})
	go func() { defer close(done); jobs.Run(ctx) }()
	follow := make(chan struct{})
	go func() { defer close(follow); a.followIndex(ctx) }()
	train := make(chan struct{})
	go func() { defer close(train); a.trainVectors(ctx) }()
	door := make(chan struct{})
	go func() { defer close(door); a.observe.Work(ctx) }()
	work := make(chan struct{})
	go func() { defer close(work); a.importing.Work(ctx, a.log) }()
	a.bus.Run(ctx, 100*time.Millisecond, func(err error) { a.log.ErrorContext(ctx, "deliver events", "err", err) })
	<-done
	<-follow
	<-train
	<-work
	<-door
}
