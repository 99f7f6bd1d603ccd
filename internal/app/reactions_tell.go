package app

import (
	"cmp"
	"context"

	"qiao/internal/match"
	"qiao/internal/message"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
	"qiao/internal/voucher"
)

// tellOfOrders tells the side that has to act next.
func (a *App) tellOfOrders() {
	tell := func(ctx context.Context, tx *db.Tx, m outbox.Meta, f order.Facts, org, text string) error {
		return a.notify(ctx, tx, m, org, nil, "/desk/orders/"+f.Order, message.Say(text, f.Number))
	}
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Placed) error {
		if e.Kind == order.KindBooking {
			return tell(ctx, tx, m, e.Facts, e.Provider, "新的预约 {0}，请接受或说明理由拒绝")
		}
		return tell(ctx, tx, m, e.Facts, e.Provider, "新的委托 {0}，请报价")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Quoted) error {
		return tell(ctx, tx, m, e.Facts, e.Buyer, "订单 {0} 已报价，请确认是否接受")
	})
	// invite tells the buyer, with the booking for the calendar of who made it.
	invite := func(ctx context.Context, tx *db.Tx, m outbox.Meta, f order.Facts, text string, cancelled bool) error {
		entry, err := a.invitation(ctx, tx, f, cancelled)
		if err != nil {
			return err
		}
		return a.message.Notify(ctx, tx, message.Notice{Key: m.ID, Event: m.Name, Org: f.Buyer, Title: message.Say(text, f.Number), Link: "/desk/orders/" + f.Order, Invite: entry})
	}
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Accepted) error {
		if e.Side == "provider" {
			return invite(ctx, tx, m, e.Facts, "预约 {0} 已被接受，请按时到场", false)
		}
		return tell(ctx, tx, m, e.Facts, e.Provider, "订单 {0} 的报价已被接受，可以开始服务")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Refused) error {
		if e.Voucher == 0 {
			return invite(ctx, tx, m, e.Facts, "订单 {0} 未被接受，请看服务机构的说明", true)
		}
		return invite(ctx, tx, m, e.Facts, "订单 {0} 未被接受，占用的创新券额度已退回", true)
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Reported) error {
		return tell(ctx, tx, m, e.Facts, e.Buyer, "订单 {0} 的报告已提交，请确认并评价")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Confirmed) error {
		if e.Side != order.Buyer { // the provider agreed to an offer, or the authority decided
			if err := tell(ctx, tx, m, e.Facts, e.Buyer, "订单 {0} 的争议已有结果，请查看"); err != nil {
				return err
			}
		}
		if e.Voucher == 0 {
			return tell(ctx, tx, m, e.Facts, e.Provider, "订单 {0} 已确认完成，可以开票收款")
		}
		return tell(ctx, tx, m, e.Facts, e.Provider, "订单 {0} 已确认完成，可以申请兑付")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Cancelled) error {
		if e.Kind == order.KindBooking || e.Side == "provider" { // who cancelled has it in the calendar, too
			if err := invite(ctx, tx, m, e.Facts, "订单 {0} 已取消", true); err != nil {
				return err
			}
		}
		if e.Side == "provider" {
			return nil
		}
		return tell(ctx, tx, m, e.Facts, e.Provider, "订单 {0} 已取消")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e order.Rated) error {
		if e.Stars == 0 {
			return tell(ctx, tx, m, e.Facts, e.Buyer, "服务单位回复了订单 {0} 的评价")
		}
		return tell(ctx, tx, m, e.Facts, e.Provider, "订单 {0} 收到评价")
	})
}

