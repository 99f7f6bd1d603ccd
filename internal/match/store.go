package match

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const needColumns = `id, org, person, region, text, confidential, topics, state, revision, listed, created_on, published_on, closed_on,
	outcome, sample, digest, created_at, updated_at`

func needMissing() error {
	return fault.New(fault.NotFound, "need-not-found", "没有找到这条需求，它可能还没有公开。")
}

func getNeed(ctx context.Context, q db.Q, need string) (Need, error) {
	n, err := db.One[Need](ctx, q, `SELECT `+needColumns+` FROM match_need WHERE id = $1`, need)
	if errors.Is(err, db.ErrNone) {
		return n, needMissing()
	}
	if err != nil {
		return n, fmt.Errorf("read need %s: %w", need, err)
	}
	return n, nil
}

// lockNeed reads a need and keeps others from it until the commit.
func lockNeed(ctx context.Context, tx *db.Tx, need string) (Need, error) {
	n, err := db.One[Need](ctx, tx, `UPDATE match_need SET revision = revision + 1 WHERE id = $1 RETURNING `+needColumns, need)
	if errors.Is(err, db.ErrNone) {
		return n, needMissing()
	}
	if err != nil {
		return n, fmt.Errorf("lock need %s: %w", need, err)
	}
	return n, nil
}

// insertNeed writes a new need; false when its id is there already.
func insertNeed(ctx context.Context, tx *db.Tx, n Need) (bool, error) {
	rows, err := tx.Exec(ctx, `INSERT INTO match_need (`+needColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT (id) DO NOTHING`,
		n.ID, n.Org, n.Person, n.Region, n.Text, n.Confidential, n.Topics, n.State, n.Revision, n.Listed, n.CreatedOn, n.PublishedOn,
		n.ClosedOn, n.Outcome, n.Sample, n.Digest, n.CreatedAt, n.UpdatedAt)
	if err != nil {
		return false, fmt.Errorf("write a need: %w", err)
	}
	return rows == 1, nil
}

func updateNeed(ctx context.Context, tx *db.Tx, n Need) error {
	_, err := tx.Exec(ctx, `UPDATE match_need SET topics = $2, state = $3, listed = $4, published_on = $5, closed_on = $6, outcome = $7, updated_at = $8
		WHERE id = $1`, n.ID, n.Topics, n.State, n.Listed, n.PublishedOn, n.ClosedOn, n.Outcome, n.UpdatedAt)
	if err != nil {
		return fmt.Errorf("update need %s: %w", n.ID, err)
	}
	return nil
}

// listNeeds lists needs newest first; w narrows, after is the id to go on below ("" = from the newest).
func listNeeds(ctx context.Context, q db.Q, w *db.Where, after string, limit int) ([]Need, error) {
	if after != "" {
		w.And("(created_at, id) < (SELECT created_at, id FROM match_need WHERE id = ?)", after)
	}
	sql := `SELECT ` + needColumns + ` FROM match_need` + w.SQL() + ` ORDER BY created_at DESC, id DESC LIMIT ` + w.Arg(limit)
	out, err := db.All[Need](ctx, q, sql, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list needs: %w", err)
	}
	return out, nil
}

func countNeeds(ctx context.Context, q db.Q, w *db.Where) (int64, error) {
	n, err := db.One[int64](ctx, q, `SELECT count(*) FROM match_need`+w.SQL(), w.Args()...)
	if err != nil {
		return 0, fmt.Errorf("count needs: %w", err)
	}
	return n, nil
}

const proposalColumns = `need, resource, kind, owner, name, state, origin, place, score, reason, note, proposed_at, decided_on`

func listProposals(ctx context.Context, q db.Q, need string) ([]Proposal, error) {
	out, err := db.All[Proposal](ctx, q, `SELECT `+proposalColumns+` FROM match_proposal WHERE need = $1 ORDER BY proposed_at, resource`, need)
	if err != nil {
		return nil, fmt.Errorf("list what was proposed for need %s: %w", need, err)
	}
	return out, nil
}

// putProposal writes a candidate or brings it up to date. What was shown first (place, score, time) stays.
func putProposal(ctx context.Context, tx *db.Tx, p Proposal) error {
	_, err := tx.Exec(ctx, `INSERT INTO match_proposal (`+proposalColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (need, resource) DO UPDATE SET state = excluded.state, origin = excluded.origin, reason = excluded.reason,
			note = excluded.note, decided_on = excluded.decided_on`,
		p.Need, p.Resource, p.Kind, p.Owner, p.Name, p.State, p.Origin, p.Place, p.Score, p.Reason, p.Note, p.ProposedAt, p.DecidedOn)
	if err != nil {
		return fmt.Errorf("put %s on record for need %s: %w", p.Resource, p.Need, err)
	}
	return nil
}

const stepColumns = `id, need, at, day, side, person, org, verb, from_state, to_state, resource, code, note, digest`

func listSteps(ctx context.Context, q db.Q, need string) ([]Step, error) {
	out, err := db.All[Step](ctx, q, `SELECT `+stepColumns+` FROM match_step WHERE need = $1 ORDER BY position`, need)
	if err != nil {
		return nil, fmt.Errorf("read the history of need %s: %w", need, err)
	}
	return out, nil
}

// findStep reads a step by its id; db.ErrNone when there is none.
func findStep(ctx context.Context, q db.Q, step string) (Step, error) {
	st, err := db.One[Step](ctx, q, `SELECT `+stepColumns+` FROM match_step WHERE id = $1`, step)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return st, fmt.Errorf("read step %s: %w", step, err)
	}
	return st, err
}

