package exchange

import (
	"context"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
	"qiao/internal/platform/web"
)

// API registers the module's calls.
func (s *Service) API(*web.APIGroup) {}

// Verify checks that the list of changes holds exactly what is public.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	return s.verify(ctx, q)
}
