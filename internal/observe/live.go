package observe

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"qiao/internal/identity"
	"qiao/internal/observe/relay"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// Why somebody is shown out.
const (
	whyClosed  = "closed"
	whyRemoved = "removed"
)

// join is how a part of a session is taken, and what it needs.
type join struct {
	action string
	with   func(r *relay.Relay, ctx context.Context, who relay.Who, offer string) (*relay.Conn, string, error)
}

func joins() map[string]join {
	return map[string]join{
		PartPublish: {"observe.publish", (*relay.Relay).Publish},
		PartWatch:   {"observe.watch", (*relay.Relay).Watch},
		PartTalk:    {"observe.talk", (*relay.Relay).Speak},
	}
}

// Join connects a browser to a session, as a part of it: an offer in, the answer and the id of the connection out. Who may come
// in is asked now and again each second, see Enforce.
func (s *Service) Join(ctx context.Context, by identity.Subject, sessionID, part, offer string) (conn, answer string, err error) {
	how := joins()[part]
	x, err := s.session(ctx, s.DB, by, sessionID, how.action)
	if err != nil {
		return "", "", err
	}
	if err := s.admit(ctx, x, by); err != nil {
		return "", "", err
	}
	if part == PartTalk && !x.Talk {
		return "", "", fault.New(fault.Conflict, "observe-quiet", "实验室没有开放对话，现在只能观看。")
	}
	c, answer, err := how.with(s.Live, ctx, relay.Who{ID: id.New(), Room: x.ID, Key: keyOf(by)}, offer)
	if err != nil {
		return "", "", liveFault(err)
	}
	if err := s.come(ctx, x, by, Visit{ID: c.ID, Part: part}); err != nil {
		c.End(whyClosed)
		return "", "", err
	}
	actor := audit.ActorOf(ctx)
	s.visits.Go(func() {
		<-c.Done()
		if err := s.leave(audit.WithActor(context.Background(), actor), x, c); err != nil {
			s.Log.Error("note that somebody left", "session", x.ID, "err", err)
		}
	})
	return c.ID, answer, nil
}

// keyOf tells whose a connection is: the person, and for which organisation they came.
func keyOf(by identity.Subject) string { return by.Person + " " + by.Org }

// liveFault says in words what the relay refused.
func liveFault(err error) error {
	switch {
	case errors.Is(err, relay.ErrOffer):
		return fault.New(fault.Invalid, "observe-offer", "浏览器发来的连接请求无法识别，请换用新版浏览器。").Because(err)
	case errors.Is(err, relay.ErrFull):
		return fault.New(fault.TooMany, "observe-full-room", "观看人数已满，请稍后再试。")
	case errors.Is(err, relay.ErrMany):
		return fault.New(fault.TooMany, "observe-many", "您已经在几个窗口里观看这一场，请先关掉一个。")
	case errors.Is(err, relay.ErrRooms):
		return fault.New(fault.TooMany, "observe-full-node", "同时直播的场次已满，请稍后再试，或改用会议链接。")
	case errors.Is(err, relay.ErrSpoken):
		return fault.New(fault.Conflict, "observe-spoken", "有人正在说话，请等他说完。")
	}
	return err
}

// leave notes that somebody has gone.
func (s *Service) leave(ctx context.Context, x Session, c *relay.Conn) error {
	now := s.Clock.Now()
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := endVisit(ctx, tx, c.ID, db.At(now), c.Why()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{Action: "observe.leave", Kind: "order", ID: x.Order, Data: map[string]any{"session": x.ID, "why": c.Why()}})
	})
}

// Leave ends one of the subject's own connections.
func (s *Service) Leave(by identity.Subject, sessionID, conn string) error {
	c := s.Live.Conn(conn)
	if c == nil || c.Room != sessionID || c.Key != keyOf(by) {
		return fault.New(fault.NotFound, "no-connection", "这个连接已经结束。")
	}
	c.End(relay.Left)
	return nil
}

// Permit lets watchers speak, or no more.
func (s *Service) Permit(ctx context.Context, by identity.Subject, sessionID string, talk bool) error {
	if _, err := s.session(ctx, s.DB, by, sessionID, "observe.guide"); err != nil {
		return err
	}
	err := s.change(ctx, sessionID, "observe.permit", func(_ *db.Tx, x *Session, _ time.Time) error {
		x.Talk = talk
		return nil
	})
	return errors.Join(err, s.Enforce(ctx))
}

