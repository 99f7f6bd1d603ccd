package order

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/booking"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/pricing"
)

// bookView is the page on which slots are chosen.
type bookView struct {
	Resource Resource
	Form     *form.Form
	Board    ui.BoardOf
	Rule     booking.Rule
	Lines    []ui.Option     // rates to choose from, if there are several
	AddOns   []pricing.AddOn // what may be added
	Must     []pricing.AddOn // what comes in any case
	Currency string
	Counted  bool            // the price counts samples, pieces or batches
	Gates    templ.Component // conditions that must be in hand; nil: none
	Uses     []ui.Option     // purposes that customs permits, and others; none where it supervises nothing
	Wait     string          // address of the waiting list
	Behalf   bool            // the reader may book it for somebody else
	Full     bool            // nothing is free in the week shown
}

// checkView is the page that shows what will be ordered before it is.
type checkView struct {
	Estimate Estimate
	Form     *form.Form
	Options  []payOption
	Funds    []ui.Option // cards that can pay the own part
	Idle     []string    // cards that cannot, and why
	Back     string
}

func (s *Service) showBook(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	return s.bookPage(w, r, f)
}

// bookPage shows the board of the week that f names, with what was chosen and what is wrong.
func (s *Service) bookPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	res, err := s.catalogue.Resource(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.orderable(KindBooking, res); err != nil {
		return err
	}
	if err := s.served(ctx, s.db, res); err != nil {
		return err
	}
	week := f.Text("week")
	if week == "" {
		if chosen, err := chosenSpan(f.All("slot"), true); err == nil {
			week = clock.Day(chosen.From)
		}
	}
	board, err := s.booking.Week(ctx, res, identity.SubjectOf(ctx).Org == res.Owner, week, f.All("slot"))
	if err != nil {
		return err
	}
	s.booking.LinkWeeks(&board, "/resources/"+res.ID+"/book", kept(f))
	rule, err := s.booking.RuleOf(ctx, s.db, res.ID)
	if err != nil {
		return err
	}
	v := bookView{Resource: res, Form: f, Board: board, Rule: rule, Uses: useOptions(ctx, res, s.today()), Wait: "/resources/" + res.ID + "/wait", Full: full(board)}
	if err := s.fieldsOf(ctx, identity.SubjectOf(ctx), &v); err != nil {
		return err
	}
	if s.behalf != nil {
		if v.Behalf, err = s.behalf(ctx, s.db, identity.SubjectOf(ctx), res); err != nil {
			return err
		}
	}
	return web.Page(w, r, f.Status(), bookPage(v))
}

// full tells whether a board has nothing to choose.
func full(b ui.BoardOf) bool {
	for _, d := range b.Days {
		if slices.ContainsFunc(d.Slots, func(x ui.BoardSlot) bool { return x.State == ui.SlotFree }) {
			return false
		}
	}
	return true
}

// chosenSpan joins the ticked slots ("from/to") into one span. Slots that do not touch are a fault, but for whole days:
// the nights between belong to them.
func chosenSpan(values []string, days bool) (booking.Span, error) {
	var slots []booking.Span
	for _, v := range values {
		from, to, _ := strings.Cut(v, "/")
		a, err1 := time.Parse(time.RFC3339, from)
		b, err2 := time.Parse(time.RFC3339, to)
		if err := errors.Join(err1, err2); err != nil || !a.Before(b) {
			return booking.Span{}, fault.New(fault.Invalid, "slot-text", "所选时段无法识别，请重新选择。").Because(err)
		}
		slots = append(slots, booking.Span{From: a, To: b})
	}
	if len(slots) == 0 {
		return booking.Span{}, fault.New(fault.Invalid, "slot-none", "请先在日历中选择至少一个时段。").
			Field("slot", "required", "请选择时段。")
	}
	slices.SortFunc(slots, func(a, b booking.Span) int { return a.From.Compare(b.From) })
	out := slots[0]
	for _, x := range slots[1:] {
		switch {
		case x.From.Equal(out.To) || days && out.To.Before(x.From):
			out.To = x.To
		case !x.From.Before(out.To):
			return booking.Span{}, fault.New(fault.Invalid, "slot-gap", "一笔订单的时段要前后相连。不相连的时段请分两次预约。").
				Field("slot", "gap", "请选择前后相连的时段。")
		case x.To.After(out.To):
			return booking.Span{}, fault.New(fault.Invalid, "slot-text", "所选时段无法识别，请重新选择。")
		}
	}
	return out, nil
}

// wanted is the stretch a form asks for: the times typed where the rule lets one choose them, else the ticked slots.
func wanted(f *form.Form, mode string) (booking.Span, error) {
	if mode == booking.ModeFree && f.Text("from")+f.Text("to") != "" {
		f.Need("from", "to")
		span := booking.Span{From: f.Time("from"), To: f.Time("to")}
		if !f.OK() {
			return span, f.Fault
		}
		return span, nil
	}
	return chosenSpan(f.All("slot"), mode == booking.ModeDay)
}

