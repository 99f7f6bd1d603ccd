package scrutiny

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
)

const drawColumns = `id, number, org, region, programme, from_day, to_day, share, stratify, population, drawn, list_sha256, source, announced, seed, state, person, witness, due, sample, created_at, drawn_at`

func insertDraw(ctx context.Context, tx *db.Tx, d Draw) error {
	_, err := tx.Exec(ctx, `INSERT INTO scrutiny_draw (`+drawColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
		d.ID, d.Number, d.Org, d.Region, d.Programme, d.From, d.To, d.Share, d.Stratify, d.Population, d.Drawn, d.List, d.Source, d.Announced, d.Seed, d.State, d.Person, d.Witness, d.Due, d.Sample, d.CreatedAt, d.DrawnAt)
	if err != nil {
		return fmt.Errorf("write a draw: %w", err)
	}
	return nil
}

// updateDraw draws; a draw that somebody else has just drawn is an error.
func updateDraw(ctx context.Context, tx *db.Tx, d Draw) error {
	n, err := tx.Exec(ctx, `UPDATE scrutiny_draw SET announced = $1, seed = $2, state = $3, witness = $4, drawn_at = $5 WHERE id = $6 AND state = 'closed'`, d.Announced, d.Seed, d.State, d.Witness, d.DrawnAt, d.ID)
	if err != nil || n != 1 {
		return fmt.Errorf("draw %s: %d rows, %w", d.Number, n, err)
	}
	return nil
}

func getDraw(ctx context.Context, q db.Q, id string) (Draw, error) {
	return one[Draw](ctx, q, `SELECT `+drawColumns+` FROM scrutiny_draw WHERE id = $1`, id)
}

