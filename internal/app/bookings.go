package app

import (
	"context"
	"maps"

	"qiao/internal/booking"
	"qiao/internal/message"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// bookers says whose bookings stand in the calendars.
func (a *App) bookers(ctx context.Context, q db.Q, holders []string) (map[string]booking.Holder, error) {
	out, err := a.order.Holders(ctx, q, holders)
	if err != nil || len(out) == len(holders) {
		return out, err
	}
	for _, of := range []func(context.Context, db.Q, []string) (map[string]booking.Holder, error){a.campus.Holders, a.waiting.Holders} {
		others, err := of(ctx, q, holders)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, others)
	}
	return out, err
}

// tellOfBreakdowns tells everybody whose time a breakdown takes.
func (a *App) tellOfBreakdowns() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e booking.Closed) error {
		if len(e.Affected) == 0 {
			return nil
		}
		orders, err := a.order.Named(ctx, tx, e.Affected)
		if err != nil {
			return err
		}
		for _, o := range orders {
			one := m
			one.ID = m.ID + "/" + o.ID
			if err := a.notify(ctx, tx, one, o.Buyer, nil, "/desk/orders/"+o.ID, message.Say("仪器故障停机，您的预约 {0} 的时间受到影响，请与服务单位商量改期或取消", o.Number)); err != nil {
				return err
			}
		}
		return nil
	})
}
