package find

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks that no text stands in the log that too few sessions typed, and that every decision names who made it.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	least, err := termOn(ctx, q, "least-sessions", s.today())
	if err != nil {
		return nil, err
	}
	rare, err := db.All[string](ctx, q, `SELECT epoch FROM find_query WHERE text <> '' AND sessions < $1 ORDER BY epoch`, least.Value)
	if err != nil {
		return nil, fmt.Errorf("verify the log: %w", err)
	}
	for _, x := range rare {
		out = append(out, verify.Finding{Code: "find.rare-text", Object: x, Text: "a text stands in the log that too few sessions typed"})
	}
	undecided, err := db.All[string](ctx, q, `SELECT id FROM find_synonym WHERE source <> 'curated' AND state <> 'proposed' AND decided_by = '' ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("verify the synonyms: %w", err)
	}
	for _, x := range undecided {
		out = append(out, verify.Finding{Code: "find.undecided", Object: x, Text: "a group of synonyms is decided by nobody"})
	}
	return out, nil
}
