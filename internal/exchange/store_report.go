package exchange

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
)

// reportsOf are the reports of an owner by resource.
func reportsOf(ctx context.Context, q db.Q, owner string) (map[string]Report, error) {
	rows, err := db.All[Report](ctx, q, `SELECT resource, owner, state, revision, reason, push, changed_at FROM exchange_report WHERE owner = $1`, owner)
	if err != nil {
		return nil, fmt.Errorf("read the reports of %s: %w", owner, err)
	}
	out := make(map[string]Report, len(rows))
	for _, r := range rows {
		out[r.Resource] = r
	}
	return out, nil
}

func putReport(ctx context.Context, tx *db.Tx, r Report) error {
	_, err := tx.Exec(ctx, `INSERT INTO exchange_report (resource, owner, state, revision, reason, push, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (resource) DO UPDATE SET owner = excluded.owner, state = excluded.state, revision = excluded.revision, reason = excluded.reason, push = excluded.push, changed_at = excluded.changed_at`,
		r.Resource, r.Owner, r.State, r.Revision, r.Reason, r.Push, r.ChangedAt)
	if err != nil {
		return fmt.Errorf("write the report of %s: %w", r.Resource, err)
	}
	return nil
}

func insertPush(ctx context.Context, tx *db.Tx, p Push) error {
	_, err := tx.Exec(ctx, `INSERT INTO exchange_push (id, owner, person, way, code, state, records, accepted, rejected, failure, attempts, at, sent_at, due) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p.ID, p.Owner, p.Person, p.Way, p.Code, p.State, p.Records, p.Accepted, p.Rejected, p.Failure, p.Attempts, p.At, p.SentAt, p.Due)
	if err != nil {
		return fmt.Errorf("write push %s: %w", p.ID, err)
	}
	return nil
}
