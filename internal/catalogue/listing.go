package catalogue

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/db"
)

// LiveAfter pages through the published resources in the order of their ids, those after one id, at most limit.
func (s *Service) LiveAfter(ctx context.Context, q db.Q, after string, limit int) ([]Resource, error) {
	var w db.Where
	w.And("status = ?", StatusPublished)
	w.And("id > ?", after)
	list, err := listResources(ctx, q, &w, "ORDER BY id LIMIT "+w.Arg(limit))
	if err != nil {
		return nil, fmt.Errorf("list resources after %q: %w", after, err)
	}
	s.settleAll(list)
	return list, nil
}

// settleAll derives what is derived of each resource.
func (s *Service) settleAll(list []Resource) {
	for i := range list {
		if k, ok := s.kinds.Find(list[i].Kind); ok {
			s.settle(&list[i], k)
		}
	}
}

// settle derives what is derived of a resource, today.
func (s *Service) settle(r *Resource, k kinds.Kind) {
	day := s.today()
	r.settle(day, k, s.term(r.Region, day))
}

// Bookable lists the published resources that can be booked by the hour.
func (s *Service) Bookable(ctx context.Context, q db.Q) ([]Resource, error) {
	var w db.Where
	w.And("status = ?", StatusPublished)
	w.And("booking")
	list, err := listResources(ctx, q, &w, "ORDER BY id")
	if err != nil {
		return nil, fmt.Errorf("list bookable resources: %w", err)
	}
	s.settleAll(list)
	return slices.DeleteFunc(list, func(r Resource) bool { return !r.Bookable }), nil
}

// Count is how many published resources of a kind are in a region.
type Count struct {
	Kind   string `db:"kind"`
	Region string `db:"region"`
	N      int64  `db:"n"`
}

// CountLive counts the published resources.
func (s *Service) CountLive(ctx context.Context, q db.Q) ([]Count, error) {
	return db.All[Count](ctx, q, `SELECT kind, region, COUNT(*) AS n FROM catalogue_resource WHERE status = 'published' GROUP BY kind, region ORDER BY kind, region`)
}
