package pricing

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify re-derives what must hold: every published version is a well-formed plan, and every order priced by one comes
// to the same total when it is counted out again.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	versions, err := db.All[Version](ctx, q, `SELECT `+versionColumns+` FROM pricing_version ORDER BY plan, version`)
	if err != nil {
		return nil, fmt.Errorf("list price versions: %w", err)
	}
	for _, v := range versions {
		p, err := v.Plan()
		if err == nil {
			err = p.Check()
		}
		if err != nil {
			out = append(out, verify.Finding{Code: "price.plan", Object: v.Sheet, Text: fmt.Sprintf("version %d is not a plan: %v", v.Version, err)})
		}
	}
	kept, err := db.All[keptRow](ctx, q, keptSQL+` ORDER BY k.order_id`)
	if err != nil {
		return nil, fmt.Errorf("list kept prices: %w", err)
	}
	for _, row := range kept {
		k, err := row.kept()
		if err != nil {
			return nil, err
		}
		if p, err := Price(k.Plan, k.Facts); err != nil || p.Total != k.Total {
			out = append(out, verify.Finding{Code: "price.kept", Object: k.Order, Text: fmt.Sprintf("counted out again it is %d fen, kept are %d (%v)", p.Total, k.Total, err)})
		}
	}
	return out, nil
}
