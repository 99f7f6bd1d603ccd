package booking

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/catalogue"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// FreeOn lists those of the resources that have a free slot on a civil day.
func (s *Service) FreeOn(ctx context.Context, q db.Q, resources []Resource, day string) ([]string, error) {
	boards, err := s.Boards(ctx, q, resources, day)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, r := range resources {
		if slices.ContainsFunc(boards[r.ID], func(x Slot) bool { return x.State == SlotFree }) {
			out = append(out, r.ID)
		}
	}
	return out, nil
}

// Horizon tells for each of the resources when it can be had within the coming days, today the first of them; those that
// cannot be had are left out.
func (s *Service) Horizon(ctx context.Context, q db.Q, resources []Resource, days int) (map[string]catalogue.Free, error) {
	from, err := clock.Midnight(s.today())
	if err != nil {
		return nil, fmt.Errorf("today: %w", err)
	}
	last := from.AddDate(0, 0, days-1)
	plans, err := s.Plans(ctx, q, resources, from, last.AddDate(0, 0, 1))
	if err != nil {
		return nil, err
	}
	out := make(map[string]catalogue.Free, len(resources))
	for _, r := range resources {
		slots, err := plans[r.ID].Board(clock.Day(from), clock.Day(last))
		if err != nil {
			return nil, err
		}
		var free catalogue.Free
		for _, x := range slots {
			if x.State != SlotFree {
				continue
			}
			if free.Start.IsZero() {
				free.Start = x.Start
			}
			if day := clock.Day(x.Start); len(free.Days) == 0 || free.Days[len(free.Days)-1] != day {
				free.Days = append(free.Days, day)
			}
		}
		if len(free.Days) > 0 {
			out[r.ID] = free
		}
	}
	return out, nil
}

// nextDays is how far ahead NextFree looks.
const nextDays = 28

// NextFree gives for each resource the first civil day with a free slot, for those that have one within four weeks.
func (s *Service) NextFree(ctx context.Context, q db.Q, resources []string) (map[string]string, error) {
	list, err := s.catalogue.Resources(ctx, q, resources)
	if err != nil {
		return nil, fmt.Errorf("the resources to look at: %w", err)
	}
	list = slices.DeleteFunc(list, func(r Resource) bool { return !r.Bookable })
	from, err := clock.Midnight(s.today())
	if err != nil {
		return nil, fmt.Errorf("today: %w", err)
	}
	to := from.AddDate(0, 0, nextDays)
	plans, err := s.Plans(ctx, q, list, from, to)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, r := range list {
		slots, err := plans[r.ID].Board(clock.Day(from), clock.Day(to))
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(slots, func(x Slot) bool { return x.State == SlotFree }); i >= 0 {
			out[r.ID] = clock.Day(slots[i].Start)
		}
	}
	return out, nil
}
