package voucher

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/voucher/scheme"
)

// walletView is a firm's own page: its quotas, its vouchers, its applications and every movement.
type walletView struct {
	Pockets      []Pocket
	Movements    []Movement
	Applications []Application
	Programmes   map[string]Programme
	Open         []Programme // those that take applications now
	MayApply     bool
}

func (s *Service) showWallet(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v := walletView{Programmes: map[string]Programme{}, MayApply: s.policy.May(by, "voucher.apply") == nil}
	var err error
	if v.Pockets, err = s.Wallet(ctx, s.db, by.Org); err != nil {
		return err
	}
	if v.Movements, err = s.Statement(ctx, s.db, by.Org); err != nil {
		return err
	}
	own := &db.Where{}
	own.And("firm = ?", by.Org)
	if v.Applications, err = listApplications(ctx, s.db, own, "", pageSize); err != nil {
		return err
	}
	all, err := s.Programmes(ctx, s.db)
	if err != nil {
		return err
	}
	for _, p := range all {
		v.Programmes[p.ID] = p
		if p.Open(s.today()) && p.Terms.For(by.Region) {
			v.Open = append(v.Open, p)
		}
	}
	return web.Page(w, r, http.StatusOK, walletPage(v))
}

// applyView is the form in which a firm asks for a quota.
type applyView struct {
	Programme Programme
	Room      scheme.Line // what may still be asked for, and why not more
	Waiting   Application // one that is not decided yet; none may be added
	Eligible  Eligibility
	Files     bool // firms have files, in which they declare whom they belong together with
	Form      *form.Form
}

func (s *Service) showApply(w http.ResponseWriter, r *http.Request) error {
	return s.applyPage(w, r, r.URL.Query().Get("programme"), form.Of(nil))
}

// applyPage shows the form; without a programme, the only one that is open is taken.
func (s *Service) applyPage(w http.ResponseWriter, r *http.Request, programme string, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	if programme == "" {
		all, err := s.Programmes(ctx, s.db)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(p Programme) bool { return !p.Terms.For(by.Region) })
		if len(all) != 1 {
			return web.SeeOther(w, r, "/programmes", "")
		}
		programme = all[0].ID
	}
	p, err := s.Programme(ctx, s.db, programme)
	if err != nil {
		return err
	}
	who, err := s.applicant(ctx, s.db, p.ID, by.Org, s.today())
	if err != nil {
		return err
	}
	v := applyView{Programme: p, Form: f, Files: s.facts != nil}
	_, v.Room = p.Terms.Room(who)
	if v.Waiting, err = openApplication(ctx, s.db, p.ID, by.Org); err != nil {
		return err
	}
	if v.Eligible, err = s.Eligible(ctx, s.db, p, by.Org); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), applyPage(v))
}

func (s *Service) submitApply(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	f.Need("amount", "purpose")
	req := ApplyRequest{
		Programme: f.Text("programme"), Amount: f.Fen("amount"), Purpose: f.Text("purpose"), Statements: f.All("statements"), Key: web.RequestKey(ctx),
		Facts: stated(f), Objection: f.Text("objection"),
	}
	if f.OK() {
		a, err := s.Apply(ctx, identity.SubjectOf(ctx), req)
		if err == nil {
			return web.SeeOther(w, r, "/desk/vouchers/"+a.ID, "申请 {0} 已提交，主管部门审核后会通知您。", a.Number)
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.applyPage(w, r, req.Programme, f)
}

// applicationRow is an application in a list.
type applicationRow struct {
	Application
	Firm      ui.OrgRef
	Programme Programme
}

// applicationsView is the authority's list.
type applicationsView struct {
	Rows  []applicationRow
	State string
	Pager ui.PagerOf
	Funds []fund
}

// fund is a programme with where its money is.
type fund struct {
	Programme
	Budget
}

func (s *Service) showApplications(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	from, err := after(r)
	if err != nil {
		return err
	}
	v := applicationsView{State: cmp.Or(r.URL.Query().Get("state"), Submitted)}
	where := &db.Where{}
	s.policy.Filter(by, "voucher.review", map[string]string{identity.SideRegion: "region"}, where)
	if v.State != "all" {
		where.And("state = ?", v.State)
	}
	list, err := listApplications(ctx, s.db, where, from, pageSize)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		v.Pager.Next = next(r, len(list) == pageSize, list[len(list)-1].ID)
	}
	if v.Rows, v.Funds, err = s.applicationRows(r, by, list); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, applicationsPage(v))
}

