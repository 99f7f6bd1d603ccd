package voucher

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
	"qiao/internal/voucher/scheme"
)

// VerbRequest is what comes with a verb on a claim.
type VerbRequest struct {
	Note   string    // refuse and recover need one; with pay and receive, the reference of the payment
	Amount money.Fen // recover and receive: how much; zero: all there is
	Key    string    // the caller's id of the request
}

// Do carries out a verb of Claims on a redemption: verify, approve, publish-notice, pay, refuse, recover, receive.
func (s *Service) Do(ctx context.Context, by identity.Subject, claim, verb string, r VerbRequest) (Claim, error) {
	var c Claim
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		c, err = s.Act(ctx, tx, by, claim, verb, r)
		return err
	})
	return c, err
}

// Act is Do in the caller's transaction, for a module above that decides about a redemption.
func (s *Service) Act(ctx context.Context, tx *db.Tx, by identity.Subject, claim, verb string, r VerbRequest) (Claim, error) {
	var c Claim
	r.Note = strings.TrimSpace(r.Note)
	if !slices.Contains(officerVerbs(), verb) {
		return c, fault.New(fault.NotFound, "no-such-verb", "没有“{0}”这个操作。", verb)
	}
	if r.Note == "" && (verb == "refuse" || verb == "recover") {
		return c, reasonNeeded()
	}
	what, err := r.asked(verb)
	if err != nil {
		return c, err
	}
	if c, err = lockClaim(ctx, tx, claim); err != nil {
		return c, err
	}
	if err := s.policy.Act(by, "redemption."+verb, claimObject(c.Way, c.Payee, c.Region)); err != nil {
		return c, err
	}
	if again, err := stepped(ctx, tx, c.ID, what); err != nil || again {
		return c, err
	}
	return c, s.review(ctx, tx, by, &c, what, r)
}

