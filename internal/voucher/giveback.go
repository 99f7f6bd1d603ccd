package voucher

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
)

// ReturnRequest gives back what a firm does not need of a voucher.
type ReturnRequest struct {
	Grant  string
	Amount money.Fen // at most what is free; zero: all that is free
	Key    string    // the caller's id of the request
}

// Return gives the free part of a voucher, or some of it, back to the programme's budget. What orders hold stays theirs.
// Returned in full, the voucher ends. The same key again has no second effect.
func (s *Service) Return(ctx context.Context, by identity.Subject, r ReturnRequest) (Grant, error) {
	var g Grant
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if g, err = getGrant(ctx, tx, r.Grant); err != nil {
			return err
		}
		if err := s.policy.Can(by, "voucher.return", firmObject(g.Firm, g.Region)); err != nil {
			return err
		}
		digest, err := digestOf("return", r.Grant, r.Amount)
		if err != nil {
			return err
		}
		key := "return/" + requestID("return", by, r.Key)
		if err := lockWallet(ctx, tx, g.Programme, g.Firm); err != nil {
			return err
		}
		if again, err := done(ctx, tx, key, digest); err != nil || again {
			return err
		}
		if g, err = getGrant(ctx, tx, r.Grant); err != nil { // as it is under the lock
			return err
		}
		return s.giveBack(ctx, tx, &g, r.Amount, transfer{key: key, digest: digest})
	})
	return g, err
}

func (s *Service) giveBack(ctx context.Context, tx *db.Tx, g *Grant, amount money.Fen, t transfer) error {
	if g.State != "active" {
		return fault.New(fault.Conflict, "voucher-ended", "这张创新券已经结束，没有可退回的额度。")
	}
	left, err := leftOf(ctx, tx, g.ID)
	if err != nil {
		return err
	}
	if amount == 0 {
		amount = left
	}
	if amount <= 0 || amount > left {
		return tooLittle("这张创新券现在可退回 {0}。", left).Field("amount", "range", "可退回的额度最多 {0}。", left)
	}
	now := s.clock.Now()
	h := fnv.New32a()
	_, _ = h.Write([]byte(t.key)) // a hash never fails
	t.kind, t.programme, t.cause, t.firm, t.day, t.at = kindReturn, g.Programme, g.ID, g.Firm, s.today(), db.At(now)
	t.postings = []posting{{ofGrant("available", g.Programme, g.ID), -amount}, {unissued(g.Programme, int(h.Sum32()%stripes)), amount}}
	if err := book(ctx, tx, t); err != nil {
		return err
	}
	back, err := db.One[money.Fen](ctx, tx, `SELECT `+returnedOf+` FROM voucher_grant g WHERE g.id = $1`, g.ID)
	if err != nil {
		return fmt.Errorf("what was returned of %s: %w", g.ID, err)
	}
	from := g.State
	if back == g.Amount {
		g.State = "returned"
		if _, err := tx.Exec(ctx, `UPDATE voucher_grant SET state = 'returned' WHERE id = $1`, g.ID); err != nil {
			return fmt.Errorf("end voucher %s: %w", g.ID, err)
		}
	}
	if err := outbox.Publish(ctx, tx, now, Returned{g.ID, g.Programme, g.Region, g.Firm, amount}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, audit.Entry{Action: "voucher.return", Kind: "grant", ID: g.ID, From: from, To: g.State, Data: amount})
}

func getGrant(ctx context.Context, q db.Q, grant string) (Grant, error) {
	g, err := db.One[Grant](ctx, q, `SELECT `+grantColumns+` FROM voucher_grant WHERE id = $1`, grant)
	if errors.Is(err, db.ErrNone) {
		return g, fault.New(fault.NotFound, "voucher-not-found", "没有找到这张创新券。")
	}
	if err != nil {
		return g, fmt.Errorf("read voucher %s: %w", grant, err)
	}
	return g, nil
}
