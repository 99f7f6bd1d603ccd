package provider

import (
	"context"
	"fmt"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// Daily does what follows from the calendar alone: certificates come into force and leave, agreements renew themselves
// or end, and people are warned. Running it twice a day does nothing twice.
func (s *Service) Daily(ctx context.Context) error {
	today := s.today()
	for _, part := range []func(context.Context, *db.Tx, string) error{s.turnCertificates, s.warnCertificates, s.warnReports, s.turnAgreements} {
		if err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return part(ctx, tx, today) }); err != nil {
			return err
		}
	}
	return nil
}

// turnCertificates sets the flag that search counts where the day has changed it.
func (s *Service) turnCertificates(ctx context.Context, tx *db.Tx, today string) error {
	var w db.Where
	w.And("(current AND (state <> 'verified' OR valid_from > ? OR valid_to < ?)) OR (NOT current AND state = 'verified' AND valid_from <= ? AND valid_to >= ?)", today, today, today, today)
	list, err := listCertificates(ctx, tx, &w, 1000)
	if err != nil {
		return err
	}
	for _, x := range list {
		c, err := getCertificate(ctx, tx, x.ID)
		if err != nil {
			return err
		}
		old := c
		c.Current = c.counts(today)
		if err := putCertificate(ctx, tx, c); err != nil {
			return err
		}
		if err := s.touch(ctx, tx, old, c); err != nil {
			return err
		}
	}
	return nil
}

// warnCertificates tells owners of certificates that end soon, or have just ended; each step of warning once.
func (s *Service) warnCertificates(ctx context.Context, tx *db.Tx, today string) error {
	r := s.rules.reminders(today)
	last, err := clock.AddDays(today, most(r.Certificate))
	if err != nil {
		return fmt.Errorf("last day to warn of: %w", err)
	}
	since, err := clock.AddDays(today, -most(r.Certificate))
	if err != nil {
		return fmt.Errorf("first day to warn of: %w", err)
	}
	var w db.Where
	w.And("state IN ('stated', 'verified')")
	w.And("valid_to <= ?", last)
	w.And("valid_to >= ?", since) // long gone: nobody needs to be told
	list, err := listCertificates(ctx, tx, &w, 5000)
	if err != nil {
		return err
	}
	now := db.At(s.clock.Now())
	for _, c := range list {
		left := daysUntil(today, c.To)
		code := "ended"
		if left >= 0 {
			step, _ := warning(r.Certificate, left)
			code = strconv.Itoa(step)
		}
		fresh, err := remind(ctx, tx, c.ID, c.To+"/"+code, now)
		if err != nil {
			return err
		}
		if fresh {
			if err := outbox.Publish(ctx, tx, now.Time, CertificateEnding{c.ID, c.Org, c.Kind, c.Number, c.To, left}); err != nil {
				return err
			}
		}
	}
	return nil
}

// warnReports tells owners of instruments that have to be reported soon, or are late.
func (s *Service) warnReports(ctx context.Context, tx *db.Tx, today string) error {
	r := s.rules.reminders(today)
	last, err := clock.AddDays(today, most(r.Reporting))
	if err != nil {
		return fmt.Errorf("last day to warn of: %w", err)
	}
	var w db.Where
	w.And("reported_on = ''")
	w.And("due_on <> '' AND due_on <= ?", last)
	list, err := listClocks(ctx, tx, &w, 5000)
	if err != nil {
		return err
	}
	now := db.At(s.clock.Now())
	for _, c := range list {
		left := daysUntil(today, c.DueOn)
		code := "late"
		if left >= 0 {
			step, _ := warning(r.Reporting, left)
			code = strconv.Itoa(step)
		}
		fresh, err := remind(ctx, tx, c.Resource, c.DueOn+"/"+code, now)
		if err != nil {
			return err
		}
		if fresh {
			if err := outbox.Publish(ctx, tx, now.Time, ReportDue{c.Resource, c.Name, c.Owner, c.Region, c.DueOn, left}); err != nil {
				return err
			}
		}
	}
	return nil
}

func most(list []int) int {
	n := 0
	for _, x := range list {
		n = max(n, x)
	}
	return n
}

// turnAgreements renews the terms that have run out, and ends those that shall not be renewed.
func (s *Service) turnAgreements(ctx context.Context, tx *db.Tx, today string) error {
	var w db.Where
	w.And("state IN ('member', 'ending', 'suspended')")
	w.And("term_to < ?", today)
	list, err := listMemberships(ctx, tx, &w, "ORDER BY id LIMIT 1000")
	if err != nil {
		return err
	}
	for _, m := range list {
		from := m.State
		if from != Member {
			if err := s.release(ctx, tx, m); err != nil {
				return err
			}
			if err := s.moved(ctx, tx, identity.Subject{}, &m, "lapse", from, Exited, ""); err != nil {
				return err
			}
			continue
		}
		a, ok := s.rules.version(m.Agreement)
		if !ok {
			return fmt.Errorf("agreement version %q of membership %s is not known", m.Agreement, m.ID)
		}
		for m.To < today {
			begin, err := clock.AddDays(m.To, 1)
			if err != nil {
				return fmt.Errorf("renew membership %s: %w", m.ID, err)
			}
			if m.To, err = termEnd(begin, a.Months); err != nil {
				return fmt.Errorf("renew membership %s: %w", m.ID, err)
			}
		}
		if err := s.moved(ctx, tx, identity.Subject{}, &m, "renew", from, Member, ""); err != nil {
			return err
		}
	}
	return nil
}
