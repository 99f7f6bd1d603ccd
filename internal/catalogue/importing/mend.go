package importing

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
)

// BadRow is a rejected row of an import as it waits to be mended.
type BadRow struct {
	Line   int64 // as the spreadsheet program numbers it
	Cells  []string
	Errors []RowError
	nth    int64
}

// Mended is what became of rows that were mended.
type Mended struct {
	Report
	In    int64 // rows that are in now
	Still int64 // rows that are still wrong
}

// mostMended is how many rows are mended at once.
const mostMended = 100

// mendable says why the rejected rows of an import cannot be mended, or nil.
func mendable(r Report) error {
	switch {
	case r.DryRun:
		return fault.New(fault.Conflict, "trial", "这是试导入。请先正式导入，再更正有问题的行。")
	case r.Undo != nil:
		return errUndone()
	case r.Status == StatusRunning:
		return fault.New(fault.Conflict, "import-running", "导入还在进行，请等它结束或先停止。")
	}
	return nil
}

// BadRows are the rejected rows of an import from one line on, at most limit, with what is wrong with each, and how many
// there are in all.
func (s *Service) BadRows(ctx context.Context, sub identity.Subject, importID string, from int64, limit int) (Report, []BadRow, int64, error) {
	r, err := s.Report(ctx, sub, importID)
	if err != nil {
		return r, nil, 0, err
	}
	n, err := countRejects(ctx, s.DB, r.ID)
	if err != nil {
		return r, nil, 0, err
	}
	rows, err := listRejects(ctx, s.DB, r.ID, from, limit)
	return r, rows, n, err
}

// Mend reads rejected rows again with the cells given, by line, and takes in those that are right now; the others stay with
// what was typed. Lines to drop are forgotten: they stay counted as rejected.
func (s *Service) Mend(ctx context.Context, sub identity.Subject, importID string, cells map[int64][]string, drop []int64) (Mended, error) {
	r, err := s.Report(ctx, sub, importID)
	if err != nil {
		return Mended{}, err
	}
	if err := mendable(r); err != nil {
		return Mended{}, err
	}
	if len(cells)+len(drop) > mostMended {
		return Mended{}, fault.New(fault.Invalid, "too-many-rows", "一次最多更正 {0} 行。", mostMended)
	}
	out := Mended{}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		out = Mended{}
		if err := dropRejects(ctx, tx, r.ID, drop); err != nil {
			return err
		}
		rows, err := takeRejects(ctx, tx, r.ID, cells)
		if err != nil {
			return err
		}
		next, still, err := s.readAgain(ctx, tx, sub, r, rows)
		if err != nil {
			return err
		}
		if err := insertRejects(ctx, tx, r.ID, still); err != nil {
			return err
		}
		out.In, out.Still = int64(len(rows)-len(still)), int64(len(still))
		if err := recount(ctx, tx, r.ID, next.Accepted, next.Updated, next.Unchanged, out.In); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "import.mend", Kind: "import", ID: r.ID, Data: []any{out.In, out.Still, len(drop)}})
	})
	if err != nil {
		return out, err
	}
	out.Report, err = s.Report(ctx, sub, importID)
	return out, err
}

// readAgain reads mended rows as the import read them, and takes the good ones in. It gives what they count for, and the
// rows that are still wrong.
func (s *Service) readAgain(ctx context.Context, tx *db.Tx, sub identity.Subject, r Report, rows []BadRow) (Report, []*reject, error) {
	l := byPlan(r.Headings, r.plan)
	l.format = r.Format
	rd := newReader(s.kinds, l)
	next := Report{}
	var still []*reject
	for _, row := range rows {
		if bad := rd.takeAs(sheet.Row{Number: int(row.Line), Cells: row.Cells}, row.nth); bad != nil {
			still = append(still, bad)
		}
	}
	items := rd.hand(len(rd.queue))
	if len(items) == 0 {
		return next, still, nil
	}
	batch := make([]catalogue.Incoming, len(items))
	for i, it := range items {
		batch[i] = it.Incoming
	}
	in := catalogue.Intake{Org: r.Org, Source: r.Source, Licence: r.Licence, RetrievedOn: r.RetrievedOn, Cause: r.ID, Trusted: true, Checked: true}
	did, err := s.Catalogue.TakeIn(ctx, identity.Subject{Person: sub.Person, Org: sub.Org}, tx, in, batch)
	if err != nil {
		return next, nil, fmt.Errorf("take in mended rows of import %s: %w", r.ID, err)
	}
	for i, o := range did {
		still = append(still, next.count(rd, items[i], o)...)
	}
	slices.SortFunc(still, func(a, b *reject) int { return int(a.row - b.row) })
	return next, still, nil
}

// column finds the place of a heading; -1 where there is none.
func (r Report) column(heading string) int { return slices.Index(r.Headings, heading) }

// wrong tells whether something is wrong with the cell under a heading.
func (b BadRow) wrong(heading string) bool {
	return slices.ContainsFunc(b.Errors, func(e RowError) bool { return e.Column != "" && e.Column == heading })
}

// cell is what stands in a column.
func (b BadRow) cell(i int) string {
	if i < len(b.Cells) {
		return strings.TrimSpace(b.Cells[i])
	}
	return ""
}
