package behalf

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	return []web.Route{
		desk("GET /resources/{id}/behalf", "behalf.open", s.showNew),
		desk("POST /resources/{id}/behalf", "behalf.open", s.submitNew),
		desk("GET /desk/behalf", "behalf.own", s.showList),
		desk("POST /desk/behalf/{id}/confirm", "behalf.answer", s.submitAnswer(VerbConfirm)),
		desk("POST /desk/behalf/{id}/refuse", "behalf.answer", s.submitAnswer(VerbRefuse)),
		desk("POST /desk/behalf/{id}/withdraw", "behalf.withdraw", s.submitAnswer(VerbWithdraw)),
	}
}

// newView is the page on which one books for another: for whom and when, and, once that is said, what it costs.
type newView struct {
	Resource Resource
	Form     *form.Form
	May      bool            // for anybody at all
	Firms    bool            // for firms; otherwise only for members of one's group
	Group    bool            // for members of one's group, too
	Fields   templ.Component // what every booking asks for
	For      identity.Subject
	Estimate *order.Estimate // nil: not asked for yet, or wrong
	Board    ui.BoardOf      // the week
	Pay      templ.Component // a head chooses how the group pays
}

// carried are the fields that the form which books takes along.
func carried(f *form.Form) []string {
	return append([]string{"firm", "who", "asked", "from", "to"}, order.BookingNames(f)...)
}

func request(f *form.Form, resource string) Request {
	req := Request{Firm: f.Text("firm"), Who: f.Text("who"), Asked: f.Text("asked"), Order: order.ReadBooking(f)}
	req.Order.Resource, req.Order.Start, req.Order.End = resource, f.Time("from"), f.Time("to")
	return req
}

func (s *Service) showNew(w http.ResponseWriter, r *http.Request) error {
	return s.newPage(w, r, form.Read(r))
}

func (s *Service) newPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	res, err := s.Catalogue.Resource(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := newView{Resource: res, Form: f, Firms: s.Policy.Can(by, "behalf.book", owned(res)) == nil}
	if v.May, err = s.May(ctx, s.DB, by, res); err != nil {
		return err
	}
	if s.Heads != nil && by.Org != "" {
		if v.Group, err = s.Heads(ctx, s.DB, by.Person); err != nil {
			return err
		}
	}
	if !v.May {
		return web.Page(w, r, f.Status(), newPage(v))
	}
	if f.Text("from") != "" || f.Fault != nil {
		if err := s.expect(ctx, by, &v, res); err != nil {
			return err
		}
	}
	who := v.For
	if who.Org == "" {
		who = by
	}
	if v.Fields, err = s.Orders.BookFields(ctx, who, res, f); err != nil {
		return err
	}
	if v.Board, err = s.Calendars.Week(ctx, res, who.Org == res.Owner, f.Text("week"), nil); err != nil {
		return err
	}
	v.Board.Name = "" // to be looked at
	query := url.Values{}
	for _, name := range carried(f) {
		if values := f.All(name); len(values) > 0 {
			query[name] = values
		}
	}
	s.Calendars.LinkWeeks(&v.Board, "/resources/"+res.ID+"/behalf", query)
	return web.Page(w, r, f.Status(), newPage(v))
}

// expect fills in for whom the form books and what it costs; mistakes are in the form.
func (s *Service) expect(ctx context.Context, by identity.Subject, v *newView, res Resource) error {
	req := request(v.Form, res.ID)
	if !v.Form.OK() {
		return nil
	}
	who, e, err := s.Expect(ctx, by, req)
	v.For = who
	if err != nil {
		if !v.Form.Fail(err) {
			return err
		}
		return nil
	}
	v.Estimate = &e
	if who.Org == by.Org {
		v.Pay, err = s.Orders.PayForm(ctx, who, e, v.Form)
	}
	return err
}

func (s *Service) submitNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	req := request(f, r.PathValue("id"))
	order.PaidBy(f, &req.Order)
	req.Order.Key = web.RequestKey(ctx)
	if !f.OK() {
		return s.newPage(w, r, f)
	}
	b, err := s.Book(ctx, identity.SubjectOf(ctx), req)
	if err != nil {
		if !f.Fail(err) {
			return err
		}
		return s.newPage(w, r, f)
	}
	return web.SeeOther(w, r, "/desk/behalf#"+b.ID, "已代约，并已通知对方。")
}

