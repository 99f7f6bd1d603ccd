package app

import (
	"context"

	"qiao/internal/booking"
	"qiao/internal/message"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
	"qiao/internal/waiting"
)

// toQueues is the reader of the outbox that keeps queues and offers as the calendars are.
const toQueues = "queues"

// freed gives time that became free to those who wait for it, in the same transaction.
func (a *App) freed(ctx context.Context, tx *db.Tx, resource string) error {
	return a.waiting.Freed(ctx, tx, resource)
}

// followQueues takes offers back whose time a breakdown takes, and tells of offers and places.
func (a *App) followQueues() {
	outbox.On(a.bus, toQueues, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e booking.Closed) error {
		return a.waiting.Recall(ctx, tx, e.Affected)
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e waiting.Moved) error {
		link := "/desk/offers/" + e.Offer
		switch e.Verb {
		case waiting.VerbOffer:
			return a.notify(ctx, tx, m, e.Buyer, nil, link, message.Say("“{0}”有时间了：{1}，为贵单位保留到 {2}，请尽快答复", e.Name, e.Start, e.Until))
		case waiting.VerbLapse:
			return a.notify(ctx, tx, m, e.Buyer, nil, link, message.Say("“{0}”的限时邀约（{1}）已到期，时段让给了下一位", e.Name, e.Start))
		case waiting.VerbRecall:
			return a.notify(ctx, tx, m, e.Buyer, nil, link, message.Say("“{0}”的限时邀约（{1}）已被收回，候补的位置不变", e.Name, e.Start))
		case waiting.VerbExpire:
			return a.notify(ctx, tx, m, e.Buyer, nil, "/desk/waits/"+e.Wait, message.Say("没有等到“{0}”的空闲时间，候补已到期", e.Name))
		}
		return nil
	})
}
