package roster

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"qiao/internal/identity"
	"qiao/internal/identity/names"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/sheet"
)

// maxFile is the size of a list's file.
const maxFile = 20 << 20

// The states of an import.
const (
	ImportPreviewed = "previewed"
	ImportApplied   = "applied"
	ImportDropped   = "dropped"
)

// Upload keeps a file of a list and proposes what its columns hold; nothing is changed yet.
func (s *Service) Upload(ctx context.Context, by identity.Subject, list, name string, r io.Reader, whole bool) (Import, error) {
	l, err := getList(ctx, s.db, list)
	if err != nil {
		return Import{}, err
	}
	if err := s.policy.Can(by, "roster.manage", l.object()); err != nil {
		return Import{}, err
	}
	ref, err := s.files.Put(ctx, r, maxFile)
	if err != nil {
		return Import{}, err
	}
	m := Import{ID: id.New(), List: l.ID, File: name, SHA256: ref.SHA256, Whole: whole, State: ImportPreviewed, Person: by.Person, Org: by.Org, CreatedAt: db.At(s.clock.Now())}
	t, err := s.table(ctx, m)
	if err != nil {
		return m, err
	}
	if m.Mapping, err = encode(Propose(t.Headings)); err != nil {
		return m, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := putImport(ctx, tx, m); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "roster.upload", Kind: "roster-import", ID: m.ID, To: m.State, Data: m})
	})
	return m, err
}

func (s *Service) table(ctx context.Context, m Import) (*sheet.Table, error) {
	f, err := s.files.Open(ctx, m.SHA256)
	if err != nil {
		return nil, fmt.Errorf("open the file of import %s: %w", m.ID, err)
	}
	defer f.Close() //nolint:errcheck // read only
	return sheet.Read(m.File, f, sheet.Options{Heading: known})
}

func encode(mapping []string) (string, error) {
	b, err := json.Marshal(mapping)
	if err != nil {
		return "", fmt.Errorf("write a mapping: %w", err)
	}
	return string(b), nil
}

func (m Import) fields() []string {
	var out []string
	if json.Unmarshal([]byte(m.Mapping), &out) != nil { // we wrote it ourselves; an unreadable one maps nothing
		return nil
	}
	return out
}

// Change is what an import would do to one entry.
type Change struct {
	Entry
	Row  int
	What string // added, changed, same
	Who  Finding
	Name string // of the organisation found
}

// Preview is an import looked at: what it would change, and what is wrong.
type Preview struct {
	Import
	List     List
	Headings []string
	First    []string // the first row's cells, to recognise a column by
	Mapping  []string
	Changes  []Change
	Gone     []Entry
	Errors   []RowError
}

// Look reads an import's file by its mapping and compares it with the list.
func (s *Service) Look(ctx context.Context, by identity.Subject, importID string) (Preview, error) {
	m, err := getImport(ctx, s.db, importID)
	if err != nil {
		return Preview{}, err
	}
	l, err := getList(ctx, s.db, m.List)
	if err != nil {
		return Preview{}, err
	}
	if err := s.policy.Can(by, "roster.manage", l.object()); err != nil {
		return Preview{}, err
	}
	return s.look(ctx, s.db, m, l)
}

func (s *Service) look(ctx context.Context, q db.Q, m Import, l List) (Preview, error) {
	p := Preview{Import: m, List: l, Mapping: m.fields()}
	t, err := s.table(ctx, m)
	if err != nil {
		return p, err
	}
	p.Headings = t.Headings
	if len(t.Rows) > 0 {
		p.First = t.Rows[0].Cells
	}
	parsed := Parse(l, t, p.Mapping)
	p.Errors = parsed.Errors
	var w db.Where
	w.And("list = ?", l.ID)
	old, err := listEntries(ctx, q, &w, 0)
	if err != nil {
		return p, err
	}
	had := make(map[string]Entry, len(old))
	for _, e := range old {
		had[e.ID] = e
	}
	found, called, err := s.find(ctx, q, l, parsed.Entries)
	if err != nil {
		return p, err
	}
	in := make(map[string]bool, len(parsed.Entries))
	for i, e := range parsed.Entries {
		in[e.ID] = true
		c := Change{Entry: e, Row: parsed.Rows[i], What: "added", Who: found[e.ID]}
		if o, there := had[e.ID]; there {
			c.Entry, c.What = o.taking(e)
		}
		c.Name = called[c.Who.Org]
		p.Changes = append(p.Changes, c)
	}
	if m.Whole && len(parsed.Errors) == 0 { // a file with mistakes is not the whole list
		for _, e := range old {
			if !in[e.ID] && e.State != StateRemoved && !e.decided() { // what was decided ends as it was decided
				p.Gone = append(p.Gone, e)
			}
		}
	}
	p.count()
	return p, nil
}

func (p *Preview) count() {
	if p.State == ImportApplied {
		return // what it did then stands with the import
	}
	p.Added, p.Changed, p.Same = 0, 0, 0
	for _, c := range p.Changes {
		switch c.What {
		case "added":
			p.Added++
		case "changed":
			p.Changed++
		default:
			p.Same++
		}
	}
	p.Import.Gone = int64(len(p.Gone))
	rows := map[int]bool{}
	for _, e := range p.Errors {
		rows[e.Row] = true
	}
	p.Wrong = int64(len(rows))
}

