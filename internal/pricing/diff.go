package pricing

import (
	"context"
	"slices"
	"strings"
)

// described is a plan as sentences, one a line of it.
func described(ctx context.Context, p Plan) []string {
	var out []string
	say := func(parts ...string) {
		out = append(out, strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · "))
	}
	for _, r := range p.Rates {
		say(append([]string{t(ctx, "计价方式"), r.Text, sayGroups(ctx, r.Groups, GroupWord(ctx, External)), SayRate(ctx, r, p.Currency)}, SayMore(ctx, r, p.Currency)...)...)
	}
	for _, x := range p.Periods {
		say(t(ctx, "分时段"), x.Text, sayPeriod(ctx, x))
	}
	for _, a := range p.AddOns {
		say(t(ctx, "附加服务"), a.Text, sayGroups(ctx, a.Groups, ""), SayAddOn(ctx, a, p.Currency))
	}
	for _, d := range p.Discounts {
		say(t(ctx, "优惠"), d.Text, sayGroups(ctx, d.Groups, ""), sayDiscount(ctx, d))
	}
	if p.Overtime != nil {
		say(t(ctx, "超时"), sayOvertime(ctx, *p.Overtime, p.Currency))
	}
	for _, f := range p.Cancel {
		say(t(ctx, "临时取消"), sayFee(ctx, f))
	}
	if p.NoShow != nil {
		say(t(ctx, "爽约"), sayFee(ctx, *p.NoShow))
	}
	say(t(ctx, "计费时长"), sayBasis(ctx, p))
	return out
}

// of is the part of a plan that concerns a group of buyers.
func (p Plan) of(group string) Plan {
	out := p
	out.Rates = Fitting(p, Facts{Kind: "booking", Group: group})
	if more := Fitting(p, Facts{Kind: "commission", Group: group}); len(out.Rates) == 0 {
		out.Rates = more
	}
	out.AddOns = slices.DeleteFunc(slices.Clone(p.AddOns), func(a AddOn) bool { return !a.For(group) })
	out.Discounts = slices.DeleteFunc(slices.Clone(p.Discounts), func(d Discount) bool { return len(d.Groups) > 0 && !slices.Contains(d.Groups, group) })
	return out
}

// change is one line of the difference of two versions.
type change struct {
	Added bool
	Text  string
}

// diff is what the second plan no longer says of the first, and what it says anew.
func diff(ctx context.Context, before, after Plan) []change {
	a, b := described(ctx, before), described(ctx, after)
	var out []change
	for _, x := range a {
		if !slices.Contains(b, x) {
			out = append(out, change{false, x})
		}
	}
	for _, x := range b {
		if !slices.Contains(a, x) {
			out = append(out, change{true, x})
		}
	}
	return out
}
