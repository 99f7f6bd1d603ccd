package order

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"qiao/internal/contract"
	"qiao/internal/identity"
	"qiao/internal/milestone"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/state"
)

// VerbRequest is what comes with a verb; each verb reads what it needs.
type VerbRequest struct {
	Note       string            // every verb; the reason of refuse and cancel, the text of rate and reply, the condition of samples
	Key        string            // the request's own key: the same key has one effect
	At         time.Time         // start, stop: when it happened, up to MaxLate ago; zero = now
	Lines      []Line            // quote: Kind, Text, Unit, UnitAmount, Count, Per, Percent
	ValidUntil string            // quote: last civil day on which it may be accepted; renew: as long as before when empty
	Tax        string            // quote: what tax is in it
	Stages     []milestone.Draft // quote: milestones; none: paid as a whole
	Milestone  string            // deliver, approve, send-back: id; empty: the only one it can be
	Version    int64             // accept: the quote that was seen; 0 = the newest
	Programme  *string           // accept: the voucher programme, when it is chosen or changed here; nil = as ordered
	Fund       *string           // accept: the card that pays the own part; nil = as ordered
	Seen       *money.Fen        // accept: the voucher's part the buyer was shown
	Stars      int64             // rate: 1…5
	Files      []Upload          // report, invoice; sign: the stamped scan
	Number     string            // invoice: its number
	IssuedOn   string            // invoice: civil day
	PaidOn     string            // pay: civil day; empty: today
	Way        string            // pay: how, see invoice.Ways; empty: by bank transfer
	Amount     money.Fen         // invoice: tax included; pay: what was received, 0: what is left
	Start      time.Time         // move: the new time, as the rule of the resource gives it out
	End        time.Time
	Agreed     bool       // move: the provider proposed it, so that it is never too late and may cost what the plan says now
	Price      *money.Fen // move that was agreed: the price the buyer was shown; nil = whatever it is
	Final      *money.Fen // offer, agree, award: what the order costs then
	Hash       string     // sign: SHA-256 of the text the signer has read; empty: not checked
	Seal       bool       // sign: with the seal of the e-seal provider
}

// MaxLate is how long ago a start or stop may lie that is logged after the fact.
const MaxLate = 31 * 24 * time.Hour

// move is one verb under way, inside its transaction.
type move struct {
	by   identity.Subject
	side string
	step state.Step
	o    *Order
	req  VerbRequest
	docs []Document
	seal *contract.Seal // sign: nil without one
	now  time.Time
	fee  bool  // cancel: a fee was charged
	run  int64 // stop: minutes of the run that ended
}

// Do takes an order one step further: may I, is it valid, one transaction. The verb's consequences
// for slot, hold and log happen in that transaction or not at all.
func (s *Service) Do(ctx context.Context, by identity.Subject, orderID, verb string, req VerbRequest) (Order, error) {
	o, err := s.mayDo(ctx, s.db, by, orderID, verb, req)
	if err != nil {
		return o, err
	}
	docs, err := s.store(ctx, by, o.ID, fileKind(verb), req.Files)
	if err != nil {
		return o, err
	}
	seal, err := s.sealed(ctx, by, o, verb, req)
	if err != nil {
		return o, err
	}
	var asked Asked
	if verb == VerbMove {
		if asked, err = s.AskMoves(ctx, []Each{{orderID, req}}); err != nil {
			return o, err
		}
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m := move{by: by, o: &o, req: req, docs: docs, seal: seal, now: s.clock.Now()}
		return s.step(ctx, tx, &m, verb)
	})
	if err != nil {
		s.Forget(ctx, asked)
	}
	if errors.Is(err, errRepeat) {
		return getOrder(ctx, s.db, orderID)
	}
	return o, err
}

// SettlePaid closes, in the caller's transaction, the orders of a voucher claim that has been paid. An
// order that is settled already is left alone, so the news of a payment may come twice.
func (s *Service) SettlePaid(ctx context.Context, tx *db.Tx, orders []string, claim string) error {
	for _, orderID := range orders {
		o, err := getOrder(ctx, tx, orderID)
		if err != nil {
			return err
		}
		if o.State == StateSettled {
			continue
		}
		if open, err := s.unpaid(ctx, tx, o); err != nil || open {
			if err != nil {
				return err
			}
			continue // another programme that pays for it has not paid yet
		}
		m := move{side: System, o: &o, req: VerbRequest{Key: claim}, now: s.clock.Now()}
		if err := s.step(ctx, tx, &m, VerbSettle); err != nil && !errors.Is(err, errRepeat) {
			return err
		}
	}
	return nil
}

// step is one verb inside its transaction: lock, judge, act, record.
func (s *Service) step(ctx context.Context, tx *db.Tx, m *move, verb string) error {
	var err error
	if *m.o, err = lockOrder(ctx, tx, m.o.ID); err != nil {
		return err
	}
	stepID := id.New()
	if m.req.Key != "" {
		stepID = id.From(m.o.ID, m.by.Person, verb, m.req.Key)
		if there, err := hasStep(ctx, tx, stepID); err != nil || there {
			return errors.Join(err, errRepeat)
		}
	}
	if err := m.judge(verb); err != nil {
		return err
	}
	m.o.State, m.o.UpdatedAt = m.step.To, db.At(m.now)
	if err := s.act(ctx, tx, m); err != nil {
		return err
	}
	if err := s.afterDispute(ctx, tx, m); err != nil {
		return err
	}
	if m.step.To != m.step.From || verb == VerbQuote || verb == VerbRenew || verb == VerbMove {
		if m.o.Due, err = s.promise(ctx, tx, *m.o); err != nil {
			return err
		}
	}
	if err := updateOrder(ctx, tx, *m.o); err != nil {
		return err
	}
	f := facts(*m.o, m.side, clock.Day(m.now))
	f.Run = m.run
	if verb == VerbRate {
		f.Stars = m.req.Stars
	}
	return s.record(ctx, tx, *m.o, f, Step{
		ID: stepID, Side: m.side, Person: m.by.Person, Org: m.by.Org, Verb: verb, From: m.step.From, To: m.step.To, Note: strings.TrimSpace(m.req.Note),
	})
}

