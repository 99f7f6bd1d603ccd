package onsite

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks what must always hold of sessions.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	bad, err := db.All[string](ctx, q, `SELECT order_id FROM onsite_session WHERE (state IN ('running', 'done') AND started_at IS NULL) OR (state = 'no_show' AND started_at IS NOT NULL) ORDER BY order_id`)
	if err != nil {
		return nil, fmt.Errorf("verify onsite.session: %w", err)
	}
	var out []verify.Finding
	for _, object := range bad {
		out = append(out, verify.Finding{Code: "onsite.session", Object: object, Text: "the state of the session and its start disagree"})
	}
	return out, nil
}
