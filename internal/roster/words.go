package roster

import (
	"context"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

var t = i18n.T

// KindName is what a list is for, in words.
func KindName(ctx context.Context, kind string) string {
	if kind == Ban {
		return t(ctx, "限制名单")
	}
	return t(ctx, "资质名单")
}

func kindChip(ctx context.Context, kind string) ui.Chip {
	if kind == Ban {
		return ui.Chip{Tone: ui.Bad, Text: KindName(ctx, kind)}
	}
	return ui.Chip{Tone: ui.Info, Text: KindName(ctx, kind)}
}

func stateChip(ctx context.Context, e Entry, today string) ui.Chip {
	switch {
	case e.State == StateRemoved:
		return ui.Chip{Text: t(ctx, "已移出")}
	case e.To != "" && e.To < today:
		return ui.Chip{Text: t(ctx, "已过期")}
	}
	switch e.State {
	case StateMatched:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已对应")}
	case StateOpen:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "待确认")}
	case StateParted:
		return ui.Chip{Text: t(ctx, "不是平台上的单位")}
	}
	return ui.Chip{Text: t(ctx, "尚未入驻")}
}

// reasonText says why an entry is matched, or waits.
func reasonText(ctx context.Context, reason string) string {
	switch reason {
	case ReasonCode:
		return t(ctx, "统一社会信用代码一致")
	case ReasonName:
		return t(ctx, "名称一致")
	case ReasonForm:
		return t(ctx, "名称相同，公司形式写法不同")
	case ReasonAway:
		return t(ctx, "名称一致，但不在名单的地区")
	case ReasonFormer:
		return t(ctx, "与曾用名一致")
	case ReasonTwice:
		return t(ctx, "有多个单位叫这个名称")
	case ReasonOtherCode:
		return t(ctx, "名称一致，但信用代码不同")
	case ReasonPerson:
		return t(ctx, "由工作人员确认")
	}
	return ""
}

func fieldName(ctx context.Context, field string) string {
	switch field {
	case FieldName:
		return t(ctx, "单位名称")
	case FieldUSCC:
		return t(ctx, "统一社会信用代码")
	case FieldNumber:
		return t(ctx, "证书或登记编号")
	case FieldFrom:
		return t(ctx, "起始日期")
	case FieldTo:
		return t(ctx, "有效期至")
	case FieldFormer:
		return t(ctx, "曾用名")
	case FieldEvidence:
		return t(ctx, "依据或事由")
	}
	return t(ctx, "不导入")
}

// contentTitle heads the rows of a file: before they are taken in a preview, then what it held.
func (v importView) contentTitle(ctx context.Context) string {
	if v.State == ImportPreviewed {
		return t(ctx, "预览")
	}
	return t(ctx, "文件内容")
}

// changeTitle heads what a row would change; of a file taken in, how it compares with the list as it stands now.
func (v importView) changeTitle(ctx context.Context) string {
	if v.State == ImportPreviewed {
		return t(ctx, "变化")
	}
	return t(ctx, "与现在的名单相比")
}

func whatChip(ctx context.Context, what string) ui.Chip {
	switch what {
	case "added":
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "新增")}
	case "changed":
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "变更")}
	}
	return ui.Chip{Text: t(ctx, "没有变化")}
}

func importChip(ctx context.Context, state string) ui.Chip {
	switch state {
	case ImportApplied:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已导入")}
	case ImportDropped:
		return ui.Chip{Text: t(ctx, "已放弃")}
	}
	return ui.Chip{Tone: ui.Warn, Text: t(ctx, "预览中")}
}

// until is how long something holds, in words.
func until(ctx context.Context, from, to string) string {
	switch {
	case from == "" && to == "":
		return t(ctx, "长期")
	case to == "":
		return t(ctx, "自 {0} 起", from)
	case from == "":
		return t(ctx, "至 {0}", to)
	}
	return t(ctx, "{0} 至 {1}", from, to)
}

// validityText is a rule's validity in words.
func validityText(ctx context.Context, validity string) string {
	var n int
	var rest string
	switch {
	case validity == "none":
		return t(ctx, "没有固定有效期")
	case scan(validity, "months:", &n, nil):
		return t(ctx, "{0} 个月", n)
	case scan(validity, "year-end:", &n, nil) && n == 0:
		return t(ctx, "至当年年底")
	case scan(validity, "year-end:", &n, nil):
		return t(ctx, "至 {0} 年后的年底", n)
	case scan(validity, "day:", &n, &rest) && n == 1:
		return t(ctx, "至次年 {0}", rest)
	case scan(validity, "day:", &n, &rest):
		return t(ctx, "至 {0} 年后的 {1}", n, rest)
	}
	return validity
}

func pick(ctx context.Context, zh, en string) string { return i18n.Pick(ctx, zh, en) }
