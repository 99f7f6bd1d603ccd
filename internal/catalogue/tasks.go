package catalogue

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
)

// Tasks are what waits for the subject: drafts to be published, records to be checked and reviewed.
func (s *Service) Tasks(ctx context.Context, sub identity.Subject) ([]ui.Task, error) {
	out, err := s.reviewTasks(ctx, sub)
	if err != nil || s.Policy.Can(sub, "resource.edit", identity.Object{Parties: map[string]string{"owner": sub.Org}, Region: sub.Region}) != nil {
		return out, err
	}
	counts, err := s.count(ctx, s.DB, sub.Org, sub.Region)
	if err != nil {
		return nil, err
	}
	if n := counts.States[StatusDraft]; n > 0 {
		out = append(out, ui.Task{Title: t(ctx, "发布 {0} 项草稿", n), Link: "/desk/resources?status=draft", Icon: "edit", Count: int(n)})
	}
	due := counts.Due
	if n := due.Due + due.Stale + due.Never; n > 0 {
		out = append(out, ui.Task{Title: t(ctx, "核对 {0} 项资源是否属实", n), Note: ownView{tally: tally{Due: due}}.dueText(ctx), Link: "/desk/resources?fresh=check&sort=checked", Icon: "circle-check", Count: int(n)})
	}
	return out, nil
}

// reviewTasks are the submitted records that the subject may review.
func (s *Service) reviewTasks(ctx context.Context, sub identity.Subject) ([]ui.Task, error) {
	if s.Policy.May(sub, "resource.review") != nil {
		return nil, nil
	}
	list, err := s.inReview(ctx, sub)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return []ui.Task{{Title: t(ctx, "审核 {0} 项资源", len(list)), Note: list[0].name(ctx), Link: "/desk/reviews", Icon: "clipboard-check", Count: len(list), Since: list[0].UpdatedAt.Time}}, nil
}

// inReview lists the submitted records that sub may review, oldest first, at most 200.
func (s *Service) inReview(ctx context.Context, sub identity.Subject) ([]Resource, error) {
	var w db.Where
	s.Policy.Filter(sub, "resource.review", map[string]string{"owner": "owner"}, &w)
	w.And("status = ?", StatusReview)
	w.And("NOT EXISTS (SELECT 1 FROM catalogue_history h WHERE h.resource = catalogue_resource.id AND h.verb = 'submit' AND h.revision = catalogue_resource.revision AND h.person = ?)", sub.Person)
	return listResources(ctx, s.DB, &w, "ORDER BY updated_at, id LIMIT 200")
}
