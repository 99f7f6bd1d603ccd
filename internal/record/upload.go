package record

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/catalogue/columns"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/sheet"
)

// The states of an upload.
const (
	UploadDraft   = "draft"
	UploadApplied = "applied"
	UploadDropped = "dropped"
)

// maxFile is the size of a spreadsheet of services.
const maxFile = 20 << 20

// Upload is one spreadsheet of services.
type Upload struct {
	ID        string      `db:"id"`
	Owner     string      `db:"owner"`
	Region    string      `db:"region"`
	Person    string      `db:"person"`
	File      string      `db:"file"`
	SHA256    string      `db:"sha256"`
	Size      int64       `db:"size"`
	PlanJSON  string      `db:"plan"`
	Headings  string      `db:"headings"` // JSON
	Mapping   string      `db:"mapping"`
	State     string      `db:"state"`
	Added     int64       `db:"added"`
	Same      int64       `db:"same"`
	Refused   int64       `db:"refused"`
	CreatedAt db.Time     `db:"created_at"`
	AppliedAt db.NullTime `db:"applied_at"`
}

// Plan says what the columns of a spreadsheet mean.
type Plan struct {
	Columns  map[string]string `json:"columns"`            // heading → field; "" is left out
	Resource string            `json:"resource,omitempty"` // the instrument of every row that names none
}

// plan is what was chosen for an upload.
func (u Upload) plan() Plan { return planOf(u.PlanJSON) }

func planOf(text string) Plan {
	var p Plan
	if json.Unmarshal([]byte(text), &p) != nil || p.Columns == nil { // we wrote it ourselves; an unreadable one maps nothing
		p.Columns = map[string]string{}
	}
	return p
}

func (u Upload) headings() []string {
	var out []string
	if json.Unmarshal([]byte(u.Headings), &out) != nil {
		return nil
	}
	return out
}

// targets are the fields of the columns, in their order; a field is given once.
func (p Plan) targets(headings []string) []string {
	out := make([]string, len(headings))
	for i, h := range headings {
		if f := p.Columns[h]; f != "" && !slices.Contains(out, f) {
			out[i] = f
		}
	}
	return out
}

// check tells what is wrong with a plan.
func (p Plan) check(headings []string, fields []string) error {
	taken := map[string]string{}
	for _, h := range headings {
		f := p.Columns[h]
		if f == "" {
			continue
		}
		if !slices.Contains(fields, f) {
			return fault.New(fault.Invalid, "target-unknown", "列“{0}”对应的内容不认识，请重新选择。", h)
		}
		if other, twice := taken[f]; twice && other != h {
			return fault.New(fault.Invalid, "target-twice", "列“{0}”和“{1}”对应了同一项内容，请留下一列。", other, h)
		}
		taken[f] = h
	}
	return nil
}

// fields are what a column may carry.
func (s *Service) fields() []string {
	var out []string
	for _, f := range kindOf(s.format()).Fields {
		out = append(out, f.Name)
	}
	return out
}

func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("write json: %w", err)
	}
	return string(b), nil
}

// Upload keeps a spreadsheet and says what its columns mean as far as that is known: by a mapping saved for these headings,
// or by what they are called. Nothing is recorded yet.
func (s *Service) Upload(ctx context.Context, by identity.Subject, name string, r io.Reader) (Upload, error) {
	o, err := s.owner(ctx, by, "record.keep")
	if err != nil {
		return Upload{}, err
	}
	ref, err := s.Files.Put(ctx, r, maxFile)
	if err != nil {
		return Upload{}, err
	}
	u := Upload{ID: id.New(), Owner: o.ID, Region: o.Region, Person: by.Person, File: name, SHA256: ref.SHA256, Size: ref.Size, State: UploadDraft, CreatedAt: db.At(s.Clock.Now())}
	rows, err := s.open(ctx, u)
	if err != nil {
		return u, err
	}
	first, _, err := firstRows(rows, looked)
	if err != nil {
		return u, err
	}
	plan, mapping, err := s.planFor(ctx, u, rows.Headings, first)
	if err != nil {
		return u, err
	}
	u.Mapping = mapping
	if u.PlanJSON, err = encode(plan); err != nil {
		return u, err
	}
	if u.Headings, err = encode(rows.Headings); err != nil {
		return u, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertUpload(ctx, tx, u); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "record.keep", Kind: "record-upload", ID: u.ID, To: u.State, Data: []any{u.SHA256}})
	})
	return u, err
}

