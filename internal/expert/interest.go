package expert

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// InterestDraft is what a person declares.
type InterestDraft struct {
	OrgName, Relation, From, To, Note string
}

// Declare adds a tie to an organisation; where its name is that of one organisation of the platform, it is bound to it.
func (s *Service) Declare(ctx context.Context, by identity.Subject, resource string, d InterestDraft) (Interest, error) {
	i := Interest{Resource: resource, OrgName: strings.Join(strings.Fields(d.OrgName), " "), Relation: d.Relation, From: d.From, To: d.To, Note: strings.TrimSpace(d.Note)}
	bad := fault.New(fault.Invalid, "interest-invalid", "有些内容需要修改，请按提示更正后再提交。")
	long(bad, "name", i.OrgName, 2, 200)
	long(bad, "note", i.Note, 0, 500)
	if _, ok := s.rules.relation(i.Relation, s.today()); !ok {
		bad.Field("relation", "not-a-choice", "请选择关系的种类。")
	}
	if !civil(i.From) {
		bad.Field("from", "date", "日期不对，请写成 2026-01-31 的样子。")
	}
	if i.To != "" && !civil(i.To) {
		bad.Field("to", "date", "日期不对，请写成 2026-01-31 的样子。")
	} else if i.To != "" && i.To < i.From {
		bad.Field("to", "before-from", "结束日期早于开始日期。")
	}
	if err := orNil(bad); err != nil {
		return i, err
	}
	err := s.own(ctx, by, resource, func(ctx context.Context, tx *db.Tx) error {
		named, err := s.orgs.Named(ctx, tx, nil, []string{i.OrgName})
		if err != nil {
			return err
		}
		if len(named) == 1 {
			i.Org = named[0].ID
		}
		i.ID, i.DeclaredOn, i.At = id.New(), s.today(), db.At(s.clock.Now())
		if err := insertInterest(ctx, tx, i); err != nil {
			return err
		}
		return s.edited(ctx, tx, "declare", resource, i)
	})
	return i, err
}

func civil(day string) bool {
	_, err := time.Parse(clock.DateLayout, day)
	return err == nil
}

// TakeBack takes a declaration back; what was declared stays to be seen by the person, but counts no more.
func (s *Service) TakeBack(ctx context.Context, by identity.Subject, resource, interest string) error {
	return s.own(ctx, by, resource, func(ctx context.Context, tx *db.Tx) error {
		n, err := takeBackInterest(ctx, tx, resource, interest, s.today())
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "interest-not-found", "没有找到这项申报。")
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "expert.take-back", Kind: "expert", ID: resource, Data: interest})
	})
}

// ConflictsOf are the ties of the person of a record that rule them out for an organisation on a civil day: what review
// panels ask before they choose. It asks no permission.
func (s *Service) ConflictsOf(ctx context.Context, q db.Q, resource, org, day string) ([]Conflict, error) {
	ties, err := s.ties(ctx, q, resource)
	if err != nil {
		return nil, err
	}
	o, err := s.orgs.Organisation(ctx, q, org)
	if err != nil {
		return nil, err
	}
	family, err := s.above(ctx, q, o)
	if err != nil {
		return nil, err
	}
	names := slices.DeleteFunc([]string{o.NameZH, o.NameEN}, func(n string) bool { return n == "" })
	return Conflicts(s.rules, ties, family, names, day)
}

// AskConflicts is ConflictsOf for an officer who prepares a review, or for the person.
func (s *Service) AskConflicts(ctx context.Context, by identity.Subject, resource, org, day string) ([]Conflict, error) {
	p, err := profileOf(ctx, s.db, resource)
	if err != nil {
		return nil, err
	}
	if !p.Claimed() || by.Person != p.Person {
		if err := s.policy.Can(by, "expert.conflict", identity.Object{}); err != nil {
			return nil, err
		}
	}
	if day == "" {
		day = s.today()
	}
	if !civil(day) {
		return nil, fault.New(fault.Invalid, "day-invalid", "日期不对，请写成 2026-01-31 的样子。").Field("day", "date", "日期不对，请写成 2026-01-31 的样子。")
	}
	return s.ConflictsOf(ctx, s.db, resource, org, day)
}

// above are an organisation and those it is part of, by id.
func (s *Service) above(ctx context.Context, q db.Q, o identity.Organisation) ([]string, error) {
	out := []string{o.ID}
	for parent := o.Parent; parent != "" && !slices.Contains(out, parent); {
		out = append(out, parent)
		up, err := s.orgs.Organisations(ctx, q, []string{parent})
		if err != nil {
			return nil, fmt.Errorf("read what %s is part of: %w", o.ID, err)
		}
		parent = up[parent].Parent
	}
	return out, nil
}

// ties are all that connects the person of a record with organisations: who owns the record, whom they act for on the
// platform, what they declared, and the partners of what they did.
func (s *Service) ties(ctx context.Context, q db.Q, resource string) ([]Tie, error) {
	r, err := s.mine(ctx, q, resource)
	if err != nil {
		return nil, err
	}
	p, err := profileOf(ctx, q, resource)
	if err != nil {
		return nil, err
	}
	institution, _ := r.Fields["institution"].(string)
	out := []Tie{{Orgs: []string{r.Owner}, Name: institution, Relation: "employment", Basis: BasisRecord}}
	if p.Claimed() {
		members, err := s.orgs.Memberships(ctx, q, p.Person)
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			out = append(out, Tie{Orgs: []string{m.Organisation}, Name: m.OrgName, Relation: "employment", From: clock.Day(m.CreatedAt.Time), Basis: BasisMembership})
		}
	}
	declared, err := listInterests(ctx, q, resource)
	if err != nil {
		return nil, err
	}
	for _, i := range declared {
		if i.TakenBack == "" {
			t := Tie{Name: i.OrgName, Relation: i.Relation, From: i.From, To: i.To, Basis: BasisDeclared, Note: i.Note}
			if i.Org != "" {
				t.Orgs = []string{i.Org}
			}
			out = append(out, t)
		}
	}
	done, err := listEvidence(ctx, q, resource)
	if err != nil {
		return nil, err
	}
	for _, e := range done {
		if e.Partner != "" && e.Year > 0 {
			out = append(out, Tie{Name: e.Partner, Relation: "cooperation", From: fmt.Sprintf("%04d-01-01", e.Year), To: fmt.Sprintf("%04d-12-31", e.Year), Basis: BasisEvidence, Note: e.Title})
		}
	}
	return out, s.complete(ctx, q, out)
}

// complete adds to each tie what its organisation is part of.
func (s *Service) complete(ctx context.Context, q db.Q, ties []Tie) error {
	for i, t := range ties {
		if len(t.Orgs) == 0 {
			continue
		}
		list, err := s.orgs.Organisations(ctx, q, t.Orgs)
		if err != nil {
			return err
		}
		o, ok := list[t.Orgs[0]]
		if !ok {
			continue
		}
		if ties[i].Orgs, err = s.above(ctx, q, o); err != nil {
			return err
		}
		if t.Name == "" {
			ties[i].Name = o.NameZH
		}
	}
	return nil
}
