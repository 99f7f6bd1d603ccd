package review

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /desk/orders/{id}/buyer-ratings", Action: "review.view", Private: true, Handle: s.show},
		{Pattern: "POST /desk/orders/{id}/buyer-rating", Action: "review.rate", Private: true, Handle: s.submitRating},
		{Pattern: "POST /desk/orders/{id}/buyer-reply", Action: "review.reply", Private: true, Handle: s.submitReply},
	}
}

// view is what the reader may know of how the buyer of an order was rated.
type view struct {
	About
	Order order.Order
	Names map[string]identity.Organisation
	Form  *form.Form // of the rating or the reply
}

func (s *Service) view(ctx context.Context, by identity.Subject, o order.Order) (view, error) {
	v := view{Order: o}
	var err error
	if v.About, err = s.About(ctx, by, o); err != nil {
		return v, err
	}
	ids := []string{o.Buyer, o.Provider}
	for _, r := range v.Others {
		if r.Provider != "" {
			ids = append(ids, r.Provider)
		}
	}
	v.Names, err = s.Organisations.Organisations(ctx, s.DB, ids)
	return v, err
}

func (s *Service) show(w http.ResponseWriter, r *http.Request) error { return s.page(w, r, nil) }

// page shows the ratings; f is the form that came back with mistakes.
func (s *Service) page(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	o, err := s.order(ctx, by, r.PathValue("id"), "review.view")
	if err != nil {
		return err
	}
	v, err := s.view(ctx, by, o)
	if err != nil {
		return err
	}
	if v.Form = f; f == nil {
		values := map[string]string{}
		switch {
		case v.Mine != nil && v.Rate:
			values["stars"], values["text"] = strconv.FormatInt(v.Mine.Stars, 10), v.Mine.Text
		case v.Mine != nil:
			values["text"] = v.Mine.Reply
		}
		v.Form = form.Of(values)
	}
	return web.Page(w, r, v.Form.Status(), ratingsPage(v))
}

func (s *Service) submitRating(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	stars := f.Int("stars")
	if !f.OK() {
		return s.page(w, r, f)
	}
	err := s.Rate(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), stars, f.Text("text"))
	return s.answer(w, r, f, err, "评价已保存，对方会收到通知。")
}

func (s *Service) submitReply(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	err := s.Reply(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), f.Text("text"))
	return s.answer(w, r, f, err, "回复已保存，对方会收到通知。")
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, f *form.Form, err error, done string) error {
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/orders/"+r.PathValue("id")+"/buyer-ratings", done)
	case f.Fail(err):
		return s.page(w, r, f)
	}
	return err
}

// Panel draws, on an order's page, how its buyer was rated; nil for those who may not know, and where there is nothing to
// know and nothing to do.
func (s *Service) Panel(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	if s.Policy.Can(by, "review.view", object(d.Order)) != nil {
		return nil, nil
	}
	v, err := s.view(ctx, by, d.Order)
	if err != nil {
		return nil, err
	}
	if v.Mine == nil && !v.Rate && (v.AsBuyer || !v.Told) {
		return nil, nil
	}
	return panel(v), nil
}
