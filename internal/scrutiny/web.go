package scrutiny

import (
	"mime"
	"net/http"
	"path"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/voucher"
)

// shown is how many things a page lists.
const shown = 200

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Private: true, Handle: h}
	}
	routes := []web.Route{
		desk("GET /desk/scrutiny", "scrutiny.inspect", s.showQueue),
		desk("GET /desk/scrutiny/{id}", "scrutiny.view", s.showFlag),
		desk("POST /desk/scrutiny/{id}/decide", "scrutiny.decide", s.submitDecision),
		desk("POST /desk/scrutiny/{id}/answer", "scrutiny.answer", s.submitAnswer),
		desk("GET /desk/scrutiny/{id}/files/{document}", "scrutiny.view", s.showFile(func(r *http.Request) (string, identity.Object, error) {
			f, err := getFlag(r.Context(), s.DB, r.PathValue("id"))
			return f.ID, f.object(), err
		})),
		desk("GET /desk/spot-checks", "scrutiny.inspect", s.showDraws),
		desk("GET /desk/spot-checks/new", "scrutiny.draw", s.showPlan),
		desk("POST /desk/spot-checks", "scrutiny.draw", s.submitPlan),
		desk("GET /desk/spot-checks/{id}", "scrutiny.inspect", s.showDeskDraw),
		desk("POST /desk/spot-checks/{id}/announce", "scrutiny.announce", s.submitAnnounce),
		{Pattern: "GET /spot-checks/{id}", Action: "scrutiny.public", Handle: s.showPublicDraw},
		{Pattern: "GET /spot-checks/{id}/list", Action: "scrutiny.public", Handle: s.showList},
		desk("GET /desk/spot-cases/{id}", "scrutiny.view", s.showCase),
		desk("POST /desk/spot-cases/{id}/check", "scrutiny.check", s.submitCheck),
		desk("POST /desk/spot-cases/{id}/answer", "scrutiny.answer", s.submitCaseAnswer),
		desk("GET /desk/spot-cases/{id}/files/{document}", "scrutiny.view", s.showFile(func(r *http.Request) (string, identity.Object, error) {
			c, err := getCase(r.Context(), s.DB, r.PathValue("id"))
			return c.ID, c.object(), err
		})),
		desk("GET /desk/recoveries", "scrutiny.inspect", s.showRecoveries),
		desk("GET /desk/recoveries/{id}", "scrutiny.view", s.showRecovery),
		desk("POST /desk/recoveries/{id}/order", "scrutiny.recover", s.submitRecovery("order")),
		desk("POST /desk/recoveries/{id}/drop", "scrutiny.recover", s.submitRecovery("drop")),
		desk("POST /desk/recoveries/{id}/receive", "scrutiny.receive", s.submitRecovery("receive")),
		desk("GET /desk/sanctions", "scrutiny.inspect", s.showSanctions),
		desk("GET /desk/sanctions/new", "scrutiny.sanction", s.showProposal),
		desk("POST /desk/sanctions", "scrutiny.sanction", s.submitProposal),
		desk("GET /desk/sanctions/{id}", "scrutiny.view", s.showSanction),
		desk("GET /desk/sanctions/{id}/files/{document}", "scrutiny.view", s.showFile(func(r *http.Request) (string, identity.Object, error) {
			x, err := getSanction(r.Context(), s.DB, r.PathValue("id"))
			return x.ID, x.object(), err
		})),
		desk("GET /desk/matters", "scrutiny.own", s.showMatters),
		{Pattern: "GET /sanctions", Action: "scrutiny.public", Handle: s.showRegister},
	}
	for _, verb := range sanctionVerbs() {
		routes = append(routes, desk("POST /desk/sanctions/{id}/"+verb, actionOf(verb), s.submitSanction(verb)))
	}
	return routes
}

// sidesOf are the columns of a list by the sides of the permission table.
func sidesOf(firm, provider string) map[string]string {
	out := map[string]string{identity.SideRegion: "region", voucher.SideProvider: provider}
	if firm != "" {
		out[voucher.SideFirm] = firm
	}
	return out
}

// showFile sends a file of a step to who may see its object.
func (s *Service) showFile(of func(r *http.Request) (string, identity.Object, error)) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		object, o, err := of(r)
		if err != nil {
			return err
		}
		if err := s.Policy.Can(identity.SubjectOf(r.Context()), "scrutiny.view", o); err != nil {
			return err
		}
		steps, err := listSteps(r.Context(), s.DB, object)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(steps, func(st Step) bool { return st.ID == r.PathValue("document") && st.File != "" })
		if i < 0 {
			return fault.New(fault.NotFound, "file-not-found", "没有找到这个文件。")
		}
		return s.send(w, r, steps[i].SHA256, "application/octet-stream", steps[i].File, steps[i].At)
	}
}

func (s *Service) send(w http.ResponseWriter, r *http.Request, sum, kind, name string, at db.Time) error {
	f, err := s.Files.Open(r.Context(), sum)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(name)}))
	w.Header().Set("Content-Type", kind)
	http.ServeContent(w, r, "", at.Time, f)
	return nil
}

