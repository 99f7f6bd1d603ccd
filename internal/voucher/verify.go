package voucher

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// check is one invariant: a statement that lists what breaks it, as object and text.
type check struct{ code, sql string }

// pendingClaim says in which claims a hold's money is still on its grant: not yet approved.
const pendingClaim = `EXISTS (SELECT 1 FROM voucher_claim_item i JOIN voucher_claim c ON c.id = i.claim WHERE i.hold = h.id AND i.live AND c.state IN ('submitted', 'verified'))`

// checks are the invariants of the ledger and of the states that must agree with it. All sums are derived anew.
func checks() []check {
	return []check{
		{"voucher.transfer-sum", `SELECT t.id AS object, 'postings ' || CAST(count(p.account) AS TEXT) || ', sum ' || CAST(coalesce(sum(p.amount), 0) AS TEXT) AS text
			FROM voucher_transfer t LEFT JOIN voucher_posting p ON p.transfer = t.id GROUP BY t.id HAVING count(p.account) < 2 OR sum(p.amount) <> 0`},
		{"voucher.account-floor", `SELECT path AS object, 'balance ' || CAST(balance AS TEXT) || ', floor ' || coalesce(CAST(floor AS TEXT), 'none') AS text
			FROM voucher_account WHERE balance < floor OR floor IS NULL AND part <> 'funder'`},
		{"voucher.programme-budget", `SELECT x.id AS object, 'appropriated ' || CAST(x.given AS TEXT) || ', granted ' || CAST(x.granted AS TEXT) || ', rewarded ' || CAST(x.rewarded AS TEXT) || ', unissued ' || CAST(x.rest AS TEXT) AS text
			FROM (SELECT p.id, coalesce((SELECT -sum(balance) FROM voucher_account WHERE programme = p.id AND part = 'funder'), 0) AS given,
				coalesce((SELECT sum(amount) FROM voucher_grant WHERE programme = p.id), 0) - coalesce((SELECT sum(x.amount) FROM voucher_transfer t JOIN voucher_posting x ON x.transfer = t.id
					WHERE t.programme = p.id AND t.kind = 'return' AND x.amount > 0), 0) AS granted,
				coalesce((SELECT sum(amount) FROM voucher_claim WHERE programme = p.id AND ` + rewarding + `), 0) AS rewarded,
				coalesce((SELECT sum(balance) FROM voucher_account WHERE programme = p.id AND part = 'unissued'), 0) AS rest
				FROM voucher_programme p) x WHERE x.given <> x.granted + x.rewarded + x.rest OR x.granted > x.given`},
		{"voucher.application-grant", `SELECT a.id AS object, 'state ' || a.state || ', grants ' || CAST(count(g.id) AS TEXT) AS text
			FROM voucher_application a LEFT JOIN voucher_grant g ON g.application = a.id GROUP BY a.id
			HAVING count(g.id) <> CASE WHEN a.state = 'approved' THEN 1 ELSE 0 END OR coalesce(sum(g.amount), 0) <> a.granted`},
		{"voucher.grant-ledger", grantLedger},
		{"voucher.hold-parts", `SELECT h.id AS object, 'amount ' || CAST(h.amount AS TEXT) || ', used ' || CAST(h.used AS TEXT) || ', parts ' || CAST(coalesce(sum(p.amount), 0) AS TEXT) || ' and ' || CAST(coalesce(sum(p.used), 0) AS TEXT) AS text
			FROM voucher_hold h LEFT JOIN voucher_hold_part p ON p.hold = h.id GROUP BY h.id
			HAVING coalesce(sum(p.amount), 0) <> h.amount OR coalesce(sum(p.used), 0) <> h.used OR (h.state IN ('held', 'released')) <> (h.used = 0)`},
		{"voucher.hold-claim", `SELECT h.id AS object, 'hold ' || h.state || ', claim ' || coalesce(c.state, 'none') AS text
			FROM voucher_hold h LEFT JOIN voucher_claim_item i ON i.hold = h.id AND i.live LEFT JOIN voucher_claim c ON c.id = i.claim
			WHERE h.state <> CASE WHEN c.state IN ('submitted', 'verified', 'approved', 'published') THEN 'claimed' WHEN c.state IS NOT NULL THEN c.state
				WHEN h.state IN ('held', 'released', 'used') THEN h.state ELSE 'free' END`},
		{"voucher.claim-amount", `SELECT c.id AS object, 'amount ' || CAST(c.amount AS TEXT) || ', orders ' || CAST(coalesce(sum(i.amount), 0) AS TEXT) AS text
			FROM voucher_claim c LEFT JOIN voucher_claim_item i ON i.claim = c.id LEFT JOIN voucher_hold h ON h.id = i.hold
			WHERE NOT c.reward GROUP BY c.id HAVING coalesce(sum(i.amount), 0) <> c.amount OR coalesce(sum(h.used), 0) <> c.amount`},
		{"voucher.reward-amount", `SELECT c.id AS object, 'reward ' || CAST(c.amount AS TEXT) || ', lines ' || CAST(coalesce(sum(l.amount), 0) AS TEXT) AS text
			FROM voucher_claim c LEFT JOIN voucher_reward_line l ON l.reward = c.id WHERE c.reward GROUP BY c.id HAVING coalesce(sum(l.amount), 0) <> c.amount`},
		{"voucher.reward-live", `SELECT r.claim AS object, c.state AS text FROM voucher_reward r JOIN voucher_claim c ON c.id = r.claim
			LEFT JOIN voucher_reward_line l ON l.reward = r.claim AND l.live <> r.live WHERE r.live = (c.state = 'refused') OR l.reward IS NOT NULL OR NOT c.reward`},
		{"voucher.order-total", `SELECT order_id AS object, 'vouchers pay ' || CAST(sum(CASE WHEN state = 'held' THEN amount ELSE used END) AS TEXT) || ' of a price of ' || CAST(max(price) AS TEXT) AS text
			FROM voucher_hold WHERE state <> 'released' GROUP BY order_id HAVING max(price) > 0 AND sum(CASE WHEN state = 'held' THEN amount ELSE used END) > max(price)`},
		{"voucher.claim-way", `SELECT c.id AS object, c.way || ' to ' || c.payee || ', hold ' || h.id || ' is ' || h.way || ' of ' || h.firm || ' at ' || h.provider AS text
			FROM voucher_claim c JOIN voucher_claim_item i ON i.claim = c.id JOIN voucher_hold h ON h.id = i.hold
			WHERE h.programme <> c.programme OR h.way <> c.way OR c.payee <> CASE WHEN c.way = 'refund' THEN h.firm ELSE h.provider END`},
		{"voucher.claim-ledger", claimLedger},
		{"voucher.waiver-officers", `SELECT w.application AS object, 'condition ' || w.condition || ' overruled and application approved by one person' AS text FROM voucher_waiver w
			JOIN voucher_step a ON a.object = w.application AND a.verb = 'approve' WHERE w.person = a.person`},
		{"voucher.claim-officers", `SELECT c.id AS object, 'verified and approved by one person' AS text FROM voucher_claim c
			JOIN voucher_step v ON v.object = c.id AND v.verb IN ('verify', 'propose') JOIN voucher_step a ON a.object = c.id AND a.verb = 'approve' WHERE v.person = a.person`},
	}
}

