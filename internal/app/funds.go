package app

import (
	"context"

	"github.com/a-h/templ"

	"qiao/internal/fund"
	"qiao/internal/identity"
	"qiao/internal/message"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
	"qiao/internal/pricing"
)

// paidBy draws on an order's page which card pays it, and how its income was divided.
func (a *App) paidBy(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	return a.fund.OrderPanel(ctx, by, d.Order.ID, d.Order.Fund, d.Order.Provider)
}

// followFunds writes the income of settled orders, inside and outside told apart, and tells people of approvals.
func (a *App) followFunds() {
	outbox.On(a.bus, toFund, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Settled) error {
		group, err := a.pricing.GroupOf(ctx, tx, e.Provider, e.Buyer, e.Day)
		if err != nil || e.Currency != "CNY" {
			return err
		}
		return a.fund.Earned(ctx, tx, fund.Income{
			Order: e.Order, Number: e.Number, Provider: e.Provider, Buyer: e.Buyer, Inside: group == pricing.Internal, Resource: e.Resource,
			Amount: e.Price, Minutes: e.Minutes, Day: e.Day, Sample: e.Sample,
		})
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e fund.ApprovalAsked) error {
		return a.message.Notify(ctx, tx, message.Notice{Key: m.ID, Event: m.Name, Person: e.Head, Title: message.Say("有订单等您批准用经费卡付款"), Link: "/desk/funds#waiting"})
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e fund.Decided) error {
		title := message.Say("课题组负责人已批准用经费卡付款")
		if !e.Yes {
			title = message.Say("课题组负责人没有批准用经费卡付款")
		}
		return a.message.Notify(ctx, tx, message.Notice{Key: m.ID, Event: m.Name, Person: e.Person, Title: title, Link: "/desk/orders/" + e.Order})
	})
}
