package catalogue

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
)

// listIdentifiers reads the persistent ids of resources, by resource, in the order their owner gave.
func listIdentifiers(ctx context.Context, q db.Q, ids []string) (map[string][]Identifier, error) {
	type line struct {
		Resource string `db:"resource"`
		Identifier
	}
	out := map[string][]Identifier{}
	for len(ids) > 0 {
		n := min(chunk, len(ids))
		var w db.Where
		w.In("resource", ids[:n])
		ids = ids[n:]
		lines, err := db.All[line](ctx, q, `SELECT resource, scheme, value FROM catalogue_identifier`+w.SQL()+` ORDER BY resource, position`, w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("read identifiers: %w", err)
		}
		for _, x := range lines {
			out[x.Resource] = append(out[x.Resource], x.Identifier)
		}
	}
	return out, nil
}

// replaceIdentifiers writes the persistent ids of r anew.
func replaceIdentifiers(ctx context.Context, tx *db.Tx, r Resource) error {
	if _, err := tx.Exec(ctx, `DELETE FROM catalogue_identifier WHERE resource = $1`, r.ID); err != nil {
		return fmt.Errorf("replace identifiers of %s: %w", r.ID, err)
	}
	return insertIdentifiers(ctx, tx, r)
}

// insertIdentifiers writes the persistent ids of resources that have none yet.
func insertIdentifiers(ctx context.Context, tx *db.Tx, rs ...Resource) error {
	var rows [][]any
	for _, r := range rs {
		for i, x := range r.Identifiers {
			rows = append(rows, []any{r.ID, x.Scheme, x.Value, int64(i)})
		}
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO catalogue_identifier (resource, scheme, value, position)`, rows, ""); err != nil {
		return fmt.Errorf("write identifiers: %w", err)
	}
	return nil
}
