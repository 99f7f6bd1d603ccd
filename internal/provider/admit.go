package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/state"
)

// Fiscal tells whether a resource was bought with public money, as its record says.
func Fiscal(r catalogue.Resource) bool {
	for _, x := range words(r.Fields["funds"]) {
		if x == "central" || x == "local" {
			return true
		}
	}
	return false
}

// words reads a field of several values, however it came: from a form, or from JSON.
func words(v any) []string {
	switch x := v.(type) {
	case []string:
		return x
	case []any:
		var out []string
		for _, w := range x {
			if text, ok := w.(string); ok {
				out = append(out, text)
			}
		}
		return out
	case string:
		return strings.Fields(x)
	}
	return nil
}

// whole reads a field that is a whole number, however it came.
func whole(v any) int64 {
	switch x := v.(type) {
	case int64:
		return x
	case float64:
		return int64(x)
	}
	return 0
}

// Propose brings equipment of the subject's organisation into the pool, or invites that of another.
func (s *Service) Propose(ctx context.Context, by identity.Subject, resource string) (Admission, error) {
	var a Admission
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list, err := s.catalogue.Any(ctx, tx, []string{resource})
		if err != nil {
			return err
		}
		if len(list) == 0 || list[0].Status == catalogue.StatusWithdrawn {
			const text = "没有找到这台设备。"
			return fault.New(fault.Invalid, "resource-unknown", text).Field("resource", "choice", text)
		}
		r := list[0]
		if Fiscal(r) {
			const text = "这台设备由财政资金购置，应当报送，不用邀请。"
			return fault.New(fault.Conflict, "fiscal", text).Field("resource", "fiscal", text)
		}
		verb, to := "invite", Invited
		if by.Org == r.Owner {
			verb, to = "propose", Agreed
			err = s.policy.Can(by, "equipment.own", object(r.Owner, r.Region))
		} else {
			err = s.policy.Can(by, "equipment.decide", object(r.Owner, r.Region))
		}
		if err != nil {
			return err
		}
		var w db.Where
		w.And("resource = ?", resource)
		w.And("state IN ('invited', 'agreed', 'admitted')")
		if open, err := listAdmissions(ctx, tx, &w); err != nil || len(open) > 0 {
			if err == nil {
				err = fault.New(fault.Conflict, "admission-open", "这台设备已经在办理或已加盟。").Field("resource", "open", "这台设备已经在办理或已加盟。")
			}
			return err
		}
		now := db.At(s.clock.Now())
		a = Admission{ID: id.New(), Resource: r.ID, Owner: r.Owner, Region: r.Region, Name: r.Name(), CreatedAt: now}
		return s.admitted(ctx, tx, by, &a, verb, to, "")
	})
	return a, err
}

// DoAdmission carries out a verb of Admissions.
func (s *Service) DoAdmission(ctx context.Context, by identity.Subject, admission, verb, note string) (Admission, error) {
	var a Admission
	note = strings.TrimSpace(note)
	i := slices.IndexFunc(Admissions, func(x state.Step) bool { return x.Verb == verb && x.From != "" })
	if i < 0 {
		return a, fault.New(fault.NotFound, "no-such-verb", "没有“{0}”这个操作。", verb)
	}
	if err := reason(verb, note); err != nil {
		return a, err
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if a, err = getAdmission(ctx, tx, admission); err != nil {
			return err
		}
		own := slices.Contains(Admissions[i].Who, SideOwner) && by.Org == a.Owner
		act := "equipment.decide"
		if own || !slices.Contains(Admissions[i].Who, SideAuthority) {
			act = "equipment.own"
		}
		if act == "equipment.decide" && by.Org == a.Owner {
			return fault.New(fault.Forbidden, "own-organisation", "这是您自己单位的事项，请由其他工作人员办理。")
		}
		if err := s.policy.Can(by, act, object(a.Owner, a.Region)); err != nil {
			return err
		}
		next, err := Admissions.Next(a.State, verb)
		if err != nil {
			return err
		}
		return s.admitted(ctx, tx, by, &a, verb, next.To, note)
	})
	return a, err
}

func (s *Service) admitted(ctx context.Context, tx *db.Tx, by identity.Subject, a *Admission, verb, to, note string) error {
	now, from := db.At(s.clock.Now()), a.State
	a.State, a.Note, a.Revision, a.UpdatedAt = to, note, a.Revision+1, now
	if err := putAdmission(ctx, tx, *a); err != nil {
		return err
	}
	if err := insertStep(ctx, tx, a.ID, now, by, verb, from, to, note); err != nil {
		return err
	}
	if err := outbox.Publish(ctx, tx, now.Time, AdmissionMoved{a.ID, a.Resource, a.Owner, a.Region, a.Name, verb}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now.Time, audit.Entry{Action: "equipment." + verb, Kind: "admission", ID: a.ID, From: from, To: to, Data: a})
}

// Follow keeps the reporting clock of a resource that was made or changed on a civil day.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, resource, day string) error {
	list, err := s.catalogue.Any(ctx, tx, []string{resource})
	if err != nil {
		return fmt.Errorf("read resource %s: %w", resource, err)
	}
	var w db.Where
	w.And("resource = ?", resource)
	had, err := listClocks(ctx, tx, &w, 1)
	if err != nil {
		return err
	}
	c := Clock{Resource: resource, UpdatedAt: db.At(s.clock.Now())}
	if len(had) > 0 {
		c.ReportedOn = had[0].ReportedOn
	}
	bound := false
	if len(list) > 0 && list[0].Status != catalogue.StatusWithdrawn && Fiscal(list[0]) {
		r := list[0]
		accepted, _ := r.Fields["accepted_on"].(string)
		rule, due, ok := s.rules.Bound(r.Region, money.Fen(whole(r.Fields["worth"])), accepted)
		bound = ok && accepted != ""
		c.Name, c.Owner, c.Region, c.Worth, c.AcceptedOn, c.Rule, c.DueOn = r.Name(), r.Owner, r.Region, whole(r.Fields["worth"]), accepted, rule.Code, due
		if r.Live() && c.ReportedOn == "" {
			c.ReportedOn = day
		}
	}
	if !bound {
		if len(had) == 0 {
			return nil
		}
		return deleteClock(ctx, tx, resource)
	}
	return putClock(ctx, tx, c)
}
