package booking

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// calendarView is a day of a provider's instruments, and one of them with its rule and closures.
type calendarView struct {
	Day      string
	Prev     string
	Next     string
	Lanes    ui.LanesOf
	Owned    []Resource
	Chosen   Resource // whose rule and closures are shown; empty when there is none
	Board    ui.BoardOf
	Closures []Closure
	Rule     *form.Form
	Closure  *form.Form
	Upkeep   *form.Form
	Regular  []upkeepRow
}

func (s *Service) showCalendar(w http.ResponseWriter, r *http.Request) error {
	return s.calendarPage(w, r, calendarView{})
}

// calendarPage shows the calendar; v has the form that came back with mistakes, if one did.
func (s *Service) calendarPage(w http.ResponseWriter, r *http.Request, v calendarView) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v.Day = r.FormValue("day")
	status := http.StatusOK
	for _, f := range []*form.Form{v.Closure, v.Rule, v.Upkeep} {
		if f != nil {
			status = f.Status()
		}
	}
	if v.Day == "" {
		v.Day = s.today()
	}
	var err error
	if v.Prev, err = clock.AddDays(v.Day, -1); err != nil {
		return fault.New(fault.BadRequest, "day", "日期格式不对，请写成 2026-11-21。").Because(err)
	}
	if v.Next, err = clock.AddDays(v.Day, 1); err != nil {
		return fault.New(fault.BadRequest, "day", "日期格式不对，请写成 2026-11-21。").Because(err)
	}
	if v.Owned, err = s.catalogue.Owned(ctx, s.db, by.Org); err != nil {
		return fmt.Errorf("the instruments of the calendar: %w", err)
	}
	v.Owned = slices.DeleteFunc(v.Owned, func(r Resource) bool { return !r.Bookable })
	if len(v.Owned) > 0 {
		if err := s.fillCalendar(ctx, &v, r.FormValue("resource")); err != nil {
			return err
		}
	}
	return web.Page(w, r, status, calendarPage(v))
}

// fillCalendar reads the day of all instruments and the week of the chosen one.
func (s *Service) fillCalendar(ctx context.Context, v *calendarView, chosen string) error {
	v.Chosen = v.Owned[0]
	for _, r := range v.Owned {
		if r.ID == chosen {
			v.Chosen = r
		}
	}
	if err := s.lanes(ctx, v); err != nil {
		return err
	}
	var err error
	if v.Board, err = s.Week(ctx, v.Chosen, true, v.Day, nil); err != nil {
		return err
	}
	v.Board.Name, v.Board.Label = "", i18n.Pick(ctx, v.Chosen.NameZH, v.Chosen.NameEN)
	if v.Closures, err = listClosures(ctx, s.db, v.Chosen.ID, s.clock.Now()); err != nil {
		return fmt.Errorf("the closures: %w", err)
	}
	if err := s.fillUpkeep(ctx, v); err != nil {
		return err
	}
	if v.Closure == nil {
		v.Closure = form.Of(map[string]string{"resource": v.Chosen.ID, "state": SlotMaintenance, "from": v.Day + "T09:00", "to": v.Day + "T17:00"})
	}
	if v.Rule == nil {
		rule, err := s.RuleOf(ctx, s.db, v.Chosen.ID)
		if err != nil {
			return err
		}
		v.Rule = form.Of(ruleValues(rule))
	}
	return nil
}

// whose says who holds bookings.
func (s *Service) whose(ctx context.Context, list []Booking) (map[string]Holder, error) {
	if s.holders == nil || len(list) == 0 {
		return nil, nil
	}
	ids := make([]string, len(list))
	for i, b := range list {
		ids[i] = b.Holder
	}
	return s.holders(ctx, s.db, ids)
}

// ruleValues is a rule as its form shows it; times of booking in hours.
func ruleValues(r Rule) map[string]string {
	n := func(v int64) string { return strconv.FormatInt(v, 10) }
	holidays := ""
	if r.Holidays {
		holidays = "1"
	}
	return map[string]string{
		"units": n(r.Units), "before": n(r.Before), "after": n(r.After), "notice": n(r.Notice), "ahead": n(r.Ahead), "inner_notice": n(r.InnerNotice), "inner_ahead": n(r.InnerAhead),
		"mode": r.Mode, "slot": n(r.Slot), "step": n(r.Step), "most": n(r.Most), "holidays": holidays, "most_held": n(r.Open), "inner_held": n(r.InnerOpen),
	}
}

