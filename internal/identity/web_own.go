package identity

import (
	"net/http"

	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// ownView is the page of the organisation one acts for.
type ownView struct {
	organisationView
	Facts   factsForm // the registration, to be mended
	Mend    bool      // the registration may be mended
	Members []Member
	Staff   *form.Form // somebody to add
	Manage  bool       // the subject may change who belongs to it
	Self    string     // the subject's membership
}

// showOwn is the organisation one acts for: where its registration stands, who belongs to it, and what is to mend.
func (s *Service) showOwn(w http.ResponseWriter, r *http.Request) error {
	return s.ownPage(w, r, nil, nil)
}

func (s *Service) submitOwn(w http.ResponseWriter, r *http.Request) error {
	f, sub := form.Read(r), SubjectOf(r.Context())
	_, err := s.Resubmit(r.Context(), sub, sub.Org, readFacts(f))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/account/organisation", "已再次提交，主管部门核验后会通知您。")
	case f.Fail(err):
		return s.ownPage(w, r, f, nil)
	}
	return err
}

func (s *Service) submitMember(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	err := s.AddMember(r.Context(), SubjectOf(r.Context()), NewMember{
		Login: f.Text("member_login"), Name: f.Text("member_name"), Password: f.Value("member_password"), Role: f.Text("role"),
	})
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/account/organisation#people", "人员已加入，请把登录名和初始密码告诉本人。")
	case f.Fail(err):
		return s.ownPage(w, r, nil, f)
	}
	return err
}

func (s *Service) submitEndMember(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	err := s.EndMember(r.Context(), SubjectOf(r.Context()), r.PathValue("id"))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/account/organisation#people", "已移出，不能再以本单位的身份办理。")
	case f.Fail(err):
		return s.ownPage(w, r, nil, f)
	}
	return err
}

// ownPage shows the organisation with the registration as typed (mend) or the person as typed (staff), nil for neither.
func (s *Service) ownPage(w http.ResponseWriter, r *http.Request, mend, staff *form.Form) error {
	ctx := r.Context()
	sub := SubjectOf(ctx)
	if sub.Org == "" {
		return web.SeeOther(w, r, "/register", "您还不属于任何单位，可以在这里注册一个。")
	}
	o, err := s.Organisation(ctx, s.db, sub.Org)
	if err != nil {
		return err
	}
	v := ownView{Staff: staff, Self: sub.Membership}
	if v.organisationView, err = s.view(ctx, o); err != nil {
		return err
	}
	if v.Members, err = s.Members(ctx, s.db, o.ID); err != nil {
		return err
	}
	status := http.StatusOK
	for _, f := range []*form.Form{mend, staff} {
		if f != nil {
			status = f.Status()
		}
	}
	if mend == nil {
		mend = v.form()
	}
	if v.Facts, err = s.factsForm(ctx, mend); err != nil {
		return err
	}
	v.Facts.Parent = Organisation{} // it stays part of what it is part of
	v.Mend = o.Status == StatusRefused && s.policy.Can(sub, "organisation.resubmit", o.Object()) == nil
	v.Manage = o.Status == StatusVerified && s.policy.Can(sub, "organisation.staff", o.Object()) == nil
	if v.Staff == nil {
		v.Staff = form.Of(map[string]string{"role": RoleStaff})
	}
	return web.Page(w, r, status, ownPage(v))
}

// roleOptions are the roles to choose from.
func (v ownView) roleOptions(name func(role string) string) []ui.Option {
	var options []ui.Option
	for _, role := range Roles() {
		options = append(options, ui.Option{Value: role, Label: name(role)})
	}
	return options
}
