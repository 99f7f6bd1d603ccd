package order

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// Slots is a resource's board for the civil days from…to, both included (YYYY-MM-DD).
func (s *Service) Slots(ctx context.Context, q db.Q, resource, from, to string) ([]Slot, error) {
	r, err := s.catalogue.Resource(ctx, q, resource)
	if err != nil {
		return nil, fmt.Errorf("the resource of the board: %w", err)
	}
	days, err := civilDays(from, to)
	if err != nil {
		return nil, err
	}
	plan, err := s.planFor(ctx, q, r, days[0].AddDate(0, 0, -1), days[len(days)-1].AddDate(0, 0, 2))
	if err != nil {
		return nil, err
	}
	return plan.Board(from, to)
}

// planFor gathers what decides the free slots of a resource between two instants.
func (s *Service) planFor(ctx context.Context, q db.Q, r Resource, from, to time.Time) (Plan, error) {
	plans, err := s.plansFor(ctx, q, []Resource{r}, from, to)
	return plans[r.ID], err
}

// plansFor is planFor for many resources, with three questions to the database for all of them.
func (s *Service) plansFor(ctx context.Context, q db.Q, resources []Resource, from, to time.Time) (map[string]Plan, error) {
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

// holiday tells whether a civil day is a public holiday. A make-up working day follows the opening
// hours of its weekday: nobody is promised a Sunday that the provider has not opened.
func (s *Service) holiday(day string) bool {
	e, special := s.calendar.Entry(day)
	return special && e.Off
}

// CloseRequest is a time in which a provider cannot serve.
type CloseRequest struct {
	Resource string
	State    string // SlotMaintenance or SlotClosed
	From     time.Time
	To       time.Time
	Reason   string
	Key      string
}

// Close takes a resource out of service for a while. Time that is already booked is not closed over
// the buyers' heads: the fault names the order to talk about first.
func (s *Service) Close(ctx context.Context, by identity.Subject, req CloseRequest) error {
	if _, err := s.ownResource(ctx, by, req.Resource); err != nil {
		return err
	}
	if err := checkClosure(req); err != nil {
		return err
	}
	c := Closure{
		ID: id.From(by.Person, req.Key, "closure"), Resource: req.Resource, State: req.State, Start: db.At(req.From), End: db.At(req.To),
		Reason: req.Reason, Active: true, Person: by.Person, At: db.At(s.clock.Now()),
	}
	if req.Key == "" {
		c.ID = id.New()
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockResource(ctx, tx, req.Resource); err != nil {
			return err
		}
		clash, err := bookedBetween(ctx, tx, req.Resource, req.From, req.To)
		if err != nil {
			return err
		}
		if clash != "" {
			return fault.New(fault.Conflict, "closure-booked", "这段时间里已有预约（订单 {0}）。请先与对方商量并取消该订单，再登记停用时间。", clash)
		}
		if added, err := insertClosure(ctx, tx, c); err != nil || !added {
			return err
		}
		return s.audited(ctx, tx, "order.calendar", "closure", c.ID, c)
	})
}

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
	checkText(bad, "reason", req.Reason)
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
		return s.audited(ctx, tx, "order.calendar", "closure", closure, nil)
	})
}

// SetRule says how a resource is booked from now on; bookings already made keep their time.
func (s *Service) SetRule(ctx context.Context, by identity.Subject, resource string, rule Rule) error {
	if _, err := s.ownResource(ctx, by, resource); err != nil {
		return err
	}
	if err := checkRule(rule); err != nil {
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

func checkRule(r Rule) error {
	bad := fault.New(fault.Invalid, "rule-invalid", "预约规则有误，请按提示修改。")
	for _, f := range []struct {
		name     string
		v        int64
		min, max int64
	}{
		{"units", r.Units, 1, 100}, {"before", r.Before, 0, 1440}, {"after", r.After, 0, 1440}, {"notice", r.Notice, 0, 2160}, {"ahead", r.Ahead, 1, 730},
	} {
		if f.v < f.min || f.v > f.max {
			bad.Field(f.name, "range", "请填 {0} 到 {1} 之间的整数。", f.min, f.max)
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
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
