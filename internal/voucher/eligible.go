package voucher

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/rule"
	"qiao/internal/voucher/scheme"
)

// compiled checks the conditions of terms against the facts there are.
func (s *Service) compiled(t scheme.Terms) error {
	switch {
	case len(t.Conditions) == 0:
		return nil
	case s.facts == nil:
		return fault.New(fault.Invalid, "no-facts", "本平台没有企业档案，不能设资格条件。").Field("conditions", "no-facts", "本平台没有企业档案，不能设资格条件。")
	}
	return s.facts.Compile(t.Conditions)
}

// Eligible answers a programme's conditions for a firm, as they stand today.
func (s *Service) Eligible(ctx context.Context, q db.Q, p Programme, firm string) (Eligibility, error) {
	if len(p.Terms.Conditions) == 0 || s.facts == nil {
		return Eligibility{Result: rule.Result{Verdict: rule.Yes}}, nil
	}
	e, err := s.facts.Answers(ctx, q, firm, s.today(), p.Terms.Conditions, p.Terms.RuleSources())
	if err != nil {
		return e, fmt.Errorf("check whether %s is eligible: %w", firm, err)
	}
	return e, nil
}

// eligible checks a firm that applies: facts it states with the application go into its file, those that are missing are
// asked for, a condition that is not met refuses with its clause unless the firm asks a person to look.
func (s *Service) eligible(ctx context.Context, tx *db.Tx, by identity.Subject, p Programme, a Application, r ApplyRequest) (Eligibility, error) {
	if len(p.Terms.Conditions) == 0 || s.facts == nil {
		return Eligibility{}, nil
	}
	if err := s.facts.State(ctx, tx, by, r.Facts); err != nil {
		return Eligibility{}, err
	}
	e, err := s.Eligible(ctx, tx, p, a.Firm)
	if err != nil {
		return e, err
	}
	return e, admitted(p.Terms, e, strings.TrimSpace(r.Objection))
}

// keepEligibility keeps what the conditions of an application came to, and notes which facts it gives to the authority.
func (s *Service) keepEligibility(ctx context.Context, tx *db.Tx, by identity.Subject, a Application, e Eligibility, objection string) error {
	if len(e.Answers) == 0 {
		return nil
	}
	var used []string
	short := make([]answered, len(e.Answers))
	for i, x := range e.Answers {
		short[i] = answered{x.Code, x.Verdict}
		used = append(used, x.Facts...)
	}
	answers, err := json.Marshal(short)
	if err != nil {
		return fmt.Errorf("write answers: %w", err)
	}
	if err := insertEligibility(ctx, tx, eligibility{a.ID, string(e.Verdict), string(answers), strings.TrimSpace(objection)}); err != nil {
		return err
	}
	slices.Sort(used)
	return s.facts.Give(ctx, tx, by, a.Firm, a.Region, a.ID, slices.Compact(used))
}

// answered is one condition's answer as it was when the firm applied.
type answered struct {
	Code    string       `json:"code"`
	Verdict rule.Verdict `json:"verdict"`
}

// admitted tells whether an application can be handed in by what its conditions came to.
func admitted(t scheme.Terms, e Eligibility, objection string) error {
	if n := utf8.RuneCountInString(objection); n > 1000 || n > 0 && n < 10 {
		const text = "请用 10 到 1,000 个字说明为什么认为符合条件。"
		return fault.New(fault.Invalid, "objection-length", text).Field("objection", "length", text)
	}
	switch {
	case e.Verdict == rule.No && objection == "":
		f := fault.New(fault.Invalid, "not-eligible", "有条件不符合，不能申请；如认为有误，可以更正企业档案，或说明理由请人工认定。")
		for _, x := range e.Of(rule.No) {
			f.Field("objection", "not-eligible", "不符合“{0}”（{1}）", x.Name, t.Cite(x.Clause))
		}
		return f
	case len(e.Missing) > 0: // an officer who overrules one condition is not left to guess about the others
		f := fault.New(fault.Invalid, "facts-needed", "还需要补充几项事实，才能核对资格条件。")
		for _, name := range e.Missing {
			f.Field(e.Field(name), "required", "请填写这一项。")
		}
		return f
	}
	return nil
}

