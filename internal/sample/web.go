package sample

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	out := []web.Route{
		desk("GET /s/{number}", "sample.view", s.scan),
		desk("GET /desk/samples", "sample.view", s.showList),
		desk("GET /desk/samples/{id}", "sample.view", s.showOne),
		desk("GET /desk/orders/{id}/samples", "sample.view", s.showOrder),
		desk("POST /desk/orders/{id}/samples", "sample.declare", s.submitDeclare),
		desk("GET /desk/orders/{id}/labels", "sample.view", s.showLabels),
	}
	for _, verb := range verbs() {
		out = append(out, desk("POST /desk/samples/{id}/"+verb, actionOf(verb), s.submitVerb(verb)))
	}
	return out
}

// verbs are those that move a sample that is there.
func verbs() []string {
	var out []string
	for _, step := range Table() {
		if step.From != "" && !slices.Contains(out, step.Verb) {
			out = append(out, step.Verb)
		}
	}
	return out
}

// scan leads from the code on a label to the sample.
func (s *Service) scan(w http.ResponseWriter, r *http.Request) error {
	x, err := s.Get(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("number"))
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/desk/samples/"+x.ID, http.StatusSeeOther)
	return nil
}

// listView is the store: what is where, what must leave.
type listView struct {
	Show    string
	Text    string
	Samples []Sample
	Orgs    map[string]identity.Organisation
	People  map[string]string
	By      identity.Subject
	Today   string
	Full    bool
}

func (s *Service) showList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v := listView{Show: r.URL.Query().Get("show"), Text: r.URL.Query().Get("q"), By: by, Today: s.today()}
	if v.Show != "all" && v.Show != "late" {
		v.Show = ""
	}
	var err error
	if v.Samples, err = s.List(ctx, by, ListRequest{Text: v.Text, Open: v.Show == "", Late: v.Show == "late"}); err != nil {
		return err
	}
	v.Full = len(v.Samples) == shown
	if v.Orgs, v.People, err = s.who(ctx, v.Samples, nil); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, listPage(v))
}

// who names the organisations and people of samples and steps.
func (s *Service) who(ctx context.Context, list []Sample, steps []Step) (map[string]identity.Organisation, map[string]string, error) {
	var orgs, people []string
	for _, x := range list {
		orgs, people = append(orgs, x.Buyer, x.Provider), append(people, x.Holder, x.Offered)
	}
	for _, x := range steps {
		orgs, people = append(orgs, x.Org), append(people, x.Person)
	}
	tidy := func(ids []string) []string {
		slices.Sort(ids)
		return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" })
	}
	named, err := s.People.Organisations(ctx, s.DB, tidy(orgs))
	if err != nil {
		return nil, nil, err
	}
	names, err := s.People.Names(ctx, s.DB, tidy(people))
	return named, names, err
}

func orgName(ctx context.Context, o identity.Organisation) string {
	return i18n.Pick(ctx, o.NameZH, o.NameEN)
}

// where says in words where a sample is.
func where(ctx context.Context, x Sample, people map[string]string) string {
	switch x.State {
	case Stored:
		return x.Place
	case InUse:
		if x.Offered != "" {
			return t(ctx, "{0}（正移交给 {1}）", people[x.Holder], people[x.Offered])
		}
		return people[x.Holder]
	case Refused:
		return t(ctx, "在服务方，等待退回")
	}
	return "—"
}

// late tells whether a sample should have left by now.
func (s Sample) late(today string) bool {
	return s.Due != "" && s.Due < today && Here(s.State)
}

// oneView is one sample with its chain of custody.
type oneView struct {
	Sample
	Order  order.Order
	Steps  []Step
	Orgs   map[string]identity.Organisation
	People map[string]string
	Verbs  []verbForm
	Label  label
	By     identity.Subject
	Today  string
	Parts  []Sample // that were split from it
	Whole  *Sample  // that it was split from
}

// verbForm is a verb on offer with its form.
type verbForm struct {
	Sample
	ui.VerbForm
}

func (s *Service) showOne(w http.ResponseWriter, r *http.Request) error {
	return s.onePage(w, r, "", nil)
}