func insertStep(ctx context.Context, tx *db.Tx, st Step) error {
	_, err := tx.Exec(ctx, `INSERT INTO match_step (id, need, position, at, day, side, person, org, verb, from_state, to_state, resource, code, note, digest)
		VALUES ($1, $2, (SELECT coalesce(max(position), 0) + 1 FROM match_step WHERE need = $2), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		st.ID, st.Need, st.At, st.Day, st.Side, st.Person, st.Org, st.Verb, st.From, st.To, st.Resource, st.Code, st.Note, st.Digest)
	if err != nil {
		return fmt.Errorf("write a step of need %s: %w", st.Need, err)
	}
	return nil
}

// involvedIn lists those of the needs that an organisation may read whole: it was accepted, or invited.
func involvedIn(ctx context.Context, q db.Q, org string, needs []string) ([]string, error) {
	w := &db.Where{}
	w.And("p.owner = ?", org)
	w.And("p.state = 'accepted' OR EXISTS (SELECT 1 FROM match_step s WHERE s.need = p.need AND s.resource = p.resource AND s.verb = 'invite')")
	w.In("p.need", needs)
	out, err := db.All[string](ctx, q, `SELECT DISTINCT p.need FROM match_proposal p`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read which needs concern %s: %w", org, err)
	}
	return out, nil
}

// waiting counts what waits for an organisation, and since when.
type waiting struct {
	N     int64   `db:"n"`
	Since *string `db:"since"`
}

// unanswered counts the open invitations of an owner.
func unanswered(ctx context.Context, q db.Q, org string) (waiting, error) {
	return count(ctx, q, `SELECT count(*) AS n, min(p.proposed_at) AS since FROM match_proposal p JOIN match_need n ON n.id = p.need
		WHERE p.owner = $1 AND p.origin = 'invited' AND p.state = 'proposed' AND n.state IN ('published', 'matched')`, org)
}

// undecided counts the answers a firm has not decided on.
func undecided(ctx context.Context, q db.Q, org string) (waiting, error) {
	return count(ctx, q, `SELECT count(*) AS n, min(p.proposed_at) AS since FROM match_proposal p JOIN match_need n ON n.id = p.need
		WHERE n.org = $1 AND p.origin = 'response' AND p.state = 'proposed' AND n.state IN ('published', 'matched')`, org)
}

// stale counts a firm's matched needs on which nothing has happened since before a civil day.
func stale(ctx context.Context, q db.Q, org, before string) (waiting, error) {
	return count(ctx, q, `SELECT count(*) AS n, min(n.updated_at) AS since FROM match_need n WHERE n.org = $1 AND n.state = 'matched'
		AND NOT EXISTS (SELECT 1 FROM match_step s WHERE s.need = n.id AND s.day > $2)`, org, before)
}

func count(ctx context.Context, q db.Q, sql string, args ...any) (waiting, error) {
	w, err := db.One[waiting](ctx, q, sql, args...)
	if err != nil {
		return w, fmt.Errorf("count what waits: %w", err)
	}
	return w, nil
}
