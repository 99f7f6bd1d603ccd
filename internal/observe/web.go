package observe

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	out := []web.Route{
		desk("GET /desk/observe", "observe.list", s.showList),
		desk("GET /desk/orders/{id}/observation", "observe.view", s.showOrder),
		desk("POST /desk/orders/{id}/observation", "observe.plan", s.submitOffer),
		desk("POST /desk/observation-plans/{id}/guests", "observe.invite", s.submitInvite),
		desk("POST /desk/observation-plans/{id}/uninvite", "observe.invite", s.submitUninvite),
		desk("GET /desk/observe/{id}", "observe.watch", s.showRoom),
		desk("GET /desk/observe/{id}/pictures/{document}", "observe.watch", s.showPicture),
		desk("POST /desk/observe/{id}/notes", "observe.note", s.submitNote),
		desk("POST /desk/observe/{id}/meeting", "observe.watch", s.submitMeeting),
		desk("POST /desk/observe/{id}/cancel", "observe.cancel", s.submitCancel),
		desk("POST /desk/observe/{id}/close", "observe.guide", s.submitClose),
	}
	out = append(out, s.liveRoutes()...)
	for _, verb := range []string{VerbAgree, VerbDecline, VerbWithdraw, VerbEnd} {
		out = append(out, desk("POST /desk/observation-plans/{id}/"+verb, actionOf(verb), s.submitVerb(verb)))
	}
	return out
}

// listView is what is still to come for somebody.
type listView struct {
	Sessions []Session
	By       identity.Subject
	Orgs     map[string]identity.Organisation
}

// shown is how many sessions the list has at most.
const shown = 100

func (s *Service) showList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := listView{By: identity.SubjectOf(ctx)}
	var err error
	if v.Sessions, err = s.Upcoming(ctx, v.By, shown); err != nil {
		return err
	}
	var orgs []string
	for _, x := range v.Sessions {
		orgs = append(orgs, x.Buyer, x.Provider)
	}
	if v.Orgs, err = s.People.Organisations(ctx, s.DB, orgs); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, listPage(v))
}

// orderView is an order's observation.
type orderView struct {
	Course
	By      identity.Subject
	Rule    Rule
	People  map[string]string
	Orgs    map[string]identity.Organisation
	Form    *form.Form // a new plan
	Reply   *form.Form // a step of a plan
	Of      string     // that plan
	Verb    string     // that step, or invite
	May     map[string]bool
	Bookend bool // there is a booked time to come
}

func (s *Service) orderView(ctx context.Context, by identity.Subject, o order.Order) (orderView, error) {
	v := orderView{By: by, Rule: s.rule(), Reply: form.Of(nil), May: map[string]bool{}}
	var err error
	if v.Course, err = s.Of(ctx, by, o); err != nil {
		return v, err
	}
	object := Plan{Buyer: o.Buyer, Provider: o.Provider, Region: o.Region}.object()
	for _, action := range []string{"observe.plan", "observe.answer", "observe.cancel", "observe.invite"} {
		v.May[action] = s.Policy.Can(by, action, object) == nil
	}
	v.May["observe.plan"] = v.May["observe.plan"] && watchable(o)
	v.Bookend = o.Kind == order.KindBooking && o.End.After(s.Clock.Now())
	var people []string
	for _, n := range v.Notes {
		people = append(people, n.Person)
	}
	for _, guests := range v.Guests {
		for _, g := range guests {
			people = append(people, g.Person)
		}
	}
	if v.People, err = s.People.Names(ctx, s.DB, people); err != nil {
		return v, err
	}
	v.Orgs, err = s.People.Organisations(ctx, s.DB, []string{o.Buyer, o.Provider})
	return v, err
}

func (s *Service) showOrder(w http.ResponseWriter, r *http.Request) error {
	return s.orderPage(w, r, nil, nil)
}

// orderPage shows an order's observation, with the form that was sent and what is wrong with it.
func (s *Service) orderPage(w http.ResponseWriter, r *http.Request, offer *form.Form, set func(*orderView)) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	d, err := s.Orders.Get(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.orderPageOf(w, r, d.Order, offer, set)
}

