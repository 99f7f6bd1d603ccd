package waiting

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

// FeePanel draws, on the page of an order with a fee for not coming or cancelling late, what is said about it; nil: nothing.
func (s *Service) FeePanel(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	if d.Order.Kind != order.KindBooking || d.Order.State != order.StateCancelled || s.Policy.Can(by, "waiting.view", objectOf(d.Order)) != nil {
		return nil, nil
	}
	v, err := s.contested(ctx, by, d.Order)
	if err != nil || !v.There && v.Fee == 0 {
		return nil, err
	}
	return contestPanel(v), nil
}

// contested is an order's fee as the subject sees it.
func (s *Service) contested(ctx context.Context, by identity.Subject, o order.Order) (contestView, error) {
	v := contestView{Order: o}
	var err error
	if v.Fee, err = s.feeOf(ctx, s.DB, o); err != nil {
		return v, err
	}
	c, err := getContest(ctx, s.DB, o.ID)
	if err != nil && !fault.Is(err, "no-contest") {
		return v, err
	}
	v.There, v.Case = err == nil, c
	v.May = !v.There && v.Fee > 0 && s.Policy.Can(by, "waiting.contest", objectOf(o)) == nil
	v.Decide = v.There && c.State == ContestOpen && s.Policy.Can(by, "waiting.decide", objectOf(o)) == nil
	return v, nil
}

func (s *Service) showContest(w http.ResponseWriter, r *http.Request) error {
	return s.contestPage(w, r, nil)
}

func (s *Service) contestPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	o, _, err := s.Orders.Read(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "waiting.view", objectOf(o)); err != nil {
		return err
	}
	v, err := s.contested(ctx, by, o)
	if err != nil {
		return err
	}
	if !v.There && v.Fee == 0 {
		return fault.New(fault.Conflict, "contest-none", "这笔订单没有可以申诉的费用。")
	}
	if v.Form = f; f == nil {
		v.Form = form.Of(map[string]string{})
	}
	return web.Page(w, r, f.Status(), contestPage(v))
}

func (s *Service) submitContest(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	c, err := s.Contest(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), f.Text("reason"))
	if err != nil {
		if !f.Fail(err) {
			return err
		}
		return s.contestPage(w, r, f)
	}
	return web.SeeOther(w, r, "/desk/orders/"+c.Order, "申诉已提交，等服务单位答复。")
}

func (s *Service) submitDecision(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	verb := VerbUphold
	if f.Text("verb") == VerbWaive {
		verb = VerbWaive
	}
	c, err := s.Decide(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), verb, f.Text("answer"))
	if err != nil {
		if !f.Fail(err) {
			return err
		}
		return s.contestPage(w, r, f)
	}
	return web.SeeOther(w, r, "/desk/orders/"+c.Order, "已答复申诉。")
}
