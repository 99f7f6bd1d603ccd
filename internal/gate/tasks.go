package gate

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
)

// Tasks are what waits for the subject: trainings to arrange and papers to check.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if s.Policy.May(by, "gate.decide") != nil {
		return nil, nil
	}
	var out []ui.Task
	for _, x := range []struct {
		states      []string
		title, icon string
	}{
		{[]string{Asked}, t(ctx, "安排申请的培训"), "school"},
		{[]string{Offered, Attended}, t(ctx, "登记培训是否参加、是否通过"), "calendar-check"},
		{[]string{Sent}, t(ctx, "审核提交的证书和批件"), "certificate"},
	} {
		var w db.Where
		w.And("provider = ?", by.Org)
		w.And("person <> ?", by.Person)
		w.In("state", x.states)
		if x.states[0] == Offered {
			w.And("(state = ? OR meet_at <= ?)", Attended, db.At(s.Clock.Now()))
		}
		list, err := listPapers(ctx, s.DB, &w)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			continue
		}
		link := "/desk/papers/handed"
		if len(list) == 1 {
			link = "/desk/papers/" + list[0].ID
		}
		last := list[len(list)-1]
		out = append(out, ui.Task{Title: x.title, Note: last.Name, Link: link, Icon: x.icon, Count: len(list), Since: last.UpdatedAt.Time})
	}
	return out, nil
}
