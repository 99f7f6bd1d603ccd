package booking

import (
	"time"

	"qiao/internal/platform/fault"
)

// The ways in which time is given out.
const (
	ModeSlots = "slots" // whole slots of the board, one or several in a row
	ModeFree  = "free"  // any stretch inside the opening hours that begins and ends on a step
	ModeDay   = "day"   // whole opening days, one or several in a row
)

// Rule is how a resource is booked.
type Rule struct {
	Units       int64  `db:"units"`          // how many may be booked at the same time
	Before      int64  `db:"before_minutes"` // minutes the unit is occupied before a booking (setting up)
	After       int64  `db:"after_minutes"`  // minutes the unit is occupied after a booking (cleaning)
	Notice      int64  `db:"notice_hours"`   // hours between ordering and the start, at least
	Ahead       int64  `db:"ahead_days"`     // days one may book ahead
	InnerNotice int64  `db:"inner_notice"`   // the same for the owner's own people
	InnerAhead  int64  `db:"inner_ahead"`
	Mode        string `db:"mode"`
	Slot        int64  `db:"slot_minutes"` // minutes of one slot; in free time the shortest booking
	Step        int64  `db:"step_minutes"` // free time: begins and ends fall on multiples of it since midnight
	Most        int64  `db:"most_minutes"` // minutes of the longest booking, a day counted as 1,440; 0: MaxDays only
	Holidays    bool   `db:"holidays"`     // open on public holidays, too
	Open        int64  `db:"most_held"`    // bookings to come that one organisation may hold at a time; 0: no limit
	InnerOpen   int64  `db:"inner_held"`   // the same for the owner's own people
}

// DefaultRule holds for a resource whose owner has said nothing: one unit, hours, no buffers, booked until it begins.
func DefaultRule() Rule {
	return Rule{Units: 1, Ahead: 180, InnerAhead: 180, Mode: ModeSlots, Slot: 60, Step: 15}
}

// occupied is the span a booking takes from its unit, buffers included.
func (r Rule) occupied(s Span) Span {
	return Span{s.From.Add(-time.Duration(r.Before) * time.Minute), s.To.Add(time.Duration(r.After) * time.Minute)}
}

// reach is the notice in hours and the horizon in days that hold for somebody.
func (r Rule) reach(inner bool) (notice, ahead int64) {
	if inner {
		return r.InnerNotice, r.InnerAhead
	}
	return r.Notice, r.Ahead
}

// Held is how many bookings to come somebody may hold at a time; 0: no limit.
func (r Rule) Held(inner bool) int64 {
	if inner {
		return r.InnerOpen
	}
	return r.Open
}

// check finds what is wrong with a rule: numbers out of range, and rules by which nothing could ever be booked.
func (r Rule) check() error {
	bad := fault.New(fault.Invalid, "rule-invalid", "预约规则有误，请按提示修改。")
	for _, f := range []struct {
		name     string
		v        int64
		min, max int64
	}{
		{"units", r.Units, 1, 100}, {"before", r.Before, 0, 1440}, {"after", r.After, 0, 1440}, {"notice", r.Notice, 0, 2160}, {"ahead", r.Ahead, 1, 730},
		{"inner_notice", r.InnerNotice, 0, 2160}, {"inner_ahead", r.InnerAhead, 1, 730}, {"slot", r.Slot, 15, 1440}, {"step", r.Step, 5, 60}, {"most", r.Most, 0, MaxDays * 1440},
		{"most_held", r.Open, 0, 1000}, {"inner_held", r.InnerOpen, 0, 1000},
	} {
		if f.v < f.min || f.v > f.max {
			bad.Field(f.name, "range", "请填 {0} 到 {1} 之间的整数。", f.min, f.max)
		}
	}
	switch {
	case r.Mode != ModeSlots && r.Mode != ModeFree && r.Mode != ModeDay:
		bad.Field("mode", "unknown", "请选择一种预约方式。")
	case r.Mode == ModeFree && r.Step > 0 && r.Slot%r.Step != 0:
		bad.Field("slot", "step", "最短时间应是起止刻度（{0} 分钟）的整数倍。", r.Step)
	}
	if r.Most > 0 && (r.Most < r.Slot || r.Mode == ModeDay && r.Most < 1440) {
		bad.Field("most", "closed", "最长时间比最短的一次还短，这样谁也约不上。请改大，或填 0 表示不限。")
	}
	closed := func(field string, notice, ahead int64) {
		if notice >= ahead*24 {
			bad.Field(field, "closed", "提前量（{0} 小时）已超出可约范围（{1} 天），这样谁也约不上。请改小提前量或放宽范围。", notice, ahead)
		}
	}
	closed("notice", r.Notice, r.Ahead)
	closed("inner_notice", r.InnerNotice, r.InnerAhead)
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// fits refuses a rule whose shortest booking is longer than every stretch of the week's opening hours. Hours that nobody
// has given yet refuse nothing; days are booked whole.
func (r Rule) fits(hours []Opening) error {
	if r.Mode == ModeDay || len(hours) == 0 {
		return nil
	}
	week, longest := Plan{Openings: hours, Rule: Rule{Holidays: true}}, 0
	for day := range 7 {
		for _, w := range week.windows(time.Date(2026, time.January, 5+day, 0, 0, 0, 0, time.UTC)) { // any week will do
			longest = max(longest, w.to-w.from)
		}
	}
	if r.Slot <= int64(longest) {
		return nil
	}
	return fault.New(fault.Invalid, "rule-invalid", "预约规则有误，请按提示修改。").
		Field("slot", "closed", "一周里最长的一段开放时间只有 {0} 分钟，一次最短 {1} 分钟谁也约不上。请改短，或先放宽开放时间。", int64(longest), r.Slot)
}
