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
	Draft      string // id of the draft that is saved again or submitted; empty: a new application
	Amount     money.Fen
	Purpose    string            // what it wants the voucher for
	Statements []string          // codes of the terms' statements it makes
	Type       string            // of the voucher, where the terms know types
	Members    int               // of a team that is not yet a company
	Documents  []Document        // already in the blob store
	Facts      map[string]string // facts stated with it, by the names of their fields
	Objection  string            // why the firm holds that it is eligible although a condition says no
	Key        string            // the caller's id of the request
}

// asked is what the request asks for, as its digest knows it. What is new counts only where it is given, so that requests of
// before are known again.
func (r ApplyRequest) asked() []any {
	out := []any{r.Programme, r.Amount, r.Purpose, r.Statements}
	if r.Draft != "" || r.Type != "" || r.Members != 0 || len(r.Documents) > 0 {
		out = append(out, r.Draft, r.Type, r.Members, r.Documents)
	}
	if len(r.Facts) > 0 || r.Objection != "" {
		out = append(out, r.Facts, r.Objection)
	}
	return out
}

// Apply submits an application of the firm acted for, new or saved before. What the terms refuse is told at once, by field,
// and nothing is kept; what they allow waits for the authority.
func (s *Service) Apply(ctx context.Context, by identity.Subject, r ApplyRequest) (Application, error) {
	return s.file(ctx, by, r, "submit")
}

// Save keeps an application as a draft that only the firm sees; nothing is checked yet but its length.
func (s *Service) Save(ctx context.Context, by identity.Subject, r ApplyRequest) (Application, error) {
	return s.file(ctx, by, r, "save")
}