// applicationRows names the firms and programmes of a list, and says what the programmes have left.
func (s *Service) applicationRows(r *http.Request, by identity.Subject, list []Application) ([]applicationRow, []fund, error) {
	ctx := r.Context()
	all, err := s.Programmes(ctx, s.db)
	if err != nil {
		return nil, nil, err
	}
	programmes := map[string]Programme{}
	var funds []fund
	for _, p := range all {
		programmes[p.ID] = p
		if s.policy.Can(by, "programme.budget", identity.Object{Region: p.Region}) == nil {
			b, err := s.Budget(ctx, s.db, p.ID)
			if err != nil {
				return nil, nil, err
			}
			funds = append(funds, fund{p, b})
		}
	}
	var ids []string
	for _, a := range list {
		ids = append(ids, a.Firm)
	}
	names, err := s.names(ctx, ids...)
	if err != nil {
		return nil, nil, err
	}
	rows := make([]applicationRow, len(list))
	for i, a := range list {
		rows[i] = applicationRow{a, names[a.Firm], programmes[a.Programme]}
	}
	return rows, funds, nil
}

// applicationView is one application: what was asked, what the rules say of it, who did what.
type applicationView struct {
	applicationRow
	Org        identity.Organisation
	Region     string
	Applicant  scheme.Applicant
	Check      []scheme.Line // while it waits
	Declared   []scheme.Item
	Eligible   Eligibility // while it waits
	Came       eligibility // as it was when the firm applied
	Waivers    []Waiver
	Names      map[string]string // of the officers who overruled
	Timeline   []ui.Moment
	Form       *form.Form
	MayApprove bool
	MayRefuse  bool
	MayWaive   bool
	OwnAffair  bool // the reader may not decide it, for it is its own
	Applying   bool // the reader is of the firm
}

func (s *Service) showApplication(w http.ResponseWriter, r *http.Request) error {
	return s.applicationPage(w, r, form.Of(nil))
}

func (s *Service) applicationPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	a, err := getApplication(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	by, object := identity.SubjectOf(ctx), firmObject(a.Firm, a.Region)
	if err := s.policy.Can(by, "voucher.view", object); err != nil {
		return err
	}
	v := applicationView{applicationRow: applicationRow{Application: a}, Form: f, Applying: by.Org == a.Firm}
	if v.Programme, err = s.Programme(ctx, s.db, a.Programme); err != nil {
		return err
	}
	if v.Org, err = s.orgs.Organisation(ctx, s.db, a.Firm); err != nil {
		return err
	}
	if v.Timeline, err = s.timeline(ctx, a.ID); err != nil {
		return err
	}
	v.Firm, v.Region = v.Org.Ref(ctx), s.orgs.RegionPath(v.Org.Region)
	v.declared()
	if err := s.withConditions(ctx, &v); err != nil {
		return err
	}
	if a.State == Submitted {
		if v.Applicant, err = s.applicant(ctx, s.db, a.Programme, a.Firm, s.today()); err != nil {
			return err
		}
		v.Applicant.Asked, v.Applicant.Declared = a.Amount, strings.Fields(a.Statements)
		v.Check = v.Programme.Terms.Check(v.Applicant)
		v.OwnAffair = by.Org == a.Firm || by.Person == a.Person
		v.MayApprove = !v.OwnAffair && s.policy.Can(by, "voucher.approve", object) == nil
		v.MayWaive = len(v.against()) > 0 && !v.OwnAffair && s.policy.Can(by, "voucher.waive", object) == nil
		v.MayRefuse = !v.OwnAffair && s.policy.Can(by, "voucher.refuse", object) == nil
	}
	return web.Page(w, r, f.Status(), applicationPage(v))
}

// declared picks the statements that the firm made.
func (v *applicationView) declared() {
	for _, it := range v.Programme.Terms.Statements {
		for _, code := range strings.Fields(v.Statements) {
			if code == it.Code {
				v.Declared = append(v.Declared, it)
			}
		}
	}
}
