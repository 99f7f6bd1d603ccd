package series

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// Which of a group's bookings a change is about.
const (
	ScopeOne       = "one"       // the one chosen
	ScopeFollowing = "following" // it and those after it
	ScopeAll       = "all"
)

// within is the members that a scope covers, counted from a position.
func within(members []Member, scope string, position int64) []Member {
	var out []Member
	for _, m := range members {
		if scope == ScopeAll || m.Position == position || scope == ScopeFollowing && m.Position > position {
			out = append(out, m)
		}
	}
	return out
}

// group is a group with those of its bookings that a change is about and that can still be changed. Time that has begun, and what
// is cancelled, stays as it is.
func (s *Service) group(ctx context.Context, by identity.Subject, action, id, scope string, position int64) (Detail, error) {
	d, err := s.Get(ctx, by, id)
	if err != nil {
		return d, err
	}
	if err := s.Policy.Can(by, action, object(d.Group)); err != nil {
		return d, err
	}
	if !slices.Contains([]string{ScopeOne, ScopeFollowing, ScopeAll}, scope) {
		return d, fault.New(fault.Invalid, "series-scope", "请选择改哪些。").Field("scope", "unknown", "请选择这一次、这一次及以后，或全部。")
	}
	d.Members = slices.DeleteFunc(within(d.Members, scope, position), func(m Member) bool { return !s.still(m.Order) })
	if len(d.Members) == 0 {
		return d, fault.New(fault.Conflict, "series-nothing", "这个范围内没有还能改动的预约：已经开始、完成或取消的不受影响。")
	}
	return d, nil
}

// Do takes several bookings of a group one step further: accepted or refused by the provider, cancelled by the buyer. All of them
// or none; those for which the step does not exist are left alone.
func (s *Service) Do(ctx context.Context, by identity.Subject, group, verb, scope string, position int64, note, key string) ([]order.Order, error) {
	d, err := s.group(ctx, by, actionOf(verb), group, scope, position)
	if err != nil {
		return nil, err
	}
	var list []order.Each
	for _, m := range d.Members {
		if _, err := order.TableOf(m.Order.Kind).Next(m.Order.State, verb); err == nil {
			list = append(list, order.Each{Order: m.Order.ID, Request: order.VerbRequest{Note: note, Key: key}})
		}
	}
	if len(list) == 0 {
		return nil, fault.New(fault.Conflict, "series-nothing", "这个范围内没有还能改动的预约：已经开始、完成或取消的不受影响。")
	}
	return s.all(ctx, by, d.Group, verb, list)
}

// actionOf is the permission that a verb on several bookings asks for.
func actionOf(verb string) string {
	switch verb {
	case order.VerbAccept, order.VerbRefuse:
		return "series.answer"
	case order.VerbCancel:
		return "series.cancel"
	}
	return "series.change"
}

// all does one verb to orders of a group in one transaction.
func (s *Service) all(ctx context.Context, by identity.Subject, g Group, verb string, list []order.Each) ([]order.Order, error) {
	var out []order.Order
	var asked order.Asked
	var err error
	if verb == order.VerbMove {
		if asked, err = s.Orders.AskMoves(ctx, list); err != nil {
			return nil, err
		}
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if out, err = s.Orders.DoAll(ctx, tx, by, verb, list); err != nil {
			return err
		}
		now := s.Clock.Now()
		if err := touchGroup(ctx, tx, g.ID, db.At(now)); err != nil {
			return err
		}
		ids := make([]string, len(out))
		for i, o := range out {
			ids[i] = o.ID
		}
		if err := audit.Record(ctx, tx, now, audit.Entry{Action: "series." + verb, Kind: "series", ID: g.ID, Data: ids}); err != nil {
			return fmt.Errorf("record %s of the group: %w", verb, err)
		}
		return nil
	})
	if err != nil {
		s.Orders.Forget(ctx, asked)
	}
	return out, err
}

// MoveRequest puts bookings of a series to another time.
type MoveRequest struct {
	Scope    string
	Position int64 // of the booking from which it counts
	Days     int   // so many days later; below 0: earlier
	From, To string
	All      bool // all of the scope, or nothing; else those whose new time is free
	Only     []int64
	Key      string
}

// Change is a booking's new time and what it comes to.
type Change struct {
	Member Member
	Date   Date
}

