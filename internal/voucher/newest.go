package voucher

import (
	"context"

	"qiao/internal/platform/db"
)

// NewestNotices lists the last n published notices, newest first: for the home page.
func (s *Service) NewestNotices(ctx context.Context, q db.Q, n int) ([]Claim, error) {
	return db.All[Claim](ctx, q, `SELECT `+claimColumns+` FROM voucher_claim
		WHERE notice_from <> '' AND state IN ('published', 'paid', 'recovered') ORDER BY notice_from DESC, id DESC LIMIT $1`, n)
}
