package series

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"qiao/internal/booking"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
)

// Want is one part of a composite booking: so many of some instruments, for so long.
type Want struct {
	Resources []string      // any of these, the preferred first; one with several units counts as often as it has units free
	Count     int           // how many of them at the same time
	Length    time.Duration // of no account where whole days are booked
	After     int           // number of the part (from 1) whose end it follows; 0: it begins together with the first
	Gap       time.Duration // between that end and its beginning
}

// Ask is a composite booking that somebody wants a time for.
type Ask struct {
	Parts     []Want
	First     string         // civil days in which it has to begin, both included
	Last      string         //
	NotBefore int            // minutes of the day within which all of it lies
	NotAfter  int            // 0: no bound
	Weekdays  []time.Weekday // on which it may begin; none: any
	Most      int            // how many times to give
}

// What one composite booking may ask for.
const (
	MaxParts     = 5
	MaxResources = 20
	MaxTogether  = 10 // orders
	MaxWindow    = 62 // days
	mostFound    = 50
)

// Pick is an instrument and its time, for one part.
type Pick struct {
	Part     int // from 1
	Resource string
	Span     booking.Span
}

// Found is a time at which all of a composite booking can be had.
type Found struct {
	Start, End time.Time
	Picks      []Pick // by part
}

// check finds what is wrong with an ask.
func (a Ask) check() error {
	bad := fault.New(fault.Invalid, "composite-invalid", "组合预约还差一点，请按提示补充。")
	total := 0
	if len(a.Parts) == 0 || len(a.Parts) > MaxParts {
		bad.Field("parts", "range", "请写 1 到 {0} 个部分。", int64(MaxParts))
	}
	for i, p := range a.Parts {
		field := func(name string) string { return fmt.Sprintf("%s%d", name, i+1) }
		total += p.Count
		switch {
		case len(p.Resources) == 0:
			bad.Field(field("any"), "required", "请为这一部分至少选一台仪器。")
		case len(p.Resources) > MaxResources:
			bad.Field(field("any"), "range", "每一部分最多选 {0} 台备选。", int64(MaxResources))
		}
		if p.Count < 1 || p.Count > MaxTogether {
			bad.Field(field("count"), "range", "请填 {0} 到 {1} 之间的整数。", int64(1), int64(MaxTogether))
		}
		if p.Length < 5*time.Minute || p.Length > MaxWindow*24*time.Hour || p.Length%time.Minute != 0 {
			bad.Field(field("hours"), "range", "请填写时长，例如 3.5。")
		}
		if p.After < 0 || p.After > i {
			bad.Field(field("after"), "order", "只能接在前面的一部分之后。")
		}
		if p.Gap < 0 || p.Gap > 24*time.Hour {
			bad.Field(field("gap"), "range", "请填 {0} 到 {1} 之间的整数。", int64(0), int64(1440))
		}
	}
	if total > MaxTogether {
		bad.Field("parts", "many", "一次最多同时约 {0} 台。", int64(MaxTogether))
	}
	first, err1 := time.Parse(clock.DateLayout, a.First)
	last, err2 := time.Parse(clock.DateLayout, a.Last)
	switch {
	case err1 != nil:
		bad.Field("first", "date", "日期格式不对，请写成 2026-11-21。")
	case err2 != nil:
		bad.Field("last", "date", "日期格式不对，请写成 2026-11-21。")
	case last.Before(first) || last.Sub(first) >= MaxWindow*24*time.Hour:
		bad.Field("last", "range", "结束的日子不能早于开始，最多找 {0} 天。", int64(MaxWindow))
	}
	if a.NotAfter != 0 && a.NotBefore >= a.NotAfter {
		bad.Field("not_after", "order", "结束时间必须晚于开始时间。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// offsets is how long after its beginning each part of the whole begins.
func (a Ask) offsets() []time.Duration {
	out := make([]time.Duration, len(a.Parts))
	for i, p := range a.Parts {
		if p.After > 0 {
			out[i] = out[p.After-1] + a.Parts[p.After-1].Length + p.Gap
		}
	}
	return out
}

// Find gives the first times at which all parts can be had together, earliest first. It is pure: the plans say what is free.
// Where instruments share a unit's time between parts, units are given out in the order of the parts, as booking them does.
func Find(plans map[string]booking.Plan, a Ask) ([]Found, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	f := finder{ask: a, plans: plans, offsets: a.offsets(), shared: a.shared(plans)}
	first, _ := time.Parse(clock.DateLayout, a.First) // checked
	last, _ := time.Parse(clock.DateLayout, a.Last)
	var out []Found
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		if len(a.Weekdays) > 0 && !slices.Contains(a.Weekdays, day.Weekday()) {
			continue
		}
		f.look(day)
		for _, at := range f.starts {
			found, ok := f.at(at)
			if !ok {
				continue
			}
			if out = append(out, found); len(out) == min(a.Most, mostFound) {
				return out, nil
			}
		}
	}
	return out, nil
}

// shared tells of each resource whether more than one pick can fall on it, so that what one takes matters to another.
func (a Ask) shared(plans map[string]booking.Plan) map[string]bool {
	times, out := map[string]int{}, map[string]bool{}
	for _, p := range a.Parts {
		for _, r := range slices.Compact(slices.Sorted(slices.Values(p.Resources))) {
			times[r]++
			if times[r] > 1 || p.Count > 1 && plans[r].Rule.Units > 1 {
				out[r] = true
			}
		}
	}
	return out
}

// finder looks for the times of one ask, a day at a time.
type finder struct {
	ask     Ask
	plans   map[string]booking.Plan
	offsets []time.Duration
	shared  map[string]bool
	day     time.Time
	free    []map[string]map[int64]booking.Span // by part and resource: what is free, by the second at which the whole would begin
	whole   []map[string]booking.Span           // by part and resource in day mode: the day on which the part begins, where it is free
	starts  []time.Time                         // at which the whole can begin, if at all
}

// look gathers what is free for a whole that begins on a day.
func (f *finder) look(day time.Time) {
	n := len(f.ask.Parts)
	f.day, f.free, f.whole, f.starts = day, make([]map[string]map[int64]booking.Span, n), make([]map[string]booking.Span, n), nil
	pivot, fewest := -1, 0
	all := map[int64]bool{}
	for i, p := range f.ask.Parts {
		f.free[i], f.whole[i] = map[string]map[int64]booking.Span{}, map[string]booking.Span{}
		begins, bound := map[int64]bool{}, true
		for _, r := range p.Resources {
			plan, known := f.plans[r]
			if !known {
				continue
			}
			bound = f.offers(i, r, plan, begins) && bound
		}
		maps.Copy(all, begins)
		if bound && (pivot < 0 || len(begins) < fewest) { // the whole can begin when this part can, and at no other time
			pivot, fewest = i, len(begins)
		}
		if pivot == i {
			f.starts = sorted(begins, plan0(f.plans).Zone)
		}
	}
	if pivot < 0 { // every part may fall on whole days
		f.starts = sorted(all, plan0(f.plans).Zone)
	}
}

// offers gathers what is free of one resource for a part; false where the resource is given out by whole days, which fit any time.
func (f *finder) offers(i int, r string, plan booking.Plan, begins map[int64]bool) bool {
	span := func(days int) time.Time { return f.day.AddDate(0, 0, days) }
	if plan.Rule.Mode == booking.ModeDay {
		for days := range 2 + int(f.offsets[i]/(24*time.Hour)) {
			for _, o := range plan.Offers(span(days), f.ask.Parts[i].Length) {
				f.whole[i][r+"/"+clock.Day(o.From)] = o.Span
				begins[o.From.Add(-f.offsets[i]).Unix()] = true
			}
		}
		return false
	}
	f.free[i][r] = map[int64]booking.Span{}
	for days := range 2 + int(f.offsets[i]/(24*time.Hour)) {
		for _, o := range plan.Offers(span(days), f.ask.Parts[i].Length) {
			at := o.From.Add(-f.offsets[i])
			f.free[i][r][at.Unix()] = o.Span
			begins[at.Unix()] = true
		}
	}
	return true
}

// plan0 is any of the plans: all of them stand in one zone.
func plan0(plans map[string]booking.Plan) booking.Plan {
	for _, p := range plans {
		return p
	}
	return booking.Plan{Zone: clock.Zone()}
}

func sorted(seconds map[int64]bool, zone *time.Location) []time.Time {
	var out []time.Time
	for _, s := range slices.Sorted(maps.Keys(seconds)) {
		out = append(out, time.Unix(s, 0).In(zone))
	}
	return out
}

// at is all of the booking if it begins at an instant; false where it cannot.
func (f *finder) at(start time.Time) (Found, bool) {
	if clock.Day(start) != f.day.Format(clock.DateLayout) {
		return Found{}, false
	}
	for i, p := range f.ask.Parts { // most times fall here already
		if !f.enough(i, p, start) {
			return Found{}, false
		}
	}
	picks, ok := f.choose(0, f.ask.Parts[0].Count, 0, start, nil, map[string]booking.Plan{})
	if !ok {
		return Found{}, false
	}
	out := Found{Start: picks[0].Span.From, End: picks[0].Span.To, Picks: picks}
	for _, p := range picks {
		if p.Span.From.Before(out.Start) {
			out.Start = p.Span.From
		}
		if p.Span.To.After(out.End) {
			out.End = p.Span.To
		}
	}
	if !f.within(out) {
		return Found{}, false
	}
	return out, true
}

// within tells whether all of a booking lies in the hours asked for.
func (f *finder) within(x Found) bool {
	for _, p := range x.Picks {
		from, to := clock.Local(p.Span.From), clock.Local(p.Span.To)
		end := to.Hour()*60 + to.Minute()
		if clock.Day(to) != clock.Day(from) {
			end += 24 * 60
		}
		if from.Hour()*60+from.Minute() < f.ask.NotBefore || f.ask.NotAfter > 0 && end > f.ask.NotAfter {
			return false
		}
	}
	return true
}

// span is the time of a resource for a part of a whole that begins at an instant; false where it is not free.
func (f *finder) span(i int, r string, start time.Time) (booking.Span, bool) {
	if f.plans[r].Rule.Mode == booking.ModeDay {
		s, ok := f.whole[i][r+"/"+clock.Day(start.Add(f.offsets[i]))]
		return s, ok
	}
	s, ok := f.free[i][r][start.Unix()]
	return s, ok
}

// enough tells whether a part alone could be had: without it no choice among the others helps.
func (f *finder) enough(i int, p Want, start time.Time) bool {
	n := 0
	for _, r := range p.Resources {
		if _, ok := f.span(i, r, start); ok {
			n += int(max(f.plans[r].Rule.Units, 1))
		}
		if n >= p.Count {
			return true
		}
	}
	return false
}

// choose picks left more resources for a part, from its alternatives on, and then the parts after it; taken are the plans of what
// was picked so far.
func (f *finder) choose(i, left, from int, start time.Time, picks []Pick, taken map[string]booking.Plan) ([]Pick, bool) {
	if left == 0 {
		if i+1 == len(f.ask.Parts) {
			return picks, true
		}
		return f.choose(i+1, f.ask.Parts[i+1].Count, 0, start, picks, taken)
	}
	list := f.ask.Parts[i].Resources
	for j := from; j < len(list); j++ {
		r := list[j]
		span, ok := f.span(i, r, start)
		if !ok {
			continue
		}
		next, after := taken, j+1
		if f.shared[r] {
			plan, there := taken[r]
			if !there {
				plan = f.plans[r]
			}
			if plan, _, ok = plan.Take(span); !ok {
				continue
			}
			next = maps.Clone(taken)
			next[r] = plan
			after = j // perhaps another unit of it
		}
		if out, ok := f.choose(i, left-1, after, start, append(slices.Clone(picks), Pick{i + 1, r, span}), next); ok {
			return out, true
		}
	}
	return nil, false
}
