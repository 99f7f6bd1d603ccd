package remind

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qiao/internal/milestone"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// Whom a late order is told to.
const (
	ToTurn      = "turn"      // the side that has to act
	ToBoth      = "both"      // both sides
	ToAuthority = "authority" // the authority of the region
)

// Rule is when people are reminded, from a day on.
type Rule struct {
	From   string  `json:"from"`
	Source string  `json:"source"`
	Before []int64 `json:"before"` // minutes before a booking begins, the earliest first
	Late   []Level `json:"late"`   // the mildest first
}

// Level is a reminder after the promised day.
type Level struct {
	Days int64  `json:"days"` // working days that have passed since
	To   string `json:"to"`
}

// readRules reads the rules, the oldest first.
func readRules(file []byte) ([]Rule, error) {
	out, err := dated.Read[Rule](file)
	if err != nil {
		return nil, fmt.Errorf("reminders: %w", err)
	}
	for _, r := range out {
		if len(r.Before) == 0 || len(r.Late) == 0 {
			return nil, fmt.Errorf("the rule of reminders from %q reminds of nothing", r.From)
		}
		if !slices.IsSortedFunc(r.Before, func(a, b int64) int { return int(b - a) }) || !slices.IsSortedFunc(r.Late, func(a, b Level) int { return int(a.Days - b.Days) }) {
			return nil, fmt.Errorf("the reminders from %q are not in order", r.From)
		}
	}
	return out, nil
}

// Since is the day from which on it holds, and its source.
func (r Rule) Since() (day, source string) { return r.From, r.Source }

// soon is the reminder that is due now for a booking that begins at start: the latest whose time has come. Those before it
// are passed over, so that who books at short notice is told once. False when none is due yet, or it has begun.
func (r Rule) soon(start, now time.Time) (int64, bool) {
	for _, minutes := range slices.Backward(r.Before) {
		if now.Before(start) && !now.Before(start.Add(-time.Duration(minutes)*time.Minute)) {
			return minutes, true
		}
	}
	return 0, false
}

// late is the reminder that is due on today for a promise of the day due: the latest whose working days have passed.
func (r Rule) late(c Calendar, due, today string) (Level, bool, error) {
	for _, l := range slices.Backward(r.Late) {
		until := due
		if l.Days > 0 {
			var err error
			if until, _, _, err = c.Add(due, int(l.Days)); err != nil {
				return l, false, fmt.Errorf("count %d working days from %s: %w", l.Days, due, err)
			}
		}
		if today > until {
			return l, true, nil
		}
	}
	return Level{}, false, nil
}

// Soon follows when a booking begins soon.
type Soon struct {
	Order   string    `json:"order"`
	Number  string    `json:"number"`
	Person  string    `json:"person"`
	Start   time.Time `json:"start"`
	Minutes int64     `json:"minutes"` // before the start
}

// EventName is remind.soon.
func (Soon) EventName() string { return "remind.soon" }

// Late follows when the promised day of an order has passed.
type Late struct {
	Order    string `json:"order"`
	Number   string `json:"number"`
	Buyer    string `json:"buyer"`
	Provider string `json:"provider"`
	Region   string `json:"region"`
	Turn     string `json:"turn"` // the side that has to act
	Due      string `json:"due"`  // the promised day
	Days     int64  `json:"days"` // working days that have passed, at least
	To       string `json:"to"`
	Stage    string `json:"stage,omitempty"` // the milestone that is late; empty: the order itself
}

// EventName is remind.late.
func (Late) EventName() string { return "remind.late" }

// Orders is what remind asks of orders.
type Orders interface {
	// Starting is the accepted bookings that begin between two instants.
	Starting(ctx context.Context, q db.Q, from, to time.Time) ([]order.Order, error)
	// Overdue is the open orders whose promised day is before a day, the oldest first, after a cursor of its last answer.
	Overdue(ctx context.Context, q db.Q, day, after string, limit int) ([]order.Order, string, error)
}

// Stages is what remind asks of milestones.
type Stages interface {
	// Overdue is the milestones that are agreed, not delivered, and due before a day.
	Overdue(ctx context.Context, q db.Q, day string) ([]milestone.Overdue, error)
}

// Calendar knows working days.
type Calendar interface {
	// Add is the n-th working day after a civil day.
	Add(from string, n int) (due string, days []string, provisional bool, err error)
}