func listDraws(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Draw, error) {
	out, err := db.All[Draw](ctx, q, `SELECT `+drawColumns+` FROM scrutiny_draw`+w.SQL()+` ORDER BY created_at DESC, id DESC LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list draws: %w", err)
	}
	return out, nil
}

const caseColumns = `id, draw, flag, claim, number, provider, region, amount, stratum, lot, place, ticked, state, due, person, sample, created_at, decided_at`

func insertCase(ctx context.Context, tx *db.Tx, c Case) error {
	_, err := tx.Exec(ctx, `INSERT INTO scrutiny_case (`+caseColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		c.ID, c.Draw, c.Flag, c.Claim, c.Number, c.Provider, c.Region, c.Amount, c.Stratum, c.Lot, c.Place, c.Ticked, c.State, c.Due, c.Person, c.Sample, c.CreatedAt, c.DecidedAt)
	if err != nil {
		return fmt.Errorf("write a case: %w", err)
	}
	return nil
}

func updateCase(ctx context.Context, tx *db.Tx, c Case) error {
	_, err := tx.Exec(ctx, `UPDATE scrutiny_case SET ticked = $1, state = $2, person = $3, decided_at = $4 WHERE id = $5`, c.Ticked, c.State, c.Person, c.DecidedAt, c.ID)
	if err != nil {
		return fmt.Errorf("move case %s: %w", c.ID, err)
	}
	return nil
}

func lockCase(ctx context.Context, tx *db.Tx, id string) (Case, error) {
	return one[Case](ctx, tx, `UPDATE scrutiny_case SET place = place WHERE id = $1 RETURNING `+caseColumns, id)
}

func getCase(ctx context.Context, q db.Q, id string) (Case, error) {
	return one[Case](ctx, q, `SELECT `+caseColumns+` FROM scrutiny_case WHERE id = $1`, id)
}

func openCaseOf(ctx context.Context, q db.Q, claim string) (Case, bool, error) {
	return maybe[Case](ctx, q, `SELECT `+caseColumns+` FROM scrutiny_case WHERE claim = $1 AND state = 'open'`, claim)
}

// listCases lists cases: those that wait first, then by place.
func listCases(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Case, error) {
	out, err := db.All[Case](ctx, q, `SELECT `+caseColumns+` FROM scrutiny_case`+w.SQL()+` ORDER BY CASE state WHEN 'open' THEN 0 ELSE 1 END, due, place, id LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list cases: %w", err)
	}
	return out, nil
}

// lookedAt are the redemptions that are being looked at or were.
func lookedAt(ctx context.Context, q db.Q) (map[string]bool, error) {
	list, err := db.All[string](ctx, q, `SELECT DISTINCT claim FROM scrutiny_case`)
	if err != nil {
		return nil, fmt.Errorf("list what was looked at: %w", err)
	}
	out := map[string]bool{}
	for _, c := range list {
		out[c] = true
	}
	return out, nil
}

const recoveryColumns = `id, claim, number, cause, provider, region, amount, reason, state, person, second, received_on, reference, sample, created_at, updated_at`

func insertRecovery(ctx context.Context, tx *db.Tx, r Recovery) error {
	_, err := tx.Exec(ctx, `INSERT INTO scrutiny_recovery (`+recoveryColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		r.ID, r.Claim, r.Number, r.Cause, r.Provider, r.Region, r.Amount, r.Reason, r.State, r.Person, r.Second, r.ReceivedOn, r.Reference, r.Sample, r.CreatedAt, r.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write a recovery: %w", err)
	}
	return nil
}

func updateRecovery(ctx context.Context, tx *db.Tx, r Recovery) error {
	_, err := tx.Exec(ctx, `UPDATE scrutiny_recovery SET state = $1, second = $2, received_on = $3, reference = $4, updated_at = $5 WHERE id = $6`, r.State, r.Second, r.ReceivedOn, r.Reference, r.UpdatedAt, r.ID)
	if err != nil {
		return fmt.Errorf("move recovery %s: %w", r.ID, err)
	}
	return nil
}

func lockRecovery(ctx context.Context, tx *db.Tx, id string) (Recovery, error) {
	return one[Recovery](ctx, tx, `UPDATE scrutiny_recovery SET cause = cause WHERE id = $1 RETURNING `+recoveryColumns, id)
}

func getRecovery(ctx context.Context, q db.Q, id string) (Recovery, error) {
	return one[Recovery](ctx, q, `SELECT `+recoveryColumns+` FROM scrutiny_recovery WHERE id = $1`, id)
}

func recoveryOf(ctx context.Context, q db.Q, claim string) (Recovery, bool, error) {
	return maybe[Recovery](ctx, q, `SELECT `+recoveryColumns+` FROM scrutiny_recovery WHERE claim = $1`, claim)
}

func listRecoveries(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Recovery, error) {
	out, err := db.All[Recovery](ctx, q, `SELECT `+recoveryColumns+` FROM scrutiny_recovery`+w.SQL()+` ORDER BY CASE state WHEN 'proposed' THEN 0 WHEN 'ordered' THEN 1 ELSE 2 END, updated_at DESC, id LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list recoveries: %w", err)
	}
	return out, nil
}

const sanctionColumns = `id, number, org, side, region, authority, ground, claim, cause, from_day, to_day, state, hearing_due, appeal_due, proposer, decider, confirmer, entry, open, sample, created_at, updated_at`

func insertSanction(ctx context.Context, tx *db.Tx, x Sanction) error {
	_, err := tx.Exec(ctx, `INSERT INTO scrutiny_sanction (`+sanctionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
		x.ID, x.Number, x.Org, x.Side, x.Region, x.Authority, x.Ground, x.Claim, x.Cause, x.From, x.To, x.State, x.HearingDue, x.AppealDue, x.Proposer, x.Decider, x.Confirmer, x.Entry, x.Open, x.Sample, x.CreatedAt, x.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write a sanction: %w", err)
	}
	return nil
}

func updateSanction(ctx context.Context, tx *db.Tx, x Sanction) error {
	_, err := tx.Exec(ctx, `UPDATE scrutiny_sanction SET from_day = $1, state = $2, appeal_due = $3, decider = $4, confirmer = $5, entry = $6, updated_at = $7 WHERE id = $8`,
		x.From, x.State, x.AppealDue, x.Decider, x.Confirmer, x.Entry, x.UpdatedAt, x.ID)
	if err != nil {
		return fmt.Errorf("move sanction %s: %w", x.Number, err)
	}
	return nil
}

func lockSanction(ctx context.Context, tx *db.Tx, id string) (Sanction, error) {
	return one[Sanction](ctx, tx, `UPDATE scrutiny_sanction SET ground = ground WHERE id = $1 RETURNING `+sanctionColumns, id)
}

func getSanction(ctx context.Context, q db.Q, id string) (Sanction, error) {
	return one[Sanction](ctx, q, `SELECT `+sanctionColumns+` FROM scrutiny_sanction WHERE id = $1`, id)
}

func listSanctions(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Sanction, error) {
	out, err := db.All[Sanction](ctx, q, `SELECT `+sanctionColumns+` FROM scrutiny_sanction`+w.SQL()+` ORDER BY updated_at DESC, id DESC LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list sanctions: %w", err)
	}
	return out, nil
}
