package series

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/number"
	"qiao/internal/platform/outbox"
)

// Request is a series that somebody wants.
type Request struct {
	Resource string
	Rule     Rule
	First    string // civil day from which the rule counts
	From, To string // HH:MM; of no account where whole days are booked
	Holidays string // HolidaysKeep, HolidaysSkip or HolidaysMove
	Skip     []string
	Pick     map[string]booking.Span // other times for single dates, by day of the rule
	All      bool                    // all the dates that are not skipped, or nothing
	Order    order.PlaceRequest      // what each order asks for beside resource and time
	Key      string
}

// Preview is a series laid out before it is booked.
type Preview struct {
	Resource Resource
	Plan     booking.Plan
	Dates    []Date
	Drafts   []order.Draft // of the dates that are free, in their order
	free     []string      // their days
}

// Count is how many of the dates are in one of the states.
func (p Preview) Count(states ...string) int {
	n := 0
	for _, d := range p.Dates {
		if slices.Contains(states, d.State) {
			n++
		}
	}
	return n
}

// Preview lays a series out: what each date comes to, and what each order would cost. Nothing is changed.
func (s *Service) Preview(ctx context.Context, by identity.Subject, req Request) (Preview, error) {
	return s.lay(ctx, by, id.New(), req)
}

// lay is Preview with the id that the group will have.
func (s *Service) lay(ctx context.Context, by identity.Subject, group string, req Request) (Preview, error) {
	var p Preview
	if err := s.Policy.Can(by, "order.create", identity.Object{Parties: map[string]string{order.Buyer: by.Org}}); err != nil {
		return p, err
	}
	l, err := s.layout(ctx, by, &p, req)
	if err != nil {
		return p, err
	}
	p.Dates = l.lay()
	for i := range p.Dates {
		d := &p.Dates[i]
		if d.State != Free {
			continue
		}
		draft, err := s.prepare(ctx, by, group, req, *d)
		switch {
		case fault.Is(err, "gate-missing"):
			d.State, d.Why = Barred, fault.Of(err)
		case err != nil:
			return p, err
		default:
			d.Price = draft.Estimate.Price.Total
			p.Drafts, p.free = append(p.Drafts, draft), append(p.free, d.Day)
		}
	}
	if len(p.Drafts) == 0 && p.Count(Barred) > 0 { // nothing can be booked before the conditions are in hand
		i := slices.IndexFunc(p.Dates, func(d Date) bool { return d.State == Barred })
		return p, p.Dates[i].Why
	}
	return p, nil
}

// layout gathers what the dates depend on.
func (s *Service) layout(ctx context.Context, by identity.Subject, p *Preview, req Request) (layout, error) {
	l := layout{holidays: req.Holidays, off: s.off, room: -1, skip: req.Skip, pick: req.Pick}
	if !slices.Contains([]string{HolidaysKeep, HolidaysSkip, HolidaysMove}, req.Holidays) {
		return l, fault.New(fault.Invalid, "series-holidays", "请选择遇到法定节假日怎么办。").Field("holidays", "unknown", "请选择一种。")
	}
	var err error
	if p.Resource, err = s.Catalogue.Resource(ctx, s.DB, req.Resource); err != nil {
		return l, fmt.Errorf("the resource of the series: %w", err)
	}
	if l.days, err = req.Rule.On(req.First); err != nil {
		return l, err
	}
	if len(l.days) == 0 {
		return l, fault.New(fault.Invalid, "series-empty", "按这个规则一个日期也没有，请检查开始和结束的日子。").Field("until", "empty", "请改晚一些。")
	}
	first, err1 := clock.Midnight(l.days[0])
	last, err2 := clock.Midnight(l.days[len(l.days)-1])
	if err := errors.Join(err1, err2); err != nil {
		return l, fmt.Errorf("the days of the series: %w", err)
	}
	if p.Plan, err = s.Calendars.Plan(ctx, s.DB, p.Resource, first, last.AddDate(0, 0, 16)); err != nil {
		return l, err
	}
	p.Plan.Inner = by.Org == p.Resource.Owner
	if p.Plan.Rule.Mode != booking.ModeDay {
		if l.from, l.to, err = times(req.From, req.To); err != nil {
			return l, err
		}
	}
	l.plan = p.Plan
	room, limited, err := s.Orders.Room(ctx, s.DB, p.Resource, by.Org)
	if err == nil && limited {
		l.room = max(room, 0)
	}
	return l, err
}

