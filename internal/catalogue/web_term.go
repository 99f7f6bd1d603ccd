package catalogue

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// termsView are the check terms of a region, and the form for a new one.
type termsView struct {
	Terms   []CheckTerm
	Form    *form.Form
	MaySet  bool
	service *Service
}

func (s *Service) showTerms(w http.ResponseWriter, r *http.Request) error {
	sub := identity.SubjectOf(r.Context())
	now := s.term(sub.Region, s.today())
	return s.termsPage(w, r, form.Of(map[string]string{"region": sub.Region, "days": itoa(int64(now.Days)), "warn": itoa(int64(now.Warn)), "again": itoa(int64(now.Again)), "review": flag(now.Review), "since": s.today()}))
}

func (s *Service) termsPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	sub := identity.SubjectOf(r.Context())
	return web.Page(w, r, f.Status(), termsPage(termsView{Terms: s.Terms(sub.Region), Form: f, MaySet: s.Policy.May(sub, "resource.set-term") == nil, service: s}))
}

func (s *Service) submitTerm(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), form.Read(r)
	t := CheckTerm{Region: f.Text("region"), Since: f.Date("since"), Days: int(f.Int("days")), Warn: int(f.Int("warn")), Again: int(f.Int("again")), Review: f.Bool("review"), Source: f.Text("source")}
	f.Need("region", "days", "warn", "again", "since", "source")
	if f.OK() {
		err := s.SetTerm(ctx, identity.SubjectOf(ctx), t)
		if err == nil {
			return web.SeeOther(w, r, "/desk/check-terms", "核对期限已保存。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.termsPage(w, r, f)
}

// actions lead to what waits for a second reader, for those who may be one.
func (v termsView) actions(ctx context.Context) []ui.Link {
	if v.service.Policy.May(identity.SubjectOf(ctx), "resource.review") != nil {
		return nil
	}
	return []ui.Link{{Label: i18n.T(ctx, "资源审核"), Href: "/desk/reviews", Icon: "clipboard-check"}}
}

// place names the region of a term.
func (v termsView) place(ctx context.Context, t CheckTerm) string {
	if t.Region == "" {
		return i18n.T(ctx, "其他地区")
	}
	return v.service.Orgs.RegionName(ctx, t.Region)
}
