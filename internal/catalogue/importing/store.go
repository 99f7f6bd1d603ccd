package importing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
)

// importRow is catalogue_import.
type importRow struct {
	ID          string  `db:"id"`
	Org         string  `db:"org"`
	Person      string  `db:"person"`
	Acting      string  `db:"acting"`
	Name        string  `db:"name"`
	SHA256      string  `db:"sha256"`
	Size        int64   `db:"size"`
	Format      string  `db:"format"`
	Kind        string  `db:"kind"`
	Plan        string  `db:"plan"`
	Source      string  `db:"source"`
	Licence     string  `db:"licence"`
	RetrievedOn string  `db:"retrieved_on"`
	DryRun      bool    `db:"dry_run"`
	Status      string  `db:"status"`
	Total       int64   `db:"total"`
	Accepted    int64   `db:"accepted"`
	Updated     int64   `db:"updated"`
	Unchanged   int64   `db:"unchanged"`
	Rejected    int64   `db:"rejected"`
	Expected    int64   `db:"expected"`
	Reached     int64   `db:"reached"`
	Headings    string  `db:"headings"`
	Ignored     string  `db:"ignored"`
	Failure     string  `db:"failure"`
	LeaseUntil  db.Time `db:"lease_until"`
	At          db.Time `db:"at"`
	EndedAt     db.Time `db:"ended_at"`
}

const importColumns = `id, org, person, acting, name, sha256, size, format, kind, plan, source, licence, retrieved_on, dry_run, status, total, accepted, updated, unchanged, rejected, expected, reached, headings, ignored, failure, lease_until, at, ended_at`

func jsonOf(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("write an import: %w", err)
	}
	return string(b), nil
}

// insertImport writes a new import; lease is until when this process works on it.
func insertImport(ctx context.Context, tx *db.Tx, r Report, lease db.Time) error {
	var texts [3]string
	for i, v := range []any{r.plan, r.Headings, r.Ignored} {
		var err error
		if texts[i], err = jsonOf(v); err != nil {
			return err
		}
	}
	row := []any{
		r.ID, r.Org, r.Person, r.subject.Org, r.Name, r.SHA256, r.Size, r.Format, r.Kind, texts[0], r.Source, r.Licence, r.RetrievedOn, r.DryRun, r.Status,
		r.Total, r.Accepted, r.Updated, r.Unchanged, r.Rejected, r.Expected, r.Reached, texts[1], texts[2], r.Failure, lease, r.At, r.EndedAt,
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO catalogue_import (`+importColumns+`)`, [][]any{row}, ""); err != nil {
		return fmt.Errorf("write import %s: %w", r.ID, err)
	}
	return nil
}

// advance writes how far a running import has come; false when it no longer runs.
func advance(ctx context.Context, tx *db.Tx, r Report, lease db.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE catalogue_import SET total = $2, accepted = $3, updated = $4, unchanged = $5, rejected = $6, expected = $7, reached = $8, lease_until = $9
		WHERE id = $1 AND status = 'running'`, r.ID, r.Total, r.Accepted, r.Updated, r.Unchanged, r.Rejected, r.Expected, r.Reached, lease)
	if err != nil {
		return false, fmt.Errorf("advance import %s: %w", r.ID, err)
	}
	return n == 1, nil
}

// move brings an import from one state to another; false when it is not in the first.
func move(ctx context.Context, tx *db.Tx, id, from, to, failure string, ended db.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE catalogue_import SET status = $3, failure = $4, ended_at = $5, lease_until = $6 WHERE id = $1 AND status = $2`, id, from, to, failure, ended, db.Time{})
	if err != nil {
		return false, fmt.Errorf("move import %s: %w", id, err)
	}
	return n == 1, nil
}

// claim takes a running import whose worker has gone; false when somebody works on it.
func claim(ctx context.Context, tx *db.Tx, id string, now, lease db.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE catalogue_import SET lease_until = $3 WHERE id = $1 AND status = 'running' AND lease_until <= $2`, id, now, lease)
	if err != nil {
		return false, fmt.Errorf("claim import %s: %w", id, err)
	}
	return n == 1, nil
}

// abandoned lists running imports that nobody works on, the oldest first.
func abandoned(ctx context.Context, q db.Q, now db.Time) ([]string, error) {
	out, err := db.All[string](ctx, q, `SELECT id FROM catalogue_import WHERE status = 'running' AND lease_until <= $1 ORDER BY id LIMIT 10`, now)
	if err != nil {
		return nil, fmt.Errorf("look for imports to go on with: %w", err)
	}
	return out, nil
}

