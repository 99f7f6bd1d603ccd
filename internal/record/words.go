package record

import (
	"context"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

func stateWord(ctx context.Context, st string) string {
	switch st {
	case Withdrawn:
		return t(ctx, "已撤回")
	case Struck:
		return t(ctx, "已剔除")
	}
	return t(ctx, "计入")
}

func chip(ctx context.Context, st string) ui.Chip {
	tone := map[string]ui.Tone{Kept: ui.OK, Withdrawn: ui.Plain, Struck: ui.Bad}[st]
	return ui.Chip{Tone: tone, Text: stateWord(ctx, st)}
}

func sourceWord(ctx context.Context, source string) string {
	switch source {
	case FromOrder:
		return t(ctx, "平台订单")
	case FromSheet:
		return t(ctx, "表格导入")
	case FromForm:
		return t(ctx, "手工填写")
	}
	return t(ctx, "接口")
}

func sideWord(ctx context.Context, inside bool) string {
	if inside {
		return t(ctx, "单位内")
	}
	return t(ctx, "单位外")
}

func verbWord(ctx context.Context, verb string) string {
	switch verb {
	case VerbCorrect:
		return t(ctx, "更正")
	case VerbWithdraw:
		return t(ctx, "撤回")
	case VerbStrike:
		return t(ctx, "抽查剔除")
	case VerbRefresh:
		return t(ctx, "随订单更新")
	}
	return t(ctx, "登记服务")
}

// fieldWord names a field of the form.
func fieldWord(ctx context.Context, field string) string {
	switch field {
	case FieldOwnNumber:
		return t(ctx, "本单位记录编号")
	case FieldInstrument:
		return t(ctx, "服务仪器")
	case FieldModel:
		return t(ctx, "仪器名称")
	case FieldDay:
		return t(ctx, "服务日期")
	case FieldStart:
		return t(ctx, "服务开始时间")
	case FieldEnd:
		return t(ctx, "服务结束时间")
	case FieldUser:
		return t(ctx, "用户单位")
	case FieldUSCC:
		return t(ctx, "统一社会信用代码")
	case FieldInside:
		return t(ctx, "单位内或单位外")
	case FieldApplicant:
		return t(ctx, "申请人（联系人）")
	case FieldPhone:
		return t(ctx, "申请人电话")
	case FieldEmail:
		return t(ctx, "申请人电子邮箱")
	case FieldWays:
		return t(ctx, "服务方式")
	case FieldContent:
		return t(ctx, "服务内容")
	case FieldHours:
		return t(ctx, "服务机时（小时）")
	case FieldMinutes:
		return t(ctx, "服务时长（分钟）")
	case FieldSamples:
		return t(ctx, "样品数")
	}
	return paperWord(ctx, field)
}

func paperWord(ctx context.Context, field string) string {
	switch field {
	case FieldAmount:
		return t(ctx, "服务量")
	case FieldFee:
		return t(ctx, "服务金额（元）")
	case FieldProject:
		return t(ctx, "课题名称")
	case FieldIncomes:
		return t(ctx, "课题经费来源")
	case FieldAreas:
		return t(ctx, "课题主要学科领域")
	case FieldResearch:
		return t(ctx, "课题研究内容")
	case FieldContract:
		return t(ctx, "合同编号")
	case FieldInvoice:
		return t(ctx, "发票号码")
	case FieldReport:
		return t(ctx, "报告编号")
	case FieldOpinion:
		return t(ctx, "用户评价")
	case FieldNote:
		return t(ctx, "备注")
	}
	return field
}

// codeWords names codes in the reader's language.
func codeWords(ctx context.Context, all []Code, codes string) string {
	out := ""
	for _, v := range list(codes) {
		for _, c := range all {
			if c.Value != v {
				continue
			}
			if out != "" {
				out += t(ctx, "、")
			}
			out += i18n.Pick(ctx, c.ZH, c.EN)
		}
	}
	return out
}

// codeOptions are codes to choose from.
func codeOptions(ctx context.Context, all []Code) []ui.Option {
	out := make([]ui.Option, len(all))
	for i, c := range all {
		out[i] = ui.Option{Value: c.Value, Label: i18n.Pick(ctx, c.ZH, c.EN)}
	}
	return out
}
