// Package agenda is a person's bookings as a calendar: programs on phones and desks subscribe to it by a secret address.
//
// The secret stands in the address only; its hash is kept. A new one ends the old at once, and an address works only while
// its person belongs to the organisation whose bookings it shows.
//
// Tables: agenda_feed.
package agenda

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	_ "embed" // the English texts
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/ical"
	"qiao/internal/platform/verify"
)

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte

// Orders is what agenda asks of orders.
type Orders interface {
	// BookingsOf is the bookings that an organisation made or serves and that touch a span.
	BookingsOf(ctx context.Context, q db.Q, org string, from, to time.Time) ([]order.Order, error)
}

// People is what agenda asks of identity.
type People interface {
	// Memberships are what a person can act as.
	Memberships(ctx context.Context, q db.Q, person string) ([]identity.Membership, error)
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
}

// Deps is what the module is built from.
type Deps struct {
	DB      *db.DB
	Clock   clock.Clock
	Policy  *identity.Policy
	Orders  Orders
	People  People
	Address string // of the site
}

// Service is the module: its use cases and pages.
type Service struct{ Deps }

// New builds the module.
func New(d Deps) *Service { return &Service{d} }

// Feed is a person's calendar; Since is zero where there is none.
type Feed struct {
	Person string      `db:"person"`
	Org    string      `db:"org"`
	Since  db.Time     `db:"created_at"`
	Used   db.NullTime `db:"used_at"`
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Mine is the subject's calendar, if it has one.
func (s *Service) Mine(ctx context.Context, by identity.Subject) (Feed, error) {
	f, err := db.One[Feed](ctx, s.DB, `SELECT person, org, created_at, used_at FROM agenda_feed WHERE person = $1 AND org = $2`, by.Person, by.Org)
	if errors.Is(err, db.ErrNone) {
		return Feed{}, nil
	}
	if err != nil {
		return f, fmt.Errorf("read the calendar's address: %w", err)
	}
	return f, nil
}

// Renew gives the subject a new secret address, shown this once; the one before ends.
func (s *Service) Renew(ctx context.Context, by identity.Subject) (string, error) {
	if err := s.Policy.Can(by, "agenda.own", identity.Object{}); err != nil {
		return "", err
	}
	secret := rand.Text()
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO agenda_feed (person, org, secret, created_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (person, org) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at, used_at = NULL`, by.Person, by.Org, hash(secret), db.At(s.Clock.Now()))
		if err != nil {
			return fmt.Errorf("keep the calendar's address: %w", err)
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "agenda.renew", Kind: "person", ID: by.Person})
	})
	return s.Address + "/calendars/mine/" + secret + ".ics", err
}

// End takes the subject's address back.
func (s *Service) End(ctx context.Context, by identity.Subject) error {
	if err := s.Policy.Can(by, "agenda.own", identity.Object{}); err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM agenda_feed WHERE person = $1 AND org = $2`, by.Person, by.Org); err != nil {
			return fmt.Errorf("take the calendar's address back: %w", err)
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "agenda.end", Kind: "person", ID: by.Person})
	})
}

// The days before and after now that a calendar shows.
const (
	daysBefore = 30
	daysAfter  = 370
)

// Read is the calendar behind a secret; a fault NotFound where nobody has it any more.
func (s *Service) Read(ctx context.Context, secret string) (ical.Calendar, error) {
	gone := fault.New(fault.NotFound, "no-calendar", "这个日历地址无效或已更换，请在工作台重新生成。")
	f, err := db.One[Feed](ctx, s.DB, `SELECT person, org, created_at, used_at FROM agenda_feed WHERE secret = $1`, hash(secret))
	if errors.Is(err, db.ErrNone) {
		return ical.Calendar{}, gone
	}
	if err != nil {
		return ical.Calendar{}, fmt.Errorf("look for the calendar: %w", err)
	}
	members, err := s.People.Memberships(ctx, s.DB, f.Person)
	if err != nil {
		return ical.Calendar{}, err
	}
	if !slices.ContainsFunc(members, func(m identity.Membership) bool { return m.Organisation == f.Org }) {
		return ical.Calendar{}, gone
	}
	now := s.Clock.Now()
	orders, err := s.Orders.BookingsOf(ctx, s.DB, f.Org, now.AddDate(0, 0, -daysBefore), now.AddDate(0, 0, daysAfter))
	if err != nil {
		return ical.Calendar{}, err
	}
	var ids []string
	for _, o := range orders {
		ids = append(ids, o.Buyer, o.Provider)
	}
	orgs, err := s.People.Organisations(ctx, s.DB, ids)
	if err != nil {
		return ical.Calendar{}, err
	}
	c := ical.Calendar{Name: "桥 Qiao", Method: "PUBLISH"} //i18n:data a name
	for _, o := range orders {
		c.Events = append(c.Events, s.event(ctx, o, f.Org, orgs))
	}
	if now.Sub(f.Used.Time) > time.Hour { // once an hour is enough to tell that it is in use
		err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE agenda_feed SET used_at = $2 WHERE secret = $1`, hash(secret), db.At(now))
			return err
		})
	}
	return c, err
}

// event is a booking as a calendar program shows it.
func (s *Service) event(ctx context.Context, o order.Order, org string, orgs map[string]identity.Organisation) ical.Event {
	other := o.Provider
	if o.Provider == org {
		other = o.Buyer
	}
	e := ical.Event{
		UID: o.ID + "@qiao", Sequence: o.Revision, Start: o.Start.Time, End: o.End.Time, Changed: o.UpdatedAt.Time, Private: true, Status: "CONFIRMED",
		Summary: name(ctx, o.ResourceZH, o.ResourceEN), Text: o.Number + " " + name(ctx, orgs[other].NameZH, orgs[other].NameEN), Link: s.Address + "/desk/orders/" + o.ID,
	}
	switch {
	case !order.Active(o.State):
		e.Status = "CANCELLED"
	case o.State == order.StateRequested:
		e.Status = "TENTATIVE"
	}
	return e
}

// Verify finds nothing: what a calendar shows belongs to orders.
func (s *Service) Verify(context.Context, db.Q) ([]verify.Finding, error) { return nil, nil }
