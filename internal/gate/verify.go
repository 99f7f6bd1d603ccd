package gate

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks what must always hold of papers.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	bad, err := db.All[string](ctx, q, `SELECT id FROM gate_paper WHERE state = 'granted' AND (checked_by = '' OR checked_by = person OR valid_from = '') ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("verify gate.granted: %w", err)
	}
	var out []verify.Finding
	for _, object := range bad {
		out = append(out, verify.Finding{Code: "gate.granted", Object: object, Text: "a granted paper was checked by nobody or by its holder"})
	}
	return out, nil
}
