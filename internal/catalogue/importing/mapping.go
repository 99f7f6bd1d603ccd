package importing

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/catalogue/columns"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// Mapping says what the columns of an owner's own spreadsheet mean. It is kept under a name, and read by again when a file
// with the same set of headings comes.
type Mapping struct {
	ID     string
	Org    string
	Person string // who saved it last
	Name   string
	Plan   Plan
	At     db.Time
	UsedAt db.Time

	headings string // hash of the set of headings
}

// What a mapping may be.
const (
	maxMappings    = 200 // of one owner
	maxMappingName = 60  // characters
)

func foldName(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// checkPlan tells what is wrong with a plan: a target that the kind does not have, or two columns for one.
func (s *Service) checkPlan(p Plan) error {
	k, ok := s.kinds.Find(p.Kind)
	if !ok {
		return fault.New(fault.Invalid, "kind-unknown", "没有“{0}”这类资源。", p.Kind)
	}
	fields := fieldsOf(k)
	taken := map[string]string{}
	for _, heading := range slices.Sorted(maps.Keys(p.Columns)) {
		target := p.Columns[heading]
		if leftOut(target) {
			continue
		}
		if _, ok := fields[target]; !ok {
			return fault.New(fault.Invalid, "target-unknown", "{0}没有“{1}”这项内容，列“{2}”无法对应。", k.ZH, target, heading)
		}
		if other, ok := taken[target]; ok {
			return fault.New(fault.Invalid, "target-twice", "列“{0}”和“{1}”对应了同一项内容“{2}”，请留下一列。", other, heading, fields[target].ZH)
		}
		taken[target] = heading
	}
	if !names(p) {
		return fault.New(fault.Invalid, "name-needed", "没有一列是名称。请为名称选一列，否则分不清每一行是什么。")
	}
	for target, text := range p.Constants {
		f, ok := fields[target]
		if !ok {
			return fault.New(fault.Invalid, "target-unknown", "{0}没有“{1}”这项内容，列“{2}”无法对应。", k.ZH, target, "")
		}
		if _, problem := f.Parse(text); problem != nil {
			return fault.New(fault.Invalid, problem.Code, problem.Text, problem.Args...)
		}
	}
	for heading, r := range p.Readings {
		if r.Currency != "" && !slices.Contains(columns.Currencies(), r.Currency) || r.Dates != "" && r.Dates != columns.DayFirst && r.Dates != columns.MonthFirst {
			return fault.New(fault.Invalid, "reading-unknown", "列“{0}”的写法不在可选范围内。", heading)
		}
	}
	return nil
}

// names tells whether the rows of a plan can have a name.
func names(p Plan) bool {
	for _, target := range p.Columns {
		if target == "name_zh" || target == "name_en" || target == kinds.TargetName {
			return true
		}
	}
	return p.Constants["name_zh"] != "" || p.Constants["name_en"] != ""
}

// fieldsOf are the fields that columns of a kind may carry, by target.
func fieldsOf(k kinds.Kind) map[string]kinds.Field {
	out := map[string]kinds.Field{}
	for _, f := range columns.Fields(k) {
		out[f.Name] = f
	}
	return out
}

// SaveMapping keeps a plan under a name for an organisation; the same name again replaces it.
func (s *Service) SaveMapping(ctx context.Context, sub identity.Subject, org, name string, p Plan) (Mapping, error) {
	if err := s.mayMap(ctx, sub, org); err != nil {
		return Mapping{}, err
	}
	m := Mapping{ID: id.New(), Org: org, Person: sub.Person, Name: strings.Join(strings.Fields(name), " "), At: db.At(s.Clock.Now())}
	if err := checkName(m.Name); err != nil {
		return m, err
	}
	if err := s.checkPlan(p); err != nil {
		return m, err
	}
	p.Sheet, p.Row, p.Name = "", 0, m.Name
	m.Plan, m.headings = p, columns.Signature(slices.Collect(maps.Keys(p.Columns)))
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.putMapping(ctx, tx, &m); err != nil {
			return err
		}
		return s.recordMapping(ctx, tx, m, "", "saved")
	})
	return m, err
}