// found are the resources that match a text and that the subject may book for others.
func (s *Service) found(ctx context.Context, by identity.Subject, text string) ([]Resource, error) {
	if text == "" || s.Find == nil {
		return nil, nil
	}
	list, err := s.Find(ctx, text)
	if err != nil {
		return nil, err
	}
	var out []Resource
	for _, r := range list {
		ok, err := s.May(ctx, s.DB, by, r)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, r)
		}
	}
	return out, nil
}

// listView is what an organisation's people booked for others, and what others booked for it.
type listView struct {
	Text  string // what is looked for
	Form  *form.Form
	Found []Resource
	Made  []row
	For   []row
}

// row is a booking in a list.
type row struct {
	Booking
	Other identity.Organisation // for whom, or by whom
	Who   string                // the member of one's own group for whom it is; empty: another organisation's
	May   bool                  // take it back
	Link  bool                  // the reader may see its order
}

func (s *Service) showList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	f := form.Read(r)
	v := listView{Text: f.Text("q"), Form: f}
	var err error
	if v.Found, err = s.found(ctx, by, v.Text); err != nil {
		return err
	}
	if by.Org != "" {
		made, err := listBookings(ctx, s.DB, Clerk, by.Org)
		if err != nil {
			return err
		}
		mine, err := listBookings(ctx, s.DB, Buyer, by.Org)
		if err != nil {
			return err
		}
		made = slices.DeleteFunc(made, func(b Booking) bool { return b.Inside() && b.Person == by.Person }) // stands among the others
		mine = slices.DeleteFunc(mine, func(b Booking) bool { return b.Inside() && b.Person != by.Person })
		if v.Made, err = s.rows(ctx, by, made, true); err != nil {
			return err
		}
		if v.For, err = s.rows(ctx, by, mine, false); err != nil {
			return err
		}
	}
	return web.Page(w, r, http.StatusOK, listPage(v))
}

func (s *Service) rows(ctx context.Context, by identity.Subject, list []Booking, made bool) ([]row, error) {
	ids := make([]string, len(list))
	for i, b := range list {
		if ids[i] = b.ClerkOrg; made {
			ids[i] = b.Buyer
		}
	}
	orgs, err := s.People.Organisations(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	if made && slices.ContainsFunc(list, Booking.Inside) {
		members, err := s.People.Members(ctx, s.DB, by.Org)
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			names[m.Person] = m.Name
		}
	}
	out := make([]row, len(list))
	for i, b := range list {
		out[i] = row{Booking: b, Other: orgs[ids[i]], Link: by.Org == b.Buyer || by.Org == b.Provider}
		if made && b.Inside() {
			out[i].Who = names[b.Person]
		}
		out[i].May = made && b.State == Told && s.Clock.Now().Before(b.Start.Time) && s.Policy.Can(by, "behalf.withdraw", b.object()) == nil
	}
	return out, nil
}

func (s *Service) submitAnswer(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f := form.Read(r)
		b, err := s.Answer(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), verb, f.Text("note"))
		if err != nil {
			return err
		}
		switch verb {
		case VerbConfirm:
			return web.SeeOther(w, r, "/desk/orders/"+b.Order, "已确认这笔预约。")
		case VerbRefuse:
			return web.SeeOther(w, r, "/desk/orders/"+b.Order, "已回绝，预约已取消，不收费用。")
		}
		return web.SeeOther(w, r, "/desk/behalf", "已撤回，预约已取消。")
	}
}

// panelView is what stands on the page of an order that somebody booked for another.
type panelView struct {
	Booking
	Clerk  identity.Organisation
	Answer bool // the reader may confirm or refuse
	Back   bool // the reader may take it back
}

// Panel draws, on an order's page, who booked it for whom, and the answer; nil: it was not booked for another.
func (s *Service) Panel(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	b, ok, err := ofOrder(ctx, s.DB, d.Order.ID)
	if err != nil || !ok {
		return nil, err
	}
	orgs, err := s.People.Organisations(ctx, s.DB, []string{b.ClerkOrg})
	if err != nil {
		return nil, err
	}
	open := b.State == Told && (d.Order.State == order.StateRequested || d.Order.State == order.StateAccepted) && s.Clock.Now().Before(d.Order.Start.Time)
	return panel(panelView{
		Booking: b, Clerk: orgs[b.ClerkOrg], Answer: open && s.Policy.Can(by, "behalf.answer", b.object()) == nil,
		Back: open && by.Org != b.Buyer && s.Policy.Can(by, "behalf.withdraw", b.object()) == nil,
	}), nil
}
