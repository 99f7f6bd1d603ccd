package catalogue

import (
	"context"
	"fmt"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/outbox"
)

// Person is whom a record of a personal kind is about, as far as the record says.
type Person struct {
	Name, Institution, ORCID string
	Org                      string // its owner
	Source, SourceID         string
}

// Bar tells which people want no record in the catalogue: one answer each.
type Bar func(ctx context.Context, q db.Q, people []Person) ([]bool, error)

const refusedText = "这个人不希望出现在目录中，不能登记或导入。"

func errBarred() error { return fault.New(fault.Conflict, "person-refuses", refusedText) }

// PersonOf is whom a record is about.
func PersonOf(r Resource) Person {
	p := Person{Name: r.Name(), Org: r.Owner, Source: r.Source, SourceID: r.SourceID}
	p.Institution, _ = r.Fields["institution"].(string)
	p.ORCID, _ = r.Fields["orcid"].(string)
	for _, x := range r.Identifiers {
		if x.Scheme == "orcid" {
			p.ORCID = x.Value
		}
	}
	return p
}

// bar marks the records of a batch whose people want none.
func (b *arrival) bar(ctx context.Context, q db.Q) error {
	if b.service.Bar == nil {
		return nil
	}
	var people []Person
	var at []int
	for i, x := range b.batch {
		if k, ok := b.service.kinds.Find(x.Kind); ok && k.Personal && !x.Deleted {
			text := func(name string) string { v, _ := x.Values[name].(string); return v }
			p := Person{Name: text("name_zh"), Institution: text("institution"), ORCID: text("orcid"), Org: b.org.ID, Source: b.in.Source, SourceID: x.SourceID}
			if p.Name == "" {
				p.Name = text("name_en")
			}
			people, at = append(people, p), append(at, i)
		}
	}
	if len(people) == 0 {
		return nil
	}
	barred, err := b.service.Bar(ctx, q, people)
	if err != nil {
		return fmt.Errorf("ask whether %d people want to be listed: %w", len(people), err)
	}
	b.barred = map[int]bool{}
	for i, yes := range barred {
		b.barred[at[i]] = yes
	}
	return nil
}

// barred tells whether a record must not become public, since its person wants none.
func (s *Service) barred(ctx context.Context, q db.Q, r Resource, k kinds.Kind) (bool, error) {
	if s.Bar == nil || !k.Personal || !r.Live() {
		return false, nil
	}
	list, err := s.Bar(ctx, q, []Person{PersonOf(r)})
	if err != nil {
		return false, fmt.Errorf("ask whether the person of %s wants to be listed: %w", r.ID, err)
	}
	return list[0], nil
}

// Amend changes a record about a person in the caller's transaction. It asks no permission: only the room in which the
// person decides calls it. verb is one of the history's.
func (s *Service) Amend(ctx context.Context, tx *db.Tx, sub identity.Subject, resource, verb string, edit func(*Resource)) (Resource, error) {
	before, k, err := s.load(ctx, tx, resource)
	if err != nil {
		return Resource{}, err
	}
	after := before.clone()
	edit(&after)
	bad := fault.New(fault.Invalid, "resource-invalid", "有些内容需要修改，请按提示更正后再提交。")
	for _, f := range k.Fields {
		v, p := f.Accept(after.value(f))
		if p != nil {
			bad.Field(f.Name, p.Code, p.Text, p.Args...)
			continue
		}
		after.assign(f, v)
	}
	if after.Name() == "" {
		bad.Field("name_zh", "required", "请填写中文名称或英文名称。")
	}
	if len(bad.Fields) > 0 {
		return before, bad
	}
	if len(diff(before, after, k)) == 0 {
		return before, nil
	}
	return after, s.write(ctx, tx, sub, before, &after, k, verb, "")
}

// Erase leaves of a record about a person nothing but a tombstone without a name: its fields, its number at its source,
// its identifiers, its files and what its history said.
func (s *Service) Erase(ctx context.Context, tx *db.Tx, sub identity.Subject, resource string) error {
	before, k, err := s.load(ctx, tx, resource)
	if err != nil {
		return err
	}
	after := before.clone()
	after.NameZH, after.NameEN, after.Summary, after.Model, after.Maker, after.Class = "已删除的个人记录", "Erased personal record", "", "", "", "" //i18n:data stands where a name stood
	after.SourceID, after.Fields, after.Identifiers, after.Prices, after.Languages, after.Access = "", map[string]any{}, nil, nil, nil, nil
	after.Status, after.Note = StatusWithdrawn, ""
	if err := s.write(ctx, tx, sub, before, &after, k, "withdraw", ""); err != nil {
		return err
	}
	merged, err := db.All[string](ctx, tx, `SELECT dropped FROM catalogue_merge WHERE keep = $1 AND dropped <> keep`, resource)
	if err != nil {
		return fmt.Errorf("look for what was merged into %s: %w", resource, err)
	}
	for _, sql := range []string{
		`UPDATE catalogue_history SET changes = '[]' WHERE resource = $1`,
		`DELETE FROM catalogue_file WHERE resource = $1`,
		`DELETE FROM catalogue_merge WHERE keep = $1 OR dropped = $1`,
	} {
		if _, err := tx.Exec(ctx, sql, resource); err != nil {
			return fmt.Errorf("erase record %s: %w", resource, err)
		}
	}
	for _, x := range merged { // the same person, entered twice
		if err := s.Erase(ctx, tx, sub, x); err != nil {
			return err
		}
	}
	return nil
}

// Touch makes everything that follows records look at one again, though the record itself is what it was.
func (s *Service) Touch(ctx context.Context, tx *db.Tx, resource string) error {
	r, _, err := s.load(ctx, tx, resource)
	if err != nil {
		return err
	}
	return outbox.Publish(ctx, tx, s.Clock.Now(), ResourceChanged{ID: r.ID, Kind: r.Kind, Owner: r.Owner, Region: r.Region, Revision: r.Revision, Status: r.Status})
}

// nameless is what is told of a record about a person that is no longer public.
func nameless(r Resource) Resource {
	return Resource{ID: r.ID, Kind: r.Kind, Status: r.Status, Revision: r.Revision, Sample: r.Sample, Fields: map[string]any{}, UpdatedAt: r.UpdatedAt}
}
