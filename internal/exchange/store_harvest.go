package exchange

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const sourceColumns = `id, name, address, prefix, subset, region, licence, hours, active, since, due, created_at`

func getSource(ctx context.Context, q db.Q, source string) (Source, error) {
	s, err := db.One[Source](ctx, q, `SELECT `+sourceColumns+` FROM exchange_source WHERE id = $1`, source)
	if errors.Is(err, db.ErrNone) {
		return s, fault.New(fault.NotFound, "source-not-found", "没有找到这个收录来源。")
	}
	if err != nil {
		return s, fmt.Errorf("read source %s: %w", source, err)
	}
	return s, nil
}

func listSources(ctx context.Context, q db.Q) ([]Source, error) {
	out, err := db.All[Source](ctx, q, `SELECT `+sourceColumns+` FROM exchange_source ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list sources: %w", err)
	}
	return out, nil
}

// dueSources are the active ones whose time has come and that nobody harvests at the moment.
func dueSources(ctx context.Context, q db.Q, now db.Time) ([]Source, error) {
	out, err := db.All[Source](ctx, q, `SELECT `+sourceColumns+` FROM exchange_source WHERE active = $1 AND due <= $2
		AND NOT EXISTS (SELECT 1 FROM exchange_run WHERE source = exchange_source.id AND state IN ('running', 'stopping', 'undoing')) ORDER BY due`, true, now)
	if err != nil {
		return nil, fmt.Errorf("list sources that are due: %w", err)
	}
	return out, nil
}

func insertSource(ctx context.Context, tx *db.Tx, s Source) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO exchange_source (`+sourceColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
		s.ID, s.Name, s.Address, s.Prefix, s.Subset, s.Region, s.Licence, s.Hours, s.Active, s.Since, s.Due, s.CreatedAt)
	if err != nil {
		return false, fmt.Errorf("insert source %s: %w", s.ID, err)
	}
	return n == 1, nil
}

// updateSource writes what may change: not the address, which is part of every record's origin.
func updateSource(ctx context.Context, tx *db.Tx, s Source) error {
	_, err := tx.Exec(ctx, `UPDATE exchange_source SET name = $2, region = $3, licence = $4, hours = $5, active = $6, since = $7, due = $8 WHERE id = $1`,
		s.ID, s.Name, s.Region, s.Licence, s.Hours, s.Active, s.Since, s.Due)
	if err != nil {
		return fmt.Errorf("update source %s: %w", s.ID, err)
	}
	return nil
}

const runColumns = `id, source, person, state, since, answered, token, pages, added, updated, unchanged, removed, refused, own, failure, detail, started_at, moved_at, ended_at`

func getRun(ctx context.Context, q db.Q, run string) (Run, error) {
	r, err := db.One[Run](ctx, q, `SELECT `+runColumns+` FROM exchange_run WHERE id = $1`, run)
	if errors.Is(err, db.ErrNone) {
		return r, fault.New(fault.NotFound, "harvest-not-found", "没有找到这次收录。")
	}
	if err != nil {
		return r, fmt.Errorf("read harvest %s: %w", run, err)
	}
	return r, nil
}

// listRuns are the newest harvests of a source, or of all.
func listRuns(ctx context.Context, q db.Q, source string, limit int) ([]Run, error) {
	var w db.Where
	if source != "" {
		w.And("source = ?", source)
	}
	out, err := db.All[Run](ctx, q, `SELECT `+runColumns+` FROM exchange_run`+w.SQL()+` ORDER BY id DESC LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list harvests: %w", err)
	}
	return out, nil
}

// openRuns are the harvests that the courier has to move.
func openRuns(ctx context.Context, q db.Q) ([]Run, error) {
	out, err := db.All[Run](ctx, q, `SELECT `+runColumns+` FROM exchange_run WHERE state IN ('running', 'stopping', 'undoing') ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list harvests under way: %w", err)
	}
	return out, nil
}

