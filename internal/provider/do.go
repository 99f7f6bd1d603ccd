package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/number"
	"qiao/internal/platform/outbox"
)

// VerbRequest is what comes with a verb on a membership.
type VerbRequest struct {
	Note string // return, refuse, suspend, expel and end need one
	From string // with offer: first day of the term; empty: today
}

// action is the row of the permission table that a step needs.
func action(step []string) string {
	if slices.Contains(step, SideOwner) && !slices.Contains(step, SideAuthority) {
		return "provider.apply"
	}
	return "provider.decide"
}

// may tells whether the subject may take the step: as the owner, or as the authority, never in its own affair.
func (s *Service) may(by identity.Subject, m Membership, who []string) error {
	if slices.Contains(who, SideOwner) && by.Org == m.Org && s.policy.Can(by, "provider.apply", object(m.Org, m.Region)) == nil {
		return nil
	}
	if !slices.Contains(who, SideAuthority) {
		return s.policy.Can(by, action(who), object(m.Org, m.Region))
	}
	if by.Org == m.Org {
		return fault.New(fault.Forbidden, "own-organisation", "这是您自己单位的事项，请由其他工作人员办理。")
	}
	return s.policy.Can(by, "provider.decide", object(m.Org, m.Region))
}

// Do carries out a verb of Memberships.
func (s *Service) Do(ctx context.Context, by identity.Subject, membership, verb string, r VerbRequest) (Membership, error) {
	var m Membership
	r.Note = strings.TrimSpace(r.Note)
	if !Memberships.Has(verb) || slices.Contains([]string{"start", "renew", "lapse"}, verb) {
		return m, fault.New(fault.NotFound, "no-such-verb", "没有“{0}”这个操作。", verb)
	}
	if err := reason(verb, r.Note); err != nil {
		return m, err
	}
	if verb == "sign" || verb == "offer" {
		if err := s.keepText(ctx, membership, verb, r.From); err != nil {
			return m, err
		}
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if m, err = getMembership(ctx, tx, membership); err != nil {
			return err
		}
		who := s.who(verb)
		if err := s.may(by, m, who); err != nil {
			return err
		}
		step, err := Memberships.Next(m.State, verb)
		if err != nil {
			return err
		}
		if err := s.effect(ctx, tx, by, &m, verb, r); err != nil {
			return err
		}
		return s.moved(ctx, tx, by, &m, verb, step.From, step.To, r.Note)
	})
	return m, err
}

// who are the sides that may do a verb, from any state.
func (s *Service) who(verb string) []string {
	for _, x := range Memberships {
		if x.Verb == verb {
			return x.Who
		}
	}
	return nil
}

func reason(verb, note string) error {
	n := utf8.RuneCountInString(note)
	if slices.Contains([]string{"return", "refuse", "suspend", "expel"}, verb) && n < 4 {
		const text = "请写明理由，对方会看到；至少 4 个字。"
		return fault.New(fault.Invalid, "reason-needed", text).Field("note", "required", text)
	}
	if n > 500 {
		const text = "太长了，最多 {0} 个字。"
		return fault.New(fault.Invalid, "reason-long", text, 500).Field("note", "too-long", text, 500)
	}
	return nil
}

// effect is what a verb changes besides the state.
func (s *Service) effect(ctx context.Context, tx *db.Tx, by identity.Subject, m *Membership, verb string, r VerbRequest) error {
	switch verb {
	case "submit":
		return s.missing(*m)
	case "qualify":
		return s.checked(*m)
	case "offer":
		return s.offer(by, m, r.From)
	case "sign":
		return s.sign(ctx, tx, m)
	case "expel":
		return s.release(ctx, tx, *m)
	}
	return nil
}

