package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const uploadColumns = `id, owner, region, person, file, sha256, size, plan, headings, mapping, state, added, same, refused, created_at, applied_at`

func insertUpload(ctx context.Context, tx *db.Tx, u Upload) error {
	_, err := tx.Exec(ctx, `INSERT INTO record_upload (`+uploadColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		u.ID, u.Owner, u.Region, u.Person, u.File, u.SHA256, u.Size, u.PlanJSON, u.Headings, u.Mapping, u.State, u.Added, u.Same, u.Refused, u.CreatedAt, u.AppliedAt)
	if err != nil {
		return fmt.Errorf("write upload %s: %w", u.ID, err)
	}
	return nil
}

// updateUpload changes a draft; one that was applied or dropped meanwhile stays as it is.
func updateUpload(ctx context.Context, tx *db.Tx, u Upload) error {
	n, err := tx.Exec(ctx, `UPDATE record_upload SET plan = $2, mapping = $3, state = $4, added = $5, same = $6, refused = $7, applied_at = $8 WHERE id = $1 AND state = 'draft'`,
		u.ID, u.PlanJSON, u.Mapping, u.State, u.Added, u.Same, u.Refused, u.AppliedAt)
	if err != nil {
		return fmt.Errorf("change upload %s: %w", u.ID, err)
	}
	if n != 1 {
		return fault.New(fault.Conflict, "upload-done", "这个表格已经处理过了。")
	}
	return nil
}

func getUpload(ctx context.Context, q db.Q, id string) (Upload, error) {
	u, err := db.One[Upload](ctx, q, `SELECT `+uploadColumns+` FROM record_upload WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return u, fault.New(fault.NotFound, "no-upload", "没有找到这个表格。")
	}
	if err != nil {
		return u, fmt.Errorf("read upload %s: %w", id, err)
	}
	return u, nil
}

// listUploads are the newest uploads of an owner; dropped ones are left out.
func listUploads(ctx context.Context, q db.Q, owner string, most int) ([]Upload, error) {
	out, err := db.All[Upload](ctx, q, `SELECT `+uploadColumns+` FROM record_upload WHERE owner = $1 AND state <> 'dropped' ORDER BY created_at DESC, id DESC LIMIT $2`, owner, most)
	if err != nil {
		return nil, fmt.Errorf("list the uploads of %s: %w", owner, err)
	}
	return out, nil
}

// countUploaded is how many records came with an upload.
func countUploaded(ctx context.Context, q db.Q, upload string) (int64, error) {
	n, err := db.One[int64](ctx, q, `SELECT count(*) FROM record_record WHERE upload = $1`, upload)
	if err != nil {
		return 0, fmt.Errorf("count the records of upload %s: %w", upload, err)
	}
	return n, nil
}

func insertRefused(ctx context.Context, tx *db.Tx, upload string, list []BadRow) error {
	if len(list) == 0 {
		return nil
	}
	rows := make([][]any, len(list))
	for i, b := range list {
		cells, err := encode(b.Cells)
		if err != nil {
			return err
		}
		problems, err := encode(b.Problems)
		if err != nil {
			return err
		}
		rows[i] = []any{upload, b.Row, cells, problems}
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO record_refused (upload, row, cells, problems)`, rows, ""); err != nil {
		return fmt.Errorf("keep %d refused rows of upload %s: %w", len(list), upload, err)
	}
	return nil
}

type refusedRow struct {
	Row      int64  `db:"row"`
	Cells    string `db:"cells"`
	Problems string `db:"problems"`
}

// listRefused are the refused rows of an upload after one row, by row.
func listRefused(ctx context.Context, q db.Q, upload string, after int64, most int) ([]BadRow, error) {
	rows, err := db.All[refusedRow](ctx, q, `SELECT row, cells, problems FROM record_refused WHERE upload = $1 AND row > $2 ORDER BY row LIMIT $3`, upload, after, most)
	if err != nil {
		return nil, fmt.Errorf("list the refused rows of upload %s: %w", upload, err)
	}
	out := make([]BadRow, len(rows))
	for i, r := range rows {
		out[i].Row = r.Row
		if err := errors.Join(json.Unmarshal([]byte(r.Cells), &out[i].Cells), json.Unmarshal([]byte(r.Problems), &out[i].Problems)); err != nil {
			return nil, fmt.Errorf("read refused row %d of upload %s: %w", r.Row, upload, err)
		}
	}
	return out, nil
}

const mappingColumns = `id, owner, name, folded, headings, plan, person, updated_at`

// putMapping keeps a mapping in the place of the one of that name.
func putMapping(ctx context.Context, tx *db.Tx, m Mapping) error {
	_, err := tx.Exec(ctx, `INSERT INTO record_mapping (`+mappingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (owner, folded) DO UPDATE SET name = excluded.name, headings = excluded.headings, plan = excluded.plan, person = excluded.person, updated_at = excluded.updated_at`,
		m.ID, m.Owner, m.Name, m.Folded, m.Headings, m.PlanJSON, m.Person, m.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write mapping %s: %w", m.Name, err)
	}
	return nil
}

// listMappings are the mappings of an owner, the newest first.
func listMappings(ctx context.Context, q db.Q, owner string) ([]Mapping, error) {
	out, err := db.All[Mapping](ctx, q, `SELECT `+mappingColumns+` FROM record_mapping WHERE owner = $1 ORDER BY updated_at DESC, id DESC LIMIT 200`, owner)
	if err != nil {
		return nil, fmt.Errorf("list the mappings of %s: %w", owner, err)
	}
	return out, nil
}

func getMapping(ctx context.Context, q db.Q, id string) (Mapping, error) {
	m, err := db.One[Mapping](ctx, q, `SELECT `+mappingColumns+` FROM record_mapping WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return m, fault.New(fault.NotFound, "no-mapping", "没有找到这份对应表。")
	}
	if err != nil {
		return m, fmt.Errorf("read mapping %s: %w", id, err)
	}
	return m, nil
}

func deleteMapping(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM record_mapping WHERE id = $1`, id); err != nil {
		return fmt.Errorf("delete mapping %s: %w", id, err)
	}
	return nil
}
