package settle

import (
	"context"

	"qiao/internal/platform/ui"
	"qiao/internal/voucher"
)

// chipOf is the state of a statement with its tone.
func chipOf(ctx context.Context, st string) ui.Chip {
	switch st {
	case Closed:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "已结账，待双方确认")}
	case Agreed:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "双方已确认")}
	}
	return ui.Chip{Tone: ui.Run, Text: t(ctx, "未结账")}
}

// sideChip is what one side says of a statement.
func sideChip(ctx context.Context, st string) ui.Chip {
	switch st {
	case Checked:
		return ui.Chip{Tone: ui.Run, Text: t(ctx, "已核对，待第二人确认")}
	case Confirmed:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已确认一致")}
	case Waiting:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "待核对")}
	}
	return ui.Chip{Text: t(ctx, "结账后核对")}
}

// breakChip is the state of a break.
func breakChip(ctx context.Context, st string) ui.Chip {
	switch st {
	case BreakAnswered:
		return ui.Chip{Tone: ui.Run, Text: t(ctx, "已答复，待对方认可")}
	case BreakResolved:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "差异已了结")}
	case BreakWithdrawn:
		return ui.Chip{Text: t(ctx, "差异已收回")}
	}
	return ui.Chip{Tone: ui.Bad, Text: t(ctx, "待答复")}
}

// kindName says how two lists differ.
func kindName(ctx context.Context, kind string) string {
	texts := map[string]string{
		OnlyStatement: "对账单有，提出方没有", OnlyList: "提出方有，对账单没有", AmountDiffers: "金额不同", OtherWindow: "在另一期", Disputed: "逐项核对有异议",
	}
	return t(ctx, texts[kind])
}

// whatName is what happened, as lists say it; ReadList knows the same words.
func whatName(ctx context.Context, what string) string {
	texts := map[string]string{
		voucher.MoveApprove: "确认应付", voucher.MoveRefuse: "冲回应付", voucher.MovePay: "已支付", voucher.MoveBounce: "银行退回", voucher.MoveRecover: "要求追回", voucher.MoveReceive: "追回到账",
	}
	if zh, ok := texts[what]; ok {
		return t(ctx, zh)
	}
	return what
}

// whatTone is how it is marked.
func whatTone(what string) ui.Tone {
	switch what {
	case voucher.MovePay, voucher.MoveReceive:
		return ui.OK
	case voucher.MoveApprove:
		return ui.Info
	}
	return ui.Warn
}

// verbName is what is done, as a button says it.
func verbName(ctx context.Context, verb string) string {
	texts := map[string]string{
		"close": "结账", "check": "核对无误", "confirm": "确认对账单", "send-back": "退回重核", "compare": "比对清单", "dispute": "提出异议",
		"answer": "答复差异", "accept": "认可答复", "reject": "不认可", "withdraw": "收回差异",
	}
	return t(ctx, texts[verb])
}

// doneName is what was done, as a timeline says it.
func doneName(ctx context.Context, verb string) string {
	texts := map[string]string{
		"open": "对账单建立", "close": "结账，项目冻结", "check": "核对无误，待第二人确认", "confirm": "第二人确认", "send-back": "退回重新核对", "compare": "用本方清单比对", "dispute": "对一项提出异议",
		"agree": "双方确认一致", "raise": "列出一项差异", "answer": "答复了差异", "accept": "认可了答复", "reject": "没有认可答复", "withdraw": "收回了差异",
	}
	if zh, ok := texts[verb]; ok {
		return t(ctx, zh)
	}
	return verb
}
