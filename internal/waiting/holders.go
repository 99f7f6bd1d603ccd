package waiting

import (
	"context"
	"maps"
	"slices"

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

// Movable fills in, for the bookings of a calendar, the address at which the owner proposes another time; a booking that is
// over, or for which a proposal stands, has none.
func (s *Service) Movable(ctx context.Context, q db.Q, holders map[string]booking.Holder) error {
	ids := slices.Sorted(maps.Keys(holders))
	list, err := s.Orders.Named(ctx, q, ids)
	if err != nil {
		return err
	}
	proposed, err := offersBy(ctx, q, "origin", ids)
	if err != nil {
		return err
	}
	for _, o := range list {
		waits := slices.ContainsFunc(proposed, func(x Offer) bool { return x.Origin == o.ID && x.State == Open })
		if kindFor(o) == "" || waits || !o.Start.After(s.Clock.Now()) {
			continue
		}
		h := holders[o.ID]
		h.Move = "/desk/orders/" + o.ID + "/suggest"
		holders[o.ID] = h
	}
	return nil
}
