package expert

import (
	"context"
	"net/http"

	"qiao/internal/catalogue"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// askForm is the page on which an organisation asks an expert for contact.
type askForm struct {
	Record catalogue.Resource
	Name   string
	Limit  Limit
	Form   *form.Form
}

func (s *Service) showAsk(w http.ResponseWriter, r *http.Request) error {
	return s.askPage(w, r, form.Of(nil))
}

func (s *Service) askPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), s.subject(r)
	if err := s.policy.Can(by, "expert.contact", ofFirm(by.Org, by.Region)); err != nil {
		return err
	}
	rec, err := s.record(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.Reach(ctx, s.db, rec.ID); err != nil {
		return err
	}
	v := askForm{Record: rec, Name: i18n.Pick(ctx, rec.NameZH, rec.NameEN), Limit: s.rules.limit(s.today()), Form: f}
	return web.Page(w, r, f.Status(), askPage(v))
}

func (s *Service) submitAsk(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	req, err := s.Ask(r.Context(), s.subject(r), "", r.PathValue("id"), Asking{Subject: f.Text("subject"), Message: f.Text("message")})
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/contacts/"+req.ID, "请求已转给本人，有答复会通知您。")
	case f.Fail(err):
		return s.askPage(w, r, f)
	}
	return err
}

// requestLine is one request in a list or on its page.
type requestLine struct {
	Request
	Name string    // of the expert
	Firm ui.OrgRef // who asks
}

// requestsView is a list of requests, of the firm or of the expert.
type requestsView struct {
	Received bool
	Rows     []requestLine
}

func (v requestsView) address(r requestLine) string {
	if v.Received {
		return "/desk/expert/requests/" + r.ID
	}
	return "/desk/contacts/" + r.ID
}

func (s *Service) lines(ctx context.Context, list []Request) ([]requestLine, error) {
	var resources, firms []string
	for _, r := range list {
		resources, firms = append(resources, r.Resource), append(firms, r.Firm)
	}
	titles, err := s.titles(ctx, resources)
	if err != nil {
		return nil, err
	}
	names, err := s.names(ctx, firms)
	out := make([]requestLine, len(list))
	for i, r := range list {
		out[i] = requestLine{r, titles[r.Resource], names[r.Firm]}
	}
	return out, err
}

func (s *Service) showSent(w http.ResponseWriter, r *http.Request) error {
	list, err := s.SentBy(r.Context(), s.subject(r))
	if err != nil {
		return err
	}
	return s.requests(w, r, false, list)
}

func (s *Service) showReceived(w http.ResponseWriter, r *http.Request) error {
	list, err := s.ReceivedBy(r.Context(), s.subject(r))
	if err != nil {
		return err
	}
	return s.requests(w, r, true, list)
}

func (s *Service) requests(w http.ResponseWriter, r *http.Request, received bool, list []Request) error {
	rows, err := s.lines(r.Context(), list)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, requestsPage(requestsView{Received: received, Rows: rows}))
}

// requestView is one request, for either of its sides.
type requestView struct {
	requestLine
	Mine      bool // the reader is the expert
	Addresses Addresses
	Timeline  []ui.Moment
	Form      *form.Form
}

func (v requestView) at(verb string) string {
	if verb == "withdraw" {
		return "/desk/contacts/" + v.ID + "/withdraw"
	}
	return "/desk/expert/requests/" + v.ID + "/" + verb
}

func (s *Service) showRequest(w http.ResponseWriter, r *http.Request) error {
	return s.requestPage(w, r, form.Of(nil))
}

func (s *Service) requestPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), s.subject(r)
	req, addresses, err := s.RequestOf(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	lines, err := s.lines(ctx, []Request{req})
	if err != nil {
		return err
	}
	v := requestView{requestLine: lines[0], Mine: by.Person == req.Expert, Addresses: addresses, Form: f}
	if v.Timeline, err = s.moments(ctx, req.ID); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), requestPage(v))
}

func (s *Service) submitRequest(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f := form.Read(r)
		req, err := s.DoRequest(r.Context(), s.subject(r), r.PathValue("id"), verb, f.Text("note"))
		switch {
		case err == nil && verb == "withdraw":
			return web.SeeOther(w, r, "/desk/contacts/"+req.ID, "请求已撤回。")
		case err == nil && verb == "accept":
			return web.SeeOther(w, r, "/desk/expert/requests/"+req.ID, "已接受，对方现在可以看到您填写的联系方式。")
		case err == nil:
			return web.SeeOther(w, r, "/desk/expert/requests/"+req.ID, "已告知对方。")
		case f.Fail(err):
			return s.requestPage(w, r, f)
		}
		return err
	}
}
