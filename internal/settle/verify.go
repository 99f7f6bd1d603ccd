package settle

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
	"qiao/internal/voucher"
)

// settling is how long before the close an entry may have begun to be written without being seen by it.
const settling = time.Minute

// checks are the invariants that one statement of SQL tells: each lists what breaks it, as object and text.
func checks() [][2]string {
	return [][2]string{
		{"settle.side-persons", `SELECT statement AS object, region || ': checked and confirmed by one person' AS text FROM settle_side
			WHERE state = 'confirmed' AND (confirmer = '' OR checker = '' OR confirmer = checker) OR state = 'checked' AND checker = ''`},
		{"settle.agreed-sides", `SELECT s.id AS object, s.state || ' with ' || CAST(count(x.region) AS TEXT) || ' sides that confirmed' AS text FROM settle_statement s
			LEFT JOIN settle_side x ON x.statement = s.id AND x.state = 'confirmed' GROUP BY s.id, s.state HAVING (s.state = 'agreed') <> (count(x.region) = 2)`},
		{"settle.break-item", `SELECT b.id AS object, 'about an item that is not on its statement' AS text FROM settle_break b WHERE b.transfer <> ''
			AND NOT EXISTS (SELECT 1 FROM settle_item i WHERE i.statement = b.statement AND i.transfer = b.transfer AND i.payee = b.payee AND i.funder = b.funder)`},
		{"settle.item-pair", `SELECT i.transfer AS object, i.payer_region || ' and ' || i.payee_region || ' on the statement of ' || s.low || ' and ' || s.high AS text
			FROM settle_item i JOIN settle_statement s ON s.id = i.statement WHERE s.state = 'open' OR i.day > s.to_day
				OR NOT (i.payer_region = s.low AND i.payee_region = s.high OR i.payer_region = s.high AND i.payee_region = s.low)`},
		{"settle.windows", `SELECT a.id AS object, 'overlaps ' || b.number AS text FROM settle_statement a JOIN settle_statement b ON b.low = a.low AND b.high = a.high AND b.from_day > a.from_day
			WHERE b.from_day <= a.to_day`},
	}
}

// Verify derives every invariant anew: statements come to their seals, their items are the ledger's, no movement is forgotten,
// and what one region owes by the statements is what the ledger says is owed to payees of the other.
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
	a, err := s.atlas(ctx, q)
	if err != nil {
		return nil, err
	}
	statements, err := listStatements(ctx, q, &db.Where{}, "", 1<<30)
	if err != nil {
		return nil, err
	}
	frozen, found, err := s.verifySeals(ctx, q, statements)
	if err != nil {
		return nil, err
	}
	out = append(out, found...)
	found, err = s.verifyLedger(ctx, q, a, statements, frozen)
	return append(out, found...), err
}

// verifySeals recomputes count, total and SHA-256 of every closed statement and of the sides that had nothing against it, and
// gives back all frozen items.
func (s *Service) verifySeals(ctx context.Context, q db.Q, statements []Statement) ([]Item, []verify.Finding, error) {
	var all []Item
	var out []verify.Finding
	for _, x := range statements {
		if x.State == Open {
			continue
		}
		items, err := listItems(ctx, q, x.ID)
		if err != nil {
			return nil, nil, err
		}
		want := Seal{x.Count, x.Total, x.Digest}
		if got := SealOf(x.Low, x.High, x.Window(), items); got != want {
			out = append(out, verify.Finding{Code: "settle.statement-seal", Object: x.ID, Text: fmt.Sprintf("items come to %v, the statement says %v", got, want)})
		}
		found, err := verifySides(ctx, q, x, want)
		if err != nil {
			return nil, nil, err
		}
		all, out = append(all, items...), append(out, found...)
	}
	return all, out, nil
}

