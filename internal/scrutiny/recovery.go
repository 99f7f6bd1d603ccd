package scrutiny

import (
	"context"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
	"qiao/internal/voucher"
)

// Recovery is money asked back after a finding.
type Recovery struct {
	ID         string    `db:"id"`
	Claim      string    `db:"claim"`
	Number     string    `db:"number"`
	Cause      string    `db:"cause"`
	Provider   string    `db:"provider"`
	Region     string    `db:"region"`
	Amount     money.Fen `db:"amount"`
	Reason     string    `db:"reason"`
	State      string    `db:"state"`
	Person     string    `db:"person"`
	Second     string    `db:"second"`
	ReceivedOn string    `db:"received_on"`
	Reference  string    `db:"reference"`
	Sample     bool      `db:"sample"`
	CreatedAt  db.Time   `db:"created_at"`
	UpdatedAt  db.Time   `db:"updated_at"`
}

func (r Recovery) object() identity.Object { return object("", r.Provider, r.Region) }

func (r Recovery) told() Recovering {
	return Recovering{Recovery: r.ID, Number: r.Number, Provider: r.Provider, Region: r.Region, State: r.State}
}

// propose begins to ask back what a redemption was paid; who proposes does not order. Proposed once, it stays the same.
func (s *Service) propose(ctx context.Context, tx *db.Tx, by identity.Subject, c voucher.Claim, cause, reason string) (Recovery, error) {
	if known, there, err := recoveryOf(ctx, tx, c.ID); err != nil || there && known.State != Dropped {
		return known, err
	} else if there {
		return known, fault.New(fault.Conflict, "recovery-dropped", "这笔兑付的追回已经撤销过，不能再提。")
	}
	if c.State != "paid" {
		return Recovery{}, fault.New(fault.Conflict, "not-paid", "这笔兑付还没有支付，不用追回；请改为不予兑付。").Field("outcome", "not-paid", "这笔兑付还没有支付，不用追回；请改为不予兑付。")
	}
	now := db.At(s.Clock.Now())
	r := Recovery{ID: id.New(), Claim: c.ID, Number: c.Number, Cause: cause, Provider: c.Payee, Region: c.Region, Amount: c.Amount - c.Recovered, Reason: reason, State: Proposed, Person: by.Person, Sample: s.Sample, CreatedAt: now, UpdatedAt: now}
	if err := insertRecovery(ctx, tx, r); err != nil {
		return r, err
	}
	if err := s.done(ctx, tx, "scrutiny.check", "recovery", Step{Object: r.ID, Side: Authority, Person: by.Person, Org: by.Org, Verb: "propose", To: Proposed, Note: reason}, r.Amount); err != nil {
		return r, err
	}
	return r, outbox.Publish(ctx, tx, now.Time, r.told())
}

// Receipt is how money came back.
type Receipt struct {
	On        string // civil day
	Reference string
	Note      string
	Key       string
}

// Recover does a verb of a recovery: order (by another person than who proposed; the redemption is recovered by the rules of
// vouchers in the same transaction), drop, receive.
func (s *Service) Recover(ctx context.Context, by identity.Subject, recovery, verb string, x Receipt) (Recovery, error) {
	var r Recovery
	note, err := noteOf(x.Note, verb == "drop")
	if err != nil {
		return r, err
	}
	if x.Reference = strings.TrimSpace(x.Reference); verb == "receive" {
		if err := s.checkReceipt(x); err != nil {
			return r, err
		}
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if r, err = lockRecovery(ctx, tx, recovery); err != nil {
			return err
		}
		action := "scrutiny.recover"
		if verb == "receive" {
			action = "scrutiny.receive"
		}
		can := s.Policy.Can
		if verb == "order" {
			can = s.Policy.Act // money: the password again
		}
		if err := can(by, action, r.object()); err != nil {
			return err
		}
		if err := s.stranger(ctx, tx, by, r.Provider); err != nil {
			return err
		}
		step, err := RecoveryTable().Next(r.State, verb)
		if err != nil {
			return err
		}
		switch verb {
		case "order":
			if r.Person == by.Person {
				return fault.New(fault.Forbidden, "second-person-needed", "追回由您提出，须由另一位工作人员决定。")
			}
			if _, err := s.Vouchers.Act(ctx, tx, by, r.Claim, "recover", voucher.VerbRequest{Note: r.Reason, Key: "recovery/" + r.ID}); err != nil {
				return err
			}
			r.Second = by.Person
		case "receive":
			r.ReceivedOn, r.Reference = x.On, x.Reference
			_, err := s.Vouchers.Act(ctx, tx, by, r.Claim, "receive", voucher.VerbRequest{Note: x.Reference, Key: "recovery/" + r.ID})
			if err != nil && !fault.Is(err, "nothing-open") { // it may be noted with the redemption already
				return err
			}
		}
		r.State, r.UpdatedAt = step.To, db.At(s.Clock.Now())
		if err := updateRecovery(ctx, tx, r); err != nil {
			return err
		}
		if verb == "receive" && note == "" {
			note = x.Reference
		}
		if err := s.done(ctx, tx, action, "recovery", Step{Object: r.ID, Side: Authority, Person: by.Person, Org: by.Org, Verb: verb, From: step.From, To: step.To, Note: note}, r.Amount); err != nil {
			return err
		}
		return outbox.Publish(ctx, tx, s.Clock.Now(), r.told())
	})
	return r, err
}

func (s *Service) checkReceipt(x Receipt) error {
	bad := fault.New(fault.Invalid, "receipt-invalid", "到账信息有误，请按提示修改。")
	if _, err := clock.Midnight(x.On); err != nil {
		bad.Field("received_on", "date", "请填写日期，例如 2026-11-21。")
	} else if x.On > s.today() {
		bad.Field("received_on", "future", "到账日期还没有到，请核对。")
	}
	if n := utf8.RuneCountInString(x.Reference); n == 0 || n > 100 {
		bad.Field("reference", "required", "请填写银行回单或缴款书号。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}
