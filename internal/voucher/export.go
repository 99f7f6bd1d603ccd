package voucher

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/journal"
)

// ExportLedger writes the whole ledger of the node, as it stands at one moment, for an auditor to take along: see package journal.
// It holds ids and amounts, and no names.
func (s *Service) ExportLedger(ctx context.Context, w io.Writer) error {
	return s.db.Snapshot(ctx, func(ctx context.Context, q db.Q) error {
		y, err := journal.NewWriter(w, db.Stamp(s.clock.Now()))
		if err != nil {
			return err
		}
		if err := exportAccounts(ctx, q, y); err != nil {
			return err
		}
		if err := exportTransfers(ctx, q, y); err != nil {
			return err
		}
		return y.Close()
	})
}

func exportAccounts(ctx context.Context, q db.Q, y *journal.Writer) error {
	return stream(ctx, q, `SELECT path, balance, floor FROM voucher_account ORDER BY path`, func(rows *sql.Rows) error {
		var a journal.Account
		var floor sql.NullInt64
		if err := rows.Scan(&a.Path, &a.Balance, &floor); err != nil {
			return err
		}
		if floor.Valid {
			f := money.Fen(floor.Int64)
			a.Floor = &f
		}
		return y.Account(a)
	})
}

func exportTransfers(ctx context.Context, q db.Q, y *journal.Writer) error {
	var t journal.Transfer
	err := stream(ctx, q, `SELECT t.id, t.key, t.kind, t.programme, t.cause, t.firm, t.day, t.at, p.account, p.amount
		FROM voucher_transfer t JOIN voucher_posting p ON p.transfer = t.id ORDER BY t.id, p.account`, func(rows *sql.Rows) error {
		var x journal.Transfer
		var p journal.Posting
		if err := rows.Scan(&x.ID, &x.Key, &x.Kind, &x.Programme, &x.Cause, &x.Firm, &x.Day, &x.At, &p.Account, &p.Amount); err != nil {
			return err
		}
		if x.ID != t.ID {
			if t.ID != "" {
				if err := y.Transfer(t); err != nil {
					return err
				}
			}
			x.Postings, t = t.Postings[:0], x
		}
		t.Postings = append(t.Postings, p)
		return nil
	})
	if err != nil || t.ID == "" {
		return err
	}
	return y.Transfer(t)
}

// stream calls do for each row, without keeping them.
func stream(ctx context.Context, q db.Q, query string, do func(rows *sql.Rows) error) (err error) {
	rows, err := q.Query(ctx, query)
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := do(rows); err != nil {
			return fmt.Errorf("go through the ledger: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	return nil
}

// Balance is what all accounts of one role hold together.
type Balance struct {
	Part     string    `db:"part"`
	Accounts int64     `db:"accounts"`
	Sum      money.Fen `db:"sum"`
}

// Balances sums the ledger by the role of its accounts; together they are zero.
func (s *Service) Balances(ctx context.Context, q db.Q) ([]Balance, error) {
	list, err := db.All[Balance](ctx, q, `SELECT part, count(*) AS accounts, CAST(sum(balance) AS BIGINT) AS sum FROM voucher_account GROUP BY part`)
	if err != nil {
		return nil, fmt.Errorf("sum the ledger by the roles of its accounts: %w", err)
	}
	return list, nil
}
