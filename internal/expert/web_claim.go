package expert

import (
	"context"
	"net/http"
	"slices"

	"qiao/internal/catalogue"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// sentence is what a fault says to people; empty where nothing is wrong.
func sentence(ctx context.Context, err error) string {
	if err == nil {
		return ""
	}
	e := fault.Of(err)
	return i18n.T(ctx, e.Text, e.Args...)
}

// claimForm is the page on which a person says that a record is theirs.
type claimForm struct {
	s        *Service
	Record   catalogue.Resource
	Name     string
	Evidence []Evidence
	Form     *form.Form
}

func (s *Service) showClaim(w http.ResponseWriter, r *http.Request) error {
	return s.claimPage(w, r, nil)
}

func (s *Service) claimPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	rec, err := s.record(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	p, err := profileOf(ctx, s.db, rec.ID)
	if err != nil {
		return err
	}
	if p.Claimed() {
		return errClaimed()
	}
	v := claimForm{s: s, Record: rec, Name: i18n.Pick(ctx, rec.NameZH, rec.NameEN), Form: f}
	if v.Evidence, err = listEvidence(ctx, s.db, rec.ID); err != nil {
		return err
	}
	if f == nil {
		institution, _ := rec.Fields["institution"].(string)
		v.Form = form.Of(map[string]string{"institution": institution})
	}
	return web.Page(w, r, v.Form.Status(), claimPage(v))
}

func (s *Service) submitClaim(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	_, err := s.File(r.Context(), s.subject(r), r.PathValue("id"), ClaimDraft{ORCID: f.Text("orcid"), Institution: f.Text("institution"), Reasons: f.Text("reasons")})
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/expert", "认领已提交，核实后会通知您。")
	case f.Fail(err):
		return s.claimPage(w, r, f)
	}
	return err
}

// claimView is one claim, for its officer.
type claimView struct {
	Claim
	s        *Service
	Name     string // of the record
	Claimant string
	Org      ui.OrgRef
	Evidence []Evidence
	Timeline []ui.Moment
	MayMove  bool
	Form     *form.Form
}

// queueView is the officer's list of claims.
type queueView struct {
	State string
	Rows  []claimView
}

func (s *Service) showQueue(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), s.subject(r)
	v := queueView{State: r.URL.Query().Get("show")}
	if v.State == "" || !slices.Contains(Claims.States(), v.State) {
		v.State = Filed
	}
	list, err := s.queue(ctx, by, "expert.inspect", v.State)
	if err != nil {
		return err
	}
	var resources, people, orgs []string
	for _, c := range list {
		resources, people, orgs = append(resources, c.Resource), append(people, c.Person), append(orgs, c.Owner)
	}
	titles, err := s.titles(ctx, resources)
	if err != nil {
		return err
	}
	persons, err := s.orgs.Names(ctx, s.db, people)
	if err != nil {
		return err
	}
	names, err := s.names(ctx, orgs)
	if err != nil {
		return err
	}
	for _, c := range list {
		v.Rows = append(v.Rows, claimView{Claim: c, s: s, Name: titles[c.Resource], Claimant: persons[c.Person], Org: names[c.Owner]})
	}
	return web.Page(w, r, http.StatusOK, queuePage(v))
}

func (s *Service) showOneClaim(w http.ResponseWriter, r *http.Request) error {
	return s.oneClaim(w, r, form.Of(nil))
}

func (s *Service) oneClaim(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), s.subject(r)
	c, err := getClaim(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.policy.Can(by, "expert.inspect", object(c.Owner, c.Region)); err != nil {
		return err
	}
	v := claimView{Claim: c, s: s, Form: f, MayMove: c.State == Filed && s.mayMove(by, c, "verify") == nil}
	titles, err := s.titles(ctx, []string{c.Resource})
	if err != nil {
		return err
	}
	persons, err := s.orgs.Names(ctx, s.db, []string{c.Person})
	if err != nil {
		return err
	}
	names, err := s.names(ctx, []string{c.Owner})
	if err != nil {
		return err
	}
	v.Name, v.Claimant, v.Org = titles[c.Resource], persons[c.Person], names[c.Owner]
	if v.Evidence, err = listEvidence(ctx, s.db, c.Resource); err != nil {
		return err
	}
	if v.Timeline, err = s.moments(ctx, c.ID); err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), oneClaimPage(v))
}

func (s *Service) submitClaimVerb(verb string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f := form.Read(r)
		c, err := s.DoClaim(r.Context(), s.subject(r), r.PathValue("id"), verb, f.Text("note"))
		switch {
		case err == nil && verb == "withdraw":
			return web.SeeOther(w, r, "/desk/expert", "已撤回。")
		case err == nil && verb == "verify":
			return web.SeeOther(w, r, "/desk/expert-claims/"+c.ID, "已核实，对方会收到通知。")
		case err == nil:
			return web.SeeOther(w, r, "/desk/expert-claims/"+c.ID, "已记为未通过，对方会看到理由。")
		case verb == "refuse" && f.Fail(err):
			return s.oneClaim(w, r, f)
		}
		return err
	}
}
