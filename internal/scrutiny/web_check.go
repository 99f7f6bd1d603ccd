package scrutiny

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/draw"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/voucher"
)

// drawsView is the draws of an authority.
type drawsView struct {
	Draws      []Draw
	Programmes map[string]voucher.Programme
	May        bool
}

func (s *Service) showDraws(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v := drawsView{May: s.Policy.May(by, "scrutiny.draw") == nil}
	var where db.Where
	s.Policy.Filter(by, "scrutiny.inspect", sidesOf("", "org"), &where)
	var err error
	if v.Draws, err = listDraws(ctx, s.DB, &where, shown); err != nil {
		return err
	}
	if v.Programmes, err = s.programmes(ctx); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, drawsPage(v))
}

func (s *Service) programmes(ctx context.Context) (map[string]voucher.Programme, error) {
	list, err := s.Vouchers.Programmes(ctx, s.DB)
	out := map[string]voucher.Programme{}
	for _, p := range list {
		out[p.ID] = p
	}
	return out, err
}

// planView is the form that closes the list of a draw.
type planView struct {
	Form       *form.Form
	Programmes []ui.Option
	Share      string
}

func (s *Service) showPlan(w http.ResponseWriter, r *http.Request) error {
	today := s.today()
	f := form.Of(map[string]string{"from": today[:4] + "-01-01", "to": today, "share": strings.TrimSuffix(percent(s.rules().Check.Share), "%"), "stratify": ByAmount, "days": "30"})
	return s.planPage(w, r, f)
}

func (s *Service) planPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v := planView{Form: f, Share: percent(s.rules().Check.Share)}
	list, err := s.Vouchers.Programmes(ctx, s.DB)
	if err != nil {
		return err
	}
	for _, p := range list {
		if s.Policy.Can(by, "scrutiny.draw", identity.Object{Region: p.Region}) == nil {
			v.Programmes = append(v.Programmes, ui.Option{Value: p.ID, Label: p.Name().In(ctx)})
		}
	}
	return web.Page(w, r, f.Status(), planPage(v))
}

func (s *Service) submitPlan(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	f.Need("programme")
	p := Plan{Programme: f.Text("programme"), From: f.Date("from"), To: f.Date("to"), Share: basisPoints(f), Stratify: f.Text("stratify"), Source: f.Text("source"), Days: f.Int("days")}
	if !f.OK() {
		return s.planPage(w, r, f)
	}
	d, err := s.Close(ctx, identity.SubjectOf(ctx), p)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/spot-checks/"+d.ID, "名单已封存，共 {0} 笔；号码公布后由另一位工作人员录入。", d.Population)
	case shownAgain(f, err):
		return s.planPage(w, r, f)
	}
	return err
}

// basisPoints reads a share in percent with at most two decimals.
func basisPoints(f *form.Form) int64 {
	return int64(f.Fen("share")) // a percent has as many hundredths as a yuan has fen
}

// drawView is one draw.
type drawView struct {
	Draw
	Programme voucher.Programme
	Names     map[string]string
	Orgs      map[string]ui.OrgRef
	Strata    []stratumRow
	Cases     []Case
	Lots      []draw.Drawn[line]
	Form      *form.Form
	May       bool // enter the number
	First     bool // the reader closed the list
}

// stratumRow is a stratum with how many were drawn of how many.
type stratumRow struct {
	Name      string
	Of, Drawn int
}

// drawOf reads a draw for its page.
func (s *Service) drawOf(ctx context.Context, id string) (drawView, error) {
	d, err := getDraw(ctx, s.DB, id)
	v := drawView{Draw: d, Form: form.Of(nil)}
	if err != nil {
		return v, err
	}
	if v.Programme, err = s.Vouchers.Programme(ctx, s.DB, d.Programme); err != nil {
		return v, err
	}
	if v.Lots, err = s.lotsOf(ctx, d, d.Seed); err != nil {
		return v, err
	}
	ids := []string{d.Org}
	for _, x := range v.Lots {
		if d.Stratify == ByProvider {
			ids = append(ids, x.Stratum)
		}
	}
	if v.Orgs, err = s.refs(ctx, s.DB, ids...); err != nil {
		return v, err
	}
	for i, x := range v.Lots {
		if i == 0 || x.Stratum != v.Lots[i-1].Stratum {
			v.Strata = append(v.Strata, stratumRow{Name: s.stratumName(ctx, d, x.Stratum, v.Orgs)})
		}
		row := &v.Strata[len(v.Strata)-1]
		row.Of++
		if x.Chosen {
			row.Drawn++
		}
	}
	return v, nil
}

func (s *Service) showDeskDraw(w http.ResponseWriter, r *http.Request) error {
	return s.deskDraw(w, r, form.Of(nil))
}

