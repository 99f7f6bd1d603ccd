package order

import (
	"fmt"
	"mime"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	routes := []web.Route{
		{Pattern: "GET /resources/{id}/book", Action: "order.create", Private: true, Handle: s.showBook},
		{Pattern: "GET /resources/{id}/book/check", Action: "order.create", Private: true, Handle: s.showCheck},
		{Pattern: "POST /resources/{id}/book", Action: "order.create", Private: true, Money: true, Handle: s.submitBook},
		{Pattern: "GET /resources/{id}/commission", Action: "order.create", Private: true, Handle: s.showCommission},
		{Pattern: "POST /resources/{id}/commission", Action: "order.create", Private: true, Handle: s.submitCommission},
		{Pattern: "GET /orders/steps", Action: "order.steps", Handle: s.showSteps},
		{Pattern: "GET /desk/orders", Action: "order.view", Private: true, Handle: s.showOrders},
		{Pattern: "GET /desk/orders/{id}", Action: "order.view", Private: true, Handle: s.showOrder},
		{Pattern: "GET /desk/orders/{id}/documents/{document}", Action: "order.view", Private: true, Handle: s.showDocument},
	}
	for _, verb := range verbs() {
		if verb == VerbQuote {
			continue // its page is package quote
		}
		routes = append(routes, web.Route{
			Pattern: "POST /desk/orders/{id}/" + verb, Action: "order." + verb, Private: true, Money: true, Handle: s.submitVerb(verb),
		})
	}
	return routes
}

// showDocument sends a file of an order to who may see the order.
func (s *Service) showDocument(w http.ResponseWriter, r *http.Request) error {
	d, f, err := s.OpenDocument(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), r.PathValue("document"))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.Name}))
	h.Set("Cache-Control", "private, no-store")
	h.Set("ETag", `"`+d.SHA256+`"`)
	http.ServeContent(w, r, "", d.At.Time, f)
	return nil
}

// filesOf are the files chosen in a field, ready to be stored; done closes them.
func filesOf(f *form.Form, name string) (files []Upload, done func(), err error) {
	var open []interface{ Close() error }
	done = func() {
		for _, c := range open {
			_ = c.Close() // only read
		}
	}
	for _, file := range f.Files(name) {
		body, err := file.Open()
		if err != nil {
			return nil, done, fmt.Errorf("read the file chosen: %w", err)
		}
		open = append(open, body)
		files = append(files, Upload{Name: file.Name, Body: body})
	}
	return files, done, nil
}
