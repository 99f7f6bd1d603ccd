package onsite

import (
	"context"
	"fmt"
	"strings"

	"rsc.io/qr"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

func chip(ctx context.Context, x Session) ui.Chip {
	switch x.State {
	case Booked:
		return ui.Chip{Tone: ui.Info, Text: t(ctx, "待签到")}
	case Here:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "已签到")}
	case Running:
		return ui.Chip{Tone: ui.Run, Text: t(ctx, "运行中")}
	case NoShow:
		return ui.Chip{Tone: ui.Bad, Text: t(ctx, "未到")}
	case Cancelled:
		return ui.Chip{Text: t(ctx, "已取消")}
	}
	if x.ByRule {
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "按规则停机")}
	}
	return ui.Chip{Tone: ui.OK, Text: t(ctx, "已完成")}
}

func doWord(ctx context.Context, what string) string {
	switch what {
	case DoCheckIn:
		return t(ctx, "签到")
	case DoStart:
		return t(ctx, "开始上机")
	}
	return t(ctx, "结束上机")
}

// ways are what can be done with a session in its state.
func (x Session) ways() []string {
	switch x.State {
	case Booked:
		return []string{DoStart, DoCheckIn}
	case Here:
		return []string{DoStart}
	case Running:
		return []string{DoStop}
	}
	return nil
}

// rulesWord tells the rules before they bite.
func rulesWord(ctx context.Context, r Rule) string {
	return t(ctx, "预约开始前 {0} 分钟起可以签到和开机；开始后 {1} 分钟仍无人签到，记为未到；结束后 {2} 分钟仍未停机，系统按该时刻自动停机。", r.Early, r.Late, r.Grace)
}

// counterWord is what a counter ran on, and from where to where.
func counterWord(ctx context.Context, c Counter) string {
	if c.Back {
		return t(ctx, "{0}（{1} → {2}，中间归零过）", c.Ran, c.First, c.Last)
	}
	return t(ctx, "{0}（{1} → {2}）", c.Ran, c.First, c.Last)
}

// hm is minutes as hours and minutes.
func hm(ctx context.Context, n int64) string {
	if n < 60 {
		return t(ctx, "{0} 分钟", n)
	}
	if n%60 == 0 {
		return t(ctx, "{0} 小时", n/60)
	}
	return t(ctx, "{0} 小时 {1} 分", n/60, n%60)
}

// codeOf is the QR code of a text as the path of a drawing of size × size squares, quiet zone included.
func codeOf(text string) (path string, size int, err error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", 0, fmt.Errorf("draw the code of %q: %w", text, err)
	}
	const quiet = 4 // modules of white around it (ISO/IEC 18004)
	var b strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return b.String(), code.Size + 2*quiet, nil
}
