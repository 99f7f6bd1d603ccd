package identity

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/region"
)

// Listed pages through the organisations of the public list (all but refused and suspended ones), in the
// order of their ids, those after one id, at most limit: for the search index.
func (s *Service) Listed(ctx context.Context, q db.Q, after string, limit int) ([]Organisation, error) {
	list, err := db.All[Organisation](ctx, q, `SELECT `+organisationColumns+` FROM identity_organisation o
		WHERE o.id > $1 AND o.status IN ('unclaimed', 'verified') ORDER BY o.id LIMIT $2`, after, limit)
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
	return db.All[Count](ctx, q, `SELECT o.kind, o.region, COUNT(*) AS n FROM identity_organisation o
		WHERE o.status IN ('unclaimed', 'verified') GROUP BY o.kind, o.region ORDER BY o.kind, o.region`)
}

// Authorities lists the verified authorities in whose region code lies, today.
func (s *Service) Authorities(ctx context.Context, q db.Q, code string) ([]string, error) {
	type seat struct {
		ID     string `db:"id"`
		Region string `db:"region"`
	}
	day := s.today()
	seats, err := db.All[seat](ctx, q, `SELECT o.id, o.region FROM identity_organisation o JOIN identity_capacity c ON c.organisation = o.id
		WHERE o.status = 'verified' AND c.capacity = 'authority' AND c.verified_on <> '' AND c.valid_from <= $1 AND (c.valid_to = '' OR c.valid_to >= $2) ORDER BY o.id`, day, day)
	if err != nil {
		return nil, fmt.Errorf("list the authorities of %s: %w", code, err)
	}
	var out []string
	for _, x := range seats {
		if region.Within(code, x.Region) {
			out = append(out, x.ID)
		}
	}
	return out, nil
}

// Names gives the names of people, for pages whose reader may know them.
func (s *Service) Names(ctx context.Context, q db.Q, people []string) (map[string]string, error) {
	type named struct {
		ID   string `db:"id"`
		Name string `db:"name"`
	}
	var w db.Where
	w.In("id", people)
	rows, err := db.All[named](ctx, q, `SELECT id, name FROM identity_person`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, nil
}