// prepare is the order of a date.
func (s *Service) prepare(ctx context.Context, by identity.Subject, group string, req Request, d Date) (order.Draft, error) {
	one := req.Order
	one.Kind, one.Resource, one.Start, one.End, one.Key = order.KindBooking, req.Resource, d.Span.From, d.Span.To, ""
	return s.Orders.Prepare(ctx, s.DB, by, id.From(group, d.Day), one)
}

// tries is how often a series is laid out anew when somebody else is quicker on one of its dates.
const tries = 5

// Place books a series: all its dates or nothing, or those that are free. It gives the group and the dates that were not booked.
func (s *Service) Place(ctx context.Context, by identity.Subject, req Request) (Group, []Date, error) {
	group := id.New()
	if req.Key != "" {
		group = id.From(by.Person, req.Key, "series")
		if g, err := getGroup(ctx, s.DB, group); err == nil {
			return g, nil, nil
		}
	}
	for try := 1; ; try++ {
		p, err := s.lay(ctx, by, group, req)
		if err != nil {
			return Group{}, nil, err
		}
		missed := slices.DeleteFunc(slices.Clone(p.Dates), func(d Date) bool { return d.State == Free || d.State == Skipped })
		switch {
		case req.All && len(missed) > 0:
			return Group{}, missed, errNotAll(missed)
		case len(p.Drafts) == 0:
			return Group{}, missed, fault.New(fault.Conflict, "series-none", "选中的日期没有一个能约上，请换个时间或放宽规则。")
		}
		g := Group{
			ID: group, Kind: KindSeries, Buyer: by.Org, Person: by.Person, Provider: p.Resource.Owner, Resource: p.Resource.ID, Region: p.Resource.Region, Rule: req.Rule.String(), First: req.First,
			From: req.From, To: req.To, Holidays: req.Holidays, Purpose: strings.TrimSpace(req.Order.Purpose), Invented: by.Sample || p.Resource.Sample,
		}
		parts := make([]Part, len(p.free))
		for i, day := range p.free {
			parts[i] = Part{Order: id.From(group, day), Day: day}
		}
		err = s.book(ctx, &g, p.Drafts, parts)
		if err == nil || try == tries || req.All || !fault.Is(err, "slot-taken") {
			return g, missed, err
		}
	}
}

// errNotAll names the dates that keep a series from being booked whole.
func errNotAll(missed []Date) *fault.Error {
	days := make([]string, len(missed))
	for i, d := range missed {
		days[i] = d.Day
	}
	return fault.New(fault.Conflict, "series-not-all", "有 {0} 个日期约不上：{1}。所以一个也没有约。可以改时间、去掉这些日期，或改为“约上能约的”。", int64(len(missed)), strings.Join(days, ", "))
}

// book places the orders of a group and writes down that they belong together, in one transaction.
func (s *Service) book(ctx context.Context, g *Group, drafts []order.Draft, parts []Part) error {
	asked, err := s.Orders.AskAll(ctx, drafts)
	if err != nil {
		return err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.Orders.PlaceAll(ctx, tx, drafts); err != nil {
			return err
		}
		return s.gather(ctx, tx, g, parts)
	})
	if err != nil {
		s.Orders.Forget(ctx, asked)
	}
	return err
}

// gather writes a group and its parts.
func (s *Service) gather(ctx context.Context, tx *db.Tx, g *Group, parts []Part) error {
	now := s.Clock.Now()
	g.Parts, g.CreatedAt, g.UpdatedAt = int64(len(parts)), db.At(now), db.At(now)
	letters := "XL"
	if g.Kind == KindComposite {
		letters = "ZH"
	}
	var err error
	if g.Number, err = number.Next(ctx, tx, letters, g.Region, now); err != nil {
		return fmt.Errorf("number the group: %w", err)
	}
	if err := insertGroup(ctx, tx, *g); err != nil {
		return err
	}
	for i, p := range parts {
		p.Group, p.Position = g.ID, int64(i+1)
		if err := insertPart(ctx, tx, p); err != nil {
			return err
		}
	}
	e := Made{Group: g.ID, Number: g.Number, Kind: g.Kind, Buyer: g.Buyer, Provider: g.Provider, Parts: g.Parts}
	if err := outbox.Publish(ctx, tx, now, e); err != nil {
		return fmt.Errorf("tell of the group: %w", err)
	}
	if err := audit.Record(ctx, tx, now, audit.Entry{Action: "series.make", Kind: "series", ID: g.ID, Data: e}); err != nil {
		return fmt.Errorf("record the group: %w", err)
	}
	return nil
}
