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

// EachBookable hands fn the published resources that can be booked by the hour, some at a time, in the order of their
// ids and at most most of them; 0 is no bound.
func (s *Service) EachBookable(ctx context.Context, q db.Q, most int, fn func([]Resource) error) error {
	var w db.Where
	w.And("status = ?", StatusPublished)
	w.And("booking")
	var names []string
	for _, k := range s.kinds {
		if k.Bookable {
			names = append(names, k.Name)
		}
	}
	w.In("kind", names)
	ids, err := db.All[string](ctx, q, `SELECT id FROM catalogue_resource`+w.SQL()+` ORDER BY id`, w.Args()...)
	if err != nil {
		return fmt.Errorf("list bookable resources: %w", err)
	}
	if most > 0 {
		ids = ids[:min(most, len(ids))]
	}
	for part := range slices.Chunk(ids, chunk) {
		list, err := s.Resources(ctx, q, part)
		if err != nil {
			return fmt.Errorf("read bookable resources: %w", err)
		}
		if err := fn(slices.DeleteFunc(list, func(r Resource) bool { return !r.Bookable })); err != nil {
			return err
		}
	}
	return nil
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
