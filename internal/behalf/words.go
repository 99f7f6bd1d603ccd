package behalf

import (
	"context"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

// sayTime is an instant as messages name it, alike in every language.
func sayTime(at time.Time) string { return clock.Local(at).Format("2006-01-02 15:04") }

func orgName(ctx context.Context, o identity.Organisation) string {
	return i18n.Pick(ctx, o.NameZH, o.NameEN)
}

func (b Booking) name(ctx context.Context) string { return i18n.Pick(ctx, b.ResourceZH, b.ResourceEN) }

func stateWord(ctx context.Context, st string) ui.Chip {
	switch st {
	case Confirmed:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "已确认")}
	case Refused:
		return ui.Chip{Tone: ui.Plain, Text: t(ctx, "对方回绝")}
	case Withdrawn:
		return ui.Chip{Tone: ui.Plain, Text: t(ctx, "已撤回")}
	}
	return ui.Chip{Tone: ui.Warn, Text: t(ctx, "待对方确认")}
}
