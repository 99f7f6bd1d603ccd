package booking

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// Slots is a resource's board for the civil days from…to, both included (YYYY-MM-DD), as anybody may book it.
func (s *Service) Slots(ctx context.Context, q db.Q, resource, from, to string) ([]Slot, error) {
	r, err := s.catalogue.Resource(ctx, q, resource)
	if err != nil {
		return nil, fmt.Errorf("the resource of the board: %w", err)
	}
	return s.slots(ctx, q, r, false, from, to)
}

func (s *Service) slots(ctx context.Context, q db.Q, r Resource, inner bool, from, to string) ([]Slot, error) {
	days, err := civilDays(from, to)
	if err != nil {
		return nil, err
	}
	plan, err := s.Plan(ctx, q, r, days[0].AddDate(0, 0, -1), days[len(days)-1].AddDate(0, 0, 2))
	if err != nil {
		return nil, err
	}
	plan.Inner = inner
	return plan.Board(from, to)
}

// Plan gathers what decides the free slots of a resource between two instants.
func (s *Service) Plan(ctx context.Context, q db.Q, r Resource, from, to time.Time) (Plan, error) {
	plans, err := s.Plans(ctx, q, []Resource{r}, from, to)
	return plans[r.ID], err
}

// Plans is Plan for many resources, with three questions to the database for all of them.
func (s *Service) Plans(ctx context.Context, q db.Q, resources []Resource, from, to time.Time) (map[string]Plan, error) {
	ids := make([]string, len(resources))
	for i, r := range resources {
		ids[i] = r.ID
	}
	rules, err := listRules(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	const buffer = 24 * time.Hour // no buffer is longer
	busy, err := listBusy(ctx, q, ids, from.Add(-buffer), to.Add(buffer))
	if err != nil {
		return nil, err
	}
	open, err := s.catalogue.HoursOf(ctx, q, resources)
	if err != nil {
		return nil, fmt.Errorf("the opening hours: %w", err)
	}
	out := map[string]Plan{}
	for _, r := range resources {
		hours := open[r.ID]
		if !r.Bookable {
			hours = nil
		}
		rule, said := rules[r.ID]
		if !said {
			rule = DefaultRule()
		}
		out[r.ID] = Plan{Openings: hours, Rule: rule, Busy: busy[r.ID], Holiday: s.holiday, Now: s.clock.Now(), Zone: s.zone}
	}
	return out, nil
}

// Closures is the times in which a resource cannot be had that have not passed.
func (s *Service) Closures(ctx context.Context, q db.Q, resource string) ([]Closure, error) {
	return listClosures(ctx, q, resource, s.clock.Now())
}

// RuleOf is how a resource is booked: its owner's rule, or the defaults.
func (s *Service) RuleOf(ctx context.Context, q db.Q, resource string) (Rule, error) {
	rules, err := listRules(ctx, q, []string{resource})
	if err != nil {
		return Rule{}, err
	}
	if r, said := rules[resource]; said {
		return r, nil
	}
	return DefaultRule(), nil
}

// holiday tells whether a civil day is a public holiday. A make-up working day follows the opening
// hours of its weekday: nobody is promised a Sunday that the provider has not opened.
func (s *Service) holiday(day string) bool {
	e, special := s.calendar.Entry(day)
	return special && e.Off
}

// Closure is a time in which the provider cannot serve.
type Closure struct {
	ID        string  `db:"id"`
	Resource  string  `db:"resource"`
	State     string  `db:"state"`     // SlotMaintenance or SlotClosed
	Unplanned bool    `db:"unplanned"` // a breakdown
	Start     db.Time `db:"start_at"`
	End       db.Time `db:"end_at"`
	Reason    string  `db:"reason"`
	Active    bool    `db:"active"`
	Person    string  `db:"person"`
	At        db.Time `db:"at"`
}

// CloseRequest is a time in which a provider cannot serve.
type CloseRequest struct {
	Resource  string
	State     string // SlotMaintenance or SlotClosed
	Unplanned bool   // a breakdown: the time is taken from those who have booked it
	From      time.Time
	To        time.Time
	Reason    string
	Key       string
}

// Close takes a resource out of service for a while. Time that is already booked is not closed over the buyers' heads: the
// fault names the booking to talk about first. A breakdown is different: it is written down as it is, and those whose time
// it takes are told (event Closed).
func (s *Service) Close(ctx context.Context, by identity.Subject, req CloseRequest) error {
	r, err := s.ownResource(ctx, by, req.Resource)
	if err != nil {
		return err
	}
	if err := checkClosure(req); err != nil {
		return err
	}
	c := Closure{
		ID: id.From(by.Person, req.Key, "closure"), Resource: req.Resource, State: req.State, Unplanned: req.Unplanned, Start: db.At(req.From), End: db.At(req.To),
		Reason: req.Reason, Active: true, Person: by.Person, At: db.At(s.clock.Now()),
	}
	if req.Key == "" {
		c.ID = id.New()
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockResource(ctx, tx, req.Resource); err != nil {
			return err
		}
		clash, err := listBooked(ctx, tx, []string{req.Resource}, req.From, req.To)
		if err != nil {
			return err
		}
		e := Closed{Closure: c.ID, Resource: c.Resource, Owner: r.Owner, State: c.State, Reason: c.Reason}
		for _, b := range clash {
			e.Affected = append(e.Affected, b.Holder)
		}
		if len(clash) > 0 && !req.Unplanned {
			return s.errBooked(ctx, tx, clash)
		}
		if added, err := insertClosure(ctx, tx, c); err != nil || !added {
			return err
		}
		if err := outbox.Publish(ctx, tx, c.At.Time, e); err != nil {
			return fmt.Errorf("tell of the closure: %w", err)
		}
		return s.audited(ctx, tx, "order.calendar", "closure", c.ID, c)
	})
}

