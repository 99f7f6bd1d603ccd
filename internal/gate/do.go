package gate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// Ask is what somebody wants to book, as far as gates look at it.
type Ask struct {
	Provider string
	Resource string
	Class    string
	Person   string
	Day      string // civil day it begins
	Purpose  string
	Answers  map[string]string
	Order    string // when it starts: whose answers count
}

// Verdicts are what is asked for and how it stands.
func (s *Service) Verdicts(ctx context.Context, q db.Q, a Ask) ([]Verdict, error) {
	rules, err := rulesOf(ctx, q, a.Provider, a.Day)
	if err != nil {
		return nil, err
	}
	rules = append(rules, s.law.rules(a.Purpose)...)
	if len(rules) == 0 {
		return nil, nil
	}
	f := Facts{Day: a.Day, Provider: a.Provider, Resource: a.Resource, Class: a.Class, Answers: a.Answers}
	if f.Papers, err = papersOf(ctx, q, a.Person, a.Provider); err != nil {
		return nil, err
	}
	if a.Order != "" {
		if f.Answers, err = answersOf(ctx, q, a.Order); err != nil {
			return nil, err
		}
	}
	return Check(rules, f), nil
}

// Require is a fault gate-missing that names each thing which is not in hand. At the start of the work the answers are not
// asked again: only what can end is looked at.
func (s *Service) Require(ctx context.Context, q db.Q, a Ask) error {
	list, err := s.Verdicts(ctx, q, a)
	if err != nil {
		return err
	}
	bad := fault.New(fault.Invalid, "gate-missing", "还缺预约前必须具备的条件，请按提示办理。")
	for _, v := range list {
		if v.OK || a.Order != "" && v.Why == "answer" {
			continue
		}
		name := "gate_" + v.Rule.Kind
		switch v.Why {
		case "answer":
			bad.Field(name, "answer", "请回答这一项。")
		case "level":
			bad.Field(name, "level", "样品的生物安全级别高于实验室的级别（{0} 级），不能在这里做。", v.Rule.Level)
		default:
			lacking(bad, name, v)
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// lacking names a missing paper on the form.
func lacking(bad *fault.Error, name string, v Verdict) {
	switch {
	case v.Why == "waiting":
		bad.Field(name, "waiting", "相应的培训或材料正在办理，批准后才能预约。进度见“培训与材料”。")
	case v.Rule.Kind == Training:
		bad.Field(name, "paper", "需要先通过培训“{0}”，请在“培训与材料”里申请。", v.Rule.Name)
	case v.Rule.Kind == Qualification:
		bad.Field(name, "paper", "需要证书“{0}”，请在“培训与材料”里提交，审核后即可预约。", v.Rule.Name)
	case v.Rule.Kind == Ethics:
		bad.Field(name, "paper", "需要在有效期内的伦理审查批件，请在“培训与材料”里提交。")
	default:
		bad.Field(name, "paper", "需要在有效期内的人类遗传资源审批或备案文件，请在“培训与材料”里提交。")
	}
}

// Keep keeps what was declared with an order, in the order's own transaction. Only what was asked for is kept.
func (s *Service) Keep(ctx context.Context, tx *db.Tx, a Ask) error {
	list, err := s.Verdicts(ctx, tx, Ask{Provider: a.Provider, Resource: a.Resource, Class: a.Class, Person: a.Person, Day: a.Day, Purpose: a.Purpose, Answers: a.Answers})
	if err != nil {
		return err
	}
	for _, v := range list {
		if value := a.Answers[v.Rule.Kind]; value != "" {
			if err := putAnswer(ctx, tx, a.Order, v.Rule.Kind, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// SetRule asks for something from a day on.
func (s *Service) SetRule(ctx context.Context, by identity.Subject, r Rule) (Rule, error) {
	r.ID, r.Owner, r.Region, r.Person, r.CreatedAt = id.New(), by.Org, by.Region, by.Person, db.At(s.Clock.Now())
	r.Name, r.Class = strings.TrimSpace(r.Name), strings.TrimSpace(r.Class)
	if r.Kind != Training && r.Kind != Qualification {
		r.Name = ""
	}
	if r.Kind != Training {
		r.Term = 0
	}
	if r.Kind != Biosafety {
		r.Level = 0
	}
	if err := s.Policy.Can(by, "gate.rules", identity.Object{Parties: map[string]string{"owner": by.Org}}); err != nil {
		return r, err
	}
	if r.Resource != "" {
		x, err := s.Catalogue.Resource(ctx, s.DB, r.Resource)
		if err != nil {
			return r, err
		}
		if x.Owner != by.Org {
			return r, fault.New(fault.Invalid, "gate-rule", "这条要求还不完整，请按提示修改。").Field("resource", "foreign", "请选择本单位的资源。")
		}
		r.Class = ""
	}
	if err := r.check(); err != nil {
		return r, err
	}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertRule(ctx, tx, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, r.CreatedAt.Time, audit.Entry{Action: "gate.rule", Kind: "gate-rule", ID: r.ID, Data: r})
	})
	return r, err
}

// EndRule asks for something no longer after a day.
func (s *Service) EndRule(ctx context.Context, by identity.Subject, rule string) error {
	r, err := getRule(ctx, s.DB, rule)
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "gate.rules", identity.Object{Parties: map[string]string{"owner": r.Owner}, Region: r.Region}); err != nil {
		return err
	}
	yesterday, err := clock.AddDays(s.today(), -1)
	if err != nil {
		return err
	}
	r.To = max(yesterday, r.From) // a rule of today or later ends with its first day
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := endRule(ctx, tx, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "gate.end-rule", Kind: "gate-rule", ID: r.ID, Data: r})
	})
}

// maxFile is the largest scan of a paper, in bytes.
const maxFile = 20 << 20

// errRepeat ends a transaction whose request was served before.
var errRepeat = errors.New("gate: this request was served before")

// Submit asks for a training or hands in a paper; body is its file, or nil.
func (s *Service) Submit(ctx context.Context, by identity.Subject, p Paper, body io.Reader, key string) (Paper, error) {
	if err := s.Policy.May(by, "gate.own"); err != nil {
		return p, err
	}
	orgs, err := s.People.Organisations(ctx, s.DB, []string{p.Provider})
	if err != nil {
		return p, err
	}
	o, there := orgs[p.Provider]
	if !there || !slices.Contains(PaperKinds(), p.Kind) {
		return p, fault.New(fault.NotFound, "no-gate", "没有找到要求这份材料的单位。")
	}
	now := db.At(s.Clock.Now())
	p.ID, p.Person, p.Org, p.Region, p.Invented = id.New(), by.Person, by.Org, o.Region, o.Sample || by.Sample
	p.Name, p.Number, p.Note = strings.TrimSpace(p.Name), strings.TrimSpace(p.Number), strings.TrimSpace(p.Note)
	p.Revision, p.CreatedAt, p.UpdatedAt, p.State = 1, now, now, Sent
	if key != "" {
		p.ID = id.From(by.Person, key, "paper")
	}
	if p.Kind == Training {
		p.State, p.From, p.To, p.Number = Asked, "", "", ""
	} else if body != nil {
		ref, err := s.Files.Put(ctx, body, maxFile)
		if err != nil {
			return p, fmt.Errorf("keep the paper: %w", err)
		}
		p.SHA256, p.Size = ref.SHA256, ref.Size
	}
	if err := p.check(s.today()); err != nil {
		return p, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if added, err := insertPaper(ctx, tx, p); err != nil || !added {
			return errors.Join(err, errRepeat)
		}
		return s.record(ctx, tx, p, "submit", "")
	})
	if errors.Is(err, errRepeat) {
		return getPaper(ctx, s.DB, p.ID)
	}
	return p, err
}

