package message

import (
	"context"
	"time"

	"qiao/internal/platform/db"
)

// outgoing is a delivery with the text it carries.
type outgoing struct {
	Delivery
	noticeText

	Invite string `db:"invite"`
}

const outgoingSQL = `SELECT ` + deliveryColumns + `, n.title, n.title_args, n.body, n.body_args, n.link, n.stop, n.event, n.invite
	FROM message_delivery d JOIN message_notice n ON n.id = d.notice`

// listDue gives the deliveries whose time has come, the longest waiting first.
func listDue(ctx context.Context, q db.Q, now time.Time, n int) ([]outgoing, error) {
	return db.All[outgoing](ctx, q, outgoingSQL+` WHERE d.state = 'due' AND d.due_at <= $1 ORDER BY d.due_at, d.id LIMIT $2`, db.At(now), n)
}

// leaseDelivery takes a due delivery for one courier until the end of the lease; false when another has it.
func leaseDelivery(ctx context.Context, tx *db.Tx, d Delivery, until time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE message_delivery SET due_at = $1, attempts = attempts + 1 WHERE id = $2 AND state = 'due' AND attempts = $3`,
		db.At(until), d.ID, d.Attempts)
	return n == 1, err
}

func updateSent(ctx context.Context, tx *db.Tx, d Delivery, now time.Time, simulated bool) error {
	_, err := tx.Exec(ctx, `UPDATE message_delivery SET state = 'sent', sent_at = $1, simulated = $2, problem = '' WHERE id = $3 AND state = 'due'`, db.At(now), simulated, d.ID)
	return err
}

func updateFailed(ctx context.Context, tx *db.Tx, d Delivery, state string, dueAt time.Time, problem string) error {
	_, err := tx.Exec(ctx, `UPDATE message_delivery SET state = $1, due_at = $2, problem = $3 WHERE id = $4 AND state = 'due'`, state, db.At(dueAt), problem, d.ID)
	return err
}

// updateRetry makes a parked delivery due again; false when it is not parked.
func updateRetry(ctx context.Context, tx *db.Tx, delivery string, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE message_delivery SET state = 'due', attempts = 0, due_at = $1 WHERE id = $2 AND state = 'parked'`, db.At(now), delivery)
	return n == 1, err
}

func listOutgoing(ctx context.Context, q db.Q, state string, from place, n int) ([]outgoing, error) {
	var w db.Where
	if state != "" {
		w.And("d.state = ?", state)
	}
	if from.id != "" {
		w.And("d.at < ? OR (d.at = ? AND d.id < ?)", from.at, from.at, from.id)
	}
	limit := w.Arg(n)
	return db.All[outgoing](ctx, q, outgoingSQL+w.SQL()+` ORDER BY d.at DESC, d.id DESC LIMIT `+limit, w.Args()...)
}

// stateCount is how many deliveries are in a state, and since when the oldest waits.
type stateCount struct {
	State  string  `db:"state"`
	Count  int64   `db:"count"`
	Oldest db.Time `db:"oldest"`
}

func countStates(ctx context.Context, q db.Q) ([]stateCount, error) {
	return db.All[stateCount](ctx, q, `SELECT state, COUNT(*) AS count, MIN(at) AS oldest FROM message_delivery GROUP BY state`)
}
