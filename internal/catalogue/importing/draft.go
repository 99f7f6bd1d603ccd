package importing

import (
	"context"
	"errors"
	"slices"

	"qiao/internal/catalogue/columns"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/sheet"
)

// Draft is a file that waits for a person to say what its columns mean. Nothing of it is in the catalogue.
type Draft struct {
	ID     string
	Org    string
	Person string
	Name   string // of the file
	SHA256 string
	Size   int64
	Plan   Plan // what was chosen so far
	At     db.Time
}

// StatusDraft is the status of the report of a file that waits as a draft of the same id.
const StatusDraft = "draft"

// looked is how many rows of a draft are looked at, lookedBytes how much text.
const (
	looked      = 200
	lookedBytes = 4 << 20
)

// Look is a draft as it is shown: its headings, what its columns may be, and its first rows.
type Look struct {
	Draft    Draft
	Sheets   []string // of a workbook, where it has several
	Sheet    string   // the one that is read
	Row      int      // number of its heading row; 0: no spreadsheet
	Headings []string
	Columns  []columns.Column // proposed
	Plan     Plan             // chosen, or else proposed
	Rows     []sheet.Row
	More     bool // there are more rows than were looked at
}

// keepDraft keeps a file whose columns nobody knows.
func (s *Service) keepDraft(ctx context.Context, r Report, kind string) (Report, error) {
	d := Draft{ID: r.ID, Org: r.Org, Person: r.Person, Name: r.Name, SHA256: r.SHA256, Size: r.Size, Plan: Plan{Kind: kind}, At: r.At}
	r.Status = StatusDraft
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertDraft(ctx, tx, d); err != nil {
			return err
		}
		return s.recordDraft(ctx, tx, d, "", StatusDraft)
	})
	return r, err
}

func (s *Service) recordDraft(ctx context.Context, tx *db.Tx, d Draft, from, to string) error {
	return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "resource.import", Kind: "import", ID: d.ID, From: from, To: to, Data: []any{d.SHA256}})
}

// draft reads a draft; only for those who may import for its owner.
func (s *Service) draft(ctx context.Context, sub identity.Subject, draftID string) (Draft, error) {
	d, err := getDraft(ctx, s.DB, draftID)
	if isNone(err) {
		return d, errNoImport()
	}
	if err != nil {
		return d, err
	}
	return d, s.mayMap(ctx, sub, d.Org)
}

// Drafts lists the drafts that sub may see, newest first.
func (s *Service) Drafts(ctx context.Context, sub identity.Subject, limit int) ([]Draft, error) {
	var w db.Where
	s.Policy.Filter(sub, "resource.import", map[string]string{"owner": "org"}, &w)
	return listDrafts(ctx, s.DB, &w, limit)
}

// LookAt opens a draft and proposes what its columns are where nobody has said it yet.
func (s *Service) LookAt(ctx context.Context, sub identity.Subject, draftID string) (Look, error) {
	d, err := s.draft(ctx, sub, draftID)
	if err != nil {
		return Look{}, err
	}
	return s.lookAt(ctx, d)
}

func (s *Service) lookAt(ctx context.Context, d Draft) (l Look, err error) {
	f, err := s.open(ctx, d.SHA256)
	if err != nil {
		return Look{}, err
	}
	defer func() { err = errors.Join(err, f.done()) }()
	t, err := s.readPlanned(ctx, d.Org, d.Name, "", f, d.Plan)
	if err != nil {
		return Look{}, err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	l = Look{Draft: d, Sheets: t.sheets, Sheet: t.sheet, Row: t.headingRow, Headings: t.headings}
	if l.Rows, l.More, err = firstRows(t); err != nil {
		return l, err
	}
	proposal := s.proposer.Propose(d.Name, l.Headings, cellsOf(l.Rows), d.Plan.Kind)
	l.Columns, l.Plan = proposal.Columns, d.Plan
	if l.Plan.Columns == nil {
		l.Plan = planOf(proposal)
		l.Plan.Sheet, l.Plan.Row = d.Plan.Sheet, d.Plan.Row
	}
	return l, nil
}

func cellsOf(rows []sheet.Row) [][]string {
	out := make([][]string, len(rows))
	for i, r := range rows {
		out[i] = r.Cells
	}
	return out
}

// planOf is the plan that a proposal makes.
func planOf(p columns.Proposal) Plan {
	out := Plan{Kind: p.Kind, Columns: map[string]string{}, Readings: map[string]columns.Reading{}}
	for _, c := range p.Columns {
		if c.Heading == "" {
			continue
		}
		if _, again := out.Columns[c.Heading]; again && c.Target == "" {
			continue
		}
		if out.Columns[c.Heading] = c.Target; c.Target == "" {
			out.Columns[c.Heading] = kinds.TargetNone
		}
		if !c.Reading.Plain() {
			out.Readings[c.Heading] = c.Reading
		}
	}
	return out
}

// KeepChoice keeps what was chosen for a draft so far, good or not, so that nobody chooses twice.
func (s *Service) KeepChoice(ctx context.Context, sub identity.Subject, draftID string, p Plan) error {
	d, err := s.draft(ctx, sub, draftID)
	if err != nil {
		return err
	}
	d.Plan = p
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return updateDraft(ctx, tx, d) })
}