func (s *Service) record(ctx context.Context, tx *db.Tx, p Paper, verb, from string) error {
	e := PaperMoved{Paper: p.ID, Person: p.Person, Provider: p.Provider, Kind: p.Kind, Verb: verb, To: p.State}
	if err := outbox.Publish(ctx, tx, p.UpdatedAt.Time, e); err != nil {
		return fmt.Errorf("tell of a paper: %w", err)
	}
	if err := audit.Record(ctx, tx, p.UpdatedAt.Time, audit.Entry{Action: "gate." + verb, Kind: "paper", ID: p.ID, From: from, To: p.State, Data: e}); err != nil {
		return fmt.Errorf("record a paper: %w", err)
	}
	return nil
}

// Get is a paper the subject may see: one's own, that of one's staff for a head, those handed in to one's organisation.
func (s *Service) Get(ctx context.Context, by identity.Subject, paper string) (Paper, error) {
	p, err := getPaper(ctx, s.DB, paper)
	if err != nil || p.Person == by.Person && by.Person != "" {
		return p, err
	}
	if s.Policy.Can(by, "gate.inspect", object(p)) != nil { // that it exists is nobody's business
		return Paper{}, errNoPaper()
	}
	return p, nil
}

// side is on which side of a paper the subject stands; empty: on none that acts.
func (s *Service) side(by identity.Subject, p Paper) string {
	switch {
	case p.Person == by.Person:
		return Holder
	case s.Policy.Can(by, "gate.decide", object(p)) == nil:
		return Provider
	}
	return ""
}

