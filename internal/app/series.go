package app

import (
	"context"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/order"
)

// seriesOf draws, on an order's page, the series or composite booking it belongs to.
func (a *App) seriesOf(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	return a.series.Panel(ctx, by, d)
}
