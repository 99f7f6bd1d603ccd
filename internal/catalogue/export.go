package catalogue

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
)

// Formats are what Export writes.
func Formats() []string { return []string{"csv", "xlsx", "uniquip", "pidinst", "nrii"} }

// Export writes what stands in the catalogue in a format of Formats: instruments and facilities in the
// exchange formats, everything in xlsx, instruments in csv. Contact data of persons is left out of files
// made for everybody.
func (s *Service) Export(ctx context.Context, w io.Writer, format string) error {
	return s.ExportKind(ctx, w, format, "")
}

// ExportKind is Export for one kind.
func (s *Service) ExportKind(ctx context.Context, w io.Writer, format, kind string) error {
	if !slices.Contains(Formats(), format) {
		return fault.New(fault.Invalid, "format-unknown", "不认识的导出格式“{0}”。可以用：{1}。", format, strings.Join(Formats(), "、"))
	}
	if format == "csv" {
		kind = cmp.Or(kind, "instrument")
	}
	rs, owners, err := s.exported(ctx, format, kind)
	if err != nil {
		return err
	}
	switch format {
	case "uniquip":
		return writeUniquip(w, s, rs, owners)
	case "pidinst", "nrii":
		records := make([]map[string]any, 0, len(rs))
		for _, r := range rs {
			if format == "pidinst" {
				records = append(records, s.pidinst(r, owners[r.Owner]))
			} else {
				records = append(records, s.nrii(r))
			}
		}
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		if err := e.Encode(records); err != nil {
			return fmt.Errorf("write %s: %w", format, err)
		}
		return nil
	}
	return s.writeTables(w, format, rs)
}

func (s *Service) exported(ctx context.Context, format, kind string) ([]Resource, map[string]identity.Organisation, error) {
	var out []Resource
	err := s.DB.Snapshot(ctx, func(ctx context.Context, q db.Q) error {
		out = nil
		for after := ""; ; {
			ids, err := liveIDs(ctx, q, after, chunk)
			if err != nil || len(ids) == 0 {
				return err
			}
			after = ids[len(ids)-1]
			rs, err := s.Resources(ctx, q, ids)
			if err != nil {
				return err
			}
			for _, r := range rs {
				if kind == r.Kind || kind == "" && (format == "xlsx" || r.Kind == "instrument" || r.Kind == "facility") {
					out = append(out, r)
				}
			}
		}
	})
	if err != nil {
		return nil, nil, fmt.Errorf("export: %w", err)
	}
	ids := make([]string, len(out))
	for i, r := range out {
		ids[i] = r.Owner
	}
	owners, err := s.Orgs.Organisations(ctx, s.DB, ids)
	return out, owners, err
}

// link is the public page of a resource.
func (s *Service) link(r Resource) string { return s.Address + "/resources/" + r.ID }

func (r Resource) text(field string) string {
	v, _ := r.Fields[field].(string)
	return v
}

// pidinst is the PIDINST 1.0 record of a resource (JSON keys lowerCamel, lists in the plural).
func (s *Service) pidinst(r Resource, owner identity.Organisation) map[string]any {
	holder := map[string]any{"ownerName": institutionName(owner)}
	if owner.ROR != "" {
		holder["ownerIdentifier"], holder["ownerIdentifierType"] = "https://ror.org/"+owner.ROR, "ROR"
	}
	out := map[string]any{
		"identifier":    map[string]any{"identifier": s.link(r), "identifierType": "URL"},
		"schemaVersion": "1.0", "landingPage": s.link(r), "name": r.Name(), "owners": []any{holder},
		"manufacturers": []any{map[string]any{"manufacturerName": cmp.Or(r.Maker, ":unkn")}}, // mandatory there; DataCite's word for unknown
	}
	put := func(key string, v any, there bool) {
		if there {
			out[key] = v
		}
	}
	put("model", map[string]any{"modelName": r.Model}, r.Model != "")
	description := cmp.Or(r.Summary, r.text("function"), r.text("technical"))
	put("description", description, description != "")
	if _, words := classes(r, s.kindOf(r)); len(words) > 0 {
		out["instrumentTypes"] = []any{map[string]any{"instrumentTypeName": words[len(words)-1], "instrumentTypeIdentifier": r.Class, "instrumentTypeIdentifierType": "CN-LSI"}}
	} else if t := r.text("technique"); t != "" {
		out["instrumentTypes"] = []any{map[string]any{"instrumentTypeName": t}}
	}
	if v, ok := r.Fields["variables"].([]string); ok {
		out["measuredVariables"] = v
	}
	if day := r.text("commissioned"); day != "" {
		out["dates"] = []any{map[string]any{"date": day, "dateType": "Commissioned"}}
	}
	var other []any
	if n := r.text("serial"); n != "" {
		other = append(other, map[string]any{"alternateIdentifier": n, "alternateIdentifierType": "SerialNumber"})
	}
	if r.SourceID != "" {
		other = append(other, map[string]any{"alternateIdentifier": r.SourceID, "alternateIdentifierType": "InventoryNumber"})
	}
	put("alternateIdentifiers", other, len(other) > 0)
	return out
}

