package exchange

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"qiao/internal/catalogue"
	"qiao/internal/platform/db"
)

// Leave writes everything an operator needs to take the catalogue elsewhere: a zip of one JSON object a line for
// every resource (drafts, tombstones and contact data too), every owner, the list of changes and the sources, with a
// manifest that counts them. It asks no permission: only the command line calls it.
func (s *Service) Leave(ctx context.Context, w io.Writer) error {
	z := zip.NewWriter(w)
	counts := map[string]int{}
	owners := map[string]bool{}
	err := s.DB.Snapshot(ctx, func(ctx context.Context, q db.Q) error {
		if err := lines(z, "resources.jsonl", counts, func(put func(any) error) error { return s.everyResource(ctx, q, owners, put) }); err != nil {
			return err
		}
		if err := lines(z, "owners.jsonl", counts, func(put func(any) error) error { return s.everyOwner(ctx, q, owners, put) }); err != nil {
			return err
		}
		return lines(z, "sources.jsonl", counts, func(put func(any) error) error {
			list, err := listSources(ctx, q)
			for _, src := range list {
				if err == nil {
					err = put(src)
				}
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	f, err := z.Create("manifest.json")
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	e := json.NewEncoder(f)
	e.SetIndent("", "  ")
	err = e.Encode(map[string]any{"software": "qiao", "address": s.Address, "region": s.Region, "at": secondOf(s.Clock.Now()), "lines": counts, "note": "One JSON object a line. Personal contact data is among it: keep it safe."})
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return z.Close()
}

func lines(z *zip.Writer, name string, counts map[string]int, each func(put func(any) error) error) error {
	f, err := z.Create(name)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	e := json.NewEncoder(f)
	err = each(func(v any) error { counts[name]++; return e.Encode(v) })
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

func (s *Service) everyResource(ctx context.Context, q db.Q, owners map[string]bool, put func(any) error) error {
	for after := ""; ; {
		list, err := s.Catalogue.Stands(ctx, q, after, batch)
		if err != nil || len(list) == 0 {
			return err
		}
		after = list[len(list)-1].ID
		ids := make([]string, len(list))
		for i, r := range list {
			ids[i], owners[r.Owner] = r.ID, true
		}
		rs, err := s.Catalogue.AsTheyStand(ctx, q, ids)
		if err != nil {
			return err
		}
		for _, r := range rs {
			if err := put(leaving(r)); err != nil {
				return err
			}
		}
	}
}

// leaving is a resource whole, with the names of the API where it has them.
func leaving(r catalogue.Resource) map[string]any {
	return map[string]any{
		"id": r.ID, "kind": r.Kind, "owner": r.Owner, "region": r.Region, "name_zh": r.NameZH, "name_en": r.NameEN, "summary": r.Summary, "model": r.Model, "maker": r.Maker, "class": r.Class,
		"status": r.Status, "note": r.Note, "revision": r.Revision, "origin": r.Origin, "source": r.Source, "source_id": r.SourceID, "licence": r.Licence, "retrieved_on": r.RetrievedOn,
		"access": r.Access, "free": r.Free, "voucher": r.Voucher, "booking": r.Booking, "prices": r.Prices, "fields": r.Fields, "sample": r.Sample,
		"country": r.Country, "languages": r.Languages, "identifiers": r.Identifiers, "checked_on": r.CheckedOn, "created_at": r.CreatedAt, "updated_at": r.UpdatedAt,
	}
}

func (s *Service) everyOwner(ctx context.Context, q db.Q, owners map[string]bool, put func(any) error) error {
	ids := make([]string, 0, len(owners))
	for o := range owners {
		ids = append(ids, o)
	}
	orgs, err := s.Orgs.Organisations(ctx, q, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		o := orgs[id]
		err := put(map[string]any{
			"id": o.ID, "name_zh": o.NameZH, "name_en": o.NameEN, "uscc": o.USCC, "ror": o.ROR, "region": o.Region, "kind": o.Kind, "parent": o.Parent, "status": o.Status, "address": o.Address, "website": o.Website,
			"source": o.Source, "source_id": o.SourceID, "licence": o.Licence, "retrieved_on": o.RetrievedOn, "sample": o.Sample,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