// planFor is the plan of the mapping saved for these headings, else what the headings say.
func (s *Service) planFor(ctx context.Context, u Upload, headings []string, rows []sheet.Row) (Plan, string, error) {
	saved, err := listMappings(ctx, s.DB, u.Owner)
	if err != nil {
		return Plan{}, "", err
	}
	signature := columns.Signature(headings)
	for _, m := range saved {
		if m.Headings == signature {
			return planOf(m.PlanJSON), m.Name, nil
		}
	}
	cells := make([][]string, len(rows))
	for i, r := range rows {
		cells[i] = r.Cells
	}
	p, fields := Plan{Columns: map[string]string{}}, s.fields()
	for _, c := range s.proposer.Propose(u.File, headings, cells, "").Columns {
		if slices.Contains(fields, c.Target) {
			p.Columns[c.Heading] = c.Target
		}
	}
	return p, "", nil
}

// open reads the file of an upload from its start.
func (s *Service) open(ctx context.Context, u Upload) (*sheet.Rows, error) {
	f, err := s.Files.Open(ctx, u.SHA256)
	if err != nil {
		return nil, fmt.Errorf("open the file of upload %s: %w", u.ID, err)
	}
	defer f.Close() //nolint:errcheck // read only
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("read the file of upload %s: %w", u.ID, err)
	}
	return sheet.Open(u.File, bytes.NewReader(data), int64(len(data)), sheet.Options{Heading: s.proposer.Known, Limits: sheet.Limits{Bytes: maxFile}})
}

// looked is how many rows a preview reads.
const looked = 200

func firstRows(rows *sheet.Rows, most int) (out []sheet.Row, more bool, err error) {
	for {
		row, err := rows.Next()
		switch {
		case errors.Is(err, io.EOF):
			return out, false, rows.Close()
		case err != nil:
			return out, false, errors.Join(err, rows.Close())
		case len(out) == most:
			return out, true, rows.Close()
		}
		out = append(out, row)
	}
}

// Look is a draft as it is shown: its columns with what stands in them, and its first rows as they would be recorded.
type Look struct {
	Upload
	Plan    Plan
	Columns []LookColumn
	Rows    []LookRow
	Good    int // of the rows that were looked at
	Bad     int
	More    bool // there are more rows than were looked at
}

// LookColumn is one column with three of its values.
type LookColumn struct {
	Heading string
	Field   string
	Samples []string
}

// LookRow is one row as it would be recorded, or what is wrong with it.
type LookRow struct {
	Number int
	Entry  Entry
	Errors []fault.Field
}

// previewed is how many rows a preview shows.
const previewed = 5

// Look reads the first rows of a draft by its plan.
func (s *Service) Look(ctx context.Context, by identity.Subject, uploadID string) (Look, error) {
	u, err := s.upload(ctx, by, uploadID)
	if err != nil {
		return Look{}, err
	}
	l := Look{Upload: u, Plan: u.plan()}
	if u.State != UploadDraft {
		return l, nil
	}
	rows, err := s.open(ctx, u)
	if err != nil {
		return l, err
	}
	first, more, err := firstRows(rows, looked)
	if err != nil {
		return l, err
	}
	l.More = more
	targets := l.Plan.targets(rows.Headings)
	for i, h := range rows.Headings {
		c := LookColumn{Heading: h, Field: targets[i]}
		for _, r := range first {
			if v := r.Cell(i); v != "" && len(c.Samples) < 3 && !slices.Contains(c.Samples, v) {
				c.Samples = append(c.Samples, v)
			}
		}
		l.Columns = append(l.Columns, c)
	}
	read, err := s.reader(ctx, s.DB, u.Owner)
	if err != nil {
		return l, err
	}
	read.instruments.only = l.Plan.Resource
	for i, r := range first {
		e, bad := read.Read(cellsOf(r, targets))
		if len(bad) > 0 {
			l.Bad++
		} else {
			l.Good++
		}
		if i < previewed || len(bad) > 0 && len(l.Rows) < 2*previewed {
			l.Rows = append(l.Rows, LookRow{r.Number, e.Entry, bad})
		}
	}
	return l, nil
}

// cellsOf gives the fields of a row.
func cellsOf(r sheet.Row, targets []string) func(string) string {
	return func(field string) string {
		if i := slices.Index(targets, field); i >= 0 {
			return r.Cell(i)
		}
		return ""
	}
}

