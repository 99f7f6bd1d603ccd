package exchange

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
)

const pushColumns = `id, owner, person, way, code, state, records, accepted, rejected, failure, attempts, at, sent_at, due`

func getPush(ctx context.Context, q db.Q, push string) (Push, error) {
	return db.One[Push](ctx, q, `SELECT `+pushColumns+` FROM exchange_push WHERE id = $1`, push)
}

// listPushes are the newest sendings of an owner.
func listPushes(ctx context.Context, q db.Q, owner string, limit int) ([]Push, error) {
	out, err := db.All[Push](ctx, q, `SELECT `+pushColumns+` FROM exchange_push WHERE owner = $1 ORDER BY id DESC LIMIT $2`, owner, limit)
	if err != nil {
		return nil, fmt.Errorf("list the sendings of %s: %w", owner, err)
	}
	return out, nil
}

// duePushes are the sendings whose next attempt has come.
func duePushes(ctx context.Context, q db.Q, now db.Time) ([]Push, error) {
	out, err := db.All[Push](ctx, q, `SELECT `+pushColumns+` FROM exchange_push WHERE due <= $1 ORDER BY due, id LIMIT 50`, now)
	if err != nil {
		return nil, fmt.Errorf("list what is due to the national platform: %w", err)
	}
	return out, nil
}

// claimPush takes a due sending for one attempt; false when another process has.
func claimPush(ctx context.Context, tx *db.Tx, p Push, lease db.NullTime) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE exchange_push SET due = $3, attempts = attempts + 1 WHERE id = $1 AND due = $2 AND attempts = $4`, p.ID, p.Due, lease, p.Attempts)
	if err != nil {
		return false, fmt.Errorf("take sending %s: %w", p.ID, err)
	}
	return n == 1, nil
}

func duePush(ctx context.Context, tx *db.Tx, push string, due db.NullTime) error {
	if _, err := tx.Exec(ctx, `UPDATE exchange_push SET due = $2 WHERE id = $1`, push, due); err != nil {
		return fmt.Errorf("make sending %s due: %w", push, err)
	}
	return nil
}

func updatePush(ctx context.Context, tx *db.Tx, p Push) error {
	_, err := tx.Exec(ctx, `UPDATE exchange_push SET state = $2, accepted = $3, rejected = $4, failure = $5, sent_at = $6, due = $7 WHERE id = $1`, p.ID, p.State, p.Accepted, p.Rejected, p.Failure, p.SentAt, p.Due)
	if err != nil {
		return fmt.Errorf("write sending %s: %w", p.ID, err)
	}
	return nil
}

const pushRecordColumns = `push, position, resource, inner_id, sort, state, reason, fields, body`

func insertPushRecords(ctx context.Context, tx *db.Tx, list []PushRecord) error {
	rows := make([][]any, len(list))
	for i, r := range list {
		rows[i] = []any{r.Push, r.Position, r.Resource, r.InnerID, r.Sort, r.State, r.Reason, r.Fields, r.Body}
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO exchange_push_record (`+pushRecordColumns+`)`, rows, ""); err != nil {
		return fmt.Errorf("write %d records of a sending: %w", len(rows), err)
	}
	return nil
}

// waitingRecords are the records of a sending that have no answer yet, one sort after another.
func waitingRecords(ctx context.Context, q db.Q, push string) ([]PushRecord, error) {
	out, err := db.All[PushRecord](ctx, q, `SELECT `+pushRecordColumns+` FROM exchange_push_record WHERE push = $1 AND state = $2 ORDER BY sort, position`, push, RecordWaiting)
	if err != nil {
		return nil, fmt.Errorf("read what of sending %s is not answered: %w", push, err)
	}
	return out, nil
}

func answerPushRecord(ctx context.Context, tx *db.Tx, r PushRecord) error {
	_, err := tx.Exec(ctx, `UPDATE exchange_push_record SET state = $3, reason = $4, fields = $5, body = $6 WHERE push = $1 AND position = $2`, r.Push, r.Position, r.State, r.Reason, r.Fields, r.Body)
	if err != nil {
		return fmt.Errorf("keep the answer to record %d of %s: %w", r.Position, r.Push, err)
	}
	return nil
}

// countAnswers counts what of a sending stands there, and what was refused.
func countAnswers(ctx context.Context, q db.Q, push string) (stand, refused int64, err error) {
	type line struct {
		State string `db:"state"`
		N     int64  `db:"n"`
	}
	list, err := db.All[line](ctx, q, `SELECT state, count(*) AS n FROM exchange_push_record WHERE push = $1 GROUP BY state`, push)
	if err != nil {
		return 0, 0, fmt.Errorf("count the answers to %s: %w", push, err)
	}
	for _, l := range list {
		switch l.State {
		case RecordAccepted, RecordReceived:
			stand += l.N
		case RecordRefused:
			refused += l.N
		}
	}
	return stand, refused, nil
}

// answersOf are the answers to the last sending of each of an owner's instruments, by resource.
func answersOf(ctx context.Context, q db.Q, owner string) (map[string]PushRecord, error) {
	rows, err := db.All[PushRecord](ctx, q, `SELECT r.push, r.position, r.resource, r.inner_id, r.sort, r.state, r.reason, r.fields, '' AS body FROM exchange_push_record r
		JOIN exchange_report o ON o.resource = r.resource AND o.push = r.push WHERE o.owner = $1`, owner)
	if err != nil {
		return nil, fmt.Errorf("read the answers to %s: %w", owner, err)
	}
	out := make(map[string]PushRecord, len(rows))
	for _, r := range rows {
		out[r.Resource] = r
	}
	return out, nil
}
