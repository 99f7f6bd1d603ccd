package app

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/message"
	"qiao/internal/onsite"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// toSessions is the reader of the outbox that keeps sessions up to date.
const toSessions = "sessions"

// onsiteOf draws, on an order's page, its time at the instrument.
func (a *App) onsiteOf(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	return a.onsite.Panel(ctx, by, d)
}

// down takes an instrument out of service as broken.
func (a *App) down(ctx context.Context, by identity.Subject, resource, reason string, from, to time.Time) error {
	return a.booking.Close(ctx, by, booking.CloseRequest{Resource: resource, State: booking.SlotMaintenance, Unplanned: true, From: from, To: to, Reason: reason})
}

// followSessions keeps sessions as their orders are, and tells of what was done by rule and of faults.
func (a *App) followSessions() {
	follow := func(ctx context.Context, tx *db.Tx, f order.Facts) error { return a.onsite.Follow(ctx, tx, f.Order) }
	outbox.On(a.bus, toSessions, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Accepted) error {
		return follow(ctx, tx, e.Facts)
	})
	outbox.On(a.bus, toSessions, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Started) error {
		return follow(ctx, tx, e.Facts)
	})
	outbox.On(a.bus, toSessions, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Stopped) error {
		return follow(ctx, tx, e.Facts)
	})
	outbox.On(a.bus, toSessions, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Moved) error {
		return follow(ctx, tx, e.Facts)
	})
	outbox.On(a.bus, toSessions, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Cancelled) error {
		return follow(ctx, tx, e.Facts)
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e onsite.Closed) error {
		return a.notify(ctx, tx, m, e.Buyer, nil, "/desk/orders/"+e.Order, message.Say("预约 {0} 忘了停机，已按规则自动停机，请核对机时", e.Number))
	})
	outbox.On(a.bus, toQueues, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e onsite.NotKept) error {
		o, freed, err := a.waiting.Missed(ctx, tx, e.Order)
		if err != nil || !freed {
			return err
		}
		title := message.Say("预约 {0} 无人到场，时段已释放，按价格方案收取 {1}；有特殊情况可以申诉", o.Number, o.Price)
		return a.notify(ctx, tx, m, o.Buyer, nil, "/desk/orders/"+o.ID, title)
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e onsite.NotKept) error {
		return a.notify(ctx, tx, m, e.Owner, nil, "/desk/orders/"+e.Order, message.Say("预约 {0} 无人到场，已按规则记为未到", e.Number))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e onsite.Faulted) error {
		return a.notify(ctx, tx, m, e.Owner, nil, "/desk/onsite", message.Say("有人报告仪器“{0}”故障，请处理", e.Name))
	})
}
