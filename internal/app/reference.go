package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"qiao/internal/catalogue/importing"
	"qiao/internal/demo"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/i18n"
)

func (a *App) today() string { return clock.Day(a.clock.Now()) }

// loadReference puts in what every node needs before anybody comes: the tree of regions.
func (a *App) loadReference(ctx context.Context, progress func(string, int, int)) error {
	if err := demo.Reference(ctx, a.demoDeps(), progress); err != nil {
		return fmt.Errorf("load the regions: %w", err)
	}
	return nil
}

func (a *App) demoDeps() demo.Deps {
	return demo.Deps{DB: a.db, Clock: a.clock, Identity: a.identity, Catalogue: a.catalogue, Importing: a.importing, Voucher: a.voucher, Settle: a.settle, Payout: a.payout, Editor: a.editor, Roster: a.roster, Facts: a.facts, Provider: a.provider, Expert: a.expert, Pricing: a.pricing, Fund: a.fund, Campus: a.campus, Record: a.record, Invoice: a.invoice, Scrutiny: a.scrutiny, Waits: true, Policy: a.calls}
}

// loadDemo loads the demo region where it is not there yet, and tells its story over the API of this
// very program, so that the pages show what the program really does.
func (a *App) loadDemo(ctx context.Context, progress func(string, int, int)) error {
	handler, err := a.Handler()
	if err != nil {
		return err
	}
	d := a.demoDeps()
	if there, err := demo.Loaded(ctx, d); err != nil || there { // what waits in the feed is worked off behind the pages
		return errors.Join(err, a.keptDemo(ctx))
	}
	d.Story = demo.Options{Client: demo.Client{Base: a.cfg.Public, HTTP: demo.InProcess(handler), Token: demo.Tokens(a.identity)}, Settle: a.Settle, Now: a.clock.Now}
	if err := demo.Load(ctx, d, progress); err != nil {
		return err
	}
	if err := a.Settle(ctx); err != nil {
		return err
	}
	return a.keptDemo(ctx)
}

// keptDemo gives the demo's firm something kept, once; the bridge of the day is on the very first page.
func (a *App) keptDemo(ctx context.Context) error {
	if err := a.keepDemo(ctx); err != nil {
		return fmt.Errorf("keep something for the demo: %w", err)
	}
	return a.stats.Look(ctx)
}

// seed loads synthetic data of the size asked for and says how long it took.
func (a *App) seed(ctx context.Context, w io.Writer, scale string, seed int64) error {
	began := a.clock.Now()
	if err := demo.Seed(ctx, a.demoDeps(), scale, seed, progress(w)); err != nil {
		return err
	}
	if err := a.Settle(ctx); err != nil {
		return err
	}
	say(w, "done in %v\n", a.clock.Now().Sub(began).Round(time.Millisecond))
	return nil
}

// greet prints the demo's sign-ins.
func (a *App) greet(w io.Writer, url string) {
	say(w, "\n  Qiao  %s\n\n  demo sign-ins:\n", url)
	for _, l := range demo.Logins() {
		say(w, "    %-24s %s  %s\n", l.Login, l.Password, l.Role)
	}
	say(w, "\n")
}

// writeReport is an import report as JSON, its errors in the caller's language.
func writeReport(ctx context.Context, w http.ResponseWriter, r importing.Report) error {
	type line struct {
		Row    int64  `json:"row"`
		Column string `json:"column"`
		Code   string `json:"code"`
		Text   string `json:"text"`
	}
	out := struct {
		ID        string `json:"id"`
		Accepted  int64  `json:"accepted"`
		Updated   int64  `json:"updated"`
		Unchanged int64  `json:"unchanged"`
		Rejected  int64  `json:"rejected"`
		Errors    []line `json:"errors"`
	}{r.ID, r.Accepted, r.Updated, r.Unchanged, r.Rejected, []line{}}
	for _, e := range r.Errors {
		out.Errors = append(out.Errors, line{e.Row, e.Column, e.Code, i18n.T(ctx, e.Text, e.Args...)})
	}
	w.Header().Set("Content-Type", "application/json")
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}