func (a *App) tellOfVouchers() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.Applied) error {
		return a.tellAuthorities(ctx, tx, m, e.Region, "/desk/vouchers", message.Say("有创新券额度申请等待审核：{0}", e.Amount))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.Granted) error {
		return a.notify(ctx, tx, m, e.Firm, nil, "/desk/wallet", message.Say("创新券额度已发放：{0}，有效期至 {1}", e.Amount, e.ExpiresOn))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.ApplicationRefused) error {
		return a.notify(ctx, tx, m, e.Firm, nil, "/desk/wallet", message.Say("创新券额度申请未通过，请查看理由"))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.GrantExpiring) error {
		return a.notify(ctx, tx, m, e.Firm, nil, "/desk/wallet", message.Say("创新券还剩 {0}，将于 {1} 到期，请及时使用", e.Left, e.ExpiresOn))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.GrantExpired) error {
		return a.notify(ctx, tx, m, e.Firm, nil, "/desk/wallet", message.Say("创新券已到期，未使用的 {0} 已收回", e.Amount))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.ApplicationWaiting) error {
		return a.notify(ctx, tx, m, e.Firm, nil, "/desk/vouchers/"+e.Application, message.Say("这一批的创新券预算没有轮到您的申请，已转入下一批等待"))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.ApplicationWithdrawn) error {
		return a.tellAuthorities(ctx, tx, m, e.Region, "/desk/vouchers/"+e.Application, message.Say("企业撤回了一份创新券额度申请：{0}", e.Amount))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.Returned) error {
		return a.tellAuthorities(ctx, tx, m, e.Region, "/desk/programmes/"+e.Programme, message.Say("企业退回了用不完的创新券额度：{0}", e.Amount))
	})
	claim := func(ctx context.Context, tx *db.Tx, m outbox.Meta, r voucher.Redemption, text string) error {
		return a.notify(ctx, tx, m, cmp.Or(r.Payee, r.Provider), nil, "/desk/redemptions/"+r.Claim, message.Say(text, r.Amount))
	}
	review := func(ctx context.Context, tx *db.Tx, m outbox.Meta, r voucher.Redemption, text string) error {
		return a.tellAuthorities(ctx, tx, m, r.Region, "/desk/redemptions/"+r.Claim, message.Say(text, r.Amount))
	}
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.Claimed) error {
		return review(ctx, tx, m, e.Redemption, "有兑付申请等待核验：{0}")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.ClaimVerified) error {
		return review(ctx, tx, m, e.Redemption, "兑付 {0} 已核验，等待另一位经办人批准")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.NoticePublished) error {
		return claim(ctx, tx, m, e.Redemption, "兑付 {0} 已公示")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.Paid) error {
		return claim(ctx, tx, m, e.Redemption, "兑付 {0} 已拨付")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.ClaimRefused) error {
		return claim(ctx, tx, m, e.Redemption, "兑付 {0} 未通过，请查看理由，订单可以重新申请")
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.Recovered) error {
		if err := claim(ctx, tx, m, e.Redemption, "已拨付的 {0} 需要退回，请查看理由"); err != nil {
			return err
		}
		return a.tellOfRewards(ctx, tx, m, e.Redemption)
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e voucher.Received) error {
		return claim(ctx, tx, m, e.Redemption, "退回的 {0} 已到账")
	})
}

// tellOfRewards tells the authority which rewards were reckoned from a redemption that is asked back.
func (a *App) tellOfRewards(ctx context.Context, tx *db.Tx, m outbox.Meta, r voucher.Redemption) error {
	lines, err := a.voucher.RewardOf(ctx, tx, r.Claim)
	if err != nil || len(lines) == 0 {
		return err
	}
	return a.tellAuthorities(ctx, tx, m, r.Region, "/desk/redemptions/"+lines[0].Reward, message.Say("兑付 {0} 已追回，它计入的机构奖励也要追回", lines[0].BaseNumber))
}

func (a *App) tellOfNeeds() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e match.CandidateAccepted) error {
		return a.notify(ctx, tx, m, e.Provider, nil, "/desk/needs", message.Say("有企业在需求中选中了贵单位的资源"))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e match.Invited) error {
		return a.notify(ctx, tx, m, e.Provider, nil, "/needs/"+e.Need, message.Say("贵单位受邀响应一条需求"))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e match.Answered) error {
		return a.notify(ctx, tx, m, e.Firm, nil, "/needs/"+e.Need, message.Say("您的需求收到了一条响应"))
	})
}
