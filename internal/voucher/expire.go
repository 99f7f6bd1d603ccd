package voucher

import (
	"context"
	"fmt"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
)

// Days before the end of a grant on which its firm is reminded.
const (
	noticeSix   = 42 // six weeks
	noticeThree = 21 // three weeks
	noticeLast  = -1 // on the last day itself; 0 is none yet
)

// ExpireGrants is the daily job: it ends every grant whose last day lies before day (YYYY-MM-DD), so that what is
// left lapses to the programme, and reminds the firms whose grants end in six or three weeks, or today. Each grant is its own
// transaction and is done once, however often the job runs. What an order holds stays held.
func (s *Service) ExpireGrants(ctx context.Context, day string) error {
	if audit.ActorOf(ctx) == (audit.Actor{}) {
		ctx = audit.WithActor(ctx, audit.System("job:expire-grants"))
	}
	soon, err := clock.AddDays(day, noticeSix)
	if err != nil {
		return fmt.Errorf("expire grants: %w", err)
	}
	w := &db.Where{}
	w.And("state = 'active'")
	w.And("expires_on <= ?", soon)
	grants, err := listGrants(ctx, s.db, w)
	if err != nil {
		return err
	}
	for _, g := range grants {
		var do func(ctx context.Context, tx *db.Tx, g Grant) error
		switch left := daysUntil(day, g.ExpiresOn); {
		case left < 0:
			do = s.expire
		case dueNotice(g, left) != 0:
			g.Noticed = dueNotice(g, left)
			do = s.remind
		default:
			continue
		}
		err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := lockWallet(ctx, tx, g.Programme, g.Firm); err != nil {
				return err
			}
			return do(ctx, tx, g)
		})
		if err != nil {
			return fmt.Errorf("expire grant %s: %w", g.ID, err)
		}
	}
	return nil
}

// dueNotice is which reminder is due with so many days left: 42, 21, noticeLast, or 0 for none. A grant shorter than a notice
// does not get that one.
func dueNotice(g Grant, left int) int {
	life := daysUntil(g.IssuedOn, g.ExpiresOn)
	switch {
	case left == 0:
		if g.Noticed != noticeLast && life > 0 {
			return noticeLast
		}
		return 0
	case left <= noticeThree && life > noticeThree && g.Noticed != noticeThree:
		return noticeThree
	case left <= noticeSix && left > noticeThree && life > noticeSix && g.Noticed == 0:
		return noticeSix
	}
	return 0
}

func (s *Service) expire(ctx context.Context, tx *db.Tx, g Grant) error {
	n, err := tx.Exec(ctx, `UPDATE voucher_grant SET state = 'expired' WHERE id = $1 AND state = 'active'`, g.ID)
	if err != nil || n == 0 {
		return err
	}
	left, err := leftOf(ctx, tx, g.ID)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	if err := outbox.Publish(ctx, tx, now, GrantExpired{g.ID, g.Programme, g.Region, g.Firm, left}); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, now, audit.Entry{Action: "voucher.expire", Kind: "grant", ID: g.ID, From: "active", To: "expired", Data: left}); err != nil {
		return err
	}
	if left == 0 {
		return nil
	}
	return book(ctx, tx, transfer{
		key: "expire/" + g.ID, kind: kindExpire, programme: g.Programme, cause: g.ID, firm: g.Firm, day: s.today(), at: db.At(now),
		postings: []posting{{ofGrant("available", g.Programme, g.ID), -left}, {lapsed(g.Programme), left}},
	})
}

func (s *Service) remind(ctx context.Context, tx *db.Tx, g Grant) error {
	n, err := tx.Exec(ctx, `UPDATE voucher_grant SET noticed = $1 WHERE id = $2 AND noticed <> $1`, g.Noticed, g.ID)
	if err != nil || n == 0 {
		return err
	}
	left, err := leftOf(ctx, tx, g.ID)
	if err != nil || left == 0 {
		return err
	}
	return outbox.Publish(ctx, tx, s.clock.Now(), GrantExpiring{g.ID, g.Programme, g.Region, g.Firm, left, g.ExpiresOn, max(g.Noticed, 0)})
}

func leftOf(ctx context.Context, q db.Q, grant string) (money.Fen, error) {
	left, err := db.All[money.Fen](ctx, q, `SELECT balance FROM voucher_account WHERE grant_id = $1 AND part = 'available'`, grant)
	if err != nil || len(left) == 0 {
		return 0, err
	}
	return left[0], nil
}
