package series

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

// listView is a list of groups.
type listView struct {
	Groups []Group
	Names  map[string]Resource
	Next   string
	Later  bool
}

func (s *Service) showList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	cursor := r.URL.Query().Get("cursor")
	list, next, err := s.List(ctx, identity.SubjectOf(ctx), cursor, 20)
	if err != nil {
		return err
	}
	v := listView{Groups: list, Next: next, Later: cursor != ""}
	if v.Names, err = s.named(ctx, list); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, listPage(v))
}

// named is the resources of series, by id.
func (s *Service) named(ctx context.Context, list []Group) (map[string]Resource, error) {
	var ids []string
	for _, g := range list {
		if g.Resource != "" {
			ids = append(ids, g.Resource)
		}
	}
	slices.Sort(ids)
	found, err := s.Catalogue.Resources(ctx, s.DB, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	out := map[string]Resource{}
	for _, r := range found {
		out[r.ID] = r
	}
	return out, nil
}

// groupView is the page of a group.
type groupView struct {
	Detail
	Buyer    identity.Organisation
	Provider identity.Organisation
	Form     *form.Form // of the verb that was sent
	Verb     string
	Cancel   bool // the reader may
	Answer   bool
	Move     bool
	Fees     money.Fen // what cancelling all of it costs now
	Still    map[string]bool
}

// again is the address at which another time for the same instruments is looked for.
func (v groupView) again() string {
	q := url.Values{}
	for _, m := range v.Members {
		if !slices.Contains(q["with"], m.Order.Resource) {
			q.Add("with", m.Order.Resource)
		}
	}
	return "/desk/composite?" + q.Encode()
}

// open are the members that can still be changed.
func (v groupView) open() []Member {
	return slices.DeleteFunc(slices.Clone(v.Members), func(m Member) bool { return !v.Still[m.Order.ID] })
}

func (s *Service) showGroup(w http.ResponseWriter, r *http.Request) error {
	return s.groupPage(w, r, "", form.Read(r))
}

// groupPage shows a group; verb is the one whose form came back with mistakes.
func (s *Service) groupPage(w http.ResponseWriter, r *http.Request, verb string, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	d, err := s.Get(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	orgs, err := s.Organisations.Organisations(ctx, s.DB, slices.DeleteFunc([]string{d.Group.Buyer, d.Group.Provider}, func(x string) bool { return x == "" }))
	if err != nil {
		return err
	}
	v := groupView{Detail: d, Buyer: orgs[d.Group.Buyer], Provider: orgs[d.Group.Provider], Form: f, Verb: verb, Still: map[string]bool{}}
	asked := false
	for _, m := range d.Members {
		if s.still(m.Order) {
			v.Still[m.Order.ID] = true
			v.Fees += m.Fee
			asked = asked || m.Order.State == order.StateRequested
		}
	}
	may := func(action string) bool { return len(v.Still) > 0 && s.Policy.Can(by, action, object(d.Group)) == nil }
	v.Cancel, v.Answer = may("series.cancel"), asked && may("series.answer")
	v.Move = d.Group.Kind == KindSeries && may("series.change")
	if f.Text("scope") == "" {
		f.Set("scope", ScopeAll)
	}
	if open := v.open(); len(open) > 0 && f.Text("position") == "" {
		f.Set("position", strconv.FormatInt(open[0].Position, 10))
	}
	if f.Text("days") == "" {
		f.Set("days", "0")
		f.Set("begin", d.Group.From)
		f.Set("finish", d.Group.To)
	}
	return web.Page(w, r, f.Status(), groupPage(v))
}

// submitVerb does a verb to several bookings of a group.
func (s *Service) submitVerb(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f := form.Read(r)
		done, err := s.Do(ctx, identity.SubjectOf(ctx), r.PathValue("id"), verb, f.Text("scope"), f.Int("position"), f.Text("note"), web.RequestKey(ctx))
		switch {
		case err == nil && verb == order.VerbCancel:
			return web.SeeOther(w, r, "/desk/series/"+r.PathValue("id"), "已取消 {0} 次预约。", int64(len(done)))
		case err == nil && verb == order.VerbAccept:
			return web.SeeOther(w, r, "/desk/series/"+r.PathValue("id"), "已接受 {0} 次预约。", int64(len(done)))
		case err == nil:
			return web.SeeOther(w, r, "/desk/series/"+r.PathValue("id"), "已回绝 {0} 次预约。", int64(len(done)))
		case !f.Fail(err):
			return err
		}
		return s.groupPage(w, r, verb, f)
	}
}

// moveView is where bookings of a series would go.
type moveView struct {
	Group   Group
	Changes []Change
	Form    *form.Form
}

// moveRequest reads where bookings are to go.
func moveRequest(f *form.Form) MoveRequest {
	return MoveRequest{Scope: f.Text("scope"), Position: f.Int("position"), Days: int(f.Int("days")), From: f.Text("begin"), To: f.Text("finish")}
}

func (s *Service) showMove(w http.ResponseWriter, r *http.Request) error {
	return s.movePage(w, r, form.Read(r))
}

// movePage lays out a move; what is wrong with it is shown on the page of the group, where it was asked for.
func (s *Service) movePage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	d, changes, err := s.PreviewMove(ctx, identity.SubjectOf(ctx), r.PathValue("id"), moveRequest(f))
	if err != nil {
		if !f.Fail(err) {
			return err
		}
		return s.groupPage(w, r, order.VerbMove, f)
	}
	if f.Text("all") == "" {
		f.Set("all", "free")
	}
	return web.Page(w, r, f.Status(), movePage(moveView{d.Group, changes, f}))
}

func (s *Service) submitMove(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	req := moveRequest(f)
	req.Key, req.All = web.RequestKey(ctx), f.Text("all") == "whole"
	for _, text := range f.All("only") {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			req.Only = append(req.Only, n)
		}
	}
	moved, missed, err := s.Move(ctx, identity.SubjectOf(ctx), r.PathValue("id"), req)
	switch {
	case err == nil && len(missed) > 0:
		return web.SeeOther(w, r, "/desk/series/"+r.PathValue("id"), "已改期 {0} 次，另有 {1} 次新时间约不上，保持原样。服务机构须再次接受。", int64(len(moved)), int64(len(missed)))
	case err == nil:
		return web.SeeOther(w, r, "/desk/series/"+r.PathValue("id"), "已改期 {0} 次，服务机构须再次接受。", int64(len(moved)))
	case !f.Fail(err):
		return err
	}
	return s.movePage(w, r, f)
}

// Panel draws on an order's page to which group it belongs; nil: to none.
func (s *Service) Panel(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	p, there, err := partOf(ctx, s.DB, d.Order.ID)
	if err != nil || !there {
		return nil, err
	}
	g, err := s.detailOf(ctx, p.Group)
	if err != nil {
		return nil, err
	}
	return panel(g, p, s.Policy.Can(by, "series.view", object(g.Group)) == nil, by.Org), nil
}

func (s *Service) detailOf(ctx context.Context, group string) (Detail, error) {
	g, err := getGroup(ctx, s.DB, group)
	if err != nil {
		return Detail{}, err
	}
	return s.detail(ctx, s.DB, g)
}

// sayLocal writes an instant as its day and time in the region.
func sayLocal(m Member) (day, hours string) {
	return clock.Day(m.Order.Start.Time), clock.Local(m.Order.Start.Time).Format("15:04") + "–" + clock.Local(m.Order.End.Time).Format("15:04")
}
