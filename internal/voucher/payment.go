package voucher

import (
	"context"
	"fmt"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
)

// Owed is what one funder still has to pay for one claim: its part, gross, to the payee.
type Owed struct {
	Claim     string    `db:"claim"`
	Number    string    `db:"number"`
	Programme string    `db:"programme"`
	Region    string    `db:"region"` // the programme's
	Payee     string    `db:"payee"`
	Funder    string    `db:"funder"`
	Amount    money.Fen `db:"amount"`
	PayableOn string    `db:"payable_on"`
	Sample    bool      `db:"sample"` // of the programme
}

// OwedBy lists what a funder may pay on a civil day: claims whose public notice has ended, less what it has paid of them.
func (s *Service) OwedBy(ctx context.Context, q db.Q, funder, day string) ([]Owed, error) {
	out, err := db.All[Owed](ctx, q, `SELECT c.id AS claim, c.number, c.programme, c.region, a.party AS payee, a.funder, CAST(sum(p.amount) AS BIGINT) AS amount, c.payable_on, g.sample
		FROM voucher_claim c JOIN voucher_programme g ON g.id = c.programme JOIN voucher_transfer t ON t.cause = c.id
			JOIN voucher_posting p ON p.transfer = t.id JOIN voucher_account a ON a.path = p.account
		WHERE c.state = 'published' AND c.payable_on <= $1 AND a.part = 'payable' AND a.funder = $2
		GROUP BY c.id, c.number, c.programme, c.region, a.party, a.funder, c.payable_on, g.sample
		HAVING sum(p.amount) > 0 ORDER BY c.payable_on, c.number`, day, funder)
	if err != nil {
		return nil, fmt.Errorf("read what %s owes: %w", funder, err)
	}
	return out, nil
}

// Funders are the organisations that owe something now, or ever paid: whoever has a payee's account.
func (s *Service) Funders(ctx context.Context, q db.Q) ([]string, error) {
	out, err := db.All[string](ctx, q, `SELECT DISTINCT funder FROM voucher_account WHERE funder <> '' ORDER BY funder`)
	if err != nil {
		return nil, fmt.Errorf("list funders: %w", err)
	}
	return out, nil
}

// Payees are the organisations that got, or are to get, money from vouchers.
func (s *Service) Payees(ctx context.Context, q db.Q, org string) (bool, error) {
	out, err := db.All[string](ctx, q, `SELECT party FROM voucher_account WHERE party = $1 AND party <> '' LIMIT 1`, org)
	if err != nil {
		return false, fmt.Errorf("look for a payee: %w", err)
	}
	return len(out) > 0, nil
}

// Payment is one funder's part of a claim on its way to the payee.
type Payment struct {
	Claim    string
	Funder   string
	Amount   money.Fen
	Evidence string // what the bank calls it; of a bounce: why
	Key      string // of this attempt, for ever; a bounce names the attempt it undoes
}

// PayPart books in the caller's transaction that a funder has paid its part. When it is the last one the claim is paid,
// and what follows from that follows. The caller has checked that by may pay; a repeat of the key changes nothing.
func (s *Service) PayPart(ctx context.Context, tx *db.Tx, by identity.Subject, p Payment) (Claim, error) {
	c, err := lockClaim(ctx, tx, p.Claim)
	if err != nil {
		return c, err
	}
	key, digest, err := p.key(kindPay)
	if err != nil {
		return c, err
	}
	if again, err := done(ctx, tx, key, digest); err != nil || again {
		return c, err
	}
	if c.State != "published" || s.today() < c.PayableOn {
		return c, fault.New(fault.Conflict, "claim-not-payable", "兑付 {0} 现在不能支付：可能有异议、公示未满，或已经付清。", c.Number)
	}
	owed, err := outstanding(ctx, tx, c.ID)
	if err != nil {
		return c, err
	}
	var rest money.Fen
	var leg *owing
	for i, o := range owed {
		if o.Funder == p.Funder {
			leg = &owed[i]
		}
		rest += o.Amount
	}
	if leg == nil || leg.Amount != p.Amount {
		return c, fault.New(fault.Conflict, "part-differs", "兑付 {0} 应付的金额与这笔支付不一致，请核对后再办理。", c.Number)
	}
	t := transfer{key: key, kind: kindPay, programme: c.Programme, cause: c.ID, digest: digest, day: s.today(), at: db.At(s.clock.Now()), postings: []posting{
		{ofPayee("payable", leg.Party, p.Funder), -p.Amount}, {ofPayee("paid", leg.Party, p.Funder), p.Amount},
	}}
	if err := book(ctx, tx, t); err != nil {
		return c, err
	}
	if rest > p.Amount {
		return c, s.stepped(ctx, tx, by, c, "pay-part", c.State, p.Amount.String()+" "+p.Evidence)
	}
	return c, s.paidUp(ctx, tx, by, &c, p.Evidence)
}

