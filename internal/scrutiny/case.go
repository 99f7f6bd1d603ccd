package scrutiny

import (
	"context"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
	"qiao/internal/voucher"
)

// Case is one redemption that is looked at.
type Case struct {
	ID        string      `db:"id"`
	Draw      string      `db:"draw"`
	Flag      string      `db:"flag"`
	Claim     string      `db:"claim"`
	Number    string      `db:"number"`
	Provider  string      `db:"provider"`
	Region    string      `db:"region"`
	Amount    money.Fen   `db:"amount"`
	Stratum   string      `db:"stratum"`
	Lot       string      `db:"lot"`
	Place     int64       `db:"place"`
	Ticked    string      `db:"ticked"`
	State     string      `db:"state"`
	Due       string      `db:"due"`
	Person    string      `db:"person"`
	Sample    bool        `db:"sample"`
	CreatedAt db.Time     `db:"created_at"`
	DecidedAt db.NullTime `db:"decided_at"`
}

func (c Case) object() identity.Object { return object("", c.Provider, c.Region) }

func (c Case) told() Checked {
	return Checked{Case: c.ID, Number: c.Number, Provider: c.Provider, Region: c.Region, State: c.State, Due: c.Due}
}

// CasesOf are the cases of a draw, those that wait first; whoever asks has looked at the reader's rights.
func (s *Service) CasesOf(ctx context.Context, q db.Q, draw string) ([]Case, error) {
	var w db.Where
	w.And("draw = ?", draw)
	return listCases(ctx, q, &w, most)
}

// openCase begins to look at a redemption. One that is looked at already stays as it is.
func (s *Service) openCase(ctx context.Context, tx *db.Tx, by identity.Subject, c voucher.Claim, x Case) (Case, error) {
	if known, there, err := openCaseOf(ctx, tx, c.ID); err != nil || there {
		return known, err
	}
	if x.Due == "" {
		due, err := clock.AddDays(s.today(), s.rules().Check.Days)
		if err != nil {
			return x, err
		}
		x.Due = due
	}
	x.ID, x.Claim, x.Number, x.Provider, x.Region, x.Amount, x.State, x.CreatedAt = id.New(), c.ID, c.Number, c.Payee, c.Region, c.Amount, Open, db.At(s.Clock.Now())
	if err := insertCase(ctx, tx, x); err != nil {
		return x, err
	}
	if err := s.done(ctx, tx, "scrutiny.draw", "case", Step{Object: x.ID, Side: Authority, Person: by.Person, Org: by.Org, Verb: "draw", To: Open}, x.Lot); err != nil {
		return x, err
	}
	return x, outbox.Publish(ctx, tx, s.Clock.Now(), x.told())
}

// Visit is what an officer notes about a case, or ends it with.
type Visit struct {
	Verb   string // note, clean or finding
	Ticked []string
	Answer
}

// Check notes what was seen, with the checklist as far as it was gone through; clean and finding end the case. A finding of a
// redemption that was paid proposes to ask the money back, one that is not yet paid refuses it.
func (s *Service) Check(ctx context.Context, by identity.Subject, caseID string, v Visit) (Case, error) {
	var c Case
	if !slices.Contains([]string{"note", "clean", "finding"}, v.Verb) {
		return c, fault.New(fault.BadRequest, "verb-unknown", "不认识的结论。")
	}
	note, err := noteOf(v.Note, v.Verb == "finding" || v.Verb == "note" && v.Body == nil)
	if err != nil {
		return c, err
	}
	var file keptFile
	if v.Body != nil {
		if file, err = s.keepProof(ctx, v.Proof); err != nil {
			return c, err
		}
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if c, err = lockCase(ctx, tx, caseID); err != nil {
			return err
		}
		if err := s.Policy.Can(by, "scrutiny.check", c.object()); err != nil {
			return err
		}
		if err := s.stranger(ctx, tx, by, c.Provider); err != nil {
			return err
		}
		step, err := CaseTable().Next(c.State, v.Verb)
		if err != nil {
			return err
		}
		if err := s.tick(&c, v); err != nil {
			return err
		}
		c.State = step.To
		if c.State != Open {
			c.Person, c.DecidedAt = by.Person, db.NullAt(s.Clock.Now())
		}
		if err := updateCase(ctx, tx, c); err != nil {
			return err
		}
		st := Step{Object: c.ID, Side: Authority, Person: by.Person, Org: by.Org, Verb: v.Verb, From: step.From, To: step.To, Note: note, File: file.Name, SHA256: file.SHA256, Size: file.Size}
		if err := s.done(ctx, tx, "scrutiny.check", "case", st, c.Ticked); err != nil {
			return err
		}
		if c.State == Open {
			return nil
		}
		if c.State == Bad {
			if err := s.found(ctx, tx, by, c, note); err != nil {
				return err
			}
		}
		return outbox.Publish(ctx, tx, s.Clock.Now(), c.told())
	})
	return c, err
}

// tick keeps what of the checklist was gone through; all of it, before a case is clean.
func (s *Service) tick(c *Case, v Visit) error {
	had := strings.Fields(c.Ticked)
	var out []string
	for _, it := range s.rules().Check.List {
		if slices.Contains(v.Ticked, it.Code) || slices.Contains(had, it.Code) && v.Verb == "note" && v.Ticked == nil {
			out = append(out, it.Code)
		}
	}
	c.Ticked = strings.Join(out, " ")
	if v.Verb == "clean" && len(out) < len(s.rules().Check.List) {
		return fault.New(fault.Invalid, "checklist-open", "核查清单还没有逐项核对完，不能下“未见异常”的结论。").Field("ticked", "required", "请逐项核对；有一项对不上，结论就是“发现问题”。")
	}
	return nil
}

// found does what a finding leads to: the money is asked back, or not paid.
func (s *Service) found(ctx context.Context, tx *db.Tx, by identity.Subject, c Case, note string) error {
	whole, err := s.Vouchers.Whole(ctx, tx, c.Claim)
	if err != nil {
		return err
	}
	switch whole.State {
	case "paid":
		_, err = s.propose(ctx, tx, by, whole.Claim, c.ID, note)
	case "submitted", "verified", "approved", "published":
		_, err = s.Vouchers.Act(ctx, tx, by, c.Claim, "refuse", voucher.VerbRequest{Note: note, Key: "case/" + c.ID})
	}
	return err
}

// AnswerCase keeps what the provider says and shows.
func (s *Service) AnswerCase(ctx context.Context, by identity.Subject, caseID string, a Answer) (Case, error) {
	var c Case
	note, file, err := s.said(ctx, a)
	if err != nil {
		return c, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if c, err = lockCase(ctx, tx, caseID); err != nil {
			return err
		}
		if err := s.Policy.Can(by, "scrutiny.answer", c.object()); err != nil {
			return err
		}
		step, err := CaseTable().Next(c.State, "answer")
		if err != nil {
			return err
		}
		st := Step{Object: c.ID, Side: Party, Person: by.Person, Org: by.Org, Verb: "answer", From: step.From, To: step.To, Note: note, File: file.Name, SHA256: file.SHA256, Size: file.Size}
		if err := s.done(ctx, tx, "scrutiny.answer", "case", st, nil); err != nil {
			return err
		}
		return outbox.Publish(ctx, tx, s.Clock.Now(), Answered{Link: "/desk/spot-cases/" + c.ID, Region: c.Region, Number: c.Number})
	})
	return c, err
}
