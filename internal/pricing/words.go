package pricing

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
)

var t = i18n.T

// PerUnit is what a price is for one of: /小时.
func PerUnit(ctx context.Context, unit string) string {
	switch unit {
	case "hour":
		return t(ctx, "/小时")
	case "sample":
		return t(ctx, "/样")
	case "piece":
		return t(ctx, "/件")
	case "batch":
		return t(ctx, "/批")
	case "day":
		return t(ctx, "/天")
	case "time":
		return t(ctx, "/次")
	}
	return "/" + unit
}

// Counting is a number of units: 2 小时. n is a whole number, or text where it is broken.
func Counting(ctx context.Context, unit string, n any) string {
	switch unit {
	case "hour":
		return t(ctx, "{0} 小时", n)
	case "sample":
		return t(ctx, "{0} 样", n)
	case "piece":
		return t(ctx, "{0}件", n)
	case "batch":
		return t(ctx, "{0} 批", n)
	case "day":
		return t(ctx, "{0} 天", n)
	}
	return t(ctx, "{0} 次", n)
}

// SayAmount is an amount in its currency; yuan have their sign.
func SayAmount(amount money.Fen, currency string) string {
	if currency == "" || currency == money.CNY {
		return amount.String()
	}
	return currency + " " + amount.Yuan()
}

// quantity is Count ÷ Per: a whole number, or up to two decimals; minutes where even those are not exact.
func (l Line) quantity(ctx context.Context) string {
	if l.Per <= 1 || l.Count%l.Per == 0 {
		return Counting(ctx, l.Unit, l.Count/max(l.Per, 1))
	}
	if hundredths := l.Count * 100; hundredths%l.Per == 0 {
		return Counting(ctx, l.Unit, decimal(hundredths/l.Per))
	}
	return t(ctx, "{0} 小时 {1} 分钟", l.Count/60, l.Count%60)
}

// decimal writes hundredths without needless zeros: 150 is 1.5.
func decimal(hundredths int64) string {
	s := strconv.FormatInt(hundredths/100, 10)
	if rest := hundredths % 100; rest > 0 {
		s += "." + strings.TrimRight(strconv.FormatInt(100+rest, 10)[1:], "0")
	}
	return s
}

// SayPercent writes hundredths of a percent: 1500 is 15%.
func SayPercent(n int64) string { return decimal(n) + "%" }

// NameLine is what a line is for: the provider's words, or ours where it has none; empty where the line says enough.
func NameLine(ctx context.Context, l Line) string {
	parts := []string{}
	switch l.Kind {
	case LineBase:
		parts = append(parts, t(ctx, "基本费"))
	case LineLeast:
		return t(ctx, "补足最低收费")
	case LineDiscount:
		return t(ctx, "优惠：{0}", l.Text)
	case LineOvertime:
		return t(ctx, "超时费")
	case LineCancel:
		return t(ctx, "临时取消费")
	case LineNoShow:
		return t(ctx, "爽约费")
	case LineSettled:
		return t(ctx, "争议解决后减免")
	case LineUse:
		if l.Period != "" {
			parts = append(parts, l.Period)
		}
		if l.Above > 0 {
			parts = append(parts, t(ctx, "超出 {0} 的部分", Counting(ctx, l.Unit, l.Above)))
		}
	}
	if l.Text != "" {
		parts = append([]string{l.Text}, parts...)
	}
	return strings.Join(parts, " · ")
}

// SayLine explains how a line comes about: ¥300/小时 × 2 小时.
func SayLine(ctx context.Context, l Line, currency string) string {
	rate := SayAmount(l.Rate, currency)
	switch l.Kind {
	case LineBase:
		if l.Above == 0 {
			return t(ctx, "每单一次")
		}
		return t(ctx, "含 {0}", Counting(ctx, l.Unit, l.Above))
	case LineLeast:
		return t(ctx, "最低收费 {0}", rate)
	case LineDiscount:
		if l.Percent > 0 {
			return t(ctx, "{0} 的 {1}", rate, SayPercent(l.Percent))
		}
		return t(ctx, "减免")
	case LineSettled:
		return t(ctx, "双方商定，或由主管部门裁定")
	case LineCancel:
		return t(ctx, "开始前不足 {0} 小时取消，按 {1} 的规定比例", l.Above, rate)
	case LineNoShow:
		return t(ctx, "按 {0} 的规定比例", rate)
	}
	text := rate + PerUnit(ctx, l.Unit) + " × " + l.quantity(ctx)
	if l.Kind == LineOvertime && l.Percent > 0 {
		text += t(ctx, "（单价的 {0}）", SayPercent(l.Percent))
	}
	if l.Minimum > 0 {
		text += t(ctx, "（按最低 {0} 计）", Counting(ctx, l.Unit, l.Minimum))
	}
	return text
}

// SayRate is a rate in a few words: 基本费 ¥500 含 3 小时，超出 ¥100/小时.
func SayRate(ctx context.Context, r Rate, currency string) string {
	unit := SayAmount(r.Price, currency) + PerUnit(ctx, r.Unit)
	switch {
	case r.Base > 0 && r.Covers > 0:
		unit = t(ctx, "基本费 {0} 含 {1}，超出 {2}", SayAmount(r.Base, currency), Counting(ctx, r.Unit, r.Covers), unit)
	case r.Base > 0:
		unit = t(ctx, "基本费 {0}，另加 {1}", SayAmount(r.Base, currency), unit)
	}
	return unit
}

