package app

import (
	"context"

	"github.com/a-h/templ"

	"qiao/internal/behalf"
	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/message"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// mayBehalf tells whether somebody may book a resource for another.
func (a *App) mayBehalf(ctx context.Context, q db.Q, by identity.Subject, r catalogue.Resource) (bool, error) {
	return a.behalf.May(ctx, q, by, r)
}

// findBookable finds instruments that can be booked by what somebody typed.
func (a *App) findBookable(ctx context.Context, text string) ([]catalogue.Resource, error) {
	found, err := a.catalogue.Search(ctx, catalogue.Query{Text: text, Kinds: []string{"instrument"}, Limit: 50})
	if err != nil {
		return nil, err
	}
	var out []catalogue.Resource
	for _, x := range found.Items {
		if x.Resource.Bookable && len(out) < 20 {
			out = append(out, x.Resource)
		}
	}
	return out, nil
}

// behalfOf draws, on an order's page, who booked it for another.
func (a *App) behalfOf(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	return a.behalf.Panel(ctx, by, d)
}

// followBehalf tells those concerned of bookings made for others.
func (a *App) followBehalf() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e behalf.Moved) error {
		to, link, text := e.Buyer, "/desk/orders/"+e.Order, ""
		switch e.Verb {
		case behalf.VerbBook:
			text = "{3}替贵单位预约了“{0}”（{1}，订单 {2}），请确认；不需要的，开始之前可以免费回绝"
		case behalf.VerbConfirm:
			to, link, text = e.ClerkOrg, "/desk/behalf", "代约的“{0}”（{1}，订单 {2}）对方已确认"
		case behalf.VerbRefuse:
			to, link, text = e.ClerkOrg, "/desk/behalf", "代约的“{0}”（{1}，订单 {2}）对方已回绝，预约已取消"
		case behalf.VerbWithdraw:
			text = "{3}撤回了替贵单位预约的“{0}”（{1}，订单 {2}），不收费用"
		}
		return a.notify(ctx, tx, m, to, nil, link, message.Say(text, e.Name, e.Start, e.Number, e.Clerk))
	})
}
