package identity

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// invariant is one thing that must hold: a query for the ids of what breaks it.
type invariant struct {
	code, text, sql string
}

func invariants() []invariant {
	return []invariant{
		{"identity.people", "an organisation with people has an active one", `SELECT o.id FROM identity_organisation o
			WHERE o.status <> 'unclaimed' AND EXISTS (SELECT 1 FROM identity_membership m WHERE m.organisation = o.id)
			AND NOT EXISTS (SELECT 1 FROM identity_membership m JOIN identity_person p ON p.id = m.person
				WHERE m.organisation = o.id AND m.valid_to = '' AND p.active)`},
		{"identity.registered", "an organisation that waits for verification has someone who registered it", `SELECT o.id FROM identity_organisation o
			WHERE o.status IN ('registered', 'refused') AND NOT EXISTS (SELECT 1 FROM identity_membership m WHERE m.organisation = o.id AND m.role = 'admin')`},
		{"identity.unclaimed", "a public record has its source and no members", `SELECT o.id FROM identity_organisation o
			WHERE o.status = 'unclaimed' AND (o.source = '' OR o.source_id = '' OR EXISTS (SELECT 1 FROM identity_membership m WHERE m.organisation = o.id))`},
		{"identity.verified", "a verified organisation has a verified capacity", `SELECT o.id FROM identity_organisation o
			WHERE o.status = 'verified' AND NOT EXISTS (SELECT 1 FROM identity_capacity c WHERE c.organisation = o.id AND c.verified_on <> '')`},
		{"identity.capacity", "periods of one capacity do not overlap", `SELECT DISTINCT a.organisation FROM identity_capacity a
			JOIN identity_capacity b ON b.organisation = a.organisation AND b.capacity = a.capacity AND b.valid_from > a.valid_from
			WHERE a.valid_to = '' OR b.valid_from <= a.valid_to`},
		{"identity.region", "the region of an organisation exists", `SELECT o.id FROM identity_organisation o
			WHERE NOT EXISTS (SELECT 1 FROM identity_region r WHERE r.code = o.region)`},
		{"identity.acting", "a session and a token act as a membership of their own person", `SELECT x.id FROM
			(SELECT id, person, membership FROM identity_session UNION ALL SELECT id, person, membership FROM identity_token) x
			WHERE x.membership <> '' AND NOT EXISTS (SELECT 1 FROM identity_membership m WHERE m.id = x.membership AND m.person = x.person)`},
		{"identity.parent", "an organisation is not part of itself", `SELECT o.id FROM identity_organisation o
			LEFT JOIN identity_organisation p ON p.id = o.parent WHERE o.parent = o.id OR p.parent = o.id`},
	}
}

// Verify checks what must hold of people and organisations; an empty list means all is well.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var found []verify.Finding
	for _, i := range invariants() {
		ids, err := db.All[string](ctx, q, i.sql)
		if err != nil {
			return nil, fmt.Errorf("verify %s: %w", i.code, err)
		}
		for _, id := range ids {
			found = append(found, verify.Finding{Code: i.code, Object: id, Text: "must hold: " + i.text})
		}
	}
	shaped, err := s.verifyCodes(ctx, q)
	return append(found, shaped...), err
}

type codes struct {
	ID   string `db:"id"`
	USCC string `db:"uscc"`
	Note string `db:"uscc_note"`
	ROR  string `db:"ror"`
}

// verifyCodes checks codes by their check characters, which SQL cannot: one that fails needs its evidence.
func (s *Service) verifyCodes(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	rows, err := db.All[codes](ctx, q, `SELECT id, COALESCE(uscc, '') AS uscc, uscc_note, COALESCE(ror, '') AS ror
		FROM identity_organisation WHERE uscc IS NOT NULL OR ror IS NOT NULL ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("verify codes: %w", err)
	}
	var found []verify.Finding
	for _, r := range rows {
		if r.USCC != "" && CheckUSCC(r.USCC) != nil && (!USCCWarning(CheckUSCC(r.USCC)) || r.Note == "") {
			found = append(found, verify.Finding{Code: "identity.uscc", Object: r.ID, Text: "the unified social credit code fails its check and has no evidence"})
		}
		if r.ROR != "" && !ValidROR(r.ROR) {
			found = append(found, verify.Finding{Code: "identity.ror", Object: r.ID, Text: "the ROR id fails its check"})
		}
	}
	return found, nil
}