// review moves a locked claim by one verb.
func (s *Service) review(ctx context.Context, tx *db.Tx, by identity.Subject, c *Claim, what ask, r VerbRequest) error {
	move, err := Claims.Next(c.State, what.verb)
	if err != nil {
		return err
	}
	if move, r.Amount, err = c.back(move, r.Amount); err != nil {
		return err
	}
	items, err := listItems(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if err := s.independent(ctx, tx, by, *c, items); err != nil {
		return err
	}
	orders := make([]string, len(items))
	for i, it := range items {
		orders[i] = it.Order
	}
	e, err := s.effect(ctx, tx, by, c, move.Verb, r.Amount, orders)
	if err != nil {
		return err
	}
	c.State = move.To
	if err := updateClaim(ctx, tx, *c); err != nil {
		return err
	}
	st := Step{At: db.At(s.clock.Now()), Person: by.Person, Org: by.Org, Verb: move.Verb, From: move.From, To: move.To, Note: r.Note}
	if err := s.recorded(ctx, tx, *c, st, what, e); err != nil {
		return err
	}
	return s.bookClaim(ctx, tx, *c, move.Verb, move.From, r.Amount)
}

// independent keeps officers from their own affairs: the organisation acted for, and every organisation the person
// belongs to, must be neither the payee nor one of the firms and providers.
func (s *Service) independent(ctx context.Context, q db.Q, by identity.Subject, c Claim, items []ClaimItem) error {
	parties := []string{c.Payee}
	for _, it := range items {
		for _, org := range []string{it.Firm, it.Provider} {
			if !slices.Contains(parties, org) {
				parties = append(parties, org)
			}
		}
	}
	for _, org := range parties {
		if org == by.Org {
			return ownAffair()
		}
		people, err := s.orgs.People(ctx, q, org)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(people, func(p identity.PersonRef) bool { return p.ID == by.Person }) {
			return ownAffair()
		}
	}
	return nil
}

// effect does what a verb means beyond the state, and names its event.
func (s *Service) effect(ctx context.Context, tx *db.Tx, by identity.Subject, c *Claim, verb string, amount money.Fen, orders []string) (outbox.Event, error) {
	told := c.told(orders)
	if c.Reward && slices.Contains([]string{"approve", "publish-notice", "pay"}, verb) {
		if err := rewardStands(ctx, tx, *c); err != nil {
			return nil, err
		}
	}
	switch verb {
	case "verify":
		c.Verifier = by.Person
		return ClaimVerified{told}, nil
	case "approve":
		if c.Verifier == by.Person {
			return nil, fault.New(fault.Forbidden, "second-person-needed", "这笔兑付由您核验，批准须由另一位工作人员办理。")
		}
		return ClaimApproved{told}, nil
	case "publish-notice":
		err := s.publish(ctx, tx, c)
		return NoticePublished{told, c.PayableOn}, err
	case "pay":
		if today := s.today(); today < c.PayableOn {
			return nil, fault.New(fault.Conflict, "notice-running", "公示到 {0} 结束，{1} 起才能支付。", c.NoticeTo, c.PayableOn)
		}
		if err := s.notInBatch(ctx, tx, *c); err != nil {
			return nil, err
		}
		c.PaidOn = s.today()
		return Paid{told}, moveHoldsOf(ctx, tx, *c, "claimed", "paid")
	case "recover", "recover-part", "receive":
		return s.backEffect(ctx, tx, c, verb, amount, told)
	}
	if c.State == "published" { // refuse
		if err := s.wholeAgain(ctx, tx, *c); err != nil {
			return nil, err
		}
	}
	if err := moveHoldsOf(ctx, tx, *c, "claimed", "used"); err != nil {
		return nil, err
	}
	if s.bills != nil {
		if err := s.bills.Free(ctx, tx, c.ID); err != nil {
			return nil, err
		}
	}
	if c.Reward {
		return ClaimRefused{told}, freeReward(ctx, tx, c.ID)
	}
	return ClaimRefused{told}, freeItems(ctx, tx, c.ID)
}

// publish dates the public notice by the terms the claim was submitted under.
func (s *Service) publish(ctx context.Context, tx *db.Tx, c *Claim) error {
	terms, err := s.termsVersion(ctx, tx, c.Programme, c.Terms)
	if err != nil {
		return err
	}
	c.NoticeFrom, c.NoticeTo, c.PayableOn, err = scheme.NoticeDays(s.today(), terms.Notice.Value)
	return err
}

// bookClaim moves the money that a verb moves; verbs that move none leave the ledger alone.
func (s *Service) bookClaim(ctx context.Context, tx *db.Tx, c Claim, verb, from string, amount money.Fen) error {
	t := transfer{key: verb + "/" + c.ID, programme: c.Programme, cause: c.ID, day: s.today(), at: db.At(s.clock.Now())}
	var err error
	switch {
	case verb == "approve":
		t.kind = kindApprove
		t.postings, err = s.approval(ctx, tx, c)
	case verb == "pay":
		t.kind, t.key = kindPay, fmt.Sprintf("pay/%s/%d", c.ID, c.Revision) // after a bounce it is paid once more
		t.postings, err = payments(ctx, tx, c)
	case verb == "recover" || verb == "recover-part":
		t.kind, t.key = kindRecover, c.backKey(kindRecover, c.Recovered, amount)
		t.postings, err = shifted(ctx, tx, c, "paid", "recover", amount)
	case verb == "receive":
		t.kind, t.key = kindReceive, c.backKey(kindReceive, c.Received, amount)
		t.postings, err = shifted(ctx, tx, c, "recover", "received", amount)
	case verb == "refuse" && (from == "approved" || from == "published"):
		t.kind = kindRefuse
		t.postings, err = givenBack(ctx, tx, c)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	if t.digest, err = digestOf(c.ID, verb, cmp.Or(amount, c.Amount)); err != nil {
		return err
	}
	return book(ctx, tx, t)
}

// approval takes what was used from each grant, a reward from what the programme has not issued, and owes it to the payee, each
// funder its share.
func (s *Service) approval(ctx context.Context, tx *db.Tx, c Claim) ([]posting, error) {
	terms, err := s.termsVersion(ctx, tx, c.Programme, c.Terms)
	if err != nil {
		return nil, err
	}
	p, err := s.Programme(ctx, tx, c.Programme)
	if err != nil {
		return nil, err
	}
	grants, err := grantsOf(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	var out []posting
	for _, g := range grants {
		out = append(out, posting{ofGrant("used", c.Programme, g.Grant), -g.Amount})
	}
	if c.Reward {
		if out, err = rewardBudget(ctx, tx, c); err != nil {
			return nil, err
		}
	}
	shares, err := s.fundersOf(ctx, tx, p, terms, c)
	if err != nil {
		return nil, err
	}
	for _, share := range shares {
		out = append(out, posting{ofPayee("payable", c.Payee, share.Funder), share.Amount})
	}
	return out, nil
}

// givenBack undoes an approval as it was booked: who funds may be found otherwise today.
func givenBack(ctx context.Context, q db.Q, c Claim) ([]posting, error) {
	grants, err := grantsOf(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	owed, err := outstanding(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	var out []posting
	for _, g := range grants {
		out = append(out, posting{ofGrant("used", c.Programme, g.Grant), g.Amount})
	}
	if c.Reward {
		out = fill(c.Programme, c.Amount)
	}
	for _, o := range owed {
		out = append(out, posting{ofPayee("payable", o.Party, o.Funder), -o.Amount})
	}
	return out, nil
}

// payments pays what each funder still owes.
func payments(ctx context.Context, q db.Q, c Claim) ([]posting, error) {
	owed, err := outstanding(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	var out []posting
	for _, o := range owed {
		out = append(out, posting{ofPayee("payable", o.Party, o.Funder), -o.Amount}, posting{ofPayee("paid", o.Party, o.Funder), o.Amount})
	}
	return out, nil
}
