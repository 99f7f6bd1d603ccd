package quote

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/milestone"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/state"
	"qiao/internal/platform/web"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /desk/orders/{id}/quote", Action: "order.quote", Private: true, Handle: s.showBuilder},
		{Pattern: "POST /desk/orders/{id}/quote", Action: "order.quote", Private: true, Handle: s.submitBuilder},
		{Pattern: "GET /desk/orders/{id}/quotes", Action: "order.view", Private: true, Handle: s.showQuotes},
	}
}

// builderView is a quote being written.
type builderView struct {
	order.Detail
	Form     *form.Form
	Lines    []order.Line // counted out; empty while something cannot be read
	Total    money.Fen
	Counted  bool
	Stages   []money.Fen // what each milestone comes to; empty while they do not add up
	New      int         // the line just added; -1: none
	NewStage int         // the milestone just added; -1: none
}

// of is the order that the reader may quote for now.
func (s *Service) of(ctx context.Context, by identity.Subject, id string) (order.Detail, error) {
	d, err := s.Orders.Get(ctx, by, id)
	if err != nil {
		return d, err
	}
	o := d.Order
	if err := s.Policy.Can(by, "order.quote", identity.Object{Parties: map[string]string{order.Buyer: o.Buyer, order.Provider: o.Provider}, Region: o.Region}); err != nil {
		return d, err
	}
	if !slices.ContainsFunc(s.Orders.Verbs(by, o), func(x state.Step) bool { return x.Verb == order.VerbQuote }) {
		return d, fault.New(fault.Conflict, "no-quote", "这个订单现在不需要报价，请回到订单看进展。")
	}
	return d, nil
}

// validDays is how long a quote is valid where nobody says otherwise.
const validDays = 14

func (s *Service) showBuilder(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d, err := s.of(ctx, identity.SubjectOf(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	until, err := clock.AddDays(s.today(), validDays)
	if err != nil {
		return err
	}
	return s.builder(w, r, builderView{Detail: d, Form: first(d, until), New: -1, NewStage: -1})
}

// builder draws the page, with the amounts where everything can be counted.
func (s *Service) builder(w http.ResponseWriter, r *http.Request, v builderView) error {
	if v.Form.OK() {
		silent := v.Form.Copy()
		req := read(silent)
		if bad := fault.New(fault.Invalid, "quote-invalid", "报价还有不对的地方，请按提示修改。"); silent.OK() && len(req.Lines) > 0 {
			order.CheckQuote(bad, req, s.today())
			if lines, total, err := order.CountQuote(req.Lines); err == nil && len(bad.Fields) == 0 {
				v.Lines, v.Total, v.Counted = lines, total, true
				v.Stages, _ = milestone.Divide(total, req.Stages) // what is wrong with them is told when it is counted
			}
		}
	}
	return web.Page(w, r, v.Form.Status(), builderPage(v))
}

// submitBuilder adds, removes and counts lines, or sends the quote.
func (s *Service) submitBuilder(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	d, err := s.of(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := builderView{Detail: d, Form: form.Read(r), New: -1, NewStage: -1}
	f := v.Form
	switch do := f.Text("do"); {
	case !f.OK():
		return s.builder(w, r, v)
	case do == "add":
		v.New = count(f)
		add(f)
		return s.builder(w, r, v)
	case do == "add-stage":
		v.NewStage = stages(f)
		addStage(f)
		return s.builder(w, r, v)
	case strings.HasPrefix(do, "remove-stage-"):
		if at, err := strconv.Atoi(strings.TrimPrefix(do, "remove-stage-")); err == nil {
			removeStage(f, at)
		}
		return s.builder(w, r, v)
	case strings.HasPrefix(do, "remove-"):
		if at, err := strconv.Atoi(strings.TrimPrefix(do, "remove-")); err == nil {
			remove(f, at)
		}
		if count(f) == 0 {
			add(f)
		}
		return s.builder(w, r, v)
	}
	tidy(f)
	req := read(f)
	bad := fault.New(fault.Invalid, "quote-invalid", "报价还有不对的地方，请按提示修改。")
	order.CheckQuote(bad, req, s.today())
	if len(bad.Fields) > 0 {
		f.Fail(bad)
	} else if err := adds(req); err != nil && !f.Fail(err) {
		return err
	}
	if count(f) == 0 {
		add(f)
	}
	if f.OK() && f.Text("do") == "send" {
		req.Key = web.RequestKey(ctx)
		_, err := s.Orders.Do(ctx, by, d.Order.ID, order.VerbQuote, req)
		if err == nil {
			return web.SeeOther(w, r, "/desk/orders/"+d.Order.ID, "报价已发给对方。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.builder(w, r, v)
}

// adds counts a quote out: its lines, and its milestones to their total.
func adds(req order.VerbRequest) error {
	_, total, err := order.CountQuote(req.Lines)
	if err == nil && len(req.Stages) > 0 {
		_, err = milestone.Divide(total, req.Stages)
	}
	return err
}

// versionView is one version of a quote with what it changed.
type versionView struct {
	order.Quote
	Lines   []order.Line
	Before  *order.Quote // the version before; nil: this is the first
	Changes []Change
	Stand   string // accepted, lapsed, open, replaced
}

type quotesView struct {
	order.Detail
	Versions []versionView // the newest first
}

func (s *Service) showQuotes(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d, err := s.Orders.Get(ctx, identity.SubjectOf(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, quotesPage(quotesView{d, versions(d, s.today())}))
}

// versions are the quotes of an order, the newest first, each with what it changed.
func versions(d order.Detail, today string) []versionView {
	lines := map[int64][]order.Line{}
	for _, l := range d.Lines {
		lines[l.Version] = append(lines[l.Version], l)
	}
	var out []versionView
	for i := range d.Quotes {
		q := d.Quotes[i]
		v := versionView{Quote: q, Lines: lines[q.Version], Stand: "replaced"}
		if i > 0 {
			v.Before, v.Changes = &d.Quotes[i-1], Diff(lines[q.Version-1], v.Lines)
		}
		if i == len(d.Quotes)-1 {
			v.Stand = stand(d.Order.State, q, today)
		}
		out = append(out, v)
	}
	slices.Reverse(out)
	return out
}

// stand is how the newest quote stands.
func stand(state string, q order.Quote, today string) string {
	switch {
	case state == order.StateQuoted && q.Lapsed(today):
		return "lapsed"
	case state == order.StateQuoted:
		return "open"
	case !order.Active(state):
		return "replaced"
	}
	return "accepted"
}
