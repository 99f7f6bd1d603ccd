package observe

import (
	"context"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
)

// ahead is how long before it a session stands among the tasks.
const ahead = 24 * time.Hour

// Tasks are what waits for the subject: a plan to answer, and the next session.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	var out []ui.Task
	if s.Policy.May(by, "observe.answer") == nil && by.Org != "" {
		var w db.Where
		w.And("buyer = ?", by.Org)
		w.And("state = ?", Offered)
		list, err := listPlans(ctx, s.DB, &w)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			out = append(out, ui.Task{Title: t(ctx, "答复远程观察的安排"), Note: list[0].Number, Link: "/desk/orders/" + list[0].Order + "/observation", Icon: "video", Count: len(list), Since: list[0].CreatedAt.Time})
		}
	}
	if s.Policy.May(by, "observe.list") != nil {
		return out, nil
	}
	next, err := s.Upcoming(ctx, by, 1)
	if err != nil || len(next) == 0 || next[0].Opens.Sub(s.Clock.Now()) > ahead {
		return out, err
	}
	x := next[0]
	return append(out, ui.Task{Title: t(ctx, "远程观察：{0}", name(ctx, x)), Note: ui.SaySpan(ctx, x.Starts.Time, x.Ends.Time), Link: "/desk/observe/" + x.ID, Icon: "video", Since: s.Clock.Now(), Due: x.Closes.Time}), nil
}
