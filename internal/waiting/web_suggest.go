package waiting

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// Panel draws, on a booking's page, what is proposed for it, and what the reader can propose or do instead; nil: nothing.
func (s *Service) Panel(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	o := d.Order
	if o.Kind != order.KindBooking || s.Policy.Can(by, "waiting.view", objectOf(o)) != nil {
		return nil, nil
	}
	v := proposalView{Order: o}
	list, err := offersBy(ctx, s.DB, "origin", []string{o.ID})
	if err != nil {
		return nil, err
	}
	v.Offers = list
	open := slices.ContainsFunc(list, func(x Offer) bool { return x.State == Open })
	v.May = kindFor(o) != "" && !open && s.Policy.Can(by, "waiting.suggest", objectOf(o)) == nil
	v.Answer = by.Org == o.Buyer && s.Policy.Can(by, "waiting.take", objectOf(o)) == nil
	v.Again = ended(o) && by.Org == o.Buyer && s.Policy.Can(by, "waiting.take", objectOf(o)) == nil
	if len(v.Offers) == 0 && !v.May && !v.Again {
		return nil, nil
	}
	return proposalPanel(v), nil
}

// ended tells whether a booking came to nothing, so that its buyer may want another time.
func ended(o order.Order) bool {
	return o.State == order.StateRefused || o.State == order.StateCancelled
}

// proposalView is what stands beside a booking.
type proposalView struct {
	Order  order.Order
	Offers []Offer
	May    bool // propose another time
	Again  bool // look for another time
	Answer bool // answer what is proposed
}

// answerable is the proposal that waits for the reader's answer.
func (v proposalView) answerable() (Offer, bool) {
	for _, x := range v.Offers {
		if v.Answer && x.State == Open {
			return x, true
		}
	}
	return Offer{}, false
}

// waits tells whether the reader has a proposal to answer first.
func (v proposalView) waits() bool {
	_, ok := v.answerable()
	return ok
}

// suggestView is the page on which a provider proposes another time.
type suggestView struct {
	Order     order.Order
	Buyer     identity.Organisation
	Kind      string
	Resources []ui.Option // of the provider, where another instrument can be proposed
	Form      *form.Form
	Rule      Rule
}

func (s *Service) showSuggest(w http.ResponseWriter, r *http.Request) error {
	return s.suggestPage(w, r, nil)
}

func (s *Service) suggestPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	o, _, err := s.Orders.Read(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "waiting.suggest", objectOf(o)); err != nil {
		return err
	}
	v := suggestView{Order: o, Kind: kindFor(o), Form: f}
	if v.Kind == "" {
		return errTooLate()
	}
	if f == nil {
		if v.Form, err = s.emptySuggestion(ctx, o); err != nil {
			return err
		}
		dropped(r, v.Form)
	}
	if v.Kind == Instead {
		list, err := s.Catalogue.Owned(ctx, s.DB, o.Provider)
		if err != nil {
			return err
		}
		for _, x := range list {
			if x.Bookable {
				v.Resources = append(v.Resources, ui.Option{Value: x.ID, Label: i18n.Pick(ctx, x.NameZH, x.NameEN)})
			}
		}
	}
	if v.Rule, err = s.RuleOf(ctx, s.DB, o.Provider, s.today()); err != nil {
		return err
	}
	orgs, err := s.names(ctx, o.Buyer)
	if err != nil {
		return err
	}
	v.Buyer = orgs[o.Buyer]
	return web.Page(w, r, f.Status(), suggestPage(v))
}

// emptySuggestion is the form as it opens: the first time after the order's own that can really be proposed, where there is one.
func (s *Service) emptySuggestion(ctx context.Context, o order.Order) (*form.Form, error) {
	r, err := s.Catalogue.Resource(ctx, s.DB, o.Resource)
	if err != nil {
		return nil, fmt.Errorf("what was booked: %w", err)
	}
	f := form.Of(map[string]string{"resource": o.Resource})
	x, ok, err := s.nextFree(ctx, o, r, o.End.Time)
	if err != nil || !ok {
		return f, err
	}
	f.Set("from", clock.Local(x.From).Format(minuteOfDay))
	f.Set("to", clock.Local(x.To).Format(minuteOfDay))
	return f, nil
}

// minuteOfDay is how a form says a minute.
const minuteOfDay = "2006-01-02T15:04"

// dropped takes the time over to which a booking was dragged on the board of the day.
func dropped(r *http.Request, f *form.Form) {
	for param, field := range map[string]string{"start": "from", "end": "to"} {
		if v := r.FormValue(param); v != "" {
			if _, err := time.Parse(minuteOfDay, v); err == nil {
				f.Set(field, v)
			}
		}
	}
}

func (s *Service) submitSuggest(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	req := SuggestRequest{Note: f.Text("note"), Resource: f.Text("resource"), Start: f.Time("from"), End: f.Time("to"), Key: web.RequestKey(ctx)}
	if !f.OK() {
		return s.suggestPage(w, r, f)
	}
	x, err := s.Suggest(ctx, identity.SubjectOf(ctx), r.PathValue("id"), req)
	if err != nil {
		if !f.Fail(err) {
			return err
		}
		return s.suggestPage(w, r, f)
	}
	if x.Kind == ToMove {
		return web.SeeOther(w, r, "/desk/orders/"+x.Origin, "提议已发给对方。答复之前原来的时间不变。")
	}
	return web.SeeOther(w, r, "/desk/orders/"+x.Origin, "已拒绝并建议其他时间，时段为对方保留。")
}

func (s *Service) submitTakeBack(w http.ResponseWriter, r *http.Request) error {
	x, err := s.TakeBack(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/orders/"+x.Origin, "提议已收回，时段不再保留。")
}