// checked refuses while a point of the checklist is open or says no.
func (s *Service) checked(m Membership) error {
	f := fault.New(fault.Conflict, "check-open", "核查表还有未通过的项目，不能认定合格。")
	for _, it := range s.rules.Checklist {
		i := slices.IndexFunc(m.Checks, func(c Check) bool { return c.Code == it.Code })
		if i < 0 || m.Checks[i].Verdict != "yes" {
			f.Field("check-"+it.Code, "open", "未通过：{0}", it.Name.ZH)
		}
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// offer fixes the text and the term of the agreement.
func (s *Service) offer(by identity.Subject, m *Membership, from string) error {
	if from == "" {
		from = s.today()
	}
	if _, err := clock.Midnight(from); err != nil {
		return fault.New(fault.Invalid, "term-from", "起始日期不对，请写成 2026-01-31 的样子。").Field("from", "date", "起始日期不对，请写成 2026-01-31 的样子。")
	}
	a := s.rules.agreement(from)
	end, err := termEnd(from, a.Months)
	if err != nil {
		return err
	}
	m.Agreement, m.From, m.To, m.OfferedBy = a.Version, from, end, by.Org
	return nil
}

// sign makes a member: the capacity to provide is granted where it is missing, and the hash of the text is kept.
func (s *Service) sign(ctx context.Context, tx *db.Tx, m *Membership) error {
	text, err := s.agreementText(ctx, tx, *m)
	if err != nil {
		return err
	}
	m.SHA256 = sum(text)
	has, err := s.orgs.HasCapacity(ctx, tx, m.Org, identity.CapacityProvider)
	if err != nil {
		return fmt.Errorf("look at the capacities of %s: %w", m.Org, err)
	}
	if has {
		return nil
	}
	m.Granted = true
	return s.orgs.Grant(ctx, tx, m.Org, identity.CapacityProvider, m.OfferedBy)
}

// release takes back the capacity that came with the membership.
func (s *Service) release(ctx context.Context, tx *db.Tx, m Membership) error {
	if !m.Granted {
		return nil
	}
	return s.orgs.End(ctx, tx, m.Org, identity.CapacityProvider)
}

// moved writes a move: state, step, event, audit.
func (s *Service) moved(ctx context.Context, tx *db.Tx, by identity.Subject, m *Membership, verb, from, to, note string) error {
	now := db.At(s.clock.Now())
	m.State, m.Revision, m.UpdatedAt = to, m.Revision+1, now
	if err := insertStep(ctx, tx, m.ID, now, by, verb, from, to, note); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, now.Time, audit.Entry{Action: "provider." + verb, Kind: "membership", ID: m.ID, From: from, To: to, Data: m}); err != nil {
		return err
	}
	if verb == "submit" && m.Number == "" {
		var err error
		if m.Number, err = number.Next(ctx, tx, lettersMembership, m.Region, now.Time); err != nil {
			return err
		}
	}
	if err := outbox.Publish(ctx, tx, now.Time, Moved{m.ID, m.Number, m.Org, m.Region, verb, to, m.To}); err != nil {
		return err
	}
	return putMembership(ctx, tx, *m)
}

// SetChecks keeps the authority's words on the checklist.
func (s *Service) SetChecks(ctx context.Context, by identity.Subject, membership string, checks []Check) (Membership, error) {
	var m Membership
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if m, err = getMembership(ctx, tx, membership); err != nil {
			return err
		}
		if err := s.may(by, m, []string{SideAuthority}); err != nil {
			return err
		}
		if m.State != Submitted {
			return fault.New(fault.Conflict, "check-closed", "现在不是核查的阶段。")
		}
		for _, c := range checks {
			if _, known := find(s.rules.Checklist, c.Code); !known || c.Verdict != "yes" && c.Verdict != "no" {
				continue
			}
			if utf8.RuneCountInString(c.Note) > 500 {
				const text = "太长了，最多 {0} 个字。"
				return fault.New(fault.Invalid, "reason-long", text, 500).Field("note-"+c.Code, "too-long", text, 500)
			}
			c.Membership, c.Person, c.At = m.ID, by.Person, db.At(s.clock.Now())
			if err := putCheck(ctx, tx, c); err != nil {
				return err
			}
		}
		if m, err = getMembership(ctx, tx, membership); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "provider.check", Kind: "membership", ID: m.ID, From: m.State, To: m.State, Data: m.Checks})
	})
	return m, err
}
