package expert

import (
	"context"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// Asking is what an organisation writes to an expert.
type Asking struct{ Subject, Message string }

func (a *Asking) check() error {
	a.Subject, a.Message = strings.TrimSpace(a.Subject), strings.TrimSpace(a.Message)
	bad := fault.New(fault.Invalid, "request-invalid", "有些内容需要修改，请按提示更正后再提交。")
	long(bad, "subject", a.Subject, 4, 80)
	long(bad, "message", a.Message, 10, 1000)
	return orNil(bad)
}

// Reach tells whether an expert may be asked for contact now: nil, or why not.
func (s *Service) Reach(ctx context.Context, q db.Q, resource string) error {
	p, err := profileOf(ctx, q, resource)
	if err != nil {
		return err
	}
	if !p.Claimed() {
		return fault.New(fault.Conflict, "expert-unclaimed", "这位专家还没有认领自己的信息，平台没有其联系方式，也不能代为联系。可以与其工作单位联系。")
	}
	standing, err := s.standing(ctx, q, resource)
	if err != nil {
		return err
	}
	if _, ok := standing[Contact]; !ok || p.Hidden {
		return fault.New(fault.Conflict, "no-consent", "本人没有同意接受联系，平台不能转达。可以与其工作单位联系。")
	}
	return nil
}

// Ask sends an expert a request for contact in the name of the subject's organisation.
func (s *Service) Ask(ctx context.Context, by identity.Subject, key, resource string, a Asking) (Request, error) {
	var r Request
	if err := s.policy.Can(by, "expert.contact", ofFirm(by.Org, by.Region)); err != nil {
		return r, err
	}
	if err := a.check(); err != nil {
		return r, err
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		rec, err := s.record(ctx, tx, resource)
		if err != nil {
			return err
		}
		if err := s.Reach(ctx, tx, resource); err != nil {
			return err
		}
		p, err := profileOf(ctx, tx, resource)
		if err != nil {
			return err
		}
		if p.Person == by.Person {
			return fault.New(fault.Invalid, "own-profile", "这是您自己的信息，不用联系自己。")
		}
		if err := s.mayAskNow(ctx, tx, by.Org, resource); err != nil {
			return err
		}
		now := db.At(s.clock.Now())
		r = Request{ID: id.New(), Resource: resource, Expert: p.Person, Firm: by.Org, Sender: by.Person, Region: by.Region, State: Sent, Subject: a.Subject, Message: a.Message,
			SentOn: s.today(), Sample: rec.Sample || by.Sample, Revision: 1, CreatedAt: now, UpdatedAt: now}
		if key != "" {
			r.ID = id.From(by.Person, key, "expert-request")
		}
		if err := insertRequest(ctx, tx, r); err != nil {
			return err
		}
		return s.requestTold(ctx, tx, by, r, "send", "", "")
	})
	if db.IsUnique(err) {
		err = fault.New(fault.Conflict, "request-open", "贵单位已向这位专家发出请求，请等待答复。")
	}
	return r, err
}

// mayAskNow keeps to the limits in force: so many requests a day, and a rest after an expert declined.
func (s *Service) mayAskNow(ctx context.Context, q db.Q, firm, resource string) error {
	limit, today := s.rules.limit(s.today()), s.today()
	var day db.Where
	day.And("firm = ?", firm)
	day.And("sent_on = ?", today)
	n, err := countRequests(ctx, q, &day)
	if err != nil {
		return err
	}
	if n >= limit.RequestsDay {
		return fault.New(fault.TooMany, "too-many-requests", "贵单位今天已发出 {0} 条联系请求，达到每天的上限，请明天再试。", n)
	}
	var rest db.Where
	rest.And("firm = ?", firm)
	rest.And("resource = ?", resource)
	rest.And("state = ?", Declined)
	rest.And("updated_at > ?", db.At(s.clock.Now().AddDate(0, 0, -limit.RestDays))) // when they declined
	n, err = countRequests(ctx, q, &rest)
	if err == nil && n > 0 {
		err = fault.New(fault.Conflict, "declined-lately", "这位专家最近谢绝了贵单位的请求，{0} 天内请不要再次联系。", limit.RestDays)
	}
	return err
}

// DoRequest carries out a verb of Requests: the expert answers, the firm withdraws.
func (s *Service) DoRequest(ctx context.Context, by identity.Subject, request, verb, note string) (Request, error) {
	var r Request
	note = strings.TrimSpace(note)
	if !Requests.Has(verb) || verb == "send" || verb == "close" {
		return r, fault.New(fault.NotFound, "no-such-verb", "没有“{0}”这个操作。", verb)
	}
	bad := fault.New(fault.Invalid, "request-invalid", "有些内容需要修改，请按提示更正后再提交。")
	if long(bad, "note", note, 0, 500); len(bad.Fields) > 0 {
		return r, bad
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if r, err = getRequest(ctx, tx, request); err != nil {
			return err
		}
		if err := s.mayAnswer(by, r, verb); err != nil {
			return err
		}
		step, err := Requests.Next(r.State, verb)
		if err != nil {
			return err
		}
		if verb == "accept" {
			if err := s.reachable(ctx, tx, r.Resource); err != nil {
				return err
			}
		}
		if verb != "withdraw" {
			r.Note = note
		}
		return s.requestMoved(ctx, tx, by, &r, verb, step.To, note)
	})
	return r, err
}

