package expert

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks what must always hold of people: no contact without consent, nothing public against their will.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	for _, x := range []struct{ code, text, sql string }{
		{"expert.contact", "a request for contact is open without the person's consent", `SELECT r.id FROM expert_request r WHERE r.state IN ('sent', 'accepted') AND NOT EXISTS
			(SELECT 1 FROM expert_consent c WHERE c.resource = r.resource AND c.purpose = 'contact' AND c.revoked_on = '') ORDER BY r.id`},
		{"expert.claim", "a profile without a verified claim of its person", `SELECT p.resource FROM expert_profile p WHERE NOT EXISTS
			(SELECT 1 FROM expert_claim c WHERE c.resource = p.resource AND c.person = p.person AND c.state = 'verified') ORDER BY p.resource`},
		{"expert.disclosure", "addresses were shown for a request that was never accepted", `SELECT d.request FROM expert_disclosure d WHERE NOT EXISTS
			(SELECT 1 FROM expert_step s WHERE s.object = d.request AND s.verb = 'accept') ORDER BY d.request`},
		{"expert.support", "an area that no evidence supports", `SELECT a.id FROM expert_area a WHERE NOT EXISTS (SELECT 1 FROM expert_support s WHERE s.area = a.id) ORDER BY a.id`},
		{"expert.hidden", "agreed to be public, but hidden", `SELECT p.resource FROM expert_profile p WHERE p.hidden AND EXISTS
			(SELECT 1 FROM expert_consent c WHERE c.resource = p.resource AND c.purpose = 'publish' AND c.revoked_on = '') ORDER BY p.resource`},
	} {
		bad, err := db.All[string](ctx, q, x.sql)
		if err != nil {
			return nil, fmt.Errorf("verify %s: %w", x.code, err)
		}
		for _, object := range bad {
			out = append(out, verify.Finding{Code: x.code, Object: object, Text: x.text})
		}
	}
	public, err := s.verifyPublic(ctx, q)
	if err != nil {
		return nil, err
	}
	worded, err := s.verifyWording(ctx, q)
	return append(append(out, public...), worded...), err
}

// verifyPublic looks for records that stand in the catalogue though their person does not want that.
func (s *Service) verifyPublic(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	gone, err := db.All[string](ctx, q, `SELECT DISTINCT resource FROM expert_barred ORDER BY resource`)
	if err != nil {
		return nil, fmt.Errorf("verify who wants no record: %w", err)
	}
	var out []verify.Finding
	for part := range slices.Chunk(gone, 500) {
		list, err := s.catalogue.Any(ctx, q, part)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			if r.Live() {
				out = append(out, verify.Finding{Code: "expert.public", Object: r.ID, Text: "the record is public, though its person does not want it to be"})
			}
		}
	}
	return out, nil
}

// verifyWording looks for consents to a wording that the data does not have, or that was another.
func (s *Service) verifyWording(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	list, err := listConsents(ctx, q, &db.Where{})
	for _, c := range list {
		if p, ok := s.rules.wording(c.Purpose, c.Version); !ok || p.SHA256() != c.SHA256 {
			out = append(out, verify.Finding{Code: "expert.wording", Object: c.ID, Text: "a consent to a text that is not the one kept"})
		}
	}
	return out, err
}
