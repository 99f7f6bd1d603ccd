package app

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"qiao/internal/booking"
	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/message"
	"qiao/internal/order"
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

// otherTimes draws, on a booking's page, other times that are proposed for it or can be had.
func (a *App) otherTimes(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	return a.waiting.Panel(ctx, by, d)
}

// feeOf draws, on an order's page, the fee of a booking that was not kept and what is said about it.
func (a *App) feeOf(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	return a.waiting.FeePanel(ctx, by, d)
}

// like finds instruments of the same class that can be booked, the closest class first.
func (a *App) like(ctx context.Context, resource, class string, limit int) ([]catalogue.Resource, error) {
	var out []catalogue.Resource
	for _, digits := range []int{6, 4} {
		if len(class) < digits || len(out) == limit {
			continue
		}
		found, err := a.catalogue.Search(ctx, catalogue.Query{Kinds: []string{"instrument"}, Classes: []string{class[:digits]}, Limit: 50})
		if err != nil {
			return nil, err
		}
		for _, x := range found.Items {
			known := slices.ContainsFunc(out, func(r catalogue.Resource) bool { return r.ID == x.ID })
			if x.ID != resource && !known && x.Resource.Bookable && len(out) < limit {
				out = append(out, x.Resource)
			}
		}
	}
	return out, nil
}

// followQueues cancels, at no cost, what a breakdown takes and tells whom it concerns; takes back what was proposed for an
// order that went on without it; and tells of offers and places.
func (a *App) followQueues() {
	outbox.On(a.bus, toQueues, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e booking.Closed) error {
		note := "仪器故障停机，平台自动取消，不收费用。" //i18n:data the note that the order keeps
		gone, err := a.waiting.Broken(ctx, tx, e.Affected, note)
		if err != nil {
			return err
		}
		for _, o := range gone {
			one := m
			one.ID = m.ID + "/" + o.ID
			title := message.Say("仪器故障停机，您的预约 {0} 已取消、不收费用；请看其他时间和同类仪器", o.Number)
			if err := a.notify(ctx, tx, one, o.Buyer, nil, "/desk/orders/"+o.ID+"/again", title); err != nil {
				return err
			}
		}
		return nil
	})
	settle := func(ctx context.Context, tx *db.Tx, f order.Facts) error { return a.waiting.Settle(ctx, tx, f.Order) }
	outbox.On(a.bus, toQueues, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Cancelled) error {
		return settle(ctx, tx, e.Facts)
	})
	outbox.On(a.bus, toQueues, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Started) error {
		return settle(ctx, tx, e.Facts)
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e waiting.Moved) error {
		to, link, text := offerMessage(e)
		if text == "" {
			return nil
		}
		return a.notify(ctx, tx, m, to, nil, link, message.Say(text, e.Name, e.Start, e.Until))
	})
}

// offerMessage is who is told of a step of an offer or a place, with what; {0} is the instrument, {1} the time, {2} the end.
func offerMessage(e waiting.Moved) (to, link, text string) {
	to, link = e.Buyer, "/desk/offers/"+e.Offer
	switch e.Kind + "/" + e.Verb {
	case "queue/" + waiting.VerbOffer:
		text = "“{0}”有时间了：{1}，为贵单位保留到 {2}，请尽快答复"
	case "instead/" + waiting.VerbOffer:
		text = "服务单位不能按原时间接单，建议“{0}”{1}，为贵单位保留到 {2}"
	case "move/" + waiting.VerbOffer:
		text = "服务单位提议把“{0}”的预约改到 {1}，请在 {2} 之前答复；不答复则原时间不变"
	case "queue/" + waiting.VerbLapse:
		text = "“{0}”的限时邀约（{1}）已到期，时段让给了下一位"
	case "instead/" + waiting.VerbLapse, "move/" + waiting.VerbLapse:
		text = "“{0}”建议的时间（{1}）已到期，不再保留"
	case "queue/" + waiting.VerbRecall:
		text = "“{0}”的限时邀约（{1}）已被收回，候补的位置不变"
	case "instead/" + waiting.VerbRecall, "move/" + waiting.VerbRecall:
		text = "“{0}”建议的时间（{1}）已被收回"
	case "instead/" + waiting.VerbDecline, "move/" + waiting.VerbDecline:
		to, text = e.Provider, "对方谢绝了贵单位为“{0}”建议的时间（{1}）"
	case "/" + waiting.VerbContest:
		to, link, text = e.Provider, "/desk/orders/"+e.Origin+"/contest", "对方对订单 {0} 的费用提出申诉，请答复"
	case "/" + waiting.VerbWaive:
		link, text = "/desk/orders/"+e.Origin, "订单 {0} 的费用已免除"
	case "/" + waiting.VerbUphold:
		link, text = "/desk/orders/"+e.Origin, "订单 {0} 的费用维持不变，请看对方的答复"
	case "/" + waiting.VerbExpire:
		link, text = "/desk/waits/"+e.Wait, "没有等到“{0}”的空闲时间，候补已到期"
	}
	return to, link, text
}
