package observe

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks what must always hold of plans and sessions.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	for _, c := range []struct{ code, query, text string }{
		{"observe.agreed", `SELECT s.id FROM observe_session s JOIN observe_plan p ON p.id = s.plan WHERE p.state NOT IN ('agreed', 'ended') ORDER BY s.id`, "a session of a plan that nobody agreed to"},
		{"observe.parties", `SELECT s.id FROM observe_session s JOIN observe_plan p ON p.id = s.plan WHERE s.buyer <> p.buyer OR s.provider <> p.provider OR s.order_id <> p.order_id ORDER BY s.id`, "a session whose order or parties are not its plan's"},
		{"observe.ended", `SELECT p.id FROM observe_plan p WHERE p.state = 'agreed' AND NOT EXISTS (SELECT 1 FROM observe_session s WHERE s.plan = p.id) ORDER BY p.id`, "a plan that was agreed to has no session"},
		{"observe.door", `SELECT v.id FROM observe_visit v JOIN observe_session s ON s.id = v.session WHERE v.joined_at < s.opens_at OR v.joined_at >= s.closes_at ORDER BY v.id`, "somebody came in while the door was closed"},
		{"observe.consent", `SELECT t.id FROM observe_tape t WHERE (SELECT count(*) FROM observe_consent c WHERE c.session = t.session AND c.agreed AND c.at <= t.at
			AND NOT EXISTS (SELECT 1 FROM observe_consent d WHERE d.session = c.session AND d.side = c.side AND d.at <= t.at AND (d.at > c.at OR d.at = c.at AND d.id > c.id))) <> 2 ORDER BY t.id`, "something was recorded while a side did not agree"},
	} {
		bad, err := db.All[string](ctx, q, c.query)
		if err != nil {
			return nil, fmt.Errorf("verify %s: %w", c.code, err)
		}
		for _, object := range bad {
			out = append(out, verify.Finding{Code: c.code, Object: object, Text: c.text})
		}
	}
	return out, nil
}