// errBooked names the first booking that stands in the way.
func (s *Service) errBooked(ctx context.Context, q db.Q, clash []Booking) error {
	label := clash[0].Holder
	if s.holders != nil {
		known, err := s.holders(ctx, q, []string{clash[0].Holder})
		if err != nil {
			return err
		}
		if h, ok := known[clash[0].Holder]; ok {
			label = h.Label
		}
	}
	return fault.New(fault.Conflict, "closure-booked", "这段时间里已有预约（{0}）。计划内的停用请先与对方商量并取消；确属故障的请选“故障停机”，系统会通知受影响的各方。", label)
}

// maxText is the longest reason, in characters.
const maxText = 2000

func checkClosure(req CloseRequest) error {
	bad := fault.New(fault.Invalid, "closure-invalid", "停用时间有误，请按提示修改。")
	if req.State != SlotMaintenance && req.State != SlotClosed {
		bad.Field("state", "unknown", "请选择“维护”或“停用”。")
	}
	if req.From.IsZero() {
		bad.Field("from", "required", "请填写开始时间。")
	}
	switch {
	case req.To.IsZero():
		bad.Field("to", "required", "请填写结束时间。")
	case !req.From.Before(req.To):
		bad.Field("to", "order", "结束时间必须晚于开始时间。")
	}
	if utf8.RuneCountInString(req.Reason) > maxText {
		bad.Field("reason", "long", "最多 {0} 个字。", int64(maxText))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Reopen takes a closure back.
func (s *Service) Reopen(ctx context.Context, by identity.Subject, closure string) error {
	c, err := getClosure(ctx, s.db, closure)
	if err != nil {
		return err
	}
	if _, err := s.ownResource(ctx, by, c.Resource); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := endClosure(ctx, tx, closure); err != nil {
			return err
		}
		if err := s.tellFreed(ctx, tx, c.Resource); err != nil {
			return err
		}
		return s.audited(ctx, tx, "order.calendar", "closure", closure, nil)
	})
}

// SetRule says how a resource is booked from now on; bookings already made keep their time.
func (s *Service) SetRule(ctx context.Context, by identity.Subject, resource string, rule Rule) error {
	r, err := s.ownResource(ctx, by, resource)
	if err != nil {
		return err
	}
	if err := rule.check(); err != nil {
		return err
	}
	hours, err := s.catalogue.HoursOf(ctx, s.db, []Resource{r})
	if err != nil {
		return fmt.Errorf("the opening hours of the resource: %w", err)
	}
	if err := rule.fits(hours[r.ID]); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockResource(ctx, tx, resource); err != nil {
			return err
		}
		if err := putRule(ctx, tx, resource, rule, db.At(s.clock.Now())); err != nil {
			return err
		}
		return s.audited(ctx, tx, "order.calendar", "resource", resource, rule)
	})
}

// lockResource queues for every unit of a resource, in the order in which bookings do.
func lockResource(ctx context.Context, tx *db.Tx, resource string) error {
	if err := lockUnit(ctx, tx, resource, 1); err != nil {
		return err
	}
	rules, err := listRules(ctx, tx, []string{resource})
	if err != nil {
		return err
	}
	for unit := int64(2); unit <= rules[resource].Units; unit++ {
		if err := lockUnit(ctx, tx, resource, unit); err != nil {
			return err
		}
	}
	return nil
}

// ownResource is a resource whose calendar the subject may change.
func (s *Service) ownResource(ctx context.Context, by identity.Subject, resource string) (Resource, error) {
	r, err := s.catalogue.Resource(ctx, s.db, resource)
	if err != nil {
		return r, fmt.Errorf("the resource of the calendar: %w", err)
	}
	return r, s.policy.Can(by, "order.calendar", identity.Object{Parties: map[string]string{"owner": r.Owner}, Region: r.Region})
}

func (s *Service) audited(ctx context.Context, tx *db.Tx, action, kind, object string, data any) error {
	err := audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: action, Kind: kind, ID: object, Data: data})
	if err != nil {
		return fmt.Errorf("record %s: %w", action, err)
	}
	return nil
}

// errNoClosure is what getClosure gives for an unknown id.
func errNoClosure() error {
	return fault.New(fault.NotFound, "no-closure", "没有找到这条停用记录，可能已被取消。")
}
