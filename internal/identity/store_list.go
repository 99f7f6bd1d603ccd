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

func listedOrganisations(ctx context.Context, q db.Q, after string, limit int) ([]Organisation, error) {
	return db.All[Organisation](ctx, q, `SELECT `+organisationColumns+` FROM identity_organisation o
		WHERE o.id > $1 AND o.status IN ('unclaimed', 'verified') ORDER BY o.id LIMIT $2`, after, limit)
}

func countListed(ctx context.Context, q db.Q) ([]Count, error) {
	return db.All[Count](ctx, q, `SELECT o.kind, o.region, COUNT(*) AS n FROM identity_organisation o
		WHERE o.status IN ('unclaimed', 'verified') GROUP BY o.kind, o.region ORDER BY o.kind, o.region`)
}

type seat struct {
	ID     string `db:"id"`
	Region string `db:"region"`
}

// holdersOf are the verified organisations that hold the capacity on the day.
func holdersOf(ctx context.Context, q db.Q, capacity, day string) ([]seat, error) {
	return db.All[seat](ctx, q, `SELECT o.id, o.region FROM identity_organisation o JOIN identity_capacity c ON c.organisation = o.id
		WHERE o.status = 'verified' AND c.capacity = $1 AND c.verified_on <> '' AND c.valid_from <= $2 AND (c.valid_to = '' OR c.valid_to >= $2)
		ORDER BY o.id`, capacity, day)
}

type namedPerson struct {
	ID   string `db:"id"`
	Name string `db:"name"`
}

func namesOf(ctx context.Context, q db.Q, people []string) ([]namedPerson, error) {
	var w db.Where
	w.In("id", people)
	return db.All[namedPerson](ctx, q, `SELECT id, name FROM identity_person`+w.SQL(), w.Args()...)
}