// PreviewMove lays out where the bookings of a scope would go. What they hold now does not stand in their way.
func (s *Service) PreviewMove(ctx context.Context, by identity.Subject, group string, req MoveRequest) (Detail, []Change, error) {
	d, err := s.group(ctx, by, "series.change", group, req.Scope, req.Position)
	if err != nil {
		return d, nil, err
	}
	if d.Group.Kind != KindSeries {
		return d, nil, fault.New(fault.Conflict, "series-move-composite", "组合预约的各项要在一起，请逐项改期，或取消后重新找时间。")
	}
	if req.Days < -180 || req.Days > 180 {
		return d, nil, fault.New(fault.Invalid, "series-shift", "前后最多挪 {0} 天。", int64(180)).Field("days", "range", "请填 {0} 到 {1} 之间的整数。", int64(-180), int64(180))
	}
	r, err := s.Catalogue.Resource(ctx, s.DB, d.Group.Resource)
	if err != nil {
		return d, nil, fmt.Errorf("the resource of the series: %w", err)
	}
	if len(req.Only) > 0 {
		d.Members = slices.DeleteFunc(d.Members, func(m Member) bool { return !slices.Contains(req.Only, m.Position) })
	}
	changes, err := s.shift(ctx, by, d, r, req)
	return d, changes, err
}

// shift lays out the new times.
func (s *Service) shift(ctx context.Context, by identity.Subject, d Detail, r Resource, req MoveRequest) ([]Change, error) {
	if len(d.Members) == 0 {
		return nil, nil
	}
	first, last := d.Members[0].Order.Start.Time, d.Members[0].Order.End.Time
	ids := make([]string, len(d.Members))
	for i, m := range d.Members {
		ids[i] = m.Order.ID
		if m.Order.Start.Before(first) {
			first = m.Order.Start.Time
		}
		if m.Order.End.After(last) {
			last = m.Order.End.Time
		}
	}
	plan, err := s.Calendars.Plan(ctx, s.DB, r, first.AddDate(0, 0, req.Days-1), last.AddDate(0, 0, req.Days+1))
	if err != nil {
		return nil, err
	}
	plan.Inner = by.Org == r.Owner
	held, err := s.Calendars.Of(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	var own []booking.Booking
	for _, b := range held {
		own = append(own, b)
	}
	l := layout{plan: plan.Without(own), off: s.off, holidays: HolidaysKeep, room: -1, pick: map[string]booking.Span{}}
	if plan.Rule.Mode != booking.ModeDay {
		if l.from, l.to, err = times(req.From, req.To); err != nil {
			return nil, err
		}
	}
	for _, m := range d.Members {
		day := clock.Local(m.Order.Start.Time).AddDate(0, 0, req.Days)
		l.days = append(l.days, day.Format(clock.DateLayout))
	}
	var out []Change
	for i, date := range l.lay() {
		out = append(out, Change{d.Members[i], date})
	}
	return out, nil
}

// Move puts bookings of a series to another time, each rule checked again, in one transaction. It gives the changes that were not
// made because their new time is not to be had.
func (s *Service) Move(ctx context.Context, by identity.Subject, group string, req MoveRequest) ([]order.Order, []Change, error) {
	d, changes, err := s.PreviewMove(ctx, by, group, req)
	if err != nil {
		return nil, nil, err
	}
	var list []order.Each
	var missed []Change
	var dates []Date
	for _, c := range changes {
		if c.Date.State != Free {
			missed, dates = append(missed, c), append(dates, c.Date)
			continue
		}
		if c.Date.Span.From.Equal(c.Member.Order.Start.Time) && c.Date.Span.To.Equal(c.Member.Order.End.Time) {
			continue // it is there already
		}
		list = append(list, order.Each{Order: c.Member.Order.ID, Request: order.VerbRequest{Start: c.Date.Span.From, End: c.Date.Span.To, Key: req.Key}})
	}
	switch {
	case req.All && len(missed) > 0:
		return nil, missed, errNotAll(dates)
	case len(list) == 0:
		return nil, missed, fault.New(fault.Conflict, "series-none", "选中的日期没有一个能约上，请换个时间或放宽规则。")
	}
	later := list[0].Request.Start.After(startOf(d, list[0].Order))
	slices.SortFunc(list, func(a, b order.Each) int { // make room first: what moves later goes from the end
		n := a.Request.Start.Compare(b.Request.Start)
		if later {
			return -n
		}
		return n
	})
	moved, err := s.all(ctx, by, d.Group, order.VerbMove, list)
	return moved, missed, err
}

func startOf(d Detail, id string) time.Time {
	for _, m := range d.Members {
		if m.Order.ID == id {
			return m.Order.Start.Time
		}
	}
	return time.Time{}
}