// Bar shows somebody out of a session, or lets them in again.
func (s *Service) Bar(ctx context.Context, by identity.Subject, sessionID, person string, out bool) error {
	x, err := s.session(ctx, s.DB, by, sessionID, "observe.guide")
	if err != nil {
		return err
	}
	now, action := s.Clock.Now(), "observe.readmit"
	if out {
		action = "observe.bar"
	}
	if person == by.Person || person == "" {
		return fault.New(fault.Invalid, "observe-self", "不能请自己离开。")
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := setBarred(ctx, tx, x.ID, person, by.Person, db.At(now), out); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{Action: action, Kind: "order", ID: x.Order, Data: map[string]any{"session": x.ID, "person": person}})
	})
	return errors.Join(err, s.Enforce(ctx))
}

// Enforce shows out whoever may no longer be in: the session is over or called off, they were asked to leave, are no longer
// invited, or no longer belong to the organisation they came for.
func (s *Service) Enforce(ctx context.Context) error {
	var errs []error
	rooms := map[string]*door{}
	for _, c := range s.Live.Conns() {
		d := rooms[c.Room]
		if d == nil {
			var err error
			if d, err = s.door(ctx, c.Room); err != nil {
				errs = append(errs, err)
				continue
			}
			rooms[c.Room] = d
		}
		why, err := s.out(ctx, d, c)
		if errs = append(errs, err); why != "" {
			c.End(why)
		}
	}
	return errors.Join(errs...)
}

// door is what decides who may be in a session.
type door struct {
	Session
	barred []string
	guests []GuestOf
}

func (s *Service) door(ctx context.Context, sessionID string) (*door, error) {
	x, err := getSession(ctx, s.DB, sessionID)
	if err != nil {
		return nil, err
	}
	d := &door{Session: x}
	if d.barred, err = listBarred(ctx, s.DB, x.ID); err != nil {
		return nil, err
	}
	d.guests, err = listGuests(ctx, s.DB, x.Plan)
	return d, err
}

// out tells why a connection has to end, or "".
func (s *Service) out(ctx context.Context, d *door, c *relay.Conn) (string, error) {
	person, org, _ := strings.Cut(c.Key, " ")
	party := org != "" && (org == d.Buyer || org == d.Provider)
	switch {
	case d.State(s.Clock.Now()) != Open, c.Speaks() && !d.Talk:
		return whyClosed, nil
	case slices.Contains(d.barred, person):
		return whyRemoved, nil
	case !party && !slices.ContainsFunc(d.guests, func(g GuestOf) bool { return g.Person == person }):
		return whyRemoved, nil
	}
	members, err := s.People.Memberships(ctx, s.DB, person)
	if err != nil {
		return "", err
	}
	for _, m := range members {
		if m.Organisation == org {
			return "", nil
		}
	}
	return whyRemoved, nil
}

// Work watches the door until ctx ends.
func (s *Service) Work(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.Enforce(ctx); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "watch the door of remote observation", "err", err)
		}
	}
}

// Close ends every connection and waits until it is noted who left.
func (s *Service) Close() error {
	err := s.Live.Close()
	s.visits.Wait()
	return err
}

// Sweep ends, in the books, what a program that died left open.
func (s *Service) Sweep(ctx context.Context) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE observe_visit SET why = 'lost', left_at = (SELECT CASE WHEN s.ended_at IS NULL THEN s.closes_at ELSE s.ended_at END FROM observe_session s WHERE s.id = observe_visit.session)
			WHERE left_at IS NULL AND session IN (SELECT s.id FROM observe_session s WHERE s.closes_at < $1)`, db.At(s.Clock.Now().Add(-time.Minute)))
		if err != nil {
			return fmt.Errorf("end visits that nobody ended: %w", err)
		}
		return nil
	})
}

// quiet is a log that says nothing, for who gave none.
func quiet(l *slog.Logger) *slog.Logger {
	if l == nil {
		return slog.New(slog.DiscardHandler)
	}
	return l
}
