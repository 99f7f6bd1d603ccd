package sample

import (
	"context"
	"fmt"
	"strings"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// What a notice is about: the last day of what is kept, or what has not arrived. The latter are the samples' states.
const (
	kindEnding = "ending"
	kindOver   = "over"
)

// Ended gives what is left of an order that was accepted or cancelled its last day by rule, where none was agreed.
func (s *Service) Ended(ctx context.Context, tx *db.Tx, orderID string) error {
	today := s.today()
	for _, wish := range []string{WishReturn, WishDispose} {
		due, err := dated.On(s.rules, today).keep(wish, today)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE sample_sample SET due_on = $3 WHERE order_id = $1 AND wish = $2 AND due_on = ''`, orderID, wish, due); err != nil {
			return fmt.Errorf("the last day of the samples of %s: %w", orderID, err)
		}
	}
	return nil
}

// group is the samples of an order of which one notice tells.
type group struct {
	Order    string  `db:"order_id"`
	Buyer    string  `db:"buyer"`
	Provider string  `db:"provider"`
	First    string  `db:"first"` // number of one of them
	Count    int64   `db:"n"`
	Due      string  `db:"due_on"`
	State    string  `db:"state"`
	Since    db.Time `db:"since"`
}

// batch is how many orders' samples are looked at in one transaction.
const batch = 200

// ending are the samples here whose last day is until or before, by order and day, after a cursor.
func ending(ctx context.Context, q db.Q, until, after string) ([]group, error) {
	out, err := db.All[group](ctx, q, `SELECT order_id, buyer, provider, min(number) AS first, count(*) AS n, due_on, '' AS state, min(updated_at) AS since FROM sample_sample
		WHERE due_on <> '' AND due_on <= $1 AND state IN ('stored', 'in_use', 'refused') AND due_on || order_id > $2 GROUP BY order_id, buyer, provider, due_on ORDER BY due_on, order_id LIMIT $3`, until, after, batch)
	if err != nil {
		return nil, fmt.Errorf("list samples whose last day comes: %w", err)
	}
	return out, nil
}

// waiting are the samples that have been on the way, or refused and not sent back, since an instant or before, after a cursor.
func waiting(ctx context.Context, q db.Q, before db.Time, after string) ([]group, error) {
	out, err := db.All[group](ctx, q, `SELECT order_id, buyer, provider, min(number) AS first, count(*) AS n, '' AS due_on, state, min(updated_at) AS since FROM sample_sample
		WHERE state IN ('sent', 'returned', 'refused') AND updated_at <= $1 AND order_id || state > $2 GROUP BY order_id, buyer, provider, state ORDER BY order_id, state LIMIT $3`, before, after, batch)
	if err != nil {
		return nil, fmt.Errorf("list samples that did not arrive: %w", err)
	}
	return out, nil
}

// Remind tells of samples whose last day comes or has passed, and of those that did not arrive; a job calls it. Each notice is
// given once, for all samples of an order together.
func (s *Service) Remind(ctx context.Context) error {
	today := s.today()
	rule := dated.On(s.rules, today)
	until, err := addDays(today, rule.Before[0])
	if err != nil {
		return err
	}
	err = s.each(ctx, func(after string) ([]group, error) { return ending(ctx, s.DB, until, after) }, func(g group) string { return g.Due + g.Order },
		func(ctx context.Context, tx *db.Tx, g group) error {
			kind, level, found, err := rule.end(g.Due, today)
			if err != nil || !found {
				return err
			}
			return s.tellDue(ctx, tx, g, Due{Kind: kind, Day: g.Due, Days: level.Days, To: level.To}, g.Due)
		})
	if err != nil {
		return err
	}
	before := db.At(s.Clock.Now().AddDate(0, 0, -int(rule.Way[0].Days)))
	return s.each(ctx, func(after string) ([]group, error) { return waiting(ctx, s.DB, before, after) }, func(g group) string { return g.Order + g.State },
		func(ctx context.Context, tx *db.Tx, g group) error {
			since := clock.Day(g.Since.Time)
			passed, err := daysBetween(since, today)
			if err != nil {
				return err
			}
			level, found := reached(rule.Way, passed)
			if !found {
				return nil
			}
			return s.tellDue(ctx, tx, g, Due{Kind: g.State, Day: since, Days: level.Days, To: level.To}, g.Since.String())
		})
}

// each looks at groups page by page, each page in a transaction.
func (s *Service) each(ctx context.Context, page func(after string) ([]group, error), cursor func(group) string, tell func(context.Context, *db.Tx, group) error) error {
	for after := ""; ; {
		list, err := page(after)
		if err != nil || len(list) == 0 {
			return err
		}
		err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			for _, g := range list {
				if err := tell(ctx, tx, g); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("tell of samples: %w", err)
		}
		if len(list) < batch {
			return nil
		}
		after = cursor(list[len(list)-1])
	}
}

// tellDue gives a notice that was not given before.
func (s *Service) tellDue(ctx context.Context, tx *db.Tx, g group, e Due, point string) error {
	now := s.Clock.Now()
	n, err := tx.Exec(ctx, `INSERT INTO sample_told (order_id, kind, point, level, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (order_id, kind, point, level) DO NOTHING`, g.Order, e.Kind, point, e.Days, db.At(now))
	if err != nil {
		return fmt.Errorf("note a notice of %s: %w", g.Order, err)
	}
	if n == 0 {
		return nil
	}
	e.Order, e.Buyer, e.Provider, e.Count = g.Order, g.Buyer, g.Provider, g.Count
	e.Number = g.First[:max(0, strings.LastIndex(g.First, "-S"))]
	return outbox.Publish(ctx, tx, now, e)
}
