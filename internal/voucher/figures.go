package voucher

import (
	"context"
	"fmt"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
)

// DaySum is an amount of a civil day.
type DaySum struct {
	Day    string    `db:"day"`
	Amount money.Fen `db:"amount"`
}

// Flows are what a programme issued, what firms used and what was paid in full, day by day, oldest first.
type Flows struct{ Issued, Used, Paid []DaySum }

// Flows reads how a programme's money moved over time.
func (s *Service) Flows(ctx context.Context, q db.Q, programme string) (Flows, error) {
	var out Flows
	for _, x := range []struct {
		into *[]DaySum
		sql  string
	}{
		{&out.Issued, `SELECT issued_on AS day, CAST(sum(amount) AS BIGINT) AS amount FROM voucher_grant WHERE programme = $1 GROUP BY issued_on ORDER BY issued_on`},
		{&out.Used, `SELECT used_on AS day, CAST(sum(used) AS BIGINT) AS amount FROM voucher_hold WHERE programme = $1 AND used_on <> '' AND used > 0 GROUP BY used_on ORDER BY used_on`},
		{&out.Paid, `SELECT paid_on AS day, CAST(sum(amount) AS BIGINT) AS amount FROM voucher_claim WHERE programme = $1 AND state = 'paid' AND NOT reward GROUP BY paid_on ORDER BY paid_on`},
	} {
		var err error
		if *x.into, err = db.All[DaySum](ctx, q, x.sql, programme); err != nil {
			return out, fmt.Errorf("read how programme %s moved: %w", programme, err)
		}
	}
	return out, nil
}

// The figures of a budget that can be looked into.
const (
	FigureAppropriated = "appropriated"
	FigureIssued       = "issued"
	FigureHeld         = "held"
	FigureUsed         = "used" // wherever the money is now
	FigureClaimed      = "claimed"
	FigurePayable      = "payable"
	FigurePaid         = "paid"
	FigureRecovered    = "recovered"
	FigureAvailable    = "available"
	FigureExpiring     = "expiring" // of what is available: within six weeks
	FigureLapsed       = "lapsed"
	FigureRewarded     = "rewarded" // rewards of providers, wherever the money is now
)

// FigureRow is one of the things that make up a figure of a budget.
type FigureRow struct {
	ID     string    `db:"id"`
	Kind   string    `db:"kind"`   // transfer, grant, order, claim
	Number string    `db:"number"` // empty for an order, which order's own module names
	Day    string    `db:"day"`    // of a grant that can still be used: its last day
	Org    string    `db:"org"`    // whose it is
	Amount money.Fen `db:"amount"`
}

// FigureRows lists what makes up a figure, the latest first, at most limit rows; the sum is of all of them.
func (s *Service) FigureRows(ctx context.Context, q db.Q, programme, figure string, limit int) (rows []FigureRow, sum money.Fen, err error) {
	body, ok := figureSQL[figure]
	if !ok {
		return nil, 0, fmt.Errorf("figure %s is not known", figure)
	}
	args := []any{programme}
	if figure == FigureExpiring {
		soon, err := clock.AddDays(s.today(), noticeSix)
		if err != nil {
			return nil, 0, fmt.Errorf("rows of a budget: %w", err)
		}
		args = append(args, soon)
	}
	if sum, err = db.One[money.Fen](ctx, q, `SELECT CAST(coalesce(sum(x.amount), 0) AS BIGINT) FROM (`+body+`) x`, args...); err != nil {
		return nil, 0, fmt.Errorf("sum %s of programme %s: %w", figure, programme, err)
	}
	args = append(args, limit)
	order := "DESC"
	if figure == FigureExpiring || figure == FigureAvailable {
		order = "ASC" // what ends first
	}
	rows, err = db.All[FigureRow](ctx, q, fmt.Sprintf(`SELECT x.id, x.kind, x.number, x.day, x.org, CAST(x.amount AS BIGINT) AS amount FROM (%s) x ORDER BY x.day %s, x.id LIMIT $%d`, body, order, len(args)), args...)
	if err != nil {
		return nil, 0, fmt.Errorf("list %s of programme %s: %w", figure, programme, err)
	}
	return rows, sum, nil
}

// ofClaims sums what lies in one part of the payees' accounts, claim by claim.
func ofClaims(part string) string {
	return `SELECT c.id, 'claim' AS kind, c.number, c.submitted_on AS day, c.payee AS org, sum(p.amount) AS amount
		FROM voucher_claim c JOIN voucher_transfer t ON t.cause = c.id JOIN voucher_posting p ON p.transfer = t.id AND p.account LIKE '` + part + `/%'
		WHERE c.programme = $1 GROUP BY c.id, c.number, c.submitted_on, c.payee HAVING sum(p.amount) <> 0`
}

