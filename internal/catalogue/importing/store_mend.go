package importing

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// rejectRow is catalogue_import_row.
type rejectRow struct {
	Line  int64  `db:"line"`
	Nth   int64  `db:"nth"`
	Cells string `db:"cells"`
}

// listRejects reads rejected rows from one line on, in their order, with what is wrong with each.
func listRejects(ctx context.Context, q db.Q, importID string, from int64, limit int) ([]BadRow, error) {
	rows, err := db.All[rejectRow](ctx, q, `SELECT line, nth, cells FROM catalogue_import_row WHERE import = $1 AND line >= $2 ORDER BY line LIMIT $3`, importID, from, limit)
	if err != nil {
		return nil, fmt.Errorf("read the rejected rows of import %s: %w", importID, err)
	}
	out := make([]BadRow, len(rows))
	at := map[int64]int{}
	for i, x := range rows {
		out[i] = BadRow{Line: x.Line, nth: x.Nth}
		at[x.Line] = i
		if err := json.Unmarshal([]byte(x.Cells), &out[i].Cells); err != nil {
			return nil, fmt.Errorf("read row %d of import %s: %w", x.Line, importID, err)
		}
	}
	if len(out) == 0 {
		return out, nil
	}
	errs, err := listErrors(ctx, q, importID, out[0].Line, maxErrors)
	for _, e := range errs {
		if i, ok := at[e.Row]; ok {
			out[i].Errors = append(out[i].Errors, e)
		}
	}
	return out, err
}

// takeRejects takes rejected rows off the list, each with the cells that replace its own; a line that does not wait any
// more is a fault.
func takeRejects(ctx context.Context, tx *db.Tx, importID string, cells map[int64][]string) ([]BadRow, error) {
	if len(cells) == 0 {
		return nil, nil
	}
	lines := make([]int64, 0, len(cells))
	for line := range cells {
		lines = append(lines, line)
	}
	var w db.Where
	w.And("import = ?", importID)
	w.And("line IN (" + numbers(lines) + ")")
	rows, err := db.All[rejectRow](ctx, tx, `SELECT line, nth, cells FROM catalogue_import_row`+w.SQL()+` ORDER BY line`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read the rejected rows of import %s: %w", importID, err)
	}
	n, err := deleteRejects(ctx, tx, importID, lines)
	if err != nil {
		return nil, err
	}
	if n != int64(len(cells)) || len(rows) != len(cells) {
		return nil, fault.New(fault.Conflict, "row-gone", "有的行已经更正过了，请刷新页面再看。")
	}
	out := make([]BadRow, len(rows))
	for i, x := range rows {
		out[i] = BadRow{Line: x.Line, nth: x.Nth, Cells: cells[x.Line]}
	}
	return out, nil
}

// numbers writes line numbers as a list.
func numbers(lines []int64) string {
	out := make([]string, len(lines))
	for i, n := range lines {
		out[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(out, ", ")
}

func dropRejects(ctx context.Context, tx *db.Tx, importID string, lines []int64) error {
	if len(lines) == 0 {
		return nil
	}
	_, err := deleteRejects(ctx, tx, importID, lines)
	return err
}

// deleteRejects takes rows off the list with what was wrong, and tells how many there were.
func deleteRejects(ctx context.Context, tx *db.Tx, importID string, lines []int64) (int64, error) {
	n := int64(0)
	for _, table := range []string{`DELETE FROM catalogue_import_error`, `DELETE FROM catalogue_import_row`} {
		var w db.Where
		w.And("import = ?", importID)
		w.And("line IN (" + numbers(lines) + ")")
		var err error
		if n, err = tx.Exec(ctx, table+w.SQL(), w.Args()...); err != nil {
			return 0, fmt.Errorf("take rows of import %s off the list: %w", importID, err)
		}
	}
	return n, nil
}

// recount moves rows of an import from rejected to where they belong now.
func recount(ctx context.Context, tx *db.Tx, importID string, accepted, updated, unchanged, in int64) error {
	_, err := tx.Exec(ctx, `UPDATE catalogue_import SET accepted = accepted + $2, updated = updated + $3, unchanged = unchanged + $4, rejected = rejected - $5 WHERE id = $1`, importID, accepted, updated, unchanged, in)
	if err != nil {
		return fmt.Errorf("count the mended rows of import %s: %w", importID, err)
	}
	return nil
}
