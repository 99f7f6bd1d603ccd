package expert

import (
	"context"
	"errors"
	"slices"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// About is all that is kept about a person for one record.
type About struct {
	Profile     Profile
	Record      catalogue.Resource
	Evidence    []Evidence
	Areas       []Area
	Consents    []Consent // those withdrawn too, newest first
	Claims      []Claim
	Requests    []Request
	Disclosures []Disclosure
	Interests   []Interest
}

// Abouts is all that is kept about the subject, one for each record that is theirs.
func (s *Service) Abouts(ctx context.Context, by identity.Subject) ([]About, error) {
	if err := s.policy.Can(by, "expert.own", identity.Object{}); err != nil {
		return nil, err
	}
	var w db.Where
	w.And("person = ?", by.Person)
	profiles, err := listProfiles(ctx, s.db, &w)
	if err != nil {
		return nil, err
	}
	var out []About
	for _, p := range profiles {
		a, err := s.about(ctx, p)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

func (s *Service) about(ctx context.Context, p Profile) (About, error) {
	a := About{Profile: p}
	var err error
	if a.Record, err = s.mine(ctx, s.db, p.Resource); err != nil {
		return a, err
	}
	of := func() *db.Where {
		var w db.Where
		w.And("resource = ?", p.Resource)
		return &w
	}
	var errs [7]error
	a.Evidence, errs[0] = listEvidence(ctx, s.db, p.Resource)
	a.Areas, errs[1] = listAreas(ctx, s.db, p.Resource)
	a.Consents, errs[2] = listConsents(ctx, s.db, of())
	a.Claims, errs[3] = listClaims(ctx, s.db, of(), everything)
	a.Requests, errs[4] = listRequests(ctx, s.db, of(), everything)
	a.Disclosures, errs[5] = listDisclosures(ctx, s.db, p.Resource)
	a.Interests, errs[6] = listInterests(ctx, s.db, p.Resource)
	a.Claims = slices.DeleteFunc(a.Claims, func(c Claim) bool { return c.Person != p.Person }) // others' are theirs
	return a, errors.Join(errs[:]...)
}

// ClaimsBy are the claims of the subject, newest first.
func (s *Service) ClaimsBy(ctx context.Context, by identity.Subject) ([]Claim, error) {
	var w db.Where
	w.And("person = ?", by.Person)
	return listClaims(ctx, s.db, &w, shown)
}

// Erase deletes all that is kept about the subject's profile: the record becomes a tombstone without a name, requests are
// closed, and hashes stay by which a later import is refused.
func (s *Service) Erase(ctx context.Context, by identity.Subject, resource string) error {
	if err := s.policy.Can(by, "expert.own", identity.Object{}); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := lockProfile(ctx, tx, resource, by.Person)
		if err != nil {
			return err
		}
		r, err := s.mine(ctx, tx, resource)
		if err != nil {
			return err
		}
		if err := s.barPerson(ctx, tx, r, p, "deleted"); err != nil {
			return err
		}
		if err := s.closeAll(ctx, tx, by, resource); err != nil {
			return err
		}
		if err := s.catalogue.Erase(ctx, tx, by, resource); err != nil {
			return err
		}
		if err := eraseRows(ctx, tx, resource); err != nil {
			return err
		}
		now := s.clock.Now()
		err = outbox.Publish(ctx, tx, now, Erased{resource})
		return errors.Join(err, audit.Record(ctx, tx, now, audit.Entry{Action: "expert.erase", Kind: "expert", ID: resource}))
	})
}

// Public is what everybody may see of an expert beside the record itself.
type Public struct {
	Resource string
	Claimed  string     // civil day; empty: nobody has claimed it
	Said     bool       // the person agrees that what they state is public
	Evidence []Evidence // what public records say; and what the person states, if they agreed
	Areas    []Area
	Reach    error // nil: they may be asked for contact
}

// Public reads what everybody may see of an expert.
func (s *Service) Public(ctx context.Context, q db.Q, resource string) (Public, error) {
	v := Public{Resource: resource}
	p, err := profileOf(ctx, q, resource)
	if err != nil {
		return v, err
	}
	v.Claimed = p.ClaimedOn
	standing, err := s.standing(ctx, q, resource)
	if err != nil {
		return v, err
	}
	_, v.Said = standing[Publish]
	all, err := listEvidence(ctx, q, resource)
	if err != nil {
		return v, err
	}
	for _, e := range all {
		if !e.Stated || v.Said {
			v.Evidence = append(v.Evidence, e)
		}
	}
	if v.Said {
		if v.Areas, err = listAreas(ctx, q, resource); err != nil {
			return v, err
		}
	}
	if len(v.Areas) == 0 {
		v.Areas = s.proposed(v.Evidence)
	}
	v.Reach = s.Reach(ctx, q, resource)
	return v, nil
}

// proposed are the areas that titles of evidence speak of.
func (s *Service) proposed(list []Evidence) []Area {
	titles := make([]string, len(list))
	for i, e := range list {
		titles[i] = e.Title
	}
	var out []Area
	for _, p := range s.topics.propose(titles) {
		a := Area{Name: p.Topic.ZH, NameEN: p.Topic.EN, Proposed: true}
		for _, i := range p.By {
			a.Evidence = append(a.Evidence, list[i].ID)
		}
		out = append(out, a)
	}
	return out
}
