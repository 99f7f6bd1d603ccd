package expert

import (
	"context"
	"errors"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// Give agrees to a purpose as it is worded in a version, which must be the one in force: nobody agrees to what they did
// not read. Agreeing again to the same wording changes nothing.
func (s *Service) Give(ctx context.Context, by identity.Subject, resource, purpose, version string) (Consent, error) {
	var c Consent
	if err := s.policy.Can(by, "expert.own", identity.Object{}); err != nil {
		return c, err
	}
	p, ok := s.rules.purpose(purpose, s.today())
	if !ok {
		return c, fault.New(fault.NotFound, "no-such-purpose", "没有这项用途。")
	}
	if p.Version != version {
		return c, fault.New(fault.Conflict, "wording-changed", "这项用途的说明已经更新，请重新阅读后再决定。")
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		own, err := lockProfile(ctx, tx, resource, by.Person)
		if err != nil {
			return err
		}
		standing, err := s.standing(ctx, tx, resource)
		if err != nil {
			return err
		}
		if had, ok := standing[purpose]; ok && had.Version == version {
			c = had
			return nil
		}
		now := db.At(s.clock.Now())
		if _, err := revokeConsents(ctx, tx, resource, purpose, s.today(), db.Stamp(now.Time)); err != nil { // an older wording
			return err
		}
		c = Consent{ID: id.New(), Resource: resource, Person: by.Person, Purpose: purpose, Version: version, SHA256: p.SHA256(), GivenOn: s.today(), GivenAt: db.Stamp(now.Time)}
		if err := insertConsent(ctx, tx, c); err != nil {
			return err
		}
		if purpose == Publish && own.Hidden {
			err = s.show(ctx, tx, by, own)
		} else {
			err = s.catalogue.Touch(ctx, tx, resource)
		}
		if err != nil {
			return err
		}
		return s.consentMoved(ctx, tx, resource, purpose, true)
	})
	return c, err
}

// Revoke withdraws a consent, at once: the record leaves what it was agreed to, open requests for contact are closed.
// Withdrawing "publish" hides the record, also where it was public only by public sources.
func (s *Service) Revoke(ctx context.Context, by identity.Subject, resource, purpose string) error {
	if err := s.policy.Can(by, "expert.own", identity.Object{}); err != nil {
		return err
	}
	if _, ok := s.rules.purpose(purpose, s.today()); !ok {
		return fault.New(fault.NotFound, "no-such-purpose", "没有这项用途。")
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		own, err := lockProfile(ctx, tx, resource, by.Person)
		if err != nil {
			return err
		}
		n, err := revokeConsents(ctx, tx, resource, purpose, s.today(), db.Stamp(s.clock.Now()))
		if err != nil {
			return err
		}
		hide := purpose == Publish && !own.Hidden
		switch {
		case n == 0 && !hide:
			return nil
		case hide:
			err = s.hide(ctx, tx, by, own)
		default:
			err = s.catalogue.Touch(ctx, tx, resource)
		}
		if err == nil && purpose == Contact {
			err = s.closeAll(ctx, tx, by, resource)
		}
		if err != nil {
			return err
		}
		return s.consentMoved(ctx, tx, resource, purpose, false)
	})
}

func (s *Service) consentMoved(ctx context.Context, tx *db.Tx, resource, purpose string, given bool) error {
	verb := "revoke"
	if given {
		verb = "consent"
	}
	now := s.clock.Now()
	err := outbox.Publish(ctx, tx, now, ConsentChanged{resource, purpose, given})
	return errors.Join(err, audit.Record(ctx, tx, now, audit.Entry{Action: "expert." + verb, Kind: "expert", ID: resource, To: purpose}))
}

// hide takes the record out of the public catalogue and keeps imports from bringing it back.
func (s *Service) hide(ctx context.Context, tx *db.Tx, by identity.Subject, p Profile) error {
	r, err := s.mine(ctx, tx, p.Resource)
	if err != nil {
		return err
	}
	if err := s.barPerson(ctx, tx, r, p, "hidden"); err != nil {
		return err
	}
	p.Hidden, p.UpdatedAt = true, db.At(s.clock.Now())
	if err := putProfile(ctx, tx, p); err != nil {
		return err
	}
	_, err = s.catalogue.Amend(ctx, tx, by, p.Resource, "withdraw", func(r *catalogue.Resource) { r.Status, r.Note = catalogue.StatusWithdrawn, "" })
	return err
}

// show puts the record back.
func (s *Service) show(ctx context.Context, tx *db.Tx, by identity.Subject, p Profile) error {
	if err := liftBarred(ctx, tx, p.Resource); err != nil {
		return err
	}
	p.Hidden, p.UpdatedAt = false, db.At(s.clock.Now())
	if err := putProfile(ctx, tx, p); err != nil {
		return err
	}
	_, err := s.catalogue.Amend(ctx, tx, by, p.Resource, "restore", func(r *catalogue.Resource) { r.Status, r.Note = catalogue.StatusPublished, "" })
	return err
}

// mine is the catalogue's record of a profile, whatever its state.
func (s *Service) mine(ctx context.Context, q db.Q, resource string) (catalogue.Resource, error) {
	list, err := s.catalogue.Any(ctx, q, []string{resource})
	if err != nil {
		return catalogue.Resource{}, err
	}
	if len(list) == 0 {
		return catalogue.Resource{}, errNotYours()
	}
	return list[0], nil
}

// standing are the consents that have not been withdrawn, by purpose.
func (s *Service) standing(ctx context.Context, q db.Q, resource string) (map[string]Consent, error) {
	var w db.Where
	w.And("resource = ?", resource)
	w.And("revoked_on = ''")
	list, err := listConsents(ctx, q, &w)
	if err != nil {
		return nil, err
	}
	out := map[string]Consent{}
	for _, c := range list {
		out[c.Purpose] = c
	}
	return out, nil
}

// profiled is a record whose person has claimed it, and what of a purpose stands.
type profiled struct {
	Resource string `db:"resource"`
	Hidden   bool   `db:"hidden"`
	Agreed   bool   `db:"agreed"`
}

// Withheld tells which of some records must be left out of what a purpose is about (Match, Share, Review): those whose
// person has claimed them and has not agreed. Records that nobody has claimed show public sources only and are not among them.
func (s *Service) Withheld(ctx context.Context, q db.Q, purpose string, resources []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(resources) == 0 {
		return out, nil
	}
	list, err := agreed(ctx, q, purpose, resources)
	for _, p := range list {
		if p.Hidden || !p.Agreed {
			out[p.Resource] = true
		}
	}
	return out, err
}

// Reviewable tells whether the person of a record has agreed to be chosen as a reviewer: what a panel asks first. An
// unclaimed record never is.
func (s *Service) Reviewable(ctx context.Context, q db.Q, resource string) (bool, error) {
	standing, err := s.standing(ctx, q, resource)
	_, ok := standing[Review]
	return ok, err
}
