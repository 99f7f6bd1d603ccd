package importing

import (
	"context"
	"slices"

	"qiao/internal/catalogue/columns"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/sheet"
)

// layoutOf finds out what the columns of a table are: a mapping that the request names; a template that knows every
// heading; a mapping that the owner has saved for this set of headings; a template that knows some of them, unless a person
// can be asked about the others.
func (s *Service) layoutOf(ctx context.Context, org string, t *table, format string, req Request) (layout, error) {
	if req.Mapping != "" {
		m, err := s.mappingNamed(ctx, org, req.Mapping)
		if err != nil {
			return layout{}, err
		}
		if fits := byPlan(t.headings, m.Plan); fits.names() {
			return fits, s.used(ctx, m)
		}
		return layout{}, fault.New(fault.Invalid, "mapping-does-not-fit", "对应表“{0}”与文件“{1}”的列标题不符：没有一列是名称。", m.Name, req.Name)
	}
	if t.format != "" {
		if l, ok := s.byFormat(t, req.Kind); ok {
			return l, nil
		}
		return layout{}, errNoRecords(req.Name)
	}
	l, ok := s.byTemplate(t.headings, format, req.Kind)
	if ok && len(l.ignored()) == 0 {
		return l, nil
	}
	if format == "" {
		saved, err := mappingsFor(ctx, s.DB, org, columns.Signature(t.headings))
		if err != nil {
			return l, err
		}
		for _, m := range saved {
			if req.Kind == "" || m.Plan.Kind == req.Kind {
				return byPlan(t.headings, m.Plan), s.used(ctx, m)
			}
		}
	}
	exact := l.format == "uniquip" || l.format == "pidinst" // a published format means no more than it says
	if ok && (!req.Ask || format != "" || exact || !s.mayMeanMore(l)) {
		return l, nil
	}
	return l, fault.New(fault.Invalid, "headings-unknown", "没有认出文件“{0}”第 {1} 行的列标题。至少要有一列名称（如“仪器设备名称”“名称”或“Name”）。可以下载模板，把数据粘贴进去再上传。", req.Name, t.headingRow)
}

// mayMeanMore tells whether a heading that a template does not know would be proposed for a field nobody fills yet.
func (s *Service) mayMeanMore(l layout) bool {
	for i, c := range s.proposer.Propose("", l.headings, nil, l.kind).Columns {
		if l.targets[i] == "" && c.Target != "" && !slices.Contains(l.targets, c.Target) {
			return true
		}
	}
	return false
}

func (s *Service) used(ctx context.Context, m Mapping) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return useMapping(ctx, tx, m.Org, foldName(m.Name), db.At(s.Clock.Now()))
	})
}

// names tells whether the rows of a layout can have a name.
func (l layout) names() bool {
	return slices.ContainsFunc(l.targets, func(t string) bool { return t == "name_zh" || t == "name_en" || t == kinds.TargetName }) || l.constants["name_zh"] != "" || l.constants["name_en"] != ""
}

// readPlanned opens the table in a file; its headings stand where a person has said, else in the row that a template, a mapping
// of the owner or the words of lists know best.
func (s *Service) readPlanned(ctx context.Context, org, name, format string, f *file, p Plan) (*table, error) {
	if p.Row > 0 {
		return s.readWith(name, format, f, sheet.Options{Row: p.Row, Sheet: p.Sheet})
	}
	sets := []map[string]bool{headingSet(p)}
	if format == "" && len(p.Columns) == 0 {
		saved, err := listMappings(ctx, s.DB, org)
		if err != nil {
			return nil, err
		}
		for _, m := range saved {
			sets = append(sets, headingSet(m.Plan))
		}
	}
	known := s.known(format)
	score := func(cells []string) int {
		best := 2 * known(cells)
		for _, set := range sets {
			n := 0
			for _, c := range cells {
				if c != "" && set[kinds.Fold(c)] {
					n++
				}
			}
			best = max(best, 2*n)
		}
		if n := s.proposer.Known(cells); format == "" && n > 1 {
			best = max(best, 2*n-1) // a row that a template knows as well stands before one that only sounds like headings
		}
		return best
	}
	t, err := s.readWith(name, format, f, sheet.Options{Heading: score, Sheet: p.Sheet})
	if err != nil || p.Sheet != "" || len(t.sheets) < 2 || score(t.headings) > 0 {
		return t, err
	}
	return s.betterSheet(name, format, f, t, score)
}

// maxSheets is how many worksheets of a workbook are looked through for headings.
const maxSheets = 8

// betterSheet looks through the other worksheets of a workbook whose first one has no headings that anybody knows: a page of
// notes often stands before the list.
func (s *Service) betterSheet(name, format string, f *file, first *table, score func([]string) int) (*table, error) {
	best, at := 0, ""
	for _, sheetName := range first.sheets[:min(len(first.sheets), maxSheets)] {
		if sheetName == first.sheet {
			continue
		}
		t, err := s.readWith(name, format, f, sheet.Options{Heading: score, Sheet: sheetName})
		if err != nil { // an empty one
			continue
		}
		if n := score(t.headings); n > best {
			best, at = n, sheetName
		}
		if err := t.close(); err != nil {
			return first, err
		}
	}
	if best == 0 {
		return first, nil
	}
	if err := first.close(); err != nil {
		return first, err
	}
	return s.readWith(name, format, f, sheet.Options{Heading: score, Sheet: at})
}

func headingSet(p Plan) map[string]bool {
	out := map[string]bool{}
	for h := range p.Columns {
		out[kinds.Fold(h)] = true
	}
	return out
}

// written is a column whose cells are written in their own way.
type written struct {
	at      int
	field   kinds.Field
	reading columns.Reading
}

// writtenIn lists them; the kind of the layout says what its fields are.
func writtenIn(set kinds.Set, l layout) []written {
	k, ok := set.Find(l.kind)
	if !ok {
		return nil
	}
	fields := fieldsOf(k)
	var out []written
	for i, r := range l.readings {
		if f, ok := fields[l.targets[i]]; ok && !r.Plain() {
			out = append(out, written{i, f, r})
		}
	}
	return out
}

// plainly writes the cells of a row as the fields read them; the row itself stays as it was, for whoever mends it.
func (r *reader) plainly(cells []string) []string {
	if len(r.written) == 0 {
		return cells
	}
	out := slices.Clone(cells)
	for _, w := range r.written {
		if w.at < len(out) {
			out[w.at] = w.reading.Text(w.field, out[w.at])
		}
	}
	return out
}

// currency is the money of a price column.
func (r *reader) currency(target string) string {
	for _, w := range r.written {
		if w.field.Name == target && w.reading.Currency != "" {
			return w.reading.Currency
		}
	}
	return money.CNY
}