// onePage shows a sample; sent is the verb whose form f came back with mistakes.
func (s *Service) onePage(w http.ResponseWriter, r *http.Request, sent string, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	x, err := s.Get(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := oneView{Sample: x, By: by, Today: s.today()}
	d, err := s.Orders.Get(ctx, by, x.Order)
	if err != nil {
		return err
	}
	v.Order = d.Order
	if v.Steps, err = listSteps(ctx, s.DB, x.ID); err != nil {
		return err
	}
	if v.Orgs, v.People, err = s.who(ctx, []Sample{x}, v.Steps); err != nil {
		return err
	}
	drawn, err := s.labels([]Sample{x})
	if err != nil {
		return err
	}
	v.Label = drawn[0]
	siblings, err := ofOrder(ctx, s.DB, x.Order)
	if err != nil {
		return err
	}
	for _, o := range siblings {
		if o.Parent == x.ID {
			v.Parts = append(v.Parts, o)
		}
		if o.ID == x.Parent {
			v.Whole = &o
		}
	}
	for _, step := range s.Verbs(by, x) {
		v.Verbs = append(v.Verbs, verbForm{x, ui.VerbFormOf(step, sent, f, map[string]string{"place": x.Place, "keep_until": ""})})
	}
	return web.Page(w, r, f.Status(), onePage(v))
}

// Verbs are what the subject may do with a sample now, the most natural first.
func (s *Service) Verbs(by identity.Subject, x Sample) []string {
	var out []string
	for _, step := range Table() {
		if step.From != x.State || step.From == "" || s.Policy.Can(by, actionOf(step.Verb), object(x)) != nil {
			continue
		}
		mine := x.Holder == "" || x.Holder == by.Person
		switch step.Verb {
		case VerbTakeOver:
			mine = x.Offered == by.Person
		case VerbConsume, VerbSplit:
			mine = mine && x.Amount > 1
		}
		if mine {
			out = append(out, step.Verb)
		}
	}
	return out
}

func (s *Service) submitVerb(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f := form.Read(r)
		req := Request{Note: f.Text("note"), Place: f.Text("place"), Carrier: f.Text("carrier"), Login: f.Text("login"), Keep: f.Date("keep_until"), Key: web.RequestKey(ctx)}
		if f.Text("amount") != "" {
			req.Amount = f.Int("amount")
		}
		if !f.OK() {
			return s.onePage(w, r, verb, f)
		}
		x, err := s.Do(ctx, identity.SubjectOf(ctx), r.PathValue("id"), verb, req)
		switch {
		case err == nil:
			return web.SeeOther(w, r, "/desk/samples/"+x.ID, "已记入样品流转记录。")
		case f.Fail(err):
			return s.onePage(w, r, verb, f)
		}
		return err
	}
}

// orderView is the samples of one order, and the form for one more.
type orderView struct {
	Order   order.Order
	Samples []Sample
	People  map[string]string
	May     bool // declare
	Form    *form.Form
	Today   string
}

func (s *Service) showOrder(w http.ResponseWriter, r *http.Request) error {
	return s.orderPage(w, r, form.Of(map[string]string{"hazard": "none", "storage": "room", "wish": WishReturn, "unit": "piece", "amount": "1"}))
}

func (s *Service) orderPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	v, err := s.ordered(ctx, identity.SubjectOf(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	v.Form = f
	return web.Page(w, r, f.Status(), orderPage(v))
}

// ordered is an order's samples as the subject may see them.
func (s *Service) ordered(ctx context.Context, by identity.Subject, orderID string) (orderView, error) {
	d, err := s.Orders.Get(ctx, by, orderID)
	if err != nil {
		return orderView{}, err
	}
	return s.viewOf(ctx, by, d.Order)
}

// viewOf is ordered for an order that was read already.
func (s *Service) viewOf(ctx context.Context, by identity.Subject, o order.Order) (orderView, error) {
	v := orderView{Order: o, Today: s.today()}
	err := s.Policy.Can(by, "sample.view", objectOf(o))
	if err != nil {
		return v, err
	}
	if v.Samples, err = ofOrder(ctx, s.DB, o.ID); err != nil {
		return v, err
	}
	v.May = s.Policy.Can(by, "sample.declare", objectOf(o)) == nil && accepts(o)
	_, v.People, err = s.who(ctx, v.Samples, nil)
	return v, err
}

// accepts tells whether samples may still be declared for an order.
func accepts(o order.Order) bool {
	return order.Open(o.State) && o.State != order.StateReported && o.State != order.StateConfirmed
}

func (s *Service) submitDeclare(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	d := Declaration{
		Name: f.Text("name"), OwnNumber: f.Text("own_number"), Hazard: f.Text("hazard"), Storage: f.Text("storage"), Wish: f.Text("wish"),
		KeepUntil: f.Date("keep_until"), Amount: f.Int("amount"), Unit: f.Text("unit"), Note: f.Text("note"),
	}
	if !f.OK() {
		return s.orderPage(w, r, f)
	}
	x, err := s.Declare(ctx, identity.SubjectOf(ctx), r.PathValue("id"), d, web.RequestKey(ctx))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/orders/"+x.Order+"/samples", "样品已登记，可以打印标签。")
	case f.Fail(err):
		return s.orderPage(w, r, f)
	}
	return err
}

// labelsView is a sheet of labels to print.
type labelsView struct {
	Order  order.Order
	Labels []label
	Roll   bool // one label a page, for a label printer
}

func (s *Service) showLabels(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := s.ordered(ctx, identity.SubjectOf(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	list := slices.DeleteFunc(v.Samples, func(x Sample) bool { return !Open(x.State) })
	if one := r.URL.Query().Get("sample"); one != "" {
		list = slices.DeleteFunc(list, func(x Sample) bool { return x.ID != one })
	}
	sheet := labelsView{Order: v.Order, Roll: r.URL.Query().Get("size") == "roll"}
	if sheet.Labels, err = s.labels(list); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, labelsPage(sheet))
}

// Panel draws, on the page of an order, its samples; nil where none are expected, and for those who may not see them.
func (s *Service) Panel(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	if s.Policy.Can(by, "sample.view", objectOf(d.Order)) != nil {
		return nil, nil
	}
	v, err := s.viewOf(ctx, by, d.Order)
	if err != nil || len(v.Samples) == 0 && !v.May {
		return nil, err
	}
	return panel(v), nil
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
