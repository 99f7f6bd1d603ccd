package exchange

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
)

// Table is one kind of thing of another module that belongs to what is taken away.
type Table struct {
	Name string // of the file
	Each func(ctx context.Context, q db.Q, put func(any) error) error
}

// file is one file of what is taken away, as the manifest lists it.
type file struct {
	Name   string `json:"name"`
	Rows   int    `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// manifest says what is in the zip.
type manifest struct {
	Software string `json:"software"`
	Address  string `json:"address"`
	Region   string `json:"region"`
	Made     string `json:"made"`
	Files    []file `json:"files"`
	Licence  string `json:"licence"`
	Note     string `json:"note"`
}

// Leave writes everything an operator needs to take the catalogue elsewhere: a zip of one JSON object a line for
// every resource (drafts, tombstones and contact data too), every organisation, the sources that are harvested and the tables
// of other modules, with a manifest: rows, bytes and SHA-256 of each file, when it was made, and under which licence. All is
// read at one moment. It asks no permission: only the command line calls it.
func (s *Service) Leave(ctx context.Context, w io.Writer) error {
	z := zip.NewWriter(w)
	m := manifest{
		Software: "qiao", Address: s.Address, Region: s.Region, Made: secondOf(s.Clock.Now()),
		Licence: "Each resource and organisation carries the licence of its source; what owners entered themselves stands under the terms of this node.",
		Note:    "One JSON object a line. Personal contact data is among it: keep it safe. Photos and documents are not: qiao backup has them.",
	}
	tables := []Table{
		{"resources.jsonl", s.everyResource}, {"organisations.jsonl", s.everyOrganisation},
		{"sources.jsonl", func(ctx context.Context, q db.Q, put func(any) error) error {
			list, err := listSources(ctx, q)
			for _, src := range list {
				if err == nil {
					err = put(src)
				}
			}
			return err
		}},
	}
	err := s.DB.Snapshot(ctx, func(ctx context.Context, q db.Q) error {
		for _, t := range append(tables, s.Tables...) {
			f, err := lines(ctx, q, z, t)
			if err != nil {
				return err
			}
			m.Files = append(m.Files, f)
		}
		return nil
	})
	if err != nil {
		return err
	}
	f, err := z.Create("manifest.json")
	if err == nil {
		e := json.NewEncoder(f)
		e.SetIndent("", "  ")
		err = e.Encode(m)
	}
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return z.Close()
}

// lines writes one table as a file of the zip.
func lines(ctx context.Context, q db.Q, z *zip.Writer, t Table) (file, error) {
	out := file{Name: t.Name}
	f, err := z.Create(t.Name)
	if err != nil {
		return out, fmt.Errorf("write %s: %w", t.Name, err)
	}
	sum, size := sha256.New(), &counter{}
	e := json.NewEncoder(io.MultiWriter(f, sum, size))
	if err := t.Each(ctx, q, func(v any) error { out.Rows++; return e.Encode(v) }); err != nil {
		return out, fmt.Errorf("write %s: %w", t.Name, err)
	}
	out.Bytes, out.SHA256 = size.n, hex.EncodeToString(sum.Sum(nil))
	return out, nil
}

// counter counts bytes.
type counter struct{ n int64 }

func (c *counter) Write(b []byte) (int, error) {
	c.n += int64(len(b))
	return len(b), nil
}

func (s *Service) everyResource(ctx context.Context, q db.Q, put func(any) error) error {
	for after := ""; ; {
		list, err := s.Catalogue.Stands(ctx, q, after, batch)
		if err != nil || len(list) == 0 {
			return err
		}
		after = list[len(list)-1].ID
		ids := make([]string, len(list))
		for i, r := range list {
			ids[i] = r.ID
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

// everyOrganisation puts those that are listed, and the owners that are not, once each.
func (s *Service) everyOrganisation(ctx context.Context, q db.Q, put func(any) error) error {
	seen := map[string]bool{}
	for after := ""; ; {
		list, err := s.Orgs.Listed(ctx, q, after, batch)
		if err != nil {
			return err
		}
		for _, o := range list {
			after, seen[o.ID] = o.ID, true
			if err := put(organisation(o)); err != nil {
				return err
			}
		}
		if len(list) < batch {
			break
		}
	}
	return s.otherOwners(ctx, q, seen, put)
}

// otherOwners puts the owners of resources that no list has: those who have left, or were never verified.
func (s *Service) otherOwners(ctx context.Context, q db.Q, seen map[string]bool, put func(any) error) error {
	for after := ""; ; {
		list, err := s.Catalogue.Stands(ctx, q, after, batch)
		if err != nil || len(list) == 0 {
			return err
		}
		after = list[len(list)-1].ID
		var ids []string
		for _, r := range list {
			if !seen[r.Owner] {
				ids, seen[r.Owner] = append(ids, r.Owner), true
			}
		}
		orgs, err := s.Orgs.Organisations(ctx, q, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if o, there := orgs[id]; there {
				if err := put(organisation(o)); err != nil {
					return err
				}
			}
		}
	}
}

func organisation(o identity.Organisation) map[string]any {
	return map[string]any{
		"id": o.ID, "name_zh": o.NameZH, "name_en": o.NameEN, "uscc": o.USCC, "ror": o.ROR, "region": o.Region, "kind": o.Kind, "parent": o.Parent, "status": o.Status, "address": o.Address, "website": o.Website,
		"source": o.Source, "source_id": o.SourceID, "licence": o.Licence, "retrieved_on": o.RetrievedOn, "sample": o.Sample,
	}
}
