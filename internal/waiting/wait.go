package waiting

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/booking"
	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// Wait is a place in the queue of an instrument.
type Wait struct {
	ID         string  `db:"id"`
	Resource   string  `db:"resource"`
	ResourceZH string  `db:"resource_zh"`
	ResourceEN string  `db:"resource_en"`
	Owner      string  `db:"owner"`
	Region     string  `db:"region"`
	Buyer      string  `db:"buyer"`
	Person     string  `db:"person"`
	FromDay    string  `db:"from_day"`
	ToDay      string  `db:"to_day"`
	FromMinute int64   `db:"from_minute"`
	ToMinute   int64   `db:"to_minute"`
	Minutes    int64   `db:"minutes"`
	Until      string  `db:"until"`
	Content    string  `db:"content"`
	State      string  `db:"state"`
	Inner      bool    `db:"inner_use"`
	Invented   bool    `db:"invented"`
	Revision   int64   `db:"revision"`
	Joined     db.Time `db:"joined_at"`
	UpdatedAt  db.Time `db:"updated_at"`
}

// Content is what will be ordered when the time is there.
type Content struct {
	Quantity  int64             `json:"quantity,omitempty"`
	Line      string            `json:"line,omitempty"`
	AddOns    map[string]int64  `json:"add_ons,omitempty"`
	Purpose   string            `json:"purpose,omitempty"`
	Samples   string            `json:"samples,omitempty"`
	Use       string            `json:"customs_use,omitempty"`
	Answers   map[string]string `json:"answers,omitempty"`
	Need      string            `json:"need,omitempty"`
	Programme string            `json:"programme,omitempty"`
	Fund      string            `json:"fund,omitempty"`
}

func (c Content) text() (string, error) {
	b, err := json.Marshal(c)
	return string(b), err
}

func contentOf(text string) (Content, error) {
	var c Content
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return c, fmt.Errorf("waiting: read what was wanted: %w", err)
	}
	return c, nil
}

// request is the order for a stretch.
func (c Content) request(resource string, x booking.Span) order.PlaceRequest {
	return order.PlaceRequest{
		Kind: order.KindBooking, Resource: resource, Start: x.From, End: x.To, Quantity: c.Quantity, Line: c.Line, AddOns: c.AddOns, Purpose: c.Purpose,
		Samples: c.Samples, Use: c.Use, Answers: c.Answers, Need: c.Need, Programme: c.Programme, Fund: c.Fund,
	}
}

func (w Wait) want(not []booking.Span) want {
	return want{fromDay: w.FromDay, toDay: w.ToDay, fromMinute: w.FromMinute, toMinute: w.ToMinute, minutes: w.Minutes, not: not}
}

// JoinRequest is what somebody waits for.
type JoinRequest struct {
	Resource   string
	FromDay    string // the window, civil days
	ToDay      string
	FromMinute int64 // … and minutes of the day; 0 and 0: any
	ToMinute   int64
	Minutes    int64  // how long, in a row
	Until      string // last civil day to wait; empty: the window's last
	Content    Content
	Key        string // the request's own key
}

// maxText is the longest free text, in characters.
const maxText = 2000

