package expert

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const claimColumns = `id, resource, person, owner, region, state, orcid, institution, reasons, note, filed_on, revision, created_at, updated_at`

func putClaim(ctx context.Context, tx *db.Tx, c Claim) error {
	_, err := tx.Exec(ctx, `INSERT INTO expert_claim (`+claimColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, note = excluded.note, revision = excluded.revision, updated_at = excluded.updated_at`,
		c.ID, c.Resource, c.Person, c.Owner, c.Region, c.State, c.ORCID, c.Institution, c.Reasons, c.Note, c.FiledOn, c.Revision, c.CreatedAt, c.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write claim %s: %w", c.ID, err)
	}
	return nil
}

func getClaim(ctx context.Context, q db.Q, id string) (Claim, error) {
	c, err := db.One[Claim](ctx, q, `SELECT `+claimColumns+` FROM expert_claim WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return c, fault.New(fault.NotFound, "claim-not-found", "没有找到这份认领申请。")
	}
	if err != nil {
		return c, fmt.Errorf("read claim %s: %w", id, err)
	}
	return c, nil
}

// moveClaim writes a claim in its new state, if nobody has changed it since it was read; false otherwise.
func moveClaim(ctx context.Context, tx *db.Tx, c Claim) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE expert_claim SET state = $2, note = $3, revision = $4, updated_at = $5 WHERE id = $1 AND revision = $6`,
		c.ID, c.State, c.Note, c.Revision, c.UpdatedAt, c.Revision-1)
	if err != nil {
		return false, fmt.Errorf("move claim %s: %w", c.ID, err)
	}
	return n == 1, nil
}

func listClaims(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Claim, error) {
	out, err := db.All[Claim](ctx, q, `SELECT `+claimColumns+` FROM expert_claim`+w.SQL()+` ORDER BY id DESC LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list claims: %w", err)
	}
	return out, nil
}

const consentColumns = `id, resource, person, purpose, version, sha256, given_on, given_at, revoked_on, revoked_at`

func insertConsent(ctx context.Context, tx *db.Tx, c Consent) error {
	_, err := tx.Exec(ctx, `INSERT INTO expert_consent (`+consentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, c.Resource, c.Person, c.Purpose, c.Version, c.SHA256, c.GivenOn, c.GivenAt, c.RevokedOn, c.RevokedAt)
	if err != nil {
		return fmt.Errorf("write the consent to %s of %s: %w", c.Purpose, c.Resource, err)
	}
	return nil
}

// revokeConsents ends what stands for a purpose and tells how many did.
func revokeConsents(ctx context.Context, tx *db.Tx, resource, purpose, day, at string) (int64, error) {
	n, err := tx.Exec(ctx, `UPDATE expert_consent SET revoked_on = $3, revoked_at = $4 WHERE resource = $1 AND purpose = $2 AND revoked_on = ''`, resource, purpose, day, at)
	if err != nil {
		return 0, fmt.Errorf("end the consent to %s of %s: %w", purpose, resource, err)
	}
	return n, nil
}

func listConsents(ctx context.Context, q db.Q, w *db.Where) ([]Consent, error) {
	out, err := db.All[Consent](ctx, q, `SELECT `+consentColumns+` FROM expert_consent`+w.SQL()+` ORDER BY given_at DESC, id DESC`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list consents: %w", err)
	}
	return out, nil
}

const interestColumns = `id, resource, org, org_name, relation, from_day, to_day, note, declared_on, taken_back, at`

func insertInterest(ctx context.Context, tx *db.Tx, i Interest) error {
	_, err := tx.Exec(ctx, `INSERT INTO expert_interest (`+interestColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		i.ID, i.Resource, i.Org, i.OrgName, i.Relation, i.From, i.To, i.Note, i.DeclaredOn, i.TakenBack, i.At)
	if err != nil {
		return fmt.Errorf("write a tie of %s: %w", i.Resource, err)
	}
	return nil
}

func listInterests(ctx context.Context, q db.Q, resource string) ([]Interest, error) {
	out, err := db.All[Interest](ctx, q, `SELECT `+interestColumns+` FROM expert_interest WHERE resource = $1 ORDER BY taken_back, from_day DESC, id`, resource)
	if err != nil {
		return nil, fmt.Errorf("list the ties of %s: %w", resource, err)
	}
	return out, nil
}

func takeBackInterest(ctx context.Context, tx *db.Tx, resource, interest, day string) (int64, error) {
	n, err := tx.Exec(ctx, `UPDATE expert_interest SET taken_back = $3 WHERE resource = $1 AND id = $2 AND taken_back = ''`, resource, interest, day)
	if err != nil {
		return 0, fmt.Errorf("take back tie %s: %w", interest, err)
	}
	return n, nil
}

// agreed are the claimed ones among some records, each with whether its person agrees to a purpose.
func agreed(ctx context.Context, q db.Q, purpose string, resources []string) ([]profiled, error) {
	var out []profiled
	for part := range slices.Chunk(resources, 500) {
		var w db.Where
		w.In("p.resource", part)
		list, err := db.All[profiled](ctx, q, `SELECT p.resource, p.hidden, EXISTS (SELECT 1 FROM expert_consent c WHERE c.resource = p.resource AND c.revoked_on = '' AND c.purpose = `+w.Arg(purpose)+`) AS agreed
			FROM expert_profile p`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("ask %d people about %s: %w", len(part), purpose, err)
		}
		out = append(out, list...)
	}
	return out, nil
}
