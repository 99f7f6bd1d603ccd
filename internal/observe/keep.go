package observe

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// Offer lets a provider say when an order's experiment can be watched.
func (s *Service) Offer(ctx context.Context, by identity.Subject, orderID string, o Offer, key string) (Plan, error) {
	d, err := s.Orders.Get(ctx, by, orderID)
	if err != nil {
		return Plan{}, err
	}
	now := s.Clock.Now()
	p := Plan{
		ID: id.New(), Order: d.Order.ID, Number: d.Order.Number, Buyer: d.Order.Buyer, Provider: d.Order.Provider, Region: d.Order.Region, NameZH: d.Order.ResourceZH, NameEN: d.Order.ResourceEN,
		Invented: d.Order.Sample, State: Offered, Person: by.Person, CreatedAt: db.At(now),
	}
	if key != "" {
		p.ID = id.From(by.Person, key, "observe-plan")
	}
	if err := s.Policy.Can(by, "observe.plan", p.object()); err != nil {
		return p, err
	}
	if !watchable(d.Order) {
		return p, fault.New(fault.Conflict, "observe-not-now", "订单谈定之后、报告提交之前才可以安排远程观察。")
	}
	if o.Booked && (d.Order.Kind != order.KindBooking || !d.Order.End.After(now)) {
		return p, fault.New(fault.Invalid, "observe-invalid", "安排有误，请按提示修改。").Field("booked", "none", "这个订单没有还未结束的预约时段，请按日期安排。")
	}
	if err := o.check(s.rule(), s.today(), s.working); err != nil {
		return p, err
	}
	p.Booked, p.Early, p.Late, p.Link, p.Talk, p.Note = o.Booked, o.Early, o.Late, o.Link, o.Talk, strings.TrimSpace(o.Note)
	if !o.Booked {
		p.First, p.Last, p.At, p.Minutes, p.Working, p.Skip = o.First, o.Last, o.At, o.Minutes, o.Working, o.Skip
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if fresh, err := insertPlan(ctx, tx, p); err != nil || !fresh {
			return err
		}
		return s.tell(ctx, tx, p, VerbOffer, by, now)
	})
	return p, err
}

// tell notes a plan's step for ever and lets the other side know.
func (s *Service) tell(ctx context.Context, tx *db.Tx, p Plan, verb string, by identity.Subject, now time.Time) error {
	if err := outbox.Publish(ctx, tx, now, Planned{Plan: p.ID, Order: p.Order, Number: p.Number, Buyer: p.Buyer, Provider: p.Provider, Verb: verb, By: by.Org}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, audit.Entry{Action: "observe." + verb, Kind: "order", ID: p.Order, Data: map[string]any{"plan": p.ID, "reason": p.Reason}})
}

// actionOf is the permission that a verb needs.
func actionOf(verb string) string {
	switch verb {
	case VerbAgree, VerbDecline:
		return "observe.answer"
	case VerbEnd:
		return "observe.cancel"
	}
	return "observe.plan"
}

// Do takes a plan one step further. Agreed to, it has its sessions; ended, those still to come are called off.
func (s *Service) Do(ctx context.Context, by identity.Subject, planID, verb, reason string) (Plan, error) {
	p, err := getPlan(ctx, s.DB, planID)
	if err != nil {
		return p, err
	}
	if err := s.Policy.Can(by, actionOf(verb), p.object()); err != nil {
		return p, err
	}
	if reason, err = reasonOf(reason, verb == VerbDecline || verb == VerbEnd); err != nil {
		return p, err
	}
	now := s.Clock.Now()
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		step, err := Table().Next(p.State, verb)
		if err != nil {
			return err
		}
		after := p
		after.State, after.Reason, after.AnsweredBy, after.AnsweredAt = step.To, reason, by.Person, db.NullAt(now)
		if moved, err := movePlan(ctx, tx, after, step.From); err != nil || !moved {
			if err == nil {
				err = fault.New(fault.Conflict, "observe-moved", "对方刚刚处理过这个计划，请刷新页面查看。")
			}
			return err
		}
		switch verb {
		case VerbAgree:
			err = s.begin(ctx, tx, after, now)
		case VerbEnd:
			err = cancelFrom(ctx, tx, "plan", p.ID, db.At(now), reason)
		}
		if err != nil {
			return err
		}
		p = after
		return s.tell(ctx, tx, after, verb, by, now)
	})
	return p, err
}

