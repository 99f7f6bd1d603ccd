package waiting

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/ui"
)

// Tasks are the offers that the subject's organisation has to answer.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if by.Org == "" || s.Policy.May(by, "waiting.take") != nil {
		return nil, nil
	}
	list, err := s.Offers(ctx, by, true)
	if err != nil {
		return nil, err
	}
	var out []ui.Task
	for _, o := range list {
		out = append(out, ui.Task{
			Title: t(ctx, "答复限时邀约：{0}", o.name(ctx)), Note: ui.SaySpan(ctx, o.Start.Time, o.End.Time), Link: "/desk/offers/" + o.ID, Icon: "clock",
			Since: o.Made.Time, Due: o.Until.Time,
		})
	}
	return out, nil
}
