package milestone

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Step is one entry of a milestone's history; it is never changed.
type Step struct {
	ID        string  `db:"id"`
	Milestone string  `db:"milestone"`
	Position  int64   `db:"position"`
	At        db.Time `db:"at"`
	Side      string  `db:"side"`
	Person    string  `db:"person"`
	Verb      string  `db:"verb"`
	From      string  `db:"from_state"`
	To        string  `db:"to_state"`
	Note      string  `db:"note"`
}

const (
	planColumns = `order_id, number, buyer, provider, region, version, total, state, sample`
	columns     = `id, order_id, version, position, name, deliverable, due_on, share, amount, state, reason, revision, updated_at`
)

func putPlan(ctx context.Context, tx *db.Tx, p Plan) error {
	_, err := tx.Exec(ctx, `INSERT INTO milestone_plan (`+planColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (order_id) DO UPDATE SET version = excluded.version, total = excluded.total, state = excluded.state`,
		p.Order, p.Number, p.Buyer, p.Provider, p.Region, p.Version, p.Total, p.State, p.Sample)
	if err != nil {
		return fmt.Errorf("keep the plan of milestones: %w", err)
	}
	return nil
}

func insert(ctx context.Context, tx *db.Tx, m Milestone) error {
	_, err := tx.Exec(ctx, `INSERT INTO milestone_milestone (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		m.ID, m.Order, m.Version, m.Position, m.Name, m.Deliverable, m.DueOn, m.Share, m.Amount, m.State, m.Reason, m.Revision, m.UpdatedAt)
	if err != nil {
		return fmt.Errorf("keep milestone %d: %w", m.Position, err)
	}
	return nil
}

// list is the milestones of the version that counts.
func list(ctx context.Context, q db.Q, order string) ([]Milestone, error) {
	out, err := db.All[Milestone](ctx, q, `SELECT m.id, m.order_id, m.version, m.position, m.name, m.deliverable, m.due_on, m.share, m.amount, m.state, m.reason, m.revision, m.updated_at
		FROM milestone_milestone m JOIN milestone_plan p ON p.order_id = m.order_id AND p.version = m.version WHERE m.order_id = $1 ORDER BY m.position`, order)
	if err != nil {
		return nil, fmt.Errorf("list the milestones of %s: %w", order, err)
	}
	return out, nil
}

// move writes a milestone after a step, and the step.
func move(ctx context.Context, tx *db.Tx, m Milestone, x Step) error {
	n, err := tx.Exec(ctx, `UPDATE milestone_milestone SET state = $2, reason = $3, revision = $4, updated_at = $5 WHERE id = $1 AND revision = $4 - 1`, m.ID, m.State, m.Reason, m.Revision, m.UpdatedAt)
	if err == nil && n != 1 {
		err = fmt.Errorf("milestone: %s was changed meanwhile", m.ID)
	}
	if err != nil {
		return fmt.Errorf("move milestone %s: %w", m.ID, err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO milestone_step (id, milestone, position, at, side, person, verb, from_state, to_state, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		x.ID, x.Milestone, x.Position, x.At, x.Side, x.Person, x.Verb, x.From, x.To, x.Note)
	if err != nil {
		return fmt.Errorf("keep the step of milestone %s: %w", m.ID, err)
	}
	return nil
}

func insertFile(ctx context.Context, tx *db.Tx, f File) error {
	_, err := tx.Exec(ctx, `INSERT INTO milestone_file (milestone, step, document, name, size) VALUES ($1, $2, $3, $4, $5)`, f.Milestone, f.Step, f.Document, f.Name, f.Size)
	if err != nil {
		return fmt.Errorf("keep a file of milestone %s: %w", f.Milestone, err)
	}
	return nil
}

// files are what was delivered for the milestones of an order, the newest delivery last.
func files(ctx context.Context, q db.Q, order string) ([]File, error) {
	out, err := db.All[File](ctx, q, `SELECT f.milestone, f.step, f.document, f.name, f.size FROM milestone_file f
		JOIN milestone_milestone m ON m.id = f.milestone JOIN milestone_step s ON s.id = f.step WHERE m.order_id = $1 ORDER BY m.position, s.position, f.document`, order)
	if err != nil {
		return nil, fmt.Errorf("list what was delivered for %s: %w", order, err)
	}
	return out, nil
}

// Verify checks that every plan adds up to the price it was made for, and every milestone stands where its last step led.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	for _, x := range []struct{ code, text, sql string }{
		{"milestone.sum", "the milestones do not add up to the price", `SELECT p.order_id FROM milestone_plan p WHERE EXISTS (SELECT 1 FROM milestone_milestone m WHERE m.order_id = p.order_id AND m.version = p.version)
			AND p.total <> (SELECT CAST(sum(m.amount) AS BIGINT) FROM milestone_milestone m WHERE m.order_id = p.order_id AND m.version = p.version) ORDER BY p.order_id`},
		{"milestone.state", "the state is not that of the last step", `SELECT m.id FROM milestone_milestone m WHERE m.revision > 0
			AND NOT EXISTS (SELECT 1 FROM milestone_step s WHERE s.milestone = m.id AND s.position = m.revision AND s.to_state = m.state) ORDER BY m.id`},
		{"milestone.steps", "a step is missing", `SELECT m.id FROM milestone_milestone m WHERE m.revision <> (SELECT count(*) FROM milestone_step s WHERE s.milestone = m.id) ORDER BY m.id`},
	} {
		bad, err := db.All[string](ctx, q, x.sql)
		if err != nil {
			return nil, fmt.Errorf("verify %s: %w", x.code, err)
		}
		for _, object := range bad {
			out = append(out, verify.Finding{Code: x.code, Object: object, Text: x.text})
		}
	}
	return out, nil
}
