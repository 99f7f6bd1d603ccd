package fund

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
)

// The kinds of transfer.
const (
	kindDeposit = "deposit" // source → available
	kindRefund  = "refund"  // available → source
	kindReserve = "reserve" // available → reserved
	kindRelease = "release" // reserved → available
	kindCharge  = "charge"  // reserved → spent, the rest back to available or the excess from it
)

// The accounts of a card.
const (
	partSource    = "source"
	partAvailable = "available"
	partReserved  = "reserved"
	partSpent     = "spent"
)

// transfer is 2…n postings on the accounts of one card that sum to zero, done once for its key.
type transfer struct {
	key, kind, card, order, evidence, person, day string
	at                                            db.Time
	moves                                         map[string]money.Fen // by part
}

func path(card, part string) string { return "card/" + card + "/" + part }

// parts is the order in which accounts are moved, in every transfer the same.
func parts() []string { return []string{partSource, partAvailable, partReserved, partSpent} }

// digest condenses what was asked.
func (t transfer) digest() (string, error) {
	b, err := json.Marshal([]any{t.kind, t.card, t.order, t.evidence, t.moves})
	if err != nil {
		return "", fmt.Errorf("digest a transfer: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// errTooLittle is a transfer that would take more than an account has.
var errTooLittle = errors.New("fund: the account has too little")

// book writes a transfer and moves the balances; false when its key was used before with the same content.
func book(ctx context.Context, tx *db.Tx, t transfer) (bool, error) {
	digest, err := t.digest()
	if err != nil {
		return false, err
	}
	had, err := db.All[string](ctx, tx, `SELECT digest FROM fund_transfer WHERE key = $1`, t.key)
	if err != nil {
		return false, fmt.Errorf("look for the key of a transfer: %w", err)
	}
	if len(had) > 0 {
		if had[0] != digest {
			return false, fault.New(fault.Conflict, "idempotency-conflict", "这个请求编号已用于另一项内容不同的操作，请换一个编号。")
		}
		return false, nil
	}
	var sum money.Fen
	for _, amount := range t.moves {
		sum += amount
	}
	if sum != 0 {
		return false, fmt.Errorf("transfer %s %s: postings that sum to %d", t.kind, t.key, sum)
	}
	transferID := id.New()
	if _, err := tx.Exec(ctx, `INSERT INTO fund_transfer (id, key, kind, card, order_id, digest, evidence, person, day, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, transferID, t.key, t.kind, t.card, t.order, digest, t.evidence, t.person, t.day, t.at); err != nil {
		return false, fmt.Errorf("write a transfer: %w", err)
	}
	for _, part := range parts() {
		if t.moves[part] == 0 {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO fund_posting (transfer, account, amount) VALUES ($1, $2, $3)`, transferID, path(t.card, part), t.moves[part]); err != nil {
			return false, fmt.Errorf("write a posting: %w", err)
		}
		if err := move(ctx, tx, t.card, part, t.moves[part]); err != nil {
			return false, err
		}
	}
	return true, nil
}

// move changes one balance. The accounts of a card are made with it.
func move(ctx context.Context, tx *db.Tx, card, part string, amount money.Fen) error {
	n, err := tx.Exec(ctx, `UPDATE fund_account SET balance = balance + $1 WHERE path = $2`, amount, path(card, part))
	if db.Violates(err, "fund_account_floor") {
		return errTooLittle
	}
	if err == nil && n != 1 {
		err = errors.New("no such account")
	}
	if err != nil {
		return fmt.Errorf("move %s: %w", path(card, part), err)
	}
	return nil
}

// openAccounts makes the accounts of a new card.
func openAccounts(ctx context.Context, tx *db.Tx, card string) error {
	for _, part := range parts() {
		var floor *int64
		if part != partSource {
			floor = new(int64)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO fund_account (path, card, part, balance, floor) VALUES ($1, $2, $3, 0, $4)`, path(card, part), card, part, floor); err != nil {
			return fmt.Errorf("open account %s: %w", path(card, part), err)
		}
	}
	return nil
}

// balances are what cards have, by card.
func balances(ctx context.Context, q db.Q, cards []string) (map[string]Balance, error) {
	type row struct {
		Card    string    `db:"card"`
		Part    string    `db:"part"`
		Balance money.Fen `db:"balance"`
	}
	out := map[string]Balance{}
	if len(cards) == 0 {
		return out, nil
	}
	var w db.Where
	w.In("card", cards)
	rows, err := db.All[row](ctx, q, `SELECT card, part, balance FROM fund_account`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read balances: %w", err)
	}
	for _, r := range rows {
		b := out[r.Card]
		switch r.Part {
		case partAvailable:
			b.Available = r.Balance
		case partReserved:
			b.Reserved = r.Balance
		case partSpent:
			b.Spent = r.Balance
		}
		out[r.Card] = b
	}
	return out, nil
}
