package scrutiny

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
	"qiao/internal/voucher"
)

// Flag is one oddity of one order.
type Flag struct {
	ID        string      `db:"id"`
	Kind      string      `db:"kind"`
	Severity  string      `db:"severity"`
	Order     string      `db:"order_id"`
	Number    string      `db:"number"`
	Title     string      `db:"title"`
	Claim     string      `db:"claim"`
	Programme string      `db:"programme"`
	Region    string      `db:"region"`
	Firm      string      `db:"firm"`
	Provider  string      `db:"provider"`
	Amount    money.Fen   `db:"amount"`
	Evidence  string      `db:"evidence"`
	Digest    string      `db:"digest"`
	Rule      string      `db:"rule"`
	State     string      `db:"state"`
	Outcome   string      `db:"outcome"`
	Person    string      `db:"person"`
	Sample    bool        `db:"sample"`
	CreatedAt db.Time     `db:"created_at"`
	DecidedAt db.NullTime `db:"decided_at"`
}

// Lines are the rows of evidence.
func (f Flag) Lines() []Line {
	var out []Line
	if json.Unmarshal([]byte(f.Evidence), &out) != nil { // we wrote it ourselves; an unreadable one shows nothing
		return nil
	}
	return out
}

func (f Flag) object() identity.Object { return object(f.Firm, f.Provider, f.Region) }

// What an upheld flag leads to.
const (
	OutcomeNone    = "none"    // it is noted
	OutcomeRefuse  = "refuse"  // the redemption is refused: its orders may be claimed anew
	OutcomeCheck   = "check"   // the redemption is looked at on the spot
	OutcomeRecover = "recover" // what was paid is asked back
)

// FlagsOf are the flags that concern an organisation; whoever asks has looked at the reader's rights.
func (s *Service) FlagsOf(ctx context.Context, q db.Q, org string) ([]Flag, error) {
	var w db.Where
	w.And("firm = ? OR provider = ?", org, org)
	return listFlags(ctx, q, &w, shown)
}

// Step is one thing that was done or said.
type Step struct {
	ID       string  `db:"id"`
	Object   string  `db:"object"`
	Position int64   `db:"position"`
	At       db.Time `db:"at"`
	Side     string  `db:"side"`
	Person   string  `db:"person"`
	Org      string  `db:"org"`
	Verb     string  `db:"verb"`
	From     string  `db:"from_state"`
	To       string  `db:"to_state"`
	Note     string  `db:"note"`
	File     string  `db:"file"`
	SHA256   string  `db:"sha256"`
	Size     int64   `db:"size"`
}

// maxNote is the longest note, in characters.
const maxNote = 1000

// noteOf checks what somebody wrote; where one is needed, it has at least four characters.
func noteOf(text string, needed bool) (string, error) {
	text = strings.TrimSpace(text)
	n := utf8.RuneCountInString(text)
	if n > maxNote || needed && n < 4 {
		return text, fault.New(fault.Invalid, "note-needed", "请写明情况和理由，4 到 {0} 个字。", maxNote).Field("note", "length", "请写明情况和理由，4 到 {0} 个字。", maxNote)
	}
	return text, nil
}

// stranger keeps people from what concerns their own organisation.
func (s *Service) stranger(ctx context.Context, q db.Q, by identity.Subject, orgs ...string) error {
	no := fault.New(fault.Forbidden, "own-organisation", "这是您自己单位的事项，请由其他工作人员办理。")
	for _, o := range orgs {
		if o == "" {
			continue
		}
		if o == by.Org {
			return no
		}
		people, err := s.Organisations.People(ctx, q, o)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(people, func(p identity.PersonRef) bool { return p.ID == by.Person }) {
			return no
		}
	}
	return nil
}

// done writes step and audit entry of a move.
func (s *Service) done(ctx context.Context, tx *db.Tx, action, kind string, st Step, data any) error {
	st.ID, st.At = id.New(), db.At(s.Clock.Now())
	if err := insertStep(ctx, tx, st); err != nil {
		return err
	}
	return audit.Record(ctx, tx, st.At.Time, audit.Entry{Action: action, Kind: kind, ID: st.Object, From: st.From, To: st.To, Data: []any{st.Verb, st.Note, st.SHA256, data}})
}

// Decision is a person's word on a flag.
type Decision struct {
	Verb    string // dismiss or uphold
	Outcome string // of uphold
	Note    string
	Key     string
}

