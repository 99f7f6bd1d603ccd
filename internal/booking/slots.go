package booking

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
)

// What a slot can be.
const (
	SlotFree        = "free"        // may be booked as it stands
	SlotTaken       = "taken"       // booked, or waiting for the provider's answer
	SlotClosed      = "closed"      // outside opening hours, on a holiday, past, or beyond the horizon
	SlotMaintenance = "maintenance" // closed by the provider for maintenance
)

// MaxDays is the longest stretch of days one question about slots may cover.
const MaxDays = 62

// Span is a half-open stretch of time: From belongs to it, To does not.
type Span struct{ From, To time.Time }

// Overlaps tells whether two half-open spans share an instant.
func (s Span) Overlaps(o Span) bool { return s.From.Before(o.To) && o.From.Before(s.To) }

// Busy is a stretch in which a unit (0 = every unit) cannot be had, and why.
type Busy struct {
	Span
	Unit  int64
	State string // SlotTaken, SlotClosed or SlotMaintenance
}

// Slot is one cell of the board; Left is how many units are still free in it.
type Slot struct {
	Start time.Time
	End   time.Time
	State string
	Left  int64
}

// Plan is everything that decides which slots are free. It is pure: the same plan gives the same board.
type Plan struct {
	Openings []Opening             // weekly hours; none = never open
	Rule     Rule                  // units, buffers, notice, horizon
	Busy     []Busy                // bookings (occupied spans) and closures
	Holiday  func(day string) bool // civil days on which nobody works; nil = none known
	Inner    bool                  // for the owner's own people: their notice and horizon hold
	Now      time.Time
	Zone     *time.Location
}

// Board is the slots of the civil days from…to (both included, YYYY-MM-DD): slots of the rule's length inside the
// opening hours (the whole opening in day mode), closed stretches between them. Together they cover the days exactly, in order.
func (p Plan) Board(from, to string) ([]Slot, error) {
	days, err := civilDays(from, to)
	if err != nil {
		return nil, err
	}
	var out []Slot
	for _, day := range days {
		out = append(out, p.day(day)...)
	}
	return out, nil
}

// day is the slots of one civil day.
func (p Plan) day(day time.Time) []Slot {
	at := p.local(day, 0)
	end := p.local(day, 24*60)
	var out []Slot
	for _, s := range p.grid(day) {
		if at.Before(s.From) {
			out = append(out, Slot{Start: at, End: s.From, State: SlotClosed})
		}
		state, left := p.judge(s)
		out = append(out, Slot{Start: s.From, End: s.To, State: state, Left: left})
		at = s.To
	}
	if at.Before(end) {
		out = append(out, Slot{Start: at, End: end, State: SlotClosed})
	}
	return out
}

// local is the instant minutes after midnight of a civil day in the plan's zone.
func (p Plan) local(day time.Time, minutes int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, minutes, 0, 0, p.Zone)
}

// window is one stretch of opening time, in minutes of its day.
type window struct{ from, to int }

// windows are the openings of one civil day, in order and without overlap; none on a closed holiday.
func (p Plan) windows(day time.Time) []window {
	if p.off(day) {
		return nil
	}
	weekday := int64(day.Weekday()+6)%7 + 1
	var all []window
	for _, o := range p.Openings {
		from, okFrom := minuteOf(o.From)
		to, okTo := minuteOf(o.To)
		if o.Weekday == weekday && okFrom && okTo && from < to {
			all = append(all, window{from, to})
		}
	}
	slices.SortFunc(all, func(a, b window) int { return a.from - b.from })
	var out []window
	for _, w := range all {
		if n := len(out); n > 0 && w.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, w.to)
			continue
		}
		out = append(out, w)
	}
	return out
}

// off tells whether a civil day is a public holiday on which nothing is open.
func (p Plan) off(day time.Time) bool {
	return !p.Rule.Holidays && p.Holiday != nil && p.Holiday(day.Format(clock.DateLayout))
}

