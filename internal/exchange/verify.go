package exchange

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/catalogue"
	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// verify compares the list of changes with the catalogue: what is public is on it as live, nothing else is. The list
// follows the change feed; what differs at a second look too, after it has caught up, is a finding.
func (s *Service) verify(ctx context.Context, _ db.Q) ([]verify.Finding, error) {
	if err := s.Follow(ctx); err != nil {
		return nil, err
	}
	out, err := s.compare(ctx, s.DB)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	if err := s.Follow(ctx); err != nil {
		return nil, err
	}
	again, err := s.compare(ctx, s.DB)
	return slices.DeleteFunc(again, func(f verify.Finding) bool { return !slices.Contains(out, f) }), err
}

func (s *Service) compare(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	live := map[string]bool{}
	for after := ""; ; {
		rows, err := liveAfter(ctx, q, after, batch)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			break
		}
		for _, r := range rows {
			live[r.Resource] = true
		}
		after = rows[len(rows)-1].Resource
	}
	for after := ""; ; {
		list, err := s.Catalogue.Stands(ctx, q, after, batch)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			break
		}
		if list, err = s.withhold(ctx, q, list); err != nil {
			return nil, err
		}
		for _, r := range list {
			public := r.Status == catalogue.StatusPublished || r.Status == catalogue.StatusSuspended
			if public != live[r.ID] {
				out = append(out, verify.Finding{Code: "exchange.list", Object: r.ID, Text: fmt.Sprintf("the resource is %s, but on the list of changes live is %v", r.Status, live[r.ID])})
			}
			delete(live, r.ID)
		}
		after = list[len(list)-1].ID
	}
	for x := range live {
		out = append(out, verify.Finding{Code: "exchange.list", Object: x, Text: "the list of changes has a resource that the catalogue has not"})
	}
	return out, nil
}
