package voucher

import (
	"context"

	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/voucher/scheme"
)

// open says whether applications are taken now.
func (p programmeCard) open(ctx context.Context) ui.Chip {
	if p.Open {
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "受理中")}
	}
	return ui.Chip{Text: t(ctx, "不在受理时间")}
}

func (p programmeCard) tags(ctx context.Context) []ui.Chip {
	out := []ui.Chip{p.open(ctx)}
	if most := p.Terms.Caps.Year; most != nil {
		out = append(out, ui.Chip{Text: t(ctx, "每年最多 {0}", most.Value)})
	}
	return out
}

func (v programmeView) actions(ctx context.Context) []ui.Link {
	var out []ui.Link
	switch {
	case v.Open && v.MayApply:
		out = append(out, ui.Link{Label: t(ctx, "申请创新券"), Href: "/desk/wallet/apply?programme=" + v.ID, Icon: "ticket"}) //icons: ticket
	case v.Open && !v.MayBudget:
		out = append(out, ui.Link{Label: t(ctx, "登录后申请"), Href: "/desk/wallet/apply?programme=" + v.ID})
	}
	out = append(out, ui.Link{Label: t(ctx, "兑付结果"), Href: "/results?programme=" + v.ID})
	if v.MayBudget {
		out = append(out, ui.Link{Label: t(ctx, "资金去向"), Href: "/desk/programmes/" + v.ID, Icon: "scale"}) //icons: scale
	}
	return out
}

// chip is the state of a public notice.
func (v noticeView) chip(ctx context.Context) ui.Chip {
	switch {
	case v.State == "published" && !v.Over:
		return ui.Chip{Tone: ui.Run, Text: t(ctx, "公示中")}
	case v.State == "published":
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "公示期满，待支付")}
	}
	return ClaimChip(ctx, v.State)
}

func (v walletView) actions(ctx context.Context) []ui.Link {
	if !v.MayApply || len(v.Open) == 0 {
		return nil
	}
	if len(v.Open) == 1 {
		return []ui.Link{{Label: t(ctx, "申请创新券"), Href: "/desk/wallet/apply?programme=" + v.Open[0].ID, Icon: "ticket"}} //icons: ticket
	}
	return []ui.Link{{Label: t(ctx, "申请创新券"), Href: "/programmes", Icon: "ticket"}} //icons: ticket
}

func (v walletView) emptyText(ctx context.Context) string {
	if len(v.Open) == 0 {
		return t(ctx, "现在没有受理中的计划，有新计划时会在“创新券”栏目发布。")
	}
	return t(ctx, "先看看规则能抵扣多少，再提交申请；主管部门批准后额度会出现在这里。")
}

func (v walletView) emptyLink(ctx context.Context) ui.Link {
	if links := v.actions(ctx); len(links) > 0 {
		return links[0]
	}
	return ui.Link{Label: t(ctx, "了解创新券"), Href: "/programmes"}
}

// ends says when the next money of a pocket ends.
func (p Pocket) ends(ctx context.Context) string {
	if p.Expires == "" {
		return ""
	}
	return t(ctx, "可用 {0}，有效期至 {1}", p.Left, p.Expires)
}

func (p Pocket) parts(ctx context.Context) []ui.SplitPart {
	out := []ui.SplitPart{
		{Label: t(ctx, "可用"), Amount: p.Left}, {Label: t(ctx, "订单占用"), Amount: p.Held}, {Label: t(ctx, "已使用"), Amount: p.Used},
	}
	if p.Lapsed > 0 {
		out = append(out, ui.SplitPart{Label: t(ctx, "到期失效"), Amount: p.Lapsed})
	}
	if p.Returned > 0 {
		out = append(out, ui.SplitPart{Label: t(ctx, "退回额度"), Amount: p.Returned})
	}
	return out
}

