package voucher

import (
	"context"
	"database/sql"
	"fmt"
	"hash/maphash"

	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/platform/verify"
)

// ledgerSum sums postings by account. Accounts are known by two independent 64-bit hashes of their paths, so that millions of them
// take tens of bytes each: a grouping by the database would sort every posting of the node.
type ledgerSum struct {
	seeds [2]maphash.Seed
	sums  map[[2]uint64]money.Fen
}

func (y ledgerSum) key(path []byte) [2]uint64 {
	return [2]uint64{maphash.Bytes(y.seeds[0], path), maphash.Bytes(y.seeds[1], path)}
}

// balances compares every account with its postings, and lists postings to accounts that are not there.
func balances(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	y := ledgerSum{[2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, map[[2]uint64]money.Fen{}}
	err := each(ctx, q, `SELECT account, amount FROM voucher_posting`, func(path []byte, amount money.Fen) {
		y.sums[y.key(path)] += amount
	})
	if err != nil {
		return nil, err
	}
	var out []verify.Finding
	err = each(ctx, q, `SELECT path, balance FROM voucher_account`, func(path []byte, balance money.Fen) {
		k := y.key(path)
		if y.sums[k] != balance {
			out = append(out, verify.Finding{Code: "voucher.account-balance", Object: string(path), Text: fmt.Sprintf("balance %d, postings %d", balance, y.sums[k])})
		}
		delete(y.sums, k)
	})
	if err != nil || len(y.sums) == 0 {
		return out, err
	}
	missing := map[string]bool{}
	err = each(ctx, q, `SELECT account, amount FROM voucher_posting`, func(path []byte, _ money.Fen) {
		if _, left := y.sums[y.key(path)]; left && !missing[string(path)] {
			missing[string(path)] = true
			out = append(out, verify.Finding{Code: "voucher.account-missing", Object: string(path), Text: "posted to, but not there"})
		}
	})
	return out, err
}

// each calls do for the rows of a path and an amount, without keeping them.
func each(ctx context.Context, q db.Q, query string, do func(path []byte, amount money.Fen)) error {
	return stream(ctx, q, query, func(rows *sql.Rows) error {
		var path sql.RawBytes
		var amount int64
		if err := rows.Scan(&path, &amount); err != nil {
			return err
		}
		do(path, money.Fen(amount))
		return nil
	})
}
