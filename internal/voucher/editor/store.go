package editor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

const draftColumns = `id, programme, authority, region, body, example, person, revision, created_at, updated_at`

func draftMissing() error {
	return fault.New(fault.NotFound, "draft-not-found", "没有找到这份草稿：可能已经发布或删除。")
}

func readDraft(d Draft, err error) (Draft, error) {
	if errors.Is(err, db.ErrNone) {
		return d, draftMissing()
	}
	if err != nil {
		return d, fmt.Errorf("read a draft: %w", err)
	}
	return d, d.decode()
}

func getDraft(ctx context.Context, q db.Q, draft string) (Draft, error) {
	return readDraft(db.One[Draft](ctx, q, `SELECT `+draftColumns+` FROM voucher_draft WHERE id = $1`, draft))
}

// lockDraft reads a draft and keeps others from it until the commit; its revision is already the next one.
func lockDraft(ctx context.Context, tx *db.Tx, draft string) (Draft, error) {
	return readDraft(db.One[Draft](ctx, tx, `UPDATE voucher_draft SET revision = revision + 1 WHERE id = $1 RETURNING `+draftColumns, draft))
}

func listDrafts(ctx context.Context, q db.Q, authority string) ([]Draft, error) {
	list, err := db.All[Draft](ctx, q, `SELECT `+draftColumns+` FROM voucher_draft WHERE authority = $1 ORDER BY updated_at DESC, id DESC`, authority)
	if err != nil {
		return nil, fmt.Errorf("list drafts: %w", err)
	}
	for i := range list {
		if err := list[i].decode(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func insertDraft(ctx context.Context, tx *db.Tx, d Draft) error {
	body, err := json.Marshal(d.Scheme)
	if err != nil {
		return fmt.Errorf("write a draft: %w", err)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO voucher_draft (`+draftColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		d.ID, d.Programme, d.Authority, d.Region, string(body), d.Example, d.Person, d.Revision, d.CreatedAt, d.UpdatedAt); err != nil {
		return fmt.Errorf("write a draft: %w", err)
	}
	return nil
}

func updateDraft(ctx context.Context, tx *db.Tx, d Draft) error {
	body, err := json.Marshal(d.Scheme)
	if err != nil {
		return fmt.Errorf("write draft %s: %w", d.ID, err)
	}
	if _, err := tx.Exec(ctx, `UPDATE voucher_draft SET body = $1, person = $2, updated_at = $3 WHERE id = $4`, string(body), d.Person, d.UpdatedAt, d.ID); err != nil {
		return fmt.Errorf("write draft %s: %w", d.ID, err)
	}
	return nil
}

func deleteDraft(ctx context.Context, tx *db.Tx, draft string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM voucher_draft WHERE id = $1`, draft); err != nil {
		return fmt.Errorf("throw draft %s away: %w", draft, err)
	}
	return nil
}

// past is an order that was claimed with a voucher.
type past struct {
	Day      string    `db:"held_on"`
	Firm     string    `db:"firm"`
	Provider string    `db:"provider"`
	Kind     string    `db:"kind"`
	Class    string    `db:"class"`
	Price    money.Fen `db:"price"`
	Paid     money.Fen `db:"amount"`
}

// mostPast bounds a simulation; a region has some thousand claims a year.
const mostPast = 200_000

// listPast lists the orders of a programme that were claimed and not refused, by the days on which they were held.
func listPast(ctx context.Context, q db.Q, programme, from, to string) ([]past, error) {
	list, err := db.All[past](ctx, q, `SELECT h.held_on, h.firm, h.provider, h.kind, h.class, i.price, i.amount
		FROM voucher_claim c JOIN voucher_claim_item i ON i.claim = c.id JOIN voucher_hold h ON h.id = i.hold
		WHERE c.programme = $1 AND i.live = $2 AND h.held_on >= $3 AND h.held_on <= $4 ORDER BY h.held_on, h.id LIMIT `+fmt.Sprint(mostPast), programme, true, from, to)
	if err != nil {
		return nil, fmt.Errorf("list the claimed orders of programme %s: %w", programme, err)
	}
	return list, nil
}
