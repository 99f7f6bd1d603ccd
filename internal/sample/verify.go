package sample

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks what must always hold of samples: amounts are the sums of their steps, states those of the last step.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	for _, x := range []struct{ code, text, sql string }{
		{"sample.amount", "the amount is not the sum of the steps", `SELECT s.id FROM sample_sample s WHERE s.amount <> (SELECT CAST(coalesce(sum(x.change), 0) AS BIGINT) FROM sample_step x WHERE x.sample = s.id) ORDER BY s.id`},
		{"sample.state", "the state is not that of the last step", `SELECT s.id FROM sample_sample s WHERE NOT EXISTS (SELECT 1 FROM sample_step x WHERE x.sample = s.id AND x.position = s.revision AND x.to_state = s.state) ORDER BY s.id`},
		{"sample.steps", "a step is missing", `SELECT s.id FROM sample_sample s WHERE s.revision <> (SELECT count(*) FROM sample_step x WHERE x.sample = s.id) ORDER BY s.id`},
		{"sample.due", "the last day is not the agreed one", `SELECT id FROM sample_sample WHERE keep_until <> '' AND due_on <> keep_until ORDER BY id`},
	} {
		bad, err := db.All[string](ctx, q, x.sql)
		if err != nil {
			return nil, fmt.Errorf("verify %s: %w", x.code, err)
		}
		for _, object := range bad {
			out = append(out, verify.Finding{Code: x.code, Object: object, Text: x.text})
		}
	}
	return out, nil
}
