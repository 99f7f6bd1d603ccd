package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// DefaultProof is how long after giving the password a session may do what the permission table marks step-up. The
// number is ours: GB/T 22239-2019 8.1.4.1 asks for stronger proof where it matters and names none.
const DefaultProof = 15 * time.Minute

// CapacityStepUp in place of a capacity marks an action of the permission table: who does it must have given the
// password a moment ago, or be a program whose token may move money.
const CapacityStepUp = "step-up"

// StepUp tells whether the permission table marks the action.
func (p *Policy) StepUp(action string) bool { return p.stepUp[action] }

// Act is Can for what is about to be done: where the table marks the action, the password must have been given a moment
// ago. Can answers for buttons and lists, Act for the deed.
func (p *Policy) Act(s Subject, action string, o Object) error {
	if err := p.Can(s, action, o); err != nil {
		return err
	}
	if p.StepUp(action) {
		return s.Fresh()
	}
	return nil
}

// Fresh is a fault step-up unless the subject has given its password a moment ago; a program needs a token that may move
// money. For what depends on an amount, where the table's mark would ask too often.
func (s Subject) Fresh() error {
	switch {
	case !s.Stale:
		return nil
	case s.Token != "":
		return fault.New(fault.Forbidden, "step-up", "这个访问令牌不能办理资金事项：请在“我的账号”新建一个允许资金操作的令牌。")
	}
	return fault.New(fault.Forbidden, "step-up", "这一步涉及资金，请再次输入密码确认是您本人。程序请先调用 POST /api/v1/me/proof。")
}

// Prove takes the password of a person who is signed in once more: from now on, for Deps.Proof, the session may do what
// is marked step-up. Wrong passwords count as failed sign-ins of the login. A program has no session to prove.
func (s *Service) Prove(ctx context.Context, sub Subject, c Credentials) (Subject, error) {
	if sub.Session == "" {
		return sub, fault.New(fault.Conflict, "session-needed", "只有登录的人可以再次输入密码；程序请使用允许资金操作的访问令牌。")
	}
	a, err := accountByID(ctx, s.db, sub.Person)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return sub, fmt.Errorf("read the account: %w", err)
	}
	c.Login = a.Login
	if err := s.countAttempt(ctx, c); err != nil {
		return sub, err
	}
	right, err := s.passwordFits(ctx, a, c.Password)
	if err != nil {
		return sub, err
	}
	if !right || !a.Active {
		if err := s.record(ctx, audit.Entry{Action: "session.refuse", Kind: "person", ID: a.ID}); err != nil {
			return sub, err
		}
		return sub, fault.New(fault.Invalid, "password-wrong", "密码不对，请重新输入。").Field("proof", "wrong", "密码不对，请重新输入。")
	}
	now := s.clock.Now()
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := forgetAttempts(ctx, tx, loginKey(c.Login)); err != nil {
			return err
		}
		if err := returnAttempt(ctx, tx, addressKey(c.Address), s.deps.Lockout.AddressFailures); err != nil {
			return err
		}
		if err := proveSession(ctx, tx, sub.Session, db.At(now)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{Action: "session.prove", Kind: "session", ID: sub.Session})
	})
	sub.Stale = err != nil
	return sub, err
}

// stale tells whether the session's last password lies too far back for what is marked step-up.
func (s *Service) stale(ses Session, now time.Time) bool {
	return ses.ProvedAt.IsZero() || now.Sub(ses.ProvedAt.Time) > s.deps.Proof
}