func (x importRow) report() (Report, error) {
	r := Report{
		ID: x.ID, Org: x.Org, Person: x.Person, Name: x.Name, SHA256: x.SHA256, Size: x.Size, Format: x.Format, Kind: x.Kind, Status: x.Status, DryRun: x.DryRun,
		Total: x.Total, Accepted: x.Accepted, Updated: x.Updated, Unchanged: x.Unchanged, Rejected: x.Rejected, Expected: x.Expected, Reached: x.Reached, Failure: x.Failure,
		At: x.At, EndedAt: x.EndedAt, Source: x.Source, Licence: x.Licence, RetrievedOn: x.RetrievedOn, subject: actor{x.Person, x.Acting},
	}
	for text, to := range map[string]any{x.Plan: &r.plan, x.Headings: &r.Headings, x.Ignored: &r.Ignored} {
		if err := json.Unmarshal([]byte(text), to); err != nil {
			return r, fmt.Errorf("read import %s: %w", x.ID, err)
		}
	}
	return r, nil
}

// getImport reads a report without its errors; db.ErrNone when there is none.
func getImport(ctx context.Context, q db.Q, id string) (Report, error) {
	x, err := db.One[importRow](ctx, q, `SELECT `+importColumns+` FROM catalogue_import WHERE id = $1`, id)
	if err != nil {
		return Report{}, err
	}
	return x.report()
}

// listImports lists the reports that meet w, newest first, without their errors.
func listImports(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Report, error) {
	rows, err := db.All[importRow](ctx, q, `SELECT `+importColumns+` FROM catalogue_import`+w.SQL()+` ORDER BY at DESC, id DESC LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	out := make([]Report, len(rows))
	for i, x := range rows {
		if out[i], err = x.report(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// errorRow is catalogue_import_error.
type errorRow struct {
	Line    int64  `db:"line"`
	Heading string `db:"heading"`
	Code    string `db:"code"`
	Text    string `db:"text"`
	Args    string `db:"args"`
}

// listErrors reads what is wrong with the rows of an import from one row on, in their order.
func listErrors(ctx context.Context, q db.Q, id string, from int64, limit int) ([]RowError, error) {
	rows, err := db.All[errorRow](ctx, q, `SELECT line, heading, code, text, args FROM catalogue_import_error WHERE import = $1 AND line >= $2 ORDER BY line, position LIMIT $3`, id, from, limit)
	if err != nil {
		return nil, fmt.Errorf("read the errors of import %s: %w", id, err)
	}
	out := make([]RowError, len(rows))
	for i, e := range rows {
		out[i] = RowError{Row: e.Line, Column: e.Heading, Code: e.Code, Text: e.Text}
		if err := json.Unmarshal([]byte(e.Args), &out[i].Args); err != nil {
			return nil, fmt.Errorf("read an error of import %s: %w", id, err)
		}
		wholeNumbers(out[i].Args)
	}
	return out, nil
}

// wholeNumbers makes the numbers of arguments read from JSON, which knows no whole ones, what they were.
func wholeNumbers(args []any) {
	for i, arg := range args {
		if n, ok := arg.(float64); ok {
			args[i] = int64(n)
		}
	}
}

// insertRejects keeps bad rows with what is wrong with them.
func insertRejects(ctx context.Context, tx *db.Tx, id string, list []*reject) error {
	var rows, errs [][]any
	for _, r := range list {
		cells, err := jsonOf(r.cells)
		if err != nil {
			return err
		}
		rows = append(rows, []any{id, r.row, r.nth, cells})
		for i, e := range r.errors {
			args, err := jsonOf(e.Args)
			if err != nil {
				return err
			}
			errs = append(errs, []any{id, r.row, int64(i), e.Column, e.Code, e.Text, args})
		}
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO catalogue_import_row (import, line, nth, cells)`, rows, ""); err != nil {
		return fmt.Errorf("keep rejected rows of import %s: %w", id, err)
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO catalogue_import_error (import, line, position, heading, code, text, args)`, errs, ""); err != nil {
		return fmt.Errorf("keep errors of import %s: %w", id, err)
	}
	return nil
}

func countRejects(ctx context.Context, q db.Q, id string) (int64, error) {
	n, err := db.One[int64](ctx, q, `SELECT count(*) FROM catalogue_import_row WHERE import = $1`, id)
	if err != nil {
		return 0, fmt.Errorf("count the rejected rows of import %s: %w", id, err)
	}
	return n, nil
}

func isNone(err error) bool { return errors.Is(err, db.ErrNone) }