func (s *Service) deskDraw(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v, err := s.drawOf(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "scrutiny.inspect", identity.Object{Region: v.Region}); err != nil {
		return err
	}
	v.Form, v.First = f, v.Person == by.Person
	v.May = v.State == Closed && !v.First && s.Policy.Can(by, "scrutiny.announce", identity.Object{Region: v.Region}) == nil
	var where db.Where
	where.And("draw = ?", v.ID)
	if v.Cases, err = listCases(ctx, s.DB, &where, most); err != nil {
		return err
	}
	if v.Names, err = s.Organisations.Names(ctx, s.DB, []string{v.Person, v.Witness}); err != nil {
		return err
	}
	var providers []string
	for _, c := range v.Cases {
		providers = append(providers, c.Provider)
	}
	more, err := s.refs(ctx, s.DB, providers...)
	if err != nil {
		return err
	}
	for k, o := range more {
		v.Orgs[k] = o
	}
	return web.Page(w, r, f.Status(), deskDrawPage(v))
}

func (s *Service) submitAnnounce(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	d, err := s.Announce(ctx, identity.SubjectOf(ctx), r.PathValue("id"), f.Text("number"))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/spot-checks/"+d.ID, "已抽出 {0} 笔，服务机构会收到通知。", d.Drawn)
	case shownAgain(f, err):
		return s.deskDraw(w, r, f)
	}
	return err
}

// showPublicDraw shows everybody how a draw went: list, number, seed and steps, so that it can be drawn again.
func (s *Service) showPublicDraw(w http.ResponseWriter, r *http.Request) error {
	v, err := s.drawOf(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, publicDrawPage(v))
}

func (s *Service) showList(w http.ResponseWriter, r *http.Request) error {
	d, err := getDraw(r.Context(), s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.send(w, r, d.List, "text/csv; charset=utf-8", d.Number+".csv", d.CreatedAt)
}

// caseView is one redemption that is looked at.
type caseView struct {
	Case
	Of     Draw // it was drawn in, if it was
	Orgs   map[string]ui.OrgRef
	Items  []voucher.ClaimItem
	Rule   CheckRule
	Past   history
	Answer *form.Form
	Check  *form.Form
	MaySay bool
	MayEnd bool
	Desk   bool
}

func (s *Service) showCase(w http.ResponseWriter, r *http.Request) error {
	return s.casePage(w, r, form.Of(nil), nil)
}

func (s *Service) casePage(w http.ResponseWriter, r *http.Request, answer, check *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	c, err := getCase(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "scrutiny.view", c.object()); err != nil {
		return err
	}
	v := caseView{Case: c, Rule: s.rules().Check, Answer: answer, Check: check, Desk: s.Policy.Can(by, "scrutiny.inspect", c.object()) == nil}
	if v.Check == nil {
		v.Check = form.Of(nil)
		v.Check.Set("ticked", strings.Fields(c.Ticked)...)
	}
	v.MaySay = c.State == Open && s.Policy.Can(by, "scrutiny.answer", c.object()) == nil
	v.MayEnd = c.State == Open && by.Org != c.Provider && s.Policy.Can(by, "scrutiny.check", c.object()) == nil
	if c.Draw != "" {
		if v.Of, err = getDraw(ctx, s.DB, c.Draw); err != nil {
			return err
		}
	}
	whole, err := s.Vouchers.Whole(ctx, s.DB, c.Claim)
	if err != nil {
		return err
	}
	v.Items = whole.Items
	ids := []string{c.Provider}
	for _, it := range v.Items {
		ids = append(ids, it.Firm)
	}
	if v.Orgs, err = s.refs(ctx, s.DB, ids...); err != nil {
		return err
	}
	if v.Past, err = s.history(ctx, by, c.ID, "/desk/spot-cases/"+c.ID); err != nil {
		return err
	}
	return web.Page(w, r, max(answer.Status(), v.Check.Status()), casePage(v))
}

func (s *Service) submitCheck(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	a, done, err := answerOf(f)
	defer done()
	if err != nil {
		return err
	}
	ticked := f.All("ticked")
	if ticked == nil {
		ticked = []string{} // the form shows the list: nothing ticked is said, too
	}
	c, err := s.Check(ctx, identity.SubjectOf(ctx), r.PathValue("id"), Visit{Verb: f.Text("verb"), Ticked: ticked, Answer: a})
	switch {
	case err == nil && c.State == Bad:
		return web.SeeOther(w, r, "/desk/spot-cases/"+c.ID, "结论已记录；已支付的转入追回，未支付的不予兑付。")
	case err == nil:
		return web.SeeOther(w, r, "/desk/spot-cases/"+c.ID, "已记录。")
	case shownAgain(f, err):
		return s.casePage(w, r, form.Of(nil), f)
	}
	return err
}

func (s *Service) submitCaseAnswer(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	a, done, err := answerOf(f)
	defer done()
	if err != nil {
		return err
	}
	c, err := s.AnswerCase(ctx, identity.SubjectOf(ctx), r.PathValue("id"), a)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/spot-cases/"+c.ID, "说明已提交，主管部门会看到。")
	case shownAgain(f, err):
		return s.casePage(w, r, f, nil)
	}
	return err
}

// late tells whether a day has passed.
func (s *Service) late(day string) bool {
	_, err := clock.Midnight(day)
	return err == nil && day < s.today()
}

// has tells whether a line of the checklist was gone through.
func (c Case) has(code string) bool { return slices.Contains(strings.Fields(c.Ticked), code) }
