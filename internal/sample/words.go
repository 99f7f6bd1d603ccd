package sample

import (
	"context"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

func stateWord(ctx context.Context, st string) string {
	switch st {
	case Declared:
		return t(ctx, "待寄送")
	case Sent:
		return t(ctx, "寄送中")
	case Stored:
		return t(ctx, "在库")
	case InUse:
		return t(ctx, "使用中")
	case UsedUp:
		return t(ctx, "已用完")
	case Refused:
		return t(ctx, "未接收")
	case Returned:
		return t(ctx, "退回途中")
	case Back:
		return t(ctx, "已退回")
	case Disposed:
		return t(ctx, "已处置")
	}
	return t(ctx, "不再寄送")
}

func chip(ctx context.Context, st string) ui.Chip {
	tone := map[string]ui.Tone{Declared: ui.Warn, Sent: ui.Info, Stored: ui.OK, InUse: ui.Info, Refused: ui.Bad, Returned: ui.Warn}[st]
	if tone == "" {
		tone = ui.Plain
	}
	return ui.Chip{Tone: tone, Text: stateWord(ctx, st)}
}

func verbWord(ctx context.Context, verb string) string {
	switch verb {
	case VerbDeclare:
		return t(ctx, "登记样品")
	case VerbSend:
		return t(ctx, "寄出")
	case VerbWithdraw:
		return t(ctx, "不再寄送")
	case VerbReceive:
		return t(ctx, "签收入库")
	case VerbRefuse:
		return t(ctx, "不予接收")
	case VerbMove:
		return t(ctx, "移库")
	case VerbTake:
		return t(ctx, "领用")
	case VerbPutBack:
		return t(ctx, "归还入库")
	case VerbConsume:
		return t(ctx, "记录用量")
	case VerbUseUp:
		return t(ctx, "用完")
	case VerbSplit:
		return t(ctx, "分样")
	case VerbHand:
		return t(ctx, "移交同事")
	case VerbTakeOver:
		return t(ctx, "接手")
	case VerbExtend:
		return t(ctx, "延长保存")
	case VerbReturn:
		return t(ctx, "退回委托方")
	case VerbDispose:
		return t(ctx, "处置")
	}
	return t(ctx, "确认收到")
}

func storageWord(ctx context.Context, s string) string {
	switch s {
	case "room":
		return t(ctx, "常温")
	case "dry":
		return t(ctx, "干燥")
	case "dark":
		return t(ctx, "避光")
	case "cool":
		return t(ctx, "冷藏（2–8 °C）")
	case "frozen":
		return t(ctx, "冷冻（−20 °C）")
	case "deep":
		return t(ctx, "超低温（−80 °C）")
	}
	return t(ctx, "其他（见说明）")
}

func unitWord(ctx context.Context, u string) string {
	switch u {
	case "piece":
		return t(ctx, "件")
	case "uL":
		return "µL"
	case "cm2":
		return "cm²"
	}
	return u
}

func wishWord(ctx context.Context, w string) string {
	if w == WishReturn {
		return t(ctx, "余样退回")
	}
	return t(ctx, "余样由服务方处置")
}

// amount is what is left, with its unit.
func (s Sample) amount(ctx context.Context) string {
	return i18n.Group(s.Amount) + " " + unitWord(ctx, s.Unit)
}

func options(ctx context.Context, values []string, word func(context.Context, string) string) []ui.Option {
	out := make([]ui.Option, len(values))
	for i, v := range values {
		out[i] = ui.Option{Value: v, Label: word(ctx, v)}
	}
	return out
}
