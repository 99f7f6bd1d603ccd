package talk

import (
	"context"
	"mime"
	"net/http"

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
		{Pattern: "GET /desk/orders/{id}/messages", Action: "talk.view", Private: true, Handle: s.show},
		{Pattern: "POST /desk/orders/{id}/messages", Action: "talk.write", Private: true, Handle: s.submit},
		{Pattern: "GET /desk/orders/{id}/messages/files/{document}", Action: "talk.view", Private: true, Handle: s.showFile},
		{Pattern: "GET " + filePath, Action: "talk.view", Private: true, Handle: s.showFile, API: true},
	}
}

// view is the messages of an order.
type view struct {
	Order    order.Order
	Messages []Message
	Unread   int
	Orgs     map[string]identity.Organisation
	People   map[string]string
	By       identity.Subject
	Write    bool
	Form     *form.Form
}

func (s *Service) view(ctx context.Context, by identity.Subject, o order.Order) (view, error) {
	v := view{Order: o, By: by}
	var err error
	if v.Write, err = s.may(by, o); err != nil {
		return v, err
	}
	if v.Messages, v.Unread, err = s.Of(ctx, by, o); err != nil {
		return v, err
	}
	var people []string
	for _, m := range v.Messages {
		people = append(people, m.Person)
	}
	if v.Orgs, err = s.People.Organisations(ctx, s.DB, []string{o.Buyer, o.Provider}); err != nil {
		return v, err
	}
	v.People, err = s.People.Names(ctx, s.DB, people)
	return v, err
}

func (s *Service) show(w http.ResponseWriter, r *http.Request) error {
	return s.page(w, r, form.Of(nil))
}

func (s *Service) page(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	d, err := s.Orders.Get(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	v, err := s.view(ctx, by, d.Order)
	if err != nil {
		return err
	}
	v.Form = f
	if err := s.Read(ctx, by, d.Order, v.Messages); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), talkPage(v))
}

func (s *Service) submit(w http.ResponseWriter, r *http.Request) error {
	f := form.ReadUpload(r, maxFile)
	var files []Upload
	for _, file := range f.Files("file") {
		body, err := file.Open()
		if err != nil {
			return err
		}
		defer func() { _ = body.Close() }() // only read
		files = append(files, Upload{Name: file.Name, Body: body})
	}
	if !f.OK() {
		return s.page(w, r, f)
	}
	_, err := s.Say(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), f.Text("text"), files, web.RequestKey(r.Context()))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/orders/"+r.PathValue("id")+"/messages", "留言已发出，对方会收到通知。")
	case f.Fail(err):
		return s.page(w, r, f)
	}
	return err
}

func (s *Service) showFile(w http.ResponseWriter, r *http.Request) error {
	file, body, err := s.Open(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), r.PathValue("document"))
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }() // only read
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	h.Set("Cache-Control", "private, no-store")
	h.Set("ETag", `"`+file.SHA256+`"`)
	http.ServeContent(w, r, "", s.Clock.Now(), body)
	return nil
}

// Panel draws, on an order's page, the newest messages; nil for those who may not read them.
func (s *Service) Panel(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	if _, err := s.may(by, d.Order); err != nil {
		return nil, nil
	}
	v, err := s.view(ctx, by, d.Order)
	if err != nil {
		return nil, err
	}
	return panel(v), nil
}