// Waiver is an officer's finding that a firm is eligible although a condition says otherwise.
type Waiver struct {
	Application string  `db:"application"`
	Condition   string  `db:"condition"`
	Reason      string  `db:"reason"`
	Person      string  `db:"person"`
	Org         string  `db:"org"`
	At          db.Time `db:"at"`
}

// Waive overrules a condition that is not met, or not known, with a reason that the firm reads. Somebody else approves.
func (s *Service) Waive(ctx context.Context, by identity.Subject, application, condition, reason string) (Application, error) {
	var a Application
	reason = strings.TrimSpace(reason)
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if a, err = lockApplication(ctx, tx, application); err != nil {
			return err
		}
		if err := s.policy.Can(by, "voucher.waive", firmObject(a.Firm, a.Region)); err != nil {
			return err
		}
		if by.Org == a.Firm || by.Person == a.Person {
			return ownAffair()
		}
		if n := utf8.RuneCountInString(reason); n < 10 || n > 1000 {
			const text = "请用 10 到 1,000 个字写明认定的理由，企业会看到。"
			return fault.New(fault.Invalid, "reason-needed", text).Field("reason", "length", text)
		}
		if a.State != Submitted && a.State != Waiting {
			return fault.New(fault.Conflict, "application-decided", "这份申请已经办结。")
		}
		x, err := s.standsAgainst(ctx, tx, a, condition)
		if err != nil {
			return err
		}
		w := Waiver{a.ID, x.Code, reason, by.Person, by.Org, db.At(s.clock.Now())}
		if err := insertWaiver(ctx, tx, w); err != nil {
			return err
		}
		if err := outbox.Publish(ctx, tx, w.At.Time, Waived{a.ID, a.Programme, a.Region, a.Firm, x.Name.ZH}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, w.At.Time, audit.Entry{Action: "voucher.waive", Kind: "application", ID: a.ID, From: string(x.Verdict), To: "waived", Data: w})
	})
	return a, err
}

// standsAgainst finds the condition that now stands in an application's way.
func (s *Service) standsAgainst(ctx context.Context, q db.Q, a Application, condition string) (rule.Answer, error) {
	p, err := s.Programme(ctx, q, a.Programme)
	if err != nil {
		return rule.Answer{}, err
	}
	e, err := s.Eligible(ctx, q, p, a.Firm)
	if err != nil {
		return rule.Answer{}, err
	}
	for _, x := range e.Answers {
		if x.Code == condition && against(x) {
			return x, nil
		}
	}
	const text = "请选择一个现在不符合或待补充的条件。"
	return rule.Answer{}, fault.New(fault.Invalid, "condition-unknown", text).Field("condition", "unknown", text)
}

// against tells whether an answer stands in the way of an approval.
func against(x rule.Answer) bool { return x.Verdict == rule.No || x.Verdict == rule.Unknown }

