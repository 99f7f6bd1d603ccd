package gate

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	out := []web.Route{
		desk("GET /desk/papers", "gate.own", s.showOwn),
		desk("GET /desk/papers/new", "gate.own", s.showNew),
		desk("POST /desk/papers", "gate.own", s.submitNew),
		desk("GET /desk/papers/handed", "gate.inspect", s.showHanded),
		desk("GET /desk/papers/{id}", "gate.own", s.showOne),
		desk("GET /desk/papers/{id}/file", "gate.own", s.showFile),
		desk("GET /desk/gates", "gate.rules", s.showRules),
		desk("POST /desk/gates", "gate.rules", s.submitRule),
		desk("POST /desk/gates/{id}/end", "gate.rules", s.submitEnd),
	}
	for _, verb := range verbs() {
		out = append(out, desk("POST /desk/papers/{id}/"+verb, "gate.own", s.submitVerb(verb)))
	}
	return out
}

func verbs() []string {
	var out []string
	for _, step := range Table() {
		if !slices.Contains(out, step.Verb) {
			out = append(out, step.Verb)
		}
	}
	return out
}

// listView is a list of papers.
type listView struct {
	Papers []Paper
	People map[string]string
	Orgs   map[string]identity.Organisation
	Own    bool
	All    bool
	Staff  bool // may look at what was handed in
	Today  string
}

func (s *Service) list(ctx context.Context, by identity.Subject, papers []Paper) (listView, error) {
	v := listView{Papers: papers, Today: s.today(), Staff: s.Policy.May(by, "gate.inspect") == nil}
	var err error
	v.Orgs, v.People, err = s.who(ctx, papers)
	return v, err
}

// who names the organisations and people of papers.
func (s *Service) who(ctx context.Context, papers []Paper) (map[string]identity.Organisation, map[string]string, error) {
	var orgs, people []string
	for _, p := range papers {
		orgs, people = append(orgs, p.Org, p.Provider), append(people, p.Person, p.CheckedBy)
	}
	tidy := func(ids []string) []string {
		slices.Sort(ids)
		return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" })
	}
	named, err := s.People.Organisations(ctx, s.DB, tidy(orgs))
	if err != nil {
		return nil, nil, err
	}
	names, err := s.People.Names(ctx, s.DB, tidy(people))
	return named, names, err
}

func orgName(ctx context.Context, o identity.Organisation) string {
	return i18n.Pick(ctx, o.NameZH, o.NameEN)
}

func (s *Service) showOwn(w http.ResponseWriter, r *http.Request) error {
	by := identity.SubjectOf(r.Context())
	papers, err := s.Own(r.Context(), by)
	if err != nil {
		return err
	}
	v, err := s.list(r.Context(), by, papers)
	if err != nil {
		return err
	}
	v.Own = true
	return web.Page(w, r, http.StatusOK, listPage(v))
}

func (s *Service) showHanded(w http.ResponseWriter, r *http.Request) error {
	by := identity.SubjectOf(r.Context())
	all := r.URL.Query().Get("show") == "all"
	papers, err := s.Handed(r.Context(), by, all)
	if err != nil {
		return err
	}
	v, err := s.list(r.Context(), by, papers)
	if err != nil {
		return err
	}
	v.All = all
	return web.Page(w, r, http.StatusOK, listPage(v))
}

// newView is the form for a training or paper.
type newView struct {
	Provider identity.Organisation
	Form     *form.Form
}

func (s *Service) showNew(w http.ResponseWriter, r *http.Request) error {
	return s.newPage(w, r, form.Read(r))
}

func (s *Service) newPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	provider := f.Text("provider")
	orgs, err := s.People.Organisations(r.Context(), s.DB, []string{provider})
	if err != nil {
		return err
	}
	if _, there := orgs[provider]; !there || !slices.Contains(PaperKinds(), f.Text("kind")) {
		return fault.New(fault.NotFound, "no-gate", "没有找到要求这份材料的单位。")
	}
	return web.Page(w, r, f.Status(), newPage(newView{orgs[provider], f}))
}

func (s *Service) submitNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	p := Paper{Provider: f.Text("provider"), Kind: f.Text("kind"), Name: f.Text("name"), Number: f.Text("number"), From: f.Date("from"), To: f.Date("to"), Note: f.Text("note")}
	if !f.OK() {
		return s.newPage(w, r, f)
	}
	var body io.Reader
	if file := f.File("file"); file != nil {
		opened, err := file.Open()
		if err != nil {
			return err
		}
		defer func() { _ = opened.Close() }() // it was only read
		body, p.File = opened, file.Name
	}
	p, err := s.Submit(ctx, identity.SubjectOf(ctx), p, body, web.RequestKey(ctx))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/papers/"+p.ID, "已提交，提供单位办理后会通知您。")
	case f.Fail(err):
		return s.newPage(w, r, f)
	}
	return err
}

