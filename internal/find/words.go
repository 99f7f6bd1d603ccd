package find

import (
	"context"
	"fmt"
	"strings"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

func dash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// hue is the class of an icon's ground.
func hue(n int) string {
	if n < 1 {
		return ""
	}
	return fmt.Sprintf("h%d", n)
}

func icon(x keptThing) string {
	if x.Face.Icon == "" {
		return "archive" //icons: archive
	}
	return x.Face.Icon
}

// joined is the words in one line; an arrow stands after the first where the group works one way.
func (x Synonym) joined() string {
	list := x.List()
	if x.OneWay {
		return list[0] + " → " + strings.Join(list[1:], " / ")
	}
	return strings.Join(list, " / ")
}

// facts are the sums of the log.
func (v logView) facts(ctx context.Context) []ui.Fact {
	asked, nothing, opened := v.sums()
	share := func(n int64) string {
		if asked == 0 {
			return ""
		}
		return i18n.Group(n) + fmt.Sprintf(" (%.0f %%)", float64(n)/float64(asked)*100)
	}
	return []ui.Fact{
		{Label: t(ctx, "带词的检索"), Value: i18n.Group(asked), Define: t(ctx, "提交的检索次数，翻页不计；只选条件、没有输入词的不计。")},
		{Label: t(ctx, "没有结果"), Value: share(nothing), Define: t(ctx, "没有找到任何资源的检索次数及其占比。")},
		{Label: t(ctx, "打开了结果"), Value: share(opened), Define: t(ctx, "检索后半小时内打开的资源数与检索次数之比；同一检索中同一资源只计一次。")},
		{Label: t(ctx, "其中少见的词"), Value: share(v.Rare.Asked), Define: t(ctx, "输入它的会话太少，只合计、不记词。")},
	}
}
