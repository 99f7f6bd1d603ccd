package scrutiny

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/number"
	"qiao/internal/platform/outbox"
	"qiao/internal/voucher"
)

// Sanction shuts an organisation out of vouchers for a term.
type Sanction struct {
	ID         string  `db:"id"`
	Number     string  `db:"number"`
	Org        string  `db:"org"`
	Side       string  `db:"side"` // voucher.SideFirm or SideProvider
	Region     string  `db:"region"`
	Authority  string  `db:"authority"`
	Ground     string  `db:"ground"`
	Claim      string  `db:"claim"`
	Cause      string  `db:"cause"`
	From       string  `db:"from_day"`
	To         string  `db:"to_day"`
	State      string  `db:"state"`
	HearingDue string  `db:"hearing_due"`
	AppealDue  string  `db:"appeal_due"`
	Proposer   string  `db:"proposer"`
	Decider    string  `db:"decider"`
	Confirmer  string  `db:"confirmer"`
	Entry      string  `db:"entry"`
	Open       bool    `db:"open"`
	Sample     bool    `db:"sample"`
	CreatedAt  db.Time `db:"created_at"`
	UpdatedAt  db.Time `db:"updated_at"`
}

func (x Sanction) object() identity.Object { return object(x.Org, x.Org, x.Region) }

func (x Sanction) told(verb string) Sanctioned {
	due := ""
	switch verb {
	case "propose":
		due = x.HearingDue
	case "confirm":
		due = x.AppealDue
	}
	return Sanctioned{Sanction: x.ID, Number: x.Number, Org: x.Org, Region: x.Region, State: x.State, Verb: verb, Due: due}
}

// lettersSanction begin a sanction's number.
const lettersSanction = "CF"

// Proposal is a sanction that somebody wants.
type Proposal struct {
	Org    string // id, code or full name
	Side   string
	Ground string
	From   string
	To     string
	Claim  string // id of the redemption it is about, or ""
	Cause  string // id of the flag or the case, or ""
}

// Propose proposes a sanction: its party is told the ground, and has until a day to say what it has to say.
func (s *Service) Propose(ctx context.Context, by identity.Subject, p Proposal) (Sanction, error) {
	now, rule := db.At(s.Clock.Now()), s.rules().Sanction
	x := Sanction{ID: id.New(), Side: p.Side, Region: by.Region, Authority: by.Org, Claim: p.Claim, Cause: p.Cause, From: p.From, To: p.To, State: Hearing, Proposer: by.Person, Open: rule.Public, Sample: s.Sample, CreatedAt: now, UpdatedAt: now}
	if err := s.Policy.Can(by, "scrutiny.sanction", identity.Object{Region: by.Region}); err != nil {
		return x, err
	}
	var err error
	if x.HearingDue, err = clock.AddDays(s.today(), rule.Hearing); err != nil {
		return x, fmt.Errorf("last day of the statement: %w", err)
	}
	if x.Ground, err = noteOf(p.Ground, true); err != nil {
		return x, fault.New(fault.Invalid, "sanction-invalid", "处理意见有误，请按提示修改。").Field("ground", "required", "请写明事实和依据，4 到 {0} 个字。", maxNote)
	}
	bad := fault.New(fault.Invalid, "sanction-invalid", "处理意见有误，请按提示修改。")
	if x.Side != voucher.SideFirm && x.Side != voucher.SideProvider {
		bad.Field("side", "not-a-choice", "请从列表中选择。")
	}
	s.checkTerm(bad, x)
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		o, err := s.whom(ctx, tx, p.Org)
		if err != nil {
			return err
		}
		if o.ID == "" {
			bad.Field("org", "unclear", "没有找到唯一的单位，请改用统一社会信用代码。")
		}
		if len(bad.Fields) > 0 {
			return bad
		}
		x.Org = o.ID
		if err := s.stranger(ctx, tx, by, x.Org); err != nil {
			return err
		}
		if x.Number, err = number.Next(ctx, tx, lettersSanction, x.Region, now.Time); err != nil {
			return err
		}
		if err := insertSanction(ctx, tx, x); err != nil {
			return err
		}
		if err := s.done(ctx, tx, "scrutiny.sanction", "sanction", Step{Object: x.ID, Side: Authority, Person: by.Person, Org: by.Org, Verb: "propose", To: Hearing, Note: x.Ground}, x); err != nil {
			return err
		}
		return outbox.Publish(ctx, tx, now.Time, x.told("propose"))
	})
	return x, err
}

func (s *Service) checkTerm(bad *fault.Error, x Sanction) {
	for field, day := range map[string]string{"from": x.From, "to": x.To} {
		if _, err := clock.Midnight(day); err != nil {
			bad.Field(field, "date", "请填写日期，例如 2026-11-21。")
		}
	}
	if x.From < s.today() {
		bad.Field("from", "past", "不能从过去的日期开始。")
	}
	if x.To < x.From {
		bad.Field("to", "order", "结束日期不能早于开始日期。")
	}
}

// whom finds the one organisation that is meant; the zero one when it is not clear.
func (s *Service) whom(ctx context.Context, q db.Q, said string) (identity.Organisation, error) {
	said = strings.TrimSpace(said)
	if said == "" {
		return identity.Organisation{}, nil
	}
	if o, err := s.Organisations.Organisation(ctx, q, said); err == nil {
		return o, nil
	}
	found, err := s.Organisations.Named(ctx, q, []string{identity.NormalUSCC(said)}, []string{said})
	if err != nil || len(found) != 1 {
		return identity.Organisation{}, err
	}
	return found[0], nil
}

// sanctionVerbs are what people do about a sanction that is proposed.
func sanctionVerbs() []string {
	return []string{"state", "decide", "confirm", "drop", "appeal", "stand", "lift"}
}

