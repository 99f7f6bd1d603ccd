package order

import (
	"context"
	"fmt"
	"strings"

	"qiao/internal/milestone"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/state"
	"qiao/internal/platform/verify"
)

// stages is what the milestones of a commission add to its table: each is delivered, accepted or sent back while the work goes
// on, and what is accepted may be invoiced and paid before the order is confirmed.
func stages() state.Table {
	var out state.Table
	for _, st := range []string{StateAccepted, StateSampled, StateRunning, StateDone, StateReported} {
		out = append(
			out,
			state.Step{From: st, Verb: VerbDeliver, To: st, Who: []string{Provider}},
			state.Step{From: st, Verb: VerbApprove, To: st, Who: []string{Buyer}},
			state.Step{From: st, Verb: VerbSendBack, To: st, Who: []string{Buyer}},
			state.Step{From: st, Verb: VerbInvoice, To: st, Who: []string{Provider}},
		)
		if st != StateReported { // there it stands for every kind
			out = append(out, state.Step{From: st, Verb: VerbPay, To: st, Who: []string{Provider}})
		}
	}
	return out
}

// fits tells whether a verb has anything to be about: milestones that can be taken a step further, money that is due before the
// order is confirmed. An order without milestones walks as if these verbs were not there.
func fits(verb string, o Order) bool {
	fixed := o.State == StateConfirmed || o.State == StateSettled
	switch verb {
	case VerbDeliver:
		return o.StagesOpen > 0
	case VerbApprove, VerbSendBack:
		return o.StagesDelivered > 0
	case VerbConfirm:
		return o.StagesOpen == 0
	case VerbInvoice:
		return fixed || o.Payable > 0
	case VerbPay:
		return fixed || o.Payable > 0 || o.State == StateReported && o.StagesOpen == 0
	}
	return true
}

// stage takes a milestone one step further; the order stays where it is.
func (s *Service) stage(ctx context.Context, tx *db.Tx, m *move) error {
	r := milestone.Request{Milestone: m.req.Milestone, Verb: m.step.Verb, Side: m.side, Note: m.req.Note}
	for _, d := range m.docs {
		if err := insertDocument(ctx, tx, d); err != nil {
			return err
		}
		r.Files = append(r.Files, milestone.File{Document: d.ID, Name: d.Name, Size: d.Size})
	}
	x, standing, err := s.milestones.Do(ctx, tx, m.by, m.o.ID, r)
	if err != nil {
		return err
	}
	m.o.stand(standing)
	note := strings.TrimSpace(m.req.Note)
	if m.req.Note = x.Name; note != "" {
		m.req.Note += "\n" + note
	}
	return nil
}

// promise is by when whoever has to act does so: the provider of stages that are to come, by the day of the last.
func (s *Service) promise(ctx context.Context, q db.Q, o Order) (string, error) {
	due, err := s.due(o)
	if err != nil || due == "" || o.StagesOpen == 0 || turnOf(o.Kind, o.State).Who != Provider {
		return due, err
	}
	list, err := s.milestones.Of(ctx, q, o.ID)
	for _, x := range list {
		due = max(due, x.DueOn)
	}
	return due, err
}

func (o *Order) stand(s milestone.Standing) {
	o.StagesOpen, o.StagesDelivered, o.Payable = s.Open, s.Delivered, s.Payable
}

// ripe is what of an order may be invoiced, and what of the buyer's own part received, by now: all of it once the bill is
// fixed, before that what accepted milestones make payable.
func (s *Service) ripe(ctx context.Context, q db.Q, o Order) (price, own money.Fen, err error) {
	switch {
	case o.State == StateConfirmed || o.State == StateSettled:
		return o.Price, o.Own, nil
	case o.StagesOpen == 0 && o.Payable == 0:
		return 0, o.Own, nil // paid in advance of the confirmation
	}
	list, err := s.milestones.Of(ctx, q, o.ID)
	if err != nil {
		return 0, 0, err
	}
	return o.Payable, milestone.OwnPayable(o.Own, list), nil
}

func errNotRipe() *fault.Error {
	return fault.New(fault.Conflict, "not-due", "验收之前，只能为已验收的里程碑开票和收款。")
}

// propose keeps the milestones that come with a quote.
func (s *Service) propose(ctx context.Context, tx *db.Tx, o Order, version int64, total money.Fen, drafts []milestone.Draft) error {
	return s.milestones.Propose(ctx, tx, milestone.Plan{
		Order: o.ID, Number: o.Number, Buyer: o.Buyer, Provider: o.Provider, Region: o.Region, Version: version, Total: total, Sample: o.Sample,
	}, drafts)
}

// verifyStages compares what orders note of their milestones with the milestones.
func (s *Service) verifyStages(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	standings, totals, err := s.milestones.Standings(ctx, q)
	if err != nil {
		return nil, err
	}
	noted, err := db.All[Order](ctx, q, `SELECT `+orderColumns+` FROM order_order WHERE stages_open > 0 OR payable > 0 ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list the orders with milestones: %w", err)
	}
	var out []verify.Finding
	seen := map[string]bool{}
	for _, o := range noted {
		seen[o.ID] = true
		want, agreed := standings[o.ID]
		if agreed && (want != milestone.Standing{Open: o.StagesOpen, Delivered: o.StagesDelivered, Payable: o.Payable} || totals[o.ID] != o.Price) {
			out = append(out, verify.Finding{Code: "order.milestones", Object: o.ID, Text: "the order and its milestones disagree"})
		}
	}
	for id := range standings {
		if !seen[id] {
			out = append(out, verify.Finding{Code: "order.milestones", Object: id, Text: "agreed milestones are not noted on the order"})
		}
	}
	return out, nil
}