// paidUp closes a claim of which nothing is owed any more.
func (s *Service) paidUp(ctx context.Context, tx *db.Tx, by identity.Subject, c *Claim, evidence string) error {
	items, err := listItems(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	orders := make([]string, len(items))
	for i, it := range items {
		orders[i] = it.Order
	}
	if err := moveHoldsOf(ctx, tx, *c, "claimed", "paid"); err != nil {
		return err
	}
	c.State, c.PaidOn = "paid", s.today()
	if err := updateClaim(ctx, tx, *c); err != nil {
		return err
	}
	if err := outbox.Publish(ctx, tx, s.clock.Now(), Paid{c.told(orders)}); err != nil {
		return err
	}
	return s.stepped(ctx, tx, by, *c, "pay", "published", evidence)
}

// BouncePart books in the caller's transaction that the bank gave a part back after it counted as paid: it is owed again,
// and so is the claim. Orders that were settled stay settled; they are told of the later payment once more.
func (s *Service) BouncePart(ctx context.Context, tx *db.Tx, by identity.Subject, p Payment) (Claim, error) {
	c, err := lockClaim(ctx, tx, p.Claim)
	if err != nil {
		return c, err
	}
	key, digest, err := p.key(kindBounce)
	if err != nil {
		return c, err
	}
	if again, err := done(ctx, tx, key, digest); err != nil || again {
		return c, err
	}
	paid, err := db.All[owing](ctx, tx, onClaim+` AND a.part = 'paid' AND a.funder = $2 GROUP BY a.party, a.funder HAVING sum(p.amount) <> 0`, c.ID, p.Funder)
	if err != nil {
		return c, fmt.Errorf("read what was paid for redemption %s: %w", c.ID, err)
	}
	if c.State != "published" && c.State != "paid" || c.Recovered > 0 || len(paid) != 1 || paid[0].Amount != p.Amount {
		return c, fault.New(fault.Conflict, "part-not-paid", "兑付 {0} 的这一笔没有记为已付，不能退回。", c.Number)
	}
	t := transfer{key: key, kind: kindBounce, programme: c.Programme, cause: c.ID, digest: digest, day: s.today(), at: db.At(s.clock.Now()), postings: []posting{
		{ofPayee("paid", paid[0].Party, p.Funder), -p.Amount}, {ofPayee("payable", paid[0].Party, p.Funder), p.Amount},
	}}
	if err := book(ctx, tx, t); err != nil {
		return c, err
	}
	from := c.State
	if from == "paid" {
		if err := moveHoldsOf(ctx, tx, c, "paid", "claimed"); err != nil {
			return c, err
		}
		c.State, c.PaidOn = "published", ""
		if err := updateClaim(ctx, tx, c); err != nil {
			return c, err
		}
	}
	return c, s.stepped(ctx, tx, by, c, "bounce", from, p.Amount.String()+" "+p.Evidence)
}

// key is the transfer's key and the digest of what is asked.
func (p Payment) key(kind string) (key, digest string, err error) {
	digest, err = digestOf(kind, p.Claim, p.Funder, p.Amount)
	return kind + "/" + p.Claim + "/" + p.Funder + "/" + p.Key, digest, err
}

// stepped writes down a move of a claim that payments bring about.
func (s *Service) stepped(ctx context.Context, tx *db.Tx, by identity.Subject, c Claim, verb, from, note string) error {
	at := db.At(s.clock.Now())
	st := Step{At: at, Person: by.Person, Org: by.Org, Verb: verb, From: from, To: c.State, Note: strings.TrimSpace(note)}
	if err := insertStep(ctx, tx, c.ID, st, ask{}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, at.Time, audit.Entry{Action: "redemption." + verb, Kind: "redemption", ID: c.ID, From: from, To: c.State, Data: c})
}

// owing is what lies in one of a payee's accounts for one claim.
type owing struct {
	Party  string    `db:"party"`
	Funder string    `db:"funder"`
	Amount money.Fen `db:"amount"`
}

// onClaim sums what a claim's transfers have left in the payees' accounts; a condition on a.part and the grouping follow.
const onClaim = `SELECT a.party, a.funder, CAST(sum(p.amount) AS BIGINT) AS amount FROM voucher_transfer t JOIN voucher_posting p ON p.transfer = t.id
	JOIN voucher_account a ON a.path = p.account WHERE t.cause = $1 AND a.party <> ''`

// outstanding is what each funder still owes for a claim.
func outstanding(ctx context.Context, q db.Q, claim string) ([]owing, error) {
	out, err := db.All[owing](ctx, q, onClaim+` AND a.part = 'payable' GROUP BY a.party, a.funder HAVING sum(p.amount) > 0 ORDER BY a.funder`, claim)
	if err != nil {
		return nil, fmt.Errorf("read what is owed for redemption %s: %w", claim, err)
	}
	return out, nil
}

// wholeAgain refuses to take a claim back of which a part is paid already, or is on its way to the bank.
func (s *Service) wholeAgain(ctx context.Context, q db.Q, c Claim) error {
	owed, err := outstanding(ctx, q, c.ID)
	if err != nil {
		return err
	}
	var rest money.Fen
	for _, o := range owed {
		rest += o.Amount
	}
	if rest != c.Amount {
		return fault.New(fault.Conflict, "part-paid", "兑付 {0} 已经付出一部分，不能不予通过；付清后如需收回，请办理追回。", c.Number)
	}
	return s.notInBatch(ctx, q, c)
}

// notInBatch refuses what would meet a payment that is on its way.
func (s *Service) notInBatch(ctx context.Context, q db.Q, c Claim) error {
	if s.payments == nil {
		return nil
	}
	batch, err := s.payments.InBatch(ctx, q, c.ID)
	if err != nil {
		return fmt.Errorf("look for the payment batch of redemption %s: %w", c.ID, err)
	}
	if batch != "" {
		return fault.New(fault.Conflict, "claim-in-batch", "兑付 {0} 已列入付款批次 {1}，请在批次里办理；还没有送出的可以先从批次移出。", c.Number, batch)
	}
	return nil
}

// PartPayments sums what was booked as paid, less what bounced, by the key of each attempt (see Payment.Key).
func (s *Service) PartPayments(ctx context.Context, q db.Q) (map[string]money.Fen, error) {
	type row struct {
		Key    string    `db:"key"`
		Amount money.Fen `db:"amount"`
	}
	rows, err := db.All[row](ctx, q, `SELECT t.key, p.amount FROM voucher_transfer t JOIN voucher_posting p ON p.transfer = t.id
		WHERE t.kind IN ('pay', 'bounce') AND substr(p.account, 1, 5) = 'paid/' AND (t.key LIKE 'pay/%/%/%' OR t.key LIKE 'bounce/%/%/%')`)
	if err != nil {
		return nil, fmt.Errorf("read the payments of parts: %w", err)
	}
	out := map[string]money.Fen{}
	for _, r := range rows {
		out[r.Key[strings.LastIndexByte(r.Key, '/')+1:]] += r.Amount
	}
	return out, nil
}
