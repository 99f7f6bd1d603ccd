package duplicate

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/identity/names"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// mostByHand is how many names people may enter for one organisation; longestCalled is in characters.
const (
	mostByHand    = 30
	longestCalled = 120
)

// ByHand are the kinds of names that people enter.
func ByHand() []string { return []string{Former, Alias, Abbreviation} }

// Called is a name as a person enters it.
type Called struct {
	Kind string // of ByHand
	Name string
	From string // civil days on which it held; empty: open
	To   string
}

// check reads what was entered, or says what is wrong.
func (c *Called) check(had []Name) error {
	c.Name, c.From, c.To = strings.Join(strings.Fields(c.Name), " "), strings.TrimSpace(c.From), strings.TrimSpace(c.To)
	problem := fault.New(fault.Invalid, "name-invalid", "请检查标出的内容。")
	if !slices.Contains(ByHand(), c.Kind) {
		problem.Field("kind", "kind", "请选择是哪种名称。")
	}
	form := names.Normalise(c.Name)
	switch {
	case utf8.RuneCountInString(form) < 2 || utf8.RuneCountInString(c.Name) > longestCalled:
		problem.Field("name", "name", "请写 2 到 {0} 个字的名称。", longestCalled)
	case slices.ContainsFunc(had, func(n Name) bool {
		return n.Form == form && (n.Source == byPerson || n.Kind == Official || n.Kind == InEnglish)
	}):
		problem.Field("name", "twice", "这个名称已经有了。")
	}
	for field, day := range map[string]string{"from": c.From, "to": c.To} {
		if _, err := clock.Midnight(day); day != "" && err != nil {
			problem.Field(field, "day", "日期“{0}”看不懂，请写成 2026-11-21。", day)
		}
	}
	if c.From != "" && c.To != "" && c.To < c.From {
		problem.Field("to", "order", "截止日期早于起始日期。")
	}
	if len(problem.Fields) > 0 {
		return problem
	}
	return nil
}

// organisation reads an organisation whose names the subject may keep.
func (s *Service) organisation(ctx context.Context, q db.Q, by identity.Subject, org string) (identity.Organisation, error) {
	known, err := s.Organisations.Organisations(ctx, q, []string{org})
	if err != nil {
		return identity.Organisation{}, err
	}
	o, ok := known[org]
	if !ok {
		return o, fault.New(fault.NotFound, "organisation-not-found", "没有找到这个单位。")
	}
	return o, s.Policy.Can(by, "duplicate.call", identity.Object{Parties: map[string]string{"owner": o.ID}, Region: o.Region})
}

// AddName enters a former or other name of an organisation: it is resolved and found by it at once.
func (s *Service) AddName(ctx context.Context, by identity.Subject, org string, c Called) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.organisation(ctx, tx, by, org); err != nil {
			return err
		}
		had, err := listNames(ctx, tx, []string{org})
		if err != nil {
			return err
		}
		if err := c.check(had[org]); err != nil {
			return err
		}
		entered := slices.DeleteFunc(slices.Clone(had[org]), func(n Name) bool { return n.Source != byPerson })
		if len(entered) >= mostByHand {
			return fault.New(fault.Conflict, "names-many", "最多填写 {0} 个名称，请先删除不用的。", mostByHand)
		}
		form := names.Normalise(c.Name)
		n := Name{ID: id.From("name", org, c.Kind, form, byPerson), Org: org, Kind: c.Kind, Name: c.Name, Form: form, Source: byPerson, ValidFrom: c.From, ValidTo: c.To}
		list := slices.DeleteFunc(had[org], func(x Name) bool { return x.Kind == n.Kind && x.Form == n.Form }) // made by a rule: a person knows better
		return s.rewrite(ctx, tx, org, append(list, n), audit.Entry{Action: "duplicate.call", Kind: "organisation-name", ID: n.ID, To: "entered", Data: n})
	})
}

// DropName takes a name back that a person has entered.
func (s *Service) DropName(ctx context.Context, by identity.Subject, org, name string) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.organisation(ctx, tx, by, org); err != nil {
			return err
		}
		had, err := listNames(ctx, tx, []string{org})
		if err != nil {
			return err
		}
		i := slices.IndexFunc(had[org], func(n Name) bool { return n.ID == name && n.Source == byPerson })
		if i < 0 {
			return fault.New(fault.NotFound, "name-not-found", "没有找到这个名称，它可能已被删除。")
		}
		n := had[org][i]
		if err := s.rewrite(ctx, tx, org, slices.Delete(had[org], i, i+1), audit.Entry{Action: "duplicate.call", Kind: "organisation-name", ID: n.ID, From: "entered", To: "removed", Data: n}); err != nil {
			return err
		}
		return s.learn(ctx, tx, []string{org}) // what a rule makes of the other names stands again
	})
}

// rewrite replaces the names of an organisation; search hears of it.
func (s *Service) rewrite(ctx context.Context, tx *db.Tx, org string, list []Name, e audit.Entry) error {
	if err := replaceNames(ctx, tx, org, list); err != nil {
		return err
	}
	if err := outbox.Publish(ctx, tx, s.Clock.Now(), identity.Changed{Org: org}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, s.Clock.Now(), e)
}