func (s *Service) file(ctx context.Context, by identity.Subject, r ApplyRequest, verb string) (Application, error) {
	p, err := s.Programme(ctx, s.db, r.Programme)
	if err != nil {
		return Application{}, err
	}
	if err := s.policy.Can(by, "voucher.apply", firmObject(by.Org, p.Region)); err != nil {
		return Application{}, err
	}
	slices.Sort(r.Statements)
	digest, err := digestOf(r.asked()...)
	if err != nil {
		return Application{}, err
	}
	now := db.At(s.clock.Now())
	a := Application{
		ID: requestID("application", by, r.Key), Programme: p.ID, Region: p.Region, Firm: by.Org, Person: by.Person, Amount: r.Amount,
		Purpose: strings.TrimSpace(r.Purpose), Statements: strings.Join(r.Statements, " "), Digest: digest, Revision: 1, Type: r.Type, Members: r.Members,
		SubmittedOn: s.today(), CreatedAt: now,
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockWallet(ctx, tx, p.ID, a.Firm); err != nil {
			return err
		}
		if r.Draft != "" {
			return s.redraft(ctx, tx, by, p, &a, r, verb)
		}
		again, err := repeatedApplication(ctx, tx, &a)
		if err != nil || again {
			return err
		}
		return s.apply(ctx, tx, by, p, &a, r, verb)
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

// redraft puts what was typed into a draft of the firm, and submits it when asked to.
func (s *Service) redraft(ctx context.Context, tx *db.Tx, by identity.Subject, p Programme, a *Application, r ApplyRequest, verb string) error {
	had, err := lockApplication(ctx, tx, r.Draft)
	if err == nil && (had.Firm != a.Firm || had.Programme != a.Programme) {
		err = applicationMissing()
	}
	if err != nil {
		return err
	}
	if again, err := stepped(ctx, tx, had.ID, ask{r.Key, verb, a.Digest}); err != nil || again {
		*a = had
		return err
	}
	a.ID, a.Number, a.State, a.Reason, a.Revision, a.CreatedAt = had.ID, had.Number, had.State, had.Reason, had.Revision, had.CreatedAt
	return s.apply(ctx, tx, by, p, a, r, verb)
}

// apply writes a new application, or one that was a draft (it has a state then).
func (s *Service) apply(ctx context.Context, tx *db.Tx, by identity.Subject, p Programme, a *Application, r ApplyRequest, verb string) error {
	move, err := Applications.Next(a.State, verb)
	if err != nil {
		return err
	}
	if len([]rune(r.Purpose)) > maxPurpose {
		return refusal(nil, r.Purpose)
	}
	var e Eligibility
	if verb == "submit" {
		if e, err = s.admit(ctx, tx, by, p, a, r); err != nil {
			return err
		}
	}
	now := s.clock.Now()
	a.State = move.To
	if move.From == "" {
		err = insertApplication(ctx, tx, *a)
	} else {
		err = updateApplication(ctx, tx, *a)
	}
	if err != nil {
		return err
	}
	if err := putAttachments(ctx, tx, a.ID, r.Documents); err != nil {
		return err
	}
	st := Step{At: db.At(now), Person: a.Person, Org: a.Firm, Verb: verb, From: move.From, To: move.To}
	if err := insertStep(ctx, tx, a.ID, st, ask{r.Key, verb, a.Digest}); err != nil {
		return err
	}
	if verb == "submit" {
		if err := outbox.Publish(ctx, tx, now, Applied{a.ID, a.Programme, a.Region, a.Firm, a.Amount}); err != nil {
			return err
		}
		if err := s.keepEligibility(ctx, tx, by, *a, e, r.Objection); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, now, audit.Entry{Action: "voucher.apply", Kind: "application", ID: a.ID, From: move.From, To: move.To, Data: a})
}

// admit checks an application against the terms, and gives it its number and its window.
func (s *Service) admit(ctx context.Context, tx *db.Tx, by identity.Subject, p Programme, a *Application, r ApplyRequest) (Eligibility, error) {
	if !p.Open(a.SubmittedOn) {
		return Eligibility{}, fault.New(fault.Conflict, "programme-closed", "本计划的受理时间是 {0} 至 {1}，现在不能申请。", p.OpensOn, p.ClosesOn)
	}
	who, err := s.applicant(ctx, tx, p.ID, a.Firm, a.SubmittedOn)
	if err != nil {
		return Eligibility{}, err
	}
	who.Asked, who.Declared, who.Type, who.Members = r.Amount, r.Statements, r.Type, r.Members
	if window, ok := p.Terms.WindowOn(a.SubmittedOn); ok && p.Terms.Batch() {
		who.Unissued = scheme.Most // a batch divides what there is
		a.Window = window.From
	}
	if err := refusal(p.Terms.Check(who), a.Purpose); err != nil {
		return Eligibility{}, err
	}
	if err := missing(attachments(p.Terms), r.Documents, nil); err != nil {
		return Eligibility{}, err
	}
	if err := noneOpen(ctx, tx, p.ID, a.Firm); err != nil {
		return Eligibility{}, err
	}
	e, err := s.eligible(ctx, tx, by, p, *a, r)
	if err != nil || a.Number != "" {
		return e, err
	}
	a.Number, err = number.Next(ctx, tx, lettersApplication, a.Region, a.CreatedAt.Time)
	return e, err
}

// attachments are the documents that an application must carry.
func attachments(t scheme.Terms) []scheme.Item { return t.Attach }

// maxPurpose is the longest text of a purpose, in characters.
const maxPurpose = 2000

// refusal turns what the check refuses into a fault that names the fields of the form.
func refusal(lines []scheme.Line, purpose string) error {
	f := fault.New(fault.Invalid, "application-invalid", "申请还不能提交，请按提示修改。")
	for _, l := range lines {
		if l.Verdict == scheme.No {
			f.Field(fieldOf(l.Code), l.Code, l.Text, l.Args...)
		}
	}
	switch n := len([]rune(purpose)); {
	case n == 0:
		f.Field("purpose", "required", "请写明打算购买什么服务、解决什么问题。")
	case n > maxPurpose:
		f.Field("purpose", "too-long", "请控制在 2,000 字以内，现为 {0} 字。", n)
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// fieldOf is the field of the form that a line of the check is about.
func fieldOf(code string) string {
	switch code {
	case "statement":
		return "statements"
	case "team":
		return "members"
	}
	return code
}

// openApplication is the firm's application that waits for a decision; the zero one when there is none.
func openApplication(ctx context.Context, q db.Q, programme, firm string) (Application, error) {
	w := &db.Where{}
	w.And("programme = ?", programme)
	w.And("firm = ?", firm)
	w.In("state", []string{Submitted, Waiting})
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
