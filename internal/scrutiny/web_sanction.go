package scrutiny

import (
	"context"
	"net/http"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/voucher"
)

// recoveriesView is the money that is asked back.
type recoveriesView struct {
	Rows []Recovery
	Orgs map[string]ui.OrgRef
}

func (s *Service) showRecoveries(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var where db.Where
	s.Policy.Filter(identity.SubjectOf(ctx), "scrutiny.inspect", sidesOf("", "provider"), &where)
	rows, err := listRecoveries(ctx, s.DB, &where, shown)
	if err != nil {
		return err
	}
	v := recoveriesView{Rows: rows}
	var ids []string
	for _, x := range rows {
		ids = append(ids, x.Provider)
	}
	if v.Orgs, err = s.refs(ctx, s.DB, ids...); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, recoveriesPage(v))
}

// recoveryView is one recovery.
type recoveryView struct {
	Recovery
	Orgs  map[string]ui.OrgRef
	Past  history
	Form  *form.Form
	Verbs []string
	First bool // it waits for a second person, and the reader is the first
	Desk  bool
}

func (s *Service) showRecovery(w http.ResponseWriter, r *http.Request) error {
	return s.recoveryPage(w, r, form.Of(map[string]string{"received_on": s.today()}))
}

func (s *Service) recoveryPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	x, err := getRecovery(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "scrutiny.view", x.object()); err != nil {
		return err
	}
	v := recoveryView{Recovery: x, Form: f, Desk: s.Policy.Can(by, "scrutiny.inspect", x.object()) == nil}
	for _, st := range RecoveryTable().Verbs(x.State, Authority) {
		action := "scrutiny.recover"
		if st.Verb == "receive" {
			action = "scrutiny.receive"
		}
		switch {
		case s.Policy.Can(by, action, x.object()) != nil:
		case st.Verb == "order" && x.Person == by.Person:
			v.First = true
		default:
			v.Verbs = append(v.Verbs, st.Verb)
		}
	}
	if v.Orgs, err = s.refs(ctx, s.DB, x.Provider); err != nil {
		return err
	}
	if v.Past, err = s.history(ctx, by, x.ID, "/desk/recoveries/"+x.ID); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), recoveryPage(v))
}

func (s *Service) submitRecovery(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f := form.Read(r)
		x, err := s.Recover(ctx, identity.SubjectOf(ctx), r.PathValue("id"), verb, Receipt{On: f.Text("received_on"), Reference: f.Text("reference"), Note: f.Text("note"), Key: web.RequestKey(ctx)})
		switch {
		case err == nil:
			return web.SeeOther(w, r, "/desk/recoveries/"+x.ID, "已记录。")
		case shownAgain(f, err):
			return s.recoveryPage(w, r, f)
		}
		return err
	}
}

// sanctionsView is the register of sanctions: an authority's, or the public part.
type sanctionsView struct {
	Rows   []Sanction
	Orgs   map[string]ui.OrgRef
	May    bool
	Public bool // the rule shows those in force to everybody
	Source string
}

func (s *Service) showSanctions(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	var where db.Where
	s.Policy.Filter(by, "scrutiny.inspect", sidesOf("", "org"), &where)
	v, err := s.sanctions(ctx, &where)
	if err != nil {
		return err
	}
	v.May = s.Policy.May(by, "scrutiny.sanction") == nil
	return web.Page(w, r, http.StatusOK, sanctionsPage(v))
}

func (s *Service) sanctions(ctx context.Context, where *db.Where) (sanctionsView, error) {
	rule := s.rules().Sanction
	v := sanctionsView{Public: rule.Public, Source: rule.Source}
	var err error
	if v.Rows, err = listSanctions(ctx, s.DB, where, shown); err != nil {
		return v, err
	}
	var ids []string
	for _, x := range v.Rows {
		ids = append(ids, x.Org)
	}
	v.Orgs, err = s.refs(ctx, s.DB, ids...)
	return v, err
}

