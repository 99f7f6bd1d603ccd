package facts

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/rule"
)

// Typed is what was typed for one fact.
type Typed struct {
	Key  string
	Year string // of a yearly fact
	Text string // empty takes the value back
}

// Document is a file that proves values.
type Document struct {
	Name   string
	SHA256 string
	Size   int64
}

// Change is what a firm writes into its own file at one time.
type Change struct {
	Values []Typed
	AsOf   string   // civil day for which counts were made; empty: today
	Reuse  bool     // the authority of the region may use the values for other purposes, too
	File   Document // evidence of all of them; may be empty
	Note   string
}

// fieldOf is the name of the field in which a fact is typed.
func fieldOf(key, year string) string {
	if year == "" {
		return "fact-" + key
	}
	return "fact-" + key + "-" + year
}

// Write writes values into the file of the subject's organisation and tells how many changed. What is wrong is told by field;
// then nothing is written.
func (s *Service) Write(ctx context.Context, by identity.Subject, c Change) (int, error) {
	n := 0
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		n, err = s.WriteIn(ctx, tx, by, c)
		return err
	})
	return n, err
}

// WriteIn is Write inside the caller's transaction.
func (s *Service) WriteIn(ctx context.Context, tx *db.Tx, by identity.Subject, c Change) (int, error) {
	o, err := s.Organisations.Organisation(ctx, tx, by.Org)
	if err != nil {
		return 0, err
	}
	if err := s.Policy.Can(by, "facts.edit", object(o)); err != nil {
		return 0, err
	}
	if err := lockFile(ctx, tx, o.ID); err != nil {
		return 0, err
	}
	had, err := entriesOf(ctx, tx, o.ID)
	if err != nil {
		return 0, err
	}
	key, err := secret(ctx, tx)
	if err != nil {
		return 0, err
	}
	fresh, err := s.entries(o, by, c, Current(had), key)
	if err != nil {
		return 0, err
	}
	for _, e := range fresh {
		if err := s.add(ctx, tx, e); err != nil {
			return 0, err
		}
	}
	return len(fresh), nil
}

// entries are what a change adds to a file: the values that differ, and those that come with evidence.
func (s *Service) entries(o identity.Organisation, by identity.Subject, c Change, file File, key []byte) ([]Entry, error) {
	today := s.today()
	keys := dated.On(s.keys, today)
	f := fault.New(fault.Invalid, "facts-invalid", "有几项填写得不对，请按提示修改。")
	if c.AsOf == "" {
		c.AsOf = today
	}
	if c.AsOf > today {
		f.Field("as_of", "future", "统计日期不能晚于今天。")
	}
	var out []Entry
	for _, v := range c.Values {
		k, ok := keys.Key(v.Key)
		field := fieldOf(v.Key, v.Year)
		if !ok {
			f.Field(field, "unknown", "企业档案里没有“{0}”这一项。", v.Key)
			continue
		}
		if yearly := k.Per == perYear; yearly != (v.Year != "") || yearly && !slices.Contains(years(today, 10), v.Year) {
			f.Field(field, "year", "“{0}”按年填写，请写明最近十个完整年度中的一年。", k.Name)
			continue
		}
		value, bad := k.Read(v.Text, key)
		if bad == nil && k.Type == rule.Date && value > today {
			bad = wrong("日期不能晚于今天。")
		}
		if bad != nil {
			f.Field(field, bad.Code, bad.Text, bad.Args...)
			continue
		}
		old, had := file[slot{v.Key, v.Year}]
		same := had == (value != "") && old.Value == value && old.Reuse == c.Reuse
		if same && (c.File.SHA256 == "" || value == "" || old.SHA256 == c.File.SHA256) || !had && value == "" || value == "" && k.Type == typeSecret {
			continue // an identity number is not typed again each time
		}
		out = append(out, Entry{
			ID: id.New(), Org: o.ID, Key: v.Key, Year: v.Year, AsOf: c.AsOf, Value: value, Source: Stated, Reuse: c.Reuse, Note: strings.TrimSpace(c.Note),
			FileName: c.File.Name, SHA256: c.File.SHA256, Size: c.File.Size, Person: by.Person, ByOrg: by.Org, Sample: s.Sample, CreatedAt: db.At(s.Clock.Now()),
		})
	}
	if len([]rune(c.Note)) > maxText {
		f.Field("note", "too-long", "太长了，最多 {0} 个字。", maxText)
	}
	if len(f.Fields) > 0 {
		return nil, f
	}
	return out, nil
}

// add writes an entry with its audit entry, which holds no value.
func (s *Service) add(ctx context.Context, tx *db.Tx, e Entry) error {
	if err := insertEntry(ctx, tx, e); err != nil {
		return err
	}
	action := map[string]string{Stated: "facts.edit", Verified: "facts.verify", Imported: "facts.import"}[e.Source]
	what := map[string]string{"org": e.Org, "fact": e.Key, "year": e.Year, "as_of": e.AsOf, "source": e.Source, "confirms": e.Confirms, "file": e.SHA256}
	return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: action, Kind: "fact", ID: e.ID, To: e.Source, Data: what})
}

// Give notes that a firm gave facts to an authority for one purpose, inside the caller's transaction.
func (s *Service) Give(ctx context.Context, tx *db.Tx, by identity.Subject, org, region, kind, object string, facts []string) error {
	if len(facts) == 0 {
		return nil
	}
	keys := dated.On(s.keys, s.today())
	var codes []string
	for _, name := range facts {
		if k, _, ok := keys.of(name); ok && !slices.Contains(codes, k.Code) {
			codes = append(codes, k.Code)
		}
	}
	if len(codes) == 0 {
		return nil
	}
	now := db.At(s.Clock.Now())
	g := Given{ID: id.New(), Org: org, Region: region, Kind: kind, Object: object, Facts: strings.Join(codes, " "), Person: by.Person, CreatedAt: now}
	if err := insertGiven(ctx, tx, g); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, now.Time, audit.Entry{Action: "facts.give", Kind: "facts-given", ID: g.ID, Data: g}); err != nil {
		return fmt.Errorf("record what %s gave: %w", org, err)
	}
	return nil
}

// State writes facts that a firm states while it applies for something, inside the caller's transaction: texts by the names of
// the fields that [Answers.Fields] shows. Empty ones are left alone.
func (s *Service) State(ctx context.Context, tx *db.Tx, by identity.Subject, texts map[string]string) error {
	var c Change
	for name, text := range texts {
		rest, ok := strings.CutPrefix(name, "fact-")
		if text = strings.TrimSpace(text); !ok || text == "" {
			continue
		}
		key, year, _ := strings.Cut(rest, "-")
		c.Values = append(c.Values, Typed{key, year, text})
	}
	if len(c.Values) == 0 {
		return nil
	}
	slices.SortFunc(c.Values, func(a, b Typed) int { return strings.Compare(a.Key+a.Year, b.Key+b.Year) })
	_, err := s.WriteIn(ctx, tx, by, c)
	return err
}
