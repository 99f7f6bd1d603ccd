package observe

import (
	"context"
	"fmt"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/id"
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
		return audit.Record(ctx, tx, now, audit.Entry{Action: "observe.join", Kind: "order", ID: x.Order, Data: map[string]any{"session": x.ID, "part": v.Part}})
	})
}

func listBarred(ctx context.Context, q db.Q, session string) ([]string, error) {
	out, err := db.All[string](ctx, q, `SELECT person FROM observe_barred WHERE session = $1 ORDER BY at, person`, session)
	if err != nil {
		return nil, fmt.Errorf("list who was shown out: %w", err)
	}
	return out, nil
}
