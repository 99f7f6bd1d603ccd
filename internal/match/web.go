package match

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/state"
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

// newView is the page on which a need is written.
type newView struct {
	Form    *form.Form
	Regions []ui.Option
	By      identity.Subject
	Denied  error // why the reader cannot publish, nil when nothing hinders
}

func (s *Service) showNew(w http.ResponseWriter, r *http.Request) error {
	f := form.Of(nil)
	if n, err := strconv.Atoi(r.URL.Query().Get("example")); err == nil {
		if list := examples(r.Context()); n >= 0 && n < len(list) {
			f.Set("text", list[n].text)
		}
	}
	return s.newPage(w, r, f)
}

func (s *Service) newPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	v := newView{Form: f, By: by}
	v.Denied = s.Policy.Can(by, "need.create", object(Need{Org: by.Org, Region: by.Region}))
	if v.Denied == nil {
		var err error
		if v.Regions, err = s.regionOptions(ctx, by.Region); err != nil {
			return err
		}
		if f.Value("region") == "" {
			f.Set("region", by.Region)
		}
	}
	return web.Page(w, r, f.Status(), newPage(v))
}

// regionOptions are the regions near a firm: its city with the counties in it.
func (s *Service) regionOptions(ctx context.Context, home string) ([]ui.Option, error) {
	places, err := s.Regions.Places(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	city := home
	if len(home) == 6 {
		city = home[:4] + "00"
	}
	var out []ui.Option
	for _, p := range places {
		if p.Code == home || identity.Within(p.Code, city) {
			out = append(out, ui.Option{Value: p.Code, Label: s.Regions.RegionPath(p.Code)})
		}
	}
	return out, nil
}

func (s *Service) submitNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	publish := f.Text("publish") == "1"
	n, err := s.Create(ctx, identity.SubjectOf(ctx), CreateRequest{
		Text: f.Text("text"), Region: f.Text("region"), Confidential: f.Bool("confidential"), Publish: publish, Key: web.RequestKey(ctx),
	})
	if err != nil {
		if f.Fail(err) {
			return s.newPage(w, r, f)
		}
		return err
	}
	said := "需求已存为草稿，只有本单位能看到。下面是为您找到的候选。"
	if publish {
		said = "需求已发布。下面是为您找到的候选。"
	}
	return web.SeeOther(w, r, "/needs/"+n.ID, said)
}

// needView is the page of one need.
type needView struct {
	Shown      Shown
	Steps      []Step
	Candidates []Candidate
	Helps      bool // the reader sees candidates
	Moves      []state.Step
	Own        []Proposal // the reader's resources on record with it
	Offers     []Supply   // the reader's resources that could answer it
	By         identity.Subject
	Form       *form.Form
	Verb       string // of the form that failed
	Place      func(code string) string
	Actors     map[string]string // organisation id → name
}

func (s *Service) showNeed(w http.ResponseWriter, r *http.Request) error {
	return s.needPage(w, r, form.Of(nil), "")
}

func (s *Service) needPage(w http.ResponseWriter, r *http.Request, f *form.Form, verb string) error {
	v, err := s.view(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	v.Form, v.Verb = f, verb
	return web.Page(w, r, f.Status(), needPage(v))
}

// view gathers what the page of a need shows to a reader.
func (s *Service) view(ctx context.Context, by identity.Subject, needID string) (needView, error) {
	v := needView{By: by, Place: s.Regions.RegionPath, Actors: map[string]string{}}
	var err error
	if v.Shown, err = s.Show(ctx, by, needID); err != nil {
		return v, err
	}
	if by.Org != "" {
		all, err := listProposals(ctx, s.DB, needID)
		if err != nil {
			return v, err
		}
		v.Own = slices.DeleteFunc(all, func(p Proposal) bool { return p.Owner != by.Org || p.Origin == OriginRanked && p.State != Accepted })
	}
	v.Moves = s.moves(by, v.Shown, v.Own)
	if v.can(VerbRespond) {
		if v.Offers, err = s.Suppliers.Owned(ctx, s.DB, by.Org); err != nil {
			return v, err
		}
		v.Offers = slices.DeleteFunc(v.Offers, func(o Supply) bool { return GroupOf(o.Kind) == "" })
	}
	if v.Shown.Full {
		if v.Steps, err = listSteps(ctx, s.DB, needID); err != nil {
			return v, err
		}
		if err := s.nameActors(ctx, &v); err != nil {
			return v, err
		}
	}
	v.Helps = s.mayHelp(by, v.Shown.Need) == nil
	if v.Helps {
		v.Candidates, err = s.candidates(ctx, v.Shown.Need)
	}
	return v, err
}

func (s *Service) nameActors(ctx context.Context, v *needView) error {
	var ids []string
	for _, st := range v.Steps {
		ids = append(ids, st.Org)
	}
	orgs, err := s.Organisations.Organisations(ctx, s.DB, ids)
	for id, o := range orgs {
		v.Actors[id] = o.NameZH
	}
	return err
}

// submitVerb takes a need one step further from its page.
func (s *Service) submitVerb(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f := form.Read(r)
		n, err := s.Do(ctx, identity.SubjectOf(ctx), r.PathValue("id"), verb, VerbRequest{
			Resource: f.Text("resource"), Code: f.Text("code"), Note: f.Text("note"), Key: web.RequestKey(ctx),
		})
		if err != nil {
			if f.Fail(err) {
				return s.needPage(w, r, f, verb)
			}
			return err
		}
		return web.SeeOther(w, r, "/needs/"+n.ID, said(verb))
	}
}

// said is what the next page says about a step.
func said(verb string) string {
	switch verb {
	case VerbPublish:
		return "需求已发布，供方可以响应了。"
	case VerbAccept:
		return "已接受这个候选，可以继续预约或委托。"
	case VerbDecline:
		return "已婉拒，谢谢您说明原因。"
	case VerbInvite:
		return "已邀请对方响应。"
	case VerbRespond:
		return "已把您的响应告诉需求方。"
	case VerbClose:
		return "需求已办结。"
	}
	return "已登记。"
}
