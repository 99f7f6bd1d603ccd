package voucher

import (
	"context"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
)

var t = i18n.T

// ApplicationChip is the state of an application with its tone.
func ApplicationChip(ctx context.Context, state string) ui.Chip {
	switch state {
	case Drafted:
		return ui.Chip{Text: t(ctx, "草稿")}
	case Waiting:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "等待下一批")}
	case Withdrawn:
		return ui.Chip{Text: t(ctx, "已撤回")}
	case Submitted:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "待审核")}
	case Approved:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已发放")}
	case Declined:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "未批准")}
	}
	return ui.Chip{Text: state}
}

// ClaimChip is the state of a redemption with its tone.
func ClaimChip(ctx context.Context, state string) ui.Chip {
	chips := map[string]ui.Chip{
		"submitted": {Tone: ui.Warn, Text: "待核验"}, "verified": {Tone: ui.Warn, Text: "待批准"}, "approved": {Tone: ui.Run, Text: "待公示"},
		"published": {Tone: ui.Run, Text: "公示中"}, "paid": {Tone: ui.OK, Text: "已支付"}, "refused": {Tone: ui.Bad, Text: "不予兑付"}, "recovered": {Tone: ui.Bad, Text: "已追回"},
	}
	chip, ok := chips[state]
	if !ok {
		return ui.Chip{Text: state}
	}
	chip.Text = t(ctx, chip.Text)
	return chip
}

// verbName is what is done, as a button says it.
func verbName(ctx context.Context, verb string) string {
	names := map[string]string{
		"submit": "提交", "verify": "核验通过", "approve": "批准", "publish-notice": "发布公示", "pay": "确认支付", "refuse": "不予通过", "recover": "追回款项", "receive": "登记退回到账",
	}
	if zh, ok := names[verb]; ok {
		return t(ctx, zh)
	}
	return verb
}

// doneName is what was done, as a timeline says it.
func doneName(ctx context.Context, verb string) string {
	names := map[string]string{
		"submit": "提交了申请", "propose": "提出了奖励", "verify": "已核验", "approve": "已批准", "publish-notice": "发布了公示", "pay": "已支付", "pay-part": "已支付一部分", "bounce": "银行退回，重新待付", "refuse": "未批准", "recover": "已通知追回全部款项", "recover-part": "已通知追回部分款项", "receive": "已登记退回到账",
		"save": "保存了草稿", "withdraw": "撤回了申请", "amend": "重新编辑", "wait": "等待下一批",
	}
	if zh, ok := names[verb]; ok {
		return t(ctx, zh)
	}
	return verb
}

// movementName is a line of a statement in words.
func movementName(ctx context.Context, kind string) string {
	names := map[string]string{
		kindGrant: "发放", kindHold: "订单占用", kindRelease: "占用退回", kindUse: "订单使用", kindExpire: "到期失效", kindReturn: "退回额度",
	}
	if zh, ok := names[kind]; ok {
		return t(ctx, zh)
	}
	return kind
}

// signed writes a change with its sign: +¥100, −¥100.
func signed(f money.Fen) string {
	if f > 0 {
		return "+" + f.String()
	}
	return f.String()
}