// verifySides compares what each side has checked with the statement: all of it, or less where it raised breaks.
func verifySides(ctx context.Context, q db.Q, x Statement, whole Seal) ([]verify.Finding, error) {
	breaks, err := breaksOf(ctx, q, x.ID)
	if err != nil {
		return nil, err
	}
	sides, err := sidesOf(ctx, q, x.ID)
	if err != nil {
		return nil, err
	}
	raised := map[string]bool{}
	for _, b := range breaks {
		raised[b.Region] = true
	}
	var out []verify.Finding
	for region, side := range sides[x.ID] {
		got := Seal{side.Count, side.Total, side.Digest}
		if side.State != Waiting && (!raised[region] && got != whole || got.Count > whole.Count || got.Total > whole.Total) {
			out = append(out, verify.Finding{Code: "settle.side-seal", Object: x.ID, Text: fmt.Sprintf("%s checked %v, the statement says %v", region, got, whole)})
		}
	}
	return out, nil
}

// verifyLedger compares the statements with the ledger.
func (s *Service) verifyLedger(ctx context.Context, q db.Q, a atlas, statements []Statement, frozen []Item) ([]verify.Finding, error) {
	all, err := s.Vouchers.Settlements(ctx, q)
	if err != nil {
		return nil, err
	}
	pairs := make([]voucher.Pair, len(all))
	for i, x := range all {
		pairs[i] = voucher.Pair{Funder: x.Funder, Payee: x.Payee}
	}
	moves, err := s.Vouchers.PartMoves(ctx, q, pairs, "", time.Time{})
	if err != nil {
		return nil, err
	}
	stated := map[string]Item{}
	sums := map[voucher.Pair]Totals{}
	for _, i := range frozen {
		stated[i.Key()] = i
		sums[voucher.Pair{Funder: i.Funder, Payee: i.Payee}] = plus(sums[voucher.Pair{Funder: i.Funder, Payee: i.Payee}], i)
	}
	var out []verify.Finding
	for _, m := range moves {
		i := a.item(m, nil)
		k := voucher.Pair{Funder: m.Funder, Payee: m.Payee}
		f, on := stated[i.Key()]
		delete(stated, i.Key())
		switch {
		case on && (f.Amount != m.Amount || f.What != m.What || f.Day != m.Day || f.Number != m.Number):
			out = append(out, verify.Finding{Code: "settle.item-ledger", Object: i.Key(), Text: fmt.Sprintf("%s %s %d on %s, the ledger has %s %s %d", f.Number, f.What, f.Amount, f.Day, m.Number, m.What, m.Amount)})
		case !on && i.PayerRegion != i.PayeeRegion:
			sums[k] = plus(sums[k], i)
			if x, missed := forgotten(statements, i, m.At.Time); missed {
				out = append(out, verify.Finding{Code: "settle.movement-missed", Object: i.Key(), Text: "of " + m.Day + " was there when " + x.Number + " was closed"})
			}
		}
	}
	for key := range stated {
		out = append(out, verify.Finding{Code: "settle.item-ledger", Object: key, Text: "is not in the ledger"})
	}
	for _, x := range a.balance { // the statements from the one side, the payees' accounts from the other
		got := sums[voucher.Pair{Funder: x.Funder, Payee: x.Payee}]
		if got.Owes() != x.Payable || got.Recovered != x.Recovered || got.Received != x.Received {
			out = append(out, verify.Finding{Code: "settle.two-sides", Object: x.Funder + "/" + x.Payee, Text: fmt.Sprintf("by the statements owed %d, asked back %d, come back %d; by the payee's accounts %d, %d, %d",
				got.Owes(), got.Recovered, got.Received, x.Payable, x.Recovered, x.Received)})
		}
	}
	return out, nil
}

func plus(x Totals, i Item) Totals {
	x.add(i)
	return x
}

// forgotten finds a closed statement that should have had a movement.
func forgotten(statements []Statement, i Item, at time.Time) (Statement, bool) {
	c := coupleOf(i.PayerRegion, i.PayeeRegion)
	for _, x := range statements {
		if x.State != Open && x.Low == c.low && x.High == c.high && i.Day <= x.To && at.Before(x.ClosedAt.Add(-settling)) {
			return x, true
		}
	}
	return Statement{}, false
}