// answerOf reads note and file of a form; the returned function closes the file.
func answerOf(f *form.Form) (Answer, func(), error) {
	a := Answer{Note: f.Text("note")}
	file := f.File("file")
	if file == nil || file.Size == 0 {
		return a, func() {}, nil
	}
	body, err := file.Open()
	if err != nil {
		return a, func() {}, err
	}
	a.Proof = Proof{Name: file.Name, Body: body}
	return a, func() { _ = body.Close() }, nil // only read
}

// shownAgain tells whether a fault is one to show on the page it came from.
func shownAgain(f *form.Form, err error) bool {
	if f.Fail(err) {
		return true
	}
	e := fault.Of(err)
	if e == nil || !slices.Contains([]string{"second-person-needed", "own-organisation", "hearing-open", "appeal-late", "term-over", "checklist-open", "not-claimed", "not-paid", "drawn-already"}, e.Code) {
		return false
	}
	f.Fault = e
	return true
}

// queueView is what waits for the authority.
type queueView struct {
	Flags  []Flag
	Orgs   map[string]ui.OrgRef
	State  string
	Kind   string
	Counts map[string]int
}

func (s *Service) showQueue(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v := queueView{State: r.URL.Query().Get("state"), Kind: r.URL.Query().Get("kind"), Counts: map[string]int{}}
	if !slices.Contains([]string{Open, Dismissed, Upheld}, v.State) {
		v.State = Open
	}
	var all, where db.Where
	s.Policy.Filter(by, "scrutiny.inspect", sidesOf("firm", "provider"), &all)
	all.And("state = ?", Open)
	open, err := listFlags(ctx, s.DB, &all, most)
	if err != nil {
		return err
	}
	for _, f := range open {
		v.Counts[f.Kind]++
	}
	s.Policy.Filter(by, "scrutiny.inspect", sidesOf("firm", "provider"), &where)
	where.And("state = ?", v.State)
	if slices.Contains(Kinds(), v.Kind) {
		where.And("kind = ?", v.Kind)
	}
	if v.Flags, err = listFlags(ctx, s.DB, &where, shown); err != nil {
		return err
	}
	if v.Orgs, err = s.refs(ctx, s.DB, orgsIn(v.Flags)...); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, queuePage(v))
}

// flagView is one flag with all that helps to decide it.
type flagView struct {
	Flag
	Orgs   map[string]ui.OrgRef
	Rows   []Line // of the evidence, as far as the reader may see them
	Source string // of the rule
	Others []Flag // of the same order
	Past   history
	Answer *form.Form
	Decide *form.Form
	MaySay bool
	MayEnd bool
	Desk   bool
}

func (s *Service) showFlag(w http.ResponseWriter, r *http.Request) error {
	return s.flagPage(w, r, form.Of(nil), form.Of(nil))
}

func (s *Service) flagPage(w http.ResponseWriter, r *http.Request, answer, decide *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	f, err := getFlag(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "scrutiny.view", f.object()); err != nil {
		return err
	}
	v := flagView{Flag: f, Source: s.rules().source(f.Kind), Answer: answer, Decide: decide, Desk: s.Policy.Can(by, "scrutiny.inspect", f.object()) == nil}
	if v.Rows = f.Lines(); !v.Desk {
		v.Rows = f.shownTo(by.Org)
	}
	own := by.Org == f.Firm || by.Org == f.Provider
	v.MaySay = f.State == Open && s.Policy.Can(by, "scrutiny.answer", f.object()) == nil
	v.MayEnd = f.State == Open && !own && s.Policy.Can(by, "scrutiny.decide", f.object()) == nil
	known, err := flagsOf(ctx, s.DB, f.Order)
	if err != nil {
		return err
	}
	v.Others = slices.DeleteFunc(known, func(k Flag) bool { return k.ID == f.ID })
	if v.Orgs, err = s.refs(ctx, s.DB, orgsIn(append(known, f))...); err != nil {
		return err
	}
	if v.Past, err = s.history(ctx, by, f.ID, "/desk/scrutiny/"+f.ID); err != nil {
		return err
	}
	return web.Page(w, r, max(answer.Status(), decide.Status()), flagPage(v))
}

func (s *Service) submitDecision(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	d := Decision{Verb: "dismiss", Outcome: f.Text("outcome"), Note: f.Text("note"), Key: web.RequestKey(ctx)}
	if d.Outcome != "" && d.Outcome != "dismiss" {
		d.Verb = "uphold"
	}
	if d.Outcome == "" {
		d.Verb = "uphold" // nothing chosen: the use case says so
	}
	flag, err := s.Decide(ctx, identity.SubjectOf(ctx), r.PathValue("id"), d)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/scrutiny/"+flag.ID, "结论已记录。")
	case shownAgain(f, err):
		return s.flagPage(w, r, form.Of(nil), f)
	}
	return err
}

func (s *Service) submitAnswer(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	a, done, err := answerOf(f)
	defer done()
	if err != nil {
		return err
	}
	flag, err := s.AnswerFlag(ctx, identity.SubjectOf(ctx), r.PathValue("id"), a)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/scrutiny/"+flag.ID, "说明已提交，主管部门会看到。")
	case shownAgain(f, err):
		return s.flagPage(w, r, f, form.Of(nil))
	}
	return err
}
