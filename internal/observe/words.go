package observe

import (
	"context"
	"strings"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

func name(ctx context.Context, x Session) string { return i18n.Pick(ctx, x.NameZH, x.NameEN) }

func planChip(ctx context.Context, p Plan) ui.Chip {
	switch p.State {
	case Offered:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "待委托方同意")}
	case Agreed:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "双方已约定")}
	case Declined:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "委托方未同意")}
	case Withdrawn:
		return ui.Chip{Text: t(ctx, "已撤回")}
	}
	return ui.Chip{Text: t(ctx, "已终止")}
}

func chip(ctx context.Context, x Session, now time.Time) ui.Chip {
	switch x.State(now) {
	case Waiting:
		return ui.Chip{Tone: ui.Info, Text: t(ctx, "未开始")}
	case Open:
		return ui.Chip{Tone: ui.Run, Text: t(ctx, "可以进入")}
	case Cancelled:
		return ui.Chip{Text: t(ctx, "已取消")}
	}
	return ui.Chip{Text: t(ctx, "已结束")}
}

func sideWord(ctx context.Context, side string) string {
	if side == Provider {
		return t(ctx, "实验室")
	}
	return t(ctx, "委托方")
}

func partWord(ctx context.Context, part string) string {
	switch part {
	case PartPublish:
		return t(ctx, "直播")
	case PartTalk:
		return t(ctx, "发言")
	case PartLink:
		return t(ctx, "进入会议")
	}
	return t(ctx, "观看")
}

func whyWord(ctx context.Context, why string) string {
	switch why {
	case "lost":
		return t(ctx, "连接中断")
	case "closed":
		return t(ctx, "到时关闭")
	case "removed":
		return t(ctx, "被请离")
	}
	return t(ctx, "已离开")
}

// when says in a line when a plan's sessions are.
func (p Plan) when(ctx context.Context) string {
	if p.Booked {
		return t(ctx, "整个预约时段")
	}
	if p.First == p.Last {
		return t(ctx, "{0} {1}，{2} 分钟", p.First, p.At, p.Minutes)
	}
	if p.Working {
		return t(ctx, "{0} 至 {1}，每个工作日 {2}，{3} 分钟", p.First, p.Last, p.At, p.Minutes)
	}
	return t(ctx, "{0} 至 {1}，每天 {2}，{3} 分钟", p.First, p.Last, p.At, p.Minutes)
}

func (p Plan) facts(ctx context.Context) []ui.Fact {
	out := []ui.Fact{{Label: t(ctx, "时间"), Value: p.when(ctx)}}
	if p.Skip != "" {
		out = append(out, ui.Fact{Label: t(ctx, "除外"), Value: strings.Join(strings.Fields(p.Skip), t(ctx, "、"))})
	}
	out = append(out, ui.Fact{Label: t(ctx, "进出"), Value: t(ctx, "提前 {0} 分钟可以进入，结束 {1} 分钟后关闭", p.Early, p.Late)})
	if p.Link != "" {
		out = append(out, ui.Fact{Label: t(ctx, "视频会议"), Value: t(ctx, "{0}（进入时显示链接）", host(p.Link))})
	}
	talk := t(ctx, "只看不说")
	if p.Talk {
		talk = t(ctx, "实验室愿意接听，观看者自己决定是否开口")
	}
	out = append(out, ui.Fact{Label: t(ctx, "对话"), Value: talk})
	if p.Note != "" {
		out = append(out, ui.Fact{Label: t(ctx, "说明"), Value: p.Note})
	}
	if p.Reason != "" {
		out = append(out, ui.Fact{Label: t(ctx, "原因"), Value: p.Reason})
	}
	return out
}

// clockAt is a time of the wall clock to the second, as notes carry it.
func clockAt(at time.Time) string { return clock.Local(at).Format("15:04:05") }