func (r JoinRequest) check(today string) error {
	bad := fault.New(fault.Invalid, "wait-invalid", "候补信息不完整或有误，请按提示修改。")
	from, err := clock.Midnight(r.FromDay)
	if err != nil {
		bad.Field("from_day", "required", "请填写最早哪一天。")
	}
	to, errTo := clock.Midnight(r.ToDay)
	switch {
	case errTo != nil:
		bad.Field("to_day", "required", "请填写最晚哪一天。")
	case r.ToDay < today:
		bad.Field("to_day", "past", "请填今天或以后的日期。")
	case err == nil && to.Before(from):
		bad.Field("to_day", "order", "最晚的一天不能早于最早的一天。")
	case err == nil && to.Sub(from) >= maxWindow*24*time.Hour:
		bad.Field("to_day", "long", "最多等 {0} 天之内的时间。", int64(maxWindow))
	}
	if r.FromMinute < 0 || r.ToMinute > 1440 || r.FromMinute >= r.ToMinute {
		bad.Field("to_hour", "order", "结束时间必须晚于开始时间。")
	}
	if r.Minutes <= 0 || r.Minutes > maxWindow*1440 {
		bad.Field("length", "required", "请填写要用多久。")
	}
	if _, err := clock.Midnight(r.Until); err != nil || r.Until < today || r.Until > r.ToDay {
		bad.Field("until", "range", "请填今天到最晚那一天之间的日期。")
	}
	if n := utf8.RuneCountInString(r.Content.Purpose); n > maxText {
		bad.Field("purpose", "long", "最多 {0} 个字，现在有 {1} 个。", int64(maxText), n)
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Join takes a place in the queue of an instrument. Every rule of a booking is checked now, so that an offer can be taken
// when it comes; where the time is free now, the fault names it: it can be booked as it is.
func (s *Service) Join(ctx context.Context, by identity.Subject, req JoinRequest) (Wait, error) {
	if req.ToMinute == 0 {
		req.ToMinute = 1440
	}
	if req.Until == "" {
		req.Until = req.ToDay
	}
	if req.Content.Quantity == 0 {
		req.Content.Quantity = 1
	}
	if err := s.Policy.Can(by, "waiting.join", identity.Object{}); err != nil {
		return Wait{}, err
	}
	waitID := id.New()
	if req.Key != "" {
		waitID = id.From(by.Person, req.Key, "wait")
		if w, err := getWait(ctx, s.DB, waitID); err == nil {
			return w, nil
		}
	}
	if err := req.check(s.today()); err != nil {
		return Wait{}, err
	}
	r, err := s.Catalogue.Resource(ctx, s.DB, req.Resource)
	if err != nil {
		return Wait{}, fmt.Errorf("what is waited for: %w", err)
	}
	text, err := req.Content.text()
	if err != nil {
		return Wait{}, err
	}
	now := db.At(s.Clock.Now())
	w := Wait{
		ID: waitID, Resource: r.ID, ResourceZH: r.NameZH, ResourceEN: r.NameEN, Owner: r.Owner, Region: r.Region, Buyer: by.Org, Person: by.Person,
		FromDay: req.FromDay, ToDay: req.ToDay, FromMinute: req.FromMinute, ToMinute: req.ToMinute, Minutes: req.Minutes, Until: req.Until, Content: text,
		State: Waiting, Inner: by.Org == r.Owner, Invented: by.Sample || r.Sample, Revision: 1, Joined: now, UpdatedAt: now,
	}
	if err := s.worthwhile(ctx, by, r, w, req.Content); err != nil {
		return w, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.Calendars.Queue(ctx, tx, r.ID); err != nil {
			return err
		}
		if err := s.roomFor(ctx, tx, w); err != nil {
			return err
		}
		if err := insertWait(ctx, tx, w); err != nil {
			return err
		}
		return s.audited(ctx, tx, VerbJoin, "wait", w.ID, "", w.State)
	})
	return w, err
}

// worthwhile refuses to wait for what could never be had, for what could not be taken, and for what is free already.
func (s *Service) worthwhile(ctx context.Context, by identity.Subject, r Resource, w Wait, c Content) error {
	plan, err := s.planFor(ctx, s.DB, r, w)
	if err != nil {
		return err
	}
	if r.Status != catalogue.StatusPublished || !r.Bookable {
		return fault.New(fault.Conflict, "not-bookable", "这项资源目前不能在线预约，也不能候补。")
	}
	empty := plan
	empty.Busy, empty.Rule.Notice, empty.Rule.InnerNotice, empty.Rule.Ahead, empty.Rule.InnerAhead = nil, 0, 0, 730, 730
	could, ok := first(empty, w.want(nil))
	if !ok {
		return fault.New(fault.Invalid, "wait-never", "按这台仪器的开放时间和预约规则，这样的时间永远等不到。").
			Field("length", "never", "请缩短时长，或放宽日期和钟点：所选范围里没有这么长的连续开放时间。")
	}
	if free, ok := first(plan, w.want(nil)); ok {
		return fault.New(fault.Conflict, "wait-free", "这段时间现在就有空，不必排队：{0}。请直接预约。", sayTimes(free.From, free.To))
	}
	if _, err := s.Orders.Expect(ctx, by, c.request(r.ID, could)); err != nil {
		return err
	}
	return nil
}

// planFor is what decides whether a place's time is free.
func (s *Service) planFor(ctx context.Context, q db.Q, r Resource, w Wait) (booking.Plan, error) {
	from, err := clock.Midnight(w.FromDay)
	if err != nil {
		return booking.Plan{}, err
	}
	to, err := clock.Midnight(w.ToDay)
	if err != nil {
		return booking.Plan{}, err
	}
	plan, err := s.Calendars.Plan(ctx, q, r, from, to.AddDate(0, 0, 1))
	plan.Inner = w.Buyer == r.Owner
	return plan, err
}

// roomFor refuses more places than the owner's rule gives one organisation for one instrument.
func (s *Service) roomFor(ctx context.Context, tx *db.Tx, w Wait) error {
	rule, err := s.RuleOf(ctx, tx, w.Owner, s.today())
	if err != nil {
		return err
	}
	has, err := queueOf(ctx, tx, w.Resource)
	if err != nil {
		return err
	}
	n := int64(0)
	for _, x := range has {
		if x.Buyer == w.Buyer {
			n++
		}
	}
	if n >= rule.Most {
		return fault.New(fault.Conflict, "wait-most", "贵单位在这台仪器已排了 {0} 个位置，是该单位规定的上限。请先退出一个再排。", n)
	}
	return nil
}

// Get is a place for who may see it.
func (s *Service) Get(ctx context.Context, by identity.Subject, waitID string) (Wait, error) {
	w, err := getWait(ctx, s.DB, waitID)
	if err != nil {
		return w, err
	}
	return w, s.Policy.Can(by, "waiting.view", w.object())
}

// Withdraw gives a place up.
func (s *Service) Withdraw(ctx context.Context, by identity.Subject, waitID string) (Wait, error) {
	w, err := s.Get(ctx, by, waitID)
	if err != nil {
		return w, err
	}
	if err := s.Policy.Can(by, "waiting.answer", w.object()); err != nil {
		return w, err
	}
	if w.State == Withdrawn {
		return w, nil
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.Calendars.Queue(ctx, tx, w.Resource); err != nil {
			return err
		}
		return s.step(ctx, tx, &w, VerbWithdraw)
	})
	return w, err
}

