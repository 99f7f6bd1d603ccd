package payout

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/number"
	"qiao/internal/voucher"
)

// Batch is what one funder pays on one day.
type Batch struct {
	ID        string    `db:"id"`
	Number    string    `db:"number"`
	Funder    string    `db:"funder"`
	Region    string    `db:"region"` // the funder's
	PayOn     string    `db:"pay_on"`
	State     string    `db:"state"` // see Batches
	Total     money.Fen `db:"total"`
	Count     int       `db:"count"`
	Drafter   string    `db:"drafter"`
	Submitter string    `db:"submitter"`
	Approver  string    `db:"approver"`
	Digest    string    `db:"digest"`
	SentOn    string    `db:"sent_on"`
	Sample    bool      `db:"sample"`
	Revision  int64     `db:"revision"`
	CreatedAt db.Time   `db:"created_at"`
}

func (b Batch) object() identity.Object { return funderObject(b.Funder, b.Region) }

// Item is one payment.
type Item struct {
	ID          string    `db:"id"`
	Batch       string    `db:"batch"`
	Seq         int       `db:"seq"`
	Number      string    `db:"number"`
	Claim       string    `db:"claim"`
	ClaimNumber string    `db:"claim_number"`
	Programme   string    `db:"programme"`
	Payee       string    `db:"payee"`
	Funder      string    `db:"funder"`
	Amount      money.Fen `db:"amount"`
	AccountID   string    `db:"account"`
	State       string    `db:"state"` // see Items
	Reason      string    `db:"reason"`
	Evidence    string    `db:"evidence"`
	DecidedOn   string    `db:"decided_on"`
	Live        bool      `db:"live"`
}

// Stands tells whether the payment counts in its batch.
func (i Item) Stands() bool { return i.State != ItemStopped && i.State != ItemDropped }

// lettersBatch begin the number of a batch: 拨付.
const lettersBatch = "BF"

// maxItems bounds a batch, so that people can look through it and a bank takes it.
const maxItems = 500

// Candidate is a part that may be paid, with what stands in its way.
type Candidate struct {
	voucher.Owed
	Account *Account // nil: the payee has none that is confirmed
	Batch   string   // number of the batch it is in already
	Bounced string   // why the last payment to this account came back
}

// Ready tells whether nothing stands in the way.
func (c Candidate) Ready() bool { return c.Account != nil && c.Batch == "" && c.Bounced == "" }

// Payable lists what a funder may pay today, with what stands in the way of each part.
func (s *Service) Payable(ctx context.Context, q db.Q, funder string) ([]Candidate, error) {
	owed, err := s.vouchers.OwedBy(ctx, q, funder, s.today())
	if err != nil || len(owed) == 0 {
		return nil, err
	}
	claims, payees := make([]string, len(owed)), make([]string, len(owed))
	for i, o := range owed {
		claims[i], payees[i] = o.Claim, o.Payee
	}
	accounts, err := confirmedAccounts(ctx, q, payees)
	if err != nil {
		return nil, err
	}
	in, err := batchesOf(ctx, q, funder, claims)
	if err != nil {
		return nil, err
	}
	bounced, err := bouncedAccounts(ctx, q, payees)
	if err != nil {
		return nil, err
	}
	out := make([]Candidate, len(owed))
	for i, o := range owed {
		out[i] = Candidate{Owed: o, Batch: in[o.Claim]}
		if a, ok := accounts[o.Payee]; ok {
			out[i].Account, out[i].Bounced = &a, bounced[a.ID]
		}
	}
	return out, nil
}

// DraftRequest puts payable parts into a new batch.
type DraftRequest struct {
	Funder string   // empty: the organisation acted for
	PayOn  string   // civil day
	Claims []string // ids; empty: all that nothing stands in the way of
	Key    string   // the caller's id of the request
}

// Draft makes a batch. A part that another batch was quicker to take is a conflict.
func (s *Service) Draft(ctx context.Context, by identity.Subject, r DraftRequest) (Batch, error) {
	if r.Funder == "" {
		r.Funder = by.Org
	}
	org, err := s.orgs.Organisation(ctx, s.db, r.Funder)
	if err != nil {
		return Batch{}, err
	}
	b := Batch{ID: requestID("batch", by, r.Key), Funder: org.ID, Region: org.Region, PayOn: r.PayOn, State: Drafted, Drafter: by.Person, Revision: 1, CreatedAt: db.At(s.clock.Now())}
	if err := s.policy.Can(by, "payout.draft", b.object()); err != nil {
		return b, err
	}
	if _, err := clock.Midnight(r.PayOn); err != nil || r.PayOn < s.today() {
		return b, fault.New(fault.Invalid, "pay-day", "付款日期须是今天或以后。").Field("pay_on", "past", "付款日期须是今天或以后。")
	}
	slices.Sort(r.Claims)
	if b.Digest, err = digestOf(r.Funder, r.PayOn, slices.Compact(r.Claims)); err != nil {
		return b, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		had, err := lockBatch(ctx, tx, b.ID)
		switch {
		case err == nil && had.Digest != b.Digest:
			return fault.New(fault.Conflict, "idempotency-conflict", "这个请求编号已用于另一项内容不同的操作，请换一个编号。")
		case err == nil:
			b = had
			return nil
		case !fault.Is(err, "batch-not-found"):
			return err
		}
		return s.draft(ctx, tx, by, &b, r.Claims)
	})
	return b, err
}