// taking is the entry with what a newer row says, and whether that changes anything.
func (e Entry) taking(n Entry) (Entry, string) {
	old := e
	e.Name, e.Folded, e.Former, e.USCC, e.From, e.To, e.Derived, e.Evidence = n.Name, n.Folded, n.Former, n.USCC, n.From, n.To, n.Derived, n.Evidence
	if e.State == StateRemoved {
		e.State, e.Org, e.Reason, e.Confidence = StateNone, "", "", 0
	}
	if e == old {
		return e, "same"
	}
	return e, "changed"
}

// find compares entries with the register; the names of the organisations found come along.
func (s *Service) find(ctx context.Context, q db.Q, l List, entries []Entry) (map[string]Finding, map[string]string, error) {
	var codes, words []string
	for _, e := range entries {
		codes = append(codes, e.USCC)
		words = append(words, names.Spellings(e.Name)...)
		for _, f := range e.formers() {
			words = append(words, names.Spellings(f)...)
		}
	}
	orgs, err := s.orgs.Named(ctx, q, codes, words)
	if err != nil {
		return nil, nil, fmt.Errorf("look for the organisations of roster %s: %w", l.Code, err)
	}
	byCode, byName, called := map[string][]identity.Organisation{}, map[string][]identity.Organisation{}, map[string]string{}
	for _, o := range orgs {
		called[o.ID] = o.NameZH
		if o.USCC != "" {
			byCode[o.USCC] = append(byCode[o.USCC], o)
		}
		for _, key := range []string{folded(o.NameZH), folded(o.NameEN)} {
			if key != "" {
				byName[key] = append(byName[key], o)
			}
		}
	}
	out, measure := make(map[string]Finding, len(entries)), s.data.on(s.today())
	for _, e := range entries {
		candidates := append([]identity.Organisation{}, byName[e.Folded]...)
		if e.USCC != "" {
			candidates = append(candidates, byCode[e.USCC]...)
		}
		for _, f := range e.formers() {
			candidates = append(candidates, byName[folded(f)]...)
		}
		out[e.ID] = Compare(e, l.Region, distinct(candidates), measure)
	}
	return out, called, nil
}

func distinct(in []identity.Organisation) []identity.Organisation {
	out, seen := in[:0:0], map[string]bool{}
	for _, o := range in {
		if !seen[o.ID] {
			seen[o.ID] = true
			out = append(out, o)
		}
	}
	return out
}

// Remap changes what the columns of an import hold, before it is applied.
func (s *Service) Remap(ctx context.Context, by identity.Subject, importID string, mapping []string, whole bool) (Import, error) {
	p, err := s.Look(ctx, by, importID)
	if err != nil {
		return p.Import, err
	}
	if p.State != ImportPreviewed {
		return p.Import, alreadyDone()
	}
	used := map[string]bool{}
	for _, f := range mapping {
		if f != "" && used[f] {
			return p.Import, fault.New(fault.Invalid, "mapping-twice", "同一项内容只能对应一列，请检查“{0}”。", f).Field("column", "twice", "同一项内容只能对应一列，请检查“{0}”。", f)
		}
		used[f] = true
	}
	m := p.Import
	m.Whole = whole
	if m.Mapping, err = encode(mapping); err != nil {
		return m, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := putImport(ctx, tx, m); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "roster.map", Kind: "roster-import", ID: m.ID, Data: m})
	})
	return m, err
}

func alreadyDone() error {
	return fault.New(fault.Conflict, "import-done", "这次导入已经办结，请重新上传文件。")
}

// Apply writes what a preview showed: new and changed entries, matched where that is sure; those gone leave.
func (s *Service) Apply(ctx context.Context, by identity.Subject, importID string) (Import, error) {
	if _, err := s.Look(ctx, by, importID); err != nil { // allowed, and readable
		return Import{}, err
	}
	var m Import
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if m, err = getImport(ctx, tx, importID); err != nil {
			return err
		}
		if m.State != ImportPreviewed {
			return alreadyDone()
		}
		l, err := getList(ctx, tx, m.List)
		if err != nil {
			return err
		}
		p, err := s.look(ctx, tx, m, l)
		if err != nil {
			return err
		}
		if err := s.write(ctx, tx, l, p); err != nil {
			return err
		}
		m = p.Import
		m.State, m.AppliedAt = ImportApplied, db.Stamp(s.clock.Now())
		if err := putImport(ctx, tx, m); err != nil {
			return err
		}
		if err := outbox.Publish(ctx, tx, s.clock.Now(), Imported{l.ID, m.ID, l.Region, m.Added, m.Gone}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "roster.apply", Kind: "roster-import", ID: m.ID, From: ImportPreviewed, To: m.State, Data: m})
	})
	return m, err
}

func (s *Service) write(ctx context.Context, tx *db.Tx, l List, p Preview) error {
	for _, c := range p.Changes {
		if c.What == "same" {
			continue
		}
		e := c.Entry
		e.Import = p.ID
		if err := s.settle(ctx, tx, l, e, c.Who); err != nil {
			return err
		}
	}
	for _, e := range p.Gone {
		if err := s.remove(ctx, tx, l, e, ""); err != nil {
			return err
		}
	}
	return nil
}
