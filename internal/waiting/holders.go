package waiting

import (
	"context"

	"qiao/internal/booking"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
)

// Holders says, for the calendars, for whom offers hold the time.
func (s *Service) Holders(ctx context.Context, q db.Q, ids []string) (map[string]booking.Holder, error) {
	list, err := offersBy(ctx, q, "id", ids)
	if err != nil {
		return nil, err
	}
	var buyers []string
	for _, o := range list {
		buyers = append(buyers, o.Buyer)
	}
	orgs, err := s.People.Organisations(ctx, q, buyers)
	if err != nil {
		return nil, err
	}
	out := map[string]booking.Holder{}
	for _, o := range list {
		name := t(ctx, "限时邀约：{0}", orgName(ctx, orgs[o.Buyer]))
		out[o.ID] = booking.Holder{Label: name, Name: name, Link: "/desk/offers/" + o.ID, Tone: ui.Warn}
	}
	return out, nil
}
