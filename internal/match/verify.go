package match

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks the invariants of needs: a need's state is the one its last step led to, what is matched
// has an accepted candidate, what is agreed an agreement, and every decision its step.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	for _, c := range checks() {
		ids, err := db.All[string](ctx, q, c.sql)
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", c.code, err)
		}
		for _, one := range ids {
			out = append(out, verify.Finding{Code: c.code, Object: one, Text: c.text})
		}
	}
	return out, nil
}

type check struct{ code, text, sql string }

func checks() []check {
	return []check{
		{"match.state", "the need's state is not the one its last step led to", `SELECT n.id FROM match_need n WHERE n.state <> coalesce(
			(SELECT s.to_state FROM match_step s WHERE s.need = n.id AND s.position = (SELECT max(position) FROM match_step WHERE need = n.id)), 'draft')`},
		{"match.matched", "the need is matched or agreed without an accepted candidate", `SELECT n.id FROM match_need n WHERE n.state IN ('matched', 'agreed')
			AND NOT EXISTS (SELECT 1 FROM match_proposal p WHERE p.need = n.id AND p.state = 'accepted')`},
		{"match.agreed", "the need is agreed without a step that says so", `SELECT n.id FROM match_need n WHERE n.state = 'agreed'
			AND NOT EXISTS (SELECT 1 FROM match_step s WHERE s.need = n.id AND s.verb = 'agree')`},
		{"match.decided", "a candidate is decided without a step that says so", `SELECT p.need FROM match_proposal p WHERE p.state <> 'proposed'
			AND NOT EXISTS (SELECT 1 FROM match_step s WHERE s.need = p.need AND s.resource = p.resource
				AND s.verb = CASE p.state WHEN 'accepted' THEN 'accept' ELSE 'decline' END)`},
		{"match.published", "the need counts as published without a step that made it so", `SELECT n.id FROM match_need n WHERE n.published_on <> ''
			AND NOT EXISTS (SELECT 1 FROM match_step s WHERE s.need = n.id AND s.verb IN ('publish', 'accept'))`},
	}
}

// VerifyIndex checks that the index of candidates holds exactly the live supplies, each as it stands now.
func (s *Service) VerifyIndex(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	have := map[string]uint64{}
	for _, e := range s.Index.engines {
		for one, digest := range e.Digests() {
			have[one] = digest
		}
	}
	var out []verify.Finding
	for after := ""; ; {
		list, err := s.Suppliers.After(ctx, q, after, page)
		if err != nil {
			return nil, fmt.Errorf("read supplies after %q: %w", after, err)
		}
		if len(list) == 0 {
			break
		}
		for _, one := range list {
			after = one.ID
			if GroupOf(one.Kind) == "" {
				continue
			}
			if digest, ok := have[one.ID]; !ok || digest != one.document().Digest() {
				out = append(out, verify.Finding{Code: "match.index", Object: one.ID, Text: "the index of candidates does not hold this supply as it stands"})
			}
			delete(have, one.ID)
		}
	}
	for one := range have {
		out = append(out, verify.Finding{Code: "match.index", Object: one, Text: "the index of candidates holds a supply that is not live"})
	}
	return out, nil
}
