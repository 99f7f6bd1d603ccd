package expert

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

const profileColumns = `resource, person, owner, region, orcid, email, phone, hidden, claimed_on, sample, revision, created_at, updated_at`

func putProfile(ctx context.Context, tx *db.Tx, p Profile) error {
	_, err := tx.Exec(ctx, `INSERT INTO expert_profile (`+profileColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (resource) DO UPDATE SET orcid = excluded.orcid, email = excluded.email, phone = excluded.phone, hidden = excluded.hidden, owner = excluded.owner,
			region = excluded.region, revision = excluded.revision, updated_at = excluded.updated_at`,
		p.Resource, p.Person, p.Owner, p.Region, p.ORCID, p.Email, p.Phone, p.Hidden, p.ClaimedOn, p.Sample, p.Revision, p.CreatedAt, p.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write profile %s: %w", p.Resource, err)
	}
	return nil
}

func listProfiles(ctx context.Context, q db.Q, w *db.Where) ([]Profile, error) {
	out, err := db.All[Profile](ctx, q, `SELECT `+profileColumns+` FROM expert_profile`+w.SQL()+` ORDER BY claimed_on, resource`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list profiles: %w", err)
	}
	return out, nil
}

// profileOf is the profile of a record; zero where nobody has claimed it.
func profileOf(ctx context.Context, q db.Q, resource string) (Profile, error) {
	p, err := db.One[Profile](ctx, q, `SELECT `+profileColumns+` FROM expert_profile WHERE resource = $1`, resource)
	if errors.Is(err, db.ErrNone) {
		return Profile{}, nil
	}
	if err != nil {
		return p, fmt.Errorf("read profile %s: %w", resource, err)
	}
	return p, nil
}

// lockProfile reads the person's own profile in a transaction, and keeps others from changing it meanwhile.
func lockProfile(ctx context.Context, tx *db.Tx, resource, person string) (Profile, error) {
	n, err := tx.Exec(ctx, `UPDATE expert_profile SET revision = revision + 1 WHERE resource = $1 AND person = $2`, resource, person)
	if err != nil {
		return Profile{}, fmt.Errorf("lock profile %s: %w", resource, err)
	}
	if n == 0 {
		return Profile{}, errNotYours()
	}
	return profileOf(ctx, tx, resource)
}

func errNotYours() error {
	return fault.New(fault.NotFound, "profile-not-found", "没有找到属于您的这份专家信息。")
}

const evidenceColumns = `id, resource, kind, title, year, role, number, partner, source, address, licence, stated, at`

func insertEvidence(ctx context.Context, tx *db.Tx, list []Evidence) (int64, error) {
	rows := make([][]any, len(list))
	for i, e := range list {
		rows[i] = []any{e.ID, e.Resource, e.Kind, e.Title, e.Year, e.Role, e.Number, e.Partner, e.Source, e.Address, e.Licence, e.Stated, e.At}
	}
	n, err := tx.InsertAll(ctx, `INSERT INTO expert_evidence (`+evidenceColumns+`)`, rows, `ON CONFLICT (id) DO NOTHING`)
	if err != nil {
		return 0, fmt.Errorf("write %d pieces of evidence: %w", len(list), err)
	}
	return n, nil
}

func listEvidence(ctx context.Context, q db.Q, resource string) ([]Evidence, error) {
	out, err := db.All[Evidence](ctx, q, `SELECT `+evidenceColumns+` FROM expert_evidence WHERE resource = $1 ORDER BY year DESC, id`, resource)
	if err != nil {
		return nil, fmt.Errorf("list the evidence of %s: %w", resource, err)
	}
	return out, nil
}

func deleteEvidence(ctx context.Context, tx *db.Tx, resource, evidence string) (int64, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM expert_support WHERE evidence IN (SELECT id FROM expert_evidence WHERE resource = $1 AND id = $2)`, resource, evidence); err != nil {
		return 0, fmt.Errorf("take evidence %s from its areas: %w", evidence, err)
	}
	n, err := tx.Exec(ctx, `DELETE FROM expert_evidence WHERE resource = $1 AND id = $2`, resource, evidence)
	if err != nil {
		return 0, fmt.Errorf("remove evidence %s: %w", evidence, err)
	}
	return n, nil
}