// mayAnswer lets the expert answer and the firm withdraw; for everybody else there is no such request.
func (s *Service) mayAnswer(by identity.Subject, r Request, verb string) error {
	if verb == "withdraw" {
		if by.Org != r.Firm {
			return errNoRequest()
		}
		return s.policy.Can(by, "expert.contact", ofFirm(r.Firm, r.Region))
	}
	if by.Person == "" || by.Person != r.Expert {
		return errNoRequest()
	}
	return s.policy.Can(by, "expert.own", identity.Object{})
}

// reachable refuses an acceptance while there is nothing to reveal, or no consent to reveal it.
func (s *Service) reachable(ctx context.Context, tx *db.Tx, resource string) error {
	if err := s.Reach(ctx, tx, resource); err != nil {
		return err
	}
	p, err := profileOf(ctx, tx, resource)
	if err == nil && p.Email == "" && p.Phone == "" {
		err = fault.New(fault.Conflict, "no-address", "请先在“我的资料”中填写愿意告知对方的邮箱或电话。")
	}
	return err
}

// closeAll closes what is open with a person who does not want to be contacted any more.
func (s *Service) closeAll(ctx context.Context, tx *db.Tx, by identity.Subject, resource string) error {
	var w db.Where
	w.And("resource = ?", resource)
	w.And("state IN ('sent', 'accepted')")
	list, err := listRequests(ctx, tx, &w, everything)
	if err != nil {
		return err
	}
	for _, r := range list {
		if err := s.requestMoved(ctx, tx, by, &r, "close", Closed, ""); err != nil {
			return err
		}
	}
	return nil
}

// everything is more requests than one person ever has.
const everything = 1_000_000

func (s *Service) requestMoved(ctx context.Context, tx *db.Tx, by identity.Subject, r *Request, verb, to, note string) error {
	from := r.State
	r.State, r.Revision, r.UpdatedAt = to, r.Revision+1, db.At(s.clock.Now())
	if ok, err := moveRequest(ctx, tx, *r); err != nil || !ok {
		return changed(err)
	}
	return s.requestTold(ctx, tx, by, *r, verb, from, note)
}

// requestTold writes the step, the event and the audit entry of a move.
func (s *Service) requestTold(ctx context.Context, tx *db.Tx, by identity.Subject, r Request, verb, from, note string) error {
	if err := insertStep(ctx, tx, r.ID, r.UpdatedAt, by, verb, from, r.State, note); err != nil {
		return err
	}
	if err := outbox.Publish(ctx, tx, r.UpdatedAt.Time, RequestMoved{r.ID, r.Expert, r.Firm, verb, r.Subject}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, r.UpdatedAt.Time, audit.Entry{Action: "expert." + verb, Kind: "expert-request", ID: r.ID, From: from, To: r.State, Data: r})
}

// Addresses are how an expert is reached, once they have accepted.
type Addresses struct{ Email, Phone string }

// RequestOf is a request for either of its sides. The firm sees the expert's addresses while it is accepted and the consent
// stands; that it looked is kept for the expert to see.
func (s *Service) RequestOf(ctx context.Context, by identity.Subject, request string) (Request, Addresses, error) {
	var a Addresses
	r, err := getRequest(ctx, s.db, request)
	if err != nil {
		return r, a, err
	}
	switch {
	case by.Person != "" && by.Person == r.Expert:
		return r, a, nil
	case by.Org == "" || by.Org != r.Firm || s.policy.Can(by, "expert.contact", ofFirm(r.Firm, r.Region)) != nil:
		return Request{}, a, errNoRequest()
	case r.State != Accepted:
		return r, a, nil
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if r, err = getRequest(ctx, tx, request); err != nil || r.State != Accepted {
			return err
		}
		p, err := profileOf(ctx, tx, r.Resource)
		if err != nil {
			return err
		}
		now := db.At(s.clock.Now())
		fresh, err := disclose(ctx, tx, Disclosure{Request: r.ID, Viewer: by.Person, Org: by.Org, Day: s.today(), At: now})
		if err != nil {
			return err
		}
		a = Addresses{Email: p.Email, Phone: p.Phone}
		if !fresh {
			return nil
		}
		return audit.Record(ctx, tx, now.Time, audit.Entry{Action: "expert.disclose", Kind: "expert-request", ID: r.ID})
	})
	return r, a, err
}

// SentBy are the requests of the subject's organisation, newest first.
func (s *Service) SentBy(ctx context.Context, by identity.Subject) ([]Request, error) {
	if err := s.policy.Can(by, "expert.contact", ofFirm(by.Org, by.Region)); err != nil {
		return nil, err
	}
	var w db.Where
	w.And("firm = ?", by.Org)
	return listRequests(ctx, s.db, &w, shown)
}

// ReceivedBy are the requests to the subject, newest first.
func (s *Service) ReceivedBy(ctx context.Context, by identity.Subject) ([]Request, error) {
	if err := s.policy.Can(by, "expert.own", identity.Object{}); err != nil {
		return nil, err
	}
	var w db.Where
	w.And("expert = ?", by.Person)
	return listRequests(ctx, s.db, &w, shown)
}

// shown is how many requests or claims a page lists.
const shown = 100
