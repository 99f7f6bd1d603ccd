package identity

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
)

// Tasks are what waits for the subject: registrations to verify, or its own refused one to mend.
func (s *Service) Tasks(ctx context.Context, sub Subject) ([]ui.Task, error) {
	var tasks []ui.Task
	if s.policy.May(sub, "organisation.verify") == nil {
		var w db.Where
		s.policy.Filter(sub, "organisation.verify", map[string]string{SideRegion: "o.region"}, &w)
		w.And("o.status = ?", StatusRegistered)
		rows, err := countByStatus(ctx, s.db, &w)
		if err != nil {
			return nil, fmt.Errorf("count organisations to verify: %w", err)
		}
		for _, r := range rows {
			var since db.Time
			if err := since.Scan(r.Oldest); err != nil {
				return nil, fmt.Errorf("read the oldest registration: %w", err)
			}
			tasks = append(tasks, ui.Task{
				Title: t(ctx, "核验单位注册"), Link: "/desk/organisations?status=" + StatusRegistered, Icon: "building",
				Count: int(r.N), Since: since.Time,
			})
		}
	}
	if sub.OrgStatus == StatusRefused && sub.Role == RoleAdmin {
		o, err := s.Organisation(ctx, s.db, sub.Org)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, ui.Task{
			Title: t(ctx, "补正单位注册，再次提交"), Note: o.StatusReason, Link: "/account/organisation", Icon: "building", Since: o.UpdatedAt.Time,
		})
	}
	return tasks, nil
}
