package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// Credentials are what a sign-in brings.
type Credentials struct {
	Login    string
	Password string
	Address  string // of the client, with or without port; for the count of failures and the list of sessions
	Agent    string // the browser's User-Agent, for the list of sessions
}

// secretBytes is the length of a session cookie and of an API token: 256 bits.
const secretBytes = 32

// newSecret is a fresh random secret and the hash that is stored.
func newSecret() (secret, hash string, err error) {
	b := make([]byte, secretBytes)
	if _, err := rand.Read(b); err != nil {
		return "", "", fmt.Errorf("make a secret: %w", err)
	}
	secret = base64.RawURLEncoding.EncodeToString(b)
	return secret, hashSecret(secret), nil
}

func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// SignIn checks the password and opens a session; what it returns is the cookie's value, kept nowhere else. A wrong
// login and a wrong password give the same fault "sign-in-failed" in the same time; too many failures of one login or
// from one address give "sign-in-locked" for a while, whether the login exists or not.
func (s *Service) SignIn(ctx context.Context, c Credentials) (string, error) {
	c.Login = NormalLogin(c.Login)
	if err := s.countAttempt(ctx, c); err != nil {
		return "", err
	}
	a, err := accountByLogin(ctx, s.db, c.Login)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return "", fmt.Errorf("read the account: %w", err)
	}
	right, err := s.passwordFits(ctx, a, c.Password)
	if err != nil {
		return "", err
	}
	if !right || !a.Active {
		if err := s.record(ctx, audit.Entry{Action: "session.refuse", Kind: "person", ID: a.ID}); err != nil {
			return "", err
		}
		return "", fault.New(fault.Unauthenticated, "sign-in-failed", "登录名或密码不对，请检查后再试。")
	}
	fresh, err := s.rehash(ctx, a, c.Password)
	if err != nil {
		return "", err
	}
	return s.openSession(ctx, a, c, fresh)
}

// rehash hashes a right password anew when the cost asked for is no longer that of its hash; empty when it is.
func (s *Service) rehash(ctx context.Context, a account, password string) (string, error) {
	cost, _, _, err := parseHash(a.Password)
	if err != nil || cost == s.deps.Hash {
		return "", err
	}
	return s.hash(ctx, password)
}

// record writes an audit entry that stands alone.
func (s *Service) record(ctx context.Context, e audit.Entry) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return audit.Record(ctx, tx, s.clock.Now(), e) })
}

// countAttempt counts the attempt as a failure before the password is looked at, so that many at once cannot slip
// through; a right password takes the count back.
func (s *Service) countAttempt(ctx context.Context, c Credentials) error {
	now := s.clock.Now()
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, k := range []struct {
			key   string
			limit int
		}{{addressKey(c.Address), s.deps.Lockout.AddressFailures}, {loginKey(c.Login), s.deps.Lockout.Failures}} {
			a, err := lockAttempts(ctx, tx, k.key, now)
			if err != nil {
				return err
			}
			if err := a.closed(now); err != nil {
				return err
			}
			if err := updateAttempts(ctx, tx, k.key, s.deps.Lockout.fail(a, k.limit, now)); err != nil {
				return err
			}
		}
		return nil
	})
}

// passwordFits takes as long for a login that does not exist as for one that does.
func (s *Service) passwordFits(ctx context.Context, a account, password string) (bool, error) {
	release, err := s.takeHasher(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	if a.Password == "" {
		if _, err := HashPassword(password, s.deps.Hash); err != nil {
			return false, err
		}
		return false, nil
	}
	fits, err := CheckPassword(a.Password, password)
	if err != nil {
		return false, fmt.Errorf("check the password of %s: %w", a.ID, err)
	}
	return fits, nil
}

// takeHasher waits for one of the few places in which a password may be hashed: argon2id is made to need much memory.
func (s *Service) takeHasher(ctx context.Context) (release func(), err error) {
	select {
	case s.hashers <- struct{}{}:
		return func() { <-s.hashers }, nil
	case <-ctx.Done():
		return nil, fault.New(fault.Unavailable, "sign-in-busy", "登录的人太多，请稍后再试。").Because(context.Cause(ctx))
	}
}

func (s *Service) hash(ctx context.Context, password string) (string, error) {
	release, err := s.takeHasher(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	return HashPassword(password, s.deps.Hash)
}

// openSession writes the session, and the password's new hash when there is one.
func (s *Service) openSession(ctx context.Context, a account, c Credentials, fresh string) (string, error) {
	secret, hash, err := newSecret()
	if err != nil {
		return "", err
	}
	now := s.clock.Now()
	ses := Session{
		ID: id.New(), Person: a.ID, Address: c.Address, Agent: clip(c.Agent, 200),
		CreatedAt: db.At(now), SeenAt: db.At(now), ExpiresAt: s.sessionEnd(now, now), ProvedAt: db.NullAt(now),
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := forgetAttempts(ctx, tx, loginKey(c.Login)); err != nil {
			return err
		}
		if err := returnAttempt(ctx, tx, addressKey(c.Address), s.deps.Lockout.AddressFailures); err != nil {
			return err
		}
		if fresh != "" {
			if err := updatePassword(ctx, tx, a.ID, fresh); err != nil {
				return err
			}
		}
		member, err := membershipsOf(ctx, tx, a.ID, s.today())
		if err != nil {
			return fmt.Errorf("read the memberships of %s: %w", a.ID, err)
		}
		actor := audit.Actor{Person: a.ID, Cause: audit.ActorOf(ctx).Cause}
		if len(member) > 0 {
			ses.Membership, actor.Membership, actor.Org = member[0].ID, member[0].ID, member[0].Organisation
		}
		if err := insertSession(ctx, tx, hash, ses); err != nil {
			return err
		}
		return audit.Record(audit.WithActor(ctx, actor), tx, now, audit.Entry{Action: "session.sign-in", Kind: "session", ID: ses.ID})
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// sessionEnd is when a session begun at created ends unless it is used after now.
func (s *Service) sessionEnd(created, now time.Time) db.Time {
	end, idle := created.Add(s.deps.SessionMax), now.Add(s.deps.Idle)
	if idle.Before(end) {
		end = idle
	}
	return db.At(end)
}

// SignOut ends the session of the cookie's value; a value that is no session is no error.
func (s *Service) SignOut(ctx context.Context, session string) error {
	now := s.clock.Now()
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		ses, err := sessionByHash(ctx, tx, hashSecret(session), db.At(now))
		if errors.Is(err, db.ErrNone) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the session: %w", err)
		}
		if _, err := deleteSession(ctx, tx, ses.Person, ses.ID); err != nil {
			return fmt.Errorf("end session %s: %w", ses.ID, err)
		}
		return audit.Record(ctx, tx, now, audit.Entry{Action: "session.sign-out", Kind: "session", ID: ses.ID})
	})
}

// Prune removes sessions that have run out and counts of failures that no longer matter; a job calls it.
func (s *Service) Prune(ctx context.Context) error {
	now := s.clock.Now()
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return pruneSignIn(ctx, tx, db.At(now), db.At(now.Add(-s.deps.Lockout.Window)))
	})
}

// clip is the first n bytes of s, cut between characters.
func clip(s string, n int) string {
	for i := range s {
		if i > n {
			return s[:i]
		}
	}
	return s
}