// dropUnsupported removes the areas of a record that no evidence supports any more.
func dropUnsupported(ctx context.Context, tx *db.Tx, resource string) error {
	_, err := tx.Exec(ctx, `DELETE FROM expert_area WHERE resource = $1 AND NOT EXISTS (SELECT 1 FROM expert_support s WHERE s.area = expert_area.id)`, resource)
	if err != nil {
		return fmt.Errorf("remove areas of %s without evidence: %w", resource, err)
	}
	return nil
}

// supportRow is one piece of evidence for one area.
type supportRow struct {
	Area     string `db:"area"`
	Evidence string `db:"evidence"`
}

// listAreas are the areas a person states, each with its evidence.
func listAreas(ctx context.Context, q db.Q, resource string) ([]Area, error) {
	out, err := db.All[Area](ctx, q, `SELECT id, resource, name, position FROM expert_area WHERE resource = $1 ORDER BY position, id`, resource)
	if err != nil {
		return nil, fmt.Errorf("list the areas of %s: %w", resource, err)
	}
	rows, err := db.All[supportRow](ctx, q, `SELECT s.area, s.evidence FROM expert_support s JOIN expert_area a ON a.id = s.area WHERE a.resource = $1 ORDER BY s.area, s.evidence`, resource)
	if err != nil {
		return nil, fmt.Errorf("list what supports the areas of %s: %w", resource, err)
	}
	for i := range out {
		out[i].Evidence = []string{}
		for _, r := range rows {
			if r.Area == out[i].ID {
				out[i].Evidence = append(out[i].Evidence, r.Evidence)
			}
		}
	}
	return out, nil
}

// putAreas replaces the areas of a record.
func putAreas(ctx context.Context, tx *db.Tx, resource string, areas []Area) error {
	if err := deleteAreas(ctx, tx, resource); err != nil {
		return err
	}
	var rows, supports [][]any
	for i, a := range areas {
		rows = append(rows, []any{a.ID, resource, a.Name, int64(i)})
		for _, e := range a.Evidence {
			supports = append(supports, []any{a.ID, e})
		}
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO expert_area (id, resource, name, position)`, rows, ""); err != nil {
		return fmt.Errorf("write the areas of %s: %w", resource, err)
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO expert_support (area, evidence)`, supports, ""); err != nil {
		return fmt.Errorf("write what supports the areas of %s: %w", resource, err)
	}
	return nil
}

func deleteAreas(ctx context.Context, tx *db.Tx, resource string) error {
	for _, sql := range []string{
		`DELETE FROM expert_support WHERE area IN (SELECT id FROM expert_area WHERE resource = $1)`,
		`DELETE FROM expert_area WHERE resource = $1`,
	} {
		if _, err := tx.Exec(ctx, sql, resource); err != nil {
			return fmt.Errorf("remove the areas of %s: %w", resource, err)
		}
	}
	return nil
}

func insertStep(ctx context.Context, tx *db.Tx, object string, at db.Time, by identity.Subject, verb, from, to, note string) error {
	_, err := tx.Exec(ctx, `INSERT INTO expert_step (id, object, at, person, org, verb, from_state, to_state, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		id.New(), object, at, by.Person, by.Org, verb, from, to, note)
	if err != nil {
		return fmt.Errorf("write a step of %s: %w", object, err)
	}
	return nil
}

func listSteps(ctx context.Context, q db.Q, object string) ([]Step, error) {
	out, err := db.All[Step](ctx, q, `SELECT id, object, at, person, org, verb, from_state, to_state, note FROM expert_step WHERE object = $1 ORDER BY at, id`, object)
	if err != nil {
		return nil, fmt.Errorf("list the steps of %s: %w", object, err)
	}
	return out, nil
}