// showRegister is what everybody may see: sanctions in force, where the dated rule says so.
func (s *Service) showRegister(w http.ResponseWriter, r *http.Request) error {
	var where db.Where
	where.In("state", inForce())
	where.And("open = ?", true)
	v, err := s.sanctions(r.Context(), &where)
	if err != nil {
		return err
	}
	if !v.Public {
		v.Rows = nil
	}
	return web.Page(w, r, http.StatusOK, registerPage(v))
}

// proposalView is the form of a new sanction.
type proposalView struct {
	Form  *form.Form
	Flag  Flag // it follows from, if it does
	Rule  SanctionRule
	Cause string
	Orgs  map[string]ui.OrgRef
}

func (s *Service) showProposal(w http.ResponseWriter, r *http.Request) error {
	today := s.today()
	at, err := clock.Midnight(today)
	if err != nil {
		return err
	}
	f := form.Of(map[string]string{"from": today, "to": clock.Day(at.AddDate(0, s.rules().Sanction.Months, -1)), "side": voucher.SideFirm, "cause": r.URL.Query().Get("cause")})
	return s.proposalPage(w, r, f)
}

// causeOf finds the flag or the case that a proposal follows from.
func (s *Service) causeOf(ctx context.Context, by identity.Subject, id string) (Flag, Case, error) {
	if id == "" {
		return Flag{}, Case{}, nil
	}
	flag, there, err := maybe[Flag](ctx, s.DB, `SELECT `+flagColumns+` FROM scrutiny_flag WHERE id = $1`, id)
	if err != nil || there && s.Policy.Can(by, "scrutiny.inspect", flag.object()) == nil {
		return flag, Case{}, err
	}
	c, there, err := maybe[Case](ctx, s.DB, `SELECT `+caseColumns+` FROM scrutiny_case WHERE id = $1`, id)
	if err != nil || there && s.Policy.Can(by, "scrutiny.inspect", c.object()) == nil {
		return Flag{}, c, err
	}
	return Flag{}, Case{}, nil
}

func (s *Service) proposalPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	v := proposalView{Form: f, Rule: s.rules().Sanction}
	flag, c, err := s.causeOf(ctx, identity.SubjectOf(ctx), f.Text("cause"))
	if err != nil {
		return err
	}
	v.Flag, v.Cause = flag, flag.ID+c.ID
	if v.Orgs, err = s.refs(ctx, s.DB, append(orgsIn([]Flag{flag}), c.Provider)...); err != nil {
		return err
	}
	if c.ID != "" && f.Text("org") == "" && f.OK() {
		f.Set("org", c.Provider)
		f.Set("side", voucher.SideProvider)
	}
	if flag.ID != "" && f.Text("org") == "" && f.OK() {
		f.Set("org", flag.Firm)
	}
	return web.Page(w, r, f.Status(), proposalPage(v))
}

func (s *Service) submitProposal(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	f := form.Read(r)
	p := Proposal{Org: f.Text("org"), Side: f.Text("side"), Ground: f.Text("ground"), From: f.Date("from"), To: f.Date("to")}
	flag, c, err := s.causeOf(ctx, by, f.Text("cause"))
	if err != nil {
		return err
	}
	p.Cause, p.Claim = flag.ID+c.ID, flag.Claim+c.Claim
	if !f.OK() {
		return s.proposalPage(w, r, f)
	}
	x, err := s.Propose(ctx, by, p)
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/sanctions/"+x.ID, "已提出并告知当事单位，陈述期限到 {0}。", x.HearingDue)
	case shownAgain(f, err):
		return s.proposalPage(w, r, f)
	}
	return err
}

// sanctionView is one sanction.
type sanctionView struct {
	Sanction
	Orgs  map[string]ui.OrgRef
	Past  history
	Flag  Flag
	Form  *form.Form
	Verbs []string
	First bool // a step waits for somebody who had no part in the earlier ones
	Waits bool // the party may still speak
	Desk  bool
	Late  bool // the time of appeal is over
}

