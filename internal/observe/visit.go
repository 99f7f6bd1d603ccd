package observe

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// come notes that somebody came in.
func (s *Service) come(ctx context.Context, x Session, by identity.Subject, v Visit) error {
	now := s.Clock.Now()
	if err := x.enter(now); err != nil {
		return err
	}
	if v.ID == "" {
		v.ID = id.New()
	}
	v.Session, v.Person, v.Org, v.Joined = x.ID, by.Person, by.Org, db.At(now)
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertVisit(ctx, tx, v); err != nil {
			return err
		}
		if v.Part == PartPublish {
			if err := s.first(ctx, tx, x, now); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, now, audit.Entry{Action: "observe.join", Kind: "order", ID: x.Order, Data: map[string]any{"session": x.ID, "part": v.Part}})
	})
}

// first tells those who may watch that there is a picture, once a session.
func (s *Service) first(ctx context.Context, tx *db.Tx, x Session, now time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE observe_session SET live_at = $2 WHERE id = $1 AND live_at IS NULL`, x.ID, db.At(now))
	if err != nil {
		return fmt.Errorf("note the first picture: %w", err)
	}
	if n == 0 {
		return nil
	}
	guests, err := listGuests(ctx, tx, x.Plan)
	if err != nil {
		return err
	}
	e := Live{Session: x.ID, Number: x.Number, Buyer: x.Buyer}
	for _, g := range guests {
		e.Guests = append(e.Guests, g.Person)
	}
	return outbox.Publish(ctx, tx, now, e)
}

func endVisit(ctx context.Context, tx *db.Tx, id string, now db.Time, why string) error {
	if _, err := tx.Exec(ctx, `UPDATE observe_visit SET left_at = $2, why = $3 WHERE id = $1 AND left_at IS NULL`, id, now, why); err != nil {
		return fmt.Errorf("note that somebody left: %w", err)
	}
	return nil
}

func setBarred(ctx context.Context, tx *db.Tx, session, person, by string, now db.Time, out bool) error {
	query, args := `DELETE FROM observe_barred WHERE session = $1 AND person = $2`, []any{session, person}
	if out {
		query, args = `INSERT INTO observe_barred (session, person, barred_by, at) VALUES ($1, $2, $3, $4) ON CONFLICT (session, person) DO NOTHING`, []any{session, person, by, now}
	}
	if _, err := tx.Exec(ctx, query, args...); err != nil {
		return fmt.Errorf("show somebody out or in: %w", err)
	}
	return nil
}

func listBarred(ctx context.Context, q db.Q, session string) ([]string, error) {
	out, err := db.All[string](ctx, q, `SELECT person FROM observe_barred WHERE session = $1 ORDER BY at, person`, session)
	if err != nil {
		return nil, fmt.Errorf("list who was shown out: %w", err)
	}
	return out, nil
}
