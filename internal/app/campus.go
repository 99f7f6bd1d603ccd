package app

import (
	"context"

	"github.com/a-h/templ"

	"qiao/internal/booking"
	"qiao/internal/campus"
	"qiao/internal/identity"
	"qiao/internal/message"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// outside lets calendars know of the campus systems that some instruments stand in, too.
type outside struct{ app *App }

// Ask asks before a booking.
func (o outside) Ask(ctx context.Context, c booking.Claim) (string, error) {
	return o.app.campus.Ask(ctx, c)
}

// Forget gives back what was asked for.
func (o outside) Forget(ctx context.Context, ticket string) { o.app.campus.Forget(ctx, ticket) }

// Took follows a booking.
func (o outside) Took(ctx context.Context, tx *db.Tx, b booking.Booking) error {
	return o.app.campus.Took(ctx, tx, b)
}

// Freed follows its end.
func (o outside) Freed(ctx context.Context, tx *db.Tx, b booking.Booking) error {
	return o.app.campus.Freed(ctx, tx, b)
}

// campusOf draws, on an order's page, how it stands in the provider's own system.
func (a *App) campusOf(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	return a.campus.Panel(ctx, by, d)
}

// toCampus is the reader of the outbox that tells campus systems of machine hours.
const toCampus = "campus"

// followCampus tells campus systems of finished machine hours, and their providers of what is taken twice.
func (a *App) followCampus() {
	outbox.On(a.bus, toCampus, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Stopped) error {
		if e.Kind != order.KindBooking {
			return nil
		}
		return a.campus.Finished(ctx, tx, e.Resource, e.Order, e.Run)
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e campus.Clashed) error {
		return a.notify(ctx, tx, m, e.Owner, nil, "/desk/campus/"+e.Link+"#clashes", message.Say("校内系统报来的占用与预约冲突，请处理：{0}", e.NameZH))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e campus.Lost) error {
		return a.notify(ctx, tx, m, e.Owner, nil, "/desk/orders/"+e.Holder, message.Say("补报的预约在校内系统里已被占用，请与对方商量：{0}", e.NameZH))
	})
}
