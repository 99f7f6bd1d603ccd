package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// Organisation is the organisation with this id; a fault NotFound when there is none.
func (s *Service) Organisation(ctx context.Context, q db.Q, org string) (Organisation, error) {
	o, err := getOrganisation(ctx, q, org)
	if errors.Is(err, db.ErrNone) {
		return o, fault.New(fault.NotFound, "organisation-not-found", "没有找到这个单位。")
	}
	if err != nil {
		return o, fmt.Errorf("read organisation %s: %w", org, err)
	}
	return o, nil
}

// Organisations are the organisations with these ids; an unknown id is left out.
func (s *Service) Organisations(ctx context.Context, q db.Q, ids []string) (map[string]Organisation, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	out := make(map[string]Organisation, len(ids))
	for batch := range slices.Chunk(ids, 500) {
		rows, err := listOrganisations(ctx, q, batch)
		if err != nil {
			return nil, fmt.Errorf("read %d organisations: %w", len(batch), err)
		}
		for _, o := range rows {
			out[o.ID] = o
		}
	}
	return out, nil
}

// CapacitiesOf are all capacities of an organisation: asked for, verified, and past.
func (s *Service) CapacitiesOf(ctx context.Context, q db.Q, org string) ([]Capacity, error) {
	c, err := capacitiesOf(ctx, q, org)
	if err != nil {
		return nil, fmt.Errorf("read the capacities of %s: %w", org, err)
	}
	return c, nil
}

// HasCapacity tells whether the organisation is verified and holds the capacity today.
func (s *Service) HasCapacity(ctx context.Context, q db.Q, org, capacity string) (bool, error) {
	held, err := heldCapacities(ctx, q, org, s.today())
	if err != nil {
		return false, fmt.Errorf("read the capacities of %s: %w", org, err)
	}
	return slices.Contains(held, capacity), nil
}

// People are the active people of an organisation with one of the roles (none given: every role): whom to tell.
// Somebody with two roles comes once.
func (s *Service) People(ctx context.Context, q db.Q, org string, roles ...string) ([]PersonRef, error) {
	rows, err := peopleOf(ctx, q, org, s.today(), roles)
	if err != nil {
		return nil, fmt.Errorf("read the people of %s: %w", org, err)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(rows, func(p PersonRef) bool {
		again := seen[p.ID]
		seen[p.ID] = true
		return again
	}), nil
}

// Person is one active person, without a role; a fault NotFound when there is none.
func (s *Service) Person(ctx context.Context, q db.Q, person string) (PersonRef, error) {
	p, err := getPerson(ctx, q, person)
	if errors.Is(err, db.ErrNone) || err == nil && !p.Active {
		return PersonRef{}, fault.New(fault.NotFound, "person-not-found", "没有找到这个人。")
	}
	if err != nil {
		return PersonRef{}, fmt.Errorf("read person %s: %w", person, err)
	}
	return PersonRef{ID: p.ID, Name: p.Name, Email: p.Login, Phone: p.Phone, Language: p.Language}, nil
}

// PutUnclaimed writes a public record (ROR, an award list) as an unclaimed organisation. A record with the same source
// and source id, or the same ROR, is brought up to date while it is still unclaimed, and left alone once it is not.
func (s *Service) PutUnclaimed(ctx context.Context, tx *db.Tx, o Organisation) (string, bool, error) {
	if o.Source == "" || o.SourceID == "" {
		return "", false, errors.New("identity: a public record needs its source and its id there")
	}
	if o.ROR != "" && !ValidROR(o.ROR) {
		return "", false, fault.New(fault.Invalid, "ror-check", "ROR 标识 {0} 的校验位不符。", o.ROR)
	}
	if !ValidRegion(o.Region) {
		return "", false, fault.New(fault.Invalid, "region-shape", "{0} 不是六位行政区划代码。", o.Region)
	}
	now := db.At(s.clock.Now())
	found, err := findPublic(ctx, tx, o)
	if err != nil {
		return "", false, fmt.Errorf("look for the public record %s %s: %w", o.Source, o.SourceID, err)
	}
	if found == "" {
		o.ID = id.From("organisation", o.Source, o.SourceID)
		o.Status, o.Revision, o.CreatedAt, o.UpdatedAt = StatusUnclaimed, 1, now, now
		created, err := insertOrganisation(ctx, tx, o)
		if err == nil && !created {
			err = fmt.Errorf("public record %s %s: its code belongs to another organisation", o.Source, o.SourceID)
		}
		if err == nil {
			err = outbox.Publish(ctx, tx, now.Time, Changed{Org: o.ID})
		}
		return o.ID, created, err
	}
	return found, false, s.refresh(ctx, tx, found, o, now)
}

// refresh brings an unclaimed record up to date with a newer reading of its source.
func (s *Service) refresh(ctx context.Context, tx *db.Tx, found string, o Organisation, now db.Time) error {
	old, err := getOrganisation(ctx, tx, found)
	if err != nil {
		return fmt.Errorf("read organisation %s: %w", found, err)
	}
	o.ID, o.Status, o.StatusReason, o.Sample, o.Source, o.SourceID = old.ID, old.Status, old.StatusReason, old.Sample, old.Source, old.SourceID
	o.Revision, o.CreatedAt, o.UpdatedAt, o.Licence = old.Revision, old.CreatedAt, old.UpdatedAt, old.Licence
	if old.Status != StatusUnclaimed || o == old {
		return nil
	}
	o.Revision, o.UpdatedAt = old.Revision+1, now
	if ok, err := updateOrganisation(ctx, tx, o); err != nil || !ok {
		return errors.Join(err, fmt.Errorf("organisation %s changed meanwhile", found))
	}
	return outbox.Publish(ctx, tx, now.Time, Changed{Org: found})
}
