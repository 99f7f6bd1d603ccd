package expert

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
)

// Tasks are what waits for the subject: requests to answer; for officers claims to verify.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	var out []ui.Task
	if s.policy.May(by, "expert.own") == nil {
		var w db.Where
		w.And("expert = ?", by.Person)
		w.And("state = ?", Sent)
		list, err := listRequests(ctx, s.db, &w, shown)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			oldest := list[len(list)-1]
			out = append(out, ui.Task{Title: t(ctx, "答复联系请求"), Note: oldest.Subject, Link: "/desk/expert/requests/" + oldest.ID, Icon: "address-book", Count: len(list), Since: oldest.CreatedAt.Time})
		}
	}
	if s.policy.May(by, "expert.verify") == nil {
		list, err := s.queue(ctx, by, "expert.verify", Filed)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			oldest := list[len(list)-1]
			out = append(out, ui.Task{Title: t(ctx, "核实专家认领"), Note: oldest.Institution, Link: "/desk/expert-claims", Icon: "user-check", Count: len(list), Since: oldest.CreatedAt.Time})
		}
	}
	return out, nil
}

// queue are the claims in a state that the subject may do something with.
func (s *Service) queue(ctx context.Context, by identity.Subject, action, state string) ([]Claim, error) {
	var w db.Where
	s.policy.Filter(by, action, map[string]string{"owner": "owner", identity.SideRegion: "region"}, &w)
	w.And("state = ?", state)
	return listClaims(ctx, s.db, &w, shown)
}
