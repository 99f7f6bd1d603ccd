package duplicate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/state"
)

// The states of a takeover.
const (
	Found    = "found"   // the names fit
	AskedFor = "asked"   // the organisation says that the record is about it
	Done     = "done"    // the record is the organisation's now
	Refused  = "refused" // it is about somebody else
)

// The verbs of a takeover.
const (
	VerbAsk      = "ask"
	VerbConfirm  = "confirm"
	VerbDecline  = "decline"
	VerbGiveBack = "give-back"
)

// The sides of a takeover.
const (
	Claimant  = "claimant"  // the registered organisation
	Authority = "authority" // of its region, or the operator
)

// Takeovers is every move of a takeover.
func Takeovers() state.Table {
	return state.Table{
		{From: Found, Verb: VerbAsk, To: AskedFor, Who: []string{Claimant}},
		{From: Found, Verb: VerbConfirm, To: Done, Who: []string{Authority}},
		{From: AskedFor, Verb: VerbConfirm, To: Done, Who: []string{Authority}},
		{From: Found, Verb: VerbDecline, To: Refused, Who: []string{Authority}},
		{From: AskedFor, Verb: VerbDecline, To: Refused, Who: []string{Authority}},
		{From: Done, Verb: VerbGiveBack, To: Found, Who: []string{Authority}},
	}
}

func takeoverObject(x Takeover) identity.Object {
	return identity.Object{Parties: map[string]string{"owner": x.Registered}, Region: x.Region}
}

// action is the row of the permission table that lets a verb be done.
func action(verb string) string {
	if verb == VerbAsk {
		return "duplicate.ask"
	}
	return "duplicate.confirm"
}

// propose looks for public records that are probably about some registered organisations.
func (s *Service) propose(ctx context.Context, tx *db.Tx, orgs []string) error {
	known, err := s.Organisations.Organisations(ctx, tx, orgs)
	if err != nil {
		return err
	}
	now := db.At(s.Clock.Now())
	for _, o := range known {
		if o.Status != identity.StatusRegistered && o.Status != identity.StatusVerified {
			continue
		}
		for _, name := range []string{plain(o.NameZH, o.Sample), plain(o.NameEN, o.Sample)} {
			if name == "" {
				continue
			}
			hits, err := s.Resolve(ctx, tx, name)
			if err != nil {
				return err
			}
			for _, h := range hits {
				if h.Org.Status != identity.StatusUnclaimed || h.Org.Sample != o.Sample || h.Score < Sure || h.Why.Code == "abbreviation" || h.Why.Code == "pinyin" {
					continue
				}
				why, err := json.Marshal(h.Why)
				if err != nil {
					return fmt.Errorf("write why %s fits: %w", o.ID, err)
				}
				x := Takeover{ID: id.From("takeover", h.Org.ID, o.ID), Public: h.Org.ID, Registered: o.ID, Region: o.Region, Score: h.Score, Why: string(why), State: Found, CreatedAt: now, UpdatedAt: now}
				if err := insertTakeover(ctx, tx, x); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Decide takes a takeover a step further. Confirming makes the public record the organisation's, with the records of the
// catalogue that hang on it; giving back undoes it, and tells what stays since it was changed.
func (s *Service) Decide(ctx context.Context, by identity.Subject, takeover, verb, note string) (Takeover, []string, error) {
	if !Takeovers().Has(verb) {
		return Takeover{}, nil, fault.New(fault.NotFound, "no-verb", "没有“{0}”这个操作。", verb)
	}
	var x Takeover
	var kept []string
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if x, err = s.visibleTakeover(ctx, tx, by, takeover); err != nil {
			return err
		}
		if err := s.Policy.Can(by, action(verb), takeoverObject(x)); err != nil {
			return err
		}
		st, err := Takeovers().Next(x.State, verb)
		if err != nil {
			return err
		}
		kept, err = s.takeStep(ctx, tx, by, &x, st, note)
		return err
	})
	return x, kept, err
}

func (s *Service) visibleTakeover(ctx context.Context, q db.Q, by identity.Subject, takeover string) (Takeover, error) {
	x, err := getTakeover(ctx, q, takeover)
	if errors.Is(err, db.ErrNone) || err == nil && s.Policy.Can(by, "duplicate.names", takeoverObject(x)) != nil {
		return x, fault.New(fault.NotFound, "takeover-not-found", "没有找到这条认领。")
	}
	return x, err
}

func (s *Service) takeStep(ctx context.Context, tx *db.Tx, by identity.Subject, x *Takeover, st state.Step, note string) (kept []string, err error) {
	now := db.At(s.Clock.Now())
	x.State, x.Person, x.Note, x.UpdatedAt = st.To, by.Person, strings.TrimSpace(note), now
	switch st.Verb {
	case VerbConfirm:
		if by.Org == x.Registered {
			return nil, fault.New(fault.Forbidden, "own-takeover", "不能确认自己单位的认领，请由其他部门办理。")
		}
		if x.Merge, err = s.Organisations.TakeOver(ctx, tx, by, x.Public, x.Registered); err != nil {
			return nil, err
		}
		moved, err := s.Catalogue.HandOver(ctx, tx, by, x.Public, x.Registered, nil)
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(moved)
		if err != nil {
			return nil, fmt.Errorf("write what was handed over: %w", err)
		}
		x.Moved = string(text)
	case VerbGiveBack:
		var moved []string
		if err := json.Unmarshal([]byte(x.Moved), &moved); err != nil {
			return nil, fmt.Errorf("read what was handed over: %w", err)
		}
		if kept, err = s.Organisations.GiveBack(ctx, tx, by, x.Merge); err != nil {
			return nil, err
		}
		if len(moved) > 0 {
			if _, err := s.Catalogue.HandOver(ctx, tx, by, x.Registered, x.Public, moved); err != nil {
				return nil, err
			}
		}
		x.Merge, x.Moved = "", ""
	}
	ok, err := updateTakeover(ctx, tx, *x, st.From)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.New(fault.Conflict, "takeover-changed", "这条认领刚刚有人办理过，请刷新页面查看。")
	}
	entry := audit.Entry{Action: "takeover." + st.Verb, Kind: "takeover", ID: x.ID, From: st.From, To: st.To, Data: []string{x.Public, x.Registered}}
	if err := audit.Record(ctx, tx, now.Time, entry); err != nil {
		return nil, err
	}
	switch st.Verb {
	case VerbAsk:
		return kept, outbox.Publish(ctx, tx, now.Time, TakeoverAsked{x.ID, x.Registered, x.Region})
	case VerbConfirm:
		return kept, outbox.Publish(ctx, tx, now.Time, TakenOver{x.ID, x.Registered, x.Region})
	}
	return kept, nil
}
