package catalogue

import (
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

func (s *Service) showReviews(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := s.inReview(ctx, identity.SubjectOf(ctx))
	if err != nil {
		return err
	}
	ids := make([]string, len(list))
	for i, x := range list {
		ids[i] = x.Owner
	}
	owners, err := s.Orgs.Organisations(ctx, s.DB, ids)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, reviewsPage(list, owners, s.kinds))
}

func (s *Service) showReview(w http.ResponseWriter, r *http.Request) error {
	return s.reviewPage(w, r, nil)
}

func (s *Service) reviewPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx := r.Context()
	sub := identity.SubjectOf(ctx)
	x, _, err := s.load(ctx, s.DB, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.Policy.Can(sub, "resource.review", object(x)); err != nil {
		return err
	}
	v, err := s.view(ctx, sub, x)
	if err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), reviewPage(v, f))
}

func (s *Service) submitReview(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), form.Read(r)
	_, err := s.Review(ctx, identity.SubjectOf(ctx), r.PathValue("id"), r.PathValue("verb"), f.Text("note"))
	switch {
	case err == nil && r.PathValue("verb") == "approve":
		return web.SeeOther(w, r, "/desk/reviews", "已审核通过并发布。")
	case err == nil:
		return web.SeeOther(w, r, "/desk/reviews", "已退回所属单位修改。")
	case f.Fail(err):
		return s.reviewPage(w, r, failed(f))
	}
	return err
}
