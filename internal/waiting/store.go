package waiting

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const waitColumns = `id, resource, resource_zh, resource_en, owner, region, buyer, person, from_day, to_day, from_minute, to_minute, minutes, until, content, state, inner_use, invented, revision, joined_at, updated_at`

func insertWait(ctx context.Context, tx *db.Tx, w Wait) error {
	_, err := tx.Exec(ctx, `INSERT INTO waiting_wait (`+waitColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		w.ID, w.Resource, w.ResourceZH, w.ResourceEN, w.Owner, w.Region, w.Buyer, w.Person, w.FromDay, w.ToDay, w.FromMinute, w.ToMinute, w.Minutes, w.Until, w.Content, w.State, w.Inner, w.Invented, w.Revision, w.Joined, w.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write a place in the queue of %s: %w", w.Resource, err)
	}
	return nil
}

func getWait(ctx context.Context, q db.Q, id string) (Wait, error) {
	w, err := db.One[Wait](ctx, q, `SELECT `+waitColumns+` FROM waiting_wait WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return w, fault.New(fault.NotFound, "no-wait", "没有找到这个候补，可能地址不完整。")
	}
	if err != nil {
		return w, fmt.Errorf("read place %s: %w", id, err)
	}
	return w, nil
}

// updateWait writes the state of a place that nobody has changed since it was read.
func updateWait(ctx context.Context, tx *db.Tx, w Wait) error {
	n, err := tx.Exec(ctx, `UPDATE waiting_wait SET state = $2, revision = $3, updated_at = $4 WHERE id = $1 AND revision = $5`, w.ID, w.State, w.Revision, w.UpdatedAt, w.Revision-1)
	if err != nil {
		return fmt.Errorf("move place %s: %w", w.ID, err)
	}
	if n != 1 {
		return errBusy()
	}
	return nil
}

func errBusy() *fault.Error {
	return fault.New(fault.Conflict, "waiting-busy", "刚刚有别的变化，请刷新页面再试。")
}

// queueOf is the places of a resource that still stand, by when they came.
func queueOf(ctx context.Context, q db.Q, resource string) ([]Wait, error) {
	out, err := db.All[Wait](ctx, q, `SELECT `+waitColumns+` FROM waiting_wait WHERE resource = $1 AND state IN ('waiting', 'offered') ORDER BY joined_at, id`, resource)
	if err != nil {
		return nil, fmt.Errorf("read the queue of %s: %w", resource, err)
	}
	return out, nil
}

// waitsDue is the places that wait though their last day has passed.
func waitsDue(ctx context.Context, q db.Q, today string) ([]Wait, error) {
	out, err := db.All[Wait](ctx, q, `SELECT `+waitColumns+` FROM waiting_wait WHERE state = 'waiting' AND until < $1 ORDER BY until, id LIMIT 500`, today)
	if err != nil {
		return nil, fmt.Errorf("look for places that are over: %w", err)
	}
	return out, nil
}

// queuesWaiting is the resources for which somebody waits.
func queuesWaiting(ctx context.Context, q db.Q) ([]string, error) {
	out, err := db.All[string](ctx, q, `SELECT DISTINCT resource FROM waiting_wait WHERE state = 'waiting' ORDER BY resource`)
	if err != nil {
		return nil, fmt.Errorf("list the queues: %w", err)
	}
	return out, nil
}

// shown is the longest list that a page shows.
const shown = 200

func listWaits(ctx context.Context, q db.Q, w *db.Where) ([]Wait, error) {
	out, err := db.All[Wait](ctx, q, `SELECT `+waitColumns+` FROM waiting_wait`+w.SQL()+` ORDER BY CASE WHEN state IN ('waiting', 'offered') THEN 0 ELSE 1 END, joined_at DESC, id LIMIT `+w.Arg(shown), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list places: %w", err)
	}
	return out, nil
}

const ruleColumns = `id, owner, hold, reply, day_from, day_to, least, most, turn, missed, valid_from, person, created_at`

// listRules is an owner's rules by their first day; of several of one day the one written last counts.
func listRules(ctx context.Context, q db.Q, owner string) ([]Rule, error) {
	out, err := db.All[Rule](ctx, q, `SELECT `+ruleColumns+` FROM waiting_rule WHERE owner = $1 ORDER BY valid_from, created_at, id`, owner)
	if err != nil {
		return nil, fmt.Errorf("read the rules of %s: %w", owner, err)
	}
	return out, nil
}

func insertRule(ctx context.Context, tx *db.Tx, r Rule) error {
	_, err := tx.Exec(ctx, `INSERT INTO waiting_rule (`+ruleColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		r.ID, r.Owner, r.Hold, r.Reply, r.DayFrom, r.DayTo, r.Least, r.Most, r.Turn, r.Missed, r.From, r.Person, r.CreatedAt)
	if err != nil {
		return fmt.Errorf("write a rule of %s: %w", r.Owner, err)
	}
	return nil
}