// oneView is one paper.
type oneView struct {
	Paper
	Orgs   map[string]identity.Organisation
	People map[string]string
	Verbs  []verbForm
	Mine   bool
	Today  string
}

// verbForm is a verb on offer with its form.
type verbForm struct {
	Paper
	ui.VerbForm
}

func (s *Service) showOne(w http.ResponseWriter, r *http.Request) error {
	return s.onePage(w, r, "", nil)
}

func (s *Service) onePage(w http.ResponseWriter, r *http.Request, sent string, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	p, err := s.Get(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := oneView{Paper: p, Mine: p.Person == by.Person, Today: s.today()}
	if v.Orgs, v.People, err = s.who(ctx, []Paper{p}); err != nil {
		return err
	}
	for _, verb := range s.Verbs(by, p) {
		v.Verbs = append(v.Verbs, verbForm{p, ui.VerbFormOf(verb, sent, f, map[string]string{"place": p.Place, "to": p.To})})
	}
	return web.Page(w, r, f.Status(), onePage(v))
}

func (s *Service) submitVerb(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f := form.Read(r)
		req := Request{Note: f.Text("note"), Place: f.Text("place"), Meet: f.Time("meet"), To: f.Date("to")}
		if !f.OK() {
			return s.onePage(w, r, verb, f)
		}
		p, err := s.Do(ctx, identity.SubjectOf(ctx), r.PathValue("id"), verb, req)
		switch {
		case err == nil:
			return web.SeeOther(w, r, "/desk/papers/"+p.ID, "已登记。")
		case f.Fail(err):
			return s.onePage(w, r, verb, f)
		}
		return err
	}
}

func (s *Service) showFile(w http.ResponseWriter, r *http.Request) error {
	p, err := s.Get(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	if p.SHA256 == "" {
		return errNoPaper()
	}
	file, err := s.Files.Open(r.Context(), p.SHA256)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Gone, "paper-gone", "这份材料的文件已不在，请重新提交。").Because(err)
	}
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(p.File)}))
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r, "", p.CreatedAt.Time, file)
	return nil
}

// rulesView is what an owner asks for.
type rulesView struct {
	Rules     []Rule
	Resources []ui.Option
	Names     map[string]string
	Form      *form.Form
	Today     string
}

func (s *Service) showRules(w http.ResponseWriter, r *http.Request) error {
	return s.rulesPage(w, r, form.Of(map[string]string{"kind": Training, "from": s.today(), "term": "730", "level": "2"}))
}

func (s *Service) rulesPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v := rulesView{Form: f, Today: s.today(), Names: map[string]string{}}
	var err error
	if v.Rules, err = allRules(ctx, s.DB, by.Org, v.Today); err != nil {
		return err
	}
	owned, err := s.Catalogue.Owned(ctx, s.DB, by.Org)
	if err != nil {
		return err
	}
	v.Resources = []ui.Option{{Value: "", Label: t(ctx, "本单位全部，或下面填写的分类")}}
	for _, x := range owned {
		name := i18n.Pick(ctx, x.NameZH, x.NameEN)
		v.Resources, v.Names[x.ID] = append(v.Resources, ui.Option{Value: x.ID, Label: name}), name
	}
	return web.Page(w, r, f.Status(), rulesPage(v))
}

func (s *Service) submitRule(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	rule := Rule{Resource: f.Text("resource"), Class: f.Text("class"), Kind: f.Text("kind"), Name: f.Text("name"), From: f.Date("from"), To: f.Date("to")}
	if f.Text("term") != "" {
		rule.Term = f.Int("term")
	}
	if f.Text("level") != "" {
		rule.Level = f.Int("level")
	}
	if !f.OK() {
		return s.rulesPage(w, r, f)
	}
	_, err := s.SetRule(ctx, identity.SubjectOf(ctx), rule)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/gates", "要求已保存，到日子起预约时就会检查。")
	case f.Fail(err):
		return s.rulesPage(w, r, f)
	}
	return err
}

func (s *Service) submitEnd(w http.ResponseWriter, r *http.Request) error {
	if err := s.EndRule(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/gates", "这条要求已取消。")
}

// Form draws, on a page for booking, what is asked for and how it stands, with the questions; nil where nothing is.
func (s *Service) Form(ctx context.Context, a Ask, f *form.Form) (templ.Component, error) {
	list, err := s.Verdicts(ctx, s.DB, a)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return formPart(a.Provider, list, f), nil
}