// cleared tells whether an application's conditions allow its approval by this officer: each is met, for a person to judge,
// or was overruled by another officer.
func (s *Service) cleared(ctx context.Context, tx *db.Tx, by identity.Subject, p Programme, a Application) error {
	e, err := s.Eligible(ctx, tx, p, a.Firm)
	if err != nil || e.Verdict == rule.Yes || e.Verdict == rule.Person {
		return err
	}
	waivers, err := listWaivers(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	for _, x := range e.Answers {
		if !against(x) {
			continue
		}
		i := slices.IndexFunc(waivers, func(w Waiver) bool { return w.Condition == x.Code })
		switch {
		case i < 0:
			return fault.New(fault.Conflict, "not-eligible", "条件“{0}”还不能认定为符合（{1}）。须由一位工作人员写明理由认定，再由另一位批准。", x.Name, p.Terms.Cite(x.Clause))
		case waivers[i].Person == by.Person:
			return fault.New(fault.Conflict, "other-officer-needed", "条件“{0}”是您认定的，须由另一位工作人员批准。", x.Name)
		}
	}
	return nil
}

// ties lists what ties a firm and a provider: by the files of both where there are any, else by the register alone.
func (s *Service) ties(ctx context.Context, q db.Q, firm string, provider identity.Organisation) ([]scheme.Tie, error) {
	if firm == "" {
		return nil, nil
	}
	if s.facts != nil {
		out, err := s.facts.Related(ctx, q, firm, provider.ID)
		if err != nil {
			return nil, fmt.Errorf("look for what ties %s and %s: %w", firm, provider.ID, err)
		}
		return out, nil
	}
	f, err := s.orgs.Organisation(ctx, q, firm)
	if err != nil {
		return nil, err
	}
	if firm == provider.ID || firm == provider.Parent || f.Parent != "" && (f.Parent == provider.ID || f.Parent == provider.Parent) {
		return []scheme.Tie{{Decisive: true, Text: "有隶属关系"}}, nil
	}
	return nil, nil
}

// unconnected refuses to collect vouchers of firms that the provider belongs together with.
func (s *Service) unconnected(ctx context.Context, q db.Q, p Programme, provider string, chosen []Claimable) error {
	if p.Terms.Unrelated == nil {
		return nil
	}
	o, err := s.orgs.Organisation(ctx, q, provider)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, c := range chosen {
		if seen[c.Buyer] {
			continue
		}
		seen[c.Buyer] = true
		ties, err := s.ties(ctx, q, c.Buyer, o)
		if err != nil {
			return err
		}
		if f := p.Terms.Unconnected(ties); f != nil {
			return f.Field("orders", f.Code, "订单 {0}：服务机构与企业是关联方，不能兑付。", c.Number)
		}
	}
	return nil
}

// unconnectedOrders is unconnected for a claim: of the provider that collects, or of each provider that a firm has paid.
func (s *Service) unconnectedOrders(ctx context.Context, q db.Q, p Programme, c Claim, chosen []Claimable) error {
	if c.Way == scheme.Direct {
		return s.unconnected(ctx, q, p, c.Payee, chosen)
	}
	for _, o := range chosen {
		h, err := lastHold(ctx, q, o.Order, p.ID)
		if err != nil {
			return err
		}
		if err := s.unconnected(ctx, q, p, h.Provider, []Claimable{o}); err != nil {
			return err
		}
	}
	return nil
}

// eligibility is what an application's conditions came to when it was handed in.
type eligibility struct {
	Application string `db:"application"`
	Verdict     string `db:"verdict"`
	Answers     string `db:"answers"` // JSON
	Objection   string `db:"objection"`
}

func insertEligibility(ctx context.Context, tx *db.Tx, e eligibility) error {
	if _, err := tx.Exec(ctx, `INSERT INTO voucher_eligibility (application, verdict, answers, objection) VALUES ($1, $2, $3, $4)
		ON CONFLICT (application) DO UPDATE SET verdict = excluded.verdict, answers = excluded.answers, objection = excluded.objection`, e.Application, e.Verdict, e.Answers, e.Objection); err != nil {
		return fmt.Errorf("write what conditions came to: %w", err)
	}
	return nil
}

func getEligibility(ctx context.Context, q db.Q, application string) (eligibility, error) {
	e, err := db.One[eligibility](ctx, q, `SELECT application, verdict, answers, objection FROM voucher_eligibility WHERE application = $1`, application)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return e, fmt.Errorf("read what conditions came to: %w", err)
	}
	return e, nil
}

func insertWaiver(ctx context.Context, tx *db.Tx, w Waiver) error {
	n, err := tx.Exec(ctx, `INSERT INTO voucher_waiver (application, condition, reason, person, org, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (application, condition) DO NOTHING`,
		w.Application, w.Condition, w.Reason, w.Person, w.Org, w.At)
	if err != nil {
		return fmt.Errorf("write a waiver: %w", err)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "condition-waived", "这个条件已经有人认定。")
	}
	return nil
}

func listWaivers(ctx context.Context, q db.Q, application string) ([]Waiver, error) {
	out, err := db.All[Waiver](ctx, q, `SELECT application, condition, reason, person, org, at FROM voucher_waiver WHERE application = $1 ORDER BY at, condition`, application)
	if err != nil {
		return nil, fmt.Errorf("read waivers: %w", err)
	}
	return out, nil
}
