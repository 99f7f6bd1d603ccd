package series

import (
	"context"
	"strconv"
	"strings"

	"qiao/internal/booking"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

// SayRule says a rule as people do: 每周二、周四，共 10 次.
func SayRule(ctx context.Context, r Rule) string {
	out := sayFreq(ctx, r)
	if r.Count > 0 {
		return t(ctx, "{0}，共 {1} 次", out, int64(r.Count))
	}
	return t(ctx, "{0}，到 {1} 为止", out, r.Until)
}

// sayFreq says how often a rule repeats.
func sayFreq(ctx context.Context, r Rule) string {
	n := int64(r.Interval)
	days := sayDays(ctx, r)
	switch {
	case r.Freq == Daily && n == 1:
		return t(ctx, "每日")
	case r.Freq == Daily:
		return t(ctx, "每 {0} 日", n)
	case r.Freq == Weekly && n == 1 && days == "":
		return t(ctx, "每周")
	case r.Freq == Weekly && n == 1:
		return t(ctx, "每周的{0}", days)
	case r.Freq == Weekly && days == "":
		return t(ctx, "每 {0} 周", n)
	case r.Freq == Weekly:
		return t(ctx, "每 {0} 周的{1}", n, days)
	case n == 1 && days == "":
		return t(ctx, "每个月")
	case n == 1:
		return t(ctx, "每月的{0}", days)
	case days == "":
		return t(ctx, "每 {0} 个月", n)
	}
	return t(ctx, "每 {0} 个月的{1}", n, days)
}

// sayDays says the days of a week or month.
func sayDays(ctx context.Context, r Rule) string {
	var out []string
	for _, d := range r.Days {
		name := ui.Weekday(ctx, int(d.Day+6)%7+1)
		switch {
		case d.Nth == -1:
			name = t(ctx, "最后一个{0}", name)
		case d.Nth > 0:
			name = t(ctx, "第 {0} 个{1}", int64(d.Nth), name)
		}
		out = append(out, name)
	}
	for _, d := range r.Dates {
		if d == -1 {
			out = append(out, t(ctx, "最末一天"))
			continue
		}
		out = append(out, t(ctx, "{0} 日", strconv.Itoa(d)))
	}
	return strings.Join(out, t(ctx, "、"))
}

// saidRule says the rule of a group; its text itself where it cannot be read any more.
func saidRule(ctx context.Context, g Group) string {
	r, err := ParseRule(g.Rule)
	if err != nil {
		return g.Rule
	}
	said := SayRule(ctx, r)
	if g.From != "" {
		said += " · " + g.From + "–" + g.To
	}
	return said
}

// stateWord says what a date comes to.
func stateWord(ctx context.Context, state string) string {
	switch state {
	case Free:
		return t(ctx, "可约")
	case Taken:
		return t(ctx, "已被约走")
	case Maintenance:
		return t(ctx, "维护")
	case Closed:
		return t(ctx, "不开放")
	case Beyond:
		return t(ctx, "还不能约这么远")
	case Soon:
		return t(ctx, "已经来不及约")
	case Skipped:
		return t(ctx, "跳过")
	case Limit:
		return t(ctx, "超过可持有的次数")
	case Barred:
		return t(ctx, "这一天条件不具备")
	}
	return t(ctx, "不合预约规则")
}

func stateTone(state string) ui.Tone {
	switch state {
	case Free:
		return ui.OK
	case Taken, Barred, Limit:
		return ui.Bad
	case Maintenance, Unfit, Soon:
		return ui.Warn
	}
	return ui.Plain
}

// kindWord names a kind of group.
func kindWord(ctx context.Context, kind string) string {
	if kind == KindComposite {
		return t(ctx, "组合预约")
	}
	return t(ctx, "系列预约")
}

// clockSpan is the times of day of a stretch: 09:00–11:00.
func clockSpan(s booking.Span) string {
	if s.From.IsZero() {
		return "—"
	}
	return clock.Local(s.From).Format("15:04") + "–" + clock.Local(s.To).Format("15:04")
}

// dayOf is the civil day on which a stretch begins.
func dayOf(s booking.Span) string { return clock.Day(s.From) }

// why is a fault in the reader's language: its field says more than its sentence.
func why(ctx context.Context, e *fault.Error) string {
	if len(e.Fields) > 0 {
		return t(ctx, e.Fields[0].Text, e.Fields[0].Args...)
	}
	return t(ctx, e.Text, e.Args...)
}

// total is what several orders cost together.
func total(drafts []order.Draft) money.Fen {
	var out money.Fen
	for _, d := range drafts {
		out += d.Estimate.Price.Total
	}
	return out
}
