package app

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/order"
)

// seriesOf draws, on an order's page, the series or composite booking it belongs to.
func (a *App) seriesOf(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	return a.series.Panel(ctx, by, d)
}

// poolOf is what a composite booking is put together from: the instruments named, the others of their owners, and what the person
// keeps, each if it can be booked.
func (a *App) poolOf(ctx context.Context, by identity.Subject, with []string) ([]catalogue.Resource, error) {
	out, err := a.catalogue.Resources(ctx, a.db, with)
	if err != nil {
		return nil, err
	}
	_, kept, err := a.find.Favourites(ctx, by)
	if err != nil {
		return nil, err
	}
	for _, r := range kept {
		out = append(out, r)
	}
	var owners []string
	for _, r := range out[:min(len(out), len(with))] {
		if slices.Contains(owners, r.Owner) {
			continue
		}
		owners = append(owners, r.Owner)
		beside, err := a.catalogue.Owned(ctx, a.db, r.Owner)
		if err != nil {
			return nil, err
		}
		out = append(out, beside...)
	}
	seen := map[string]bool{}
	out = slices.DeleteFunc(out, func(r catalogue.Resource) bool {
		gone := seen[r.ID] || !r.Bookable || r.Status != catalogue.StatusPublished
		seen[r.ID] = true
		return gone
	})
	return out[:min(len(out), 16)], nil
}
