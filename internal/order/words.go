package order

import (
	"cmp"
	"context"
	"strings"

	"qiao/internal/invoice"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/pricing"
)

var t = i18n.T

// kindWord says what kind of order it is.
func kindWord(ctx context.Context, kind string) string {
	if kind == KindBooking {
		return t(ctx, "仪器预约")
	}
	return t(ctx, "委托测试")
}

// stateWord says a state; a commission that is requested waits for a quote, a booking for an answer.
func stateWord(ctx context.Context, kind, st string) string {
	switch st {
	case StateRequested:
		if kind == KindCommission {
			return t(ctx, "待报价")
		}
		return t(ctx, "待接单")
	case StateQuoted:
		return t(ctx, "已报价")
	case StateAccepted:
		return t(ctx, "已接受")
	case StateSampled:
		return t(ctx, "样品已收")
	case StateRunning:
		return t(ctx, "进行中")
	case StateDone:
		return t(ctx, "待出报告")
	case StateReported:
		return t(ctx, "待确认")
	case StateDisputed:
		return t(ctx, "有异议")
	case StateEscalated:
		return t(ctx, "待裁定")
	case StateConfirmed:
		return t(ctx, "已确认")
	case StateSettled:
		return t(ctx, "已结清")
	case StateRefused:
		return t(ctx, "未接单")
	case StateCancelled:
		return t(ctx, "已取消")
	}
	return st
}

func stateTone(st string) ui.Tone {
	switch st {
	case StateRequested, StateQuoted, StateReported:
		return ui.Warn
	case StateAccepted, StateSampled:
		return ui.Info
	case StateRunning, StateDone:
		return ui.Run
	case StateConfirmed, StateSettled:
		return ui.OK
	case StateRefused, StateDisputed, StateEscalated:
		return ui.Bad
	}
	return ui.Plain
}

// verbWord is a verb as a button says it.
func verbWord(ctx context.Context, kind, verb string) string {
	switch verb {
	case VerbQuote:
		return t(ctx, "报价")
	case VerbRenew:
		return t(ctx, "报价续期")
	case VerbAccept:
		if kind == KindCommission {
			return t(ctx, "接受报价")
		}
		return t(ctx, "接受预约")
	case VerbRefuse:
		return t(ctx, "不接单")
	case VerbReceiveSample:
		return t(ctx, "登记样品已收")
	case VerbStart:
		return t(ctx, "登记开机")
	case VerbStop:
		return t(ctx, "登记停机")
	case VerbReport:
		return t(ctx, "提交报告")
	case VerbConfirm:
		return t(ctx, "确认验收")
	case VerbSettle:
		return t(ctx, "已收款，结清")
	case VerbCancel:
		return t(ctx, "取消订单")
	case VerbRate:
		return t(ctx, "发表评价")
	case VerbReply:
		return t(ctx, "回复评价")
	case VerbDeliver:
		return t(ctx, "交付里程碑")
	case VerbApprove:
		return t(ctx, "验收里程碑")
	case VerbSendBack:
		return t(ctx, "退回里程碑")
	case VerbMove:
		return t(ctx, "改期")
	case VerbSign:
		return t(ctx, "签署合同")
	case VerbInvoice:
		return t(ctx, "登记发票")
	case VerbPay:
		return t(ctx, "登记收款")
	case VerbDispute:
		return t(ctx, "提出异议")
	case VerbRedo:
		return t(ctx, "重新做")
	case VerbEscalate:
		return t(ctx, "提请主管部门裁定")
	case VerbOffer:
		return t(ctx, "提出和解金额")
	case VerbAgree:
		return t(ctx, "同意和解")
	case VerbAward:
		return t(ctx, "裁定：按部分金额结算")
	case VerbRefund:
		return t(ctx, "登记退款")
	case VerbUphold:
		return t(ctx, "裁定：服务符合约定")
	case VerbAnnul:
		return t(ctx, "裁定：不收费用")
	case VerbMiss:
		return t(ctx, "记为未到")
	case VerbWaive:
		return t(ctx, "免除费用")
	}
	return verb
}

