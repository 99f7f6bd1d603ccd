package series

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Private: true, Money: strings.HasPrefix(pattern, "POST"), Handle: h}
	}
	return []web.Route{
		desk("GET /resources/{id}/series", "order.create", s.showNew),
		desk("POST /resources/{id}/series", "order.create", s.submitNew),
		desk("GET /desk/composite", "order.create", s.showCompose),
		desk("POST /desk/composite", "order.create", s.submitCompose),
		desk("GET /desk/series", "series.view", s.showList),
		desk("GET /desk/series/{id}", "series.view", s.showGroup),
		desk("GET /desk/series/{id}/move", "series.change", s.showMove),
		desk("POST /desk/series/{id}/move", "series.change", s.submitMove),
		desk("POST /desk/series/{id}/cancel", "series.cancel", s.submitVerb(order.VerbCancel)),
		desk("POST /desk/series/{id}/accept", "series.answer", s.submitVerb(order.VerbAccept)),
		desk("POST /desk/series/{id}/refuse", "series.answer", s.submitVerb(order.VerbRefuse)),
	}
}

// newView is the page on which a series is described and laid out.
type newView struct {
	Resource Resource
	Form     *form.Form
	Mode     string          // how the resource's time is given out
	Fields   templ.Component // what every order asks for
	Asked    bool            // there is something to lay out
	Laid     *Preview        // nil: not laid out yet, or wrong
	Rule     Rule
	Pay      templ.Component
	Chosen   []string // the dates ticked; nil: those that are free
}

func (s *Service) showNew(w http.ResponseWriter, r *http.Request) error {
	return s.newPage(w, r, form.Read(r), nil)
}

// newPage shows the form of a series and, once there is something to lay out, what its dates come to.
func (s *Service) newPage(w http.ResponseWriter, r *http.Request, f *form.Form, chosen []string) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	res, err := s.Catalogue.Resource(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := newView{Resource: res, Form: f, Chosen: chosen, Asked: f.Text("first") != ""}
	said := f.Fault
	if f.Text("all") == "" {
		f.Set("all", "free")
	}
	if !v.Asked {
		s.begin(f)
	}
	if v.Fields, err = s.Orders.BookFields(ctx, by, res, f); err != nil {
		return err
	}
	now := s.Clock.Now()
	plan, err := s.Calendars.Plan(ctx, s.DB, res, now, now.Add(time.Hour))
	if err != nil {
		return err
	}
	v.Mode = plan.Rule.Mode
	if v.Asked {
		req := s.request(f, res.ID)
		if f.OK() || said != nil {
			p, err := s.Preview(ctx, by, req)
			switch {
			case err == nil:
				v.Laid, v.Rule = &p, req.Rule
				if v.Pay, err = s.Orders.PayFields(ctx, by, p.Drafts, f); err != nil {
					return err
				}
			case !f.Fail(err):
				return err
			}
		}
	}
	return web.Page(w, r, f.Status(), newPage(v))
}

// begin fills in a form that shows first: the next open day, the hours of a morning.
func (s *Service) begin(f *form.Form) {
	tomorrow, err := clock.AddDays(s.today(), 1)
	if err != nil {
		return
	}
	for name, value := range map[string]string{"first": tomorrow, "begin": "09:00", "finish": "11:00", "freq": Weekly, "interval": "1", "count": "8", "holidays": HolidaysSkip} {
		f.Set(name, value)
	}
	at, err := time.Parse(clock.DateLayout, tomorrow)
	if err == nil {
		f.Set("days", codes()[at.Weekday()])
	}
}

// request reads a series; mistakes are in the form.
func (s *Service) request(f *form.Form, resource string) Request {
	req := Request{Resource: resource, First: f.Date("first"), From: f.Text("begin"), To: f.Text("finish"), Holidays: f.Text("holidays"), Order: order.ReadBooking(f)}
	req.Rule = ruleOf(f)
	if err := req.Rule.Check(); err != nil {
		f.Fail(err)
	}
	return req
}

// ruleOf reads a rule from its fields.
func ruleOf(f *form.Form) Rule {
	r := Rule{Freq: f.Text("freq"), Interval: int(f.Int("interval"))}
	if f.Text("count") != "" {
		r.Count = int(f.Int("count"))
		if r.Count == 0 && f.ErrorOf("count") == nil {
			f.Add("count", "range", "请填 {0} 到 {1} 之间的整数。", int64(1), int64(MaxDates))
		}
	}
	if f.Text("until") != "" {
		r.Until = f.Date("until")
	}
	nth := 0
	if r.Freq == Monthly && f.Text("nth") != "" {
		nth = int(f.Int("nth"))
	}
	if r.Freq == Weekly || nth != 0 {
		for _, code := range f.All("days") {
			if d, ok := weekdayOf(code); ok && d.Nth == 0 {
				r.Days = append(r.Days, Weekday{nth, d.Day})
			}
		}
	}
	r.tidy()
	return r
}

// at is a date as the page sends it: the day of the rule and the stretch chosen.
func at(day string, s booking.Span) string {
	return day + "|" + s.From.UTC().Format(time.RFC3339) + "/" + s.To.UTC().Format(time.RFC3339)
}

// picked reads the dates that were ticked.
func picked(values []string) (map[string]booking.Span, error) {
	out := map[string]booking.Span{}
	for _, v := range values {
		day, span, _ := strings.Cut(v, "|")
		from, to, _ := strings.Cut(span, "/")
		a, err1 := time.Parse(time.RFC3339, from)
		b, err2 := time.Parse(time.RFC3339, to)
		if err1 != nil || err2 != nil || !a.Before(b) {
			return nil, fault.New(fault.Invalid, "slot-text", "所选时段无法识别，请重新选择。")
		}
		out[day] = booking.Span{From: a, To: b}
	}
	return out, nil
}

func (s *Service) submitNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	chosen := f.All("at")
	req := s.request(f, r.PathValue("id"))
	if !f.OK() {
		return s.newPage(w, r, f, chosen)
	}
	req.Key, req.All = web.RequestKey(ctx), f.Text("all") == "whole"
	var err error
	if req.Pick, err = picked(chosen); err == nil && len(req.Pick) == 0 {
		err = fault.New(fault.Invalid, "series-none-chosen", "请至少勾选一个日期。")
	}
	if err == nil {
		var days []string
		if days, err = req.Rule.On(req.First); err == nil {
			for _, day := range days {
				if _, there := req.Pick[day]; !there {
					req.Skip = append(req.Skip, day)
				}
			}
		}
	}
	var g Group
	var missed []Date
	if err == nil {
		g, missed, err = s.Place(ctx, identity.SubjectOf(ctx), req)
	}
	switch {
	case err == nil && len(missed) > 0:
		return web.SeeOther(w, r, "/desk/series/"+g.ID, "已提交 {0} 次预约，编号 {1}；另有 {2} 个日期没有约上。", g.Parts, g.Number, int64(len(missed)))
	case err == nil:
		return web.SeeOther(w, r, "/desk/series/"+g.ID, "已提交 {0} 次预约，时段已为您保留。编号 {1}。", g.Parts, g.Number)
	case !f.Fail(err):
		return err
	}
	return s.newPage(w, r, f, chosen)
}

func name(ctx context.Context, r Resource) string { return i18n.Pick(ctx, r.NameZH, r.NameEN) }