func (s *Service) draft(ctx context.Context, tx *db.Tx, by identity.Subject, b *Batch, claims []string) error {
	all, err := s.Payable(ctx, tx, b.Funder)
	if err != nil {
		return err
	}
	var chosen []Candidate
	for _, c := range all {
		if len(claims) == 0 && c.Ready() || slices.Contains(claims, c.Claim) {
			chosen = append(chosen, c)
		}
	}
	if len(chosen) == 0 || len(chosen) > maxItems || len(claims) > 0 && len(chosen) != len(claims) {
		return fault.New(fault.Invalid, "parts-needed", "请选择 1 到 {0} 笔可以付款的兑付；列表可能已经变化，请刷新后重选。", maxItems).Field("claims", "required", "请选择要付款的兑付。")
	}
	for _, c := range chosen {
		if c.Account == nil || c.Batch != "" {
			return fault.New(fault.Conflict, "part-not-ready", "兑付 {0} 还不能付款：收款账户没有确认，或已在批次 {1} 中。", c.Number, c.Batch).Field("claims", "not-ready", "请去掉兑付 {0}。", c.Number)
		}
		b.Total, b.Count, b.Sample = b.Total+c.Amount, b.Count+1, b.Sample || c.Sample
	}
	if b.Number, err = number.Next(ctx, tx, lettersBatch, b.Region, b.CreatedAt.Time); err != nil {
		return err
	}
	if err := insertBatch(ctx, tx, *b); err != nil {
		return err
	}
	for i, c := range chosen {
		it := Item{ID: id.New(), Batch: b.ID, Seq: i + 1, Number: fmt.Sprintf("%s-%03d", b.Number, i+1), Claim: c.Claim, ClaimNumber: c.Number, Programme: c.Programme, Payee: c.Payee,
			Funder: b.Funder, Amount: c.Amount, AccountID: c.Account.ID, State: ItemPlanned, Live: true}
		if err := insertItem(ctx, tx, it); err != nil {
			return err
		}
	}
	return s.moved(ctx, tx, by, *b, "draft", "", "")
}

// Drop takes a payment out of a draft; its part may go into another batch.
func (s *Service) Drop(ctx context.Context, by identity.Subject, batch, item, note string) (Batch, error) {
	var b Batch
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if b, err = lockBatch(ctx, tx, batch); err != nil {
			return err
		}
		if err := s.policy.Can(by, "payout.draft", b.object()); err != nil {
			return err
		}
		items, err := listItems(ctx, tx, b.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(items, func(x Item) bool { return x.ID == item })
		if i < 0 || items[i].State != ItemPlanned || b.State != Drafted {
			return fault.New(fault.Conflict, "item-not-planned", "这一笔不能移出：只有草拟中的批次可以改动，请刷新页面。")
		}
		items[i].State, items[i].Reason, items[i].DecidedOn, items[i].Live = ItemDropped, note, s.today(), false
		if err := updateItem(ctx, tx, items[i]); err != nil {
			return err
		}
		b.count(items)
		if err := updateBatch(ctx, tx, b); err != nil {
			return err
		}
		return s.moved(ctx, tx, by, b, "drop", b.State, items[i].Number+" "+note)
	})
	return b, err
}

// count sums what stands in the batch.
func (b *Batch) count(items []Item) {
	b.Total, b.Count = 0, 0
	for _, it := range items {
		if it.Stands() {
			b.Total, b.Count = b.Total+it.Amount, b.Count+1
		}
	}
}

// stopPlanned stops the payments planned to a payee whose account has changed, in the caller's transaction; what was submitted or
// approved goes back to its drafter.
func (s *Service) stopPlanned(ctx context.Context, tx *db.Tx, by identity.Subject, payee string) (int, error) {
	planned, err := plannedFor(ctx, tx, payee)
	if err != nil {
		return 0, err
	}
	byBatch := map[string]bool{}
	var order []string
	for _, it := range planned {
		if !byBatch[it.Batch] {
			byBatch[it.Batch] = true
			order = append(order, it.Batch)
		}
	}
	for _, batch := range order {
		b, err := lockBatch(ctx, tx, batch)
		if err != nil {
			return 0, err
		}
		items, err := listItems(ctx, tx, b.ID)
		if err != nil {
			return 0, err
		}
		for i, it := range items {
			if it.Payee != payee || it.State != ItemPlanned {
				continue
			}
			items[i].State, items[i].Reason, items[i].DecidedOn, items[i].Live = ItemStopped, reasonAccount, s.today(), false
			if err := updateItem(ctx, tx, items[i]); err != nil {
				return 0, err
			}
		}
		from := b.State
		if from != Drafted {
			b.State, b.Submitter, b.Approver = Drafted, "", ""
		}
		b.count(items)
		if err := updateBatch(ctx, tx, b); err != nil {
			return 0, err
		}
		if err := s.moved(ctx, tx, by, b, "stop", from, ""); err != nil {
			return 0, err
		}
	}
	return len(planned), nil
}

// reasonAccount is why a payment was stopped: its account changed. Other reasons are words of people or banks.
const reasonAccount = "account-changed"

// InBatch implements voucher.Payments: the batch in which a payment of the claim is on its way.
func (s *Service) InBatch(ctx context.Context, q db.Q, claim string) (string, error) {
	return batchOfClaim(ctx, q, claim)
}

// digestOf condenses what was asked.
func digestOf(parts ...any) (string, error) {
	b, err := json.Marshal(parts)
	if err != nil {
		return "", fmt.Errorf("digest a request: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}
