package waiting

import (
	"context"
	"net/http"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

// queueView is the queue of one instrument.
type queueView struct {
	Resource string
	ZH, EN   string
	Rows     []waitRow
	Offers   map[string]Offer // open ones, by place
}

// queuesView is a provider's queues and the rule by which they run.
type queuesView struct {
	Queues []queueView
	Rule   Rule
	Own    []Rule // of the provider, the newest first
	Form   *form.Form
	May    bool // write the rule
}

// queues are the queues of an owner's instruments, each in its order.
func (s *Service) queues(ctx context.Context, owner string) ([]queueView, error) {
	var w db.Where
	w.And("owner = ?", owner)
	w.In("state", []string{Waiting, Offered})
	list, err := listWaits(ctx, s.DB, &w)
	if err != nil {
		return nil, err
	}
	var ids, orgs []string
	for _, x := range list {
		ids, orgs = append(ids, x.ID), append(orgs, x.Buyer)
	}
	offers, err := offersBy(ctx, s.DB, "wait", ids)
	if err != nil {
		return nil, err
	}
	open := map[string]Offer{}
	for _, o := range offers {
		if o.State == Open {
			open[o.Wait] = o
		}
	}
	names, err := s.names(ctx, orgs...)
	if err != nil {
		return nil, err
	}
	var out []queueView
	seen := map[string]bool{}
	for _, x := range list {
		if seen[x.Resource] {
			continue
		}
		seen[x.Resource] = true
		queue, places, err := s.places(ctx, s.DB, x.Resource, owner)
		if err != nil {
			return nil, err
		}
		v := queueView{Resource: x.Resource, ZH: x.ResourceZH, EN: x.ResourceEN, Offers: open}
		for _, y := range queue {
			v.Rows = append(v.Rows, waitRow{y, places[y.ID], names[y.Buyer]})
		}
		out = append(out, v)
	}
	return out, nil
}

func (s *Service) showQueues(w http.ResponseWriter, r *http.Request) error {
	return s.queuesPage(w, r, nil)
}

func (s *Service) queuesPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v := queuesView{Form: f, May: s.Policy.Can(by, "waiting.rule", identity.Object{Parties: map[string]string{"owner": by.Org}}) == nil}
	var err error
	if v.Queues, err = s.queues(ctx, by.Org); err != nil {
		return err
	}
	if v.Rule, err = s.RuleOf(ctx, s.DB, by.Org, s.today()); err != nil {
		return err
	}
	if v.Own, err = listRules(ctx, s.DB, by.Org); err != nil {
		return err
	}
	if f == nil {
		n := func(v int64) string { return strconv.FormatInt(v, 10) }
		v.Form = form.Of(map[string]string{
			"hold": n(v.Rule.Hold), "reply": n(v.Rule.Reply), "day_from": clockOf(v.Rule.DayFrom), "day_to": clockOf(v.Rule.DayTo),
			"least": n(v.Rule.Least), "most": n(v.Rule.Most), "turn": v.Rule.Turn, "missed": v.Rule.Missed, "from": s.today(),
		})
	}
	return web.Page(w, r, f.Status(), queuesPage(v))
}

func (s *Service) submitRule(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	rule := Rule{
		Hold: f.Int("hold"), Reply: f.Int("reply"), DayFrom: minuteOf(f, "day_from", 0), DayTo: minuteOf(f, "day_to", 1440), Least: f.Int("least"), Most: f.Int("most"),
		Turn: f.Text("turn"), Missed: f.Text("missed"), From: f.Date("from"),
	}
	if f.OK() {
		err := s.SetRule(r.Context(), identity.SubjectOf(r.Context()), rule)
		if err == nil {
			return web.SeeOther(w, r, "/desk/queues", "规则已保存，从所填的日期起执行。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.queuesPage(w, r, f)
}
