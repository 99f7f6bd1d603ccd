package app

import (
	"context"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/message"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
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

// tellOfTalk tells the other side that something was written.
func (a *App) tellOfTalk() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e talk.Said) error {
		return a.notify(ctx, tx, m, e.To, nil, "/desk/orders/"+e.Order+"/messages", message.Say("订单 {0} 有新的留言", e.Number))
	})
}

// tellOfSamples tells the other side of a sample's way, and the colleague it is handed to.
func (a *App) tellOfSamples() {
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