// actionOf is the action behind a verb of a sanction.
func actionOf(verb string) string {
	switch verb {
	case "state", "appeal":
		return "scrutiny.answer"
	case "stand", "lift":
		return "scrutiny.review"
	}
	return "scrutiny.sanction"
}

// Sanction does a verb of a sanction: state and appeal are the party's, the others the authority's.
func (s *Service) Sanction(ctx context.Context, by identity.Subject, sanction, verb string, a Answer) (Sanction, error) {
	var x Sanction
	if verb == "end" || !SanctionTable().Has(verb) {
		return x, fault.New(fault.NotFound, "no-such-verb", "没有“{0}”这个操作。", verb)
	}
	note, err := noteOf(a.Note, verb != "confirm")
	if err != nil {
		return x, err
	}
	var file keptFile
	if a.Body != nil {
		if file, err = s.keepProof(ctx, a.Proof); err != nil {
			return x, err
		}
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if x, err = lockSanction(ctx, tx, sanction); err != nil {
			return err
		}
		if err := s.Policy.Can(by, actionOf(verb), x.object()); err != nil {
			return err
		}
		step, err := SanctionTable().Next(x.State, verb)
		if err != nil {
			return err
		}
		side := Authority
		if slices.Contains(step.Who, Party) {
			side = Party
		} else if err := s.stranger(ctx, tx, by, x.Org); err != nil {
			return err
		}
		if err := s.effect(ctx, tx, by, &x, verb, note); err != nil {
			return err
		}
		x.State, x.UpdatedAt = step.To, db.At(s.Clock.Now())
		if err := updateSanction(ctx, tx, x); err != nil {
			return err
		}
		st := Step{Object: x.ID, Side: side, Person: by.Person, Org: by.Org, Verb: verb, From: step.From, To: step.To, Note: note, File: file.Name, SHA256: file.SHA256, Size: file.Size}
		if err := s.done(ctx, tx, actionOf(verb), "sanction", st, x.Entry); err != nil {
			return err
		}
		return outbox.Publish(ctx, tx, s.Clock.Now(), x.told(verb))
	})
	return x, err
}

// effect does what a verb means beyond the state, and keeps the rules of who and when.
func (s *Service) effect(ctx context.Context, tx *db.Tx, by identity.Subject, x *Sanction, verb, note string) error {
	switch verb {
	case "decide":
		heard, err := partySaid(ctx, tx, x.ID, "state")
		if err != nil {
			return err
		}
		if !heard && x.HearingDue >= s.today() {
			return fault.New(fault.Conflict, "hearing-open", "当事单位可以陈述到 {0}；收到陈述或期满后才能决定。", x.HearingDue)
		}
		x.Decider = by.Person
	case "confirm":
		if x.Decider == by.Person {
			return fault.New(fault.Forbidden, "second-person-needed", "决定由您作出，须由另一位工作人员确认。")
		}
		return s.enforce(ctx, tx, by, x)
	case "appeal":
		if s.today() > x.AppealDue {
			return fault.New(fault.Conflict, "appeal-late", "申诉期限到 {0}，已经过了。", x.AppealDue)
		}
	case "stand", "lift":
		if slices.Contains([]string{x.Proposer, x.Decider, x.Confirmer}, by.Person) {
			return fault.New(fault.Forbidden, "second-person-needed", "您参与过原来的决定，申诉和解除须由没有参与过的工作人员办理。")
		}
		if verb == "lift" {
			return s.Bans.Lift(ctx, tx, x.Entry, note)
		}
	}
	return nil
}

// enforce enters a sanction in the list that programmes shut out, and begins the time of appeal.
func (s *Service) enforce(ctx context.Context, tx *db.Tx, by identity.Subject, x *Sanction) error {
	rule := s.rules().Sanction
	var err error
	if x.AppealDue, err = clock.AddDays(s.today(), rule.Appeal); err != nil {
		return fmt.Errorf("last day of the appeal: %w", err)
	}
	if x.From < s.today() { // it took longer to decide than was proposed: never backwards
		x.From = s.today()
	}
	if x.To < x.From {
		return fault.New(fault.Conflict, "term-over", "拟定的期限已经过去，请撤销后重新提出。")
	}
	x.Confirmer = by.Person
	x.Entry, err = s.Bans.Enter(ctx, tx, Ban{List: rule.List, Org: x.Org, Number: x.Number, From: x.From, To: x.To, Evidence: x.Number})
	return err
}

// End ends the sanctions whose last day has passed: a job. The list's entry ends by its own day.
func (s *Service) End(ctx context.Context) error {
	if audit.ActorOf(ctx) == (audit.Actor{}) {
		ctx = audit.WithActor(ctx, audit.System("job:end-sanctions"))
	}
	var w db.Where
	w.In("state", inForce())
	w.And("to_day < ?", s.today())
	list, err := listSanctions(ctx, s.DB, &w, 500)
	if err != nil {
		return err
	}
	for _, x := range list {
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			fresh, err := lockSanction(ctx, tx, x.ID)
			if err != nil || !slices.Contains(inForce(), fresh.State) {
				return err
			}
			from := fresh.State
			fresh.State, fresh.UpdatedAt = Ended, db.At(s.Clock.Now())
			if err := updateSanction(ctx, tx, fresh); err != nil {
				return err
			}
			if err := s.done(ctx, tx, "scrutiny.end", "sanction", Step{Object: x.ID, Side: System, Verb: "end", From: from, To: Ended}, nil); err != nil {
				return err
			}
			return outbox.Publish(ctx, tx, s.Clock.Now(), fresh.told("end"))
		})
		if err != nil {
			return fmt.Errorf("end sanction %s: %w", x.Number, err)
		}
	}
	return nil
}