// reasonOf is a reason as it is kept; one that is needed must be there.
func reasonOf(reason string, needed bool) (string, error) {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n > maxText || needed && n == 0 {
		return "", fault.New(fault.Invalid, "observe-reason", "还差一点：请按提示补充。").Field("reason", "required", "请写明原因，最多 {0} 个字。", maxText)
	}
	return reason, nil
}

// begin writes the sessions of a plan that was just agreed to; what has already begun is left out.
func (s *Service) begin(ctx context.Context, tx *db.Tx, p Plan, now time.Time) error {
	spans := p.times(s.working)
	if p.Booked {
		o, _, err := s.Orders.Read(ctx, tx, p.Order)
		if err != nil {
			return err
		}
		spans = []span{{o.Start.Time, o.End.Time}}
	}
	var list []Session
	for _, at := range spans {
		if at.to.After(now) {
			list = append(list, p.session(id.From(p.ID, db.Stamp(at.from)), at))
		}
	}
	if len(list) == 0 {
		return fault.New(fault.Conflict, "observe-past", "计划里的时间都已经过去，请对方重新安排。")
	}
	return insertSessions(ctx, tx, list)
}

// session is one as the subject may see it, if they may do what they came for.
func (s *Service) session(ctx context.Context, q db.Q, by identity.Subject, sessionID, action string) (Session, error) {
	x, err := getSession(ctx, q, sessionID)
	if err != nil {
		return x, err
	}
	guest, err := s.guest(ctx, q, by, x.Plan)
	if err != nil {
		return x, err
	}
	return x, s.Policy.Can(by, action, x.object(guest))
}

// guest is the subject's organisation where they are a named participant of a plan.
func (s *Service) guest(ctx context.Context, q db.Q, by identity.Subject, plan string) (string, error) {
	list, err := listGuests(ctx, q, plan)
	if slices.ContainsFunc(list, func(g GuestOf) bool { return g.Person == by.Person && by.Person != "" }) {
		return by.Org, err
	}
	return "", err
}

// Cancel calls a single session off; the others of its plan stay.
func (s *Service) Cancel(ctx context.Context, by identity.Subject, sessionID, reason string) error {
	if _, err := s.session(ctx, s.DB, by, sessionID, "observe.cancel"); err != nil {
		return err
	}
	reason, err := reasonOf(reason, true)
	if err != nil {
		return err
	}
	return s.change(ctx, sessionID, "observe.call-off", func(tx *db.Tx, x *Session, now time.Time) error {
		if st := x.State(now); st == Over || st == Cancelled {
			return x.enter(now)
		}
		x.Cancelled, x.Reason = db.NullAt(now), reason
		to := x.Buyer
		if by.Org == x.Buyer {
			to = x.Provider
		}
		return outbox.Publish(ctx, tx, now, Called{Session: x.ID, Number: x.Number, To: to})
	})
}

// Finish ends a session that is open before its time: everybody is shown out.
func (s *Service) Finish(ctx context.Context, by identity.Subject, sessionID string) error {
	if _, err := s.session(ctx, s.DB, by, sessionID, "observe.guide"); err != nil {
		return err
	}
	err := s.change(ctx, sessionID, "observe.close", func(_ *db.Tx, x *Session, now time.Time) error {
		x.Ended = db.NullAt(now)
		return nil
	})
	return errors.Join(err, s.Enforce(ctx))
}

