package voucher

import (
	"context"
	"errors"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
	"qiao/internal/voucher/scheme"
)

// Decision is an officer's word on an application.
type Decision struct {
	Amount money.Fen // granted; 0 = what was asked
	Note   string    // a refusal needs one
	Key    string
}

// Approve issues the voucher: numbered, in the firm's name, not transferable, valid to the day the terms say. The
// programme's budget is the last thing touched, one stripe of it, so that rivals for it wait only over the commit.
func (s *Service) Approve(ctx context.Context, by identity.Subject, application string, d Decision) (Application, error) {
	var a Application
	d.Note = strings.TrimSpace(d.Note)
	what, err := asked(d.Key, "approve", d.Amount, d.Note)
	if err != nil {
		return a, err
	}
	for _, all := range []bool{false, true} { // a stripe that rivals emptied first: once more, from all of them
		err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			again := false
			var err error
			if a, again, err = s.decide(ctx, tx, by, application, what); err != nil || again {
				return err
			}
			return s.issue(ctx, tx, by, &a, issue{d, what, all})
		})
		if !errors.Is(err, errFloor) {
			break
		}
	}
	if errors.Is(err, errFloor) {
		err = fault.New(fault.Conflict, "budget-exhausted", "本计划的预算余额不足，不能发放这笔额度。").Because(err)
	}
	return a, err
}

// decide locks the application and checks that the subject may do the verb to it now; true: it was done before with this key.
func (s *Service) decide(ctx context.Context, tx *db.Tx, by identity.Subject, application string, what ask) (Application, bool, error) {
	a, err := lockApplication(ctx, tx, application)
	if err != nil {
		return a, false, err
	}
	if err := s.policy.Act(by, "voucher."+what.verb, firmObject(a.Firm, a.Region)); err != nil {
		return a, false, err
	}
	if again, err := stepped(ctx, tx, a.ID, what); err != nil || again {
		return a, again, err
	}
	if by.Org == a.Firm || by.Person == a.Person {
		return a, false, ownAffair()
	}
	_, err = Applications.Next(a.State, what.verb)
	return a, false, err
}

func ownAffair() error {
	return fault.New(fault.Forbidden, "own-organisation", "这是您自己单位的事项，请由其他工作人员办理。")
}

// issue is what issuing a voucher needs to know.
type issue struct {
	Decision
	what ask
	all  bool // draw on every stripe of the budget
}

func (s *Service) issue(ctx context.Context, tx *db.Tx, by identity.Subject, a *Application, d issue) error {
	now, day := db.At(s.clock.Now()), s.today()
	if err := lockWallet(ctx, tx, a.Programme, a.Firm); err != nil {
		return err
	}
	p, err := s.getProgramme(ctx, tx, a.Programme, day)
	if err != nil {
		return err
	}
	if err := s.cleared(ctx, tx, by, p, *a); err != nil {
		return err
	}
	g, err := s.newGrant(ctx, tx, p, *a, d.Amount, day)
	if err != nil {
		return err
	}
	if g.Amount < a.Amount && d.Note == "" {
		return reasonNeeded()
	}
	much, err := large(day)
	if err == nil && g.Amount >= much {
		err = by.Fresh()
	}
	if err != nil {
		return err
	}
	a.Granted = g.Amount
	st := Step{At: now, Person: by.Person, Org: by.Org, Verb: "approve", From: a.State, To: Approved, Note: d.Note}
	if err := s.decided(ctx, tx, a, st, d.what, Granted{g.ID, a.ID, p.ID, a.Region, a.Firm, g.Amount, g.ExpiresOn}); err != nil {
		return err
	}
	if err := insertGrant(ctx, tx, g); err != nil {
		return err
	}
	digest, err := digestOf(g)
	if err != nil {
		return err
	}
	from, err := draw(ctx, tx, p.ID, g.Amount, a.ID, d.all)
	if err != nil {
		return err
	}
	return book(ctx, tx, transfer{
		key: "grant/" + a.ID, kind: kindGrant, programme: p.ID, cause: g.ID, firm: a.Firm, digest: digest, day: day, at: now,
		postings: append(from, posting{ofGrant("available", p.ID, g.ID), g.Amount}),
	})
}

// newGrant checks the rules once more and makes the voucher. Its number is the application's with other letters: one
// voucher an application, and no second row that all grants of a day would wait for.
func (s *Service) newGrant(ctx context.Context, q db.Q, p Programme, a Application, amount money.Fen, day string) (Grant, error) {
	who, err := s.applicant(ctx, q, p.ID, a.Firm, day)
	if err != nil {
		return Grant{}, err
	}
	if amount == 0 {
		amount = a.Amount
	}
	who.Asked, who.Declared, who.Type, who.Members = amount, strings.Fields(a.Statements), a.Type, a.Members
	if a.Window != "" {
		who.Day = a.SubmittedOn // the window is over when a batch is decided
	}
	if no := scheme.Refused(p.Terms.Check(who)); no != nil {
		return Grant{}, fault.New(fault.Conflict, "not-grantable", no.Text, no.Args...).Field("amount", no.Code, no.Text, no.Args...)
	}
	ends, err := p.Terms.ValidityOf(a.Type).Expires(day)
	return Grant{
		ID: id.From("voucher.grant", a.ID), Number: lettersGrant + strings.TrimPrefix(a.Number, lettersApplication), Programme: p.ID, Application: a.ID,
		Firm: a.Firm, Region: a.Region, Terms: p.Terms.Version, Amount: amount, State: "active", IssuedOn: day, ExpiresOn: ends, Type: a.Type,
	}, err
}

// decided writes the outcome of an application: state, step, event, audit.
func (s *Service) decided(ctx context.Context, tx *db.Tx, a *Application, st Step, what ask, e outbox.Event) error {
	a.State, a.Reason = st.To, st.Note
	if err := updateApplication(ctx, tx, *a); err != nil {
		return err
	}
	if err := insertStep(ctx, tx, a.ID, st, what); err != nil {
		return err
	}
	if err := outbox.Publish(ctx, tx, st.At.Time, e); err != nil {
		return err
	}
	return audit.Record(ctx, tx, st.At.Time, audit.Entry{Action: "voucher." + st.Verb, Kind: "application", ID: a.ID, From: st.From, To: st.To, Data: a})
}

// Refuse ends an application with a reason that the firm reads.
func (s *Service) Refuse(ctx context.Context, by identity.Subject, application string, d Decision) (Application, error) {
	var a Application
	if d.Note = strings.TrimSpace(d.Note); d.Note == "" {
		return a, reasonNeeded()
	}
	what, err := asked(d.Key, "refuse", d.Note)
	if err != nil {
		return a, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		again := false
		var err error
		if a, again, err = s.decide(ctx, tx, by, application, what); err != nil || again {
			return err
		}
		st := Step{At: db.At(s.clock.Now()), Person: by.Person, Org: by.Org, Verb: "refuse", From: a.State, To: Declined, Note: d.Note}
		return s.decided(ctx, tx, &a, st, what, ApplicationRefused{a.ID, a.Programme, a.Region, a.Firm, a.Amount})
	})
	return a, err
}

func reasonNeeded() error {
	return fault.New(fault.Invalid, "reason-needed", "请写明理由，对方会看到。").Field("note", "required", "请写明理由，对方会看到。")
}
