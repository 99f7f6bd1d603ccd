package provider

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

const membershipColumns = `id, number, org, region, state, form, about, contact, phone, email, offers, offer, stated, agreement, term_from, term_to, sha256, offered_by, granted, sample, revision, created_at, updated_at`

func putMembership(ctx context.Context, tx *db.Tx, m Membership) error {
	_, err := tx.Exec(ctx, `INSERT INTO provider_membership (`+membershipColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
		ON CONFLICT (id) DO UPDATE SET number = excluded.number, state = excluded.state, form = excluded.form, about = excluded.about, contact = excluded.contact,
			phone = excluded.phone, email = excluded.email, offers = excluded.offers, offer = excluded.offer, stated = excluded.stated, agreement = excluded.agreement,
			term_from = excluded.term_from, term_to = excluded.term_to, sha256 = excluded.sha256, offered_by = excluded.offered_by, granted = excluded.granted,
			revision = excluded.revision, updated_at = excluded.updated_at`,
		m.ID, m.Number, m.Org, m.Region, m.State, m.Form, m.About, m.Contact, m.Phone, m.Email, m.Offers, m.Offer, m.Stated, m.Agreement, m.From, m.To, m.SHA256,
		m.OfferedBy, m.Granted, m.Sample, m.Revision, m.CreatedAt, m.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write membership %s: %w", m.ID, err)
	}
	return nil
}

func listMemberships(ctx context.Context, q db.Q, w *db.Where, tail string) ([]Membership, error) {
	out, err := db.All[Membership](ctx, q, `SELECT `+membershipColumns+` FROM provider_membership`+w.SQL()+` `+tail, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list memberships: %w", err)
	}
	return out, nil
}

// getMembership is a membership with its checks and documents.
func getMembership(ctx context.Context, q db.Q, id string) (Membership, error) {
	m, err := db.One[Membership](ctx, q, `SELECT `+membershipColumns+` FROM provider_membership WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return m, fault.New(fault.NotFound, "membership-not-found", "没有找到这份加盟申请。")
	}
	if err != nil {
		return m, fmt.Errorf("read membership %s: %w", id, err)
	}
	if m.Checks, err = db.All[Check](ctx, q, `SELECT membership, code, verdict, note, person, at FROM provider_check WHERE membership = $1 ORDER BY code`, id); err != nil {
		return m, fmt.Errorf("read the checks of %s: %w", id, err)
	}
	if m.Documents, err = db.All[Document](ctx, q, `SELECT id, membership, code, name, sha256, size, person, at FROM provider_document WHERE membership = $1 ORDER BY id`, id); err != nil {
		return m, fmt.Errorf("read the documents of %s: %w", id, err)
	}
	return m, nil
}

// newestOf is the newest membership of an organisation; ErrNone when it never began one.
func newestOf(ctx context.Context, q db.Q, org string) (Membership, error) {
	one, err := db.One[string](ctx, q, `SELECT id FROM provider_membership WHERE org = $1 ORDER BY id DESC LIMIT 1`, org)
	if err != nil {
		return Membership{}, err
	}
	return getMembership(ctx, q, one)
}

func putCheck(ctx context.Context, tx *db.Tx, c Check) error {
	_, err := tx.Exec(ctx, `INSERT INTO provider_check (membership, code, verdict, note, person, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (membership, code) DO UPDATE SET verdict = excluded.verdict, note = excluded.note, person = excluded.person, at = excluded.at`,
		c.Membership, c.Code, c.Verdict, c.Note, c.Person, c.At)
	if err != nil {
		return fmt.Errorf("write a check of %s: %w", c.Membership, err)
	}
	return nil
}

func insertDocument(ctx context.Context, tx *db.Tx, d Document) error {
	_, err := tx.Exec(ctx, `INSERT INTO provider_document (id, membership, code, name, sha256, size, person, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		d.ID, d.Membership, d.Code, d.Name, d.SHA256, d.Size, d.Person, d.At)
	if err != nil {
		return fmt.Errorf("write a document of %s: %w", d.Membership, err)
	}
	return nil
}

func deleteDocument(ctx context.Context, tx *db.Tx, membership, document string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM provider_document WHERE membership = $1 AND id = $2`, membership, document); err != nil {
		return fmt.Errorf("remove document %s: %w", document, err)
	}
	return nil
}

