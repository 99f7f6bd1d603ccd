package series

import (
	"context"
	"fmt"

	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify re-derives what must hold: a group has as many orders as it was made of (a composite booking is whole or it is not),
// all of them of its buyer, those of a series on its resource.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var w db.Where
	groups, err := listGroups(ctx, q, &w, 1_000_000)
	if err != nil {
		return nil, err
	}
	parts, err := db.All[Part](ctx, q, `SELECT `+partColumns+` FROM series_part ORDER BY grp, position`)
	if err != nil {
		return nil, fmt.Errorf("the parts of all groups: %w", err)
	}
	of, ids := map[string][]Part{}, make([]string, len(parts))
	for i, p := range parts {
		of[p.Group], ids[i] = append(of[p.Group], p), p.Order
	}
	orders := map[string]order.Order{}
	for len(ids) > 0 {
		n := min(len(ids), 500)
		list, err := s.Orders.Named(ctx, q, ids[:n])
		if err != nil {
			return nil, err
		}
		for _, o := range list {
			orders[o.ID] = o
		}
		ids = ids[n:]
	}
	var out []verify.Finding
	for _, g := range groups {
		out = append(out, wrong(g, of[g.ID], orders)...)
	}
	return out, nil
}

// wrong is what does not hold of a group.
func wrong(g Group, parts []Part, orders map[string]order.Order) []verify.Finding {
	var out []verify.Finding
	bad := func(code, text string) {
		out = append(out, verify.Finding{Code: code, Object: g.ID, Text: text})
	}
	if int64(len(parts)) != g.Parts {
		bad("series.parts", fmt.Sprintf("group %s was made of %d orders and has %d", g.Number, g.Parts, len(parts)))
	}
	for i, p := range parts {
		o, there := orders[p.Order]
		switch {
		case p.Position != int64(i+1):
			bad("series.position", fmt.Sprintf("group %s has a gap before position %d", g.Number, p.Position))
		case !there || o.Kind != order.KindBooking:
			bad("series.order", "an order of group "+g.Number+" is gone or no booking: "+p.Order)
		case o.Buyer != g.Buyer:
			bad("series.buyer", "an order of group "+g.Number+" has another buyer: "+p.Order)
		case g.Kind == KindSeries && o.Resource != g.Resource:
			bad("series.resource", "an order of series "+g.Number+" is on another resource: "+p.Order)
		}
	}
	return out
}
