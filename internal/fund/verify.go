package fund

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify re-derives what must hold: each account's balance is the sum of its postings, each transfer sums to zero, what
// a card has reserved and spent is what its orders say, and the shares of an income add up to it.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	for _, c := range []struct{ code, text, sql string }{
		{"fund.balance", "the balance is not the sum of the entries", `SELECT a.path AS object, CAST(a.balance AS TEXT) AS detail FROM fund_account a
			WHERE a.balance <> (SELECT coalesce(sum(p.amount), 0) FROM fund_posting p WHERE p.account = a.path)`},
		{"fund.zero", "the postings do not sum to zero", `SELECT p.transfer AS object, CAST(sum(p.amount) AS TEXT) AS detail FROM fund_posting p GROUP BY p.transfer HAVING sum(p.amount) <> 0`},
		{"fund.reserved", "what is reserved is not what orders have put aside", `SELECT a.path AS object, CAST(a.balance AS TEXT) AS detail FROM fund_account a WHERE a.part = 'reserved'
			AND a.balance <> (SELECT coalesce(sum(h.amount), 0) FROM fund_hold h WHERE h.card = a.card AND h.state IN ('pending', 'reserved'))`},
		{"fund.spent", "what is spent is not what orders were charged", `SELECT a.path AS object, CAST(a.balance AS TEXT) AS detail FROM fund_account a WHERE a.part = 'spent'
			AND a.balance <> (SELECT coalesce(sum(h.charged), 0) FROM fund_hold h WHERE h.card = a.card AND h.state = 'charged')`},
		{"fund.income", "the shares do not add up to the income", `SELECT i.order_id AS object, CAST(i.amount AS TEXT) AS detail FROM fund_income i WHERE i.split <> ''
			AND i.amount <> (SELECT coalesce(sum(p.amount), 0) FROM fund_income_part p WHERE p.order_id = i.order_id)`},
	} {
		type found struct {
			Object string `db:"object"`
			Detail string `db:"detail"`
		}
		rows, err := db.All[found](ctx, q, c.sql)
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", c.code, err)
		}
		for _, r := range rows {
			out = append(out, verify.Finding{Code: c.code, Object: r.Object, Text: c.text + ": " + r.Detail})
		}
	}
	return out, nil
}
