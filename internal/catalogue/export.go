package catalogue

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"qiao/internal/catalogue/format"
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
func (s *Service) ExportKind(ctx context.Context, w io.Writer, shape, kind string) error {
	if !slices.Contains(Formats(), shape) {
		return fault.New(fault.Invalid, "format-unknown", "不认识的导出格式“{0}”。可以用：{1}。", shape, strings.Join(Formats(), "、"))
	}
	if shape == "csv" {
		kind = cmp.Or(kind, "instrument")
	}
	rs, owners, err := s.exported(ctx, shape, kind)
	if err != nil {
		return err
	}
	switch shape {
	case "uniquip":
		rows := make([][]string, len(rs))
		for i, r := range rs {
			rows[i] = format.UniquipRow(s.Record(r, owners[r.Owner]))
		}
		return sheet.WriteCSV(w, format.UniquipHeadings(), rows)
	case "pidinst", "nrii":
		records := make([]any, 0, len(rs))
		for _, r := range rs {
			if shape == "pidinst" {
				records = append(records, format.PidinstOf(s.Record(r, owners[r.Owner])))
			} else {
				records = append(records, format.NRIIRecord(s.Record(r, owners[r.Owner]), false))
			}
		}
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		if err := e.Encode(records); err != nil {
			return fmt.Errorf("write %s: %w", shape, err)
		}
		return nil
	}
	return s.writeTables(w, shape, rs)
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

func (s *Service) kindOf(r Resource) kinds.Kind {
	k, _ := s.kinds.Find(r.Kind)
	return k
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
