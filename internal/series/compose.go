package series

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
)

// Offer is a time at which a composite booking can be had, with what it costs. Where a condition keeps one of its bookings from
// being made, Why says which.
type Offer struct {
	Found
	Drafts []order.Draft // of the picks, in their order
	Total  money.Fen
	Why    *fault.Error
}

// maxOffers is how many times one page shows: each is priced.
const maxOffers = 12

// Look finds the first times for a composite booking and prices them. Nothing is changed.
func (s *Service) Look(ctx context.Context, by identity.Subject, a Ask, common order.PlaceRequest) ([]Offer, map[string]Resource, error) {
	if err := s.Policy.Can(by, "order.create", identity.Object{Parties: map[string]string{order.Buyer: by.Org}}); err != nil {
		return nil, nil, err
	}
	if err := a.check(); err != nil {
		return nil, nil, err
	}
	var ids []string
	for _, p := range a.Parts {
		ids = append(ids, p.Resources...)
	}
	slices.Sort(ids)
	list, err := s.Catalogue.Resources(ctx, s.DB, slices.Compact(ids))
	if err != nil {
		return nil, nil, fmt.Errorf("the resources of the parts: %w", err)
	}
	known := map[string]Resource{}
	for _, r := range list {
		known[r.ID] = r
	}
	from, err1 := clock.Midnight(a.First)
	to, err2 := clock.Midnight(a.Last)
	if err := errors.Join(err1, err2); err != nil {
		return nil, known, fmt.Errorf("the days of the window: %w", err)
	}
	plans, err := s.Calendars.Plans(ctx, s.DB, list, from, to.AddDate(0, 0, 4))
	if err != nil {
		return nil, known, err
	}
	for rid, p := range plans {
		p.Inner = by.Org == known[rid].Owner
		plans[rid] = p
	}
	if a.Most <= 0 || a.Most > maxOffers {
		a.Most = maxOffers
	}
	found, err := Find(plans, a)
	if err != nil {
		return nil, known, err
	}
	out := make([]Offer, len(found))
	for i, x := range found {
		if out[i], err = s.price(ctx, by, id.New(), x.Picks, common); err != nil {
			return nil, known, err
		}
		out[i].Found = x
	}
	return out, known, nil
}

// price prepares the orders of picks; a fault of one that only another choice can mend is told, not returned.
func (s *Service) price(ctx context.Context, by identity.Subject, group string, picks []Pick, common order.PlaceRequest) (Offer, error) {
	var out Offer
	for i, p := range picks {
		d, err := s.prepareAt(ctx, by, group, i, p, common)
		if err != nil {
			if e := fault.Of(err); e.Kind < fault.Internal && e.Kind != fault.Forbidden && e.Kind != fault.Unauthenticated {
				out.Why = e
				return out, nil
			}
			return out, err
		}
		out.Drafts = append(out.Drafts, d)
		out.Total += d.Estimate.Price.Total
	}
	return out, nil
}

// prepareAt is the order of a pick.
func (s *Service) prepareAt(ctx context.Context, by identity.Subject, group string, i int, p Pick, common order.PlaceRequest) (order.Draft, error) {
	one := common
	one.Kind, one.Resource, one.Start, one.End, one.Key, one.Line, one.AddOns = order.KindBooking, p.Resource, p.Span.From, p.Span.To, "", "", nil
	return s.Orders.Prepare(ctx, s.DB, by, id.From(group, fmt.Sprint(i)), one)
}

// ComposeRequest books instruments together: all of the picks, or nothing.
type ComposeRequest struct {
	Picks []Pick
	Order order.PlaceRequest // what each order asks for beside resource and time
	Key   string
}

// Compose books all of the picks or nothing, in one transaction; each is an order with its own price and its own hold.
func (s *Service) Compose(ctx context.Context, by identity.Subject, req ComposeRequest) (Group, error) {
	group := id.New()
	if req.Key != "" {
		group = id.From(by.Person, req.Key, "composite")
		if g, err := getGroup(ctx, s.DB, group); err == nil {
			return g, nil
		}
	}
	if err := s.Policy.Can(by, "order.create", identity.Object{Parties: map[string]string{order.Buyer: by.Org}}); err != nil {
		return Group{}, err
	}
	if len(req.Picks) == 0 || len(req.Picks) > MaxTogether {
		return Group{}, fault.New(fault.Invalid, "composite-none", "请先选一个时间。").Field("at", "required", "请先选一个时间。")
	}
	g := Group{ID: group, Kind: KindComposite, Buyer: by.Org, Person: by.Person, Purpose: strings.TrimSpace(req.Order.Purpose), Invented: by.Sample}
	var drafts []order.Draft
	var parts []Part
	for i, p := range req.Picks {
		d, err := s.prepareAt(ctx, by, group, i, p, req.Order)
		if err != nil {
			return Group{}, err
		}
		r := d.Estimate.Resource
		if i == 0 {
			g.Provider, g.Region = r.Owner, r.Region
		} else if r.Owner != g.Provider {
			g.Provider = ""
		}
		g.Invented = g.Invented || r.Sample
		drafts, parts = append(drafts, d), append(parts, Part{Order: id.From(group, fmt.Sprint(i)), Part: int64(p.Part)})
	}
	err := s.book(ctx, &g, drafts, parts)
	if err != nil && req.Key != "" { // perhaps because the same request was quicker
		if first, again := getGroup(ctx, s.DB, group); again == nil {
			return first, nil
		}
	}
	return g, err
}
