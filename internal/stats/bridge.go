package stats

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

// Slot is a span of time of one bookable resource that is open: free or taken.
type Slot struct {
	Start, End time.Time // half-open
	Free       bool
}

// The bridge of the day has one stone for each half hour between these hours.
const (
	bridgeFrom  = 8
	bridgeTo    = 20
	bridgeStep  = 30 * time.Minute
	bridgeAhead = 7 // days one looks for an open one
)

// span is one stone: how many resources are open in it, and how many of them are free.
type span struct {
	From       time.Time
	Open, Free int
}

// outlook is what is free on the next open day.
type outlook struct {
	Day   string
	Spans []span
	Some  int // resources free at some time of the day that is still to come
}

// Look counts what is free on the next open day, for the home page. A job calls it every minute, so that no reader
// waits for it; without Portal.Slots it does nothing.
func (s *Service) Look(ctx context.Context) error {
	if s.deps.Portal.Slots == nil {
		return nil
	}
	now := s.clock.Now()
	for ahead := range bridgeAhead {
		day, err := clock.AddDays(clock.Day(now), ahead)
		if err != nil {
			return fmt.Errorf("count the days ahead: %w", err)
		}
		resources, err := s.deps.Portal.Slots(ctx, day)
		if err != nil {
			return fmt.Errorf("ask what is free on %s: %w", day, err)
		}
		o, err := count(day, now, resources)
		if err != nil {
			return err
		}
		if o.Some > 0 {
			s.ahead.Store(&o)
			return nil
		}
	}
	s.ahead.Store(nil)
	return nil
}

// count counts the open and the free resources in every span of a day; one list of slots a resource.
func count(day string, now time.Time, resources [][]Slot) (outlook, error) {
	midnight, err := clock.Midnight(day)
	if err != nil {
		return outlook{}, fmt.Errorf("read the day %s: %w", day, err)
	}
	o := outlook{Day: day}
	for at := midnight.Add(bridgeFrom * time.Hour); at.Before(midnight.Add(bridgeTo * time.Hour)); at = at.Add(bridgeStep) {
		o.Spans = append(o.Spans, span{From: at})
	}
	for _, slots := range resources {
		some := false
		for i := range o.Spans {
			open, free := covers(slots, o.Spans[i].From)
			if open {
				o.Spans[i].Open++
			}
			if free {
				o.Spans[i].Free++
				some = some || o.Spans[i].From.Add(bridgeStep).After(now)
			}
		}
		if some {
			o.Some++
		}
	}
	return o, nil
}

// covers tells whether a resource is open at an instant, and whether it is free then.
func covers(slots []Slot, at time.Time) (open, free bool) {
	for _, x := range slots {
		if !at.Before(x.Start) && at.Before(x.End) {
			return true, x.Free
		}
	}
	return false, false
}

// arch is the outlook as a picture; nil when nothing can be booked, or when it is of a day that has passed.
func (s *Service) arch(ctx context.Context) *ui.ArchOf {
	o := s.ahead.Load()
	now := s.clock.Now()
	if o == nil || o.Day < clock.Day(now) {
		return nil
	}
	day := ui.SayDay(ctx, o.Day)
	if o.Day == clock.Day(now) {
		day = t(ctx, "今天")
	}
	a := &ui.ArchOf{Title: t(ctx, "{0}的桥", day), Note: t(ctx, "一块石头是半小时，越亮越空"), Now: -1, Big: i18n.Group(o.Some), Unit: t(ctx, "台仪器{0}可约", day)}
	for i, x := range o.Spans {
		stone := ui.Stone{Label: hours(x.From), Text: t(ctx, "{0} 台空闲", x.Free)}
		if x.Open > 0 {
			stone.Share = float64(x.Free) / float64(x.Open)
		}
		if !now.Before(x.From) && now.Before(x.From.Add(bridgeStep)) {
			a.Now = i
			if x.Free > 0 {
				a.Big, a.Unit = i18n.Group(x.Free), t(ctx, "台仪器此刻空闲")
			}
		}
		a.Stones = append(a.Stones, stone)
	}
	return a
}

// hours is the wall-clock of a stone: 09:00–09:30.
func hours(from time.Time) string {
	return clock.Local(from).Format("15:04") + "–" + clock.Local(from.Add(bridgeStep)).Format("15:04")
}
