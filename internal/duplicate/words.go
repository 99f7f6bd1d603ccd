package duplicate

import (
	"cmp"
	"context"
	"fmt"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

func stateName(ctx context.Context, st string) string {
	switch st {
	case Open:
		return t(ctx, "待判断")
	case Later:
		return t(ctx, "以后再看")
	case Waiting:
		return t(ctx, "等对方同意")
	case Joined:
		return t(ctx, "已合并")
	case Different:
		return t(ctx, "不是同一项")
	}
	return t(ctx, "已不相似")
}

func stateChip(ctx context.Context, st string) ui.Chip {
	tones := map[string]ui.Tone{Open: ui.Warn, Waiting: ui.Info, Joined: ui.OK}
	return ui.Chip{Tone: tones[st], Text: stateName(ctx, st)}
}

func verbName(ctx context.Context, verb string) string {
	switch verb {
	case VerbMerge:
		return t(ctx, "合并为一条")
	case VerbPropose:
		return t(ctx, "请对方同意合并")
	case VerbAgree:
		return t(ctx, "同意合并")
	case VerbRefuse:
		return t(ctx, "不同意，不是同一项")
	case VerbDifferent:
		return t(ctx, "不是同一项")
	case VerbLater:
		return t(ctx, "以后再看")
	case VerbTakeBack:
		return t(ctx, "收回合并建议")
	case VerbReopen:
		return t(ctx, "重新判断")
	case VerbUndo:
		return t(ctx, "撤销合并")
	}
	return t(ctx, "记录有变，不再相似")
}

// doneText says what a decision did.
func doneText(verb string) string {
	switch verb {
	case VerbMerge, VerbAgree:
		return "已合并。随时可以撤销。"
	case VerbPropose:
		return "已请对方同意。对方答复后会通知您。"
	case VerbDifferent, VerbRefuse:
		return "已记下不是同一项；记录不变就不再提示。"
	case VerbLater:
		return "已放到以后再看。"
	case VerbUndo:
		return "已撤销合并，两条记录恢复原样。"
	}
	return "已重新放回待判断。"
}

// say is a reason in the reader's language.
func (r Reason) say(ctx context.Context) string { return i18n.T(ctx, r.Text, r.Args...) }

func remarks(ctx context.Context, list []Reason) []ui.Remark {
	out := make([]ui.Remark, len(list))
	for i, r := range list {
		out[i] = ui.Remark{Tone: ui.OK, Text: r.say(ctx)}
		if r.Con {
			out[i].Tone = ui.Bad
		}
	}
	return out
}

func kindName(ctx context.Context, set kinds.Set, kind string) string {
	k, _ := set.Find(kind)
	return i18n.Pick(ctx, k.ZH, k.EN)
}

// partName is a part of a record, as people call it.
func partName(ctx context.Context, k kinds.Kind, field string) string {
	if f, ok := k.Field(field); ok {
		return i18n.Pick(ctx, f.ZH, f.EN)
	}
	switch field {
	case "status":
		return t(ctx, "状态")
	case "owner":
		return t(ctx, "所属单位")
	case "region":
		return t(ctx, "地区")
	case "access":
		return t(ctx, "使用方式")
	case "free":
		return t(ctx, "免费")
	case "voucher":
		return t(ctx, "接受创新券")
	case "booking":
		return t(ctx, "按时段预约")
	case "prices":
		return t(ctx, "价格")
	case "identifiers":
		return t(ctx, "持久标识")
	case "languages":
		return t(ctx, "服务语言")
	case "country":
		return t(ctx, "国家")
	case "checked_on":
		return t(ctx, "最近核对日期")
	case "licence":
		return t(ctx, "数据许可")
	case "retrieved_on":
		return t(ctx, "取得日期")
	}
	return t(ctx, "说明")
}

// partText is the value of a part, as people read it.
func (v pairView) partText(ctx context.Context, field string, value any) string {
	if field == "owner" {
		o := v.Owners[fmt.Sprint(value)]
		return o.Name(ctx)
	}
	return cmp.Or(v.Tell(ctx, v.Kind, field, value), "—")
}

// equal lists what both records say alike, shortened.
func (v pairView) equal(ctx context.Context) []ui.Fact {
	differ := map[string]bool{}
	for _, c := range v.Differ {
		differ[c.Field] = true
	}
	empty := catalogue.Resource{Kind: v.A.Kind, Fields: map[string]any{}}
	var out []ui.Fact
	for _, c := range v.same(empty) {
		if !differ[c.Field] {
			out = append(out, ui.Fact{Label: partName(ctx, v.Kind, c.Field), Value: v.partText(ctx, c.Field, c.From)})
		}
	}
	return out
}

// same lists what the first record says at all.
func (v pairView) same(empty catalogue.Resource) []catalogue.Change {
	var out []catalogue.Change
	for _, f := range v.Kind.Fields {
		value := any(nil)
		switch f.Name {
		case "name_zh":
			value = v.A.NameZH
		case "name_en":
			value = v.A.NameEN
		case "model":
			value = v.A.Model
		case "maker":
			value = v.A.Maker
		case "class":
			value = v.A.Class
		case "summary":
			value = v.A.Summary
		default:
			value = v.A.Fields[f.Name]
		}
		if value != nil && value != "" && value != empty.Fields[f.Name] {
			out = append(out, catalogue.Change{Field: f.Name, From: value})
		}
	}
	return out
}

// moments is what was decided, newest last.
func (v pairView) moments(ctx context.Context) []ui.Moment {
	var out []ui.Moment
	for _, st := range v.Steps {
		m := ui.Moment{At: st.At.Time, Title: verbName(ctx, st.Verb), Note: st.Note}
		if o, ok := v.Owners[st.Org]; ok {
			m.Who = o.Name(ctx)
		} else if st.Person != "" {
			m.Who = t(ctx, "平台运营单位")
		}
		out = append(out, m)
	}
	return out
}

// heading says which record a column is about.
func (v pairView) heading(ctx context.Context, r catalogue.Resource, letter string) string {
	return letter + " · " + v.owner(r).Name(ctx)
}

func (v pairView) owner(r catalogue.Resource) identity.Organisation { return v.Owners[r.Owner] }

// facts are what is told of one record beside its fields.
func (v pairView) facts(ctx context.Context, r catalogue.Resource) []ui.Fact {
	out := []ui.Fact{
		{Label: t(ctx, "所属单位"), Value: v.owner(r).Name(ctx), Href: v.owner(r).Path()},
		{Label: t(ctx, "地区"), Value: v.Root(ctx, r.Region)},
		{Label: t(ctx, "状态"), Value: catalogue.StatusChip(ctx, r.Status).Text},
		{Label: t(ctx, "来源"), Value: v.source(ctx, r)},
		{Label: t(ctx, "订单数"), Value: t(ctx, "{0} 笔", v.Orders[r.ID])},
	}
	if l := v.Changes[r.ID]; len(l) > 0 {
		out = append(out, ui.Fact{Label: t(ctx, "登记"), Body: ui.When(l[len(l)-1].At.Time)},
			ui.Fact{Label: t(ctx, "最近一次改动"), Value: l[0].Say(ctx)}, ui.Fact{Label: t(ctx, "改动次数"), Value: t(ctx, "{0} 次", len(l))})
	}
	return out
}

func (v pairView) source(ctx context.Context, r catalogue.Resource) string {
	if r.Source == "" {
		return t(ctx, "单位自行登记")
	}
	return r.Source
}
