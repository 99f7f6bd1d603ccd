package ui

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/i18n"
)

// Moment is one entry of a Timeline.
type Moment struct {
	At    time.Time
	Who   string // who did it; empty: the system
	Title string // what happened
	Note  string // what they said
	Tone  Tone
}

// Step is one stop of a Stepper.
type Step struct {
	Label string
	Note  string // who or when
	State StepState
}

// StepState is where a Step stands.
type StepState string

// The states of a step.
const (
	StepNext StepState = ""     // still to come
	StepDone StepState = "done" // behind us
	StepNow  StepState = "now"  // under way
	StepBad  StepState = "bad"  // the way ended here
)

// Fact is one line of Facts: a word and its value, as text, a link or a component.
type Fact struct {
	Label  string
	Value  string
	Href   string
	Body   templ.Component // wins over Value
	Define string          // definition of the label
}

// Origin says where a record comes from.
type Origin struct {
	Source    string // name of the source
	Href      string
	Licence   string
	Retrieved string // YYYY-MM-DD
	Unclaimed bool   // its owner has not claimed it
}

// FileRef is a file one can open.
type FileRef struct {
	Name string
	Href string
	Size int64  // bytes
	Note string // who uploaded it, when
}

// OrgRef is an organisation, named.
type OrgRef struct {
	Name   string
	Href   string
	Sample bool
	Note   string // region, kind
}

// Remark is one reason for or against, or a gap.
type Remark struct {
	Tone Tone // OK: a reason; Warn: unknown; Bad: misses
	Text string
}

// sayTime says an instant as people do, seen from now.
func sayTime(ctx context.Context, at, now time.Time) string {
	d := now.Sub(at)
	switch {
	case d >= 0 && d < time.Minute:
		return t(ctx, "刚刚")
	case d >= 0 && d < time.Hour:
		return t(ctx, "{0} 分钟前", int(d.Minutes()))
	case d < 0 && d > -time.Hour:
		return t(ctx, "{0} 分钟后", int((-d + time.Minute - 1).Minutes()))
	}
	local := clock.Local(at)
	if word := nearDay(ctx, clock.Day(at), now); word != "" {
		return word + " " + local.Format("15:04")
	}
	if local.Year() == clock.Local(now).Year() {
		return local.Format(t(ctx, "1月2日 15:04"))
	}
	return local.Format(t(ctx, "2006年1月2日"))
}

// sayDay says a civil date as people do, seen from now.
func sayDay(ctx context.Context, day string, now time.Time) string {
	at, err := clock.Midnight(day)
	if err != nil {
		return day
	}
	if word := nearDay(ctx, day, now); word != "" {
		return word
	}
	if at.Year() == clock.Local(now).Year() {
		return at.Format(t(ctx, "1月2日"))
	}
	return at.Format(t(ctx, "2006年1月2日"))
}

func nearDay(ctx context.Context, day string, now time.Time) string {
	for offset, word := range map[int]string{-1: "昨天", 0: "今天", 1: "明天"} {
		if clock.Day(now.AddDate(0, 0, offset)) == day {
			return t(ctx, word)
		}
	}
	return ""
}

// Weekday is the short name of a weekday, Monday 1 … Sunday 7.
func Weekday(ctx context.Context, n int) string {
	names := [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六", "周日"}
	return t(ctx, names[((n%7)+7)%7])
}

// SayTime is an instant in words, for a place that takes no component (a title, an attribute).
func SayTime(ctx context.Context, at time.Time) string {
	if at.IsZero() {
		return "—"
	}
	return sayTime(ctx, at, From(ctx).Now)
}

// SayDay is a civil date (YYYY-MM-DD) in words, with its weekday.
func SayDay(ctx context.Context, day string) string {
	at, err := clock.Midnight(day)
	if err != nil {
		return "—"
	}
	said, weekday := sayDay(ctx, day, From(ctx).Now), Weekday(ctx, int(at.Weekday()))
	if i18n.From(ctx) == i18n.EN {
		return weekday + " " + said
	}
	return said + " " + weekday
}

// SaySpan is a span of time in words: "明天 09:30–11:00".
func SaySpan(ctx context.Context, from, to time.Time) string {
	if from.IsZero() {
		return "—"
	}
	a, b := clock.Local(from), clock.Local(to)
	text := sayDay(ctx, clock.Day(from), From(ctx).Now) + " " + a.Format("15:04")
	switch {
	case to.IsZero():
		return text
	case clock.Day(from) == clock.Day(to):
		return text + "–" + b.Format("15:04")
	}
	return text + " – " + sayDay(ctx, clock.Day(to), From(ctx).Now) + " " + b.Format("15:04")
}

func exact(ctx context.Context, at time.Time) string {
	return t(ctx, "{0}（北京时间）", clock.Local(at).Format("2006-01-02 15:04:05"))
}

// overdue tells whether a task's end has passed.
func (k Task) overdue(now time.Time) bool { return !k.Due.IsZero() && k.Due.Before(now) }

func (k Task) icon() string {
	if k.Icon == "" {
		return "circle-check" //icons: circle-check
	}
	return k.Icon
}
