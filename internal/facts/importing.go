package facts

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/sheet"
)

// The states of an import.
const (
	importPreviewed = "previewed"
	importApplied   = "applied"
)

// Import is one spreadsheet of what a register knows of firms.
type Import struct {
	ID        string  `db:"id"`
	File      string  `db:"file"`
	SHA256    string  `db:"sha256"`
	Mapping   string  `db:"mapping"`
	State     string  `db:"state"`
	Written   int64   `db:"written"`
	Same      int64   `db:"same"`
	Wrong     int64   `db:"wrong"`
	Person    string  `db:"person"`
	Org       string  `db:"org"`
	Region    string  `db:"region"`
	CreatedAt db.Time `db:"created_at"`
}

func (m Import) object() identity.Object { return identity.Object{Region: m.Region} }

// Upload keeps a spreadsheet and proposes what its columns hold; nothing is changed yet.
func (s *Service) Upload(ctx context.Context, by identity.Subject, name string, r io.Reader) (Import, error) {
	m := Import{ID: id.New(), File: name, State: importPreviewed, Person: by.Person, Org: by.Org, Region: by.Region, CreatedAt: db.At(s.Clock.Now())}
	if err := s.Policy.Can(by, "facts.import", m.object()); err != nil {
		return m, err
	}
	ref, err := s.Files.Put(ctx, r, maxFile)
	if err != nil {
		return m, err
	}
	m.SHA256 = ref.SHA256
	t, err := s.table(ctx, m)
	if err != nil {
		return m, err
	}
	mapping, err := json.Marshal(dated.On(s.keys, s.today()).propose(t.Headings, s.today()))
	if err != nil {
		return m, fmt.Errorf("write a mapping: %w", err)
	}
	m.Mapping = string(mapping)
	return m, s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := putImport(ctx, tx, m); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "facts.upload", Kind: "facts-import", ID: m.ID, To: m.State, Data: m})
	})
}

func (s *Service) table(ctx context.Context, m Import) (*sheet.Table, error) {
	f, err := s.Files.Open(ctx, m.SHA256)
	if err != nil {
		return nil, fmt.Errorf("open the file of import %s: %w", m.ID, err)
	}
	defer f.Close() //nolint:errcheck // read only
	keys := dated.On(s.keys, s.today())
	return sheet.Read(m.File, f, sheet.Options{Heading: func(cells []string) int {
		return len(slices.DeleteFunc(keys.propose(cells, s.today()), func(c string) bool { return c == "" }))
	}})
}

func (m Import) columns() []string {
	var out []string
	if json.Unmarshal([]byte(m.Mapping), &out) != nil { // we wrote it ourselves; an unreadable one maps nothing
		return nil
	}
	return out
}

// Preview is an import looked at: what it would write, and what is wrong.
type Preview struct {
	Import
	Headings []string
	First    []string // the first row's cells, to recognise a column by
	Columns  []string
	Firms    []string // names of those found, in order
	Errors   []RowError
	fresh    []Entry
}

// Look reads an import's file by its mapping and compares it with the files of the firms.
func (s *Service) Look(ctx context.Context, by identity.Subject, imported string) (Preview, error) {
	m, err := getImport(ctx, s.DB, imported)
	if err != nil {
		return Preview{}, err
	}
	if err := s.Policy.Can(by, "facts.import", m.object()); err != nil {
		return Preview{}, err
	}
	return s.look(ctx, s.DB, by, m)
}

func (s *Service) look(ctx context.Context, q db.Q, by identity.Subject, m Import) (Preview, error) {
	p := Preview{Import: m, Columns: m.columns()}
	t, err := s.table(ctx, m)
	if err != nil {
		return p, err
	}
	p.Headings = t.Headings
	if len(t.Rows) > 0 {
		p.First = t.Rows[0].Cells
	}
	rows := dated.On(s.keys, s.today()).parse(t, p.Columns, s.today())
	orgs, err := s.owners(ctx, q, rows)
	if err != nil {
		return p, err
	}
	var written, same, wrongRows int64
	files := map[string]File{}
	for _, r := range rows {
		o, bad := owner(r, orgs)
		if bad == nil && s.Policy.Can(by, "facts.import", object(o)) != nil {
			bad = wrong("这家企业不在您的地区。")
		}
		if bad != nil && r.Name+r.USCC != "" { // a row about nobody says so itself
			r.Errors = append([]RowError{{Row: r.Row, Column: fieldUSCC, Value: r.USCC + " " + r.Name, Text: bad.Text, Args: bad.Args}}, r.Errors...)
		}
		if p.Errors = append(p.Errors, r.Errors...); len(r.Errors) > 0 {
			wrongRows++
			continue
		}
		if files[o.ID] == nil {
			entries, err := entriesOf(ctx, q, o.ID)
			if err != nil {
				return p, err
			}
			files[o.ID] = Current(entries)
			p.Firms = append(p.Firms, o.NameZH)
		}
		for _, e := range r.Entries {
			if old, had := files[o.ID][slot{e.Key, e.Year}]; had && old.Value == e.Value {
				same++
				continue
			}
			e.ID, e.Org, e.Source, e.Person, e.ByOrg, e.Import, e.Sample, e.CreatedAt = id.New(), o.ID, Imported, by.Person, by.Org, m.ID, s.Sample, db.At(s.Clock.Now())
			files[o.ID][slot{e.Key, e.Year}] = e
			p.fresh = append(p.fresh, e)
			written++
		}
	}
	if m.State == importPreviewed {
		p.Written, p.Same, p.Wrong = written, same, wrongRows
	}
	return p, nil
}