// putMapping writes a mapping in the place of the one of that name.
func (s *Service) putMapping(ctx context.Context, tx *db.Tx, m *Mapping) error {
	all, err := listMappings(ctx, tx, m.Org)
	if err != nil {
		return err
	}
	for _, old := range all {
		if foldName(old.Name) == foldName(m.Name) {
			m.ID = old.ID
			return updateMapping(ctx, tx, *m)
		}
	}
	if len(all) >= maxMappings {
		return fault.New(fault.Conflict, "too-many-mappings", "已经保存了 {0} 份对应表，请先删去不用的。", maxMappings)
	}
	return insertMapping(ctx, tx, *m)
}

func checkName(name string) error {
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return fault.New(fault.Invalid, "required", "请填写对应表的名称。")
	case n > maxMappingName:
		return fault.New(fault.Invalid, "too-long", "有 {0} 个字，最多 {1} 个字。", n, maxMappingName)
	}
	return nil
}

// mayMap tells whether sub may say what the columns of an organisation's spreadsheets mean: who may import for it.
func (s *Service) mayMap(ctx context.Context, sub identity.Subject, org string) error {
	o, err := s.owner(ctx, org)
	if err != nil {
		return err
	}
	return s.Policy.Can(sub, "resource.import", identity.Object{Parties: map[string]string{"owner": o.ID}, Region: o.Region})
}

// Mappings lists what an organisation has saved, by name.
func (s *Service) Mappings(ctx context.Context, sub identity.Subject, org string) ([]Mapping, error) {
	if err := s.mayMap(ctx, sub, org); err != nil {
		return nil, err
	}
	return listMappings(ctx, s.DB, org)
}

// MappingOf reads one mapping; only for those who may import for its owner.
func (s *Service) MappingOf(ctx context.Context, sub identity.Subject, mappingID string) (Mapping, error) {
	m, err := getMapping(ctx, s.DB, mappingID)
	if isNone(err) {
		return m, errNoMapping(mappingID)
	}
	if err != nil {
		return m, err
	}
	return m, s.mayMap(ctx, sub, m.Org)
}

func errNoMapping(name string) error {
	return fault.New(fault.NotFound, "mapping-not-found", "没有找到名为“{0}”的对应表。", name)
}

// RenameMapping gives a mapping another name.
func (s *Service) RenameMapping(ctx context.Context, sub identity.Subject, mappingID, name string) (Mapping, error) {
	m, err := s.MappingOf(ctx, sub, mappingID)
	if err != nil {
		return m, err
	}
	from := m.Name
	m.Name = strings.Join(strings.Fields(name), " ")
	if err := checkName(m.Name); err != nil {
		return m, err
	}
	m.Plan.Name, m.Person = m.Name, sub.Person
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		all, err := listMappings(ctx, tx, m.Org)
		if err != nil {
			return err
		}
		for _, other := range all {
			if other.ID != m.ID && foldName(other.Name) == foldName(m.Name) {
				return fault.New(fault.Conflict, "name-taken", "已经有一份叫“{0}”的对应表。", m.Name)
			}
		}
		if err := updateMapping(ctx, tx, m); err != nil {
			return err
		}
		return s.recordMapping(ctx, tx, m, from, "renamed")
	})
	return m, err
}

// DeleteMapping forgets a mapping; imports that were made by it keep their own copy.
func (s *Service) DeleteMapping(ctx context.Context, sub identity.Subject, mappingID string) (Mapping, error) {
	m, err := s.MappingOf(ctx, sub, mappingID)
	if err != nil {
		return m, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := deleteMapping(ctx, tx, m.ID); err != nil {
			return err
		}
		return s.recordMapping(ctx, tx, m, "saved", "deleted")
	})
	return m, err
}

// mappingNamed finds a mapping of an organisation by its id or its name.
func (s *Service) mappingNamed(ctx context.Context, org, name string) (Mapping, error) {
	all, err := listMappings(ctx, s.DB, org)
	if err != nil {
		return Mapping{}, err
	}
	for _, m := range all {
		if m.ID == name || foldName(m.Name) == foldName(name) {
			return m, nil
		}
	}
	return Mapping{}, errNoMapping(name)
}

func (s *Service) recordMapping(ctx context.Context, tx *db.Tx, m Mapping, from, to string) error {
	return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "resource.import", Kind: "mapping", ID: m.ID, From: from, To: to, Data: []any{m.Org, m.headings, fmt.Sprint(len(m.Plan.Columns))}})
}