// step takes a place one step further, behind the lock of its resource.
func (s *Service) step(ctx context.Context, tx *db.Tx, w *Wait, verb string) error {
	now, err := getWait(ctx, tx, w.ID)
	if err != nil {
		return err
	}
	x, err := WaitTable().Next(now.State, verb)
	if err != nil {
		return err
	}
	*w = now
	w.State, w.Revision, w.UpdatedAt = x.To, now.Revision+1, db.At(s.Clock.Now())
	if err := updateWait(ctx, tx, *w); err != nil {
		return err
	}
	if verb == VerbExpire {
		if err := s.tell(ctx, tx, Moved{Verb: verb, Wait: w.ID, Buyer: w.Buyer, Provider: w.Owner, Name: w.ResourceZH}); err != nil {
			return err
		}
	}
	return s.audited(ctx, tx, verb, "wait", w.ID, x.From, x.To)
}

// Place is where somebody stands: n-th of so many that still wait.
type Place struct{ N, Of int }

// places are the places of a resource's queue in their order, and whose is which.
func (s *Service) places(ctx context.Context, q db.Q, resource, owner string) ([]Wait, map[string]Place, error) {
	list, err := queueOf(ctx, q, resource)
	if err != nil {
		return nil, nil, err
	}
	rule, err := s.RuleOf(ctx, q, owner, s.today())
	if err != nil {
		return nil, nil, err
	}
	inOrder(list, rule)
	out := map[string]Place{}
	for i, w := range list {
		out[w.ID] = Place{i + 1, len(list)}
	}
	return list, out, nil
}

// RuleOf is how an owner runs its queues on a day.
func (s *Service) RuleOf(ctx context.Context, q db.Q, owner, day string) (Rule, error) {
	own, err := listRules(ctx, q, owner)
	if err != nil {
		return Rule{}, err
	}
	if len(own) > 0 && own[0].From <= day {
		return dated.On(own, day), nil
	}
	return dated.On(s.rules, day), nil
}

// SetRule says how the queues are run from a day on.
func (s *Service) SetRule(ctx context.Context, by identity.Subject, r Rule) error {
	if err := s.Policy.Can(by, "waiting.rule", identity.Object{Parties: map[string]string{"owner": by.Org}}); err != nil {
		return err
	}
	r.Turn = strings.TrimSpace(r.Turn)
	if err := r.check(); err != nil {
		return err
	}
	if r.From < s.today() {
		return fault.New(fault.Invalid, "waiting-rule", "规则有误，请按提示修改。").Field("from", "past", "新规则从今天或以后执行。")
	}
	r.ID, r.Owner, r.Person, r.CreatedAt = id.New(), by.Org, by.Person, db.At(s.Clock.Now())
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertRule(ctx, tx, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, r.CreatedAt.Time, audit.Entry{Action: "waiting.rule", Kind: "waiting-rule", ID: r.ID, Data: r})
	})
}

func (s *Service) tell(ctx context.Context, tx *db.Tx, e Moved) error {
	if err := outbox.Publish(ctx, tx, s.Clock.Now(), e); err != nil {
		return fmt.Errorf("tell of %s: %w", e.Verb, err)
	}
	return nil
}

func (s *Service) audited(ctx context.Context, tx *db.Tx, verb, kind, object, from, to string) error {
	err := audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "waiting." + verb, Kind: kind, ID: object, From: from, To: to})
	if err != nil {
		return fmt.Errorf("record %s: %w", verb, err)
	}
	return nil
}