// owners finds the organisations that rows are about.
func (s *Service) owners(ctx context.Context, q db.Q, rows []parsedRow) ([]identity.Organisation, error) {
	var codes, names []string
	for _, r := range rows {
		codes, names = append(codes, r.USCC), append(names, r.Name)
	}
	out, err := s.Organisations.Named(ctx, q, codes, names)
	if err != nil {
		return nil, fmt.Errorf("look for the firms of an import: %w", err)
	}
	return out, nil
}

func owner(r parsedRow, orgs []identity.Organisation) (identity.Organisation, *fault.Error) {
	var found []identity.Organisation
	for _, o := range orgs {
		if r.USCC != "" && o.USCC == r.USCC || r.USCC == "" && r.Name != "" && (o.NameZH == r.Name || strings.EqualFold(o.NameEN, r.Name)) {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 0:
		return identity.Organisation{}, wrong("平台上没有这家企业，请核对信用代码或全称。")
	case 1:
		return found[0], nil
	}
	return identity.Organisation{}, wrong("有几家企业叫这个名字，请写明信用代码。")
}

// Remap changes what the columns of an import hold, before it is applied.
func (s *Service) Remap(ctx context.Context, by identity.Subject, imported string, columns []string) error {
	p, err := s.Look(ctx, by, imported)
	if err != nil {
		return err
	}
	if p.State != importPreviewed {
		return importDone()
	}
	keys, seen := dated.On(s.keys, s.today()), map[string]bool{}
	for _, c := range columns {
		if c != "" && (seen[c] || !slices.Contains(keys.columns(s.today()), c)) {
			const text = "同一项内容只能对应一列，请检查。"
			return fault.New(fault.Invalid, "mapping-twice", text).Field("column", "twice", text)
		}
		seen[c] = true
	}
	mapping, err := json.Marshal(columns)
	if err != nil {
		return fmt.Errorf("write a mapping: %w", err)
	}
	m := p.Import
	m.Mapping = string(mapping)
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := putImport(ctx, tx, m); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "facts.map", Kind: "facts-import", ID: m.ID, Data: m})
	})
}

func importDone() error {
	return fault.New(fault.Conflict, "import-done", "这次导入已经办结，请重新上传文件。")
}

// Apply writes what a preview showed: one entry for each value that is new.
func (s *Service) Apply(ctx context.Context, by identity.Subject, imported string) (Import, error) {
	var m Import
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if m, err = getImport(ctx, tx, imported); err != nil {
			return err
		}
		if err := s.Policy.Can(by, "facts.import", m.object()); err != nil {
			return err
		}
		if m.State != importPreviewed {
			return importDone()
		}
		p, err := s.look(ctx, tx, by, m)
		if err != nil {
			return err
		}
		for _, e := range p.fresh {
			if err := lockFile(ctx, tx, e.Org); err != nil {
				return err
			}
			if err := s.add(ctx, tx, e); err != nil {
				return err
			}
		}
		m = p.Import
		m.State = importApplied
		if err := putImport(ctx, tx, m); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "facts.apply", Kind: "facts-import", ID: m.ID, From: importPreviewed, To: m.State, Data: m})
	})
	return m, err
}

const importColumns = `id, file, sha256, mapping, state, written, same, wrong, person, org, region, created_at`

func putImport(ctx context.Context, tx *db.Tx, m Import) error {
	if _, err := tx.Exec(ctx, `INSERT INTO facts_import (`+importColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (id) DO UPDATE SET mapping = excluded.mapping, state = excluded.state, written = excluded.written, same = excluded.same, wrong = excluded.wrong`,
		m.ID, m.File, m.SHA256, m.Mapping, m.State, m.Written, m.Same, m.Wrong, m.Person, m.Org, m.Region, m.CreatedAt); err != nil {
		return fmt.Errorf("write import %s: %w", m.ID, err)
	}
	return nil
}

func getImport(ctx context.Context, q db.Q, imported string) (Import, error) {
	list, err := db.All[Import](ctx, q, `SELECT `+importColumns+` FROM facts_import WHERE id = $1`, imported)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "import-not-found", "没有找到这次导入。")
	}
	if err != nil {
		return Import{}, err
	}
	return list[0], nil
}
