package booking

import (
	"context"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// Boards is the board of one civil day for several resources at once, by resource.
func (s *Service) Boards(ctx context.Context, q db.Q, resources []Resource, day string) (map[string][]Slot, error) {
	from, err := clock.Midnight(day)
	if err != nil {
		return nil, fault.New(fault.BadRequest, "day", "日期格式不对，请写成 2026-11-21。").Because(err)
	}
	plans, err := s.Plans(ctx, q, resources, from, from.AddDate(0, 0, 1))
	if err != nil {
		return nil, err
	}
	out := make(map[string][]Slot, len(resources))
	for _, r := range resources {
		if out[r.ID], err = plans[r.ID].Board(day, day); err != nil {
			return nil, err
		}
	}
	return out, nil
}
