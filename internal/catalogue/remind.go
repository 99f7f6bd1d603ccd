package catalogue

import (
	"context"
	"fmt"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// Remind tells every owner who has records to check so, with the event RecordsDue, and no sooner again than the region's
// term says. Owners nobody has claimed are not told.
func (s *Service) Remind(ctx context.Context) error {
	for after := ""; ; {
		owners, err := db.All[string](ctx, s.DB, `SELECT DISTINCT owner FROM catalogue_resource WHERE owner > $1 AND status IN ('published', 'suspended') ORDER BY owner LIMIT 200`, after)
		if err != nil {
			return fmt.Errorf("list owners to remind: %w", err)
		}
		if len(owners) == 0 {
			return nil
		}
		after = owners[len(owners)-1]
		known, err := s.Orgs.Organisations(ctx, s.DB, owners)
		if err != nil {
			return fmt.Errorf("read owners to remind: %w", err)
		}
		for _, o := range owners {
			if known[o].Status == identity.StatusUnclaimed {
				continue
			}
			if err := s.remind(ctx, known[o]); err != nil {
				return err
			}
		}
	}
}

func (s *Service) remind(ctx context.Context, o identity.Organisation) error {
	day := s.today()
	again, err := clock.AddDays(day, -s.term(o.Region, day).Again)
	if err != nil {
		return fmt.Errorf("find the day of the last reminder: %w", err)
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		last, err := db.One[string](ctx, tx, `SELECT day FROM catalogue_reminder WHERE org = $1`, o.ID)
		if err != nil && !isNone(err) {
			return fmt.Errorf("read the last reminder of %s: %w", o.ID, err)
		}
		if last > again {
			return nil
		}
		counts, err := s.count(ctx, tx, o.ID, o.Region)
		due := counts.Due
		n := due.Due + due.Stale + due.Never
		if err != nil || n == 0 {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO catalogue_reminder (org, day, due) VALUES ($1, $2, $3) ON CONFLICT (org) DO UPDATE SET day = excluded.day, due = excluded.due`, o.ID, day, n); err != nil {
			return fmt.Errorf("note the reminder of %s: %w", o.ID, err)
		}
		return outbox.Publish(ctx, tx, s.Clock.Now(), due)
	})
}