// doneWord tells in the timeline what happened.
func doneWord(ctx context.Context, kind, verb string) string {
	switch verb {
	case VerbPlace:
		if kind == KindCommission {
			return t(ctx, "提交委托")
		}
		return t(ctx, "提交预约，时段已为其保留")
	case VerbQuote:
		return t(ctx, "给出报价")
	case VerbRenew:
		return t(ctx, "报价续期")
	case VerbAccept:
		if kind == KindCommission {
			return t(ctx, "接受报价")
		}
		return t(ctx, "接受预约")
	case VerbRefuse:
		return t(ctx, "不接单，时段和额度已释放")
	case VerbReceiveSample:
		return t(ctx, "收到样品")
	case VerbStart:
		return t(ctx, "开机")
	case VerbStop:
		return t(ctx, "停机")
	case VerbReport:
		return t(ctx, "提交报告")
	case VerbConfirm:
		return t(ctx, "确认服务完成")
	case VerbSettle:
		return t(ctx, "订单结清")
	case VerbCancel:
		return t(ctx, "取消订单，时段和额度已释放")
	case VerbRate:
		return t(ctx, "评价服务")
	case VerbReply:
		return t(ctx, "回复评价")
	case VerbDeliver:
		return t(ctx, "交付里程碑")
	case VerbApprove:
		return t(ctx, "里程碑通过验收")
	case VerbSendBack:
		return t(ctx, "里程碑退回修改")
	case VerbMove:
		return t(ctx, "改了时间，请服务机构再次接受")
	case VerbSign:
		return t(ctx, "签署了合同")
	case VerbInvoice:
		return t(ctx, "登记了发票")
	case VerbPay:
		return t(ctx, "登记了收款")
	case VerbMiss:
		return t(ctx, "无人到场，记为未到，时段已释放")
	case VerbWaive:
		return t(ctx, "免除了费用")
	}
	return disputeDone(ctx, verb)
}

// disputeDone tells in the timeline what happened to a dispute, and to the money after it.
func disputeDone(ctx context.Context, verb string) string {
	switch verb {
	case VerbDispute:
		return t(ctx, "对报告提出异议")
	case VerbRedo:
		return t(ctx, "重新做，报告作废待出")
	case VerbEscalate:
		return t(ctx, "提请主管部门裁定")
	case VerbOffer:
		return t(ctx, "提出和解金额")
	case VerbAgree:
		return t(ctx, "同意和解，订单按商定的金额确认")
	case VerbAward:
		return t(ctx, "裁定按部分金额结算，订单确认")
	case VerbRefund:
		return t(ctx, "登记了退款")
	case VerbUphold:
		return t(ctx, "裁定服务符合约定，订单确认")
	case VerbAnnul:
		return t(ctx, "裁定不收费用，额度已退回")
	}
	return verb
}

// flashOf is the line shown after a verb has been done.
func flashOf(kind, verb string) string {
	switch verb {
	case VerbRenew:
		return "报价已续期，对方会收到通知。"
	case VerbAccept:
		if kind == KindCommission {
			return "已接受报价，对方会着手安排。"
		}
		return "已接受预约，对方会收到通知。"
	case VerbRefuse:
		return "已拒绝，时段和额度已释放。"
	case VerbReceiveSample:
		return "样品交接已登记。"
	case VerbStart:
		return "开机已登记，正在计机时。"
	case VerbStop:
		return "停机已登记，机时已记录。"
	case VerbReport:
		return "报告已提交，等待对方确认。"
	case VerbConfirm:
		return "已确认完成，谢谢。欢迎评价这次服务。"
	case VerbSettle:
		return "订单已结清。"
	case VerbCancel:
		return "订单已取消，时段和额度已释放。"
	case VerbRate:
		return "评价已发布，谢谢。"
	case VerbMove:
		return "已改期，等待服务机构接受。"
	case VerbSign:
		return "已签署。双方都签署后合同生效。"
	case VerbInvoice:
		return "发票已登记，购买方可以下载。"
	case VerbPay:
		return "收款已登记。"
	case VerbDeliver:
		return "里程碑已交付，等待对方验收。"
	case VerbApprove:
		return "里程碑已验收，对方可以为这一阶段开票收款。"
	case VerbSendBack:
		return "里程碑已退回，对方会收到理由。"
	case VerbDispute:
		return "异议已告知服务机构，创新券部分继续保留。"
	case VerbOffer:
		return "和解金额已提出，等待对方答复。"
	case VerbAgree:
		return "已按商定的金额结算，多占用的额度已退回。"
	case VerbAward:
		return "裁定已生效，双方会收到通知。"
	case VerbRefund:
		return "退款已登记。"
	case VerbEscalate:
		return "已提请主管部门裁定。"
	}
	return "已保存。"
}

// ways are the choices of how money came.
func ways(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, w := range invoice.Ways() {
		out = append(out, ui.Option{Value: w, Label: invoice.SayWay(ctx, w)})
	}
	return out
}

// sideWord names a side of an order.
func sideWord(ctx context.Context, side string) string {
	switch side {
	case Buyer:
		return t(ctx, "下单单位")
	case Provider:
		return t(ctx, "服务机构")
	case Officer:
		return t(ctx, "主管部门")
	}
	return t(ctx, "平台自动")
}

// sayRate is a rate as a choice: 常规测试 ¥200/样.
func sayRate(ctx context.Context, r pricing.Rate, currency string) string {
	return strings.TrimSpace(r.Text + " " + pricing.SayRate(ctx, r, cmp.Or(r.Currency, currency)))
}

// sayAmount is an amount in its currency; yuan have their sign.
func sayAmount(amount money.Fen, currency string) string { return pricing.SayAmount(amount, currency) }