// grid is the slots of one civil day, in order and without overlap. Slots and free time: every opening is cut into
// stretches of the rule's length from its beginning; what is left at its end belongs to no slot (in free time it may
// still be part of a longer booking). Day mode: one slot from the first opening to the last closing.
func (p Plan) grid(day time.Time) []Span {
	open := p.windows(day)
	if len(open) == 0 {
		return nil
	}
	if p.Rule.Mode == ModeDay {
		return []Span{{p.local(day, open[0].from), p.local(day, open[len(open)-1].to)}}
	}
	length := int(p.Rule.Slot)
	var out []Span
	for _, w := range open {
		from := w.from
		if p.Rule.Mode == ModeFree {
			step := int(p.Rule.Step)
			from = (from + step - 1) / step * step
		}
		for m := from; m+length <= w.to; m += length {
			out = append(out, Span{p.local(day, m), p.local(day, m+length)})
		}
	}
	return out
}

// minuteOf reads HH:MM (up to 24:00) as minutes after midnight.
func minuteOf(s string) (int, bool) {
	h, m, ok := strings.Cut(s, ":")
	hours, err1 := strconv.Atoi(h)
	minutes, err2 := strconv.Atoi(m)
	at := hours*60 + minutes
	return at, ok && err1 == nil && err2 == nil && len(m) == 2 && hours >= 0 && minutes >= 0 && minutes < 60 && at <= 24*60
}

// judge is the state of a span of the grid and how many units are free in it.
func (p Plan) judge(s Span) (string, int64) {
	if p.outOfReach(s) != nil {
		if p.busy(s, SlotTaken) {
			return SlotTaken, 0
		}
		return SlotClosed, 0
	}
	if free := p.units(s); len(free) > 0 {
		return SlotFree, int64(len(free))
	}
	for _, state := range []string{SlotMaintenance, SlotClosed} {
		if p.busy(s, state) {
			return state, 0
		}
	}
	return SlotTaken, 0
}

// busy tells whether something of this state overlaps the span itself (without buffers).
func (p Plan) busy(s Span, state string) bool {
	return slices.ContainsFunc(p.Busy, func(b Busy) bool { return b.State == state && b.Overlaps(s) })
}

// units lists the units that are free for a booking of s, buffers included.
func (p Plan) units(s Span) []int64 {
	occupied := p.Rule.occupied(s)
	var free []int64
	for unit := int64(1); unit <= p.Rule.Units; unit++ {
		blocked := slices.ContainsFunc(p.Busy, func(b Busy) bool {
			span := occupied
			if b.State != SlotTaken {
				span = s // setting up and cleaning may fall into closed time
			}
			return (b.Unit == 0 || b.Unit == unit) && b.Overlaps(span)
		})
		if !blocked {
			free = append(free, unit)
		}
	}
	return free
}

// outOfReach says why a span is too early or too late to be booked now.
func (p Plan) outOfReach(s Span) *fault.Error {
	notice, ahead := p.Rule.reach(p.Inner)
	earliest := p.Now.Add(time.Duration(notice) * time.Hour)
	switch {
	case s.From.Before(p.Now):
		return fault.New(fault.Invalid, "slot-past", "所选时段已经过去。").
			Field("start", "past", "请选择现在之后的时段。")
	case s.From.Before(earliest):
		return fault.New(fault.Invalid, "slot-notice", "这台仪器需要提前预约。").
			Field("start", "notice", "至少提前 {0} 小时，请选择更晚的时段。", notice)
	case s.From.After(p.Now.AddDate(0, 0, int(ahead))):
		return fault.New(fault.Invalid, "slot-horizon", "所选时段太远，尚未开放预约。").
			Field("start", "horizon", "目前可预约 {0} 天以内的时段。", ahead)
	}
	return nil
}

// Pick is the unit that a booking of s gets, or the reason why there is none. Which stretches are bookable is the rule's
// mode; one unit must be free throughout.
func (p Plan) Pick(s Span) (int64, error) {
	if !s.From.Before(s.To) {
		return 0, fault.New(fault.Invalid, "slot-order", "结束时间必须晚于开始时间。").
			Field("end", "order", "请选择晚于开始时间的结束时间。")
	}
	if s.To.Sub(s.From) > MaxDays*24*time.Hour {
		return 0, fault.New(fault.Invalid, "slot-long", "一次预约的时间太长。").
			Field("end", "long", "一次最多预约 {0} 天。", int64(MaxDays))
	}
	if err := p.outOfReach(s); err != nil {
		return 0, err
	}
	if err := p.fits(s); err != nil {
		return 0, err
	}
	if free := p.units(s); len(free) > 0 {
		return free[0], nil
	}
	return 0, errSlotTaken()
}

