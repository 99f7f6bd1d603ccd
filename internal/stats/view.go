package stats

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
)

func queryEscape(s string) string { return url.QueryEscape(s) }

// byKind sums parts by kind, the most first.
func byKind(parts []Part) []Part {
	sums := map[string]int64{}
	for _, p := range parts {
		sums[p.Kind] += p.Count
	}
	var out []Part
	for kind, n := range sums {
		out = append(out, Part{Kind: kind, Count: n})
	}
	slices.SortFunc(out, func(a, b Part) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Kind, b.Kind)) })
	return out
}

// what says what a fact was.
func (k Kind) what(ctx context.Context) string {
	switch k {
	case OrderPlaced:
		return t(ctx, "提交订单")
	case OrderAnswered:
		return t(ctx, "首次答复订单")
	case OrderConfirmed:
		return t(ctx, "确认完成")
	case OrderRated:
		return t(ctx, "评价")
	case MachineTime:
		return t(ctx, "上机")
	case VoucherGranted:
		return t(ctx, "发放创新券")
	case VoucherHeld:
		return t(ctx, "冻结创新券")
	case VoucherFreed:
		return t(ctx, "退回创新券")
	case VoucherUsed:
		return t(ctx, "使用创新券")
	case VoucherPaid:
		return t(ctx, "兑付创新券")
	case NeedPublished:
		return t(ctx, "发布需求")
	case NeedAnswered:
		return t(ctx, "首次响应需求")
	default:
		return string(k)
	}
}

// amount is what a row adds to its number, as people read it.
func (r Row) amount(ctx context.Context, d Definition) string {
	sign := ""
	if r.Minus {
		sign = "−"
	}
	switch d.Unit {
	case UnitMoney:
		return sign + r.Amount.String()
	case UnitHours, UnitWait:
		n, unit := wait(ctx, r.Minutes)
		return n + " " + unit
	case UnitScore:
		return i18n.Group(r.Score)
	case UnitPercent:
		if r.Counted {
			return t(ctx, "计入分子")
		}
		return t(ctx, "只计入分母")
	default:
		return "1"
	}
}

// bars is a history as a chart.
func bars(ctx context.Context, d Definition, points []Point) ui.BarsOf {
	name := i18n.Pick(ctx, d.NameZH, d.NameEN)
	b := ui.BarsOf{Title: t(ctx, "{0}，按月", name), Head: t(ctx, "月份"), Series: []string{name}, Unit: unitName(ctx, d)}
	for _, p := range points {
		v := Value{Definition: d, Numerator: p.Numerator, Denominator: p.Denominator}
		number, _ := v.Split(ctx)
		b.Bars = append(b.Bars, ui.Bar{Label: p.Month[2:4] + "/" + p.Month[5:], Values: []float64{drawn(d, p)}, Texts: []string{number}})
	}
	return b
}

func unitName(ctx context.Context, d Definition) string {
	switch d.Unit {
	case UnitHours, UnitWait:
		return t(ctx, "小时")
	case UnitMoney:
		return t(ctx, "元")
	case UnitPercent:
		return "%"
	case UnitScore:
		return t(ctx, "分（满分 5）")
	default:
		return d.measure(ctx)
	}
}

// facts are the exact meaning of a value.
func (v Value) facts(ctx context.Context) []ui.Fact {
	d := v.Definition
	f := []ui.Fact{{Label: t(ctx, "代码"), Value: d.Code}}
	if d.Unit == UnitPercent || d.Unit == UnitScore {
		f = append(f, ui.Fact{Label: t(ctx, "分子"), Value: i18n.Group(v.Numerator)}, ui.Fact{Label: t(ctx, "分母"), Value: i18n.Group(v.Denominator)})
	}
	if d.Unit == UnitWait {
		f = append(f, ui.Fact{Label: t(ctx, "样本数"), Value: i18n.Group(v.Denominator)})
	}
	return append(f, ui.Fact{Label: t(ctx, "截止日"), Body: ui.Day(v.Until)}, ui.Fact{Label: t(ctx, "计算于"), Body: ui.When(v.AsOf)},
		ui.Fact{Label: t(ctx, "定义版本"), Value: t(ctx, "第 {0} 版，自 {1} 起", d.Version, d.Since)}, ui.Fact{Label: t(ctx, "定义来源"), Value: sourceName(ctx, d.Source)})
}

func sourceName(ctx context.Context, source string) string {
	if source == ours {
		return t(ctx, "本平台自拟；未查到官方定义")
	}
	return source
}

// yuan is an amount as a spreadsheet wants it; empty when there is none.
func yuan(f money.Fen) string {
	if f == 0 {
		return ""
	}
	return f.Yuan()
}

// distinct is each id once, without empty ones.
func distinct(ids []string) []string {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" })
}

func auditQuery(f audit.Filter) string {
	q := url.Values{}
	for name, v := range map[string]string{"kind": f.Kind, "object": f.Object, "action": f.Action, "person": f.Person} {
		if v != "" {
			q.Set(name, v)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return q.Encode()
}