// Verbs are what the subject may do with a paper now.
func (s *Service) Verbs(by identity.Subject, p Paper) []string {
	var out []string
	for _, step := range Table().Verbs(p.State, s.side(by, p)) {
		if step.Verb == VerbAttend && p.Meet.After(s.Clock.Now()) {
			continue
		}
		out = append(out, step.Verb)
	}
	return out
}

// Do takes a paper one step further.
func (s *Service) Do(ctx context.Context, by identity.Subject, paper, verb string, r Request) (Paper, error) {
	p, err := s.Get(ctx, by, paper)
	if err != nil {
		return p, err
	}
	if !Table().Has(verb) {
		return p, fault.New(fault.NotFound, "no-verb", "没有“{0}”这个操作。", verb)
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if p, err = getPaper(ctx, tx, paper); err != nil {
			return err
		}
		step, err := Table().Next(p.State, verb)
		if err != nil {
			return err
		}
		if !slices.Contains(step.Who, s.side(by, p)) {
			return fault.New(fault.Forbidden, "gate-side", "这一步不由您办理：培训和材料由提供单位的人员审核，不能审核自己的。")
		}
		if err := r.check(verb, p, s.Clock.Now()); err != nil {
			return err
		}
		from := p.State
		if p, err = s.apply(ctx, tx, p, step.To, by, r); err != nil {
			return err
		}
		if ok, err := updatePaper(ctx, tx, p); err != nil || !ok {
			return errors.Join(err, moved(ok))
		}
		return s.record(ctx, tx, p, verb, from)
	})
	return p, err
}

func moved(ok bool) error {
	if ok {
		return nil
	}
	return fault.New(fault.Conflict, "gate-moved", "这一项刚刚被别人办理过，请刷新页面再试。")
}

// apply is the paper after a step.
func (s *Service) apply(ctx context.Context, q db.Q, p Paper, to string, by identity.Subject, r Request) (Paper, error) {
	p.State, p.Note, p.UpdatedAt = to, strings.TrimSpace(r.Note), db.At(s.Clock.Now())
	p.Revision++
	switch to {
	case Offered:
		p.Meet, p.Place = db.NullAt(r.Meet), strings.TrimSpace(r.Place)
	case Granted:
		p.CheckedBy = by.Person
		if p.Kind == Training {
			p.From = s.today()
			rules, err := rulesOf(ctx, q, p.Provider, p.From)
			if err != nil {
				return p, err
			}
			for _, rule := range rules {
				if rule.Kind == Training && rule.Name == p.Name {
					if p.To, err = lastDay(p.From, rule.Term); err != nil {
						return p, err
					}
				}
			}
		}
		if r.To != "" {
			p.To = r.To
		}
		if p.To != "" && p.To < p.From {
			return p, fault.New(fault.Invalid, "gate-step", "还差一点：请按提示补充。").Field("to", "order", "最后一天不能早于第一天。")
		}
	}
	return p, nil
}

// Own is the subject's papers.
func (s *Service) Own(ctx context.Context, by identity.Subject) ([]Paper, error) {
	var w db.Where
	w.And("person = ?", by.Person)
	return listPapers(ctx, s.DB, &w)
}

// Handed is what was handed in to the subject's organisation, or, for a head, the papers of its people.
func (s *Service) Handed(ctx context.Context, by identity.Subject, all bool) ([]Paper, error) {
	var w db.Where
	s.Policy.Filter(by, "gate.inspect", map[string]string{Holder: "org", Provider: "provider"}, &w)
	if !all {
		w.In("state", []string{Asked, Offered, Attended, Sent})
		w.And("provider = ?", by.Org)
	}
	return listPapers(ctx, s.DB, &w)
}

// Remind tells, once, of each paper that ends soon.
func (s *Service) Remind(ctx context.Context) error {
	today := s.today()
	until, err := clock.AddDays(today, s.law.days(today))
	if err != nil {
		return err
	}
	var w db.Where
	w.And("state = ?", Granted)
	w.And("valid_to >= ?", today)
	w.And("valid_to <= ?", until)
	w.And("reminded <> valid_to")
	list, err := listPapers(ctx, s.DB, &w)
	if err != nil {
		return err
	}
	for _, p := range list {
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := setReminded(ctx, tx, p.ID, p.To); err != nil {
				return err
			}
			return outbox.Publish(ctx, tx, s.Clock.Now(), PaperEnding{Paper: p.ID, Person: p.Person, Kind: p.Kind, To: p.To})
		})
		if err != nil {
			return fmt.Errorf("remind of paper %s: %w", p.ID, err)
		}
	}
	return nil
}

// Declared is what was declared with an order, by kind of condition.
func (s *Service) Declared(ctx context.Context, q db.Q, order string) (map[string]string, error) {
	return answersOf(ctx, q, order)
}
