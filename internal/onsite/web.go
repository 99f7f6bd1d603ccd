package onsite

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /at/{code}", Action: "onsite.at", Handle: s.showAt},
		{Pattern: "POST /at/{code}", Action: "onsite.at", Handle: s.submitAt},
		{Pattern: "POST /at/{code}/fault", Action: "onsite.at", Handle: s.submitFault},
		{Pattern: "GET /desk/onsite", Action: "onsite.desk", Handle: s.showDesk, Private: true},
		{Pattern: "POST /desk/onsite/rule", Action: "onsite.rule", Handle: s.submitRule, Private: true},
		{Pattern: "POST /desk/onsite/faults/{id}", Action: "onsite.rule", Handle: s.submitSettle, Private: true},
		{Pattern: "GET /desk/onsite/codes", Action: "onsite.desk", Handle: s.showCodes, Private: true},
		{Pattern: "POST /desk/onsite/codes/{id}", Action: "onsite.rule", Handle: s.submitRenew, Private: true},
	}
}

// atView is the page at an instrument: on a phone that scanned its code, or on a tablet beside it.
type atView struct {
	Station  Station
	Sessions []Session // of today
	Mine     []Session // that the person who is signed in may act on
	Rule     Rule
	Form     *form.Form
	Fault    *form.Form
	Signed   bool
}

func (s *Service) showAt(w http.ResponseWriter, r *http.Request) error {
	f := form.Of(map[string]string{"number": r.URL.Query().Get("number")})
	return s.atPage(w, r, f, form.Of(nil))
}

func (s *Service) atPage(w http.ResponseWriter, r *http.Request, f, broken *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	st, err := stationBy(ctx, s.DB, "code", r.PathValue("code"))
	if err != nil {
		return err
	}
	v := atView{Station: st, Form: f, Fault: broken, Signed: by.Person != ""}
	day, err := clock.Midnight(s.today())
	if err != nil {
		return err
	}
	var where db.Where
	where.And("resource = ?", st.Resource)
	where.And("state <> ?", Cancelled)
	where.And("booked_to > ?", db.At(day))
	where.And("booked_from < ?", db.At(day.AddDate(0, 0, 1)))
	list, err := listSessions(ctx, s.DB, &where)
	if err != nil {
		return err
	}
	for i := len(list) - 1; i >= 0; i-- {
		x := list[i]
		v.Sessions = append(v.Sessions, x)
		if v.Signed && (x.Person == by.Person || x.Buyer == by.Org && by.Org != "") && len(x.ways()) > 0 {
			v.Mine = append(v.Mine, x)
		}
	}
	if v.Rule, err = s.RuleOf(ctx, s.DB, st.Owner, s.today()); err != nil {
		return err
	}
	status := f.Status()
	if !broken.OK() {
		status = broken.Status()
	}
	return web.Page(w, r, status, atPage(v))
}

// told takes over a fault into the form, too many tries included.
func told(f *form.Form, err error) bool {
	if fault.Is(err, "session-tries") {
		f.Fault = fault.Of(err)
		return true
	}
	return f.Fail(err)
}

func (s *Service) submitAt(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	x, err := s.Act(ctx, identity.SubjectOf(ctx), Attempt{Code: r.PathValue("code"), Number: f.Text("number"), Pin: f.Text("pin"), What: f.Text("do")})
	switch {
	case err == nil:
		to := "/at/" + r.PathValue("code")
		switch f.Text("do") {
		case DoStart:
			return web.SeeOther(w, r, to, "预约 {0} 已开机，开始计时。", x.Number)
		case DoStop:
			return web.SeeOther(w, r, to, "预约 {0} 已停机，机时 {1} 分钟已记入订单。", x.Number, x.Minutes)
		}
		return web.SeeOther(w, r, to, "预约 {0} 已签到。", x.Number)
	case told(f, err):
		f.Set("pin", "")
		return s.atPage(w, r, f, form.Of(nil))
	}
	return err
}

func (s *Service) submitFault(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	err := s.Report(ctx, identity.SubjectOf(ctx), Attempt{Code: r.PathValue("code"), Number: f.Text("number"), Pin: f.Text("pin")}, f.Text("text"), web.RequestKey(ctx))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/at/"+r.PathValue("code"), "故障已报告，实验室人员已收到通知。")
	case told(f, err):
		f.Set("pin", "")
		return s.atPage(w, r, form.Of(nil), f)
	}
	return err
}

// deskView is what happened at an owner's instruments in a month.
type deskView struct {
	Month  string
	Prev   string
	Next   string
	Hours  []Hours
	Names  map[string]Station
	Faults []Trouble
	Sum    sums
	Rule   Rule
	Form   *form.Form
	May    bool
}

// sums are the hours of a month, in minutes.
type sums struct{ Booked, Inner, Outer, Idle, Over, Missed int64 }

func (s *Service) showDesk(w http.ResponseWriter, r *http.Request) error {
	return s.deskPage(w, r, nil)
}

