package voucher

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
)

// The kinds of transfers, and the accounts each moves money between.
const (
	kindAppropriate = "appropriate" // funder/F/P → programme/P/unissued, over its stripes
	kindGrant       = "grant"       // programme/P/unissued → grant/G/available
	kindHold        = "hold"        // grant/G/available → grant/G/held
	kindRelease     = "release"     // grant/G/held → grant/G/available
	kindUse         = "use"         // grant/G/held → grant/G/used, the rest back to available
	kindExpire      = "expire"      // grant/G/available → programme/P/lapsed
	kindApprove     = "approve"     // grant/G/used → payable/PAYEE/F, a share of each funder; a reward comes from programme/P/unissued
	kindRefuse      = "refuse"      // payable/PAYEE/F → grant/G/used: an objection upheld after approval
	kindPay         = "pay"         // payable/PAYEE/F → paid/PAYEE/F
	kindBounce      = "bounce"      // paid/PAYEE/F → payable/PAYEE/F: the bank gave it back
	kindRecover     = "recover"     // paid/PAYEE/F → recover/PAYEE/F, the whole or a part
	kindReceive     = "receive"     // recover/PAYEE/F → received/PAYEE/F: what was asked back has come
	kindReturn      = "return"      // grant/G/available → programme/P/unissued: the firm does not need it
)

// account is one account of the ledger: its path says all.
type account struct {
	part, programme, grant, party, funder string
	stripe                                int // of unissued
}

func funderAccount(funder, programme string) account {
	return account{part: "funder", programme: programme, funder: funder}
}
func lapsed(programme string) account { return account{part: "lapsed", programme: programme} }

// ofGrant is a part (available, held, used) of a grant.
func ofGrant(part, programme, grant string) account {
	return account{part: part, programme: programme, grant: grant}
}

// ofPayee is what a funder owes a payee (payable), has paid it (paid), asks back (recover) or got back (received).
func ofPayee(part, payee, funder string) account {
	return account{part: part, party: payee, funder: funder}
}

// path is the account's name, and its place in the order in which accounts are locked: a grant's own first, payees
// after them, a programme's hot accounts last of those that meet in one transfer.
func (a account) path() string {
	switch a.part {
	case "funder":
		return "funder/" + a.funder + "/" + a.programme
	case "unissued":
		return fmt.Sprintf("programme/%s/unissued/%02d", a.programme, a.stripe)
	case "lapsed":
		return "programme/" + a.programme + "/lapsed"
	case "payable", "paid", "recover", "received":
		return a.part + "/" + a.party + "/" + a.funder
	}
	return "grant/" + a.grant + "/" + a.part
}

// posting is one leg of a transfer; negative takes from the account.
type posting struct {
	account account
	amount  money.Fen
}

// transfer is 2…n postings that sum to zero, done once for its key.
type transfer struct {
	key       string // the caller's id, for ever
	kind      string
	programme string
	cause     string // id of the application, grant, hold or claim
	firm      string // whose wallet moves; empty when none does
	digest    string // of what was asked; the same key with another digest is a conflict
	day       string
	at        db.Time
	postings  []posting
}

// digestOf condenses what was asked.
func digestOf(parts ...any) (string, error) {
	b, err := json.Marshal(parts)
	if err != nil {
		return "", fmt.Errorf("digest a request: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

func keyConflict() error {
	return fault.New(fault.Conflict, "idempotency-conflict", "这个请求编号已用于另一项内容不同的操作，请换一个编号。")
}

// done tells whether the key was used before with the same content. A repeat is counted in the row: on PostgreSQL
// its acknowledgement then waits for a commit of its own, so that what is acknowledged twice cannot be lost at a failover.
func done(ctx context.Context, tx *db.Tx, key, digest string) (bool, error) {
	had, err := db.All[string](ctx, tx, `UPDATE voucher_transfer SET repeats = repeats + 1 WHERE key = $1 RETURNING digest`, key)
	if err != nil {
		return false, fmt.Errorf("look for the key of a transfer: %w", err)
	}
	if len(had) > 0 && had[0] != digest {
		return false, keyConflict()
	}
	return len(had) > 0, nil
}

// book writes the transfer and moves the balances. The accounts are taken in the order of their paths, in every
// transfer the same, so that no two wait for each other; a programme's unissued account comes last and is held
// only over the commit. errFloor when an account has too little.
func book(ctx context.Context, tx *db.Tx, t transfer) error {
	postings := merged(t.postings)
	var sum money.Fen
	for _, p := range postings {
		sum += p.amount
	}
	if sum != 0 || len(postings) < 2 {
		return fmt.Errorf("transfer %s %s: %d postings that sum to %d", t.kind, t.key, len(postings), sum)
	}
	transferID := id.New()
	if _, err := tx.Exec(ctx, `INSERT INTO voucher_transfer (id, key, kind, programme, cause, firm, digest, day, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, transferID, t.key, t.kind, t.programme, t.cause, t.firm, t.digest, t.day, t.at); err != nil {
		if db.IsUnique(err) {
			return fault.Of(keyConflict()).Because(err)
		}
		return fmt.Errorf("write a transfer: %w", err)
	}
	if err := insertPostings(ctx, tx, transferID, postings); err != nil {
		return err
	}
	for _, p := range postings {
		if err := move(ctx, tx, p); err != nil {
			return err
		}
	}
	return nil
}

// merged adds up the postings of the same account, drops those that cancel out, and sorts by path.
func merged(postings []posting) []posting {
	sum := map[account]money.Fen{}
	for _, p := range postings {
		sum[p.account] += p.amount
	}
	var out []posting
	for a, f := range sum {
		if f != 0 {
			out = append(out, posting{a, f})
		}
	}
	slices.SortFunc(out, func(a, b posting) int { return cmp.Compare(a.account.path(), b.account.path()) })
	return out
}

func insertPostings(ctx context.Context, tx *db.Tx, transferID string, postings []posting) error {
	var b strings.Builder
	var args []any
	for i, p := range postings {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "($%d, $%d, $%d)", 3*i+1, 3*i+2, 3*i+3)
		args = append(args, transferID, p.account.path(), p.amount)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO voucher_posting (transfer, account, amount) VALUES `+b.String(), args...); err != nil {
		return fmt.Errorf("write postings: %w", err)
	}
	return nil
}

// errFloor is a transfer that would take more than an account has.
var errFloor = errors.New("voucher: the account has too little")

// move changes one balance. Money coming in makes the account where it is new; money going out needs it to be there,
// for a row that would start below its floor is refused before the conflict on its path is seen.
func move(ctx context.Context, tx *db.Tx, p posting) error {
	a := p.account
	var n int64
	var err error
	if p.amount > 0 || a.part == "funder" {
		var floor *int64
		if a.part != "funder" {
			floor = new(int64)
		}
		n, err = tx.Exec(ctx, `INSERT INTO voucher_account (path, part, programme, grant_id, party, funder, balance, floor)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (path) DO UPDATE SET balance = voucher_account.balance + excluded.balance`,
			a.path(), a.part, a.programme, a.grant, a.party, a.funder, p.amount, floor)
	} else {
		n, err = tx.Exec(ctx, `UPDATE voucher_account SET balance = balance + $1 WHERE path = $2`, p.amount, a.path())
	}
	if db.Violates(err, "voucher_account_floor") || err == nil && n == 0 {
		return errFloor
	}
	if err != nil {
		return fmt.Errorf("move %s: %w", a.path(), err)
	}
	return nil
}
