package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/textindex"
	"qiao/internal/platform/verify"
)

// Reindex brings the index up to date for some resources and organisations. The application calls it
// from the change feed; ids that are gone or not public leave the index.
func (s *Service) Reindex(ctx context.Context, ids []string) error {
	for part := range slices.Chunk(ids, chunk) {
		docs, err := s.documents(ctx, s.DB, part)
		if err != nil {
			return err
		}
		b := textindex.Batch{}
		for _, x := range part {
			if d, ok := docs[x]; ok {
				b.Put = append(b.Put, d)
			} else {
				b.Delete = append(b.Delete, x)
			}
		}
		if err := s.Index.Apply(ctx, b); err != nil {
			return fmt.Errorf("index %d records: %w", len(part), err)
		}
	}
	return nil
}

// Rebuild makes the index hold exactly the live catalogue: at the start without a snapshot.
func (s *Service) Rebuild(ctx context.Context) error {
	stale := s.Index.Digests()
	err := s.walk(ctx, s.DB, func(docs []textindex.Document) error {
		for _, d := range docs {
			delete(stale, d.ID)
		}
		return s.Index.Apply(ctx, textindex.Batch{Put: docs})
	})
	if err != nil {
		return fmt.Errorf("rebuild the index: %w", err)
	}
	gone := make([]string, 0, len(stale))
	for x := range stale {
		gone = append(gone, x)
	}
	return s.Reindex(ctx, gone) // not deleted blindly: a record may have come in while we walked
}

// walk gives the documents of the live catalogue in parts.
func (s *Service) walk(ctx context.Context, q db.Q, fn func([]textindex.Document) error) error {
	for after := ""; ; {
		ids, err := liveIDs(ctx, q, after, chunk)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		after = ids[len(ids)-1]
		docs, err := s.documents(ctx, q, ids)
		if err != nil {
			return err
		}
		if err := fn(inOrder(ids, docs)); err != nil {
			return err
		}
	}
	if s.Institutions == nil {
		return nil
	}
	for after := ""; ; {
		orgs, err := s.Institutions(ctx, q, after, chunk)
		if err != nil {
			return fmt.Errorf("list organisations: %w", err)
		}
		if len(orgs) == 0 {
			return nil
		}
		after = orgs[len(orgs)-1].ID
		ids := make([]string, len(orgs))
		for i, o := range orgs {
			ids[i] = o.ID
		}
		also, err := s.alsoCalled(ctx, q, ids)
		if err != nil {
			return err
		}
		var docs []textindex.Document
		proofs, err := s.proofs(ctx, q, ids)
		if err != nil {
			return err
		}
		for _, o := range orgs {
			if listed(o) {
				docs = append(docs, proven(institution(o, also[o.ID]), proofs))
			}
		}
		if err := fn(docs); err != nil {
			return err
		}
	}
}

// listed organisations have a public page.
func listed(o identity.Organisation) bool {
	return o.Status == identity.StatusUnclaimed || o.Status == identity.StatusVerified
}

func inOrder(ids []string, docs map[string]textindex.Document) []textindex.Document {
	out := make([]textindex.Document, 0, len(docs))
	for _, x := range ids {
		if d, ok := docs[x]; ok {
			out = append(out, d)
		}
	}
	return out
}

// proofs are the kinds of certificates of resources and organisations; none where nobody keeps certificates.
func (s *Service) proofs(ctx context.Context, q db.Q, ids []string) (map[string][]string, error) {
	if s.Certificates == nil {
		return nil, nil
	}
	out, err := s.Certificates(ctx, q, ids)
	if err != nil {
		return nil, fmt.Errorf("read the certificates of %d records: %w", len(ids), err)
	}
	return out, nil
}

// proven adds to a document the kinds of certificates it has.
func proven(d textindex.Document, proofs map[string][]string) textindex.Document {
	if kinds := proofs[d.ID]; len(kinds) > 0 {
		d.Keywords[columnProof] = kinds
	}
	return d
}

// documents makes the documents of those ids that stand in the catalogue.
func (s *Service) documents(ctx context.Context, q db.Q, ids []string) (map[string]textindex.Document, error) {
	rs, err := s.Resources(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	wanted := append([]string(nil), ids...)
	for _, r := range rs {
		wanted = append(wanted, r.Owner)
	}
	orgs, err := s.Orgs.Organisations(ctx, q, wanted)
	if err != nil {
		return nil, fmt.Errorf("read owners: %w", err)
	}
	proofs, err := s.proofs(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]textindex.Document, len(ids))
	for _, r := range rs {
		if k, ok := s.kinds.Find(r.Kind); ok {
			out[r.ID] = proven(document(r, k, orgs[r.Owner]), proofs)
		}
	}
	if s.Institutions != nil {
		also, err := s.alsoCalled(ctx, q, ids)
		if err != nil {
			return nil, err
		}
		for _, x := range ids {
			if o, ok := orgs[x]; ok && listed(o) {
				out[x] = proven(institution(o, also[x]), proofs)
			}
		}
	}
	return out, nil
}

// alsoCalled are the other names of some organisations.
func (s *Service) alsoCalled(ctx context.Context, q db.Q, orgs []string) (map[string][]string, error) {
	if s.Aliases == nil {
		return nil, nil
	}
	also, err := s.Aliases(ctx, q, orgs)
	if err != nil {
		return nil, fmt.Errorf("read other names of organisations: %w", err)
	}
	return also, nil
}

// Verify checks that the index holds exactly the live catalogue, that each resource's history reaches
// its revision, and that no owner is missing.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	if s.Index != nil {
		turned, err := turnedDay(ctx, q)
		if err != nil {
			return nil, err
		}
		turned = cmp.Or(turned, s.today())
		held := s.Index.Digests()
		err = s.walk(ctx, q, func(docs []textindex.Document) error {
			for _, d := range docs {
				if got, ok := held[d.ID]; !ok {
					out = append(out, verify.Finding{Code: "catalogue.index-missing", Object: d.ID, Text: "stands in the catalogue, but not in the search index"})
				} else if got != d.Digest() && turned == s.today() { // after midnight it may take a minute until Turn has told the index
					out = append(out, verify.Finding{Code: "catalogue.index-stale", Object: d.ID, Text: "the search index holds an older version"})
				}
				delete(held, d.ID)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("verify the index: %w", err)
		}
		for x := range held {
			out = append(out, verify.Finding{Code: "catalogue.index-extra", Object: x, Text: "stands in the search index, but not in the catalogue"})
		}
	}
	broken, err := db.All[string](ctx, q, `SELECT r.id FROM catalogue_resource r LEFT JOIN (SELECT resource, count(*) AS n, max(revision) AS last FROM catalogue_history GROUP BY resource) h
		ON h.resource = r.id WHERE h.n IS NULL OR h.n <> r.revision OR h.last <> r.revision ORDER BY r.id`)
	if err != nil {
		return nil, fmt.Errorf("verify histories: %w", err)
	}
	for _, x := range broken {
		out = append(out, verify.Finding{Code: "catalogue.history", Object: x, Text: "the history does not reach the resource's revision without a gap"})
	}
	return out, nil
}
