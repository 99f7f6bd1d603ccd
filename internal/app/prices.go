package app

import (
	"context"

	"qiao/internal/catalogue"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/pricing"
)

// priced gives pricing the resources of the catalogue, their price lines read as a plan.
type priced struct{ app *App }

// Owned implements pricing.Resources.
func (p priced) Owned(ctx context.Context, q db.Q, org string) ([]pricing.Thing, error) {
	list, err := p.app.catalogue.Owned(ctx, q, org)
	out := make([]pricing.Thing, len(list))
	for i, r := range list {
		out[i] = thingOf(r)
	}
	return out, err
}

// Resource implements pricing.Resources.
func (p priced) Resource(ctx context.Context, q db.Q, id string) (pricing.Thing, error) {
	r, err := p.app.catalogue.Resource(ctx, q, id)
	return thingOf(r), err
}

func thingOf(r catalogue.Resource) pricing.Thing {
	return pricing.Thing{ID: r.ID, Owner: r.Owner, NameZH: r.NameZH, NameEN: r.NameEN, Sample: r.Sample, Plan: order.PlanOf(r.Prices)}
}
