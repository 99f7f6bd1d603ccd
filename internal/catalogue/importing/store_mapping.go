package importing

import (
	"context"
	"encoding/json"
	"fmt"

	"qiao/internal/platform/db"
)

// mappingRow is catalogue_mapping.
type mappingRow struct {
	ID       string  `db:"id"`
	Org      string  `db:"org"`
	Person   string  `db:"person"`
	Name     string  `db:"name"`
	Headings string  `db:"headings"`
	Plan     string  `db:"plan"`
	At       db.Time `db:"at"`
	UsedAt   db.Time `db:"used_at"`
}

const mappingColumns = `id, org, person, name, headings, plan, at, used_at`

func (x mappingRow) mapping() (Mapping, error) {
	m := Mapping{ID: x.ID, Org: x.Org, Person: x.Person, Name: x.Name, At: x.At, UsedAt: x.UsedAt, headings: x.Headings}
	if err := json.Unmarshal([]byte(x.Plan), &m.Plan); err != nil {
		return m, fmt.Errorf("read the mapping %s: %w", x.ID, err)
	}
	return m, nil
}

func insertMapping(ctx context.Context, tx *db.Tx, m Mapping) error {
	plan, err := jsonOf(m.Plan)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO catalogue_mapping (id, org, person, name, folded, headings, plan, at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		m.ID, m.Org, m.Person, m.Name, foldName(m.Name), m.headings, plan, m.At, m.UsedAt)
	if err != nil {
		return fmt.Errorf("save the mapping %s: %w", m.ID, err)
	}
	return nil
}

func updateMapping(ctx context.Context, tx *db.Tx, m Mapping) error {
	plan, err := jsonOf(m.Plan)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE catalogue_mapping SET person = $2, name = $3, folded = $4, headings = $5, plan = $6, at = $7 WHERE id = $1`, m.ID, m.Person, m.Name, foldName(m.Name), m.headings, plan, m.At); err != nil {
		return fmt.Errorf("save the mapping %s: %w", m.ID, err)
	}
	return nil
}

func deleteMapping(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM catalogue_mapping WHERE id = $1`, id); err != nil {
		return fmt.Errorf("delete the mapping %s: %w", id, err)
	}
	return nil
}

func getMapping(ctx context.Context, q db.Q, id string) (Mapping, error) {
	x, err := db.One[mappingRow](ctx, q, `SELECT `+mappingColumns+` FROM catalogue_mapping WHERE id = $1`, id)
	if err != nil {
		return Mapping{}, err
	}
	return x.mapping()
}

// listMappings lists the mappings of an organisation by name.
func listMappings(ctx context.Context, q db.Q, org string) ([]Mapping, error) {
	return mappings(ctx, q, `SELECT `+mappingColumns+` FROM catalogue_mapping WHERE org = $1 ORDER BY folded`, org)
}

// mappingsFor lists those for one set of headings, the one saved last first.
func mappingsFor(ctx context.Context, q db.Q, org, headings string) ([]Mapping, error) {
	return mappings(ctx, q, `SELECT `+mappingColumns+` FROM catalogue_mapping WHERE org = $1 AND headings = $2 ORDER BY at DESC, id DESC`, org, headings)
}

func mappings(ctx context.Context, q db.Q, sql string, args ...any) ([]Mapping, error) {
	rows, err := db.All[mappingRow](ctx, q, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("list mappings: %w", err)
	}
	out := make([]Mapping, len(rows))
	for i, x := range rows {
		if out[i], err = x.mapping(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// useMapping notes that a file was read by a mapping.
func useMapping(ctx context.Context, tx *db.Tx, org, folded string, at db.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE catalogue_mapping SET used_at = $3 WHERE org = $1 AND folded = $2`, org, folded, at); err != nil {
		return fmt.Errorf("note the use of a mapping: %w", err)
	}
	return nil
}

// draftRow is catalogue_import_draft.
type draftRow struct {
	ID     string  `db:"id"`
	Org    string  `db:"org"`
	Person string  `db:"person"`
	Name   string  `db:"name"`
	SHA256 string  `db:"sha256"`
	Size   int64   `db:"size"`
	Plan   string  `db:"plan"`
	At     db.Time `db:"at"`
}

const draftColumns = `id, org, person, name, sha256, size, plan, at`

func (x draftRow) draft() (Draft, error) {
	d := Draft{ID: x.ID, Org: x.Org, Person: x.Person, Name: x.Name, SHA256: x.SHA256, Size: x.Size, At: x.At}
	if err := json.Unmarshal([]byte(x.Plan), &d.Plan); err != nil {
		return d, fmt.Errorf("read the draft %s: %w", x.ID, err)
	}
	return d, nil
}

func insertDraft(ctx context.Context, tx *db.Tx, d Draft) error {
	plan, err := jsonOf(d.Plan)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO catalogue_import_draft (`+draftColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, d.ID, d.Org, d.Person, d.Name, d.SHA256, d.Size, plan, d.At); err != nil {
		return fmt.Errorf("keep the draft %s: %w", d.ID, err)
	}
	return nil
}

func updateDraft(ctx context.Context, tx *db.Tx, d Draft) error {
	plan, err := jsonOf(d.Plan)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE catalogue_import_draft SET plan = $2 WHERE id = $1`, d.ID, plan); err != nil {
		return fmt.Errorf("keep the draft %s: %w", d.ID, err)
	}
	return nil
}

func deleteDraft(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM catalogue_import_draft WHERE id = $1`, id); err != nil {
		return fmt.Errorf("forget the draft %s: %w", id, err)
	}
	return nil
}

// deleteDraftsOf forgets every draft of a file that has been taken in.
func deleteDraftsOf(ctx context.Context, tx *db.Tx, org, sha256 string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM catalogue_import_draft WHERE org = $1 AND sha256 = $2`, org, sha256); err != nil {
		return fmt.Errorf("forget the drafts of a file: %w", err)
	}
	return nil
}

// draftOf reads a draft of a file; db.ErrNone when there is none.
func draftOf(ctx context.Context, q db.Q, org, sha256 string) (Draft, error) {
	x, err := db.One[draftRow](ctx, q, `SELECT `+draftColumns+` FROM catalogue_import_draft WHERE org = $1 AND sha256 = $2 ORDER BY id DESC LIMIT 1`, org, sha256)
	if err != nil {
		return Draft{}, err
	}
	return x.draft()
}

func getDraft(ctx context.Context, q db.Q, id string) (Draft, error) {
	x, err := db.One[draftRow](ctx, q, `SELECT `+draftColumns+` FROM catalogue_import_draft WHERE id = $1`, id)
	if err != nil {
		return Draft{}, err
	}
	return x.draft()
}

// listDrafts lists the drafts that meet w, newest first.
func listDrafts(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Draft, error) {
	rows, err := db.All[draftRow](ctx, q, `SELECT `+draftColumns+` FROM catalogue_import_draft`+w.SQL()+` ORDER BY at DESC, id DESC LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list drafts: %w", err)
	}
	out := make([]Draft, len(rows))
	for i, x := range rows {
		if out[i], err = x.draft(); err != nil {
			return nil, err
		}
	}
	return out, nil
}
