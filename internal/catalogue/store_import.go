package catalogue

import (
	"context"
	"encoding/json"
	"fmt"

	"qiao/internal/platform/db"
)

// importRow is catalogue_import.
type importRow struct {
	ID        string  `db:"id"`
	Org       string  `db:"org"`
	Person    string  `db:"person"`
	Name      string  `db:"name"`
	SHA256    string  `db:"sha256"`
	Format    string  `db:"format"`
	Kind      string  `db:"kind"`
	DryRun    bool    `db:"dry_run"`
	Total     int64   `db:"total"`
	Accepted  int64   `db:"accepted"`
	Updated   int64   `db:"updated"`
	Unchanged int64   `db:"unchanged"`
	Rejected  int64   `db:"rejected"`
	Ignored   string  `db:"ignored"`
	At        db.Time `db:"at"`
}

const importColumns = `id, org, person, name, sha256, format, kind, dry_run, total, accepted, updated, unchanged, rejected, ignored, at`

func insertImport(ctx context.Context, tx *db.Tx, r ImportReport) error {
	ignored, err := json.Marshal(r.Ignored)
	if err != nil {
		return fmt.Errorf("write import %s: %w", r.ID, err)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO catalogue_import (`+importColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		r.ID, r.Org, r.Person, r.Name, r.SHA256, r.Format, r.Kind, r.DryRun, r.Total, r.Accepted, r.Updated, r.Unchanged, r.Rejected, string(ignored), r.At); err != nil {
		return fmt.Errorf("write import %s: %w", r.ID, err)
	}
	for i, e := range r.Errors {
		args, err := json.Marshal(e.Args)
		if err != nil {
			return fmt.Errorf("write import %s: %w", r.ID, err)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO catalogue_import_error (import, position, line, heading, code, text, args) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			r.ID, int64(i), e.Row, e.Column, e.Code, e.Text, string(args)); err != nil {
			return fmt.Errorf("write an error of import %s: %w", r.ID, err)
		}
	}
	return nil
}

func (x importRow) report() (ImportReport, error) {
	r := ImportReport{
		ID: x.ID, Org: x.Org, Person: x.Person, Name: x.Name, SHA256: x.SHA256, Format: x.Format, Kind: x.Kind, DryRun: x.DryRun,
		Total: x.Total, Accepted: x.Accepted, Updated: x.Updated, Unchanged: x.Unchanged, Rejected: x.Rejected, At: x.At,
	}
	if err := json.Unmarshal([]byte(x.Ignored), &r.Ignored); err != nil {
		return r, fmt.Errorf("read import %s: %w", x.ID, err)
	}
	return r, nil
}

// getImport reads a report with its errors; db.ErrNone when there is none.
func getImport(ctx context.Context, q db.Q, id string) (ImportReport, error) {
	x, err := db.One[importRow](ctx, q, `SELECT `+importColumns+` FROM catalogue_import WHERE id = $1`, id)
	if err != nil {
		return ImportReport{}, err
	}
	r, err := x.report()
	if err != nil {
		return r, err
	}
	type errorRow struct {
		Line    int64  `db:"line"`
		Heading string `db:"heading"`
		Code    string `db:"code"`
		Text    string `db:"text"`
		Args    string `db:"args"`
	}
	rows, err := db.All[errorRow](ctx, q, `SELECT line, heading, code, text, args FROM catalogue_import_error WHERE import = $1 ORDER BY position`, id)
	if err != nil {
		return r, fmt.Errorf("read the errors of import %s: %w", id, err)
	}
	for _, e := range rows {
		one := RowError{Row: e.Line, Column: e.Heading, Code: e.Code, Text: e.Text}
		if err := json.Unmarshal([]byte(e.Args), &one.Args); err != nil {
			return r, fmt.Errorf("read an error of import %s: %w", id, err)
		}
		for i, arg := range one.Args {
			if n, ok := arg.(float64); ok { // JSON knows no whole numbers
				one.Args[i] = int64(n)
			}
		}
		r.Errors = append(r.Errors, one)
	}
	return r, nil
}

// listImports lists the reports that meet w, newest first, without their errors.
func listImports(ctx context.Context, q db.Q, w *db.Where, limit int) ([]ImportReport, error) {
	rows, err := db.All[importRow](ctx, q, `SELECT `+importColumns+` FROM catalogue_import`+w.SQL()+` ORDER BY at DESC, id DESC LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	out := make([]ImportReport, len(rows))
	for i, x := range rows {
		if out[i], err = x.report(); err != nil {
			return nil, err
		}
	}
	return out, nil
}
