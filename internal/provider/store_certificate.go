package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const certificateColumns = `id, org, region, kind, number, issuer, scope, valid_from, valid_to, state, whole, current, file, sha256, size, sample, revision, created_at, updated_at`

// prefixed are the certificate's columns of table c.
func prefixed() string { return "c." + strings.ReplaceAll(certificateColumns, ", ", ", c.") }

// putCertificate writes a certificate with its scope and what it covers.
func putCertificate(ctx context.Context, tx *db.Tx, c Certificate) error {
	_, err := tx.Exec(ctx, `INSERT INTO provider_certificate (`+certificateColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
		ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, number = excluded.number, issuer = excluded.issuer, scope = excluded.scope, valid_from = excluded.valid_from,
			valid_to = excluded.valid_to, state = excluded.state, whole = excluded.whole, current = excluded.current, file = excluded.file, sha256 = excluded.sha256,
			size = excluded.size, revision = excluded.revision, updated_at = excluded.updated_at`,
		c.ID, c.Org, c.Region, c.Kind, c.Number, c.Issuer, c.Scope, c.From, c.To, c.State, c.Whole, c.Current, c.File, c.SHA256, c.Size, c.Sample, c.Revision, c.CreatedAt, c.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write certificate %s: %w", c.ID, err)
	}
	return nil
}

func putScope(ctx context.Context, tx *db.Tx, c Certificate) error {
	for _, table := range []string{`DELETE FROM provider_scope WHERE certificate = $1`, `DELETE FROM provider_cover WHERE certificate = $1`} {
		if _, err := tx.Exec(ctx, table, c.ID); err != nil {
			return fmt.Errorf("replace the scope of certificate %s: %w", c.ID, err)
		}
	}
	for _, x := range c.Items {
		if _, err := tx.Exec(ctx, `INSERT INTO provider_scope (certificate, position, item, method, limits) VALUES ($1, $2, $3, $4, $5)`, c.ID, x.Position, x.Item, x.Method, x.Limits); err != nil {
			return fmt.Errorf("write the scope of certificate %s: %w", c.ID, err)
		}
	}
	for _, r := range c.Covers {
		if _, err := tx.Exec(ctx, `INSERT INTO provider_cover (certificate, resource) VALUES ($1, $2) ON CONFLICT DO NOTHING`, c.ID, r); err != nil {
			return fmt.Errorf("write what certificate %s covers: %w", c.ID, err)
		}
	}
	return nil
}

func getCertificate(ctx context.Context, q db.Q, id string) (Certificate, error) {
	c, err := db.One[Certificate](ctx, q, `SELECT `+certificateColumns+` FROM provider_certificate WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return c, fault.New(fault.NotFound, "certificate-not-found", "没有找到这份证书。")
	}
	if err != nil {
		return c, fmt.Errorf("read certificate %s: %w", id, err)
	}
	if c.Items, err = db.All[Scope](ctx, q, `SELECT certificate, position, item, method, limits FROM provider_scope WHERE certificate = $1 ORDER BY position`, id); err != nil {
		return c, fmt.Errorf("read the scope of certificate %s: %w", id, err)
	}
	if c.Covers, err = db.All[string](ctx, q, `SELECT resource FROM provider_cover WHERE certificate = $1 ORDER BY resource`, id); err != nil {
		return c, fmt.Errorf("read what certificate %s covers: %w", id, err)
	}
	return c, nil
}

func listCertificates(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Certificate, error) {
	out, err := db.All[Certificate](ctx, q, `SELECT `+certificateColumns+` FROM provider_certificate`+w.SQL()+` ORDER BY valid_to, id LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list certificates: %w", err)
	}
	return out, nil
}

// ofResource are the certificates that cover a resource or the whole of its owner, and hold on a day.
func ofResource(ctx context.Context, q db.Q, owner, resource, day string) ([]Certificate, error) {
	out, err := db.All[Certificate](ctx, q, `SELECT `+prefixed()+` FROM provider_certificate c
		WHERE c.org = $1 AND c.state IN ('stated', 'verified') AND c.valid_from <= $3 AND c.valid_to >= $3
			AND (c.whole OR EXISTS (SELECT 1 FROM provider_cover x WHERE x.certificate = c.id AND x.resource = $2)) ORDER BY c.state DESC, c.kind, c.id`, owner, resource, day)
	if err != nil {
		return nil, fmt.Errorf("read the certificates of resource %s: %w", resource, err)
	}
	return out, nil
}

// kindOf is a kind of certificate that a resource or an organisation has.
type kindOf struct {
	Object string `db:"object"`
	Kind   string `db:"kind"`
}

// currentKinds are the kinds of certificates that search counts, of resources and of organisations by their ids.
func currentKinds(ctx context.Context, q db.Q, ids []string) ([]kindOf, error) {
	var w db.Where
	w.In("x.resource", ids)
	out, err := db.All[kindOf](ctx, q, `SELECT DISTINCT x.resource AS object, c.kind FROM provider_cover x JOIN provider_certificate c ON c.id = x.certificate AND c.current`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read the certificates of %d resources: %w", len(ids), err)
	}
	var o db.Where
	o.In("c.org", ids)
	orgs, err := db.All[kindOf](ctx, q, `SELECT DISTINCT c.org AS object, c.kind FROM provider_certificate c`+o.SQL()+` AND c.current`, o.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read the certificates of %d organisations: %w", len(ids), err)
	}
	return append(out, orgs...), nil
}