func insertRun(ctx context.Context, tx *db.Tx, r Run) error {
	_, err := tx.Exec(ctx, `INSERT INTO exchange_run (`+runColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		r.ID, r.Source, r.Person, r.State, r.Since, r.Answered, r.Token, r.Pages, r.Added, r.Updated, r.Unchanged, r.Removed, r.Refused, r.Own, r.Failure, r.Detail, r.StartedAt, r.MovedAt, r.EndedAt)
	if err != nil {
		return fmt.Errorf("insert harvest %s: %w", r.ID, err)
	}
	return nil
}

// claimRun takes a harvest that nobody has moved since; false when somebody has.
func claimRun(ctx context.Context, tx *db.Tx, run string, was, now db.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE exchange_run SET moved_at = $3 WHERE id = $1 AND moved_at = $2`, run, was, now)
	if err != nil {
		return false, fmt.Errorf("claim harvest %s: %w", run, err)
	}
	return n == 1, nil
}

// moveRun changes the state of a harvest; false when it is no longer in the one expected.
func moveRun(ctx context.Context, tx *db.Tx, r Run, from string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE exchange_run SET state = $3, failure = $4, detail = $5, moved_at = $6, ended_at = $7 WHERE id = $1 AND state = $2`, r.ID, from, r.State, r.Failure, r.Detail, r.MovedAt, r.EndedAt)
	if err != nil {
		return false, fmt.Errorf("move harvest %s: %w", r.ID, err)
	}
	return n == 1, nil
}

// keepRun writes how far a harvest has come; its state is somebody else's.
func keepRun(ctx context.Context, tx *db.Tx, r Run) error {
	_, err := tx.Exec(ctx, `UPDATE exchange_run SET answered = $2, token = $3, pages = $4, added = $5, updated = $6, unchanged = $7, removed = $8, refused = $9, own = $10, moved_at = $11 WHERE id = $1`,
		r.ID, r.Answered, r.Token, r.Pages, r.Added, r.Updated, r.Unchanged, r.Removed, r.Refused, r.Own, r.MovedAt)
	if err != nil {
		return fmt.Errorf("keep harvest %s: %w", r.ID, err)
	}
	return nil
}

func insertFaults(ctx context.Context, tx *db.Tx, run string, list []Fault) error {
	from, err := db.One[int64](ctx, tx, `SELECT coalesce(max(position), 0) FROM exchange_fault WHERE run = $1`, run)
	if err != nil {
		return fmt.Errorf("count the faults of %s: %w", run, err)
	}
	rows := make([][]any, len(list))
	for i, f := range list {
		rows[i] = []any{run, from + int64(i) + 1, f.Identifier, f.Field, f.Code, f.Text, orList(f.Args)}
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO exchange_fault (run, position, identifier, field, code, text, args)`, rows, ""); err != nil {
		return fmt.Errorf("write %d faults: %w", len(list), err)
	}
	return nil
}

func orList(text string) string {
	if text == "" {
		return "[]"
	}
	return text
}

func listFaults(ctx context.Context, q db.Q, run string, limit int) ([]Fault, error) {
	out, err := db.All[Fault](ctx, q, `SELECT run, position, identifier, field, code, text, args FROM exchange_fault WHERE run = $1 ORDER BY position LIMIT $2`, run, limit)
	if err != nil {
		return nil, fmt.Errorf("list the faults of %s: %w", run, err)
	}
	return out, nil
}

func insertEffects(ctx context.Context, tx *db.Tx, run string, list []effect) error {
	from, err := db.One[int64](ctx, tx, `SELECT coalesce(max(position), 0) FROM exchange_effect WHERE run = $1`, run)
	if err != nil {
		return fmt.Errorf("count the effects of %s: %w", run, err)
	}
	rows := make([][]any, len(list))
	for i, e := range list {
		rows[i] = []any{run, from + int64(i) + 1, e.Resource, e.Identifier, e.Did, e.Revision, e.Before}
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO exchange_effect (run, position, resource, identifier, did, revision, before)`, rows, ""); err != nil {
		return fmt.Errorf("write %d effects: %w", len(list), err)
	}
	return nil
}