func (s *Service) deskPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v := deskView{Month: r.URL.Query().Get("month"), Form: f, Names: map[string]Station{}}
	from, err := clock.Midnight(v.Month + "-01")
	if err != nil {
		v.Month = s.today()[:7]
		if from, err = clock.Midnight(v.Month + "-01"); err != nil {
			return err
		}
	}
	local := clock.Local(from)
	v.Prev, v.Next = local.AddDate(0, -1, 0).Format("2006-01"), local.AddDate(0, 1, 0).Format("2006-01")
	if v.Rule, err = s.RuleOf(ctx, s.DB, by.Org, s.today()); err != nil {
		return err
	}
	if f == nil {
		v.Form = form.Of(map[string]string{"early": fmt.Sprint(v.Rule.Early), "late": fmt.Sprint(v.Rule.Late), "grace": fmt.Sprint(v.Rule.Grace), "gap": fmt.Sprint(v.Rule.Gap), "from": s.today()})
	}
	var where db.Where
	s.Policy.Filter(by, "onsite.desk", map[string]string{"owner": "owner"}, &where)
	where.And("booked_from >= ?", db.At(from))
	where.And("booked_from < ?", db.At(local.AddDate(0, 1, 0)))
	if v.Hours, v.Sum, err = s.month(ctx, &where); err != nil {
		return err
	}
	stations, err := s.Stations(ctx, by)
	if err != nil {
		return err
	}
	for _, x := range stations {
		v.Names[x.Resource] = x
	}
	if v.Faults, err = troubles(ctx, s.DB, by.Org); err != nil {
		return err
	}
	v.May = s.Policy.Can(by, "onsite.rule", identity.Object{Parties: map[string]string{"owner": by.Org}}) == nil
	return web.Page(w, r, f.Status(), deskPage(v))
}

// month is the sessions that w chooses, beside their meters, and their sums.
func (s *Service) month(ctx context.Context, w *db.Where) ([]Hours, sums, error) {
	var sum sums
	list, err := listSessions(ctx, s.DB, w)
	if err != nil {
		return nil, sum, err
	}
	var out []Hours
	for _, x := range list {
		if x.State == Cancelled {
			continue
		}
		h, err := s.hours(ctx, s.DB, x)
		if err != nil {
			return nil, sum, err
		}
		out = append(out, h)
		sum.Booked += x.booked()
		if x.Inner {
			sum.Inner += x.Minutes
		} else {
			sum.Outer += x.Minutes
		}
		sum.Idle += h.Idle
		if x.State == Done {
			sum.Over += x.over()
		}
		if x.State == NoShow {
			sum.Missed++
		}
	}
	return out, sum, nil
}

func (s *Service) submitRule(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	f.Need("early", "late", "grace", "gap", "from")
	rule := Rule{Early: f.Int("early"), Late: f.Int("late"), Grace: f.Int("grace"), Gap: f.Int("gap"), From: f.Date("from")}
	if !f.OK() {
		return s.deskPage(w, r, f)
	}
	err := s.SetRule(r.Context(), identity.SubjectOf(r.Context()), rule)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/onsite", "规则已保存，会在预约和仪器页面上告知。")
	case f.Fail(err):
		return s.deskPage(w, r, f)
	}
	return err
}

func (s *Service) submitSettle(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	var until time.Time
	if f.Text("do") == "down" {
		f.Need("until")
		until = f.Time("until")
		if !f.OK() {
			return fault.New(fault.Invalid, "fault-invalid", "请填写预计恢复的日期和时间。")
		}
	}
	if err := s.Settle(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), until); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/onsite", "故障报告已处理。")
}

// codesView is the sheet of codes to print.
type codesView struct {
	Stations []drawn
	Token    string // of a meter, told once
	Of       string // resource it belongs to
	Address  string
	May      bool
}

// drawn is a station with its code.
type drawn struct {
	Station
	Path string
	Box  string
}

func (s *Service) showCodes(w http.ResponseWriter, r *http.Request) error {
	return s.codesPage(w, r, "", "")
}

func (s *Service) codesPage(w http.ResponseWriter, r *http.Request, token, of string) error {
	by := identity.SubjectOf(r.Context())
	list, err := s.Stations(r.Context(), by)
	if err != nil {
		return err
	}
	v := codesView{Token: token, Of: of, Address: s.Address, May: s.Policy.Can(by, "onsite.rule", identity.Object{Parties: map[string]string{"owner": by.Org}}) == nil}
	for _, x := range list {
		path, size, err := codeOf(s.Address + "/at/" + x.Code)
		if err != nil {
			return err
		}
		v.Stations = append(v.Stations, drawn{x, path, fmt.Sprintf("0 0 %d %d", size, size)})
	}
	return web.Page(w, r, http.StatusOK, codesPage(v))
}

func (s *Service) submitRenew(w http.ResponseWriter, r *http.Request) error {
	what := form.Read(r).Text("do")
	token, err := s.Renew(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), what)
	if err != nil {
		return err
	}
	if what == "meter" {
		return s.codesPage(w, r, token, r.PathValue("id"))
	}
	return web.SeeOther(w, r, "/desk/onsite/codes", "二维码已更换，请打印新的贴上，旧的已失效。")
}

// panelView is a booking's time at the instrument, on its order's page.
type panelView struct {
	Hours
	Rule Rule
	Link string // to the page at the instrument
	Pin  string // personal code; empty for those who do not need it
}

// Panel draws, on the page of a booking, its hours and how to check in; nil where there is no session.
func (s *Service) Panel(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	if d.Order.Kind != order.KindBooking || d.Order.State == order.StateCancelled || d.Order.State == order.StateRefused {
		return nil, nil
	}
	x, err := getSession(ctx, s.DB, d.Order.ID)
	if fault.Is(err, "session-wrong") || x.State == Cancelled {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v := panelView{}
	if v.Hours, err = s.hours(ctx, s.DB, x); err != nil {
		return nil, err
	}
	if v.Rule, err = s.RuleOf(ctx, s.DB, x.Owner, clock.Day(x.From.Time)); err != nil {
		return nil, err
	}
	st, err := stationBy(ctx, s.DB, "resource", x.Resource)
	if err == nil && by.Org == x.Buyer && by.Org != "" && len(x.ways()) > 0 {
		v.Link, v.Pin = "/at/"+st.Code+"?number="+x.Number, pin(st.Secret, x.Order)
	}
	return panel(v), nil
}
