package message

import (
	"context"
	"fmt"

	"qiao/internal/identity"
	"qiao/internal/platform/channel"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/id"
)

// Notify writes a notice in the caller's transaction, with a receipt for each person and a delivery for each channel they
// chose. The same notice again changes nothing. A notice that nobody can receive (an organisation without people) is
// not written.
func (s *Service) Notify(ctx context.Context, tx *db.Tx, n Notice) error {
	if err := n.check(); err != nil {
		return err
	}
	people, err := s.recipients(ctx, tx, n)
	if err != nil {
		return fmt.Errorf("find whom to tell of %s: %w", n.Event, err)
	}
	if len(people) == 0 {
		return nil
	}
	fresh, err := insertNotice(ctx, tx, n, s.clock.Now())
	if err != nil || !fresh {
		return err
	}
	for _, p := range people {
		if err := s.tell(ctx, tx, n.id(), p); err != nil {
			return fmt.Errorf("tell of %s: %w", n.Event, err)
		}
	}
	return nil
}

func (s *Service) recipients(ctx context.Context, tx *db.Tx, n Notice) ([]identity.PersonRef, error) {
	if n.Org != "" {
		return s.deps.People.People(ctx, tx, n.Org, n.Roles...)
	}
	p, err := s.deps.People.Person(ctx, tx, n.Person)
	return []identity.PersonRef{p}, err
}

// tell writes the receipt and the deliveries of one person.
func (s *Service) tell(ctx context.Context, tx *db.Tx, notice string, p identity.PersonRef) error {
	now := s.clock.Now()
	if err := insertReceipt(ctx, tx, notice, p.ID, now); err != nil {
		return err
	}
	stored, err := listPreferences(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	for _, choice := range choose(stored, s.kinds()) {
		address := choice.Address
		if address == "" && choice.Channel == channel.Mail {
			address = p.Email
		}
		if !choice.Enabled || address == "" {
			continue
		}
		d := Delivery{ID: id.From("delivery", notice, p.ID, choice.Channel), Notice: notice, Person: p.ID, Channel: choice.Channel,
			Address: address, Lang: string(language(p)), DueAt: db.At(now), At: db.At(now)}
		if err := insertDelivery(ctx, tx, d); err != nil {
			return err
		}
	}
	return nil
}

// language is the one a person chose; Chinese otherwise.
func language(p identity.PersonRef) i18n.Lang {
	l, _ := i18n.Parse(p.Language)
	return l
}
