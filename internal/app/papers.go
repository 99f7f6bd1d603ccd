package app

import (
	"context"

	"github.com/a-h/templ"

	"qiao/internal/contract"
	"qiao/internal/identity"
	"qiao/internal/message"
	"qiao/internal/milestone"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// contractFacts reads what an order puts into its contract.
func (a *App) contractFacts(ctx context.Context, by identity.Subject, order string) (contract.Facts, error) {
	return a.order.ContractFacts(ctx, by, order)
}

// contractOf draws, on an order's page, how its contract stands.
func (a *App) contractOf(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	if d.Order.State == order.StateRequested || d.Order.State == order.StateQuoted || !order.Active(d.Order.State) {
		return nil, nil
	}
	return a.contract.Panel(ctx, by, d.Order.ID, d.Order.Buyer, d.Order.Provider, d.Order.Region)
}

// stagesOf draws, on an order's page, its milestones.
func (a *App) stagesOf(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	if len(d.Milestones) == 0 {
		return nil, nil
	}
	m := milestone.Money{Own: d.Order.Own}
	var err error
	if m.Invoiced, err = a.invoice.Invoiced(ctx, a.db, d.Order.ID); err != nil {
		return nil, err
	}
	if m.Paid, err = a.invoice.Paid(ctx, a.db, d.Order.ID); err != nil {
		return nil, err
	}
	return a.milestone.Panel(ctx, by, d.Order.ID, m)
}

// invoicesOf draws, on an order's page, its invoices.
func (a *App) invoicesOf(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	o := d.Order
	_, err := order.TableOf(o.Kind).Next(o.State, order.VerbInvoice)
	return a.invoice.Panel(ctx, by, o.ID, o.Buyer, o.Provider, o.Region, o.Price, o.Own, err == nil && o.Price > 0)
}

// papersOf draws, on an order's page, what of it can be printed and proved.
func (a *App) papersOf(ctx context.Context, _ identity.Subject, d order.Detail) (templ.Component, error) {
	return a.paper.Panel(ctx, d)
}

// tellOfPapers tells the other side of a signature, an invoice and a dispute, and the authority of what it has to decide.
func (a *App) tellOfPapers() {
	tell := func(ctx context.Context, tx *db.Tx, m outbox.Meta, f order.Facts, org, text string) error {
		return a.notify(ctx, tx, m, org, nil, "/desk/orders/"+f.Order, message.Say(text, f.Number))
	}
	other := func(f order.Facts) string {
		if f.Side == order.Buyer {
			return f.Provider
		}
		return f.Buyer
	}
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Signed) error {
		return tell(ctx, tx, m, e.Facts, other(e.Facts), "对方签署了订单 {0} 的合同")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Invoiced) error {
		return tell(ctx, tx, m, e.Facts, e.Buyer, "订单 {0} 已开票，可以下载")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Disputed) error {
		if e.State == order.StateEscalated {
			return a.tellAuthorities(ctx, tx, m, e.Region, "/desk/orders/"+e.Order, message.Say("订单 {0} 的争议提请裁定", e.Number))
		}
		return tell(ctx, tx, m, e.Facts, e.Provider, "对方对订单 {0} 的报告提出异议，请答复")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Offered) error {
		return tell(ctx, tx, m, e.Facts, other(e.Facts), "对方为订单 {0} 的争议提出和解金额，请答复")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Refunded) error {
		return tell(ctx, tx, m, e.Facts, e.Buyer, "服务机构登记了订单 {0} 的退款，请核对")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Moved) error {
		return tell(ctx, tx, m, e.Facts, e.Provider, "预约 {0} 改期，请再次接受或说明理由拒绝")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Staged) error {
		text := map[string]string{order.VerbDeliver: "订单 {0} 交付了一个里程碑，请验收", order.VerbApprove: "订单 {0} 的里程碑已验收，可以开票收款", order.VerbSendBack: "订单 {0} 的里程碑被退回，请看理由"}[e.Verb]
		return tell(ctx, tx, m, e.Facts, other(e.Facts), text)
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Reopened) error {
		return tell(ctx, tx, m, e.Facts, e.Buyer, "订单 {0} 将重新做，报告另出")
	})
}
