package stats

import (
	"context"
	"fmt"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Record writes a fact in the transaction in which its event is delivered. The same event again, and a second time of
// what happens once to an object, change nothing. Events may come in any order.
func (s *Service) Record(ctx context.Context, tx *db.Tx, f Fact) error {
	if err := f.check(); err != nil {
		return err
	}
	fresh, err := insertFact(ctx, tx, f)
	if err != nil {
		return fmt.Errorf("record %s of %s: %w", f.Kind, f.Object, err)
	}
	if !fresh {
		return nil
	}
	for answer, question := range waits() {
		if f.Kind != answer && f.Kind != question {
			continue
		}
		if err := updateWait(ctx, tx, answer, question, f.Object); err != nil {
			return fmt.Errorf("record %s of %s: %w", f.Kind, f.Object, err)
		}
	}
	return nil
}

// Snapshot keeps today's stocks, so that they have a history; a daily job calls it, and calling it twice is harmless.
func (s *Service) Snapshot(ctx context.Context) error {
	day := clock.Day(s.clock.Now())
	for _, d := range Definitions() {
		if d.Formula.Form != FormStock {
			continue
		}
		parts, err := s.stock(ctx, s.db, d.Code)
		if err != nil {
			return err
		}
		if err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return putStock(ctx, tx, d.Code, day, parts) }); err != nil {
			return fmt.Errorf("keep the stock %s: %w", d.Code, err)
		}
	}
	return nil
}

// stock asks the owning module what stands now.
func (s *Service) stock(ctx context.Context, q db.Q, code string) ([]Part, error) {
	count := s.deps.Resources
	if code == "institutions" {
		count = s.deps.Institutions
	}
	parts, err := count(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("count the stock %s: %w", code, err)
	}
	return parts, nil
}
