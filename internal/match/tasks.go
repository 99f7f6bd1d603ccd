package match

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
)

// Tasks is what waits for the subject's organisation: answers to decide on, invitations to answer, matched
// needs that have gone quiet.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if by.Org == "" {
		return nil, nil
	}
	var out []ui.Task
	add := func(w waiting, err error, task ui.Task) error {
		if err != nil || w.N == 0 {
			return err
		}
		task.Count = int(w.N)
		if w.Since != nil {
			var at db.Time
			if err := at.Scan(*w.Since); err != nil {
				return err
			}
			task.Since = at.Time
		}
		out = append(out, task)
		return nil
	}
	before, err := s.staleBefore()
	if err != nil {
		return nil, err
	}
	w, err := undecided(ctx, s.DB, by.Org)
	if err := add(w, err, ui.Task{Title: t(ctx, "答复供方对需求的响应"), Link: "/desk/needs?scope=mine", Icon: "message-check"}); err != nil { //icons: message-check
		return nil, err
	}
	w, err = unanswered(ctx, s.DB, by.Org)
	if err := add(w, err, ui.Task{Title: t(ctx, "响应企业的需求邀请"), Link: "/desk/needs?scope=addressed", Icon: "bulb"}); err != nil { //icons: bulb
		return nil, err
	}
	w, err = stale(ctx, s.DB, by.Org, before)
	task := ui.Task{Title: t(ctx, "跟进已接受候选的需求"), Note: t(ctx, "{0} 天没有进展", staleDays), Link: "/desk/needs?scope=mine", Icon: "alert-circle"}
	if err := add(w, err, task); err != nil { //icons: alert-circle
		return nil, err
	}
	return out, nil
}
