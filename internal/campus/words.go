package campus

import (
	"context"
	"strconv"
	"strings"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

func (m Map) name(ctx context.Context) string { return i18n.Pick(ctx, m.NameZH, m.NameEN) }

// failureWord says what went wrong with the other side, and what to do about it.
func failureWord(ctx context.Context, failure string) string {
	if status, ok := strings.CutPrefix(failure, "http-"); ok {
		switch status {
		case "401", "403":
			return t(ctx, "对方不认本平台的签名（{0}）：请核对密钥和对方的时钟。", status)
		case "404":
			return t(ctx, "对方没有这个接口（{0}）：请核对地址。", status)
		}
		return t(ctx, "对方回答了错误（{0}）。", status)
	}
	if n, ok := strings.CutPrefix(failure, "skipped-"); ok {
		return t(ctx, "日历里有 {0} 项读不懂（例如少见的重复规则），已略过，其余照常。", n)
	}
	switch failure {
	case "":
		return ""
	case "slow":
		return t(ctx, "对方没有及时回答。")
	case "large":
		return t(ctx, "对方的回答太大，没有读取。")
	case "unreadable":
		return t(ctx, "对方给的内容读不懂：请核对它是不是接口说明里的格式或日历文件。")
	case "ended":
		return t(ctx, "连接已停用，没有再发。")
	}
	return t(ctx, "连不上对方：地址不通，或不允许从这里访问。")
}

func kindWord(ctx context.Context, kind string) string {
	if kind == KindICS {
		return t(ctx, "日历文件（.ics）")
	}
	return t(ctx, "系统接口")
}

func directionWord(ctx context.Context, direction string) string {
	switch direction {
	case In:
		return t(ctx, "只接收对方的占用")
	case Out:
		return t(ctx, "只告诉对方")
	}
	return t(ctx, "双向")
}

func judgeWord(ctx context.Context, judge string) string {
	if judge == There {
		return t(ctx, "先问校内系统")
	}
	return t(ctx, "以本平台为准")
}

func silentWord(ctx context.Context, silent string) string {
	if silent == SilentBook {
		return t(ctx, "照常预约，之后补报")
	}
	return t(ctx, "暂不接受预约")
}

// chip is how a connection is.
func (l Link) chip(ctx context.Context) ui.Chip {
	switch {
	case l.State == Ended:
		return ui.Chip{Tone: ui.Plain, Text: t(ctx, "已停用")}
	case l.State == Paused:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "已暂停")}
	case l.Failure != "":
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "有问题")}
	case l.Heard.IsZero():
		return ui.Chip{Tone: ui.Info, Text: t(ctx, "还没有通信")}
	}
	return ui.Chip{Tone: ui.OK, Text: t(ctx, "正常")}
}

func deliveryWord(ctx context.Context, kind string) string {
	switch kind {
	case kindTaken:
		return t(ctx, "占用时段")
	case kindFreed:
		return t(ctx, "释放时段")
	case kindFinished:
		return t(ctx, "机时")
	case kindClaim:
		return t(ctx, "补报预留")
	case kindRelease:
		return t(ctx, "取消预留")
	}
	return t(ctx, "测试")
}

func (d Delivery) chip(ctx context.Context) ui.Chip {
	switch {
	case d.State == Sent:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已送达")}
	case d.State == Failed:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "没有送到")}
	case d.Attempts > 0:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "待重试")}
	}
	return ui.Chip{Tone: ui.Info, Text: t(ctx, "待发")}
}

// busyLink is where the calendar shows the day of a time of theirs.
func busyLink(b Busy) string {
	return "/desk/calendar?day=" + clock.Day(b.Start.Time) + "&resource=" + b.Resource
}

// hours writes minutes as hours with one decimal.
func hours(minutes int64) string {
	return strconv.FormatFloat(float64(minutes)/60, 'f', 1, 64)
}

// monthOf is the civil days of a month so far.
func monthOf(now time.Time) (from, to string) {
	to = clock.Day(now)
	return to[:8] + "01", to
}