func (s *Service) kindOf(r Resource) kinds.Kind {
	k, _ := s.kinds.Find(r.Kind)
	return k
}

func institutionName(o identity.Organisation) string { return cmp.Or(o.NameZH, o.NameEN) }

// nrii is the record of the national network platform's interface (keys of its 2016 version). Persons'
// contact data is left out.
func (s *Service) nrii(r Resource) map[string]any {
	out := map[string]any{"innerId": cmp.Or(r.SourceID, r.ID), "instrument": 4}
	for _, f := range s.kindOf(r).Fields {
		if f.NRII == "" || f.NRII == "innerId" || f.Hidden {
			continue
		}
		if v := r.value(f); v != nil {
			out[f.NRII] = strings.ReplaceAll(f.Show(v, false), "、", ",") //i18n:data the platform separates lists by commas
		}
	}
	out["auditStatus"] = -1 // not submitted: may be sent again
	return out
}

// jsonLD is schema.org for search engines.
func (s *Service) jsonLD(r Resource, owner identity.Organisation) map[string]any {
	kind := "Product"
	switch r.Kind {
	case "service":
		kind = "Service"
	case "expert", "professional":
		kind = "Person"
	case "dataset":
		kind = "Dataset"
	}
	out := map[string]any{"@context": "https://schema.org", "@type": kind, "@id": s.link(r), "url": s.link(r), "name": r.Name()}
	if r.NameEN != "" && r.NameZH != "" {
		out["alternateName"] = r.NameEN
	}
	if r.Summary != "" {
		out["description"] = r.Summary
	}
	if r.Model != "" {
		out["model"] = r.Model
	}
	if r.Maker != "" {
		out["manufacturer"] = map[string]any{"@type": "Organization", "name": r.Maker}
	}
	if kind != "Person" {
		out["provider"] = map[string]any{"@type": "Organization", "name": institutionName(owner), "url": s.Address + "/organisations/" + owner.ID}
	}
	if r.Price.Unit != "" {
		out["offers"] = map[string]any{"@type": "Offer", "price": r.Price.Amount.Yuan(), "priceCurrency": r.Price.Currency, "unitText": r.Price.Unit}
	}
	return out
}

// uniquipRow is a resource as UNIQUIP 1.0.
func (s *Service) uniquipRow(r Resource, owner identity.Organisation) []string {
	typ := "equipment"
	if r.Kind == "facility" {
		typ = "facility"
	}
	k := s.kindOf(r)
	var row []string
	for _, c := range kinds.UniquipColumns() {
		cell := ""
		switch c.Heading {
		case "Type":
			cell = typ
		case "Name":
			cell = cmp.Or(r.NameEN, r.NameZH)
		case "Description":
			cell = cmp.Or(r.Summary, r.text("function"))
		case "ID":
			cell = r.ID
		case "Web Address", "Contact URL":
			cell = s.link(r)
		case "Site Location":
			cell = cmp.Or(r.text("street"), s.Orgs.RegionPath(r.Region))
		case "Related Facility ID":
			if typ == "equipment" {
				cell = r.text("belongs_to")
			}
		default:
			if f, ok := k.Field(c.Target); ok && !f.Hidden {
				if v := r.value(f); v != nil {
					cell = f.Show(v, true)
				}
			}
		}
		row = append(row, cell)
	}
	return append(row, institutionName(owner))
}

func uniquipHeadings() []string {
	var out []string
	for _, c := range kinds.UniquipColumns() {
		out = append(out, c.Heading)
	}
	return append(out, "Institution Name")
}

func writeUniquip(w io.Writer, s *Service, rs []Resource, owners map[string]identity.Organisation) error {
	rows := make([][]string, len(rs))
	for i, r := range rs {
		rows[i] = s.uniquipRow(r, owners[r.Owner])
	}
	return sheet.WriteCSV(w, uniquipHeadings(), rows)
}

// writeTables writes our own template filled in, which can be imported again: a worksheet for each kind
// in xlsx, one kind in csv.
func (s *Service) writeTables(w io.Writer, format string, rs []Resource) error {
	var pages []sheet.Page
	for _, k := range s.kinds {
		p := sheet.Page{Name: k.ZH, Headings: s.headings(k, false)}
		for _, r := range rs {
			if r.Kind == k.Name {
				p.Rows = append(p.Rows, s.tableRows(r, k)...)
			}
		}
		if len(p.Rows) > 0 {
			pages = append(pages, p)
		}
	}
	if len(pages) == 0 {
		k := s.kinds[0]
		pages = []sheet.Page{{Name: k.ZH, Headings: s.headings(k, false)}}
	}
	if format == "xlsx" {
		return sheet.WriteXLSX(w, pages...)
	}
	return sheet.WriteCSV(w, pages[0].Headings, pages[0].Rows)
}