// ruleOf reads the form of a rule.
func ruleOf(f *form.Form) Rule {
	return Rule{
		Units: f.Int("units"), Before: f.Int("before"), After: f.Int("after"), Notice: f.Int("notice"), Ahead: f.Int("ahead"), InnerNotice: f.Int("inner_notice"), InnerAhead: f.Int("inner_ahead"),
		Mode: f.Text("mode"), Slot: f.Int("slot"), Step: f.Int("step"), Most: f.Int("most"), Holidays: f.Bool("holidays"), Open: f.Int("most_held"), InnerOpen: f.Int("inner_held"),
	}
}

// lanes is the day of every instrument: who has booked it, and when it is closed.
func (s *Service) lanes(ctx context.Context, v *calendarView) error {
	from, err := clock.Midnight(v.Day)
	if err != nil {
		return err
	}
	to := from.AddDate(0, 0, 1)
	ids := make([]string, len(v.Owned))
	for i, r := range v.Owned {
		ids[i] = r.ID
	}
	booked, err := listBooked(ctx, s.db, ids, from, to)
	if err != nil {
		return fmt.Errorf("the bookings of the day: %w", err)
	}
	holders, err := s.whose(ctx, booked)
	if err != nil {
		return err
	}
	busy, err := listBusy(ctx, s.db, ids, from, to)
	if err != nil {
		return err
	}
	v.Lanes = ui.LanesOf{Label: ui.SayDay(ctx, v.Day), From: 8, To: 20, Day: v.Day, Form: "close"}
	minute := func(at time.Time) int { return min(max(int(at.Sub(from)/time.Minute), 0), 24*60) }
	for _, r := range v.Owned {
		lane := ui.Lane{Key: r.ID, Label: i18n.Pick(ctx, r.NameZH, r.NameEN), Href: "/desk/calendar?day=" + v.Day + "&resource=" + r.ID}
		for _, b := range booked {
			if b.Resource == r.ID {
				lane.Events = append(lane.Events, ui.LaneEvent{
					From: minute(b.Start.Time), To: minute(b.End.Time), Title: holders[b.Holder].Name, Href: holders[b.Holder].Link, Tone: holders[b.Holder].Tone, Move: holders[b.Holder].Move,
				})
			}
		}
		for _, b := range busy[r.ID] {
			if b.State != SlotTaken {
				lane.Events = append(lane.Events, ui.LaneEvent{From: minute(b.From), To: minute(b.To), Title: t(ctx, "停用"), Tone: ui.Plain})
			}
		}
		slices.SortFunc(lane.Events, func(a, b ui.LaneEvent) int { return a.From - b.From })
		v.Lanes.Lanes = append(v.Lanes.Lanes, lane)
	}
	return nil
}

func (s *Service) submitClosure(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	state, unplanned := f.Text("state"), false
	if state == "breakdown" {
		state, unplanned = SlotMaintenance, true
	}
	req := CloseRequest{
		Resource: f.Text("resource"), State: state, Unplanned: unplanned, From: f.Time("from"), To: f.Time("to"), Reason: f.Text("reason"), Key: web.RequestKey(r.Context()),
	}
	if f.OK() {
		err := s.Close(r.Context(), identity.SubjectOf(r.Context()), req)
		if err == nil {
			return web.SeeOther(w, r, calendarLink(req.Resource, req.From), "停用时间已登记，这段时间不再接受预约。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.calendarPage(w, r, calendarView{Closure: f})
}

func calendarLink(resource string, day time.Time) string {
	return "/desk/calendar?day=" + clock.Day(day) + "&resource=" + resource
}

func (s *Service) submitReopen(w http.ResponseWriter, r *http.Request) error {
	c, err := getClosure(r.Context(), s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.Reopen(r.Context(), identity.SubjectOf(r.Context()), c.ID); err != nil {
		return err
	}
	return web.SeeOther(w, r, calendarLink(c.Resource, c.Start.Time), "停用已取消，时段重新开放。")
}

func (s *Service) submitRule(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	resource := f.Text("resource")
	rule := ruleOf(f)
	if f.OK() {
		err := s.SetRule(r.Context(), identity.SubjectOf(r.Context()), resource, rule)
		if err == nil {
			return web.SeeOther(w, r, calendarLink(resource, s.clock.Now()), "预约规则已保存，对之后的预约生效。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.calendarPage(w, r, calendarView{Rule: f})
}