// grantLedger compares each grant's three accounts with what its holds say. Each sum is worked out once, hence MATERIALIZED.
const grantLedger = `WITH x AS MATERIALIZED (SELECT g.id, g.amount, g.state,
		coalesce((SELECT balance FROM voucher_account WHERE grant_id = g.id AND part = 'available'), 0) AS available,
		coalesce((SELECT balance FROM voucher_account WHERE grant_id = g.id AND part = 'held'), 0) AS held,
		coalesce((SELECT balance FROM voucher_account WHERE grant_id = g.id AND part = 'used'), 0) AS used,
		coalesce((SELECT sum(p.amount) FROM voucher_hold_part p JOIN voucher_hold h ON h.id = p.hold WHERE p.grant_id = g.id AND h.state = 'held'), 0) AS holding,
		coalesce((SELECT sum(p.used) FROM voucher_hold_part p JOIN voucher_hold h ON h.id = p.hold WHERE p.grant_id = g.id AND (h.state = 'used' OR h.state = 'claimed' AND ` + pendingClaim + `)), 0) AS pending,
		coalesce((SELECT sum(p.used) FROM voucher_hold_part p WHERE p.grant_id = g.id), 0) AS spent,
		coalesce((SELECT sum(p.amount) FROM voucher_transfer t JOIN voucher_posting p ON p.transfer = t.id WHERE t.cause = g.id AND t.kind = 'expire' AND p.amount > 0), 0) AS lapsed,
		coalesce((SELECT sum(p.amount) FROM voucher_transfer t JOIN voucher_posting p ON p.transfer = t.id WHERE t.cause = g.id AND t.kind = 'return' AND p.amount > 0), 0) AS returned
		FROM voucher_grant g)
	SELECT x.id AS object, 'left ' || CAST(x.available AS TEXT) || ', held ' || CAST(x.held AS TEXT) || ' of ' || CAST(x.holding AS TEXT) || ', used ' || CAST(x.used AS TEXT) || ' of ' || CAST(x.pending AS TEXT) AS text
	FROM x WHERE x.held <> x.holding OR x.used <> x.pending OR x.available <> x.amount - x.holding - x.spent - x.lapsed - x.returned
		OR x.state <> 'active' AND x.available <> 0 OR (x.state = 'returned') <> (x.returned = x.amount)`

