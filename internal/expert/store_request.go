package expert

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const requestColumns = `id, resource, expert, firm, sender, region, state, subject, message, note, sent_on, sample, revision, created_at, updated_at`

func insertRequest(ctx context.Context, tx *db.Tx, r Request) error {
	_, err := tx.Exec(ctx, `INSERT INTO expert_request (`+requestColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		r.ID, r.Resource, r.Expert, r.Firm, r.Sender, r.Region, r.State, r.Subject, r.Message, r.Note, r.SentOn, r.Sample, r.Revision, r.CreatedAt, r.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write a request to %s: %w", r.Resource, err)
	}
	return nil
}

// moveRequest writes a request in its new state, if nobody has moved it since it was read; false otherwise.
func moveRequest(ctx context.Context, tx *db.Tx, r Request) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE expert_request SET state = $2, note = $3, expert = $4, revision = $5, updated_at = $6 WHERE id = $1 AND revision = $7`,
		r.ID, r.State, r.Note, r.Expert, r.Revision, r.UpdatedAt, r.Revision-1)
	if err != nil {
		return false, fmt.Errorf("move request %s: %w", r.ID, err)
	}
	return n == 1, nil
}

func getRequest(ctx context.Context, q db.Q, id string) (Request, error) {
	r, err := db.One[Request](ctx, q, `SELECT `+requestColumns+` FROM expert_request WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return r, errNoRequest()
	}
	if err != nil {
		return r, fmt.Errorf("read request %s: %w", id, err)
	}
	return r, nil
}

func errNoRequest() error {
	return fault.New(fault.NotFound, "request-not-found", "没有找到这条联系请求。")
}

func listRequests(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Request, error) {
	out, err := db.All[Request](ctx, q, `SELECT `+requestColumns+` FROM expert_request`+w.SQL()+` ORDER BY id DESC LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list requests: %w", err)
	}
	return out, nil
}

func countRequests(ctx context.Context, q db.Q, w *db.Where) (int64, error) {
	n, err := db.One[int64](ctx, q, `SELECT COUNT(*) FROM expert_request`+w.SQL(), w.Args()...)
	if err != nil {
		return 0, fmt.Errorf("count requests: %w", err)
	}
	return n, nil
}

// disclose notes that somebody looked at the addresses; once a day for each person.
func disclose(ctx context.Context, tx *db.Tx, d Disclosure) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO expert_disclosure (request, viewer, org, day, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, d.Request, d.Viewer, d.Org, d.Day, d.At)
	if err != nil {
		return false, fmt.Errorf("note who saw the addresses of request %s: %w", d.Request, err)
	}
	return n == 1, nil
}

// listDisclosures are the looks at a person's addresses for one record, newest first.
func listDisclosures(ctx context.Context, q db.Q, resource string) ([]Disclosure, error) {
	out, err := db.All[Disclosure](ctx, q, `SELECT d.request, d.viewer, d.org, d.day, d.at FROM expert_disclosure d JOIN expert_request r ON r.id = d.request WHERE r.resource = $1 ORDER BY d.at DESC, d.request`, resource)
	if err != nil {
		return nil, fmt.Errorf("list who saw the addresses of %s: %w", resource, err)
	}
	return out, nil
}

// barredRow is one hash of somebody who must not come in.
type barredRow struct {
	Digest   string `db:"digest"`
	Resource string `db:"resource"`
	ORCID    string `db:"orcid"`
}

func insertBarred(ctx context.Context, tx *db.Tx, rows []barredRow, why, day string) error {
	var values [][]any
	for _, r := range rows {
		values = append(values, []any{r.Digest, r.Resource, r.ORCID, why, day})
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO expert_barred (digest, resource, orcid, why, day)`, values, `ON CONFLICT (digest, resource) DO UPDATE SET why = excluded.why, orcid = excluded.orcid, day = excluded.day`); err != nil {
		return fmt.Errorf("keep who must not come in: %w", err)
	}
	return nil
}

func liftBarred(ctx context.Context, tx *db.Tx, resource string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM expert_barred WHERE resource = $1 AND why = 'hidden'`, resource); err != nil {
		return fmt.Errorf("let %s in again: %w", resource, err)
	}
	return nil
}

// secretOf is the key of the hashes; empty before anybody was barred.
func secretOf(ctx context.Context, q db.Q) (string, error) {
	secret, err := db.One[string](ctx, q, `SELECT secret FROM expert_key WHERE id = 1`)
	if errors.Is(err, db.ErrNone) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the key of the hashes: %w", err)
	}
	return secret, nil
}

// makeSecret keeps a key unless there is one, and gives the one that is kept.
func makeSecret(ctx context.Context, tx *db.Tx, fresh string) (string, error) {
	if _, err := tx.Exec(ctx, `INSERT INTO expert_key (id, secret) VALUES (1, $1) ON CONFLICT (id) DO NOTHING`, fresh); err != nil {
		return "", fmt.Errorf("keep the key of the hashes: %w", err)
	}
	return secretOf(ctx, tx)
}

// eraseRows deletes what is kept about a person beside the requests, whose sender keeps what it wrote.
func eraseRows(ctx context.Context, tx *db.Tx, resource string) error {
	if err := deleteAreas(ctx, tx, resource); err != nil {
		return err
	}
	for _, sql := range []string{
		`DELETE FROM expert_evidence WHERE resource = $1`,
		`DELETE FROM expert_consent WHERE resource = $1`,
		`DELETE FROM expert_interest WHERE resource = $1`,
		`DELETE FROM expert_disclosure WHERE request IN (SELECT id FROM expert_request WHERE resource = $1)`,
		`DELETE FROM expert_step WHERE object IN (SELECT id FROM expert_claim WHERE resource = $1)`,
		`DELETE FROM expert_claim WHERE resource = $1`,
		`UPDATE expert_step SET person = '', note = '' WHERE verb IN ('accept', 'decline', 'end') AND object IN (SELECT id FROM expert_request WHERE resource = $1)`,
		`UPDATE expert_request SET expert = '', note = '' WHERE resource = $1`,
		`DELETE FROM expert_profile WHERE resource = $1`,
	} {
		if _, err := tx.Exec(ctx, sql, resource); err != nil {
			return fmt.Errorf("delete what is kept about %s: %w", resource, err)
		}
	}
	return nil
}
