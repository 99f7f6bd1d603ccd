package identity

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
)

// Listed pages through the organisations that stand in the search index (public records and verified ones), in the
// order of their ids, those after one id, at most limit.
func (s *Service) Listed(ctx context.Context, q db.Q, after string, limit int) ([]Organisation, error) {
	list, err := listedOrganisations(ctx, q, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list organisations after %q: %w", after, err)
	}
	return list, nil
}

// Count is how many listed organisations of a kind lie in a region.
type Count struct {
	Kind   string `db:"kind"`
	Region string `db:"region"`
	N      int64  `db:"n"`
}

// CountListed counts the organisations that Listed lists.
func (s *Service) CountListed(ctx context.Context, q db.Q) ([]Count, error) {
	counts, err := countListed(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("count organisations: %w", err)
	}
	return counts, nil
}

// Authorities lists the verified authorities in whose region code lies, today.
func (s *Service) Authorities(ctx context.Context, q db.Q, code string) ([]string, error) {
	seats, err := holdersOf(ctx, q, CapacityAuthority, s.today())
	if err != nil {
		return nil, fmt.Errorf("list the authorities of %s: %w", code, err)
	}
	var out []string
	for _, x := range seats {
		if Within(code, x.Region) {
			out = append(out, x.ID)
		}
	}
	return out, nil
}

// Names gives the names of people by id, for pages whose reader may know them; an unknown id is left out.
func (s *Service) Names(ctx context.Context, q db.Q, people []string) (map[string]string, error) {
	rows, err := namesOf(ctx, q, people)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, nil
}
