package payout

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/platform/verify"
)

// checks are the invariants of batches: each lists what breaks it, as object and text.
func checks() [][2]string {
	return [][2]string{
		{"payout.batch-total", `SELECT b.id AS object, 'total ' || CAST(b.total AS TEXT) || ', payments ' || CAST(coalesce(sum(i.amount), 0) AS TEXT) AS text
			FROM payout_batch b LEFT JOIN payout_item i ON i.batch = b.id AND (i.state NOT IN ('stopped', 'dropped') OR b.state = 'cancelled' AND i.state = 'dropped')
			GROUP BY b.id HAVING b.state <> 'cancelled' AND (b.total <> coalesce(sum(i.amount), 0) OR b.count <> count(i.id))`},
		{"payout.batch-state", `SELECT b.id AS object, b.state || ' with a payment ' || i.state AS text FROM payout_batch b JOIN payout_item i ON i.batch = b.id
			WHERE i.state NOT IN ('stopped', 'dropped') AND (i.state = 'planned') <> (b.state IN ('drafted', 'submitted', 'approved'))
				OR i.state = 'sent' AND b.state <> 'sent' OR b.state = 'matched' AND i.state = 'returned'`},
		{"payout.item-live", `SELECT i.id AS object, i.state AS text FROM payout_item i WHERE i.live <> (i.state IN ('planned', 'sent', 'paid'))`},
		{"payout.part-twice", `SELECT i.claim AS object, 'of ' || i.funder || ' in ' || CAST(count(*) AS TEXT) || ' payments' AS text FROM payout_item i
			WHERE i.state IN ('planned', 'sent', 'paid') GROUP BY i.claim, i.funder HAVING count(*) > 1`},
		{"payout.batch-officers", `SELECT b.id AS object, 'approved by who drafted or submitted it' AS text FROM payout_batch b
			WHERE b.approver <> '' AND b.approver IN (b.drafter, b.submitter) OR b.state IN ('approved', 'sent', 'matched', 'partly-returned', 'closed') AND b.approver = ''`},
		{"payout.account-officers", `SELECT a.id AS object, 'confirmed by who proposed it' AS text FROM payout_account a WHERE a.decider = a.person OR a.state = 'confirmed' AND a.decider = ''`},
	}
}

// Verify derives every invariant anew, and compares what was paid with the ledger.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	type row struct {
		Object string `db:"object"`
		Text   string `db:"text"`
	}
	var out []verify.Finding
	for _, c := range checks() {
		rows, err := db.All[row](ctx, q, c[1])
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", c[0], err)
		}
		for _, r := range rows {
			out = append(out, verify.Finding{Code: c[0], Object: r.Object, Text: r.Text})
		}
	}
	found, err := s.verifyLedger(ctx, q)
	return append(out, found...), err
}

// verifyLedger compares each payment that arrived with its posting, and each that came back after it had arrived.
func (s *Service) verifyLedger(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	booked, err := s.vouchers.PartPayments(ctx, q)
	if err != nil {
		return nil, err
	}
	type row struct {
		ID     string    `db:"id"`
		Number string    `db:"number"`
		State  string    `db:"state"`
		Amount money.Fen `db:"amount"`
	}
	items, err := db.All[row](ctx, q, `SELECT id, number, state, amount FROM payout_item WHERE state IN ('paid', 'returned', 'sent')`)
	if err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	var out []verify.Finding
	for _, it := range items {
		var want money.Fen
		if it.State == ItemPaid {
			want = it.Amount
		}
		if booked[it.ID] != want {
			out = append(out, verify.Finding{Code: "payout.item-ledger", Object: it.ID, Text: fmt.Sprintf("%s %s: booked %d, want %d", it.Number, it.State, booked[it.ID], want)})
		}
		delete(booked, it.ID)
	}
	for id, sum := range booked {
		if sum != 0 {
			out = append(out, verify.Finding{Code: "payout.item-ledger", Object: id, Text: fmt.Sprintf("booked %d for no payment", sum)})
		}
	}
	return out, nil
}
