package stats

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
)

var t = i18n.T

// Value is a number at a moment: a numerator, over a denominator where the unit has one.
type Value struct {
	Definition  Definition
	Region      string // root of the area it was counted in
	Until       string // cut-off day, included
	AsOf        time.Time
	Numerator   int64
	Denominator int64 // 1 where the unit has none; 0: nothing to measure yet
	Parts       []Part
}

// Part is one share of a stock: of a kind, in a region.
type Part struct {
	Kind, Region string
	Count        int64
}

// Known says whether there is anything to measure.
func (v Value) Known() bool { return v.Denominator > 0 }

// Text is the value as people read it, with its unit: "153.5 小时", "¥5,127", "62.5%".
func (v Value) Text(ctx context.Context) string {
	if !v.Known() {
		return t(ctx, "尚无数据")
	}
	number, unit := v.Split(ctx)
	if unit == "" {
		return number
	}
	return number + " " + unit
}

// Split is the value and its unit apart, for large figures; the unit of money and percent is part of the number.
func (v Value) Split(ctx context.Context) (number, unit string) {
	if !v.Known() {
		return "—", ""
	}
	switch v.Definition.Unit {
	case UnitHours:
		return tenths(v.Numerator, 60), t(ctx, "小时")
	case UnitMoney:
		return money.Fen(v.Numerator).String(), ""
	case UnitPercent:
		return tenths(v.Numerator*100, v.Denominator) + "%", ""
	case UnitScore:
		return tenths(v.Numerator, v.Denominator), t(ctx, "分（满分 5）")
	case UnitWait:
		return wait(ctx, v.Numerator)
	default:
		return i18n.Group(v.Numerator), v.Definition.measure(ctx)
	}
}

// measure is the measure word after a count; English counts without one.
func (d Definition) measure(ctx context.Context) string {
	if i18n.From(ctx) == i18n.EN {
		return ""
	}
	return d.Measure
}

// wait shows minutes in the unit people would say.
func wait(ctx context.Context, minutes int64) (number, unit string) {
	switch {
	case minutes == 0:
		return "<1", t(ctx, "分钟")
	case minutes < 120:
		return i18n.Group(minutes), t(ctx, "分钟")
	case minutes < 48*60:
		return tenths(minutes, 60), t(ctx, "小时")
	default:
		return tenths(minutes, 24*60), t(ctx, "天")
	}
}

// tenths writes n/d with one decimal, rounded half up; a whole number without. n must not be negative, d positive.
func tenths(n, d int64) string {
	whole, rest := n/d, n%d
	tenth := (rest*10 + d/2) / d
	if tenth == 10 {
		whole, tenth = whole+1, 0
	}
	if tenth == 0 {
		return i18n.Group(whole)
	}
	return i18n.Group(whole) + "." + fmt.Sprint(tenth)
}
