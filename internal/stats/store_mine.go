package stats

import (
	"context"

	"qiao/internal/platform/db"
)

// mine sums the facts of one kind of one organisation.
type mine struct {
	Kind    Kind  `db:"kind"`
	Facts   int64 `db:"facts"`
	Amount  int64 `db:"amount"`
	Minutes int64 `db:"minutes"`
	Score   int64 `db:"score"`
}

// The sides of a fact.
const (
	mineAsked  = "org"
	mineServed = "other"
)

// listMine sums the facts of an organisation on one side since a month.
func listMine(ctx context.Context, q db.Q, side, org, since string) (map[Kind]mine, error) {
	rows, err := db.All[mine](ctx, q, `SELECT kind, COUNT(*) AS facts, CAST(SUM(amount) AS BIGINT) AS amount, CAST(SUM(minutes) AS BIGINT) AS minutes,
		CAST(SUM(score) AS BIGINT) AS score FROM stats_fact WHERE `+side+` = $1 AND month >= $2 GROUP BY kind`, org, since)
	out := map[Kind]mine{}
	for _, r := range rows {
		out[r.Kind] = r
	}
	return out, err
}
