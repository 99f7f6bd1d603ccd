package waiting

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

// sayTime is an instant as faults and messages name it, alike in every language.
func sayTime(at time.Time) string { return clock.Local(at).Format("2006-01-02 15:04") }

// sayTimes is a stretch as faults and messages name it.
func sayTimes(from, to time.Time) string {
	if clock.Day(from) == clock.Day(to) {
		return sayTime(from) + "–" + clock.Local(to).Format("15:04")
	}
	return sayTime(from) + " – " + sayTime(to)
}

func waitWord(ctx context.Context, st string) ui.Chip {
	switch st {
	case Waiting:
		return ui.Chip{Tone: ui.Info, Text: t(ctx, "排队中")}
	case Offered:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "有邀约，待答复")}
	case Taken:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已约上")}
	case Declined:
		return ui.Chip{Tone: ui.Plain, Text: t(ctx, "已谢绝")}
	case Lapsed:
		return ui.Chip{Tone: ui.Plain, Text: t(ctx, "邀约过期")}
	case Withdrawn:
		return ui.Chip{Tone: ui.Plain, Text: t(ctx, "已退出")}
	}
	return ui.Chip{Tone: ui.Plain, Text: t(ctx, "没有等到")}
}

func offerWord(ctx context.Context, o Offer) ui.Chip {
	switch o.State {
	case Open:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "待答复")}
	case Taken:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已接受")}
	case Declined:
		return ui.Chip{Tone: ui.Plain, Text: t(ctx, "已谢绝")}
	case Lapsed:
		return ui.Chip{Tone: ui.Plain, Text: t(ctx, "邀约过期")}
	}
	return ui.Chip{Tone: ui.Plain, Text: t(ctx, "已收回")}
}

// kindWord says where an offer comes from.
func kindWord(ctx context.Context, kind string) string {
	switch kind {
	case FromQueue:
		return t(ctx, "候补到时")
	case Instead:
		return t(ctx, "服务单位建议的时间")
	}
	return t(ctx, "服务单位提议改期")
}

// sayLeft says how long is left, in whole minutes: 3 小时 20 分钟.
func sayLeft(ctx context.Context, d time.Duration) string {
	m := int64(d / time.Minute)
	switch {
	case m >= 1440:
		return t(ctx, "{0} 天 {1} 小时", m/1440, m%1440/60)
	case m >= 60:
		return t(ctx, "{0} 小时 {1} 分钟", m/60, m%60)
	}
	return t(ctx, "{0} 分钟", m)
}

// sayLength says a duration that is waited for.
func sayLength(ctx context.Context, minutes int64) string {
	switch {
	case minutes%1440 == 0:
		return t(ctx, "{0} 天", minutes/1440)
	case minutes%60 == 0:
		return t(ctx, "{0} 小时", minutes/60)
	case minutes > 60:
		return t(ctx, "{0} 小时 {1} 分钟", minutes/60, minutes%60)
	}
	return t(ctx, "{0} 分钟", minutes)
}

// clockOf is minutes of the day as an input shows them; 1440 is 24:00.
func clockOf(minutes int64) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// window says the window of a place.
func (w Wait) window(ctx context.Context) string {
	days := ui.SayDay(ctx, w.FromDay)
	if w.ToDay != w.FromDay {
		days = t(ctx, "{0} 到 {1}", ui.SayDay(ctx, w.FromDay), ui.SayDay(ctx, w.ToDay))
	}
	if w.FromMinute == 0 && w.ToMinute == 1440 {
		return t(ctx, "{0}，钟点不限", days)
	}
	return t(ctx, "{0}，{1}–{2} 之间", days, clockOf(w.FromMinute), clockOf(w.ToMinute))
}

// turnWord says whose turn it is by a rule.
func turnWord(ctx context.Context, turn string) string {
	switch turn {
	case TurnInner:
		return t(ctx, "本单位人员在前，再按先来后到")
	case TurnOuter:
		return t(ctx, "外单位在前，再按先来后到")
	}
	return t(ctx, "先来后到")
}
