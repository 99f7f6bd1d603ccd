package observe

import (
	"context"
	"slices"
	"time"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// Course is all that was agreed, happened and was kept of watching an order.
type Course struct {
	Order    order.Order
	Plans    []Plan
	Sessions []Session // the first first
	Notes    []Note    // the newest first
	Guests   map[string][]GuestOf
}

// Of is an order's observation as the subject may see it.
func (s *Service) Of(ctx context.Context, by identity.Subject, o order.Order) (Course, error) {
	c := Course{Order: o, Guests: map[string][]GuestOf{}}
	if err := s.Policy.Can(by, "observe.view", Plan{Buyer: o.Buyer, Provider: o.Provider, Region: o.Region}.object()); err != nil {
		return c, err
	}
	var plans, sessions db.Where
	plans.And("order_id = ?", o.ID)
	sessions.And("order_id = ?", o.ID)
	var err error
	if c.Plans, err = listPlans(ctx, s.DB, &plans); err != nil || len(c.Plans) == 0 {
		return c, err
	}
	if c.Sessions, err = listSessions(ctx, s.DB, &sessions); err != nil {
		return c, err
	}
	if c.Notes, err = notesOfOrder(ctx, s.DB, o.ID); err != nil {
		return c, err
	}
	for _, p := range c.Plans {
		if c.Guests[p.ID], err = listGuests(ctx, s.DB, p.ID); err != nil {
			return c, err
		}
	}
	return c, nil
}

// next are the sessions that are open or still to come, at most n.
func (c Course) next(now time.Time, n int) []Session {
	var out []Session
	for _, x := range c.Sessions {
		if st := x.State(now); (st == Waiting || st == Open) && len(out) < n {
			out = append(out, x)
		}
	}
	return out
}

// pictures are the newest kept pictures, at most n.
func (c Course) pictures(n int) []Note {
	var out []Note
	for _, x := range c.Notes {
		if x.Picture != "" && len(out) < n {
			out = append(out, x)
		}
	}
	return out
}

// Upcoming are the sessions that the subject may come to and that are not over, the first first: of their organisation, and
// those to which they are invited.
func (s *Service) Upcoming(ctx context.Context, by identity.Subject, n int) ([]Session, error) {
	if err := s.Policy.Can(by, "observe.list", identity.Object{}); err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	var w db.Where
	w.And("cancelled_at IS NULL AND ended_at IS NULL")
	w.And("closes_at > ?", db.At(now))
	own, person := w.Arg(by.Org), w.Arg(by.Person)
	w.And("'' <> " + own + " AND (buyer = " + own + " OR provider = " + own + ") OR plan IN (SELECT g.plan FROM observe_guest g WHERE g.person = " + person + ")")
	list, err := listSessions(ctx, s.DB, &w)
	return list[:min(len(list), n)], err
}

// Room is one session with all that is in it.
type Room struct {
	Session Session
	State   string
	Notes   []Note
	Visits  []Visit
	Guests  []GuestOf
	Barred  []string // people
	Words   []Consent
	Tapes   []Tape // for the parties
	Party   bool   // of the buyer or the provider, not a guest
}

// Enter is a session for who may watch it.
func (s *Service) Enter(ctx context.Context, by identity.Subject, sessionID string) (Room, error) {
	x, err := s.session(ctx, s.DB, by, sessionID, "observe.watch")
	if err != nil {
		return Room{}, err
	}
	r := Room{Session: x, State: x.State(s.Clock.Now()), Party: by.Org != "" && (by.Org == x.Buyer || by.Org == x.Provider)}
	if r.Notes, err = listNotes(ctx, s.DB, x.ID); err != nil {
		return r, err
	}
	if r.Visits, err = listVisits(ctx, s.DB, x.ID); err != nil {
		return r, err
	}
	if r.Guests, err = listGuests(ctx, s.DB, x.Plan); err != nil {
		return r, err
	}
	if r.Words, err = listConsents(ctx, s.DB, x.ID); err != nil {
		return r, err
	}
	if r.Party {
		if r.Tapes, err = listTapes(ctx, s.DB, x.ID); err != nil {
			return r, err
		}
	}
	r.Barred, err = listBarred(ctx, s.DB, x.ID)
	return r, err
}

// Meeting is the address of the meeting elsewhere: given only while the door is open, and who asked for it is noted.
func (s *Service) Meeting(ctx context.Context, by identity.Subject, sessionID string) (string, error) {
	x, err := s.session(ctx, s.DB, by, sessionID, "observe.watch")
	if err != nil {
		return "", err
	}
	if x.Link == "" {
		return "", fault.New(fault.NotFound, "no-link", "这一场没有会议链接。")
	}
	if err := s.admit(ctx, x, by); err != nil {
		return "", err
	}
	now := s.Clock.Now()
	return x.Link, s.come(ctx, x, by, Visit{Part: PartLink, Left: db.NullAt(now), Why: "left"})
}

// admit is a fault where somebody may not come in now.
func (s *Service) admit(ctx context.Context, x Session, by identity.Subject) error {
	if err := x.enter(s.Clock.Now()); err != nil {
		return err
	}
	barred, err := listBarred(ctx, s.DB, x.ID)
	if err != nil {
		return err
	}
	if slices.Contains(barred, by.Person) {
		return fault.New(fault.Forbidden, "observe-barred", "实验室已请您离开这一场，如有疑问请在订单里留言。")
	}
	return nil
}