// Service is the module.
type Service struct {
	db       *db.DB
	clock    clock.Clock
	orders   Orders
	stages   Stages
	calendar Calendar
	rules    []Rule
}

// New builds the module; an error when its rules cannot be read.
func New(d *db.DB, c clock.Clock, orders Orders, stages Stages, calendar Calendar) (*Service, error) {
	rules, err := readRules(rulesFile)
	return &Service{d, c, orders, stages, calendar, rules}, err
}

// batch is how many orders are looked at in one transaction.
const batch = 200

// Remind tells what is due now; a job calls it every minute. Twice is as once.
func (s *Service) Remind(ctx context.Context) error {
	now := s.clock.Now()
	rule := dated.On(s.rules, clock.Day(now))
	soon, err := s.orders.Starting(ctx, s.db, now, now.Add(time.Duration(rule.Before[0])*time.Minute))
	if err != nil {
		return err
	}
	for part := range slices.Chunk(soon, batch) {
		if err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.tellSoon(ctx, tx, rule, part, now) }); err != nil {
			return fmt.Errorf("remind of bookings: %w", err)
		}
	}
	stages, err := s.stages.Overdue(ctx, s.db, clock.Day(now))
	if err != nil {
		return err
	}
	for part := range slices.Chunk(stages, batch) {
		if err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.tellStages(ctx, tx, rule, part, now) }); err != nil {
			return fmt.Errorf("remind of late milestones: %w", err)
		}
	}
	for after := ""; ; {
		late, next, err := s.orders.Overdue(ctx, s.db, clock.Day(now), after, batch)
		if err != nil {
			return err
		}
		if err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.tellLate(ctx, tx, rule, late, now) }); err != nil {
			return fmt.Errorf("remind of late orders: %w", err)
		}
		if after = next; after == "" {
			return nil
		}
	}
}

func (s *Service) tellSoon(ctx context.Context, tx *db.Tx, rule Rule, list []order.Order, now time.Time) error {
	for _, o := range list {
		minutes, due := rule.soon(o.Start.Time, now)
		if !due {
			continue
		}
		fresh, err := note(ctx, tx, o.ID, "soon", db.Stamp(o.Start.Time), minutes, now)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		if err := outbox.Publish(ctx, tx, now, Soon{o.ID, o.Number, o.BuyerPerson, o.Start.Time, minutes}); err != nil {
			return fmt.Errorf("tell of booking %s: %w", o.Number, err)
		}
	}
	return nil
}

func (s *Service) tellLate(ctx context.Context, tx *db.Tx, rule Rule, list []order.Order, now time.Time) error {
	for _, o := range list {
		level, due, err := rule.late(s.calendar, o.Due, clock.Day(now))
		if err != nil {
			return err
		}
		turn := order.Turn(o)
		if !due || turn == "" {
			continue
		}
		fresh, err := note(ctx, tx, o.ID, "late", o.State+" "+o.Due, level.Days, now)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		if err := outbox.Publish(ctx, tx, now, Late{o.ID, o.Number, o.Buyer, o.Provider, o.Region, turn, o.Due, level.Days, level.To, ""}); err != nil {
			return fmt.Errorf("tell of order %s: %w", o.Number, err)
		}
	}
	return nil
}

func (s *Service) tellStages(ctx context.Context, tx *db.Tx, rule Rule, list []milestone.Overdue, now time.Time) error {
	for _, x := range list {
		level, due, err := rule.late(s.calendar, x.DueOn, clock.Day(now))
		if err != nil {
			return err
		}
		if !due {
			continue
		}
		fresh, err := note(ctx, tx, x.Order, "late", x.ID, level.Days, now)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		if err := outbox.Publish(ctx, tx, now, Late{x.Order, x.Number, x.Buyer, x.Provider, x.Region, milestone.Provider, x.DueOn, level.Days, level.To, x.Name}); err != nil {
			return fmt.Errorf("tell of a milestone of %s: %w", x.Number, err)
		}
	}
	return nil
}

// note writes down that a reminder was given; false when it was given before.
func note(ctx context.Context, tx *db.Tx, orderID, kind, point string, level int64, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO remind_told (order_id, kind, point, level, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (order_id, kind, point, level) DO NOTHING`, orderID, kind, point, level, db.At(now))
	if err != nil {
		return false, fmt.Errorf("note the reminder of %s: %w", orderID, err)
	}
	return n == 1, nil
}
