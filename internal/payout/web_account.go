package payout

import (
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// accountsView is a payee's own accounts, or those of a region's payees.
type accountsView struct {
	Form    *form.Form
	Current *Account
	Waiting []Account
	Rows    []Account
	Orgs    map[string]ui.OrgRef
	People  map[string]string
	Bounced map[string]string
	Me      string
	Own     bool
	Decides bool
}

func (s *Service) showAccount(w http.ResponseWriter, r *http.Request) error {
	return s.accountPage(w, r, form.Of(nil))
}

func (s *Service) accountPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	by := identity.SubjectOf(r.Context())
	where := &db.Where{}
	where.And("org = ?", by.Org)
	return s.accountsPage(w, r, f, where, true)
}

func (s *Service) showAccounts(w http.ResponseWriter, r *http.Request) error {
	return s.regionAccounts(w, r, form.Of(nil))
}

func (s *Service) regionAccounts(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	by := identity.SubjectOf(r.Context())
	where := &db.Where{}
	s.policy.Filter(by, "payout.accounts", map[string]string{SideOwner: "org", identity.SideRegion: "region"}, where)
	return s.accountsPage(w, r, f, where, false)
}

func (s *Service) accountsPage(w http.ResponseWriter, r *http.Request, f *form.Form, where *db.Where, own bool) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	v := accountsView{Form: f, Own: own, Me: by.Person, Decides: s.policy.May(by, "payout.confirm") == nil}
	list, err := listAccounts(ctx, s.db, where, 200)
	if err != nil {
		return err
	}
	var orgs, people []string
	for i, a := range list {
		orgs, people = append(orgs, a.Org), append(people, a.Person, a.Decider)
		switch {
		case a.State == AccountProposed:
			v.Waiting = append(v.Waiting, a)
		case a.State == AccountConfirmed && own:
			v.Current = &list[i]
		default:
			v.Rows = append(v.Rows, a)
		}
	}
	if v.Orgs, err = s.names(ctx, orgs...); err != nil {
		return err
	}
	if v.People, err = s.orgs.Names(ctx, s.db, unique(people)); err != nil {
		return err
	}
	if v.Bounced, err = bouncedAccounts(ctx, s.db, orgs); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), accountsPage(v))
}

func (s *Service) submitAccount(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	f.Need("holder", "bank", "number")
	if f.OK() {
		_, err := s.Propose(r.Context(), identity.SubjectOf(r.Context()), AccountDraft{f.Text("holder"), f.Text("bank"), f.Text("number"), f.Text("cnaps")})
		if err == nil {
			return web.SeeOther(w, r, "/desk/payee-account", "收款账户已提交，等本单位另一位人员或主管部门确认。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.accountPage(w, r, f)
}

func (s *Service) submitDecision(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, by := r.Context(), identity.SubjectOf(r.Context())
		f := form.Read(r)
		back, page := "/desk/payee-accounts", s.regionAccounts
		if s.policy.May(by, "payout.accounts") != nil {
			back, page = "/desk/payee-account", s.accountPage
		}
		a, err := s.Decide(ctx, by, r.PathValue("id"), verb, f.Text("note"))
		switch {
		case err == nil && a.State == AccountConfirmed:
			return web.SeeOther(w, r, back, "收款账户已确认，之后的付款用它。")
		case err == nil:
			return web.SeeOther(w, r, back, "收款账户未采用，理由已告知。")
		case !f.Fail(err) && (fault.Of(err) == nil || fault.Of(err).Code != "second-person-needed"):
			return err
		}
		if f.OK() {
			f.Fault = fault.Of(err)
		}
		return page(w, r, f)
	}
}