func (s *Service) showSanction(w http.ResponseWriter, r *http.Request) error {
	return s.sanctionPage(w, r, form.Of(nil))
}

func (s *Service) sanctionPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	x, err := getSanction(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "scrutiny.view", x.object()); err != nil {
		return err
	}
	v := sanctionView{Sanction: x, Form: f, Desk: s.Policy.Can(by, "scrutiny.inspect", x.object()) == nil, Late: x.AppealDue != "" && s.late(x.AppealDue)}
	if v.Past, err = s.history(ctx, by, x.ID, "/desk/sanctions/"+x.ID); err != nil {
		return err
	}
	s.offer(by, &v)
	if v.Desk {
		if v.Flag, _, err = s.causeOf(ctx, by, x.Cause); err != nil {
			return err
		}
	}
	if v.Orgs, err = s.refs(ctx, s.DB, append(orgsIn([]Flag{v.Flag}), x.Org, x.Authority)...); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), sanctionPage(v))
}

// offer finds what the reader may do about a sanction now.
func (s *Service) offer(by identity.Subject, v *sanctionView) {
	heard := slices.ContainsFunc(v.Past.Steps, func(st Step) bool { return st.Verb == "state" })
	for _, st := range SanctionTable().Verbs(v.State, Authority, Party) {
		party := slices.Contains(st.Who, Party)
		switch {
		case s.Policy.Can(by, actionOf(st.Verb), v.object()) != nil, party != (by.Org == v.Org):
		case st.Verb == "appeal" && v.Late:
		case st.Verb == "decide" && !heard && !s.late(v.HearingDue):
			v.Waits = true
		case st.Verb == "confirm" && v.Decider == by.Person, (st.Verb == "stand" || st.Verb == "lift") && slices.Contains([]string{v.Proposer, v.Decider, v.Confirmer}, by.Person):
			v.First = true
		default:
			v.Verbs = append(v.Verbs, st.Verb)
		}
	}
}

func (s *Service) submitSanction(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f := form.Read(r)
		a, done, err := answerOf(f)
		defer done()
		if err != nil {
			return err
		}
		x, err := s.Sanction(ctx, identity.SubjectOf(ctx), r.PathValue("id"), verb, a)
		switch {
		case err == nil:
			return web.SeeOther(w, r, "/desk/sanctions/"+x.ID, "已记录。")
		case shownAgain(f, err):
			return s.sanctionPage(w, r, f)
		}
		return err
	}
}

// mattersView is what concerns the reader's own organisation.
type mattersView struct {
	Flags      []Flag
	Cases      []Case
	Recoveries []Recovery
	Sanctions  []Sanction
	Orgs       map[string]ui.OrgRef
}

// mattersOf is what concerns an organisation.
func (s *Service) mattersOf(ctx context.Context, org string) (mattersView, error) {
	var v mattersView
	own := func(cols ...string) *db.Where {
		var w db.Where
		cond, args := "", []any{}
		for i, c := range cols {
			if i > 0 {
				cond += " OR "
			}
			cond, args = cond+c+" = ?", append(args, org)
		}
		w.And(cond, args...)
		return &w
	}
	var err error
	if v.Flags, err = listFlags(ctx, s.DB, own("firm", "provider"), shown); err != nil {
		return v, err
	}
	if v.Cases, err = listCases(ctx, s.DB, own("provider"), shown); err != nil {
		return v, err
	}
	if v.Recoveries, err = listRecoveries(ctx, s.DB, own("provider"), shown); err != nil {
		return v, err
	}
	v.Sanctions, err = listSanctions(ctx, s.DB, own("org"), shown)
	return v, err
}

func (s *Service) showMatters(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := s.mattersOf(ctx, identity.SubjectOf(ctx).Org)
	if err != nil {
		return err
	}
	if v.Orgs, err = s.refs(ctx, s.DB, append(orgsIn(v.Flags), identity.SubjectOf(ctx).Org)...); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, mattersPage(v))
}