// judge finds the step in the state table and the side that takes it.
func (m *move) judge(verb string) error {
	var err error
	if m.step, err = TableOf(m.o.Kind).Next(m.o.State, verb); err != nil {
		return err
	}
	if m.side != "" { // named by a module that has asked itself who may
		if !slices.Contains(m.step.Who, m.side) {
			return fmt.Errorf("order: the %s may not %s", m.side, verb)
		}
		return nil
	}
	for _, side := range sides(m.by, *m.o) {
		if slices.Contains(m.step.Who, side) {
			m.side = side
			return nil
		}
	}
	if m.step.Who[0] == Officer {
		return fault.New(fault.Forbidden, "other-side", "这一步由主管部门完成。")
	}
	if m.step.Who[0] == Buyer {
		return fault.New(fault.Forbidden, "other-side", "这一步由下单的单位完成。")
	}
	return fault.New(fault.Forbidden, "other-side", "这一步由提供服务的单位完成。")
}

// sides is which sides of an order a subject acts for: usually one; both on one's own instrument.
func sides(by identity.Subject, o Order) []string {
	var out []string
	if by.Org != "" && by.Org == o.Buyer {
		out = append(out, Buyer)
	}
	if by.Org != "" && by.Org == o.Provider {
		out = append(out, Provider)
	}
	if by.Has("authority") { // of which region, the permission table says
		out = append(out, Officer)
	}
	return out
}

// object is an order as the permission table sees it.
func object(o Order) identity.Object {
	return identity.Object{Parties: map[string]string{Buyer: o.Buyer, Provider: o.Provider}, Region: o.Region}
}

// Verbs is what the subject may do to an order now, by state and by permission.
func (s *Service) Verbs(by identity.Subject, o Order) []state.Step {
	var out []state.Step
	for _, step := range TableOf(o.Kind).Verbs(o.State, sides(by, o)...) {
		if step.Verb == VerbSettle && o.Voucher > 0 {
			continue // follows by itself when the claim is paid
		}
		if step.Verb == VerbWaive {
			continue // offered where the fee is, see FeeOf
		}
		if !fits(step.Verb, o) {
			continue
		}
		if s.policy.Can(by, "order."+step.Verb, object(o)) == nil {
			out = append(out, step)
		}
	}
	return out
}

// checkVerb is what a verb's request must be by itself.
func checkVerb(verb string, o Order, req VerbRequest, today string) error {
	bad := fault.New(fault.Invalid, "verb-invalid", "还差一点：请按提示补充。")
	checkText(bad, "note", req.Note)
	note := strings.TrimSpace(req.Note)
	switch verb {
	case VerbRefuse:
		if note == "" {
			bad.Field("note", "required", "请写明不能接单的理由，对方会看到。")
		}
	case VerbCancel:
		if note == "" && o.State != StateRequested {
			bad.Field("note", "required", "对方可能已有安排，请写明取消的原因。")
		}
	case VerbMove:
		if req.Start.IsZero() {
			bad.Field("from", "required", "请填写新的开始时间。")
		}
		if req.End.IsZero() {
			bad.Field("to", "required", "请填写新的结束时间。")
		}
	case VerbQuote:
		CheckQuote(bad, req, today)
	case VerbReport:
		if len(req.Files) == 0 && note == "" {
			bad.Field("file", "required", "请上传报告文件，或在说明中写明结果。")
		}
	case VerbDeliver:
		if len(req.Files) == 0 && note == "" {
			bad.Field("file", "required", "请上传交付的文件，或在说明中写明交付了什么。")
		}
	case VerbSendBack:
		if note == "" {
			bad.Field("note", "required", "请写明哪里与约定不符、怎样才能验收，对方会看到。")
		}
	case VerbRate:
		if req.Stars < 1 || req.Stars > 5 {
			bad.Field("stars", "range", "请选 1 到 5 颗星。")
		}
	case VerbOffer, VerbAward:
		checkFinal(bad, verb, o, req.Final)
		if note == "" && verb == VerbAward {
			bad.Field("note", "required", "请写明理由，双方都会看到。")
		}
	case VerbDispute, VerbEscalate, VerbUphold, VerbAnnul, VerbRedo, VerbWaive:
		if note == "" {
			bad.Field("note", "required", "请写明理由和希望怎样解决，对方会看到。")
		}
	case VerbReply:
		if note == "" {
			bad.Field("note", "required", "请写下回复。")
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// fileKind is what the files that come with a verb are.
func fileKind(verb string) string {
	switch verb {
	case VerbDeliver:
		return StageFile
	case VerbDispute, VerbRedo, VerbEscalate, VerbUphold, VerbAnnul, VerbOffer, VerbAward:
		return DisputeFile
	}
	return ReportFile
}
