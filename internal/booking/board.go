package booking

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

// Week is seven days of a resource to choose slots from, as somebody may book it (inner: the owner's own people), beginning
// with from; empty is today, or a week later when nothing is left before.
func (s *Service) Week(ctx context.Context, r Resource, inner bool, from string, chosen []string) (ui.BoardOf, error) {
	auto := from == ""
	if auto {
		from = s.today()
	}
	to, err := clock.AddDays(from, 6)
	if err != nil {
		return ui.BoardOf{}, fault.New(fault.BadRequest, "day", "日期格式不对，请写成 2026-11-21。").Because(err)
	}
	slots, err := s.slots(ctx, s.db, r, inner, from, to)
	if err != nil {
		return ui.BoardOf{}, err
	}
	if auto && !slices.ContainsFunc(slots, func(x Slot) bool { return x.State == SlotFree }) {
		next, err := clock.AddDays(to, 1)
		if err != nil {
			return ui.BoardOf{}, fmt.Errorf("the week after: %w", err)
		}
		return s.Week(ctx, r, inner, next, chosen)
	}
	days, err := civilDays(from, to)
	if err != nil {
		return ui.BoardOf{}, err
	}
	b := ui.BoardOf{Label: t(ctx, "选择时段"), Name: "slot", Many: true}
	for _, day := range days {
		b.Days = append(b.Days, s.boardDay(ctx, day.Format(clock.DateLayout), slots, chosen))
	}
	return b, nil
}

// boardDay is one column: the slots inside the opening hours that have not passed.
func (s *Service) boardDay(ctx context.Context, day string, slots []Slot, chosen []string) ui.BoardDay {
	d := ui.BoardDay{Day: day}
	if e, special := s.calendar.Entry(day); special && e.Off {
		d.Note = t(ctx, "休假日")
	}
	for _, x := range slots {
		if clock.Day(x.Start) != day || x.State == SlotClosed || x.Start.Before(s.clock.Now()) {
			continue
		}
		value := x.Start.UTC().Format(time.RFC3339)
		d.Slots = append(d.Slots, ui.BoardSlot{
			Label: clock.Local(x.Start).Format("15:04") + "–" + clock.Local(x.End).Format("15:04"),
			State: ui.SlotState(x.State), Value: value + "/" + x.End.UTC().Format(time.RFC3339), Chosen: slices.Contains(chosen, value) || slices.Contains(chosen, value+"/"+x.End.UTC().Format(time.RFC3339)),
		})
	}
	return d
}

// LinkWeeks gives a board its links to the weeks beside it, not into the past; query is what else stays in the address.
func (s *Service) LinkWeeks(b *ui.BoardOf, path string, query url.Values) {
	if len(b.Days) == 0 {
		return
	}
	link := func(days int) string {
		day, err := clock.AddDays(b.Days[0].Day, days)
		if err != nil {
			return ""
		}
		query.Set("week", day)
		return path + "?" + query.Encode()
	}
	b.Next = link(7)
	if b.Days[0].Day > s.today() {
		b.Prev = link(-7)
	}
}

// Strips draws for each bookable resource the availability of its next open day, by resource id.
func (s *Service) Strips(ctx context.Context, rs []Resource) (map[string]templ.Component, error) {
	var bookable []Resource
	for _, r := range rs {
		if r.Bookable {
			bookable = append(bookable, r)
		}
	}
	if len(bookable) == 0 {
		return nil, nil
	}
	from, err := clock.Midnight(s.today())
	if err != nil {
		return nil, err
	}
	plans, err := s.Plans(ctx, s.db, bookable, from, from.AddDate(0, 0, stripDays))
	if err != nil {
		return nil, err
	}
	out := map[string]templ.Component{}
	for _, r := range bookable {
		for day := range stripDays {
			strip, open, err := s.strip(ctx, plans[r.ID], clock.Day(from.AddDate(0, 0, day)))
			if err != nil {
				return nil, err
			}
			if open || day == stripDays-1 {
				out[r.ID] = ui.Strip(strip)
				break
			}
		}
	}
	return out, nil
}

// stripDays is how far ahead a card looks for an open day.
const stripDays = 7

// strip is one day in half hours from the first opening to the last; open tells whether anything is free.
func (s *Service) strip(ctx context.Context, p Plan, day string) (strip ui.StripOf, open bool, err error) {
	slots, err := p.Board(day, day)
	if err != nil {
		return strip, false, err
	}
	const from, to, step = 8, 20, 30
	strip = ui.StripOf{Day: ui.SayDay(ctx, day), From: from, Step: step}
	midnight, err := clock.Midnight(day)
	if err != nil {
		return strip, false, err
	}
	for minute := from * 60; minute < to*60; minute += step {
		at := midnight.Add(time.Duration(minute) * time.Minute)
		state := ui.SlotClosed
		for _, x := range slots {
			if !at.Before(x.Start) && at.Before(x.End) {
				state = ui.SlotState(x.State)
			}
		}
		open = open || state == ui.SlotFree
		strip.States = append(strip.States, state)
	}
	return strip, open, nil
}