func (v Voucher) chip(ctx context.Context) ui.Chip {
	switch {
	case v.State == "expired":
		return ui.Chip{Text: t(ctx, "已到期")}
	case v.State == "returned":
		return ui.Chip{Text: t(ctx, "已退回预算")}
	case v.Left == 0:
		return ui.Chip{Text: t(ctx, "额度已用完")}
	}
	return ui.Chip{Tone: ui.OK, Text: t(ctx, "可使用")}
}

// statementOptions are the statements as boxes to tick.
func statementOptions(ctx context.Context, terms scheme.Terms) []ui.Option {
	var out []ui.Option
	for _, it := range terms.Statements {
		out = append(out, ui.Option{Value: it.Code, Label: it.Name.In(ctx), Note: terms.Cited(ctx, it.Clause)})
	}
	return out
}

func (v applicationsView) tabs(ctx context.Context) []ui.Tab {
	out := make([]ui.Tab, 0, 4)
	for _, state := range []string{Submitted, Waiting, Approved, Declined} {
		out = append(out, ui.Tab{Label: ApplicationChip(ctx, state).Text, Href: "/desk/vouchers?state=" + state, Current: v.State == state})
	}
	return append(out, ui.Tab{Label: t(ctx, "全部"), Href: "/desk/vouchers?state=all", Current: v.State == "all"})
}

// issuedPercent is the share of the budget that is granted, 0…100, rounded down.
func (f fund) issuedPercent() int {
	if f.Appropriated == 0 {
		return 0
	}
	return int(f.Issued() * 100 / f.Appropriated)
}

// remarks shows a check, each point with its clause left to the rules' page.
func remarks(ctx context.Context, lines []scheme.Line) []ui.Remark {
	tones := map[scheme.Verdict]ui.Tone{scheme.Yes: ui.OK, scheme.No: ui.Bad, scheme.Unknown: ui.Warn}
	out := make([]ui.Remark, len(lines))
	for i, l := range lines {
		out[i] = ui.Remark{Tone: tones[l.Verdict], Text: l.In(ctx)}
	}
	return out
}

func (v applicationView) active() string {
	if v.Applying {
		return "wallet"
	}
	return "vouchers"
}

func (v applicationView) crumbs(ctx context.Context) []ui.Link {
	if v.Applying {
		return []ui.Link{{Label: t(ctx, "我的创新券"), Href: "/desk/wallet"}}
	}
	return []ui.Link{{Label: t(ctx, "创新券额度审核"), Href: "/desk/vouchers"}}
}

// amount is the form with the amount asked for filled in, unless another was typed.
func (v applicationView) amount() *form.Form {
	if v.Form.Value("amount") == "" {
		return form.Of(map[string]string{"amount": v.Amount.Yuan()})
	}
	return v.Form
}

// funderParts are who funds a quote, by the names that the terms give them.
func funderParts(ctx context.Context, terms scheme.Terms, q scheme.Quote) []ui.SplitPart {
	out := make([]ui.SplitPart, len(q.Shares))
	for i, p := range q.Shares {
		name := p.Funder
		if terms.Funders != nil && i < len(terms.Funders.Value) {
			name = scheme.FunderName(ctx, terms.Funders.Value[i])
		}
		out[i] = ui.SplitPart{Label: name, Amount: p.Amount}
	}
	return out
}

// GroupOptions are the groups of firms to choose from in a calculator.
func GroupOptions(ctx context.Context, terms scheme.Terms) []ui.Option {
	out := []ui.Option{{Value: "", Label: t(ctx, "不限")}}
	for _, g := range terms.Groups {
		out = append(out, ui.Option{Value: g.Code, Label: g.Name.In(ctx)})
	}
	return out
}

// RateOptions are the rates of their own to choose from in a calculator.
func RateOptions(ctx context.Context, terms scheme.Terms) []ui.Option {
	out := []ui.Option{{Value: "", Label: t(ctx, "一般服务")}}
	for _, r := range terms.Rates {
		out = append(out, ui.Option{Value: r.Code, Label: r.Name.In(ctx)})
	}
	return out
}
