package voucher

import (
	"context"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/number"
	"qiao/internal/platform/outbox"
	"qiao/internal/voucher/scheme"
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
	Purpose    string            // what it wants the voucher for
	Statements []string          // codes of the terms' statements it makes
	Facts      map[string]string // facts stated with it, by the names of their fields
	Objection  string            // why the firm holds that it is eligible although a condition says no
	Key        string            // the caller's id of the request
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
	said := []any{r.Programme, r.Amount, r.Purpose, r.Statements}
	if len(r.Facts) > 0 || r.Objection != "" {
		said = append(said, r.Facts, r.Objection)
	}
	digest, err := digestOf(said...)
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
		return s.apply(ctx, tx, by, p, &a, r)
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

func (s *Service) apply(ctx context.Context, tx *db.Tx, by identity.Subject, p Programme, a *Application, r ApplyRequest) error {
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
	e, err := s.eligible(ctx, tx, by, p, *a, r)
	if err != nil {
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
	if err := insertApplication(ctx, tx, *a); err != nil {
		return err
	}
	return s.keepEligibility(ctx, tx, by, *a, e, r.Objection)
}

// refusal turns what the check refuses into a fault that names the fields of the form.
func refusal(lines []scheme.Line, purpose string) error {
	f := fault.New(fault.Invalid, "application-invalid", "申请还不能提交，请按提示修改。")
	for _, l := range lines {
		if l.Verdict == scheme.No {
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

// openApplication is the firm's application that waits for a decision; the zero one when there is none.
func openApplication(ctx context.Context, q db.Q, programme, firm string) (Application, error) {
	w := &db.Where{}
	w.And("programme = ?", programme)
	w.And("firm = ?", firm)
	w.And("state = ?", Submitted)
	open, err := listApplications(ctx, q, w, "", 1)
	if err != nil || len(open) == 0 {
		return Application{}, err
	}
	return open[0], nil
}

// noneOpen refuses a second application while the first one waits.
func noneOpen(ctx context.Context, tx *db.Tx, programme, firm string) error {
	a, err := openApplication(ctx, tx, programme, firm)
	if err == nil && a.ID != "" {
		err = fault.New(fault.Conflict, "application-open", "本计划已有一份申请（{0}）正在审核，请等结果出来再申请。", a.Number)
	}
	return err
}
