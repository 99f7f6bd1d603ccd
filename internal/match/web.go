package match

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	routes := []web.Route{
		{Pattern: "GET /needs", Action: "need.view", Handle: s.showNeeds},
		{Pattern: "GET /needs/new", Action: "need.view", Handle: s.showNew},
		{Pattern: "POST /needs", Action: "need.create", Private: true, Handle: s.submitNew},
		{Pattern: "GET /needs/{id}", Action: "need.view", Handle: s.showNeed},
		{Pattern: "GET /desk/needs", Action: "need.manage", Private: true, Handle: s.showDesk},
	}
	for _, verb := range verbs() {
		routes = append(routes, web.Route{Pattern: "POST /needs/{id}/" + verb, Action: "need." + verb, Private: true, Handle: s.submitVerb(verb)})
	}
	return routes
}

// verbs are the verbs of the table, each once.
func verbs() []string {
	var out []string
	for _, st := range Table() {
		if !slices.Contains(out, st.Verb) {
			out = append(out, st.Verb)
		}
	}
	return out
}

// listView is a list of needs.
type listView struct {
	Page    Page
	Request ListRequest
	Path    string
	Scopes  []ui.Tab // of the desk
	By      identity.Subject
}

func (s *Service) showNeeds(w http.ResponseWriter, r *http.Request) error {
	v, err := s.list(r, "/needs", ScopePublic)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, needsPage(v))
}

func (s *Service) list(r *http.Request, path, scope string) (listView, error) {
	ctx, by, q := r.Context(), identity.SubjectOf(r.Context()), r.URL.Query()
	at, err := web.DecodeCursor(q.Get("after"), 1)
	if err != nil {
		return listView{}, err
	}
	v := listView{Path: path, By: by, Request: ListRequest{Scope: scope, State: q.Get("state"), After: at[0]}}
	v.Page, err = s.List(ctx, by, v.Request)
	return v, err
}

func (s *Service) showDesk(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	scopes := s.scopes(by)
	scope := r.URL.Query().Get("scope")
	if !slices.Contains(scopes, scope) {
		scope = scopes[0]
	}
	v, err := s.list(r, "/desk/needs", scope)
	if err != nil {
		return err
	}
	for _, one := range scopes {
		v.Scopes = append(v.Scopes, ui.Tab{Label: scopeName(ctx, one), Href: "/desk/needs?scope=" + one, Current: one == scope})
	}
	return web.Page(w, r, http.StatusOK, deskPage(v))
}

// scopes are the lists that make sense for a reader, the most likely first.
func (s *Service) scopes(by identity.Subject) []string {
	var out []string
	if s.Policy.May(by, "need.create") == nil {
		out = append(out, ScopeMine)
	}
	if s.Policy.May(by, "need.respond") == nil {
		out = append(out, ScopeAddressed)
	}
	if s.Policy.May(by, "need.inspect") == nil {
		out = append(out, ScopeInspect)
	}
	return append(out, ScopePublic)
}

func scopeName(ctx context.Context, scope string) string {
	switch scope {
	case ScopeMine:
		return t(ctx, "本单位的需求")
	case ScopeAddressed:
		return t(ctx, "与我们有关的需求")
	case ScopeInspect:
		return t(ctx, "本地区全部需求")
	}
	return t(ctx, "公开需求")
}

// address is the list with other conditions.
func (v listView) address(st, after string) string {
	q := url.Values{}
	scope := v.Request.Scope
	if len(v.Scopes) == 0 { // the public page has one list only
		scope = ""
	}
	for name, value := range map[string]string{"scope": scope, "state": st, "after": after} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return v.Path
	}
	return v.Path + "?" + q.Encode()
}

// tabs are the states to choose from.
func (v listView) tabs(ctx context.Context) []ui.Tab {
	tabs := []ui.Tab{{Label: t(ctx, "全部"), Href: v.address("", ""), Current: v.Request.State == ""}}
	for _, st := range States() {
		if st == Draft && v.Request.Scope != ScopeMine {
			continue
		}
		tabs = append(tabs, ui.Tab{Label: stateName(ctx, st), Href: v.address(st, ""), Current: v.Request.State == st})
	}
	return tabs
}

func (v listView) pager(ctx context.Context) ui.PagerOf {
	p := ui.PagerOf{Note: t(ctx, "本页 {0} 条", len(v.Page.Items))}
	if v.Request.After != "" {
		p.First = v.address(v.Request.State, "")
	}
	if v.Page.Next != "" {
		p.Next = v.address(v.Request.State, web.EncodeCursor(v.Page.Next))
	}
	return p
}
