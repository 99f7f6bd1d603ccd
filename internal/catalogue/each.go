package catalogue

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"qiao/internal/catalogue/format"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/textindex"
)

// QueryOf reads a query out of the parameters of an address, as the search page and the API have them.
func QueryOf(v url.Values) Query { return queryOf(v) }

// Everything is how many records Each gives when nothing limits it: more than any catalogue has.
const Everything = 100_000_000

// Each hands over every record that answers a query, in the query's order, some hundred at a time and at most so
// many, so that a file of any size is written in bounded memory. Institutions, which are no resources, are left out. It
// tells how many answered.
func (s *Service) Each(ctx context.Context, q Query, most int, fn func([]format.Record) error) (int, error) {
	q.Limit, q.Cursor = 0, ""
	req, free, err := s.onlyAsked(ctx, q)
	if err != nil {
		return 0, err
	}
	req.Limit, req.Offset, req.Facets, req.Explain = most, 0, nil, false
	found, err := s.ranked(ctx, q, req, free)
	if err != nil {
		return 0, fmt.Errorf("search: %w", err)
	}
	ids := make([]string, len(found.Hits))
	for i, h := range found.Hits {
		ids[i] = h.ID
	}
	for part := range slices.Chunk(ids, chunk) {
		records, err := s.Records(ctx, s.DB, part)
		if err == nil {
			err = fn(records)
		}
		if err != nil {
			return found.Total, err
		}
	}
	return found.Total, nil
}

// onlyAsked is prepare without what nobody looks at in a file: when things are free is worked out only for a query that
// asks for it.
func (s *Service) onlyAsked(ctx context.Context, q Query) (textindex.Request, map[string]Free, error) {
	if q.Sort == SortFree || q.FreeOn != "" {
		return s.prepare(ctx, q)
	}
	req, err := s.request(q)
	req.Verify = s.texts
	return req, nil, err
}

// Records reads those of ids that stand in the catalogue with their owners, in the order of ids.
func (s *Service) Records(ctx context.Context, q db.Q, ids []string) ([]format.Record, error) {
	rs, err := s.Resources(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	owners := make([]string, len(rs))
	for i, r := range rs {
		owners[i] = r.Owner
	}
	orgs, err := s.Orgs.Organisations(ctx, q, owners)
	if err != nil {
		return nil, fmt.Errorf("read owners: %w", err)
	}
	out := make([]format.Record, len(rs))
	for i, r := range rs {
		out[i] = s.Record(r, orgs[r.Owner])
	}
	return out, nil
}

// Stand is where a resource stands, whatever its state: what a list of changes needs of it.
type Stand struct {
	ID     string `db:"id"`
	Kind   string `db:"kind"`
	Owner  string `db:"owner"`
	Region string `db:"region"`
	Status string `db:"status"`
}

// Stands pages through every resource in the order of their ids, drafts and tombstones too.
func (s *Service) Stands(ctx context.Context, q db.Q, after string, limit int) ([]Stand, error) {
	out, err := db.All[Stand](ctx, q, `SELECT id, kind, owner, region, status FROM catalogue_resource WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list resources after %q: %w", after, err)
	}
	return out, nil
}

// OwnedRecords lists the resources of an organisation that stand in the catalogue, contact data included: for the
// owner's own eyes.
func (s *Service) OwnedRecords(ctx context.Context, q db.Q, owner identity.Organisation) ([]format.Record, error) {
	rs, err := s.Owned(ctx, q, owner.ID)
	if err != nil {
		return nil, err
	}
	out := make([]format.Record, len(rs))
	for i, r := range rs {
		out[i] = s.Record(r, owner)
	}
	return out, nil
}
