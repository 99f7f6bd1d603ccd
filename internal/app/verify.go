package app

import (
	"context"
	"fmt"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify re-derives every invariant: each module's own on one unmoving view of the database, the audit
// chain, and that the search index holds exactly the live catalogue.
func (a *App) Verify(ctx context.Context) ([]verify.Finding, error) {
	if err := a.Settle(ctx); err != nil {
		return nil, fmt.Errorf("deliver what waits: %w", err)
	}
	var out []verify.Finding
	err := a.db.Snapshot(ctx, func(ctx context.Context, q db.Q) error {
		for _, m := range a.modules() {
			found, err := m.Verify(ctx, q)
			if err != nil {
				return fmt.Errorf("verify %T: %w", m, err)
			}
			out = append(out, found...)
		}
		found, err := a.match.VerifyIndex(ctx, q)
		if err != nil {
			return fmt.Errorf("verify the candidates' index: %w", err)
		}
		out = append(out, found...)
		found, err = audit.Verify(ctx, q, a.clock.Now())
		out = append(out, found...)
		return err
	})
	return out, err
}
