package find

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const synonymColumns = `id, words, one_way, state, source, note, at, decided_by, decided_at`

func listSynonyms(ctx context.Context, q db.Q, w *db.Where) ([]Synonym, error) {
	out, err := db.All[Synonym](ctx, q, `SELECT `+synonymColumns+` FROM find_synonym`+w.SQL()+` ORDER BY at DESC, words, id`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list synonyms: %w", err)
	}
	return out, nil
}

func getSynonym(ctx context.Context, q db.Q, id string) (Synonym, error) {
	x, err := db.One[Synonym](ctx, q, `SELECT `+synonymColumns+` FROM find_synonym WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return x, fault.New(fault.NotFound, "synonym-not-found", "没有找到这组同义词。")
	}
	if err != nil {
		return x, fmt.Errorf("read the synonyms %s: %w", id, err)
	}
	return x, nil
}

// insertSynonym writes a new group; false when its id is there already.
func insertSynonym(ctx context.Context, tx *db.Tx, x Synonym) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO find_synonym (`+synonymColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`,
		x.ID, x.Words, x.OneWay, x.State, x.Source, x.Note, x.At, x.DecidedBy, x.DecidedAt)
	if err != nil {
		return false, fmt.Errorf("write synonyms: %w", err)
	}
	return n == 1, nil
}

// decideSynonym writes a decision if the state is still the one before; false when it is not.
func decideSynonym(ctx context.Context, tx *db.Tx, x Synonym, from string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE find_synonym SET state = $3, decided_by = $4, decided_at = $5 WHERE id = $1 AND state = $2`, x.ID, from, x.State, x.DecidedBy, x.DecidedAt)
	if err != nil {
		return false, fmt.Errorf("decide on the synonyms %s: %w", x.ID, err)
	}
	return n == 1, nil
}
