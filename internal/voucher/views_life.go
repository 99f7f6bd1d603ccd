package voucher

import (
	"context"
	"strconv"

	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/voucher/scheme"
)

// href leads to an application: a draft to its form.
func (a Application) href() string {
	if a.State == Drafted {
		return "/desk/wallet/apply?draft=" + a.ID
	}
	return "/desk/vouchers/" + a.ID
}

// called is an application's number; a draft has none yet.
func (a Application) called(ctx context.Context) string {
	if a.Number == "" {
		return t(ctx, "草稿")
	}
	return a.Number
}

// buys says what a voucher pays for.
func (p Pocket) buys(ctx context.Context, v Voucher) string {
	if x, ok := p.Programme.Terms.Type(v.Type); ok {
		return x.Name.In(ctx)
	}
	out := ""
	for i, kind := range p.Programme.Terms.Kinds.Value {
		if i > 0 {
			out += t(ctx, "、")
		}
		out += scheme.KindName(ctx, kind)
	}
	return out
}

// gone is how much of a voucher is used or held, in per cent, rounded down.
func (v Voucher) gone() int {
	if v.Amount == 0 {
		return 0
	}
	return int((v.Used() + v.Held) * 100 / v.Amount)
}

// returning is the form of a return as it was typed; an empty one for every other voucher.
func (v walletView) returning(g Voucher) *form.Form {
	if v.Returning == g.ID {
		return v.Form
	}
	return form.Of(nil)
}

// action is where the form of an application goes; one with files carries its id in the address.
func (v applyView) action(ctx context.Context) string {
	if len(v.Programme.Terms.Attach) > 0 {
		return "/desk/wallet/apply?request=" + ui.From(ctx).Request
	}
	return "/desk/wallet/apply"
}

func (v applyView) types(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, x := range v.Programme.Terms.Types {
		o := ui.Option{Value: x.Code, Label: x.Name.In(ctx)}
		if most := x.Caps.Application; most != nil {
			o.Note = t(ctx, "每次申请最多 {0}", most.Value)
		}
		out = append(out, o)
	}
	return out
}

func (v applyView) keptOptions(ctx context.Context) []ui.Option {
	out := make([]ui.Option, len(v.Kept))
	for i, k := range v.Kept {
		out[i] = ui.Option{Value: k.Seal, Label: k.Name, Note: itemName(ctx, v.Programme.Terms.Attach, k.Code)}
	}
	return out
}

func itemName(ctx context.Context, items []scheme.Item, code string) string {
	for _, it := range items {
		if it.Code == code {
			return it.Name.In(ctx)
		}
	}
	return ""
}

func (v applicationView) attachmentName(ctx context.Context, code string) string {
	return itemName(ctx, v.Programme.Terms.Attach, code)
}

func (v applicationView) typeName(ctx context.Context) string {
	if x, ok := v.Programme.Terms.Type(v.Type); ok {
		return x.Name.In(ctx)
	}
	return v.Type
}

func (v applicationView) memberCount() string {
	if v.Members == 0 {
		return ""
	}
	return strconv.Itoa(v.Members)
}

func (v applicationView) grantedText() string {
	if v.Granted == 0 {
		return ""
	}
	return v.Granted.String()
}

// link leads to a programme's batch where it has one, else to where its money is.
func (f fund) link(ctx context.Context) ui.Link {
	if f.Terms.Batch() {
		return ui.Link{Label: t(ctx, "集中审核"), Href: "/desk/programmes/" + f.ID + "/batch"}
	}
	return ui.Link{Label: t(ctx, "资金去向"), Href: "/desk/programmes/" + f.ID}
}

func (v batchView) lead(ctx context.Context) string {
	return t(ctx, "{0} 至 {1} 的申请一起决定：预算不够时，每家得到申请额的同一比例。", v.Window.From, v.Window.To)
}

func (v batchView) shareNote(ctx context.Context) string {
	if v.Asked == 0 {
		return ""
	}
	return t(ctx, "申请额的 {0}", scheme.Pointed(int64(v.Gives)*10000/int64(v.Asked)))
}
