package identity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
)

// organisationColumns are the columns of an Organisation, NULL read as an empty text.
const organisationColumns = `o.id, o.name_zh, o.name_en, COALESCE(o.uscc, '') AS uscc, o.uscc_note, o.region, o.kind,
	COALESCE(o.parent, '') AS parent, o.status, o.status_reason, o.address, o.website, COALESCE(o.ror, '') AS ror, o.lat, o.lng,
	o.source, o.source_id, o.licence, o.retrieved_on, o.sample, o.revision, o.created_at, o.updated_at`

// absent writes an empty text as NULL.
func absent(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }

func getOrganisation(ctx context.Context, q db.Q, id string) (Organisation, error) {
	return db.One[Organisation](ctx, q, `SELECT `+organisationColumns+` FROM identity_organisation o WHERE o.id = $1`, id)
}

func listOrganisations(ctx context.Context, q db.Q, ids []string) ([]Organisation, error) {
	var w db.Where
	w.In("o.id", ids)
	return db.All[Organisation](ctx, q, `SELECT `+organisationColumns+` FROM identity_organisation o`+w.SQL(), w.Args()...)
}

func childOrganisations(ctx context.Context, q db.Q, parent string) ([]Organisation, error) {
	return db.All[Organisation](ctx, q, `SELECT `+organisationColumns+` FROM identity_organisation o WHERE o.parent = $1 ORDER BY o.id`, parent)
}

// findPublic is the id of the record with this source and source id, or with this ROR; empty when there is none.
func findPublic(ctx context.Context, q db.Q, o Organisation) (string, error) {
	id, err := db.One[string](ctx, q, `SELECT id FROM identity_organisation
		WHERE (source = $1 AND source_id = $2 AND source <> '') OR (ror = $3 AND ror <> '') ORDER BY id LIMIT 1`, o.Source, o.SourceID, o.ROR)
	if errors.Is(err, db.ErrNone) {
		return "", nil
	}
	return id, err
}

// organisationWithUSCC is the organisation that has the code; ErrNone when there is none.
func organisationWithUSCC(ctx context.Context, q db.Q, uscc string) (Organisation, error) {
	return db.One[Organisation](ctx, q, `SELECT `+organisationColumns+` FROM identity_organisation o WHERE o.uscc = $1`, uscc)
}

// insertOrganisation writes a new organisation; false when its id, code or source is taken.
func insertOrganisation(ctx context.Context, tx *db.Tx, o Organisation) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO identity_organisation (id, name_zh, name_en, uscc, uscc_note, region, kind, parent, status, status_reason,
			address, website, ror, lat, lng, source, source_id, licence, retrieved_on, sample, revision, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
		ON CONFLICT DO NOTHING`,
		o.ID, o.NameZH, o.NameEN, absent(o.USCC), o.USCCNote, o.Region, o.Kind, absent(o.Parent), o.Status, o.StatusReason,
		o.Address, o.Website, absent(o.ROR), o.Lat, o.Lng, o.Source, o.SourceID, o.Licence, o.RetrievedOn, o.Sample, o.Revision, o.CreatedAt, o.UpdatedAt)
	if err != nil {
		return false, fmt.Errorf("insert organisation %s: %w", o.ID, err)
	}
	return n == 1, nil
}

// updateOrganisation writes all of o over the row of the revision before; false when someone else was quicker.
func updateOrganisation(ctx context.Context, tx *db.Tx, o Organisation) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE identity_organisation SET name_zh = $2, name_en = $3, uscc = $4, uscc_note = $5, region = $6, kind = $7,
			parent = $8, status = $9, status_reason = $10, address = $11, website = $12, ror = $13, lat = $14, lng = $15,
			retrieved_on = $16, revision = $17, updated_at = $18
		WHERE id = $1 AND revision = $19`,
		o.ID, o.NameZH, o.NameEN, absent(o.USCC), o.USCCNote, o.Region, o.Kind, absent(o.Parent), o.Status, o.StatusReason,
		o.Address, o.Website, absent(o.ROR), o.Lat, o.Lng, o.RetrievedOn, o.Revision, o.UpdatedAt, o.Revision-1)
	if err != nil {
		return false, fmt.Errorf("update organisation %s: %w", o.ID, err)
	}
	return n == 1, nil
}

func capacitiesOf(ctx context.Context, q db.Q, organisation string) ([]Capacity, error) {
	return db.All[Capacity](ctx, q, `SELECT organisation, capacity, valid_from, valid_to, verified_on, verified_by
		FROM identity_capacity WHERE organisation = $1 ORDER BY capacity, valid_from`, organisation)
}

