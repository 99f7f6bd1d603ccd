package roster

import (
	"context"

	"qiao/internal/platform/db"
)

// Standing is what an organisation stands on, on a civil day: credentials and bans, each with its evidence. Only
// entries that are matched for sure, or by a person, count.
func (s *Service) Standing(ctx context.Context, q db.Q, org, day string) ([]Membership, error) {
	return standingOf(ctx, q, org, day)
}

// Lists are the rosters with these codes, by code; an unknown code is left out.
func (s *Service) Lists(ctx context.Context, q db.Q, codes ...string) (map[string]List, error) {
	var w db.Where
	w.In("code", codes)
	all, err := listLists(ctx, q, &w)
	out := map[string]List{}
	for _, l := range all {
		out[l.Code] = l
	}
	return out, err
}