// lastEffects are the newest effects of a harvest, newest first.
func lastEffects(ctx context.Context, q db.Q, run string, limit int) ([]effect, error) {
	out, err := db.All[effect](ctx, q, `SELECT run, position, resource, identifier, did, revision, before FROM exchange_effect WHERE run = $1 ORDER BY position DESC LIMIT $2`, run, limit)
	if err != nil {
		return nil, fmt.Errorf("list the effects of %s: %w", run, err)
	}
	return out, nil
}

func deleteEffectsFrom(ctx context.Context, tx *db.Tx, run string, position int64) error {
	if _, err := tx.Exec(ctx, `DELETE FROM exchange_effect WHERE run = $1 AND position >= $2`, run, position); err != nil {
		return fmt.Errorf("clear the effects of %s: %w", run, err)
	}
	return nil
}

const takenColumns = `source, identifier, resource, owner, kind, datestamp, digest, deleted, first_base, first_id`

// takenOf are the records of a page that have been taken before, by identifier.
func takenOf(ctx context.Context, q db.Q, source string, list []arriving) (map[string]taken, error) {
	out := map[string]taken{}
	ids := make([]string, len(list))
	for i, a := range list {
		ids[i] = a.identifier
	}
	if len(ids) == 0 {
		return out, nil
	}
	var w db.Where
	w.And("source = ?", source)
	w.In("identifier", ids)
	rows, err := db.All[taken](ctx, q, `SELECT `+takenColumns+` FROM exchange_taken`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read what has been taken: %w", err)
	}
	for _, t := range rows {
		out[t.Identifier] = t
	}
	return out, nil
}

func putTaken(ctx context.Context, tx *db.Tx, list []taken) error {
	at := map[string]int{}
	var rows [][]any
	for _, t := range list { // a page may bring one identifier twice; the later holds
		row := []any{t.Source, t.Identifier, t.Resource, t.Owner, t.Kind, t.Datestamp, t.Digest, t.Deleted, t.FirstBase, t.FirstID}
		if i, twice := at[t.Identifier]; twice {
			rows[i] = row
			continue
		}
		at[t.Identifier] = len(rows)
		rows = append(rows, row)
	}
	_, err := tx.InsertAll(ctx, `INSERT INTO exchange_taken (`+takenColumns+`)`, rows, `ON CONFLICT (source, identifier) DO UPDATE SET resource = excluded.resource, owner = excluded.owner, kind = excluded.kind,
		datestamp = excluded.datestamp, digest = excluded.digest, deleted = excluded.deleted, first_base = excluded.first_base, first_id = excluded.first_id`)
	if err != nil {
		return fmt.Errorf("note %d records as taken: %w", len(rows), err)
	}
	return nil
}

func countTaken(ctx context.Context, q db.Q, source string) (int64, error) {
	n, err := db.One[int64](ctx, q, `SELECT count(*) FROM exchange_taken WHERE source = $1 AND deleted = $2`, source, false)
	if err != nil {
		return 0, fmt.Errorf("count what has been taken: %w", err)
	}
	return n, nil
}

// originsOf are the first origins of harvested resources.
func originsOf(ctx context.Context, q db.Q, ids []string) (map[string]firstOrigin, error) {
	out := map[string]firstOrigin{}
	if len(ids) == 0 {
		return out, nil
	}
	var w db.Where
	w.In("resource", ids)
	rows, err := db.All[firstOrigin](ctx, q, `SELECT resource, first_base AS base, first_id AS identifier, datestamp FROM exchange_taken`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read where records come from: %w", err)
	}
	for _, o := range rows {
		out[o.Resource] = o
	}
	return out, nil
}