// change does something to a session that is open (or waits) and keeps it for ever that it was done.
func (s *Service) change(ctx context.Context, sessionID, action string, do func(tx *db.Tx, x *Session, now time.Time) error) error {
	now := s.Clock.Now()
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		x, err := getSession(ctx, tx, sessionID)
		if err != nil {
			return err
		}
		if action != "observe.call-off" {
			if err := x.enter(now); err != nil {
				return err
			}
		}
		if err := do(tx, &x, now); err != nil {
			return err
		}
		if err := updateSession(ctx, tx, x); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{Action: action, Kind: "order", ID: x.Order, Data: map[string]any{"session": x.ID, "talk": x.Talk, "reason": x.Reason}})
	})
}

// Follow keeps what is still to come as its order is: called off with it, moved with its booking.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, orderID string) error {
	o, _, err := s.Orders.Read(ctx, tx, orderID)
	if err != nil {
		return err
	}
	now := db.At(s.Clock.Now())
	if !order.Active(o.State) {
		return cancelFrom(ctx, tx, "order_id", orderID, now, "订单已取消。") //i18n:data kept with the session
	}
	var w db.Where
	w.And("order_id = ?", orderID)
	w.And("state = ?", Agreed)
	w.And("booked")
	plans, err := listPlans(ctx, tx, &w)
	if err != nil {
		return err
	}
	for _, p := range plans {
		var of db.Where
		of.And("plan = ?", p.ID)
		list, err := listSessions(ctx, tx, &of)
		if err != nil {
			return err
		}
		for _, x := range list {
			if x.State(now.Time) != Waiting || x.Starts.Equal(o.Start.Time) && x.Ends.Equal(o.End.Time) {
				continue
			}
			moved := p.session(x.ID, span{o.Start.Time, o.End.Time})
			if err := updateSession(ctx, tx, moved); err != nil {
				return err
			}
		}
	}
	return nil
}

// Invite names somebody who is of neither party as a participant of a plan, by their sign-in; they may watch and no more.
func (s *Service) Invite(ctx context.Context, by identity.Subject, planID, login string) error {
	p, err := getPlan(ctx, s.DB, planID)
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "observe.invite", p.object()); err != nil {
		return err
	}
	unknown := fault.New(fault.Invalid, "observe-guest", "没有找到这个人。").Field("login", "unknown", "请填写对方在本平台的登录名（邮箱）；还没有账号的，请先注册。")
	who, err := s.People.As(ctx, strings.TrimSpace(login))
	if fault.Is(err, "login-not-found") {
		return unknown
	}
	if err != nil {
		return err
	}
	if who.Org == "" {
		return unknown
	}
	guests, err := listGuests(ctx, s.DB, planID)
	if err != nil {
		return err
	}
	switch {
	case who.Org == p.Buyer || who.Org == p.Provider:
		return fault.New(fault.Invalid, "observe-guest", "不用邀请。").Field("login", "party", "订单双方的人员本来就可以观看。")
	case len(guests) >= maxGuests:
		return fault.New(fault.Invalid, "observe-guest", "人数已满。").Field("login", "many", "最多邀请 {0} 人，请先移除不再参加的人。", maxGuests)
	}
	now := s.Clock.Now()
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertGuest(ctx, tx, GuestOf{Plan: p.ID, Person: who.Person, Org: by.Org, By: by.Person, At: db.At(now)}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{Action: "observe.invite", Kind: "order", ID: p.Order, Data: map[string]any{"plan": p.ID, "person": who.Person}})
	})
}

// maxGuests is how many people beside the parties' own a plan may name.
const maxGuests = 20

// Uninvite takes a named participant away; whoever is in is shown out.
func (s *Service) Uninvite(ctx context.Context, by identity.Subject, planID, person string) error {
	p, err := getPlan(ctx, s.DB, planID)
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "observe.invite", p.object()); err != nil {
		return err
	}
	now := s.Clock.Now()
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := deleteGuest(ctx, tx, p.ID, person); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{Action: "observe.uninvite", Kind: "order", ID: p.Order, Data: map[string]any{"plan": p.ID, "person": person}})
	})
}
