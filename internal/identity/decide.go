package identity

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/outbox"
)

// Decide lets the authority verify, refuse or suspend an organisation of its region, never itself. Refusing and
// suspending need a reason, which the organisation reads. Verifying verifies every capacity asked for, and lifts a
// suspension.
func (s *Service) Decide(ctx context.Context, sub Subject, org, verb, reason string) (Organisation, error) {
	o, err := s.Organisation(ctx, s.db, org)
	if err != nil {
		return o, err
	}
	if verb != VerbVerify && verb != VerbRefuse && verb != VerbSuspend {
		return o, fault.New(fault.NotFound, "verb-unknown", "没有这个操作。")
	}
	if err := s.policy.Can(sub, "organisation."+verb, o.Object()); err != nil {
		return o, err
	}
	if sub.Org == o.ID {
		return o, fault.New(fault.Forbidden, "own-organisation", "不能核验自己的单位，请由其他部门办理。")
	}
	reason = strings.TrimSpace(reason)
	if err := checkReason(verb, reason); err != nil {
		return o, err
	}
	return s.change(ctx, org, verb, func(ctx context.Context, tx *db.Tx, o *Organisation) ([]outbox.Event, error) {
		by, err := s.TakenOverBy(ctx, tx, o.ID)
		if err != nil {
			return nil, err
		}
		if by != "" {
			return nil, fault.New(fault.Conflict, "taken-over", "这条公开记录已被认领，请在认领它的单位名下办理。")
		}
		o.StatusReason = reason
		switch verb {
		case VerbRefuse:
			return []outbox.Event{Refused{Org: o.ID, Region: o.Region}}, nil
		case VerbSuspend:
			return []outbox.Event{Suspended{Org: o.ID, Region: o.Region}}, nil
		}
		fresh, err := verifyAsked(ctx, tx, o.ID, s.today(), sub.Org)
		if err != nil {
			return nil, fmt.Errorf("verify the capacities of %s: %w", o.ID, err)
		}
		if len(fresh) == 0 { // a suspension is lifted
			fresh = []string{""}
		}
		events := make([]outbox.Event, len(fresh))
		for i, c := range fresh {
			events[i] = Verified{Org: o.ID, Capacity: c, Region: o.Region}
		}
		return events, nil
	})
}

func checkReason(verb, reason string) error {
	const need = "请写明理由，对方会看到；至少 4 个字。"
	n := utf8.RuneCountInString(reason)
	if verb != VerbVerify && n < 4 {
		return fault.New(fault.Invalid, "reason-needed", need).Field("reason", "required", need)
	}
	if n > 500 {
		const long = "太长了，最多 {0} 个字。"
		return fault.New(fault.Invalid, "reason-long", long, 500).Field("reason", "too-long", long, 500)
	}
	return nil
}

// change moves an organisation by one verb of its table: read, change, write, tell, in one transaction.
func (s *Service) change(ctx context.Context, org, verb string,
	apply func(ctx context.Context, tx *db.Tx, o *Organisation) ([]outbox.Event, error),
) (o Organisation, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if o, err = s.Organisation(ctx, tx, org); err != nil {
			return err
		}
		step, err := Table().Next(o.Status, verb)
		if err != nil {
			return err
		}
		o.Status, o.Revision, o.UpdatedAt = step.To, o.Revision+1, db.At(s.clock.Now())
		events, err := apply(ctx, tx, &o)
		if err != nil {
			return err
		}
		ok, err := updateOrganisation(ctx, tx, o)
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(fault.Conflict, "changed-meanwhile", "有人刚刚改过它，请刷新页面，看过之后再办。")
		}
		return s.told(ctx, tx, verb, step.From, o, events...)
	})
	return o, err
}