// SayMore is what else a rate says: steps, minimum, least charge.
func SayMore(ctx context.Context, r Rate, currency string) []string {
	var out []string
	for _, s := range r.Steps {
		word := t(ctx, "超出 {0} 的部分", Counting(ctx, r.Unit, s.Above))
		if r.Reached {
			word = t(ctx, "超过 {0} 时全部", Counting(ctx, r.Unit, s.Above))
		}
		out = append(out, word+" "+SayAmount(s.Price, currency)+PerUnit(ctx, r.Unit))
	}
	if r.Minimum > 0 {
		out = append(out, t(ctx, "至少按 {0} 计", Counting(ctx, r.Unit, r.Minimum)))
	}
	if r.Least > 0 {
		out = append(out, t(ctx, "最低收费 {0}", SayAmount(r.Least, currency)))
	}
	return out
}

// sayPeriod is when a period is, and what it costs.
func sayPeriod(ctx context.Context, x Period) string {
	var parts []string
	switch x.Days {
	case "holiday":
		parts = append(parts, t(ctx, "法定节假日"))
	case "rest":
		parts = append(parts, t(ctx, "休息日（周末和节假日，调休上班除外）"))
	case "work":
		parts = append(parts, t(ctx, "工作日"))
	}
	for _, d := range x.Weekdays {
		parts = append(parts, ui.Weekday(ctx, int(d)))
	}
	if x.From != "" || x.To != "" {
		from, to := x.From, x.To
		if from == "" {
			from = "00:00"
		}
		if to == "" {
			to = "24:00"
		}
		parts = append(parts, from+"–"+to)
	}
	if len(parts) == 0 {
		parts = append(parts, t(ctx, "全部时间"))
	}
	return strings.Join(parts, " ") + t(ctx, "：单价的 {0}", SayPercent(x.Percent))
}

// SayAddOn is an add-on's price and how its number comes about.
func SayAddOn(ctx context.Context, a AddOn, currency string) string {
	by := map[string]string{ByOrder: t(ctx, "每单一次"), ByTime: t(ctx, "按使用时长"), ByQuantity: t(ctx, "按样品数"), ByChoice: t(ctx, "由下单人填数量")}[a.By]
	text := SayAmount(a.Price, currency) + PerUnit(ctx, a.Unit) + " · " + by
	if a.Must {
		return text + " · " + t(ctx, "必选")
	}
	return text + " · " + t(ctx, "可选")
}

func sayDiscount(ctx context.Context, d Discount) string {
	text := t(ctx, "减 {0}", d.Amount)
	if d.Percent > 0 {
		text = t(ctx, "减 {0}", SayPercent(d.Percent))
	}
	if d.Use {
		text += " · " + t(ctx, "只减使用费")
	}
	switch d.Over {
	case OverAmount:
		text += " · " + t(ctx, "本单满 {0}", money.Fen(d.From))
	case OverUnits:
		text += " · " + t(ctx, "本单数量满 {0}", d.From)
	case OverMonth:
		text += " · " + t(ctx, "本月已消费满 {0}", money.Fen(d.From))
	case OverYear:
		text += " · " + t(ctx, "今年已消费满 {0}", money.Fen(d.From))
	case OverHours:
		text += " · " + t(ctx, "今年机时满 {0} 小时", d.From)
	}
	return text
}

func sayOvertime(ctx context.Context, o Overtime, currency string) string {
	text := SayAmount(o.Price, currency) + PerUnit(ctx, "hour")
	if o.Percent > 0 {
		text = t(ctx, "小时单价的 {0}", SayPercent(o.Percent))
	}
	if o.Free > 0 {
		text += " · " + t(ctx, "{0} 分钟以内不收，超过后从第一分钟起收", o.Free)
	}
	return text
}

func sayFee(ctx context.Context, f Fee) string {
	var parts []string
	if f.Percent > 0 {
		parts = append(parts, t(ctx, "订单金额的 {0}", SayPercent(f.Percent)))
	}
	if f.Amount > 0 {
		parts = append(parts, f.Amount.String())
	}
	text := strings.Join(parts, " + ")
	if f.Hours > 0 {
		return t(ctx, "开始前不足 {0} 小时取消：{1}", f.Hours, text)
	}
	return text
}

// sayGroups names groups; none is everyone else.
func sayGroups(ctx context.Context, groups []string, none string) string {
	if len(groups) == 0 {
		return none
	}
	out := make([]string, len(groups))
	for i, g := range groups {
		out[i] = GroupWord(ctx, g)
	}
	return strings.Join(out, t(ctx, "、"))
}

// GroupWord names a group of buyers; a provider's own name stands as it is.
func GroupWord(ctx context.Context, group string) string {
	switch group {
	case Internal:
		return t(ctx, "内部用户")
	case Member:
		return t(ctx, "会员单位")
	case External:
		return t(ctx, "外部用户")
	}
	return group
}

func sayBasis(ctx context.Context, p Plan) string {
	word := t(ctx, "按预约时长计费")
	switch p.Basis {
	case Actual:
		word = t(ctx, "按实际使用时长计费")
	case Longer:
		word = t(ctx, "按预约和实际使用中较长的计费")
	}
	if p.Begun > 1 && slices.Contains([]string{Actual, Longer}, p.Basis) {
		word += t(ctx, "，不足 {0} 分钟按 {0} 分钟计", p.Begun)
	}
	return word
}

// SayChange is one reason why a bill is not the estimate.
func SayChange(ctx context.Context, d Difference) string {
	switch d.What {
	case "time":
		return t(ctx, "计费时长从 {0} 分钟变为 {1} 分钟。", d.Before, d.After)
	case "overtime":
		return t(ctx, "实际使用 {1} 分钟，比预约的 {0} 分钟长，超出的时间按超时费计。", d.Before, d.After)
	case "quantity":
		return t(ctx, "数量从 {0} 变为 {1}。", d.Before, d.After)
	}
	return d.What
}
