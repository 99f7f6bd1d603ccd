package editor

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/platform/ui"
	"qiao/internal/voucher/scheme"
)

// title is what a draft is called.
func (d Draft) title(ctx context.Context) string {
	return cmp.Or(d.Scheme.Name.In(ctx), t(ctx, "未命名的草稿"))
}

// purpose is what a draft is for.
func (d Draft) purpose(ctx context.Context) string {
	if d.Programme == "" {
		return t(ctx, "新的计划")
	}
	return t(ctx, "第 {0} 版规则", strconv.Itoa(d.Scheme.Terms.Version))
}

func (v tab) status(ctx context.Context) []ui.Chip {
	if len(v.Blockers) > 0 {
		return []ui.Chip{{Tone: ui.Warn, Text: t(ctx, "草稿")}}
	}
	return []ui.Chip{{Tone: ui.OK, Text: t(ctx, "可以发布")}}
}

// consequence says what publishing does.
func (v tab) consequence(ctx context.Context) string {
	if v.Live == nil {
		return t(ctx, "发布后企业就能看到并申请；预算 {0} 随即拨入计划。", v.Scheme.Terms.Budget.Value)
	}
	return t(ctx, "新规则从选定的日期起执行，之前的订单和额度仍按原规则；预算随新规则增减，不会低于已发放的额度。")
}

// documents are the documents of the draft to choose from.
func (v tab) documents(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: t(ctx, "请选择")}}
	for _, key := range slices.Sorted(maps.Keys(v.Scheme.Terms.Sources)) {
		title := v.Scheme.Terms.Sources[key].Title.In(ctx)
		out = append(out, ui.Option{Value: key, Label: cmp.Or(title, key)})
	}
	return out
}

// funders are who may fund; an organisation that the draft names stays choosable.
func (v tab) funders(ctx context.Context, chosen string) []ui.Option {
	out := []ui.Option{{Value: "", Label: t(ctx, "（无）")}, {Value: ownAuthority, Label: t(ctx, "本计划主管部门")}}
	for _, role := range []string{scheme.RoleFirm, scheme.RoleProvider} {
		out = append(out, ui.Option{Value: role, Label: funderName(ctx, role)})
	}
	if !slices.ContainsFunc(out, func(o ui.Option) bool { return o.Value == chosen }) {
		out = append(out, ui.Option{Value: chosen, Label: chosen})
	}
	return out
}

// elsewhere is how many rules the form does not show.
func (v tab) elsewhere() int {
	return len(v.Scheme.Terms.Conditions) + len(v.Scheme.Terms.Groups) + len(v.Scheme.Terms.Rates) + len(v.Scheme.Terms.Types)
}

func (x field) options(ctx context.Context) []ui.Option {
	out := make([]ui.Option, len(x.choices))
	for i, c := range x.choices {
		out[i] = ui.Option{Value: c.value, Label: t(ctx, c.label)}
	}
	return out
}

// plain tells whether a topic has nothing with a clause.
func (tp topic) plain() bool {
	return !slices.ContainsFunc(tp.fields, func(x field) bool { return !x.bare }) && len(tp.fields) > 0
}

// input is a field as it is shown; a row of a table says its label and its hint already.
func (x field) input(ctx context.Context, inTable bool) ui.Input {
	in := ui.Input{Name: x.name, Label: t(ctx, x.label), Unlabelled: inTable, Required: !inTable && !strings.HasSuffix(x.name, "_en")}
	switch x.as {
	case asFen:
		in.Prefix, in.Inputmode = "¥", "decimal"
	case asPercent:
		in.Suffix, in.Inputmode = "%", "decimal"
	case asNumber:
		in.Inputmode = "numeric"
	case asDay:
		in.Type = "date"
	}
	return in
}

// anchor is the field of the form that shows what a fault names.
func anchor(name string) string {
	for _, tp := range topics() {
		for _, x := range tp.fields {
			if x.name == name {
				return name
			}
		}
		if tp.rows == name {
			return row(name, 0, "name")
		}
	}
	return strings.SplitN(name, ".", 2)[0]
}

func (v simulationView) count(ctx context.Context) string {
	return t(ctx, "{0} 单", v.Result.All.Deeds)
}

func (v simulationView) rewardNote(ctx context.Context) string {
	if v.Result.All.Reward == 0 {
		return ""
	}
	return t(ctx, "另奖励服务机构 {0}", v.Result.All.Reward)
}

func (v simulationView) funded(ctx context.Context) []ui.SplitPart {
	out := make([]ui.SplitPart, len(v.Result.Funders))
	for i, p := range v.Result.Funders {
		out[i] = ui.SplitPart{Label: funderName(ctx, p.Funder), Amount: p.Amount}
	}
	return out
}
