package waiting

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/ui"
)

// Tasks are the offers that the subject's organisation has to answer.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if by.Org == "" {
		return nil, nil
	}
	out, err := s.toDecide(ctx, by)
	if err != nil || s.Policy.May(by, "waiting.take") != nil {
		return out, err
	}
	list, err := s.Offers(ctx, by, true)
	if err != nil {
		return nil, err
	}
	for _, o := range list {
		out = append(out, ui.Task{
			Title: t(ctx, "答复限时邀约：{0}", o.name(ctx)), Note: ui.SaySpan(ctx, o.Start.Time, o.End.Time), Link: "/desk/offers/" + o.ID, Icon: "clock",
			Since: o.Made.Time, Due: o.Until.Time,
		})
	}
	return out, nil
}

// toDecide are the contests that the subject's organisation has to answer.
func (s *Service) toDecide(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if s.Policy.May(by, "waiting.decide") != nil {
		return nil, nil
	}
	list, err := openContests(ctx, s.DB, by.Org)
	if err != nil {
		return nil, err
	}
	var out []ui.Task
	for _, c := range list {
		out = append(out, ui.Task{Title: t(ctx, "答复费用申诉：{0}", c.Number), Note: c.Amount.String(), Link: "/desk/orders/" + c.Order + "/contest", Icon: "message", Since: c.At.Time})
	}
	return out, nil
}
