package waiting

import (
	"net/http"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

// offerView is an offer as one side sees it.
type offerView struct {
	Offer
	Provider identity.Organisation
	Buyer    identity.Organisation
	Form     *form.Form
	Mine     bool            // the reader's organisation was offered it
	May      bool            // the reader can take it now
	Pay      templ.Component // price and payment; nil: not to be taken by the reader, or see Why
	Why      *fault.Error    // what stands in the way of an order now
	Left     time.Duration   // to answer
	Origin   *order.Order    // that was refused or is to be moved; nil: from the queue
	Price    money.Fen       // of a move: at the new time
	Back     bool            // the reader can take the proposal back
	Body     Content
}

func (s *Service) showOffer(w http.ResponseWriter, r *http.Request) error {
	return s.offerPage(w, r, form.Of(map[string]string{}))
}

func (s *Service) offerPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	o, err := s.Offer(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := offerView{Offer: o, Form: f, Mine: by.Org == o.Buyer, Left: o.Until.Sub(s.Clock.Now())}
	v.May = v.Mine && o.State == Open && v.Left > 0 && s.Policy.Can(by, "waiting.take", o.object()) == nil
	if v.Body, err = contentOf(o.Content); err != nil {
		return err
	}
	v.Back = o.State == Open && o.Kind != FromQueue && s.Policy.Can(by, "waiting.suggest", o.object()) == nil
	if v.Offer.Origin != "" {
		list, err := s.Orders.Named(ctx, s.DB, []string{v.Offer.Origin})
		if err != nil {
			return err
		}
		if len(list) > 0 {
			v.Origin = &list[0]
		}
	}
	if o.Kind == ToMove && v.Origin != nil {
		if v.Price, err = s.Orders.PriceAt(ctx, s.DB, *v.Origin, o.Start.Time, o.End.Time); err != nil {
			return err
		}
	} else if v.May {
		if err := s.price(r, &v, by); err != nil {
			return err
		}
	}
	orgs, err := s.names(ctx, o.Provider, o.Buyer)
	if err != nil {
		return err
	}
	v.Provider, v.Buyer = orgs[o.Provider], orgs[o.Buyer]
	return web.Page(w, r, f.Status(), offerPage(v))
}

// price draws what taking the offer would cost; a rule that does not let the order through now is told instead.
func (s *Service) price(r *http.Request, v *offerView, by identity.Subject) error {
	req, err := v.request(TakeRequest{})
	if err != nil {
		return err
	}
	wished := req.Programme
	req.Programme = "" // chosen on the page
	e, err := s.Orders.Expect(r.Context(), by, req)
	if err != nil {
		if k := fault.Of(err).Kind; k == fault.Internal {
			return err
		}
		v.Why = fault.Of(err)
		return nil
	}
	e.Request.Programme = wished
	v.Pay, err = s.Orders.PayForm(r.Context(), by, e, v.Form)
	return err
}

func (s *Service) submitTake(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	var paid order.PlaceRequest
	order.PaidBy(f, &paid)
	if !f.OK() {
		return s.offerPage(w, r, f)
	}
	o, err := s.Take(ctx, identity.SubjectOf(ctx), r.PathValue("id"), TakeRequest{Programme: &paid.Programme, Seen: paid.Seen, Fund: &paid.Fund, Price: paid.Price})
	if err != nil {
		if !f.Fail(err) {
			return err
		}
		return s.offerPage(w, r, f)
	}
	return web.SeeOther(w, r, "/desk/orders/"+o.ID, "已接受，时段归您。订单编号 {0}。", o.Number)
}

func (s *Service) submitAnswer(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		o, err := s.Answer(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), verb)
		if err != nil {
			return err
		}
		switch {
		case verb == VerbPass:
			return web.SeeOther(w, r, "/desk/waits/"+o.Wait, "已让出这个时段，您的位置保留，继续排队。")
		case o.Wait != "":
			return web.SeeOther(w, r, "/desk/waits/"+o.Wait, "已谢绝，时段让给下一位。")
		}
		return web.SeeOther(w, r, "/desk/orders/"+o.Origin, "已谢绝对方的提议。")
	}
}
