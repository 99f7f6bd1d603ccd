package sample

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const columns = `id, number, order_id, buyer, provider, region, position, parent, name, own_number, hazard, storage, wish, keep_until, due_on, amount, unit, state, place, holder, offered, invented, revision, created_at, updated_at`

func insertSample(ctx context.Context, tx *db.Tx, s Sample) error {
	_, err := tx.Exec(ctx, `INSERT INTO sample_sample (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)`,
		s.ID, s.Number, s.Order, s.Buyer, s.Provider, s.Region, s.Position, s.Parent, s.Name, s.OwnNumber, s.Hazard, s.Storage, s.Wish, s.KeepUntil, s.Due, s.Amount, s.Unit, s.State, s.Place, s.Holder, s.Offered, s.Invented, s.Revision, s.CreatedAt, s.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write sample %s: %w", s.Number, err)
	}
	return nil
}

func getSample(ctx context.Context, q db.Q, id string) (Sample, error) {
	s, err := db.One[Sample](ctx, q, `SELECT `+columns+` FROM sample_sample WHERE id = $1 OR number = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return s, fault.New(fault.NotFound, "no-sample", "没有找到这份样品，请检查标签上的编号。")
	}
	if err != nil {
		return s, fmt.Errorf("read sample %s: %w", id, err)
	}
	return s, nil
}

// updateSample writes a sample as it is now, if nobody has changed it since it was read; false otherwise.
func updateSample(ctx context.Context, tx *db.Tx, s Sample) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE sample_sample SET amount = $2, state = $3, place = $4, holder = $5, offered = $6, revision = $7, updated_at = $8 WHERE id = $1 AND revision = $9`,
		s.ID, s.Amount, s.State, s.Place, s.Holder, s.Offered, s.Revision, s.UpdatedAt, s.Revision-1)
	if err != nil {
		return false, fmt.Errorf("move sample %s: %w", s.Number, err)
	}
	return n == 1, nil
}

// setDue writes until when a sample is kept, as agreed.
func setDue(ctx context.Context, tx *db.Tx, s Sample) error {
	if _, err := tx.Exec(ctx, `UPDATE sample_sample SET keep_until = $2, due_on = $2 WHERE id = $1`, s.ID, s.KeepUntil); err != nil {
		return fmt.Errorf("keep sample %s longer: %w", s.Number, err)
	}
	return nil
}

// lastPosition is the serial of an order's newest sample; 0 when it has none. What is written in between by somebody else
// is refused by the unique serial.
func lastPosition(ctx context.Context, q db.Q, order string) (int64, error) {
	n, err := db.One[int64](ctx, q, `SELECT CAST(coalesce(max(position), 0) AS BIGINT) FROM sample_sample WHERE order_id = $1`, order)
	if err != nil {
		return 0, fmt.Errorf("count the samples of %s: %w", order, err)
	}
	return n, nil
}

func listSamples(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Sample, error) {
	out, err := db.All[Sample](ctx, q, `SELECT `+columns+` FROM sample_sample`+w.SQL()+` ORDER BY CASE WHEN due_on = '' THEN '9999' ELSE due_on END, order_id DESC, position LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list samples: %w", err)
	}
	return out, nil
}

// ofOrder is the samples of an order, by serial.
func ofOrder(ctx context.Context, q db.Q, order string) ([]Sample, error) {
	out, err := db.All[Sample](ctx, q, `SELECT `+columns+` FROM sample_sample WHERE order_id = $1 ORDER BY position`, order)
	if err != nil {
		return nil, fmt.Errorf("list the samples of %s: %w", order, err)
	}
	return out, nil
}

const stepColumns = `id, sample, position, at, side, person, org, verb, from_state, to_state, place, change, carrier, note`

// insertStep tells whether the step was new.
func insertStep(ctx context.Context, tx *db.Tx, x Step) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO sample_step (`+stepColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO NOTHING`,
		x.ID, x.Sample, x.Position, x.At, x.Side, x.Person, x.Org, x.Verb, x.From, x.To, x.Place, x.Change, x.Carrier, x.Note)
	if err != nil {
		return false, fmt.Errorf("write a step of sample %s: %w", x.Sample, err)
	}
	return n == 1, nil
}

func hasStep(ctx context.Context, q db.Q, id string) (bool, error) {
	n, err := db.One[int64](ctx, q, `SELECT count(*) FROM sample_step WHERE id = $1`, id)
	if err != nil {
		return false, fmt.Errorf("look for a step: %w", err)
	}
	return n > 0, nil
}

func listSteps(ctx context.Context, q db.Q, sample string) ([]Step, error) {
	out, err := db.All[Step](ctx, q, `SELECT `+stepColumns+` FROM sample_step WHERE sample = $1 ORDER BY position`, sample)
	if err != nil {
		return nil, fmt.Errorf("list the steps of sample %s: %w", sample, err)
	}
	return out, nil
}
