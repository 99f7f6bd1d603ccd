package waiting

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

// joinView is the page on which one begins to wait.
type joinView struct {
	Resource Resource
	Form     *form.Form
	Days     bool // the instrument is booked by whole days
	Kept     []string
	Waiting  int // places in the queue now
	Rule     Rule
	Free     string // address where the time can be booked, when it is free
}

// carried are the fields of the booking page that a place keeps; declared answers and add-ons by their prefix.
func carried(f *form.Form) []string {
	return append([]string{"line", "customs_use", "need"}, append(f.Names("addon-"), f.Names("gate_")...)...)
}

func (s *Service) showJoin(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	tomorrow, err := clock.AddDays(s.today(), 1)
	if err != nil {
		return err
	}
	first := tomorrow
	if week := f.Text("week"); week > tomorrow {
		first = week
	}
	last, err := clock.AddDays(first, 13)
	if err != nil { // of an address that was made up
		first = tomorrow
		if last, err = clock.AddDays(first, 13); err != nil {
			return err
		}
	}
	for name, value := range map[string]string{"from_day": first, "to_day": last, "length": "2", "quantity": "1"} {
		if f.Text(name) == "" {
			f.Set(name, value)
		}
	}
	return s.joinPage(w, r, f)
}

func (s *Service) joinPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	res, err := s.Catalogue.Resource(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := joinView{Resource: res, Form: f, Kept: carried(f)}
	rule, err := s.Calendars.RuleOf(ctx, s.DB, res.ID)
	if err != nil {
		return err
	}
	v.Days = rule.Mode == booking.ModeDay
	list, err := queueOf(ctx, s.DB, res.ID)
	if err != nil {
		return err
	}
	v.Waiting = len(list)
	if v.Rule, err = s.RuleOf(ctx, s.DB, res.Owner, s.today()); err != nil {
		return err
	}
	if f.Fault != nil && f.Fault.Code == "wait-free" {
		v.Free = "/resources/" + res.ID + "/book?week=" + f.Text("from_day")
	}
	return web.Page(w, r, f.Status(), joinPage(v))
}

func (s *Service) submitJoin(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	rule, err := s.Calendars.RuleOf(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	req := JoinRequest{
		Resource: r.PathValue("id"), FromDay: f.Date("from_day"), ToDay: f.Date("to_day"), FromMinute: minuteOf(f, "from_hour", 0), ToMinute: minuteOf(f, "to_hour", 1440),
		Minutes: lengthOf(f, rule.Mode == booking.ModeDay), Until: f.Date("until"), Key: web.RequestKey(ctx),
		Content: Content{Quantity: f.Int("quantity"), Line: f.Text("line"), Purpose: f.Text("purpose"), Use: f.Text("customs_use"), Need: f.Text("need"), AddOns: map[string]int64{}, Answers: map[string]string{}},
	}
	for _, name := range f.Names("addon-") {
		if n := f.Int(name); f.Text(name) != "" && n > 0 {
			req.Content.AddOns[strings.TrimPrefix(name, "addon-")] = n
		}
	}
	for _, name := range f.Names("gate_") {
		req.Content.Answers[strings.TrimPrefix(name, "gate_")] = f.Text(name)
	}
	if !f.OK() {
		return s.joinPage(w, r, f)
	}
	x, err := s.Join(ctx, identity.SubjectOf(ctx), req)
	if err != nil {
		if !f.Fail(err) {
			return err
		}
		return s.joinPage(w, r, f)
	}
	return web.SeeOther(w, r, "/desk/waits/"+x.ID, "已加入候补。有合适的时间时会为您保留，并发消息通知。")
}

// minuteOf reads a time of the day; empty is as none says.
func minuteOf(f *form.Form, name string, none int64) int64 {
	text := f.Text(name)
	if text == "" {
		return none
	}
	h, m, ok := strings.Cut(text, ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if !ok || err1 != nil || err2 != nil || hour < 0 || hour > 24 || minute < 0 || minute > 59 || hour*60+minute > 1440 {
		f.Add(name, "time", "请按 09:00 的格式填写时间。")
		return none
	}
	return int64(hour*60 + minute)
}

// lengthOf reads how long the work takes: hours with fractions, or days.
func lengthOf(f *form.Form, days bool) int64 {
	n, err := strconv.ParseFloat(strings.ReplaceAll(f.Text("length"), "，", "."), 64)
	if err != nil || math.IsNaN(n) || n <= 0 || n > maxWindow*24 {
		f.Add("length", "number", "请填写大于零的数字，例如 2 或 3.5。")
		return 0
	}
	if days {
		return int64(math.Ceil(n)) * 1440
	}
	return int64(math.Round(n * 60))
}
