package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// Founding is an organisation that the operator of the node sets up, verified from the start: the authority, the
// operator itself, the people of the demo.
type Founding struct {
	Key          string // the same key is the same organisation for ever
	Organisation Organisation
	Capacities   []string
	People       []Colleague
}

// Colleague is a person of a founding, with a role.
type Colleague struct {
	Login    string
	Name     string
	Password string
	Role     string
	Region   string // narrower than the organisation's; may be empty
}

// Establish sets up an organisation and its people, once: what is there already by its key or its login is left as it
// is, what is missing is added. It asks no permission: only the command line, the first start and the demo call it.
func (s *Service) Establish(ctx context.Context, f Founding) (Organisation, error) {
	o, now := f.Organisation, db.At(s.clock.Now())
	o.ID = id.From("organisation", "founding", f.Key)
	o.Status, o.Revision, o.CreatedAt, o.UpdatedAt = StatusVerified, 1, now, now
	if err := checkFounding(f); err != nil {
		return o, err
	}
	people, err := s.foundingPeople(ctx, f, now)
	if err != nil {
		return o, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if o, err = s.found(ctx, tx, o, f.Capacities); err != nil {
			return err
		}
		for i, p := range people {
			if err := s.enlist(ctx, tx, o, p, f.People[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return o, err
}

func checkFounding(f Founding) error {
	for _, c := range f.Capacities {
		if !KnownCapacity(c) {
			return fmt.Errorf("establish %s: unknown capacity %q", f.Key, c)
		}
	}
	if f.Key == "" || !ValidRegion(f.Organisation.Region) {
		return fault.New(fault.Invalid, "region-shape", "{0} 不是六位行政区划代码。", f.Organisation.Region)
	}
	return nil
}

// foundingPeople hashes the passwords, outside the transaction.
func (s *Service) foundingPeople(ctx context.Context, f Founding, now db.Time) ([]person, error) {
	people := make([]person, len(f.People))
	for i, c := range f.People {
		login := NormalLogin(c.Login)
		have, err := accountByLogin(ctx, s.db, login)
		if err != nil && !errors.Is(err, db.ErrNone) {
			return nil, fmt.Errorf("read the account: %w", err)
		}
		people[i] = person{ID: have.ID, Login: login, Name: c.Name, Active: true, Sample: f.Organisation.Sample, CreatedAt: now}
		if have.ID != "" {
			continue
		}
		people[i].ID = id.From("person", login)
		if people[i].Password, err = s.hash(ctx, c.Password); err != nil {
			return nil, err
		}
	}
	return people, nil
}

// found writes the organisation when it is new, and the capacities it does not have yet.
func (s *Service) found(ctx context.Context, tx *db.Tx, o Organisation, capacities []string) (Organisation, error) {
	have, err := getOrganisation(ctx, tx, o.ID)
	fresh := errors.Is(err, db.ErrNone)
	switch {
	case fresh:
		if ok, err := insertOrganisation(ctx, tx, o); err != nil {
			return o, err
		} else if !ok {
			return o, s.taken(ctx, tx, o)
		}
	case err != nil:
		return o, fmt.Errorf("read organisation %s: %w", o.ID, err)
	default:
		o = have
	}
	held, err := capacitiesOf(ctx, tx, o.ID)
	if err != nil {
		return o, fmt.Errorf("read the capacities of %s: %w", o.ID, err)
	}
	day, events := s.today(), []outbox.Event(nil)
	for _, c := range capacities {
		if slices.ContainsFunc(held, func(h Capacity) bool { return h.Capacity == c }) {
			continue
		}
		if err := putCapacity(ctx, tx, Capacity{Organisation: o.ID, Capacity: c, ValidFrom: day, VerifiedOn: day}); err != nil {
			return o, err
		}
		events = append(events, Verified{Org: o.ID, Capacity: c, Region: o.Region})
	}
	if !fresh && len(events) == 0 {
		return o, nil
	}
	return o, s.told(ctx, tx, "establish", have.Status, o, events...)
}

// enlist writes the person when new, and its membership.
func (s *Service) enlist(ctx context.Context, tx *db.Tx, o Organisation, p person, c Colleague) error {
	if p.Password != "" {
		if ok, err := insertPerson(ctx, tx, p); err != nil {
			return err
		} else if ok {
			if err := audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "person.create", Kind: "person", ID: p.ID}); err != nil {
				return err
			}
		}
	}
	return insertMembership(ctx, tx, Membership{
		ID: id.From("membership", p.ID, o.ID, c.Role), Person: p.ID, Organisation: o.ID, Role: c.Role, Region: c.Region, CreatedAt: p.CreatedAt,
	})
}
