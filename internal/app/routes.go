package app

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/verify"
	"qiao/internal/platform/web"
)

// module is what every module gives to the whole.
type module interface {
	Routes() []web.Route
	API(*web.APIGroup)
	Verify(ctx context.Context, q db.Q) ([]verify.Finding, error)
}

// tasker is a module in which work waits for people.
type tasker interface {
	Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error)
}

// modules lists every module, lowest level first.
func (a *App) modules() []module {
	return []module{
		a.identity,
		a.catalogue,
		a.importing,
		a.roster,
		a.facts,
		a.voucher,
		a.editor,
		a.reward,
		a.payout,
		a.settle,
		a.provider,
		a.booking,
		a.pricing,
		a.fund,
		a.contract,
		a.invoice,
		a.milestone,
		a.gate,
		a.order,
		a.waiting,
		a.behalf,
		a.onsite,
		a.campus,
		a.sample,
		a.series,
		a.paper,
		a.quote,
		a.review,
		a.talk,
		a.usage,
		a.observe,
		a.agenda,
		a.record,
		a.scrutiny,
		a.match,
		a.expert,
		a.duplicate,
		a.calls,
		a.find,
		a.exchange,
		a.message,
		a.stats,
	}
}

// register fills the registry with every address of the platform.
func (a *App) register() error {
	a.web.Raw("GET /assets/", a.assets)
	a.web.Raw("GET /sw.js", a.assets.File("sw.js", "text/javascript; charset=utf-8"))
	a.web.Raw("GET /healthz", http.HandlerFunc(a.healthz))
	a.web.Raw("GET /readyz", http.HandlerFunc(a.readyz))
	err := a.web.Handle(
		web.Route{Pattern: "POST /prefs", Action: "page.view", Handle: a.savePrefs, Fresh: true},
		web.Route{Pattern: "GET /offline", Action: "page.view", Handle: page(offline)},
		web.Route{Pattern: "GET /desk/components", Action: "components.view", Handle: page(components)},
		web.Route{Pattern: "GET /api", Action: "page.view", Handle: a.showAPI},
		web.Route{Pattern: "GET /api/openapi.json", Action: "page.view", Handle: a.openAPI},
		web.Route{Pattern: "GET /api/problems/{code}", Action: "page.view", Handle: redirect("/api#problems")},
		web.Route{Pattern: "GET /robots.txt", Action: "page.view", Handle: a.robots},
		web.Route{Pattern: "GET /manifest.webmanifest", Action: "page.view", Handle: a.webManifest},
		web.Route{Pattern: "GET /.well-known/qiao", Action: "page.view", Handle: a.wellKnown},
	)
	a.api = a.web.API("桥 Qiao API", Version)
	for _, m := range a.modules() {
		err = errors.Join(err, a.web.Handle(m.Routes()...))
		m.API(a.api)
	}
	return errors.Join(err, a.api.Err())
}

// page is a handler that shows a component which needs no data.
func page(c func() templ.Component) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return web.Page(w, r, http.StatusOK, c()) }
}

func redirect(to string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
}

// errorPage tells a fault to a person.
func errorPage(_ context.Context, e *fault.Error, request string) templ.Component {
	return faultPage(e, request)
}

// tasks gathers what waits for the subject, oldest promise first.
func (a *App) tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	var out []ui.Task
	for _, m := range a.modules() {
		t, ok := m.(tasker)
		if !ok {
			continue
		}
		more, err := t.Tasks(ctx, by)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return oldestFirst(out), nil
}

// oldestFirst orders tasks: a promise before none, the earlier promise first, then who waits longest.
func oldestFirst(tasks []ui.Task) []ui.Task {
	slices.SortStableFunc(tasks, func(x, y ui.Task) int {
		switch {
		case x.Due.IsZero() != y.Due.IsZero():
			if x.Due.IsZero() {
				return 1
			}
			return -1
		case !x.Due.Equal(y.Due):
			return x.Due.Compare(y.Due)
		}
		return x.Since.Compare(y.Since)
	})
	return tasks
}
