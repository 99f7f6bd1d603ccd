package voucher

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/state"
)

// asked is what the request asks for, as its step knows it. An amount counts only where one is given, so that requests of
// before are known again.
func (r VerbRequest) asked(verb string) (ask, error) {
	if r.Amount == 0 {
		return asked(r.Key, verb, r.Note)
	}
	return asked(r.Key, verb, r.Note, r.Amount)
}

// back finds what a recovery or a receipt is about: all there is when no amount is named. A recovery of a part leaves the
// claim paid.
func (c Claim) back(move state.Step, amount money.Fen) (state.Step, money.Fen, error) {
	var most money.Fen
	switch move.Verb {
	case "recover":
		most = c.Amount - c.Recovered
	case "receive":
		most = c.Recovered - c.Received
	default:
		return move, 0, nil
	}
	if most == 0 {
		return move, 0, fault.New(fault.Conflict, "nothing-open", "没有等待退回的款项。")
	}
	if amount == 0 {
		amount = most
	}
	if amount < 0 || amount > most {
		return move, 0, fault.New(fault.Invalid, "amount-range", "金额应在 0 到 {0} 之间。", most).Field("amount", "range", "金额应在 0 到 {0} 之间。", most)
	}
	if move.Verb == "recover" && amount < most {
		part, err := Claims.Next(c.State, "recover-part")
		return part, amount, err
	}
	return move, amount, nil
}

// backEffect counts what is asked back, or has come; a claim recovered to the end takes its holds along.
func (s *Service) backEffect(ctx context.Context, tx *db.Tx, c *Claim, verb string, amount money.Fen, told Redemption) (outbox.Event, error) {
	told.Amount = amount
	if verb == "receive" {
		c.Received += amount
		return Received{told}, nil
	}
	c.Recovered += amount
	if verb == "recover-part" {
		return Recovered{told}, nil
	}
	return Recovered{told}, moveHoldsOf(ctx, tx, *c, "paid", "recovered")
}

// backKey is the key of a transfer of a part: which one it is follows from what went before. A claim recovered at once has
// the key it always had.
func (c Claim) backKey(kind string, so, amount money.Fen) string {
	if kind == kindRecover && so == c.Amount && amount == c.Amount {
		return kind + "/" + c.ID
	}
	return fmt.Sprintf("%s/%s/%d", kind, c.ID, so)
}

// shifted moves an amount of a claim from one account of its payee to the next: of each funder in proportion to what it has
// there, the sums so far rounded down, so that all make up the amount and none gives more than it has.
func shifted(ctx context.Context, q db.Q, c Claim, from, to string, amount money.Fen) ([]posting, error) {
	have, err := lyingWith(ctx, q, c.ID, from)
	if err != nil {
		return nil, err
	}
	var all money.Fen
	for _, h := range have {
		all += h.Amount
	}
	if amount > all || all == 0 {
		return nil, fmt.Errorf("redemption %s has %s in %s, not %s", c.ID, all, from, amount)
	}
	var out []posting
	var so, before money.Fen
	for _, h := range have {
		so += h.Amount
		until := money.Split(so, int64(all-amount), int64(amount))[1]
		part := until - before
		before = until
		out = append(out, posting{ofPayee(from, c.Payee, h.Funder), -part}, posting{ofPayee(to, c.Payee, h.Funder), part})
	}
	return out, nil
}

// funded is what lies with a payee for one funder.
type funded struct {
	Funder string    `db:"funder"`
	Amount money.Fen `db:"amount"`
}

// lyingWith is what a claim has put into one of its payee's accounts, by funder, as it stands now.
func lyingWith(ctx context.Context, q db.Q, claim, part string) ([]funded, error) {
	out, err := db.All[funded](ctx, q, `SELECT a.funder, CAST(sum(p.amount) AS BIGINT) AS amount FROM voucher_transfer t JOIN voucher_posting p ON p.transfer = t.id
		JOIN voucher_account a ON a.path = p.account WHERE t.cause = $1 AND a.part = $2 GROUP BY a.funder HAVING sum(p.amount) > 0 ORDER BY a.funder`, claim, part)
	if err != nil {
		return nil, fmt.Errorf("read what lies with the payee of redemption %s: %w", claim, err)
	}
	return out, nil
}
