package app

import (
	"context"

	"github.com/a-h/templ"

	"qiao/internal/gate"
	"qiao/internal/message"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/outbox"
)

// gates lets orders ask for the conditions that must be in hand.
type gates struct{ *gate.Service }

func askGate(a order.GateAsk) gate.Ask {
	return gate.Ask{Provider: a.Resource.Owner, Resource: a.Resource.ID, Class: a.Resource.Class, Person: a.Person, Day: a.Day, Purpose: a.Purpose, Answers: a.Answers, Order: a.Order}
}

// Require is a fault when something is missing.
func (g gates) Require(ctx context.Context, q db.Q, a order.GateAsk) error {
	return g.Service.Require(ctx, q, askGate(a))
}

// Keep keeps what was declared with an order.
func (g gates) Keep(ctx context.Context, tx *db.Tx, a order.GateAsk) error {
	return g.Service.Keep(ctx, tx, askGate(a))
}

// Form draws what is asked for.
func (g gates) Form(ctx context.Context, a order.GateAsk, f *form.Form) (templ.Component, error) {
	return g.Service.Form(ctx, askGate(a), f)
}

// tellOfTrainings tells the provider of what was handed in, the person of what became of it, and before it ends.
func (a *App) tellOfTrainings() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e gate.PaperMoved) error {
		link := "/desk/papers/" + e.Paper
		tell := func(text string) error {
			return a.message.Notify(ctx, tx, message.Notice{Key: m.ID, Event: m.Name, Person: e.Person, Title: message.Say(text), Link: link})
		}
		switch e.Verb {
		case "submit":
			if e.Kind == gate.Training {
				return a.notify(ctx, tx, m, e.Provider, nil, link, message.Say("有人申请上机培训，请安排时间"))
			}
			return a.notify(ctx, tx, m, e.Provider, nil, link, message.Say("有人提交了证书或批件，请审核"))
		case gate.VerbOffer:
			return tell("您申请的培训已约定时间，请查看")
		case gate.VerbGrant:
			return tell("您的培训或材料已获批准，可以预约了")
		case gate.VerbRefuse:
			return tell("您的培训或材料未获批准，请查看理由")
		case gate.VerbRevoke:
			return tell("您的培训或材料的资格已被取消，请查看理由")
		}
		return nil
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e gate.PaperEnding) error {
		return a.message.Notify(ctx, tx, message.Notice{Key: m.ID, Event: m.Name, Person: e.Person, Title: message.Say("您的一项培训或材料将于 {0} 到期", e.To), Link: "/desk/papers/" + e.Paper})
	})
}
