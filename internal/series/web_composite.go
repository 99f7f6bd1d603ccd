package series

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// composeView is the page on which a time for several instruments is looked for.
type composeView struct {
	Form   *form.Form
	Parts  int
	Pool   []Resource
	Asked  bool
	Offers []Offer
	Known  map[string]Resource
	Pay    templ.Component
	Gates  templ.Component
}

// bookable are the offers that can be booked.
func (v composeView) bookable() []Offer {
	return slices.DeleteFunc(slices.Clone(v.Offers), func(o Offer) bool { return o.Why != nil })
}

// barred is why some time cannot be booked; nil: all can.
func (v composeView) barred() *fault.Error {
	for _, o := range v.Offers {
		if o.Why != nil {
			return o.Why
		}
	}
	return nil
}

func (s *Service) showCompose(w http.ResponseWriter, r *http.Request) error {
	return s.composePage(w, r, form.Read(r))
}

// composePage shows the parts and, once they are asked for, the first times.
func (s *Service) composePage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v := composeView{Form: f, Parts: max(1, min(int(f.Int("parts")), MaxParts)), Asked: f.Text("do") == "find"}
	if f.Text("parts") == "" {
		v.Parts = max(2, min(len(f.All("with")), MaxParts))
	}
	if f.Text("do") == "more" {
		v.Parts = min(v.Parts+1, MaxParts)
	}
	s.beginComposed(f, v.Parts)
	var err error
	if v.Pool, err = s.Pool(ctx, by, f.All("with")); err != nil {
		return err
	}
	if v.Gates, err = s.Orders.GateFields(ctx, by, v.chosen(), f); err != nil {
		return err
	}
	if v.Asked {
		said := f.Fault
		a := askOf(f, v.Parts)
		if f.OK() || said != nil {
			v.Offers, v.Known, err = s.Look(ctx, by, a, order.ReadBooking(f))
			if err != nil && !f.Fail(err) {
				return err
			}
			if list := v.bookable(); len(list) > 0 {
				if v.Pay, err = s.Orders.PayFields(ctx, by, list[0].Drafts, f); err != nil {
					return err
				}
				if f.Text("at") == "" {
					f.Set("at", picksText(list[0].Picks))
				}
			}
		}
	}
	return web.Page(w, r, f.Status(), composePage(v))
}

// chosen are the resources of the pool that a part names.
func (v composeView) chosen() []Resource {
	var out []Resource
	for _, r := range v.Pool {
		for i := 1; i <= v.Parts; i++ {
			if slices.Contains(v.Form.All("any"+strconv.Itoa(i)), r.ID) {
				out = append(out, r)
				break
			}
		}
	}
	return out
}

// beginComposed fills in what stands empty when the page shows first.
func (s *Service) beginComposed(f *form.Form, parts int) {
	set := func(name, value string) {
		if f.Text(name) == "" {
			f.Set(name, value)
		}
	}
	with, fresh := f.All("with"), f.Text("hours1") == ""
	for i := 1; i <= parts; i++ {
		n := strconv.Itoa(i)
		if fresh && i <= len(with) {
			set("any"+n, with[i-1])
		}
		set("count"+n, "1")
		set("hours"+n, "2")
		set("after"+n, "0")
		set("gap"+n, "0")
	}
	if from, err := clock.AddDays(s.today(), 1); err == nil {
		set("first", from)
	}
	if to, err := clock.AddDays(s.today(), 14); err == nil {
		set("last", to)
	}
}

// askOf reads the parts; mistakes are in the form.
func askOf(f *form.Form, parts int) Ask {
	a := Ask{First: f.Date("first"), Last: f.Date("last")}
	for i := 1; i <= parts; i++ {
		n := strconv.Itoa(i)
		a.Parts = append(a.Parts, Want{
			Resources: f.All("any" + n), Count: int(f.Int("count" + n)), Length: hoursOf(f.Text("hours" + n)), After: int(f.Int("after" + n)), Gap: time.Duration(f.Int("gap"+n)) * time.Minute,
		})
	}
	bound := func(name string) int {
		if f.Text(name) == "" {
			return 0
		}
		m, ok := minutesOf(f.Text(name))
		if !ok {
			f.Add(name, "time", "请写成 09:00 这样的时间。")
		}
		return m
	}
	a.NotBefore, a.NotAfter = bound("not_before"), bound("not_after")
	for _, code := range f.All("weekdays") {
		if d, ok := weekdayOf(code); ok && d.Nth == 0 {
			a.Weekdays = append(a.Weekdays, d.Day)
		}
	}
	return a
}

// hoursOf reads hours with a fraction, as whole minutes; 0 where it is none.
func hoursOf(text string) time.Duration {
	h, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || !(h > 0 && h < 2000) {
		return 0
	}
	return time.Duration(math.Round(h*60)) * time.Minute
}

// picksText is the picks of a time as the page sends them; readPicks reads them back.
func picksText(picks []Pick) string {
	out := make([]string, len(picks))
	for i, p := range picks {
		out[i] = fmt.Sprintf("%d;%s;%s;%s", p.Part, p.Resource, p.Span.From.UTC().Format(time.RFC3339), p.Span.To.UTC().Format(time.RFC3339))
	}
	return strings.Join(out, ",")
}

func readPicks(text string) ([]Pick, error) {
	bad := fault.New(fault.Invalid, "composite-none", "请先选一个时间。").Field("at", "required", "请先选一个时间。")
	if text == "" {
		return nil, bad
	}
	var out []Pick
	for _, one := range strings.Split(text, ",") {
		part := strings.Split(one, ";")
		if len(part) != 4 || len(out) == MaxTogether {
			return nil, bad
		}
		n, err := strconv.Atoi(part[0])
		from, err1 := time.Parse(time.RFC3339, part[2])
		to, err2 := time.Parse(time.RFC3339, part[3])
		if err != nil || err1 != nil || err2 != nil || n < 1 || n > MaxParts || part[1] == "" || !from.Before(to) {
			return nil, bad
		}
		out = append(out, Pick{n, part[1], booking.Span{From: from, To: to}})
	}
	return out, nil
}

func (s *Service) submitCompose(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	picks, err := readPicks(f.Text("at"))
	var g Group
	if err == nil {
		g, err = s.Compose(ctx, identity.SubjectOf(ctx), ComposeRequest{Picks: picks, Order: order.ReadBooking(f), Key: web.RequestKey(ctx)})
	}
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/series/"+g.ID, "{0} 台仪器都约上了，时段已为您保留。编号 {1}。", g.Parts, g.Number)
	case !f.Fail(err):
		return err
	}
	f.Set("do", "find") // the first times that are there now
	return s.composePage(w, r, f)
}

// options are the times that can be booked, to choose one from.
func (v composeView) options(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, o := range v.bookable() {
		out = append(out, ui.Option{Value: picksText(o.Picks), Label: ui.SaySpan(ctx, o.Start, o.End) + " · " + t(ctx, "合计 {0}", o.Total), Note: v.sayPicks(ctx, o)})
	}
	return out
}

// sayPicks says which instruments a time gives, each with its price, and its own time where that differs.
func (v composeView) sayPicks(ctx context.Context, o Offer) string {
	var out []string
	for i, p := range o.Picks {
		text := name(ctx, v.Known[p.Resource])
		if !p.Span.From.Equal(o.Start) || !p.Span.To.Equal(o.End) {
			text += " " + clockSpan(p.Span)
		}
		out = append(out, text+" "+o.Drafts[i].Estimate.Price.Total.String())
	}
	return strings.Join(out, t(ctx, "；"))
}
