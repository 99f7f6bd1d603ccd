package identity

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
)

// person is a row of identity_person.
type person struct {
	ID        string  `db:"id"`
	Login     string  `db:"login"`
	Name      string  `db:"name"`
	Phone     string  `db:"phone"`
	ORCID     string  `db:"orcid"`
	Language  string  `db:"language"`
	Password  string  `db:"password"`
	Active    bool    `db:"active"`
	Sample    bool    `db:"sample"`
	CreatedAt db.Time `db:"created_at"`
}

func getPerson(ctx context.Context, q db.Q, id string) (person, error) {
	return db.One[person](ctx, q, `SELECT id, login, name, phone, COALESCE(orcid, '') AS orcid, language, password, active, sample, created_at
		FROM identity_person WHERE id = $1`, id)
}

// insertPerson writes a new person; false when the id, the login or the ORCID is taken.
func insertPerson(ctx context.Context, tx *db.Tx, p person) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO identity_person (id, login, name, phone, orcid, language, password, active, sample, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
		p.ID, p.Login, p.Name, p.Phone, absent(p.ORCID), p.Language, p.Password, p.Active, p.Sample, p.CreatedAt)
	if err != nil {
		return false, fmt.Errorf("insert person %s: %w", p.ID, err)
	}
	return n == 1, nil
}

func updateProfile(ctx context.Context, tx *db.Tx, p person) error {
	_, err := tx.Exec(ctx, `UPDATE identity_person SET name = $2, phone = $3, orcid = $4, language = $5 WHERE id = $1`,
		p.ID, p.Name, p.Phone, absent(p.ORCID), p.Language)
	if err != nil {
		return fmt.Errorf("update person %s: %w", p.ID, err)
	}
	return nil
}

// orcidTaken tells whether another person has the ORCID iD.
func orcidTaken(ctx context.Context, q db.Q, orcid, but string) (bool, error) {
	n, err := db.One[int64](ctx, q, `SELECT COUNT(*) FROM identity_person WHERE orcid = $1 AND id <> $2`, orcid, but)
	return n > 0, err
}

// insertMembership writes a membership; 0 rows when the person has that role there already.
func insertMembership(ctx context.Context, tx *db.Tx, m Membership) error {
	_, err := tx.Exec(ctx, `INSERT INTO identity_membership (id, person, organisation, role, region, created_at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`, m.ID, m.Person, m.Organisation, m.Role, m.Region, m.CreatedAt)
	if err != nil {
		return fmt.Errorf("insert membership of %s in %s: %w", m.Person, m.Organisation, err)
	}
	return nil
}

const membershipColumns = `m.id, m.person, m.organisation, o.name_zh AS org_name, o.name_en AS org_name_en, o.status AS org_status, m.role,
	CASE WHEN m.region <> '' THEN m.region ELSE o.region END AS region, o.sample, m.created_at`

const membershipTables = ` FROM identity_membership m JOIN identity_organisation o ON o.id = m.organisation
	WHERE m.person = $1 AND (m.valid_to = '' OR m.valid_to >= $2)`

// membershipsOf are what the person can act as on the day, the oldest first.
func membershipsOf(ctx context.Context, q db.Q, person, day string) ([]Membership, error) {
	return db.All[Membership](ctx, q, `SELECT `+membershipColumns+membershipTables+` ORDER BY m.created_at, m.id`, person, day)
}

// membershipOf is one of them; ErrNone when it is another person's or has ended.
func membershipOf(ctx context.Context, q db.Q, person, day, membership string) (Membership, error) {
	return db.One[Membership](ctx, q, `SELECT `+membershipColumns+membershipTables+` AND m.id = $3`, person, day, membership)
}

// Token is one API token of a person; the secret itself is nowhere.
type Token struct {
	ID         string      `db:"id"`
	Person     string      `db:"person"`
	Membership string      `db:"membership"`
	Name       string      `db:"name"`
	CreatedAt  db.Time     `db:"created_at"`
	ExpiresAt  db.Time     `db:"expires_at"`
	RevokedAt  db.NullTime `db:"revoked_at"`
	Money      bool        `db:"money"` // it may do what is marked step-up
}

// Live tells whether the token is accepted at now.
func (t Token) Live(now db.Time) bool {
	return t.RevokedAt.IsZero() && now.Before(t.ExpiresAt.Time)
}

const tokenColumns = `id, person, membership, name, created_at, expires_at, revoked_at, money`

func insertToken(ctx context.Context, tx *db.Tx, hash string, t Token) error {
	_, err := tx.Exec(ctx, `INSERT INTO identity_token (id, hash, person, membership, name, created_at, expires_at, money)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, t.ID, hash, t.Person, t.Membership, t.Name, t.CreatedAt, t.ExpiresAt, t.Money)
	if err != nil {
		return fmt.Errorf("write a token: %w", err)
	}
	return nil
}

func tokenByHash(ctx context.Context, q db.Q, hash string) (Token, error) {
	return db.One[Token](ctx, q, `SELECT `+tokenColumns+` FROM identity_token WHERE hash = $1`, hash)
}

func tokensOf(ctx context.Context, q db.Q, person string) ([]Token, error) {
	return db.All[Token](ctx, q, `SELECT `+tokenColumns+` FROM identity_token WHERE person = $1 ORDER BY created_at DESC, id DESC`, person)
}

// revokeToken ends a token of the person; 0 when there is none, or it is revoked.
func revokeToken(ctx context.Context, tx *db.Tx, person, token string, now db.Time) (int64, error) {
	return tx.Exec(ctx, `UPDATE identity_token SET revoked_at = $3 WHERE person = $1 AND id = $2 AND revoked_at IS NULL`, person, token, now)
}

func membersOf(ctx context.Context, q db.Q, organisation, day string) ([]Member, error) {
	return db.All[Member](ctx, q, `SELECT m.id, m.person, p.name, p.login AS email, m.role
		FROM identity_membership m JOIN identity_person p ON p.id = m.person
		WHERE m.organisation = $1 AND p.active AND (m.valid_to = '' OR m.valid_to >= $2) ORDER BY m.created_at, m.id`, organisation, day)
}

// openMembership writes a membership, or opens again the one that had ended.
func openMembership(ctx context.Context, tx *db.Tx, m Membership) error {
	_, err := tx.Exec(ctx, `INSERT INTO identity_membership (id, person, organisation, role, region, created_at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person, organisation, role) DO UPDATE SET valid_to = ''`,
		m.ID, m.Person, m.Organisation, m.Role, m.Region, m.CreatedAt)
	if err != nil {
		return fmt.Errorf("open the membership of %s in %s: %w", m.Person, m.Organisation, err)
	}
	return nil
}

func closeMembership(ctx context.Context, tx *db.Tx, membership, lastDay string) error {
	if _, err := tx.Exec(ctx, `UPDATE identity_membership SET valid_to = $2 WHERE id = $1`, membership, lastDay); err != nil {
		return fmt.Errorf("end membership %s: %w", membership, err)
	}
	return nil
}
