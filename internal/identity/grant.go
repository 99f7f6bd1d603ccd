package identity

import (
	"context"
	"fmt"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// Grant gives an organisation a capacity from today on, verified by another organisation, inside the caller's
// transaction: what a higher module has decided about it.
func (s *Service) Grant(ctx context.Context, tx *db.Tx, org, capacity, by string) error {
	if !KnownCapacity(capacity) {
		return fmt.Errorf("identity: unknown capacity %q", capacity)
	}
	c := Capacity{Organisation: org, Capacity: capacity, ValidFrom: s.today(), VerifiedOn: s.today(), VerifiedBy: by}
	if err := putCapacity(ctx, tx, c); err != nil {
		return err
	}
	return s.capacityTold(ctx, tx, org, "organisation.grant", c)
}

// End takes a capacity away: yesterday was its last day. A capacity granted today is not there at all any more.
func (s *Service) End(ctx context.Context, tx *db.Tx, org, capacity string) error {
	yesterday, err := clock.AddDays(s.today(), -1)
	if err != nil {
		return fmt.Errorf("end capacity %s of %s: %w", capacity, org, err)
	}
	if err := endCapacity(ctx, tx, org, capacity, s.today(), yesterday); err != nil {
		return err
	}
	return s.capacityTold(ctx, tx, org, "organisation.end-capacity", Capacity{Organisation: org, Capacity: capacity, ValidTo: yesterday})
}

func (s *Service) capacityTold(ctx context.Context, tx *db.Tx, org, action string, c Capacity) error {
	if err := audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: action, Kind: "organisation", ID: org, Data: c}); err != nil {
		return err
	}
	return outbox.Publish(ctx, tx, s.clock.Now(), Changed{Org: org})
}
