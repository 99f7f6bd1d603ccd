// Package audit keeps who did what to which object, when and why, in a chain that shows tampering.
//
// An entry is written in the transaction of the change itself. It holds ids and a digest, never a
// personal value, so that a person's data can be erased and the chain still holds. The sequencer
// numbers entries after commit and links each to the one before by SHA-256.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/id"
)

// Actor is who acts: a person as one membership, in one request; or a job.
type Actor struct {
	Person     string // empty for a visitor or a job
	Membership string
	Org        string
	Cause      string // the request id, or "job:name", "outbox:consumer", "cli:command"
}

type actorKey struct{}

// WithActor says who acts in ctx.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// System is the program itself acting for the named cause.
func System(cause string) Actor { return Actor{Cause: cause} }

// ActorOf is who acts in ctx.
func ActorOf(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}

// Entry is one change.
type Entry struct {
	Action string // as in the permission table: "order.accept"
	Kind   string // of the object: "order"
	ID     string // of the object
	From   string // state before, where there are states
	To     string // state after
	Data   any    // what changed; only its digest is kept
}

// Record writes the entry in the caller's transaction.
func Record(ctx context.Context, tx *db.Tx, now time.Time, e Entry) error {
	digest := ""
	if e.Data != nil {
		b, err := json.Marshal(e.Data)
		if err != nil {
			return fmt.Errorf("digest an audit entry: %w", err)
		}
		sum := sha256.Sum256(b)
		digest = hex.EncodeToString(sum[:])
	}
	a := ActorOf(ctx)
	_, err := tx.Exec(ctx, `INSERT INTO audit_entry (id, at, person, membership, org, cause, action, kind, object, from_state, to_state, digest)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		id.New(), db.At(now), a.Person, a.Membership, a.Org, a.Cause, e.Action, e.Kind, e.ID, e.From, e.To, digest)
	if err != nil {
		return fmt.Errorf("record %s: %w", e.Action, err)
	}
	return nil
}

// Row is an entry as stored.
type Row struct {
	ID         string  `db:"id"`
	Seq        int64   `db:"seq"` // 0 until the sequencer has come by
	At         db.Time `db:"at"`
	Person     string  `db:"person"`
	Membership string  `db:"membership"`
	Org        string  `db:"org"`
	Cause      string  `db:"cause"`
	Action     string  `db:"action"`
	Kind       string  `db:"kind"`
	Object     string  `db:"object"`
	From       string  `db:"from_state"`
	To         string  `db:"to_state"`
	Digest     string  `db:"digest"`
	Prev       string  `db:"prev"`
	Hash       string  `db:"hash"`
}

const columns = `id, coalesce(seq, 0) AS seq, at, person, membership, org, cause, action, kind, object, from_state, to_state, digest, prev, hash`

// link is the hash of a row at its place in the chain.
func (r Row) link(seq int64, prev string) string {
	fields := []string{fmt.Sprint(seq), prev, r.ID, db.Stamp(r.At.Time), r.Person, r.Membership, r.Org, r.Cause, r.Action, r.Kind, r.Object, r.From, r.To, r.Digest}
	sum := sha256.Sum256([]byte(strings.Join(fields, "\x1f")))
	return hex.EncodeToString(sum[:])
}
