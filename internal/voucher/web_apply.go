package voucher

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
	"qiao/internal/voucher/scheme"
)

// applyView is the form in which a firm asks for a quota.
type applyView struct {
	Programme Programme
	Room      scheme.Line // what may still be asked for, and why not more
	Waiting   Application // one that is not decided yet; none may be added
	Draft     Application // what the form continues; empty: a new application
	Team      bool        // asked for the number of members
	Eligible  Eligibility
	Files     bool // firms have files, in which they declare whom they belong together with
	Form      *form.Form
	Kept      []keptFile // uploaded with the form as it was sent before, or with the draft
}

func (s *Service) showApply(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id := r.URL.Query().Get("draft")
	if id == "" {
		return s.applyPage(w, r, r.URL.Query().Get("programme"), Application{}, form.Of(nil), nil)
	}
	a, err := getApplication(ctx, s.db, id)
	if err == nil && (a.Firm != identity.SubjectOf(ctx).Org || a.State != Drafted) {
		err = applicationMissing()
	}
	if err != nil {
		return err
	}
	files, err := listAttachments(ctx, s.db, a.ID)
	if err != nil {
		return err
	}
	f := form.Of(map[string]string{"purpose": a.Purpose, "type": a.Type})
	if a.Amount > 0 {
		f.Set("amount", a.Amount.Yuan())
	}
	if a.Members > 0 {
		f.Set("members", strconv.Itoa(a.Members))
	}
	f.Set("statements", strings.Fields(a.Statements)...)
	return s.applyPage(w, r, a.Programme, a, f, files)
}

// applyPage shows the form; without a programme, the only one that is open is taken.
func (s *Service) applyPage(w http.ResponseWriter, r *http.Request, programme string, draft Application, f *form.Form, files []Document) error {
	ctx := r.Context()
	if programme == "" {
		all, err := s.Programmes(ctx, s.db)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(p Programme) bool { return !p.Terms.For(identity.SubjectOf(ctx).Region) })
		if len(all) != 1 {
			return web.SeeOther(w, r, "/programmes", "")
		}
		programme = all[0].ID
	}
	p, err := s.Programme(ctx, s.db, programme)
	if err != nil {
		return err
	}
	by := identity.SubjectOf(ctx)
	who, err := s.applicant(ctx, s.db, p.ID, by.Org, s.today())
	if err != nil {
		return err
	}
	if p.Terms.Batch() {
		who.Unissued = scheme.Most // a batch divides what there is
	}
	v := applyView{Programme: p, Draft: draft, Form: f, Team: who.Team && p.Terms.Team != nil, Files: s.facts != nil}
	_, v.Room = p.Terms.Room(who)
	if v.Waiting, err = openApplication(ctx, s.db, p.ID, by.Org); err != nil {
		return err
	}
	if v.Eligible, err = s.Eligible(ctx, s.db, p, by.Org); err != nil {
		return err
	}
	if v.Kept, err = s.sealed(ctx, files); err != nil {
		return err
	}
	seals := make([]string, len(v.Kept))
	for i, k := range v.Kept {
		seals[i] = k.Seal
	}
	f.Set("kept", seals...)
	return web.Page(w, r, f.Status(), applyPage(v))
}

// carried tells whether this document came with the form before.
func (v applyView) carried(code string) bool {
	return slices.ContainsFunc(v.Kept, func(k keptFile) bool { return k.Code == code })
}

func (s *Service) submitApply(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	saving := f.Text("do") == "save"
	if !saving {
		f.Need("amount", "purpose")
	}
	req := ApplyRequest{
		Programme: f.Text("programme"), Draft: f.Text("draft"), Amount: f.Fen("amount"), Purpose: f.Text("purpose"), Statements: f.All("statements"),
		Type: f.Text("type"), Members: int(min(max(f.Int("members"), 0), 10_000)), Key: web.RequestKey(ctx), Facts: stated(f), Objection: f.Text("objection"),
	}
	p, err := s.Programme(ctx, s.db, req.Programme)
	if err != nil {
		return err
	}
	if req.Documents, err = s.storedFor(ctx, f, p.Terms.Attach); err != nil {
		return err
	}
	if f.OK() {
		done, err := s.applied(ctx, w, r, req, saving)
		if err == nil && done {
			return nil
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.applyPage(w, r, req.Programme, Application{ID: req.Draft}, f, req.Documents)
}

// applied saves or submits, and says so; false when it could not be done.
func (s *Service) applied(ctx context.Context, w http.ResponseWriter, r *http.Request, req ApplyRequest, saving bool) (bool, error) {
	by := identity.SubjectOf(ctx)
	if saving {
		if _, err := s.Save(ctx, by, req); err != nil {
			return false, err
		}
		return true, web.SeeOther(w, r, "/desk/wallet#applications", "草稿已保存，只有本单位看得到。")
	}
	a, err := s.Apply(ctx, by, req)
	if err != nil {
		return false, err
	}
	return true, web.SeeOther(w, r, "/desk/vouchers/"+a.ID, "申请 {0} 已提交，主管部门审核后会通知您。", a.Number)
}

// submitFirmStep withdraws or amends an application.
func (s *Service) submitFirmStep(do func(context.Context, identity.Subject, string, string) (Application, error)) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		a, err := do(ctx, identity.SubjectOf(ctx), r.PathValue("id"), web.RequestKey(ctx))
		switch {
		case err != nil:
			return err
		case a.State == Drafted:
			return web.SeeOther(w, r, "/desk/wallet/apply?draft="+a.ID, "可以修改后重新提交。")
		}
		return web.SeeOther(w, r, "/desk/wallet#applications", "申请已撤回。")
	}
}

// showAttachment sends a file of an application to who may see it.
func (s *Service) showAttachment(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a, err := getApplication(ctx, s.db, r.PathValue("id"))
	if err == nil {
		err = s.mayRead(identity.SubjectOf(ctx), a)
	}
	if err != nil {
		return err
	}
	files, err := listAttachments(ctx, s.db, a.ID)
	if err != nil {
		return err
	}
	return s.sendDocument(w, r, files, a.CreatedAt.Time)
}
