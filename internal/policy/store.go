package policy

import (
	"context"
	"fmt"
	"strings"

	"qiao/internal/platform/db"
)

const callColumns = `id, title, agency, published, deadline, published_raw, deadline_raw, flags, source, source_id, licence, retrieved_on, search`

// upsertCalls writes a batch; a call that is there is brought up to the source.
func upsertCalls(ctx context.Context, tx *db.Tx, calls []Call) error {
	var w db.Where
	rows := make([]string, len(calls))
	for i, c := range calls {
		marks := make([]string, 0, 13)
		for _, v := range []string{c.ID, c.Title, c.Agency, c.Published, c.Deadline, c.PublishedRaw, c.DeadlineRaw, c.Flags, c.Source, c.SourceID, c.Licence, c.RetrievedOn, c.Search} {
			marks = append(marks, w.Arg(v))
		}
		rows[i] = "(" + strings.Join(marks, ", ") + ")"
	}
	_, err := tx.Exec(ctx, `INSERT INTO policy_call (`+callColumns+`) VALUES `+strings.Join(rows, ", ")+`
		ON CONFLICT (id) DO UPDATE SET title = excluded.title, agency = excluded.agency, published = excluded.published, deadline = excluded.deadline,
			published_raw = excluded.published_raw, deadline_raw = excluded.deadline_raw, flags = excluded.flags,
			licence = excluded.licence, retrieved_on = excluded.retrieved_on, search = excluded.search`, w.Args()...)
	if err != nil {
		return fmt.Errorf("write %d calls: %w", len(calls), err)
	}
	return nil
}

func getCall(ctx context.Context, q db.Q, id string) (Call, error) {
	return db.One[Call](ctx, q, `SELECT `+callColumns+` FROM policy_call WHERE id = $1`, id)
}

// where are the conditions of a query on a day.
func where(words []string, state, today string) *db.Where {
	var w db.Where
	for _, word := range words {
		w.And(`search LIKE ? ESCAPE '\'`, pattern(word))
	}
	switch state {
	case Open:
		w.And("deadline >= ?", today)
		w.And("deadline >= published")
	case Closed:
		w.And("deadline <> ''")
		w.And("deadline < ?", today)
		w.And("deadline >= published")
	case Unknown:
		w.And("deadline = '' OR deadline < published")
	}
	return &w
}

// listCalls are the calls after a place in the list, newest first, those without a day at the end.
func listCalls(ctx context.Context, q db.Q, w *db.Where, afterDay, afterID string, limit int) ([]Call, error) {
	if afterID != "" {
		w.And("published < ? OR (published = ? AND id < ?)", afterDay, afterDay, afterID)
	}
	sql := `SELECT ` + callColumns + ` FROM policy_call` + w.SQL() + ` ORDER BY published DESC, id DESC LIMIT ` + w.Arg(limit)
	calls, err := db.All[Call](ctx, q, sql, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list calls: %w", err)
	}
	return calls, nil
}

func countCalls(ctx context.Context, q db.Q, w *db.Where) (int64, error) {
	n, err := db.One[int64](ctx, q, `SELECT count(*) FROM policy_call`+w.SQL(), w.Args()...)
	if err != nil {
		return 0, fmt.Errorf("count calls: %w", err)
	}
	return n, nil
}
