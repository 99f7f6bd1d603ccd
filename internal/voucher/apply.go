package voucher

import (
	"context"
	"errors"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/number"
	"qiao/internal/platform/outbox"
)

// The letters of the numbers people say aloud.
const (
	lettersApplication = "QSQ" // 券申请
	lettersGrant       = "CXQ" // 创新券
	lettersClaim       = "QDF" // 券兑付
)

// ApplyRequest is what a firm asks for.
type ApplyRequest struct {
	Programme  string
	Amount     money.Fen
	Purpose    string   // what it wants the voucher for
	Statements []string // codes of the terms' statements it makes
	Key        string   // the caller's id of the request
}

// Apply submits an application of the firm acted for. What the terms refuse is told at once, by field, and nothing is
// kept; what they allow waits for the authority.
func (s *Service) Apply(ctx context.Context, by identity.Subject, r ApplyRequest) (Application, error) {
	p, err := s.Programme(ctx, s.db, r.Programme)
	if err != nil {
		return Application{}, err
	}
	if err := s.policy.Can(by, "voucher.apply", firmObject(by.Org, p.Region)); err != nil {
		return Application{}, err
	}
	slices.Sort(r.Statements)
	digest, err := digestOf(r.Programme, r.Amount, r.Purpose, r.Statements)
	if err != nil {
		return Application{}, err
	}
	now := db.At(s.clock.Now())
	a := Application{
		ID: requestID("application", by, r.Key), Programme: p.ID, Region: p.Region, Firm: by.Org, Person: by.Person, Amount: r.Amount,
		Purpose: strings.TrimSpace(r.Purpose), Statements: strings.Join(r.Statements, " "), State: Submitted, Digest: digest, Revision: 1,
		SubmittedOn: s.today(), CreatedAt: now,
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockWallet(ctx, tx, p.ID, a.Firm); err != nil {
			return err
		}
		again, err := repeatedApplication(ctx, tx, &a)
		if err != nil || again {
			return err
		}
		return s.apply(ctx, tx, p, &a, r)
	})
	return a, err
}

// repeatedApplication finds the application that the same request made before and puts it into a.
func repeatedApplication(ctx context.Context, tx *db.Tx, a *Application) (bool, error) {
	had, err := lockApplication(ctx, tx, a.ID)
	switch {
	case fault.Is(err, "application-not-found"):
		return false, nil
	case err != nil:
		return false, err
	case had.Digest != a.Digest:
		return false, keyConflict()
	}
	*a = had
	return true, nil
}

func (s *Service) apply(ctx context.Context, tx *db.Tx, p Programme, a *Application, r ApplyRequest) error {
	if !p.Open(a.SubmittedOn) {
		return fault.New(fault.Conflict, "programme-closed", "本计划的受理时间是 {0} 至 {1}，现在不能申请。", p.OpensOn, p.ClosesOn)
	}
	who, err := s.applicant(ctx, tx, p.ID, a.Firm, a.SubmittedOn)
	if err != nil {
		return err
	}
	who.Asked, who.Declared = r.Amount, r.Statements
	if err := refusal(p.Terms.Check(who), a.Purpose); err != nil {
		return err
	}
	if err := noneOpen(ctx, tx, p.ID, a.Firm); err != nil {
		return err
	}
	st := Step{At: a.CreatedAt, Person: a.Person, Org: a.Firm, Verb: "submit", To: Submitted}
	if err := insertStep(ctx, tx, a.ID, st, ask{r.Key, "submit", a.Digest}); err != nil {
		return err
	}
	if err := outbox.Publish(ctx, tx, a.CreatedAt.Time, Applied{a.ID, a.Programme, a.Region, a.Firm, a.Amount}); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, a.CreatedAt.Time, audit.Entry{Action: "voucher.apply", Kind: "application", ID: a.ID, To: Submitted, Data: a}); err != nil {
		return err
	}
	if a.Number, err = number.Next(ctx, tx, lettersApplication, a.Region, a.CreatedAt.Time); err != nil {
		return err
	}
	return insertApplication(ctx, tx, *a)
}

// refusal turns what the check refuses into a fault that names the fields of the form.
func refusal(lines []Line, purpose string) error {
	f := fault.New(fault.Invalid, "application-invalid", "申请还不能提交，请按提示修改。")
	for _, l := range lines {
		if l.Verdict == No {
			field := l.Code
			if l.Code == "statement" {
				field = "statements"
			}
			f.Field(field, l.Code, l.Text, l.Args...)
		}
	}
	switch n := len([]rune(purpose)); {
	case n == 0:
		f.Field("purpose", "required", "请写明打算购买什么服务、解决什么问题。")
	case n > 2000:
		f.Field("purpose", "too-long", "请控制在 2,000 字以内，现为 {0} 字。", n)
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// noneOpen refuses a second application while the first one waits.
func noneOpen(ctx context.Context, tx *db.Tx, programme, firm string) error {
	w := &db.Where{}
	w.And("programme = ?", programme)
	w.And("firm = ?", firm)
	w.And("state = ?", Submitted)
	open, err := listApplications(ctx, tx, w, "", 1)
	if err != nil {
		return err
	}
	if len(open) > 0 {
		return fault.New(fault.Conflict, "application-open", "本计划已有一份申请（{0}）正在审核，请等结果出来再申请。", open[0].Number)
	}
	return nil
}

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
	if err := s.policy.Can(by, "voucher."+what.verb, firmObject(a.Firm, a.Region)); err != nil {
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
	g, err := s.newGrant(ctx, tx, p, *a, d.Amount, day)
	if err != nil {
		return err
	}
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
	who.Asked, who.Declared = amount, strings.Fields(a.Statements)
	if no := Refused(p.Terms.Check(who)); no != nil {
		return Grant{}, fault.New(fault.Conflict, "not-grantable", no.Text, no.Args...).Field("amount", no.Code, no.Text, no.Args...)
	}
	ends, err := p.Terms.Validity.Value.Expires(day)
	return Grant{
		ID: id.From("voucher.grant", a.ID), Number: lettersGrant + strings.TrimPrefix(a.Number, lettersApplication), Programme: p.ID, Application: a.ID,
		Firm: a.Firm, Region: a.Region, Terms: p.Terms.Version, Amount: amount, State: "active", IssuedOn: day, ExpiresOn: ends,
	}, err
}

// decided writes the outcome of an application: state, step, event, audit.
func (s *Service) decided(ctx context.Context, tx *db.Tx, a *Application, st Step, what ask, e outbox.Event) error {
	a.State, a.Reason = st.To, st.Note
	if err := updateApplication(ctx, tx, a.ID, a.State, a.Reason); err != nil {
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
