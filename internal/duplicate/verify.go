package duplicate

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks the invariants of pairs: a state is where the last step led; what is merged names its merge, and
// nothing else does; a proposal names who has to agree; a record taken over names what undoes it.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	for _, c := range []struct{ code, text, sql string }{
		{"duplicate.state", "the pair's state is not the one its last step led to", `SELECT p.id FROM duplicate_pair p WHERE p.state <> coalesce(
			(SELECT s.to_state FROM duplicate_step s WHERE s.pair = p.id AND s.position = (SELECT max(position) FROM duplicate_step WHERE pair = p.id)), 'open')`},
		{"duplicate.merge", "the pair is merged without a merge, or names one without being merged", `SELECT id FROM duplicate_pair WHERE (state = 'merged') <> (merge <> '')`},
		{"duplicate.asked", "a proposal does not say who has to agree, or says so without being one", `SELECT id FROM duplicate_pair WHERE (state = 'proposed') <> (asked <> '')`},
		{"duplicate.takeover", "a record is taken over without that which undoes it", `SELECT id FROM duplicate_takeover WHERE (state = 'done') <> (merge <> '')`},
	} {
		ids, err := db.All[string](ctx, q, c.sql)
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", c.code, err)
		}
		for _, x := range ids {
			out = append(out, verify.Finding{Code: c.code, Object: x, Text: c.text})
		}
	}
	return out, nil
}
