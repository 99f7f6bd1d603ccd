package app

import (
	"context"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/message"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
	"qiao/internal/review"
	"qiao/internal/sample"
	"qiao/internal/talk"
)

// samplesOf draws, on an order's page, its samples.
func (a *App) samplesOf(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	return a.sample.Panel(ctx, by, d)
}

// saidOn draws, on an order's page, what its parties wrote to each other.
func (a *App) saidOn(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	return a.talk.Panel(ctx, by, d)
}

// reviewsOf draws, on an order's page, how its buyer was rated.
func (a *App) reviewsOf(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	return a.review.Panel(ctx, by, d)
}

// tellOfReviews tells the buyer that it was rated, and the provider that the buyer replied.
func (a *App) tellOfReviews() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e review.BuyerRated) error {
		return a.notify(ctx, tx, m, e.Buyer, nil, "/desk/orders/"+e.Order+"/buyer-ratings", message.Say("服务机构评价了贵单位在订单 {0} 上的合作，可以回复", e.Number))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e review.Replied) error {
		return a.notify(ctx, tx, m, e.Provider, nil, "/desk/orders/"+e.Order+"/buyer-ratings", message.Say("下单单位回复了您在订单 {0} 上的评价", e.Number))
	})
}

// tellOfTalk tells the other side that something was written.
func (a *App) tellOfTalk() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e talk.Said) error {
		return a.notify(ctx, tx, m, e.To, nil, "/desk/orders/"+e.Order+"/messages", message.Say("订单 {0} 有新的留言", e.Number))
	})
}

// toSamples is the reader of the outbox that keeps the last days of samples.
const toSamples = "samples"

// followSamples gives what is left of an order that has ended its last day.
func (a *App) followSamples() {
	outbox.On(a.bus, toSamples, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Confirmed) error {
		return a.sample.Ended(ctx, tx, e.Order)
	})
	outbox.On(a.bus, toSamples, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Cancelled) error {
		return a.sample.Ended(ctx, tx, e.Order)
	})
}

// tellOfDue tells of samples whose last day comes or has passed, and of those that did not arrive.
func (a *App) tellOfDue(ctx context.Context, tx *db.Tx, m outbox.Meta, e sample.Due) error {
	texts := map[string][2]message.Line{ // to the side that has to act, and to the other
		"ending":        {message.Say("订单 {0} 的 {1} 份样品保存到 {2}，请安排退回或处置", e.Number, e.Count, e.Day), message.Say("订单 {0} 的 {1} 份样品保存到 {2}，需要延长请尽早与服务机构商定", e.Number, e.Count, e.Day)},
		"over":          {message.Say("订单 {0} 的 {1} 份样品保存期已于 {2} 结束，请退回或处置", e.Number, e.Count, e.Day), message.Say("订单 {0} 的 {1} 份样品保存期已于 {2} 结束，已催服务机构退回或处置", e.Number, e.Count, e.Day)},
		sample.Sent:     {message.Say("订单 {0} 的 {1} 份样品自 {2} 寄出，至今没有签收，请核对", e.Number, e.Count, e.Day), message.Say("订单 {0} 的 {1} 份样品自 {2} 寄出，对方至今没有签收，请查询物流", e.Number, e.Count, e.Day)},
		sample.Returned: {message.Say("订单 {0} 的 {1} 份样品自 {2} 退回，收到后请确认", e.Number, e.Count, e.Day), message.Say("订单 {0} 的 {1} 份样品自 {2} 退回，委托方至今没有确认收到，请查询物流", e.Number, e.Count, e.Day)},
		sample.Refused:  {message.Say("订单 {0} 有 {1} 份未接收的样品自 {2} 起等待退回，请寄回", e.Number, e.Count, e.Day), message.Say("订单 {0} 有 {1} 份未接收的样品自 {2} 起等待退回，已催服务机构寄回", e.Number, e.Count, e.Day)},
	}[e.Kind]
	link := "/desk/orders/" + e.Order + "/samples"
	turn, other := e.Provider, e.Buyer
	if e.Turn() == sample.Buyer {
		turn, other = other, turn
	}
	if err := a.notify(ctx, tx, m, turn, nil, link, texts[0]); err != nil || e.To != sample.ToBoth {
		return err
	}
	return a.notify(ctx, tx, m, other, nil, link, texts[1])
}

// tellOfSamples tells the other side of a sample's way, and the colleague it is handed to.
func (a *App) tellOfSamples() {
	outbox.On(a.bus, toTell, a.tellOfDue)
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e sample.Moved) error {
		link := "/desk/samples/" + e.Sample
		tell := func(org, text string) error {
			return a.notify(ctx, tx, m, org, nil, link, message.Say(text, e.Number))
		}
		switch e.Verb {
		case sample.VerbSend:
			return tell(e.Provider, "样品 {0} 已寄出，收到后请签收")
		case sample.VerbReceive:
			return tell(e.Buyer, "样品 {0} 已签收入库")
		case sample.VerbRefuse:
			return tell(e.Buyer, "样品 {0} 未被接收，请查看原因")
		case sample.VerbReturn:
			return tell(e.Buyer, "样品 {0} 已退回，收到后请确认")
		case sample.VerbDispose:
			return tell(e.Buyer, "样品 {0} 已按约定处置")
		case sample.VerbHand:
			return a.message.Notify(ctx, tx, message.Notice{Key: m.ID, Event: m.Name, Person: e.Offered, Title: message.Say("同事把样品 {0} 移交给您，请确认接手", e.Number), Link: link})
		}
		return nil
	})
}
