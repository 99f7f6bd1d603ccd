package identity

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/platform/db"
)

// account is a person as sign-in needs one.
type account struct {
	ID       string `db:"id"`
	Login    string `db:"login"`
	Password string `db:"password"`
	Active   bool   `db:"active"`
}

func accountByLogin(ctx context.Context, q db.Q, login string) (account, error) {
	return db.One[account](ctx, q, `SELECT id, login, password, active FROM identity_person WHERE login = $1`, login)
}

func accountByID(ctx context.Context, q db.Q, person string) (account, error) {
	return db.One[account](ctx, q, `SELECT id, login, password, active FROM identity_person WHERE id = $1`, person)
}

func updatePassword(ctx context.Context, tx *db.Tx, person, hash string) error {
	if _, err := tx.Exec(ctx, `UPDATE identity_person SET password = $2 WHERE id = $1`, person, hash); err != nil {
		return fmt.Errorf("write the password of %s: %w", person, err)
	}
	return nil
}

type attemptRow struct {
	Failures int         `db:"failures"`
	Since    db.Time     `db:"since"`
	Until    db.NullTime `db:"locked_until"`
}

// lockAttempts takes the row of the key for this transaction (writing is the lock) and reads it.
func lockAttempts(ctx context.Context, tx *db.Tx, key string, now time.Time) (attempts, error) {
	r, err := db.One[attemptRow](ctx, tx, `INSERT INTO identity_attempt (key, failures, since) VALUES ($1, 0, $2)
		ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING failures, since, locked_until`, key, db.At(now))
	if err != nil {
		return attempts{}, fmt.Errorf("read the failed sign-ins: %w", err)
	}
	return attempts{failures: r.Failures, since: r.Since.Time, until: r.Until.Time}, nil
}

func updateAttempts(ctx context.Context, tx *db.Tx, key string, a attempts) error {
	_, err := tx.Exec(ctx, `UPDATE identity_attempt SET failures = $2, since = $3, locked_until = $4 WHERE key = $1`,
		key, a.failures, db.At(a.since), db.NullTime{Time: a.until})
	if err != nil {
		return fmt.Errorf("count a failed sign-in: %w", err)
	}
	return nil
}

// forgetAttempts opens the door of a key again: after a right password, for its login.
func forgetAttempts(ctx context.Context, tx *db.Tx, key string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM identity_attempt WHERE key = $1`, key); err != nil {
		return fmt.Errorf("forget the failed sign-ins: %w", err)
	}
	return nil
}

// returnAttempt takes back one count of a key, and the lock that this count may have set.
func returnAttempt(ctx context.Context, tx *db.Tx, key string, limit int) error {
	_, err := tx.Exec(ctx, `UPDATE identity_attempt SET failures = failures - 1,
			locked_until = CASE WHEN failures - 1 >= $2 THEN locked_until END
		WHERE key = $1 AND failures > 0`, key, limit)
	if err != nil {
		return fmt.Errorf("take back a failed sign-in: %w", err)
	}
	return nil
}

// Session is one sign-in of a person, as the person sees it.
type Session struct {
	ID         string      `db:"id"`
	Person     string      `db:"person"`
	Membership string      `db:"membership"`
	Address    string      `db:"address"`
	Agent      string      `db:"agent"`
	CreatedAt  db.Time     `db:"created_at"`
	SeenAt     db.Time     `db:"seen_at"`
	ExpiresAt  db.Time     `db:"expires_at"`
	ProvedAt   db.NullTime `db:"proved_at"` // when the password was last given
}

const sessionColumns = `id, person, membership, address, agent, created_at, seen_at, expires_at, proved_at`

func insertSession(ctx context.Context, tx *db.Tx, hash string, s Session) error {
	_, err := tx.Exec(ctx, `INSERT INTO identity_session (hash, id, person, membership, address, agent, created_at, seen_at, expires_at, proved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		hash, s.ID, s.Person, s.Membership, s.Address, s.Agent, s.CreatedAt, s.SeenAt, s.ExpiresAt, s.ProvedAt)
	if err != nil {
		return fmt.Errorf("write a session: %w", err)
	}
	return nil
}

func sessionByHash(ctx context.Context, q db.Q, hash string, now db.Time) (Session, error) {
	return db.One[Session](ctx, q, `SELECT `+sessionColumns+` FROM identity_session WHERE hash = $1 AND expires_at > $2`, hash, now)
}

func sessionsOf(ctx context.Context, q db.Q, person string, now db.Time) ([]Session, error) {
	return db.All[Session](ctx, q, `SELECT `+sessionColumns+` FROM identity_session WHERE person = $1 AND expires_at > $2 ORDER BY seen_at DESC, id`, person, now)
}

// proveSession notes that a session has given its password.
func proveSession(ctx context.Context, tx *db.Tx, session string, at db.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE identity_session SET proved_at = $2 WHERE id = $1`, session, at); err != nil {
		return fmt.Errorf("note a password given again: %w", err)
	}
	return nil
}

func touchSession(ctx context.Context, tx *db.Tx, hash string, seen, expires db.Time) error {
	_, err := tx.Exec(ctx, `UPDATE identity_session SET seen_at = $2, expires_at = $3 WHERE hash = $1`, hash, seen, expires)
	if err != nil {
		return fmt.Errorf("extend a session: %w", err)
	}
	return nil
}

func switchSession(ctx context.Context, tx *db.Tx, session, membership string) error {
	if _, err := tx.Exec(ctx, `UPDATE identity_session SET membership = $2 WHERE id = $1`, session, membership); err != nil {
		return fmt.Errorf("switch session %s: %w", session, err)
	}
	return nil
}

// deleteSession ends one session of the person; 0 when there is none.
func deleteSession(ctx context.Context, tx *db.Tx, person, session string) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM identity_session WHERE person = $1 AND id = $2`, person, session)
}

// deleteOtherSessions ends every session of the person but one.
func deleteOtherSessions(ctx context.Context, tx *db.Tx, person, keep string) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM identity_session WHERE person = $1 AND id <> $2`, person, keep)
}

// pruneSignIn removes what has run out: sessions before now, counts begun before old.
func pruneSignIn(ctx context.Context, tx *db.Tx, now, old db.Time) error {
	if _, err := tx.Exec(ctx, `DELETE FROM identity_session WHERE expires_at <= $1`, now); err != nil {
		return fmt.Errorf("prune sessions: %w", err)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM identity_attempt WHERE since < $1 AND (locked_until IS NULL OR locked_until <= $2)`, old, now); err != nil {
		return fmt.Errorf("prune failed sign-ins: %w", err)
	}
	return nil
}
