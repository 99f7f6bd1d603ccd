package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/platform/db"
)

// Named are the organisations that have one of the unified social credit codes, or exactly one of the names (Chinese
// or English); those refused are left out. For lists of organisations that come from outside.
func (s *Service) Named(ctx context.Context, q db.Q, codes, names []string) ([]Organisation, error) {
	var out []Organisation
	seen := map[string]bool{}
	for column, values := range map[string][]string{"o.uscc": codes, "o.name_zh": names, "o.name_en": names} {
		values = slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(values))), func(v string) bool { return v == "" })
		for batch := range slices.Chunk(values, 500) {
			rows, err := organisationsBy(ctx, q, column, batch)
			if err != nil {
				return nil, fmt.Errorf("look for %d organisations: %w", len(batch), err)
			}
			for _, o := range rows {
				if !seen[o.ID] && o.Status != StatusRefused {
					seen[o.ID] = true
					out = append(out, o)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Organisation) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

func organisationsBy(ctx context.Context, q db.Q, column string, values []string) ([]Organisation, error) {
	var w db.Where
	w.In(column, values)
	return db.All[Organisation](ctx, q, `SELECT `+organisationColumns+` FROM identity_organisation o`+w.SQL(), w.Args()...)
}