func insertStep(ctx context.Context, tx *db.Tx, object string, at db.Time, by identity.Subject, verb, from, to, note string) error {
	_, err := tx.Exec(ctx, `INSERT INTO provider_step (id, object, at, person, org, verb, from_state, to_state, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		id.New(), object, at, by.Person, by.Org, verb, from, to, note)
	if err != nil {
		return fmt.Errorf("write a step of %s: %w", object, err)
	}
	return nil
}

func listSteps(ctx context.Context, q db.Q, object string) ([]Step, error) {
	out, err := db.All[Step](ctx, q, `SELECT id, object, at, person, org, verb, from_state, to_state, note FROM provider_step WHERE object = $1 ORDER BY at, id`, object)
	if err != nil {
		return nil, fmt.Errorf("list the steps of %s: %w", object, err)
	}
	return out, nil
}

const admissionColumns = `id, resource, owner, region, name, state, note, revision, created_at, updated_at`

func putAdmission(ctx context.Context, tx *db.Tx, a Admission) error {
	_, err := tx.Exec(ctx, `INSERT INTO provider_admission (`+admissionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, note = excluded.note, revision = excluded.revision, updated_at = excluded.updated_at`,
		a.ID, a.Resource, a.Owner, a.Region, a.Name, a.State, a.Note, a.Revision, a.CreatedAt, a.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write admission %s: %w", a.ID, err)
	}
	return nil
}

func listAdmissions(ctx context.Context, q db.Q, w *db.Where) ([]Admission, error) {
	out, err := db.All[Admission](ctx, q, `SELECT `+admissionColumns+` FROM provider_admission`+w.SQL()+` ORDER BY id DESC LIMIT 200`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list admissions: %w", err)
	}
	return out, nil
}

func getAdmission(ctx context.Context, q db.Q, id string) (Admission, error) {
	var w db.Where
	w.And("id = ?", id)
	l, err := listAdmissions(ctx, q, &w)
	if err != nil {
		return Admission{}, err
	}
	if len(l) == 0 {
		return Admission{}, fault.New(fault.NotFound, "admission-not-found", "没有找到这项设备加盟。")
	}
	return l[0], nil
}

const clockColumns = `resource, name, owner, region, worth, accepted_on, rule, due_on, reported_on, updated_at`

func putClock(ctx context.Context, tx *db.Tx, c Clock) error {
	_, err := tx.Exec(ctx, `INSERT INTO provider_clock (`+clockColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (resource) DO UPDATE SET name = excluded.name, owner = excluded.owner, region = excluded.region, worth = excluded.worth, accepted_on = excluded.accepted_on,
			rule = excluded.rule, due_on = excluded.due_on, reported_on = excluded.reported_on, updated_at = excluded.updated_at`,
		c.Resource, c.Name, c.Owner, c.Region, c.Worth, c.AcceptedOn, c.Rule, c.DueOn, c.ReportedOn, c.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write the clock of %s: %w", c.Resource, err)
	}
	return nil
}

func deleteClock(ctx context.Context, tx *db.Tx, resource string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM provider_clock WHERE resource = $1`, resource); err != nil {
		return fmt.Errorf("remove the clock of %s: %w", resource, err)
	}
	return nil
}

func listClocks(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Clock, error) {
	out, err := db.All[Clock](ctx, q, `SELECT `+clockColumns+` FROM provider_clock`+w.SQL()+` ORDER BY reported_on, due_on, resource LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list reporting clocks: %w", err)
	}
	return out, nil
}

// remind notes that something was said; false when it had been said before.
func remind(ctx context.Context, tx *db.Tx, object, code string, at db.Time) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO provider_reminder (object, code, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, object, code, at)
	if err != nil {
		return false, fmt.Errorf("note a reminder of %s: %w", object, err)
	}
	return n == 1, nil
}
