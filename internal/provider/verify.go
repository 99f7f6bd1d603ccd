package provider

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks that members have a term and the agreement's hash, and that no two memberships of one organisation
// are open. (The flag that search counts follows the calendar once a day, and is checked with the index.)
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	bad, err := db.All[string](ctx, q, `SELECT id FROM provider_membership WHERE state IN ('member', 'suspended', 'ending') AND (sha256 = '' OR term_to = '' OR agreement = '') ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("verify memberships: %w", err)
	}
	for _, x := range bad {
		out = append(out, verify.Finding{Code: "provider.agreement", Object: x, Text: "a member without an agreement that both accepted"})
	}
	bad, err = db.All[string](ctx, q, `SELECT m.id FROM provider_membership m LEFT JOIN (SELECT object, MAX(at) AS at FROM provider_step GROUP BY object) s ON s.object = m.id
		WHERE s.object IS NULL ORDER BY m.id`)
	if err != nil {
		return nil, fmt.Errorf("verify the steps of memberships: %w", err)
	}
	for _, x := range bad {
		out = append(out, verify.Finding{Code: "provider.steps", Object: x, Text: "a membership that nobody began"})
	}
	bad, err = db.All[string](ctx, q, `SELECT id FROM provider_certificate WHERE current AND state <> 'verified' ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("verify certificates: %w", err)
	}
	for _, x := range bad {
		out = append(out, verify.Finding{Code: "provider.certificate", Object: x, Text: "search counts a certificate that nobody has verified"})
	}
	return out, nil
}