func putCapacity(ctx context.Context, tx *db.Tx, c Capacity) error {
	_, err := tx.Exec(ctx, `INSERT INTO identity_capacity (organisation, capacity, valid_from, valid_to, verified_on, verified_by)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (organisation, capacity, valid_from) DO UPDATE SET valid_to = excluded.valid_to,
			verified_on = excluded.verified_on, verified_by = excluded.verified_by`,
		c.Organisation, c.Capacity, c.ValidFrom, c.ValidTo, c.VerifiedOn, c.VerifiedBy)
	if err != nil {
		return fmt.Errorf("write capacity %s of %s: %w", c.Capacity, c.Organisation, err)
	}
	return nil
}

// dropAsked removes the capacities asked for and not verified, before others are asked for.
func dropAsked(ctx context.Context, tx *db.Tx, organisation string) error {
	_, err := tx.Exec(ctx, `DELETE FROM identity_capacity WHERE organisation = $1 AND verified_on = ''`, organisation)
	if err != nil {
		return fmt.Errorf("drop the capacities asked for by %s: %w", organisation, err)
	}
	return nil
}

// verifyAsked verifies every capacity the organisation asked for, and returns which.
func verifyAsked(ctx context.Context, tx *db.Tx, organisation, day, by string) ([]string, error) {
	return db.All[string](ctx, tx, `UPDATE identity_capacity SET verified_on = $2, verified_by = $3
		WHERE organisation = $1 AND verified_on = '' RETURNING capacity`, organisation, day, by)
}

// heldCapacities are the capacities that are verified and hold on the day, of a verified organisation.
func heldCapacities(ctx context.Context, q db.Q, organisation, day string) ([]string, error) {
	return db.All[string](ctx, q, `SELECT DISTINCT c.capacity FROM identity_capacity c JOIN identity_organisation o ON o.id = c.organisation
		WHERE c.organisation = $1 AND o.status = 'verified' AND c.verified_on <> '' AND c.valid_from <= $2 AND (c.valid_to = '' OR c.valid_to >= $2)
		ORDER BY c.capacity`, organisation, day)
}

func peopleOf(ctx context.Context, q db.Q, organisation, day string, roles []string) ([]PersonRef, error) {
	var w db.Where
	w.And("m.organisation = ?", organisation)
	w.And("p.active AND (m.valid_to = '' OR m.valid_to >= ?)", day)
	if len(roles) > 0 {
		w.In("m.role", roles)
	}
	return db.All[PersonRef](ctx, q, `SELECT p.id, p.name, p.login AS email, p.phone, p.language, m.role
		FROM identity_membership m JOIN identity_person p ON p.id = m.person`+w.SQL()+` ORDER BY m.id`, w.Args()...)
}

// codeHolders counts the other organisations that have o's code or ROR.
func codeHolders(ctx context.Context, q db.Q, o Organisation) (int64, error) {
	return db.One[int64](ctx, q, `SELECT COUNT(*) FROM identity_organisation WHERE (uscc = $1 OR ror = $2) AND id <> $3`, o.USCC, o.ROR, o.ID)
}

// lockOrganisation lets one transaction at a time decide about the organisation's people: writing is the lock.
func lockOrganisation(ctx context.Context, tx *db.Tx, organisation string) error {
	if _, err := tx.Exec(ctx, `UPDATE identity_organisation SET revision = revision WHERE id = $1`, organisation); err != nil {
		return fmt.Errorf("lock organisation %s: %w", organisation, err)
	}
	return nil
}

// endCapacity ends what holds of a capacity: a row of today goes, an older one has yesterday as its last day.
func endCapacity(ctx context.Context, tx *db.Tx, organisation, capacity, today, yesterday string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM identity_capacity WHERE organisation = $1 AND capacity = $2 AND valid_from >= $3`, organisation, capacity, today); err != nil {
		return fmt.Errorf("end capacity %s of %s: %w", capacity, organisation, err)
	}
	if _, err := tx.Exec(ctx, `UPDATE identity_capacity SET valid_to = $4 WHERE organisation = $1 AND capacity = $2 AND valid_from < $3 AND (valid_to = '' OR valid_to > $4)`,
		organisation, capacity, today, yesterday); err != nil {
		return fmt.Errorf("end capacity %s of %s: %w", capacity, organisation, err)
	}
	return nil
}