// Discard forgets a draft.
func (s *Service) Discard(ctx context.Context, sub identity.Subject, draftID string) error {
	d, err := s.draft(ctx, sub, draftID)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := deleteDraft(ctx, tx, d.ID); err != nil {
			return err
		}
		return s.recordDraft(ctx, tx, d, StatusDraft, "discarded")
	})
}

// Start takes the rows of a draft in by a plan, or tries it; what was a trial can be applied like any other.
func (s *Service) Start(ctx context.Context, sub identity.Subject, draftID string, p Plan, dry bool) (Report, error) {
	d, err := s.draft(ctx, sub, draftID)
	if err != nil {
		return Report{}, err
	}
	if err := s.checkPlan(p); err != nil {
		return Report{}, err
	}
	r := Report{
		ID: id.New(), Org: d.Org, Person: sub.Person, Name: d.Name, SHA256: d.SHA256, Size: d.Size, DryRun: dry, At: db.At(s.Clock.Now()),
		subject: actor{sub.Person, sub.Org}, Status: StatusRunning, Format: FormatMapping, plan: p,
	}
	r, err = s.runPlan(ctx, r)
	if err != nil || dry {
		return r, errors.Join(err, s.KeepChoice(ctx, sub, draftID, p))
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return deleteDraftsOf(ctx, tx, d.Org, d.SHA256) })
	return r, err
}

// Again makes a draft of the file of an import whose columns were not all understood.
func (s *Service) Again(ctx context.Context, sub identity.Subject, importID string) (Draft, error) {
	r, err := s.Report(ctx, sub, importID)
	if err != nil {
		return Draft{}, err
	}
	if r.SHA256 == "" || r.Status == StatusRunning {
		return Draft{}, fault.New(fault.Conflict, "no-file-kept", "这次导入的文件还在处理或没有保存，不能重新对应列。")
	}
	d := Draft{ID: id.New(), Org: r.Org, Person: sub.Person, Name: r.Name, SHA256: r.SHA256, Size: r.Size, Plan: Plan{Kind: r.Kind}, At: db.At(s.Clock.Now())}
	if r.Format == FormatMapping {
		d.Plan = r.plan
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		switch there, err := draftOf(ctx, tx, d.Org, d.SHA256); {
		case err == nil: // it waits already
			d.ID, d.At = there.ID, there.At
			return updateDraft(ctx, tx, d)
		case !isNone(err):
			return err
		}
		if err := insertDraft(ctx, tx, d); err != nil {
			return err
		}
		return s.recordDraft(ctx, tx, d, "", StatusDraft)
	})
	return d, err
}

// runPlan reads the file of a report by its plan, now or behind.
func (s *Service) runPlan(ctx context.Context, r Report) (_ Report, err error) {
	f, err := s.open(ctx, r.SHA256)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, f.done()) }()
	t, err := s.readPlanned(ctx, r.Org, r.Name, formatOf(r.Format), f, r.plan)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	l := byPlan(t.headings, r.plan)
	l.format, r.Headings = r.Format, t.headings
	r.take(l)
	if r.Size > inline {
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return insertImport(ctx, tx, r, db.Time{}) })
		s.call()
		return r, err
	}
	return s.now(ctx, r, l, t, nil)
}

// previewed is how many rows of a draft are shown as records.
const previewed = 5

// Previewed is one row as the record it would become.
type Previewed struct {
	Row    int
	Item   *item
	Errors []RowError
}

// Preview reads the first rows of a draft by its plan: some as records, and how many of those looked at have something wrong.
func (s *Service) Preview(l Look) (list []Previewed, bad int) {
	r := newReader(s.kinds, byPlan(l.Headings, l.Plan))
	for i, row := range l.Rows {
		row.Cells = slices.Clone(row.Cells)
		x := r.parse(row)
		if len(x.errors) > 0 {
			bad++
		}
		if i < previewed {
			list = append(list, Previewed{Row: row.Number, Item: x.item, Errors: x.errors})
		}
	}
	return list, bad
}
