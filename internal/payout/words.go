package payout

import (
	"context"

	"qiao/internal/platform/ui"
)

// BatchChip is the state of a batch with its tone.
func BatchChip(ctx context.Context, st string) ui.Chip {
	chips := map[string]ui.Chip{
		Drafted: {Text: "草拟"}, Submitted: {Tone: ui.Warn, Text: "待批准"}, Approved: {Tone: ui.Run, Text: "待送出"}, Sent: {Tone: ui.Run, Text: "已送出，待回执"},
		Matched: {Tone: ui.OK, Text: "全部付清"}, Partly: {Tone: ui.Bad, Text: "部分退回"}, Closed: {Tone: ui.OK, Text: "已办结"}, Cancelled: {Text: "已作废"},
	}
	return said(ctx, chips, st)
}

// ItemChip is the state of a payment with its tone.
func ItemChip(ctx context.Context, st string) ui.Chip {
	chips := map[string]ui.Chip{
		ItemPlanned: {Tone: ui.Warn, Text: "待付"}, ItemStopped: {Tone: ui.Bad, Text: "已停付"}, ItemDropped: {Text: "已移出"}, ItemSent: {Tone: ui.Run, Text: "已送银行"},
		ItemPaid: {Tone: ui.OK, Text: "已付"}, ItemReturned: {Tone: ui.Bad, Text: "已退回"},
	}
	return said(ctx, chips, st)
}

// accountChip is the state of an account with its tone.
func accountChip(ctx context.Context, st string) ui.Chip {
	chips := map[string]ui.Chip{
		AccountProposed: {Tone: ui.Warn, Text: "待确认"}, AccountConfirmed: {Tone: ui.OK, Text: "使用中"}, AccountRefused: {Tone: ui.Bad, Text: "未采用"}, AccountReplaced: {Text: "已更换"},
	}
	return said(ctx, chips, st)
}

// outcomeChip is what became of a row of a receipt.
func outcomeChip(ctx context.Context, outcome string) ui.Chip {
	chips := map[string]ui.Chip{
		OutcomePaid: {Tone: ui.OK, Text: "已付"}, OutcomeReturned: {Tone: ui.Bad, Text: "已退回"}, OutcomeKnown: {Text: "已入过账"}, OutcomeBreak: {Tone: ui.Warn, Text: "对不上"},
	}
	return said(ctx, chips, outcome)
}

func said(ctx context.Context, chips map[string]ui.Chip, key string) ui.Chip {
	c, ok := chips[key]
	if !ok {
		return ui.Chip{Text: key}
	}
	c.Text = t(ctx, c.Text)
	return c
}

// breakText says why a row does not agree.
func breakText(ctx context.Context, code string) string {
	texts := map[string]string{
		BreakUnknown: "没有这个付款编号，或不是本单位的付款", BreakResult: "看不懂处理结果", BreakUnread: "金额读不懂", BreakAmount: "金额与付款不一致", BreakAccount: "账号与付款不一致",
		BreakTwice: "同一笔付款在文件里出现两次", BreakNotSent: "这笔付款没有送出过", BreakReturned: "这笔付款已经退回，须重新列入批次", BreakRefused: "兑付现在不能入账，请查看兑付状态",
	}
	if zh, ok := texts[code]; ok {
		return t(ctx, zh)
	}
	return ""
}

// reasonText says why a payment was stopped or came back.
func reasonText(ctx context.Context, reason string) string {
	if reason == reasonAccount {
		return t(ctx, "收款账户已更换")
	}
	return reason
}

// verbName is what is done, as a button says it.
func verbName(ctx context.Context, verb string) string {
	names := map[string]string{
		"submit": "提交审批", "approve": "批准付款", "send-back": "退回草拟", "send": "确认已送出", "close": "办结", "cancel": "作废",
	}
	if zh, ok := names[verb]; ok {
		return t(ctx, zh)
	}
	return verb
}

// doneName is what was done, as a timeline says it.
func doneName(ctx context.Context, verb string) string {
	names := map[string]string{
		"draft": "草拟了批次", "drop": "移出一笔", "submit": "提交审批", "approve": "批准付款", "send-back": "退回草拟", "send": "已送出", "stop": "收款账户更换，停付后退回草拟",
		"match": "回执对上，全部付清", "return": "有付款被退回", "close": "已办结", "cancel": "已作废",
	}
	if zh, ok := names[verb]; ok {
		return t(ctx, zh)
	}
	return verb
}

// consequence says what a verb will do.
func (v batchView) consequence(ctx context.Context, verb string) string {
	texts := map[string]string{
		"submit": "提交后由另一位工作人员批准，批准前不能改动。", "approve": "批准付款 {0} 笔，合计 {1}。批准后生成付款文件送银行或财政。",
		"send": "确认付款文件已送银行或财政。之后按回执入账，不能再改动。", "send-back": "退回给草拟人改动，改后须重新提交和批准。",
		"close": "回执已处理完，批次归档。退回的款项更正账户后列入新的批次。", "cancel": "批次作废，其中的兑付可以列入别的批次。",
	}
	return t(ctx, texts[verb], v.Count, v.Total)
}

// fieldName is what a column of a receipt holds.
func fieldName(ctx context.Context, field string) string {
	names := map[string]string{
		FieldItem: "付款编号", FieldAmount: "金额", FieldAccount: "收款账号", FieldResult: "处理结果", FieldNote: "原因或附言", FieldEvidence: "银行流水号", "": "不用这一列",
	}
	return t(ctx, names[field])
}

// columnWord is what a column of a payment file can hold.
func columnWord(ctx context.Context, field string) string {
	names := map[string]string{
		"seq": "序号", "item": "付款编号", "batch": "批次编号", "payer": "付款单位", "payee": "收款单位", "holder": "户名", "account": "账号", "bank": "开户行", "cnaps": "联行号",
		"amount": "金额（元，两位小数）", "fen": "金额（分）", "capital": "金额大写", "purpose": "用途", "claim": "兑付编号", "programme": "计划名称", "day": "付款日期",
	}
	return t(ctx, names[field])
}
