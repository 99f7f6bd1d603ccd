package payout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// Step is one move of a batch: who did what, when.
type Step struct {
	ID     string  `db:"id"`
	Batch  string  `db:"batch"`
	At     db.Time `db:"at"`
	Person string  `db:"person"`
	Org    string  `db:"org"`
	Verb   string  `db:"verb"`
	From   string  `db:"from_state"`
	To     string  `db:"to_state"`
	Note   string  `db:"note"`
}

func insertStep(ctx context.Context, tx *db.Tx, st Step) error {
	if _, err := tx.Exec(ctx, `INSERT INTO payout_step (id, batch, at, person, org, verb, from_state, to_state, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		st.ID, st.Batch, st.At, st.Person, st.Org, st.Verb, st.From, st.To, st.Note); err != nil {
		return fmt.Errorf("write a step: %w", err)
	}
	return nil
}

func listSteps(ctx context.Context, q db.Q, batch string) ([]Step, error) {
	out, err := db.All[Step](ctx, q, `SELECT id, batch, at, person, org, verb, from_state, to_state, note FROM payout_step WHERE batch = $1 ORDER BY at, id`, batch)
	if err != nil {
		return nil, fmt.Errorf("list steps: %w", err)
	}
	return out, nil
}

func insertFile(ctx context.Context, tx *db.Tx, f File) error {
	if _, err := tx.Exec(ctx, `INSERT INTO payout_file (id, batch, layout, name, sha256, size, person, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		f.ID, f.Batch, f.Layout, f.Name, f.SHA256, f.Size, f.Person, f.CreatedAt); err != nil {
		return fmt.Errorf("write down a payment file: %w", err)
	}
	return nil
}

// listFiles lists the files made of a batch, newest first, and which of them were made of what was approved last.
func listFiles(ctx context.Context, q db.Q, batch string) ([]File, error) {
	out, err := db.All[File](ctx, q, `SELECT id, batch, layout, name, sha256, size, person, created_at FROM payout_file WHERE batch = $1 ORDER BY created_at DESC, id DESC`, batch)
	if err != nil {
		return nil, fmt.Errorf("list payment files: %w", err)
	}
	steps, err := listSteps(ctx, q, batch)
	if err != nil {
		return nil, err
	}
	last := -1
	for i, st := range steps {
		switch st.Verb {
		case "approve":
			last = i
		case "send-back", "stop":
			last = -1
		}
	}
	for i := range out {
		out[i].Current = last >= 0 && !out[i].CreatedAt.Before(steps[last].At.Time)
	}
	return out, nil
}

// layoutRow is a layout of a funder's own.
type layoutRow struct {
	ID        string  `db:"id"`
	Funder    string  `db:"funder"`
	From      string  `db:"valid_from"`
	Body      string  `db:"body"`
	Source    string  `db:"source"`
	Person    string  `db:"person"`
	CreatedAt db.Time `db:"created_at"`
}

func insertLayout(ctx context.Context, tx *db.Tx, l layoutRow) error {
	if _, err := tx.Exec(ctx, `INSERT INTO payout_layout (id, funder, valid_from, body, source, person, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		l.ID, l.Funder, l.From, l.Body, l.Source, l.Person, l.CreatedAt); err != nil {
		return fmt.Errorf("write a layout: %w", err)
	}
	return nil
}

// listLayouts lists a funder's own layouts, the oldest first.
func listLayouts(ctx context.Context, q db.Q, funder string) ([]layoutRow, error) {
	out, err := db.All[layoutRow](ctx, q, `SELECT id, funder, valid_from, body, source, person, created_at FROM payout_layout WHERE funder = $1 ORDER BY valid_from, created_at, id`, funder)
	if err != nil {
		return nil, fmt.Errorf("list layouts: %w", err)
	}
	return out, nil
}

// Upload is a file of receipts.
type Upload struct {
	ID        string      `db:"id"`
	Funder    string      `db:"funder"`
	Region    string      `db:"region"`
	Name      string      `db:"name"`
	SHA256    string      `db:"sha256"`
	State     string      `db:"state"` // read, applied
	Headings  string      `db:"headings"`
	Mapping   string      `db:"mapping"`
	Person    string      `db:"person"`
	CreatedAt db.Time     `db:"created_at"`
	AppliedAt db.NullTime `db:"applied_at"`
}

const uploadColumns = `id, funder, region, name, sha256, state, headings, mapping, person, created_at, applied_at`

func insertUpload(ctx context.Context, tx *db.Tx, u Upload) error {
	if _, err := tx.Exec(ctx, `INSERT INTO payout_upload (`+uploadColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		u.ID, u.Funder, u.Region, u.Name, u.SHA256, u.State, u.Headings, u.Mapping, u.Person, u.CreatedAt, u.AppliedAt); err != nil {
		return fmt.Errorf("write an upload: %w", err)
	}
	return nil
}

func updateUpload(ctx context.Context, tx *db.Tx, u Upload) error {
	if _, err := tx.Exec(ctx, `UPDATE payout_upload SET state = $1, mapping = $2, applied_at = $3 WHERE id = $4`, u.State, u.Mapping, u.AppliedAt, u.ID); err != nil {
		return fmt.Errorf("move upload %s: %w", u.ID, err)
	}
	return nil
}

// findUpload finds the same file of the same funder; false where there is none.
func findUpload(ctx context.Context, q db.Q, funder, sum string) (Upload, bool, error) {
	list, err := db.All[Upload](ctx, q, `SELECT `+uploadColumns+` FROM payout_upload WHERE funder = $1 AND sha256 = $2`, funder, sum)
	if err != nil || len(list) == 0 {
		return Upload{}, false, err
	}
	return list[0], true, nil
}

func uploadMissing() error {
	return fault.New(fault.NotFound, "upload-not-found", "没有找到这份回执。")
}

func getUpload(ctx context.Context, q db.Q, upload string) (Upload, error) {
	u, err := db.One[Upload](ctx, q, `SELECT `+uploadColumns+` FROM payout_upload WHERE id = $1`, upload)
	if errors.Is(err, db.ErrNone) {
		return u, uploadMissing()
	}
	return u, err
}

func lockUpload(ctx context.Context, tx *db.Tx, upload string) (Upload, error) {
	u, err := db.One[Upload](ctx, tx, `UPDATE payout_upload SET state = state WHERE id = $1 RETURNING `+uploadColumns, upload)
	if errors.Is(err, db.ErrNone) {
		return u, uploadMissing()
	}
	return u, err
}

func listUploads(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Upload, error) {
	out, err := db.All[Upload](ctx, q, `SELECT `+uploadColumns+` FROM payout_upload`+w.SQL()+` ORDER BY created_at DESC, id DESC LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list receipts: %w", err)
	}
	return out, nil
}

// keptLine is a row of an applied file.
type keptLine struct {
	Upload  string `db:"upload"`
	Row     int    `db:"row_no"`
	Item    string `db:"item"`
	Amount  string `db:"amount"`
	Account string `db:"account"`
	Result  string `db:"result"`
	Note    string `db:"note"`
	Outcome string `db:"outcome"`
	Code    string `db:"code"`
}

func insertLines(ctx context.Context, tx *db.Tx, lines []keptLine) error {
	rows := make([][]any, len(lines))
	for i, l := range lines {
		rows[i] = []any{l.Upload, l.Row, l.Item, l.Amount, l.Account, l.Result, l.Note, l.Outcome, l.Code}
	}
	if len(rows) == 0 {
		return nil
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO payout_line (upload, row_no, item, amount, account, result, note, outcome, code)`, rows, ""); err != nil {
		return fmt.Errorf("write receipts: %w", err)
	}
	return nil
}

func listLines(ctx context.Context, q db.Q, upload string) ([]keptLine, error) {
	out, err := db.All[keptLine](ctx, q, `SELECT upload, row_no, item, amount, account, result, note, outcome, code FROM payout_line WHERE upload = $1 ORDER BY row_no`, upload)
	if err != nil {
		return nil, fmt.Errorf("list receipts: %w", err)
	}
	return out, nil
}

// savedMapping is what was said of the same headings before; nil when nothing was.
func savedMapping(ctx context.Context, q db.Q, funder, headings string) ([]string, error) {
	found, err := db.All[string](ctx, q, `SELECT mapping FROM payout_mapping WHERE funder = $1 AND headings = $2`, funder, headings)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var out []string
	if err := json.Unmarshal([]byte(found[0]), &out); err != nil {
		return nil, fmt.Errorf("read a mapping: %w", err)
	}
	return out, nil
}

func saveMapping(ctx context.Context, tx *db.Tx, funder, headings, mapping string) error {
	if _, err := tx.Exec(ctx, `INSERT INTO payout_mapping (funder, headings, mapping) VALUES ($1, $2, $3) ON CONFLICT (funder, headings) DO UPDATE SET mapping = excluded.mapping`,
		funder, headings, mapping); err != nil {
		return fmt.Errorf("save a mapping: %w", err)
	}
	return nil
}
