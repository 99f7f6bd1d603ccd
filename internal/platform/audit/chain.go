package audit

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

type head struct {
	Last int64  `db:"last"`
	Hash string `db:"hash"`
}

// Link numbers and chains up to limit committed entries in the caller's transaction, which it makes
// the only one doing so; it tells how many.
func Link(ctx context.Context, tx *db.Tx, limit int) (int, error) {
	h, err := db.One[head](ctx, tx, `UPDATE outbox_sequence SET last = last WHERE feed = 'audit' RETURNING last, hash`)
	if err != nil {
		return 0, err
	}
	rows, err := db.All[Row](ctx, tx, `SELECT `+columns+` FROM audit_entry WHERE seq IS NULL ORDER BY id LIMIT $1`, limit)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	for _, r := range rows {
		h.Last++
		hash := r.link(h.Last, h.Hash)
		if _, err := tx.Exec(ctx, `UPDATE audit_entry SET seq = $1, prev = $2, hash = $3 WHERE id = $4`, h.Last, h.Hash, hash, r.ID); err != nil {
			return 0, err
		}
		h.Hash = hash
	}
	_, err = tx.Exec(ctx, `UPDATE outbox_sequence SET last = $1, hash = $2 WHERE feed = 'audit'`, h.Last, h.Hash)
	return len(rows), err
}

// Filter narrows List; empty fields do not.
type Filter struct {
	Kind, Object, Person, Action string
	Before                       int64 // seq of the last row of the page before
	Limit                        int
}

// List is the log, newest first; entries not yet numbered are left out (they are seconds old).
func List(ctx context.Context, q db.Q, f Filter) ([]Row, error) {
	var w db.Where
	w.And("seq IS NOT NULL")
	for cond, v := range map[string]string{"kind = ?": f.Kind, "object = ?": f.Object, "person = ?": f.Person, "action = ?": f.Action} {
		if v != "" {
			w.And(cond, v)
		}
	}
	if f.Before > 0 {
		w.And("seq < ?", f.Before)
	}
	limit := w.Arg(f.Limit)
	return db.All[Row](ctx, q, `SELECT `+columns+` FROM audit_entry`+w.SQL()+` ORDER BY seq DESC LIMIT `+limit, w.Args()...)
}

// unlinked is how old an entry outside the chain may be before it is a finding.
const unlinked = time.Minute

// Verify walks the whole chain and reports every break, and entries that were left out of it.
func Verify(ctx context.Context, q db.Q, now time.Time) ([]verify.Finding, error) {
	var out []verify.Finding
	prev, seq := "", int64(0)
	for {
		rows, err := db.All[Row](ctx, q, `SELECT `+columns+` FROM audit_entry WHERE seq > $1 ORDER BY seq LIMIT 5000`, seq)
		if err != nil {
			return nil, fmt.Errorf("walk the audit log: %w", err)
		}
		for _, r := range rows {
			if want := seq + 1; r.Seq != want {
				out = append(out, verify.Finding{Code: "audit.gap", Object: fmt.Sprint(want), Text: fmt.Sprintf("entry %d follows %d", r.Seq, seq)})
			}
			if r.Prev != prev || r.Hash != r.link(r.Seq, r.Prev) {
				out = append(out, verify.Finding{Code: "audit.chain", Object: r.ID, Text: fmt.Sprintf("entry %d does not fit its hash or the entry before", r.Seq)})
			}
			prev, seq = r.Hash, r.Seq
		}
		if len(rows) == 0 {
			break
		}
	}
	h, err := db.One[head](ctx, q, `SELECT last, hash FROM outbox_sequence WHERE feed = 'audit'`)
	if err != nil {
		return nil, err
	}
	if h.Last != seq || h.Hash != prev {
		out = append(out, verify.Finding{Code: "audit.head", Object: fmt.Sprint(h.Last), Text: fmt.Sprintf("the chain ends at %d: entries were cut off", seq)})
	}
	late, err := db.All[string](ctx, q, `SELECT id FROM audit_entry WHERE seq IS NULL AND at < $1`, db.At(now.Add(-unlinked)))
	for _, id := range late {
		out = append(out, verify.Finding{Code: "audit.unlinked", Object: id, Text: "an entry older than a minute is not in the chain"})
	}
	return out, err
}
