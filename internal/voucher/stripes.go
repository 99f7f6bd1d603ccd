package voucher

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
)

// stripes is how many accounts a programme's unissued budget lies in. Every grant of a hot programme takes from it and
// keeps the row until its commit is durable; with one row, PostgreSQL would make one commit after another.
const stripes = 16

func unissued(programme string, stripe int) account {
	return account{part: "unissued", programme: programme, stripe: stripe}
}

// fill spreads an amount over the stripes.
func fill(programme string, amount money.Fen) []posting {
	var out []posting
	for i, f := range money.Split(amount, slices.Repeat([]int64{1}, stripes)...) {
		out = append(out, posting{unissued(programme, i), f})
	}
	return out
}

// stripe is one of them with its money.
type stripe struct {
	Path    string    `db:"path"`
	Balance money.Fen `db:"balance"`
}

// draw finds where an amount can be taken from, without locking anything: the stripe that seed chooses, else another
// one that has enough; else, or when all is asked for, as many as it takes. errFloor when the programme has too little.
func draw(ctx context.Context, tx *db.Tx, programme string, amount money.Fen, seed string, all bool) ([]posting, error) {
	if all {
		return gather(ctx, tx, programme, amount)
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(seed)) // a hash never fails
	first := unissued(programme, int(h.Sum32()%stripes))
	rows, err := db.All[stripe](ctx, tx, `SELECT path, balance FROM voucher_account WHERE path = $1 AND balance >= $2`, first.path(), amount)
	if err == nil && len(rows) == 0 {
		rows, err = db.All[stripe](ctx, tx, `SELECT path, balance FROM voucher_account
			WHERE programme = $1 AND part = 'unissued' AND balance >= $2 ORDER BY balance DESC LIMIT 1`, programme, amount)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("look for budget: %w", err)
	case len(rows) == 0:
		return gather(ctx, tx, programme, amount)
	}
	n, err := rows[0].number()
	return []posting{{unissued(programme, n), -amount}}, err
}

// gather takes an amount from as many stripes as it needs and locks them all. Two that gather wait for each other at
// the programme's row; one that holds a single stripe waits for no other: so nobody waits in a circle.
func gather(ctx context.Context, tx *db.Tx, programme string, amount money.Fen) ([]posting, error) {
	if _, err := tx.Exec(ctx, `UPDATE voucher_programme SET revision = revision WHERE id = $1`, programme); err != nil {
		return nil, fmt.Errorf("gather budget: %w", err)
	}
	rows, err := db.All[stripe](ctx, tx, `UPDATE voucher_account SET balance = balance WHERE programme = $1 AND part = 'unissued' RETURNING path, balance`, programme)
	if err != nil {
		return nil, fmt.Errorf("gather budget: %w", err)
	}
	var out []posting
	for _, r := range rows {
		n, err := r.number()
		if err != nil {
			return nil, err
		}
		if part := min(amount, r.Balance); part > 0 {
			out, amount = append(out, posting{unissued(programme, n), -part}), amount-part
		}
	}
	if amount > 0 {
		return nil, errFloor
	}
	return out, nil
}

// number is the stripe's place, the end of its path.
func (s stripe) number() (int, error) {
	n, err := strconv.Atoi(s.Path[strings.LastIndexByte(s.Path, '/')+1:])
	if err != nil {
		return 0, fmt.Errorf("stripe %s: %w", s.Path, err)
	}
	return n, nil
}
