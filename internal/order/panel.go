package order

import (
	"context"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/ui"
)

// BookingPanel is the part of a resource's page on which it is booked or commissioned; nil where it
// cannot be ordered at all.
func (s *Service) BookingPanel(ctx context.Context, r Resource) (templ.Component, error) {
	if s.orderable(KindCommission, r) != nil {
		return nil, nil
	}
	if err := s.served(ctx, s.db, r); err != nil {
		if fault.Of(err).Kind != fault.Conflict {
			return nil, err
		}
		return nil, nil
	}
	if !r.Bookable {
		return commissionPanel(r), nil
	}
	board, err := s.board(ctx, r, "", nil)
	if err != nil {
		return nil, err
	}
	s.linkWeeks(&board, "/resources/"+r.ID+"/book", url.Values{})
	return bookingPanel(r, board), nil
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
	plans, err := s.plansFor(ctx, s.db, bookable, from, from.AddDate(0, 0, stripDays))
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