const leftOnGrants = `SELECT g.id, 'grant' AS kind, g.number, g.expires_on AS day, g.firm AS org, a.balance AS amount
	FROM voucher_grant g JOIN voucher_account a ON a.grant_id = g.id AND a.part = 'available' WHERE g.programme = $1 AND a.balance > 0`

var figureSQL = map[string]string{
	FigureAppropriated: `SELECT t.id, 'transfer' AS kind, '' AS number, t.day, a.funder AS org, -p.amount AS amount FROM voucher_transfer t JOIN voucher_posting p ON p.transfer = t.id
		JOIN voucher_account a ON a.path = p.account AND a.part = 'funder' WHERE t.programme = $1 AND t.kind = 'appropriate'`,
	FigureIssued: `SELECT g.id, 'grant' AS kind, g.number, g.issued_on AS day, g.firm AS org, g.amount - ` + returnedOf + ` AS amount FROM voucher_grant g WHERE g.programme = $1`,
	FigureHeld:   `SELECT h.order_id AS id, 'order' AS kind, '' AS number, h.held_on AS day, h.firm AS org, h.amount FROM voucher_hold h WHERE h.programme = $1 AND h.state = 'held'`,
	FigureUsed:   `SELECT h.order_id AS id, 'order' AS kind, '' AS number, h.used_on AS day, h.firm AS org, h.used AS amount FROM voucher_hold h WHERE h.programme = $1 AND h.used > 0`,
	FigureClaimed: `SELECT c.id, 'claim' AS kind, c.number, c.submitted_on AS day, c.payee AS org, c.amount FROM voucher_claim c
		WHERE c.programme = $1 AND c.state IN ('submitted', 'verified') AND NOT c.reward`,
	FigureRewarded:  `SELECT c.id, 'claim' AS kind, c.number, c.submitted_on AS day, c.payee AS org, c.amount FROM voucher_claim c WHERE c.programme = $1 AND ` + rewarding,
	FigurePayable:   ofClaims("payable"),
	FigurePaid:      ofClaims("paid"),
	FigureRecovered: ofClaims("recover"),
	FigureAvailable: leftOnGrants,
	FigureExpiring:  leftOnGrants + ` AND g.state = 'active' AND g.expires_on <= $2`,
	FigureLapsed: `SELECT t.id, 'transfer' AS kind, '' AS number, t.day, t.firm AS org, p.amount FROM voucher_transfer t JOIN voucher_posting p ON p.transfer = t.id
		JOIN voucher_account a ON a.path = p.account AND a.part = 'lapsed' WHERE t.programme = $1`,
}

// Result is what was paid to one provider in one year of one programme.
type Result struct {
	Programme string    `db:"programme"`
	Year      string    `db:"year"`
	Provider  string    `db:"provider"`
	Claims    int64     `db:"claims"`
	Orders    int64     `db:"orders"`
	Amount    money.Fen `db:"amount"`
}

// Results lists what was paid in full and stands, by programme, year and provider.
func (s *Service) Results(ctx context.Context, q db.Q) ([]Result, error) {
	out, err := db.All[Result](ctx, q, `SELECT c.programme, substr(c.paid_on, 1, 4) AS year, c.payee AS provider, count(*) AS claims, CAST(sum(c.amount - c.recovered) AS BIGINT) AS amount,
			CAST(sum((SELECT count(*) FROM voucher_claim_item i WHERE i.claim = c.id)) AS BIGINT) AS orders
		FROM voucher_claim c WHERE c.state = 'paid' GROUP BY c.programme, substr(c.paid_on, 1, 4), c.payee ORDER BY 2 DESC, c.programme, c.payee`)
	if err != nil {
		return nil, fmt.Errorf("read the results: %w", err)
	}
	return out, nil
}

// FirmsPaidFor counts the firms whose orders were paid in a programme and year: key is "programme/year".
func (s *Service) FirmsPaidFor(ctx context.Context, q db.Q) (map[string]int64, error) {
	type row struct {
		Programme string `db:"programme"`
		Year      string `db:"year"`
		Firms     int64  `db:"firms"`
	}
	rows, err := db.All[row](ctx, q, `SELECT c.programme, substr(c.paid_on, 1, 4) AS year, count(DISTINCT h.firm) AS firms
		FROM voucher_claim c JOIN voucher_claim_item i ON i.claim = c.id JOIN voucher_hold h ON h.id = i.hold WHERE c.state = 'paid' GROUP BY c.programme, substr(c.paid_on, 1, 4)`)
	if err != nil {
		return nil, fmt.Errorf("count the firms: %w", err)
	}
	out := map[string]int64{}
	for _, r := range rows {
		out[r.Programme+"/"+r.Year] = r.Firms
	}
	return out, nil
}
