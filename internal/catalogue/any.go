package catalogue

import (
	"context"
	"slices"

	"qiao/internal/platform/db"
)

// Any reads those of ids that are there, whatever their state, in no order: for modules that follow a record's life.
func (s *Service) Any(ctx context.Context, q db.Q, ids []string) ([]Resource, error) {
	var out []Resource
	for batch := range slices.Chunk(ids, chunk) {
		var w db.Where
		w.In("id", batch)
		l, err := listResources(ctx, q, &w, "")
		if err != nil {
			return nil, err
		}
		out = append(out, l...)
	}
	s.settleAll(out)
	return out, nil
}
