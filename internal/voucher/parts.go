package voucher

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
)

// What a transfer did between one funder and one payee, as a PartMove says it.
const (
	MoveApprove = kindApprove // the funder owes its part
	MoveRefuse  = kindRefuse  // it owes it no more: an objection was upheld
	MovePay     = kindPay     // it has paid
	MoveBounce  = kindBounce  // the bank gave the payment back: it owes again
	MoveRecover = kindRecover // it asks back what it had paid
	MoveReceive = kindReceive // what it asked back has come
)

// PartMove is what one transfer did between one funder and one payee, gross.
type PartMove struct {
	Transfer  string    `db:"id"`
	At        db.Time   `db:"at"`
	Day       string    `db:"day"`
	What      string    `db:"kind"` // MoveApprove … MoveReceive
	Programme string    `db:"programme"`
	Claim     string    `db:"claim"`  // id
	Number    string    `db:"number"` // of the claim
	Funder    string    `db:"funder"`
	Payee     string    `db:"party"`
	Amount    money.Fen `db:"amount"` // above zero
}

// Pair is a funder and a payee.
type Pair struct{ Funder, Payee string }

// Settlements lists what every funder owes, has paid and got back, by payee.
func (s *Service) Settlements(ctx context.Context, q db.Q) ([]Settlement, error) {
	return settlements(ctx, q, &db.Where{})
}

// pairsAtOnce bounds the accounts that one statement names.
const pairsAtOnce = 200

// PartMoves lists, oldest first, what happened between the pairs after a civil day, and what was booked since an instant whatever
// its day. An empty day asks for everything.
func (s *Service) PartMoves(ctx context.Context, q db.Q, pairs []Pair, day string, since time.Time) ([]PartMove, error) {
	var out []PartMove
	for some := range slices.Chunk(pairs, pairsAtOnce) {
		var paths []string
		for _, p := range some {
			for _, part := range []string{"payable", "paid", "recover", "received"} {
				paths = append(paths, ofPayee(part, p.Payee, p.Funder).path())
			}
		}
		w := &db.Where{}
		w.In("p.account", paths)
		w.And(ofParties)
		w.And("(t.kind IN ('approve', 'refuse') AND a.part = 'payable' OR t.kind IN ('pay', 'bounce') AND a.part = 'paid' OR t.kind = 'recover' AND a.part = 'recover' OR t.kind = 'receive' AND a.part = 'received')")
		if day != "" {
			w.And("(t.day > ? OR t.at >= ?)", day, db.Stamp(since))
		}
		rows, err := db.All[PartMove](ctx, q, `SELECT t.id, t.at, t.day, t.kind, t.programme, t.cause AS claim, coalesce(c.number, '') AS number, a.funder, a.party, abs(p.amount) AS amount
			FROM voucher_posting p JOIN voucher_account a ON a.path = p.account JOIN voucher_transfer t ON t.id = p.transfer
				LEFT JOIN voucher_claim c ON c.id = t.cause`+w.SQL()+` ORDER BY t.day, t.id, a.path`, w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("read what moved between funders and payees: %w", err)
		}
		out = append(out, rows...)
	}
	return out, nil
}

// ClaimItems are the orders of claims, by claim.
func (s *Service) ClaimItems(ctx context.Context, q db.Q, claims []string) (map[string][]ClaimItem, error) {
	claims = slices.Compact(slices.Sorted(slices.Values(claims)))
	out := map[string][]ClaimItem{}
	for some := range slices.Chunk(claims, pairsAtOnce) {
		w := &db.Where{}
		w.In("i.claim", some)
		rows, err := db.All[ClaimItem](ctx, q, `SELECT i.claim, i.hold, h.order_id, h.firm, i.order_number, i.title, i.price, i.amount
			FROM voucher_claim_item i JOIN voucher_hold h ON h.id = i.hold`+w.SQL()+` ORDER BY i.claim, i.order_number, i.hold`, w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("list the orders of redemptions: %w", err)
		}
		for _, r := range rows {
			out[r.Claim] = append(out[r.Claim], r)
		}
	}
	return out, nil
}