// bookRequest reads what was chosen; mistakes are in the form.
func (s *Service) bookRequest(r *http.Request, f *form.Form) (PlaceRequest, error) {
	req := PlaceRequest{
		Kind: KindBooking, Resource: r.PathValue("id"), Quantity: f.Int("quantity"), Line: f.Text("line"), AddOns: chosenAddOns(f), Purpose: f.Text("purpose"), Use: f.Text("customs_use"), Answers: declared(f),
		Need: f.Text("need"), Key: web.RequestKey(r.Context()),
	}
	needUse(f)
	rule, err := s.booking.RuleOf(r.Context(), s.db, req.Resource)
	if err != nil {
		return req, err
	}
	span, err := wanted(f, rule.Mode)
	if err != nil {
		f.Fail(err)
	}
	req.Start, req.End = span.From, span.To
	return req, nil
}

func (s *Service) showCheck(w http.ResponseWriter, r *http.Request) error {
	return s.checkPage(w, r, form.Read(r))
}

// checkPage shows the price of what was chosen and how it can be paid; what is wrong leads back to the board.
func (s *Service) checkPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	said := f.Fault // after a refused submission: why
	req, err := s.bookRequest(r, f)
	if err != nil {
		return err
	}
	if said == nil && !f.OK() {
		return s.bookPage(w, r, f)
	}
	e, err := s.Estimate(ctx, by, req)
	if err != nil {
		if !f.Fail(err) {
			return err
		}
		return s.bookPage(w, r, f)
	}
	v := checkView{Estimate: e, Form: f, Back: "/resources/" + req.Resource + "/book?" + kept(f).Encode()}
	if v.Options, err = s.payOptions(ctx, s.db, by.Org, askOf(by, e)); err != nil {
		return err
	}
	if !slices.ContainsFunc(v.Options, func(p payOption) bool { return p.value() == f.Text("pay") }) {
		f.Set("pay", best(v.Options).value())
	}
	draft := Order{Buyer: by.Org, Provider: e.Resource.Owner, Class: e.Resource.Class, Own: chosenOwn(v.Options, f.Text("pay")), Currency: e.Price.Currency}
	if v.Funds, v.Idle, err = s.fundOptions(ctx, by, draft); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), checkPage(v))
}

func (s *Service) submitBook(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	req, err := s.bookRequest(r, f)
	if err != nil {
		return err
	}
	if !f.OK() {
		return s.bookPage(w, r, f)
	}
	req.Programme, req.Seen = paid(f)
	req.Fund = f.Text("fund")
	if shown := money.Fen(f.Int("price")); f.Text("price") != "" {
		req.Price = &shown
	}
	o, err := s.Place(r.Context(), identity.SubjectOf(r.Context()), req)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/orders/"+o.ID, "预约已提交，时段已为您保留。订单编号 {0}。", o.Number)
	case !f.Fail(err):
		return err
	case f.Fault.Code == "price-changed" || f.Fault.Code == "voucher-too-little" || strings.HasPrefix(f.Fault.Code, "fund-"):
		return s.checkPage(w, r, f)
	}
	return s.bookPage(w, r, f)
}

// useOptions are the purposes to choose from where an instrument is under customs supervision.
func useOptions(ctx context.Context, r Resource, today string) []ui.Option {
	permitted := r.CustomsUses(today)
	if len(permitted) == 0 {
		return nil
	}
	var out []ui.Option
	for _, c := range permitted {
		out = append(out, ui.Option{Value: c.Value, Label: i18n.Pick(ctx, c.ZH, c.EN)})
	}
	return append(out, ui.Option{Value: "other", Label: t(ctx, "其他用途"), Note: t(ctx, "须先由主管海关同意")})
}

// needUse asks a person for the purpose where the page has asked for it.
func needUse(f *form.Form) {
	if f.Text("customs_asked") != "" && f.Text("customs_use") == "" {
		f.Add("customs_use", "required", "请选择属于哪一种海关准许的用途。")
	}
}

// withUse adds to facts the permitted purpose that was chosen, if one had to be.
func withUse(ctx context.Context, use string, facts []ui.Fact) []ui.Fact {
	if use == useUnsaid {
		return append(facts, ui.Fact{Label: t(ctx, "海关准许用途"), Value: t(ctx, "没有说明，接受之前请核实")})
	}
	for _, c := range kinds.CustomsUses() {
		if c.Value == use {
			return append(facts, ui.Fact{Label: t(ctx, "海关准许用途"), Value: i18n.Pick(ctx, c.ZH, c.EN)})
		}
	}
	return facts
}

// kept is what was typed so far, for the address of another week or for going back.
func kept(f *form.Form) url.Values {
	out := url.Values{}
	for _, name := range append([]string{"slot", "from", "to", "line", "quantity", "customs_use", "purpose", "need"}, append(f.Names(addOnField), f.Names(gateField)...)...) {
		if values := f.All(name); len(values) > 0 {
			out[name] = values
		}
	}
	return out
}