func (s *Service) orderPageOf(w http.ResponseWriter, r *http.Request, o order.Order, offer *form.Form, set func(*orderView)) error {
	v, err := s.orderView(r.Context(), identity.SubjectOf(r.Context()), o)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if v.Form = offer; offer == nil {
		v.Form = form.Of(s.blank())
	} else {
		status = offer.Status()
	}
	if set != nil {
		set(&v)
		status = v.Reply.Status()
	}
	return web.Page(w, r, status, orderPage(v))
}

func (s *Service) submitOffer(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	o := Offer{
		Booked: f.Bool("booked"), First: f.Date("first"), Last: f.Date("last"), At: f.Text("at"), Minutes: f.Int("minutes"), Working: f.Bool("working"), Skip: f.Text("skip"),
		Early: f.Int("early"), Late: f.Int("late"), Link: f.Text("link"), Talk: f.Bool("talk"), Note: f.Text("note"),
	}
	if o.Last == "" && f.ErrorOf("last") == nil {
		o.Last = o.First
	}
	if !f.OK() {
		return s.orderPage(w, r, f, nil)
	}
	_, err := s.Offer(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), o, web.RequestKey(r.Context()))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/orders/"+r.PathValue("id")+"/observation", "观察计划已发给委托方，对方同意后生效。")
	case f.Fail(err):
		return s.orderPage(w, r, f, nil)
	}
	return err
}

// planPage shows the page of a plan's order after a step of it that did not go.
func (s *Service) planPage(w http.ResponseWriter, r *http.Request, verb string, f *form.Form) error {
	p, err := getPlan(r.Context(), s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	d, err := s.Orders.Get(r.Context(), identity.SubjectOf(r.Context()), p.Order)
	if err != nil {
		return err
	}
	return s.orderPageOf(w, r, d.Order, nil, func(v *orderView) { v.Reply, v.Of, v.Verb = f, p.ID, verb })
}

func (s *Service) submitVerb(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f := form.Read(r)
		p, err := s.Do(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), verb, f.Text("reason"))
		switch {
		case err == nil:
			said := map[string]string{VerbAgree: "已约定，各场时间如下。", VerbDecline: "已告知实验室。", VerbWithdraw: "已撤回。", VerbEnd: "计划已终止，还没开始的场次已取消。"}[verb]
			return web.SeeOther(w, r, "/desk/orders/"+p.Order+"/observation", said)
		case f.Fail(err):
			return s.planPage(w, r, verb, f)
		}
		return err
	}
}

func (s *Service) submitInvite(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	f.Need("login")
	if !f.OK() {
		return s.planPage(w, r, "invite", f)
	}
	err := s.Invite(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), f.Text("login"))
	switch {
	case err == nil:
		return s.backToPlan(w, r, "已邀请，对方登录后在“远程观察”里看得到。")
	case f.Fail(err):
		return s.planPage(w, r, "invite", f)
	}
	return err
}

func (s *Service) submitUninvite(w http.ResponseWriter, r *http.Request) error {
	if err := s.Uninvite(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), form.Read(r).Text("person")); err != nil {
		return err
	}
	return s.backToPlan(w, r, "已移除，正在观看的会立即断开。")
}

func (s *Service) backToPlan(w http.ResponseWriter, r *http.Request, said string) error {
	p, err := getPlan(r.Context(), s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/orders/"+p.Order+"/observation", said)
}

// panelView is an order's observation on the order's page.
type panelView struct {
	Course
	May    bool // a plan can be made
	Answer bool // a plan waits for the reader's answer
}

// Panel draws, on an order's page, what is planned and the newest pictures; nil for those who may not see it, and where there
// is nothing to see and nothing to plan.
func (s *Service) Panel(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	object := Plan{Buyer: d.Order.Buyer, Provider: d.Order.Provider, Region: d.Order.Region}.object()
	if s.Policy.Can(by, "observe.view", object) != nil {
		return nil, nil
	}
	c, err := s.Of(ctx, by, d.Order)
	if err != nil {
		return nil, err
	}
	v := panelView{Course: c, May: watchable(d.Order) && s.Policy.Can(by, "observe.plan", object) == nil}
	if len(c.Plans) == 0 && !v.May {
		return nil, nil
	}
	for _, p := range c.Plans {
		v.Answer = v.Answer || p.State == Offered && s.Policy.Can(by, "observe.answer", object) == nil
	}
	return panel(v), nil
}