// Decide dismisses or upholds a flag, with a reason. An upheld one does in the same transaction what it leads to.
func (s *Service) Decide(ctx context.Context, by identity.Subject, flag string, d Decision) (Flag, error) {
	var f Flag
	note, err := noteOf(d.Note, true)
	if err != nil {
		return f, err
	}
	if d.Verb == "dismiss" {
		d.Outcome = ""
	} else if !slices.Contains([]string{OutcomeNone, OutcomeRefuse, OutcomeCheck, OutcomeRecover}, d.Outcome) {
		return f, fault.New(fault.Invalid, "outcome-needed", "请选择怎样处理。").Field("outcome", "required", "请选择怎样处理。")
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if f, err = lockFlag(ctx, tx, flag); err != nil {
			return err
		}
		if err := s.Policy.Can(by, "scrutiny.decide", f.object()); err != nil {
			return err
		}
		if err := s.stranger(ctx, tx, by, f.Firm, f.Provider); err != nil {
			return err
		}
		step, err := FlagTable().Next(f.State, d.Verb)
		if err != nil {
			return err
		}
		f.State, f.Outcome, f.Person, f.DecidedAt = step.To, d.Outcome, by.Person, db.NullAt(s.Clock.Now())
		if err := updateFlag(ctx, tx, f); err != nil {
			return err
		}
		if err := s.done(ctx, tx, "scrutiny.decide", "flag", Step{Object: f.ID, Side: Authority, Person: by.Person, Org: by.Org, Verb: d.Verb, From: step.From, To: step.To, Note: note}, f.Outcome); err != nil {
			return err
		}
		if err := s.follow(ctx, tx, by, f, note, d.Key); err != nil {
			return err
		}
		return outbox.Publish(ctx, tx, s.Clock.Now(), FlagDecided{f.told()})
	})
	return f, err
}

// follow does what an upheld flag leads to.
func (s *Service) follow(ctx context.Context, tx *db.Tx, by identity.Subject, f Flag, note, key string) error {
	if f.Outcome == "" || f.Outcome == OutcomeNone {
		return nil
	}
	if f.Claim == "" {
		return fault.New(fault.Conflict, "not-claimed", "这张订单还没有申请兑付，只能先记录在案；申请后再处理。").Field("outcome", "not-claimed", "这张订单还没有申请兑付，只能先记录在案；申请后再处理。")
	}
	c, err := s.Vouchers.Whole(ctx, tx, f.Claim)
	if err != nil {
		return err
	}
	switch f.Outcome {
	case OutcomeRefuse:
		_, err = s.Vouchers.Act(ctx, tx, by, f.Claim, "refuse", voucher.VerbRequest{Note: note, Key: "flag/" + f.ID + key})
	case OutcomeCheck:
		_, err = s.openCase(ctx, tx, by, c.Claim, Case{Flag: f.ID, Sample: f.Sample})
	case OutcomeRecover:
		_, err = s.propose(ctx, tx, by, c.Claim, f.ID, note)
	}
	return err
}

// Answer keeps what a party says and shows about a flag, a case or a sanction's hearing.
type Answer struct {
	Note string
	Proof
}

// AnswerFlag keeps what the firm or the provider says of a flag.
func (s *Service) AnswerFlag(ctx context.Context, by identity.Subject, flag string, a Answer) (Flag, error) {
	var f Flag
	note, file, err := s.said(ctx, a)
	if err != nil {
		return f, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if f, err = lockFlag(ctx, tx, flag); err != nil {
			return err
		}
		if err := s.Policy.Can(by, "scrutiny.answer", f.object()); err != nil {
			return err
		}
		step, err := FlagTable().Next(f.State, "answer")
		if err != nil {
			return err
		}
		st := Step{Object: f.ID, Side: Party, Person: by.Person, Org: by.Org, Verb: "answer", From: step.From, To: step.To, Note: note, File: file.Name, SHA256: file.SHA256, Size: file.Size}
		if err := s.done(ctx, tx, "scrutiny.answer", "flag", st, nil); err != nil {
			return err
		}
		return outbox.Publish(ctx, tx, s.Clock.Now(), Answered{Link: "/desk/scrutiny/" + f.ID, Region: f.Region, Number: f.Number})
	})
	return f, err
}

// raise keeps what the checks found about an order. What is open is brought up to date; what was decided on the same evidence
// stays decided.
func (s *Service) raise(ctx context.Context, tx *db.Tx, f Flag, lines []Line) error {
	b, err := json.Marshal(lines)
	if err != nil {
		return fmt.Errorf("write the evidence: %w", err)
	}
	f.Evidence, f.Digest = string(b), digestOf(b)
	known, err := flagsOf(ctx, tx, f.Order)
	if err != nil {
		return err
	}
	for _, k := range known {
		if k.Kind != f.Kind {
			continue
		}
		if k.State == Open || k.Digest == f.Digest {
			if k.State != Open || k.Digest == f.Digest && k.Claim == f.Claim {
				return nil
			}
			k.Evidence, k.Digest, k.Rule, k.Severity = f.Evidence, f.Digest, f.Rule, f.Severity
			if f.Claim != "" {
				k.Claim = f.Claim
			}
			return updateFlag(ctx, tx, k)
		}
	}
	f.ID, f.State, f.CreatedAt = id.New(), Open, db.At(s.Clock.Now())
	if err := insertFlag(ctx, tx, f); err != nil {
		return err
	}
	if err := s.done(ctx, tx, "scrutiny.raise", "flag", Step{Object: f.ID, Side: System, Verb: "raise", To: Open}, f.Digest); err != nil {
		return err
	}
	return outbox.Publish(ctx, tx, s.Clock.Now(), Flagged{f.told()})
}
