package voucher

import (
	"context"
	"slices"

	"qiao/internal/platform/ui"
	"qiao/internal/voucher/scheme"
)

func (v claimsView) tabs(ctx context.Context) []ui.Tab {
	out := []ui.Tab{{Label: t(ctx, "全部"), Href: "/desk/redemptions", Current: v.State == ""}}
	for _, state := range []string{"submitted", "verified", "approved", "published", "paid", "refused", "recovered"} {
		out = append(out, ui.Tab{Label: ClaimChip(ctx, state).Text, Href: "/desk/redemptions?state=" + state, Current: v.State == state})
	}
	return out
}

// actions is the one thing a provider mostly comes for.
func (v claimsView) actions(ctx context.Context) []ui.Link {
	if v.Rewards {
		return []ui.Link{{Label: t(ctx, "机构奖励"), Href: "/desk/rewards"}}
	}
	if len(v.Open) != 1 {
		return nil
	}
	return []ui.Link{{Label: v.Open[0].heading(ctx), Href: v.Open[0].href(), Icon: "cash"}} //icons: cash
}

// action leads to the form where there are several programmes.
func (v claimsView) action(ctx context.Context, o openClaim) ui.Link {
	if len(v.Open) == 1 {
		return ui.Link{}
	}
	return ui.Link{Label: o.heading(ctx), Href: o.href()}
}

// href leads to the form, heading is what it is called, title what its orders are.
func (o openClaim) href() string {
	return "/desk/redemptions/new?programme=" + o.Programme.ID + "&way=" + o.Way
}

func (o openClaim) heading(ctx context.Context) string {
	if o.Way == scheme.Repay {
		return t(ctx, "申请返还")
	}
	return t(ctx, "申请兑付")
}

func (o openClaim) title(ctx context.Context) string {
	if o.Way == scheme.Repay {
		return t(ctx, "可以申请返还的订单")
	}
	return t(ctx, "可以兑付的订单")
}

func (v claimsView) empty(ctx context.Context) ui.EmptyState {
	e := ui.EmptyState{Icon: "cash", Title: t(ctx, "这里还没有兑付"), Text: t(ctx, "服务机构提交兑付后会出现在这里，也会通知您。")} //icons: cash
	if v.Mine {
		e.Text = t(ctx, "企业用券下单、服务完成并确认后，就可以在这里申请兑付；先付了全款的企业在这里申请返还。")
		e.Action = ui.Link{Label: t(ctx, "查看订单"), Href: "/desk/orders"}
	}
	return e
}

// options are the orders as boxes to tick.
func (v redeemView) options(ctx context.Context) []ui.Option {
	out := make([]ui.Option, len(v.Orders))
	for i, o := range v.Orders {
		out[i] = ui.Option{Value: o.Order, Label: o.Number + " " + o.Title, Note: t(ctx, "{0}；合同价格 {1}，创新券支付 {2}", v.Buyers[o.Buyer].Name, o.Price, o.Amount)}
	}
	return out
}

// keptOptions are the files that were uploaded before.
func (v redeemView) keptOptions(ctx context.Context) []ui.Option {
	out := make([]ui.Option, len(v.Kept))
	for i, k := range v.Kept {
		out[i] = ui.Option{Value: k.Seal, Label: k.Name, Note: v.Programme.Terms.DocumentName(ctx, k.Code)}
	}
	return out
}

// carried tells whether this document is there: uploaded before, or brought by every order itself.
func (v redeemView) carried(code string) bool {
	if slices.ContainsFunc(v.Kept, func(k keptFile) bool { return k.Code == code }) {
		return true
	}
	return !slices.ContainsFunc(v.Orders, func(o Claimable) bool {
		return !slices.ContainsFunc(o.Documents, func(d Document) bool { return d.Code == code })
	})
}

func (v redeemView) hint(ctx context.Context, it scheme.Item) string {
	if v.carried(it.Code) {
		return t(ctx, "已经有了，不必再传")
	}
	return t(ctx, "PDF、图片、OFD 或压缩包，每个不超过 20 MB")
}

// steps is the way of a redemption from its submission to the payment.
func steps(ctx context.Context, c Claim) []ui.Step {
	way := []struct{ state, label string }{
		{"submitted", t(ctx, "提交")}, {"verified", t(ctx, "核验")}, {"approved", t(ctx, "批准")}, {"published", t(ctx, "公示")}, {"paid", t(ctx, "支付")},
	}
	at := slices.IndexFunc(way, func(x struct{ state, label string }) bool { return x.state == c.State })
	out := make([]ui.Step, 0, len(way)+1)
	for i, x := range way {
		st := ui.Step{Label: x.label}
		switch {
		case i <= at || c.State == "recovered":
			st.State = ui.StepDone
		case i == at+1 && at >= 0:
			st.State = ui.StepNow
		}
		out = append(out, st)
	}
	if c.State == "refused" || c.State == "recovered" {
		return append(out, ui.Step{Label: ClaimChip(ctx, c.State).Text, State: ui.StepBad})
	}
	return out
}

func (v claimView) links(ctx context.Context) []ui.Link {
	if v.NoticeFrom == "" || v.State == "refused" {
		return nil
	}
	return []ui.Link{{Label: t(ctx, "查看公示"), Href: "/notices/" + v.ID}}
}

// wayName is how the claim is paid, in words.
func (v claimView) wayName(ctx context.Context) string {
	if v.Reward {
		return t(ctx, "对服务机构的奖励，从本计划还没有发放的预算支付")
	}
	return scheme.WayName(ctx, v.Way)
}

func (v claimView) noticeText(ctx context.Context) string {
	if v.NoticeFrom == "" {
		return ""
	}
	return t(ctx, "{0} 至 {1}", v.NoticeFrom, v.NoticeTo)
}

func (v claimView) question(ctx context.Context, verb string) string {
	if verb == "recover" {
		return t(ctx, "追回已支付的 {0}？", v.Amount-v.Recovered)
	}
	return t(ctx, "不予通过这笔兑付？")
}

// consequence says what a verb will do.
func (v claimView) consequence(ctx context.Context, verb string) string {
	texts := map[string]string{
		"verify": "核对订单与材料一致。核验后由另一位工作人员批准。", "approve": "批准后 {0} 记为应付给收款单位。", "publish-notice": "公示后公众可以查看机构、金额和订单。",
		"pay": "确认 {0} 已付给收款单位；付给服务机构的，相关订单随之结清。", "refuse": "订单退回，对方补正后可以再次申请。", "recover": "通知退回，原因会留在办理过程中；不能撤销。", "receive": "款项到账后登记，可以分次。",
	}
	if v.Reward {
		texts["refuse"], texts["pay"] = "计入的兑付可以重新提出奖励。", "确认 {0} 已付给收款单位。"
	}
	return t(ctx, texts[verb], v.Amount)
}

func (v claimView) noteLabel(ctx context.Context, verb string) string {
	if verb == "pay" || verb == "receive" {
		return t(ctx, "支付凭证号")
	}
	return t(ctx, "意见")
}

// backText is what was asked back of a paid claim, and what of it has come.
func (v claimView) backText(ctx context.Context) string {
	if v.Recovered == 0 {
		return ""
	}
	return t(ctx, "{0}，已到账 {1}", v.Recovered, v.Received)
}
