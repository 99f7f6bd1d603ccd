package app

import (
	"context"

	"qiao/internal/message"
	"qiao/internal/payout"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// tellOfPayouts says what waits for whom when money is on its way.
func (a *App) tellOfPayouts() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e payout.AccountChanged) error {
		switch e.State {
		case payout.AccountProposed:
			return a.tellAuthorities(ctx, tx, m, e.Region, "/desk/payee-accounts", message.Say("有收款账户等待确认"))
		case payout.AccountConfirmed:
			return a.notify(ctx, tx, m, e.Org, nil, "/desk/payee-account", message.Say("收款账户已确认，之后的付款用它"))
		}
		return a.notify(ctx, tx, m, e.Org, nil, "/desk/payee-account", message.Say("收款账户未采用，请查看理由"))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e payout.BatchMoved) error {
		switch e.Verb {
		case "submit":
			return a.notify(ctx, tx, m, e.Funder, nil, "/desk/payouts/"+e.Batch, message.Say("付款批次 {0} 等待批准：{1}", e.Number, e.Total))
		case "stop":
			return a.notify(ctx, tx, m, e.Funder, nil, "/desk/payouts/"+e.Batch, message.Say("付款批次 {0} 里有收款账户更换，已停付并退回草拟", e.Number))
		case "return":
			return a.notify(ctx, tx, m, e.Funder, nil, "/desk/payouts/"+e.Batch, message.Say("付款批次 {0} 有付款被退回", e.Number))
		}
		return nil
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e payout.PaymentReturned) error {
		return a.notify(ctx, tx, m, e.Payee, nil, "/desk/payee-account", message.Say("付款 {0} 被银行退回：{1}。请更正收款账户", e.Amount, e.Reason))
	})
}