// fits tells whether a span is one that the rule gives out: in its hours, on its grid, neither too short nor too long.
func (p Plan) fits(s Span) error {
	length := int64(s.To.Sub(s.From) / time.Minute)
	switch p.Rule.Mode {
	case ModeFree:
		if length < p.Rule.Slot {
			return fault.New(fault.Invalid, "slot-short", "一次预约的时间太短。").
				Field("end", "short", "一次至少预约 {0} 分钟。", p.Rule.Slot)
		}
		if err := p.inOpening(s); err != nil {
			return err
		}
	default:
		if err := p.onGrid(s); err != nil {
			return err
		}
	}
	if p.Rule.Mode == ModeDay {
		length = int64(len(p.touched(s))) * 24 * 60
	}
	if p.Rule.Most > 0 && length > p.Rule.Most {
		return fault.New(fault.Invalid, "slot-long", "一次预约的时间太长。").
			Field("end", "most", "这台仪器一次最多预约 {0} 小时。", p.Rule.Most/60)
	}
	return nil
}

// touched is the midnights of the civil days a span touches.
func (p Plan) touched(s Span) []time.Time {
	var out []time.Time
	for day := p.local(s.From.In(p.Zone), 0); day.Before(s.To); day = p.local(day, 24*60) {
		out = append(out, day)
	}
	return out
}

// errClosed is a span that is not all inside the hours.
func errClosed(text string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, "slot-closed", "所选时段不全在开放时间内。").Field("start", "closed", text, args...)
}

// inOpening tells whether a span lies in one opening of one day and begins and ends on a step.
func (p Plan) inOpening(s Span) error {
	day := p.local(s.From.In(p.Zone), 0)
	from, to := int(s.From.Sub(day)/time.Minute), int(s.To.Sub(day)/time.Minute)
	step := int(p.Rule.Step)
	if from%step != 0 || to%step != 0 || s.From.Second()+s.From.Nanosecond()+s.To.Second()+s.To.Nanosecond() != 0 {
		return fault.New(fault.Invalid, "slot-step", "起止时间要落在刻度上。").
			Field("start", "step", "请按每 {0} 分钟一格选择起止时间，例如 09:00、09:{1}。", p.Rule.Step, p.Rule.Step%60)
	}
	for _, w := range p.windows(day) {
		if w.from <= from && to <= w.to {
			return nil
		}
	}
	return errClosed("请在同一段开放时间之内选择起止时间。")
}

// onGrid tells whether s is made of whole open slots, one after the other; in day mode the nights and closed days between
// belong to it.
func (p Plan) onGrid(s Span) error {
	at, began := s.From, false
	for _, day := range p.touched(s) {
		for _, cell := range p.grid(day) {
			switch {
			case p.Rule.Mode == ModeDay && began && !cell.To.After(s.To):
				at = cell.To
			case cell.From.Equal(at) && !cell.To.After(s.To):
				at, began = cell.To, true
			}
		}
	}
	if at.Equal(s.To) {
		return nil
	}
	if p.Rule.Mode == ModeDay {
		return errClosed("这台仪器按整天预约，请从日历中选择标为“可预约”的日子。")
	}
	return errClosed("请从日历中选择标为“可预约”的连续时段。")
}

// errSlotTaken is what every rival but one gets.
func errSlotTaken() *fault.Error {
	return fault.New(fault.Conflict, "slot-taken", "很抱歉，这个时段刚刚被别人约走了。请另选一个空闲时段，您填写的内容都还在。")
}

// civilDays lists the days from…to, both included.
func civilDays(from, to string) ([]time.Time, error) {
	bad := fault.New(fault.BadRequest, "slot-range", "日期范围不对：请按 2026-11-21 的格式给出起止日期，先后有序，最多 {0} 天。", int64(MaxDays))
	a, err := time.Parse(clock.DateLayout, from)
	if err != nil {
		return nil, bad.Because(err)
	}
	b, err := time.Parse(clock.DateLayout, to)
	if err != nil {
		return nil, bad.Because(err)
	}
	var days []time.Time
	for d := a; !d.After(b); d = d.AddDate(0, 0, 1) {
		if len(days) == MaxDays {
			return nil, bad
		}
		days = append(days, d)
	}
	if len(days) == 0 {
		return nil, bad
	}
	return days, nil
}
