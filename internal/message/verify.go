package message

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify finds notices that nobody received, and deliveries to somebody the notice is not for.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	for _, check := range []struct{ code, sql, text string }{
		{"message.recipient", `SELECT n.id FROM message_notice n WHERE NOT EXISTS (SELECT 1 FROM message_receipt r WHERE r.notice = n.id) ORDER BY n.id LIMIT 100`,
			"a notice has no recipient"},
		{"message.delivery", `SELECT d.id FROM message_delivery d WHERE NOT EXISTS (SELECT 1 FROM message_receipt r WHERE r.notice = d.notice AND r.person = d.person) ORDER BY d.id LIMIT 100`,
			"a delivery goes to somebody who has no receipt of the notice"},
	} {
		ids, err := db.All[string](ctx, q, check.sql)
		if err != nil {
			return nil, fmt.Errorf("verify %s: %w", check.code, err)
		}
		for _, id := range ids {
			out = append(out, verify.Finding{Code: check.code, Object: id, Text: check.text})
		}
	}
	return out, nil
}
