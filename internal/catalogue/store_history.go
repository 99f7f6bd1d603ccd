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

const revisionColumns = `resource, revision, at, person, org, verb, cause, changes`

// listRevisions reads the revisions of a resource before one (0: the newest), newest first, at most limit.
func listRevisions(ctx context.Context, q db.Q, resource string, before int64, limit int) ([]Revision, error) {
	var w db.Where
	w.And("resource = ?", resource)
	if before > 0 {
		w.And("revision < ?", before)
	}
	out, err := db.All[Revision](ctx, q, `SELECT `+revisionColumns+` FROM catalogue_history`+w.SQL()+` ORDER BY revision DESC LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", resource, err)
	}
	return out, nil
}

// getRevision reads one revision; db.ErrNone when there is none.
func getRevision(ctx context.Context, q db.Q, resource string, revision int64) (Revision, error) {
	return db.One[Revision](ctx, q, `SELECT `+revisionColumns+` FROM catalogue_history WHERE resource = $1 AND revision = $2`, resource, revision)
}

// caused lists the revisions that one cause made, those of resources after one, at most limit.
func caused(ctx context.Context, q db.Q, cause, after string, limit int) ([]Revision, error) {
	out, err := db.All[Revision](ctx, q, `SELECT `+revisionColumns+` FROM catalogue_history WHERE cause = $1 AND cause <> '' AND resource > $2 ORDER BY resource, revision LIMIT $3`, cause, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read what %s changed: %w", cause, err)
	}
	return out, nil
}

// causedResources are the records after one that a cause has touched, by id, at most limit.
func causedResources(ctx context.Context, q db.Q, cause, after string, limit int) ([]string, error) {
	out, err := db.All[string](ctx, q, `SELECT DISTINCT resource FROM catalogue_history WHERE cause = $1 AND cause <> '' AND resource > $2 ORDER BY resource LIMIT $3`, cause, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read what %s touched: %w", cause, err)
	}
	return out, nil
}

// causedRevisions are the revisions that a cause made of some records, each record's in their order.
func causedRevisions(ctx context.Context, q db.Q, cause string, resources []string) ([]Revision, error) {
	var w db.Where
	w.And("cause = ?", cause)
	w.And("cause <> ''")
	w.In("resource", resources)
	out, err := db.All[Revision](ctx, q, `SELECT `+revisionColumns+` FROM catalogue_history`+w.SQL()+` ORDER BY resource, revision`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read what %s changed: %w", cause, err)
	}
	return out, nil
}

func countCaused(ctx context.Context, q db.Q, cause string) (touched, made int64, err error) {
	n, err := db.One[struct {
		Touched int64 `db:"touched"`
		Made    int64 `db:"made"`
	}](ctx, q, `SELECT count(DISTINCT resource) AS touched, count(DISTINCT CASE WHEN revision = 1 THEN resource END) AS made FROM catalogue_history WHERE cause = $1 AND cause <> ''`, cause)
	if err != nil {
		return 0, 0, fmt.Errorf("count what %s touched: %w", cause, err)
	}
	return n.Touched, n.Made, nil
}

// lastVerbs are the verbs of the newest revisions of some records.
func lastVerbs(ctx context.Context, q db.Q, resources []string) (map[string]string, error) {
	out := map[string]string{}
	if len(resources) == 0 {
		return out, nil
	}
	var w db.Where
	w.In("h.resource", resources)
	rows, err := db.All[struct {
		Resource string `db:"resource"`
		Verb     string `db:"verb"`
	}](ctx, q, `SELECT h.resource, h.verb FROM catalogue_history h JOIN catalogue_resource r ON r.id = h.resource AND r.revision = h.revision`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read who changed %d resources last: %w", len(resources), err)
	}
	for _, x := range rows {
		out[x.Resource] = x.Verb
	}
	return out, nil
}

// lastDone is the person who last did a verb on a resource; empty when nobody has.
func lastDone(ctx context.Context, q db.Q, resource, verb string) (string, error) {
	who, err := db.One[string](ctx, q, `SELECT person FROM catalogue_history WHERE resource = $1 AND verb = $2 ORDER BY revision DESC LIMIT 1`, resource, verb)
	if isNone(err) {
		return "", nil
	}
	return who, err
}
