package voucher

import (
	"cmp"
	"net/http"
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
	Back         []openClaim // what was paid in full and can be repaid
	MayApply     bool
	MayReturn    bool
	Form         *form.Form // of a return
	Returning    string     // the voucher it is about
}

func (s *Service) showWallet(w http.ResponseWriter, r *http.Request) error {
	return s.walletPage(w, r, "", form.Of(nil))
}

func (s *Service) walletPage(w http.ResponseWriter, r *http.Request, returning string, f *form.Form) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v := walletView{
		Programmes: map[string]Programme{}, MayApply: s.policy.May(by, "voucher.apply") == nil, MayReturn: s.policy.May(by, "voucher.return") == nil, Form: f, Returning: returning,
	}
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
	open, err := s.openClaims(ctx, by.Org)
	if err != nil {
		return err
	}
	for _, o := range open {
		if o.Way == scheme.Repay {
			v.Back = append(v.Back, o)
		}
	}
	return web.Page(w, r, f.Status(), walletPage(v))
}

// submitReturn gives back what a firm does not need of a voucher.
func (s *Service) submitReturn(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	f.Need("amount")
	req := ReturnRequest{Grant: r.PathValue("id"), Amount: f.Fen("amount"), Key: web.RequestKey(ctx)}
	if f.OK() && req.Amount <= 0 {
		f.Add("amount", "range", "请填写大于零的金额。")
	}
	if f.OK() {
		g, err := s.Return(ctx, identity.SubjectOf(ctx), req)
		if err == nil {
			return web.SeeOther(w, r, "/desk/wallet", "已从创新券 {0} 退回 {1}。", g.Number, req.Amount)
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.walletPage(w, r, req.Grant, f)
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
	seen(where, by)
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
	MayStep    bool // the reader may withdraw or amend it
	Attached   []Document
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
	if err := s.mayRead(by, a); err != nil {
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
	if v.Attached, err = listAttachments(ctx, s.db, a.ID); err != nil {
		return err
	}
	v.MayStep = v.Applying && s.policy.Can(by, "voucher.apply", object) == nil
	if a.State == Submitted || a.State == Waiting {
		if v.Applicant, err = s.applicant(ctx, s.db, a.Programme, a.Firm, s.today()); err != nil {
			return err
		}
		v.Applicant.Asked, v.Applicant.Declared, v.Applicant.Type, v.Applicant.Members = a.Amount, strings.Fields(a.Statements), a.Type, a.Members
		if a.Window != "" {
			v.Applicant.Day, v.Applicant.Unissued = a.SubmittedOn, scheme.Most // decided with its batch
		}
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
