package identity

import (
	"context"

	"qiao/internal/platform/db"
)

// pageOrganisations reads one page, ordered by the last change; after is the last row's instant and id, empty at first.
func pageOrganisations(ctx context.Context, q db.Q, w *db.Where, oldest bool, after []string, limit int) ([]Organisation, error) {
	compare, order := "<", "DESC"
	if oldest {
		compare, order = ">", "ASC"
	}
	if after[1] != "" {
		w.And("(o.updated_at, o.id) "+compare+" (?, ?)", after[0], after[1])
	}
	sql := `SELECT ` + organisationColumns + ` FROM identity_organisation o` + w.SQL() +
		` ORDER BY o.updated_at ` + order + `, o.id ` + order + ` LIMIT ` + w.Arg(limit)
	return db.All[Organisation](ctx, q, sql, w.Args()...)
}

type statusCount struct {
	Status string `db:"status"`
	N      int64  `db:"n"`
	Oldest string `db:"oldest"`
}

// countByStatus counts the rows of each state, with the oldest change.
func countByStatus(ctx context.Context, q db.Q, w *db.Where) ([]statusCount, error) {
	return db.All[statusCount](ctx, q, `SELECT o.status, COUNT(*) AS n, MIN(o.updated_at) AS oldest
		FROM identity_organisation o`+w.SQL()+` GROUP BY o.status`, w.Args()...)
}
