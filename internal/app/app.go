package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync/atomic"

	"qiao/internal/agenda"
	"qiao/internal/behalf"
	"qiao/internal/booking"
	"qiao/internal/campus"
	"qiao/internal/catalogue"
	"qiao/internal/catalogue/importing"
	"qiao/internal/contract"
	"qiao/internal/demo"
	"qiao/internal/duplicate"
	"qiao/internal/exchange"
	"qiao/internal/expert"
	"qiao/internal/facts"
	"qiao/internal/find"
	"qiao/internal/fund"
	"qiao/internal/gate"
	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/match"
	"qiao/internal/message"
	"qiao/internal/milestone"
	"qiao/internal/observe"
	"qiao/internal/onsite"
	"qiao/internal/order"
	"qiao/internal/paper"
	"qiao/internal/payout"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/config"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/seal"
	"qiao/internal/platform/textindex"
	"qiao/internal/platform/ui/assets"
	"qiao/internal/platform/web"
	"qiao/internal/platform/workday"
	"qiao/internal/policy"
	"qiao/internal/pricing"
	"qiao/internal/provider"
	"qiao/internal/quote"
	"qiao/internal/record"
	"qiao/internal/remind"
	"qiao/internal/review"
	"qiao/internal/roster"
	"qiao/internal/sample"
	"qiao/internal/scrutiny"
	"qiao/internal/series"
	"qiao/internal/settle"
	"qiao/internal/stats"
	"qiao/internal/talk"
	"qiao/internal/usage"
	"qiao/internal/voucher"
	"qiao/internal/voucher/editor"
	"qiao/internal/voucher/reward"
	"qiao/internal/waiting"
	"qiao/migrations"
)

// Options are what tests and commands change of an App beside its configuration.
type Options struct {
	Log         *slog.Logger
	Clock       clock.Clock                        // nil: the machine's
	Progress    func(step string, done, total int) // long work at the start; nil: silent
	AllowUnsafe bool                               // tests only: a PostgreSQL without fsync
	Ungrouped   bool                               // measurements only: one commit a closure on SQLite
	Passwords   identity.PasswordCost              // zero: the default; tests take a cheap one
}

// App is the whole platform, built and ready to serve.
type App struct {
	cfg     config.Config
	log     *slog.Logger
	clock   clock.Clock
	db      *db.DB
	files   blob.Store
	bus     *outbox.Bus
	policy  *identity.Policy
	catalog *i18n.Catalog
	assets  *assets.Set
	metrics *metrics
	web     *web.Server
	api     *web.APIGroup

	analyser *textindex.Analyser
	search   *textindex.Engine
	supplies *match.Index
	position atomic.Int64 // of the change feed, up to which both indexes stand
	ready    atomic.Bool

	calendar  *workday.Calendar
	identity  *identity.Service
	catalogue *catalogue.Service
	importing *importing.Service
	roster    *roster.Service
	facts     *facts.Service
	duplicate *duplicate.Service
	voucher   *voucher.Service
	editor    *editor.Service
	reward    *reward.Service
	payout    *payout.Service
	settle    *settle.Service
	provider  *provider.Service
	expert    *expert.Service
	pricing   *pricing.Service
	fund      *fund.Service
	order     *order.Service
	booking   *booking.Service
	waiting   *waiting.Service
	behalf    *behalf.Service
	contract  *contract.Service
	invoice   *invoice.Service
	milestone *milestone.Service
	gate      *gate.Service
	onsite    *onsite.Service
	campus    *campus.Service
	sample    *sample.Service
	series    *series.Service
	review    *review.Service
	talk      *talk.Service
	usage     *usage.Service
	observe   *observe.Service
	remind    *remind.Service
	agenda    *agenda.Service
	record    *record.Service
	scrutiny  *scrutiny.Service
	paper     *paper.Service
	key       seal.Key // of the node
	quote     *quote.Service
	match     *match.Service
	calls     *policy.Service
	find      *find.Service
	exchange  *exchange.Service
	message   *message.Service
	stats     *stats.Service

	resourceCounts    memo[catalogue.Count]
	institutionCounts memo[identity.Count]

	regionZH, regionEN string // of the root region, for the masthead
}

// Open opens the database and builds everything; with cfg.Demo it loads the demo region where it is
// not there yet. The search index is loaded or built before Open returns.
func Open(ctx context.Context, cfg config.Config, o Options) (*App, error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	if cfg.Public == "" {
		cfg.Public = "http://" + cfg.Listen
	}
	a := &App{cfg: cfg, log: o.Log, clock: o.Clock, metrics: newMetrics()}
	if err := a.open(ctx, o); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context, o Options) (err error) {
	dbo := db.Options{URL: a.cfg.Database, Migrations: migrations.Files, AllowUnsafe: o.AllowUnsafe, Ungrouped: o.Ungrouped}
	if dbo.URL == "" {
		dbo.Path = filepath.Join(a.cfg.Data, "qiao.db")
	}
	if a.db, err = db.Open(ctx, dbo); err != nil {
		return err
	}
	if a.files, err = blob.NewDisk(filepath.Join(a.cfg.Data, "files")); err != nil {
		return err
	}
	if err := a.build(o); err != nil {
		return err
	}
	if err := a.register(); err != nil {
		return err
	}
	if err := a.loadReference(ctx, o.Progress); err != nil {
		return err
	}
	if err := a.loadIndex(ctx); err != nil {
		return err
	}
	if a.cfg.Demo {
		if err := a.loadDemo(ctx, o.Progress); err != nil {
			return fmt.Errorf("load the demo: %w", err)
		}
	}
	a.ready.Store(true)
	return a.nameRegion(ctx)
}

// Close saves the index and closes the database.
func (a *App) Close() error {
	if a.db == nil {
		return nil
	}
	var err error
	if a.observe != nil {
		err = a.observe.Close() // it notes who left
	}
	if a.ready.Load() {
		err = errors.Join(err, a.saveIndex(context.Background()))
	}
	return errors.Join(err, a.db.Close())
}

// Handler is the whole site.
func (a *App) Handler() (http.Handler, error) { return a.web.Handler() }

// Settle delivers every event and brings the indexes up to date, as Background does all the time.
func (a *App) Settle(ctx context.Context) error {
	for range 2 { // names that are learnt make events of their own
		if err := a.bus.Drain(ctx); err != nil {
			return err
		}
		if err := a.duplicate.Follow(ctx); err != nil {
			return err
		}
	}
	return errors.Join(a.catchUp(ctx), a.exchange.Follow(ctx))
}

// DemoLogins are the sign-ins of the demo, for the page that offers them.
func demoLogins(on bool) []identity.DemoLogin {
	if !on {
		return nil
	}
	return demo.Logins()
}
