package gate

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const ruleColumns = `id, owner, region, resource, class, kind, name, term, level, valid_from, valid_to, person, created_at`

func insertRule(ctx context.Context, tx *db.Tx, r Rule) error {
	_, err := tx.Exec(ctx, `INSERT INTO gate_rule (`+ruleColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		r.ID, r.Owner, r.Region, r.Resource, r.Class, r.Kind, r.Name, r.Term, r.Level, r.From, r.To, r.Person, r.CreatedAt)
	if err != nil {
		return fmt.Errorf("write a rule: %w", err)
	}
	return nil
}

func endRule(ctx context.Context, tx *db.Tx, r Rule) error {
	if _, err := tx.Exec(ctx, `UPDATE gate_rule SET valid_to = $2 WHERE id = $1`, r.ID, r.To); err != nil {
		return fmt.Errorf("end rule %s: %w", r.ID, err)
	}
	return nil
}

func getRule(ctx context.Context, q db.Q, id string) (Rule, error) {
	r, err := db.One[Rule](ctx, q, `SELECT `+ruleColumns+` FROM gate_rule WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return r, fault.New(fault.NotFound, "no-gate-rule", "没有找到这条要求，可能已被取消。")
	}
	if err != nil {
		return r, fmt.Errorf("read rule %s: %w", id, err)
	}
	return r, nil
}

// rulesOf are an owner's rules in force on a day.
func rulesOf(ctx context.Context, q db.Q, owner, day string) ([]Rule, error) {
	out, err := db.All[Rule](ctx, q, `SELECT `+ruleColumns+` FROM gate_rule WHERE owner = $1 AND valid_from <= $2 AND (valid_to = '' OR valid_to >= $2) ORDER BY valid_from, id`, owner, day)
	if err != nil {
		return nil, fmt.Errorf("list the rules of %s: %w", owner, err)
	}
	return out, nil
}

// allRules are an owner's rules that have not ended.
func allRules(ctx context.Context, q db.Q, owner, day string) ([]Rule, error) {
	out, err := db.All[Rule](ctx, q, `SELECT `+ruleColumns+` FROM gate_rule WHERE owner = $1 AND (valid_to = '' OR valid_to >= $2) ORDER BY kind, valid_from, id`, owner, day)
	if err != nil {
		return nil, fmt.Errorf("list the rules of %s: %w", owner, err)
	}
	return out, nil
}

const paperColumns = `id, person, org, provider, region, kind, name, number, file, sha256, size, state, meet_at, place, note, valid_from, valid_to, checked_by, reminded, invented, revision, created_at, updated_at`

// insertPaper tells whether the paper was new.
func insertPaper(ctx context.Context, tx *db.Tx, p Paper) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO gate_paper (`+paperColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23) ON CONFLICT (id) DO NOTHING`,
		p.ID, p.Person, p.Org, p.Provider, p.Region, p.Kind, p.Name, p.Number, p.File, p.SHA256, p.Size, p.State, p.Meet, p.Place, p.Note, p.From, p.To, p.CheckedBy, p.Reminded, p.Invented, p.Revision, p.CreatedAt, p.UpdatedAt)
	if err != nil {
		return false, fmt.Errorf("write a paper: %w", err)
	}
	return n == 1, nil
}

// updatePaper writes a paper as it is now, if nobody has changed it since it was read; false otherwise.
func updatePaper(ctx context.Context, tx *db.Tx, p Paper) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE gate_paper SET state = $2, meet_at = $3, place = $4, note = $5, valid_from = $6, valid_to = $7, checked_by = $8, revision = $9, updated_at = $10 WHERE id = $1 AND revision = $11`,
		p.ID, p.State, p.Meet, p.Place, p.Note, p.From, p.To, p.CheckedBy, p.Revision, p.UpdatedAt, p.Revision-1)
	if err != nil {
		return false, fmt.Errorf("move paper %s: %w", p.ID, err)
	}
	return n == 1, nil
}

func setReminded(ctx context.Context, tx *db.Tx, id, to string) error {
	if _, err := tx.Exec(ctx, `UPDATE gate_paper SET reminded = $2 WHERE id = $1`, id, to); err != nil {
		return fmt.Errorf("remember a reminder of %s: %w", id, err)
	}
	return nil
}

func errNoPaper() error {
	return fault.New(fault.NotFound, "no-paper", "没有找到这份培训或材料。")
}

func getPaper(ctx context.Context, q db.Q, id string) (Paper, error) {
	p, err := db.One[Paper](ctx, q, `SELECT `+paperColumns+` FROM gate_paper WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return p, errNoPaper()
	}
	if err != nil {
		return p, fmt.Errorf("read paper %s: %w", id, err)
	}
	return p, nil
}

// papersOf are a person's papers at one provider.
func papersOf(ctx context.Context, q db.Q, person, provider string) ([]Paper, error) {
	var w db.Where
	w.And("person = ?", person)
	w.And("provider = ?", provider)
	return listPapers(ctx, q, &w)
}

// shown is how many papers a list has at most.
const shown = 300

func listPapers(ctx context.Context, q db.Q, w *db.Where) ([]Paper, error) {
	out, err := db.All[Paper](ctx, q, `SELECT `+paperColumns+` FROM gate_paper`+w.SQL()+` ORDER BY updated_at DESC, id DESC LIMIT `+w.Arg(shown), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list papers: %w", err)
	}
	return out, nil
}

func putAnswer(ctx context.Context, tx *db.Tx, order, name, value string) error {
	_, err := tx.Exec(ctx, `INSERT INTO gate_answer (order_id, name, value) VALUES ($1, $2, $3) ON CONFLICT (order_id, name) DO UPDATE SET value = excluded.value`, order, name, value)
	if err != nil {
		return fmt.Errorf("keep an answer: %w", err)
	}
	return nil
}

// answersOf are what was declared with an order.
func answersOf(ctx context.Context, q db.Q, order string) (map[string]string, error) {
	type row struct {
		Name  string `db:"name"`
		Value string `db:"value"`
	}
	list, err := db.All[row](ctx, q, `SELECT name, value FROM gate_answer WHERE order_id = $1`, order)
	if err != nil {
		return nil, fmt.Errorf("read the answers of %s: %w", order, err)
	}
	out := map[string]string{}
	for _, r := range list {
		out[r.Name] = r.Value
	}
	return out, nil
}
