package catalogue

import (
	"context"
	"encoding/json"
	"fmt"

	"qiao/internal/platform/db"
)

// Revision is one change in a resource's history.
type Revision struct {
	Resource string  `db:"resource"`
	Revision int64   `db:"revision"`
	At       db.Time `db:"at"`
	Person   string  `db:"person"`
	Org      string  `db:"org"`
	Verb     string  `db:"verb"`
	Cause    string  `db:"cause"`
	Changes  string  `db:"changes"` // JSON list of Change
}

// List reads the changes.
func (v Revision) List() ([]Change, error) {
	var out []Change
	if err := json.Unmarshal([]byte(v.Changes), &out); err != nil {
		return nil, fmt.Errorf("read revision %d of %s: %w", v.Revision, v.Resource, err)
	}
	return out, nil
}

func insertRevision(ctx context.Context, tx *db.Tx, list ...Revision) error {
	rows := make([][]any, len(list))
	for i, v := range list {
		rows[i] = []any{v.Resource, v.Revision, v.At, v.Person, v.Org, v.Verb, v.Cause, v.Changes}
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO catalogue_history (resource, revision, at, person, org, verb, cause, changes)`, rows, ""); err != nil {
		return fmt.Errorf("write %d revisions: %w", len(list), err)
	}
	return nil
}

func listRevisions(ctx context.Context, q db.Q, resource string) ([]Revision, error) {
	out, err := db.All[Revision](ctx, q, `SELECT resource, revision, at, person, org, verb, cause, changes FROM catalogue_history WHERE resource = $1 ORDER BY revision DESC LIMIT 100`, resource)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", resource, err)
	}
	return out, nil
}