// claimLedger compares what a claim has moved between the payee's accounts with its state.
const claimLedger = `SELECT x.id AS object, x.state || ': payable ' || CAST(x.payable AS TEXT) || ', paid ' || CAST(x.paid AS TEXT) || ', recovered ' || CAST(x.recovered AS TEXT) || ' of ' || CAST(x.amount AS TEXT) AS text
	FROM (SELECT c.id, c.state, c.amount, c.recovered AS asked, c.received AS came,
		coalesce(sum(CASE WHEN a.part = 'payable' THEN p.amount END), 0) AS payable,
		coalesce(sum(CASE WHEN a.part = 'paid' THEN p.amount END), 0) AS paid,
		coalesce(sum(CASE WHEN a.part = 'recover' THEN p.amount END), 0) AS recovered,
		coalesce(sum(CASE WHEN a.part = 'received' THEN p.amount END), 0) AS received
		FROM voucher_claim c LEFT JOIN voucher_transfer t ON t.cause = c.id LEFT JOIN voucher_posting p ON p.transfer = t.id LEFT JOIN voucher_account a ON a.path = p.account
		GROUP BY c.id) x
	WHERE x.payable <> CASE WHEN x.state = 'approved' THEN x.amount WHEN x.state = 'published' THEN x.amount - x.paid ELSE 0 END
		OR x.paid <> CASE WHEN x.state IN ('paid', 'recovered') THEN x.amount - x.asked ELSE 0 END AND NOT (x.state = 'published' AND x.paid >= 0 AND x.paid < x.amount)
		OR x.recovered <> x.asked - x.came OR x.received <> x.came OR (x.state = 'recovered') <> (x.asked = x.amount)`

// Verify derives every invariant of the vouchers anew and lists what is broken; an empty list means all is well.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	type row struct {
		Object string `db:"object"`
		Text   string `db:"text"`
	}
	var out []verify.Finding
	for _, c := range checks() {
		rows, err := db.All[row](ctx, q, c.sql)
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", c.code, err)
		}
		for _, r := range rows {
			out = append(out, verify.Finding{Code: c.code, Object: r.Object, Text: r.Text})
		}
	}
	found, err := balances(ctx, q)
	return append(out, found...), err
}
