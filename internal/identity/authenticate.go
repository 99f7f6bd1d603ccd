package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// seenEvery is how often a session's last use is written down: a write for each page would cost more than it tells.
const seenEvery = 5 * time.Minute

// Authenticate says who acts: by the value of the session cookie, or by a bearer token (which wins). Without either, or
// with a cookie that is no session any more, it is a visitor. A token that is wrong, expired or revoked is a fault
// Unauthenticated, since a program must learn of it.
func (s *Service) Authenticate(ctx context.Context, session, bearer string) (Subject, error) {
	switch {
	case bearer != "":
		return s.byToken(ctx, bearer)
	case session != "":
		return s.bySession(ctx, session)
	}
	return Subject{}, nil
}

func (s *Service) byToken(ctx context.Context, bearer string) (Subject, error) {
	refused := fault.New(fault.Unauthenticated, "token-refused", "访问令牌无效、已到期或已撤销，请在账号页面新建一个。")
	t, err := tokenByHash(ctx, s.db, hashSecret(bearer))
	if errors.Is(err, db.ErrNone) {
		return Subject{}, refused
	}
	if err != nil {
		return Subject{}, fmt.Errorf("read the token: %w", err)
	}
	if !t.Live(db.At(s.clock.Now())) {
		return Subject{}, refused
	}
	sub, err := s.subject(ctx, s.db, t.Person, t.Membership)
	if err == nil && !sub.SignedIn() {
		return Subject{}, refused
	}
	sub.Token, sub.Stale = t.ID, !t.Money
	return sub, err
}

func (s *Service) bySession(ctx context.Context, session string) (Subject, error) {
	now, hash := s.clock.Now(), hashSecret(session)
	ses, err := sessionByHash(ctx, s.db, hash, db.At(now))
	if errors.Is(err, db.ErrNone) {
		return Subject{}, nil
	}
	if err != nil {
		return Subject{}, fmt.Errorf("read the session: %w", err)
	}
	if now.Sub(ses.SeenAt.Time) >= seenEvery {
		err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return touchSession(ctx, tx, hash, db.At(now), s.sessionEnd(ses.CreatedAt.Time, now))
		})
		if err != nil {
			return Subject{}, err
		}
	}
	sub, err := s.subject(ctx, s.db, ses.Person, ses.Membership)
	if sub.SignedIn() {
		sub.Session, sub.Stale = ses.ID, s.stale(ses, now)
	}
	return sub, err
}

// subject builds who acts; a visitor when the person may not sign in any more, without an organisation when the
// membership has ended.
func (s *Service) subject(ctx context.Context, q db.Q, personID, membership string) (Subject, error) {
	p, err := getPerson(ctx, q, personID)
	if errors.Is(err, db.ErrNone) || err == nil && !p.Active {
		return Subject{}, nil
	}
	if err != nil {
		return Subject{}, fmt.Errorf("read person %s: %w", personID, err)
	}
	sub := Subject{Person: p.ID, Name: p.Name, Sample: p.Sample, Language: p.Language}
	if membership == "" {
		return sub, nil
	}
	day := s.today()
	m, err := membershipOf(ctx, q, p.ID, day, membership)
	if errors.Is(err, db.ErrNone) {
		return sub, nil
	}
	if err != nil {
		return Subject{}, fmt.Errorf("read membership %s: %w", membership, err)
	}
	sub.Membership, sub.Org, sub.Role, sub.Region, sub.Sample = m.ID, m.Organisation, m.Role, m.Region, m.Sample
	sub.OrgName, sub.OrgNameEN, sub.OrgStatus = m.OrgName, m.OrgNameEN, m.OrgStatus
	sub.Capacities, err = heldCapacities(ctx, q, m.Organisation, day)
	if err != nil {
		return Subject{}, fmt.Errorf("read the capacities of %s: %w", m.Organisation, err)
	}
	return sub, nil
}

// As is the subject of a person by login, acting as its first membership: for the command line and for jobs that act for
// a person. A fault NotFound when there is no such active person.
func (s *Service) As(ctx context.Context, login string) (Subject, error) {
	a, err := accountByLogin(ctx, s.db, NormalLogin(login))
	if errors.Is(err, db.ErrNone) || err == nil && !a.Active {
		return Subject{}, fault.New(fault.NotFound, "login-not-found", "没有登录名为 {0} 的账号。", login)
	}
	if err != nil {
		return Subject{}, fmt.Errorf("read the account: %w", err)
	}
	member, err := membershipsOf(ctx, s.db, a.ID, s.today())
	if err != nil {
		return Subject{}, fmt.Errorf("read the memberships of %s: %w", a.ID, err)
	}
	if len(member) == 0 {
		return s.subject(ctx, s.db, a.ID, "")
	}
	return s.subject(ctx, s.db, a.ID, member[0].ID)
}