func (s *Service) upload(ctx context.Context, by identity.Subject, uploadID string) (Upload, error) {
	u, err := getUpload(ctx, s.DB, uploadID)
	if err != nil {
		return u, err
	}
	return u, s.Policy.Can(by, "record.keep", object(u.Owner, u.Region))
}

// Explain says what the columns of a draft mean; under a name the mapping is kept for the next file with these headings.
func (s *Service) Explain(ctx context.Context, by identity.Subject, uploadID string, p Plan, name string) (Upload, error) {
	u, err := s.upload(ctx, by, uploadID)
	if err != nil {
		return u, err
	}
	if u.State != UploadDraft {
		return u, fault.New(fault.Conflict, "upload-done", "这个表格已经处理过了。")
	}
	if err := p.check(u.headings(), s.fields()); err != nil {
		return u, err
	}
	if p.Resource != "" {
		read, err := s.reader(ctx, s.DB, u.Owner)
		if err != nil {
			return u, err
		}
		if _, ok := read.instruments.byID[p.Resource]; !ok {
			return u, fault.New(fault.Invalid, "no-instrument", "没有这台仪器。").Field("resource", "unknown", "请从列表中选择。")
		}
	}
	if u.PlanJSON, err = encode(p); err != nil {
		return u, err
	}
	name = strings.Join(strings.Fields(name), " ")
	if utf8.RuneCountInString(name) > maxMappingName {
		return u, fault.New(fault.Invalid, "too-long", "名称最多 {0} 个字。", maxMappingName).Field("name", "too-long", "名称最多 {0} 个字。", maxMappingName)
	}
	if name != "" {
		u.Mapping = name
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := updateUpload(ctx, tx, u); err != nil {
			return err
		}
		if name == "" {
			return nil
		}
		m := Mapping{ID: id.New(), Owner: u.Owner, Name: name, Folded: strings.ToLower(name), Headings: columns.Signature(u.headings()), PlanJSON: u.PlanJSON, Person: by.Person, UpdatedAt: db.At(s.Clock.Now())}
		if err := putMapping(ctx, tx, m); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "record.keep", Kind: "record-mapping", ID: u.Owner, To: "saved", Data: []any{m.Name, m.PlanJSON}})
	})
	return u, err
}

// maxMappingName is the longest name of a mapping, in characters.
const maxMappingName = 60

// Drop forgets a draft.
func (s *Service) Drop(ctx context.Context, by identity.Subject, uploadID string) error {
	u, err := s.upload(ctx, by, uploadID)
	if err != nil {
		return err
	}
	if u.State != UploadDraft {
		return fault.New(fault.Conflict, "upload-done", "这个表格已经处理过了。")
	}
	u.State = UploadDropped
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := updateUpload(ctx, tx, u); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "record.keep", Kind: "record-upload", ID: u.ID, From: UploadDraft, To: u.State})
	})
}

// Mapping is a plan kept under a name.
type Mapping struct {
	ID        string  `db:"id"`
	Owner     string  `db:"owner"`
	Name      string  `db:"name"`
	Folded    string  `db:"folded"`
	Headings  string  `db:"headings"` // signature
	PlanJSON  string  `db:"plan"`
	Person    string  `db:"person"`
	UpdatedAt db.Time `db:"updated_at"`
}

// Forget deletes a mapping; what came in by it stays.
func (s *Service) Forget(ctx context.Context, by identity.Subject, mappingID string) error {
	m, err := getMapping(ctx, s.DB, mappingID)
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "record.keep", object(m.Owner, by.Region)); err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := deleteMapping(ctx, tx, m.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "record.keep", Kind: "record-mapping", ID: m.Owner, From: "saved", To: "deleted", Data: []any{m.Name}})
	})
}

// tellUploaded writes what the upload came to.
func (s *Service) tellUploaded(ctx context.Context, tx *db.Tx, u Upload) error {
	now := s.Clock.Now()
	if err := audit.Record(ctx, tx, now, audit.Entry{Action: "record.keep", Kind: "record-upload", ID: u.ID, From: UploadDraft, To: u.State, Data: []any{u.SHA256, u.Added, u.Same, u.Refused}}); err != nil {
		return err
	}
	return outbox.Publish(ctx, tx, now, Uploaded{Upload: u.ID, Owner: u.Owner, Region: u.Region, Added: u.Added, Refused: u.Refused})
}
