package gate

import (
	"context"
	"net/url"

	"qiao/internal/order"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

func kindWord(ctx context.Context, kind string) string {
	switch kind {
	case Training:
		return t(ctx, "上机培训")
	case Qualification:
		return t(ctx, "人员证书")
	case Hazard:
		return t(ctx, "样品危险性申报")
	case Biosafety:
		return t(ctx, "生物安全申报")
	case Ethics:
		return t(ctx, "伦理审查批件")
	}
	return t(ctx, "人类遗传资源文件")
}

// ruleWord is what a rule asks for.
func ruleWord(ctx context.Context, r Rule) string {
	switch r.Kind {
	case Training, Qualification:
		return kindWord(ctx, r.Kind) + t(ctx, "：") + r.Name
	case Biosafety:
		return t(ctx, "生物安全申报（实验室 {0} 级）", r.Level)
	}
	return kindWord(ctx, r.Kind)
}

func stateWord(ctx context.Context, st string) string {
	switch st {
	case Asked:
		return t(ctx, "待安排")
	case Offered:
		return t(ctx, "已约时间")
	case Attended:
		return t(ctx, "已参加，待批准")
	case Sent:
		return t(ctx, "待审核")
	case Granted:
		return t(ctx, "有效")
	case Refused:
		return t(ctx, "未批准")
	case Withdrawn:
		return t(ctx, "已撤回")
	}
	return t(ctx, "已取消资格")
}

// chip is a paper's state, its days looked at.
func (p Paper) chip(ctx context.Context, today string) ui.Chip {
	switch {
	case p.State == Granted && p.To != "" && p.To < today:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "已过期")}
	case p.State == Granted && p.From > today:
		return ui.Chip{Tone: ui.Info, Text: t(ctx, "尚未生效")}
	case p.State == Granted:
		return ui.Chip{Tone: ui.OK, Text: stateWord(ctx, p.State)}
	case open(p.State):
		return ui.Chip{Tone: ui.Warn, Text: stateWord(ctx, p.State)}
	case p.State == Refused || p.State == Revoked:
		return ui.Chip{Tone: ui.Bad, Text: stateWord(ctx, p.State)}
	}
	return ui.Chip{Text: stateWord(ctx, p.State)}
}

func verbWord(ctx context.Context, verb string) string {
	switch verb {
	case VerbOffer:
		return t(ctx, "约定培训时间")
	case VerbAttend:
		return t(ctx, "确认已参加")
	case VerbGrant:
		return t(ctx, "批准")
	case VerbRefuse:
		return t(ctx, "不通过")
	case VerbRevoke:
		return t(ctx, "取消资格")
	}
	return t(ctx, "撤回")
}

// answers are the choices of a declaration.
func answers(ctx context.Context, kind string) []ui.Option {
	var out []ui.Option
	switch kind {
	case Hazard:
		for _, h := range order.Hazards() {
			out = append(out, ui.Option{Value: h, Label: order.HazardWord(ctx, h)})
		}
	case Biosafety:
		out = append(out, ui.Option{Value: "0", Label: t(ctx, "不含生物材料")})
		for _, l := range levels()[1:] {
			out = append(out, ui.Option{Value: l, Label: t(ctx, "需要 {0} 级实验室", l)})
		}
	case Ethics, Genetics:
		out = []ui.Option{{Value: "no", Label: t(ctx, "不涉及")}, {Value: "yes", Label: t(ctx, "涉及，批件已获批准")}}
	}
	return out
}

// question is what a declaration asks.
func question(ctx context.Context, kind string) string {
	switch kind {
	case Hazard:
		return t(ctx, "样品有没有危险性？")
	case Biosafety:
		return t(ctx, "样品需要几级生物安全实验室？")
	case Ethics:
		return t(ctx, "是否涉及人的生命科学或医学研究？")
	}
	return t(ctx, "是否涉及人类遗传资源？")
}

// stand is how a verdict reads.
func (v Verdict) stand(ctx context.Context) ui.Chip {
	switch {
	case v.OK && v.Until != "":
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已具备，有效至 {0}", v.Until)}
	case v.OK:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已具备")}
	case v.Why == "answer":
		return ui.Chip{Tone: ui.Info, Text: t(ctx, "请在下面回答")}
	case v.Why == "waiting":
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "办理中")}
	case v.Why == "level":
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "实验室级别不够")}
	}
	return ui.Chip{Tone: ui.Warn, Text: t(ctx, "还缺")}
}

// way is where a verdict's paper is asked for or followed.
func (v Verdict) way(ctx context.Context, provider string) ui.Link {
	switch {
	case v.Paper != "":
		return ui.Link{Label: t(ctx, "查看"), Href: "/desk/papers/" + v.Paper}
	case v.Why != "paper" && v.Rule.Kind != Ethics && v.Rule.Kind != Genetics, v.OK, v.Rule.Kind == Hazard, v.Rule.Kind == Biosafety:
		return ui.Link{}
	}
	label := t(ctx, "提交材料")
	if v.Rule.Kind == Training {
		label = t(ctx, "申请培训")
	}
	q := url.Values{"provider": {provider}, "kind": {v.Rule.Kind}, "name": {v.Rule.Name}}
	return ui.Link{Label: label, Href: "/desk/papers/new?" + q.Encode()}
}
