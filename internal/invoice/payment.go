package invoice

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// Payment is money that the provider has received for an order.
type Payment struct {
	ID       string    `db:"id"`
	Order    string    `db:"order_id"`
	Buyer    string    `db:"buyer"`
	Provider string    `db:"provider"`
	Region   string    `db:"region"`
	PaidOn   string    `db:"paid_on"` // civil day
	Amount   money.Fen `db:"amount"`
	Way      string    `db:"way"`
	Note     string    `db:"note"`
	Name     string    `db:"name"` // of the evidence; empty: none
	SHA256   string    `db:"sha256"`
	Size     int64     `db:"size"`
	Person   string    `db:"person"`
	At       db.Time   `db:"at"`
}

// Ways are how money comes: by bank transfer, card or phone, cash, or inside one organisation.
func Ways() []string { return []string{"transfer", "card", "cash", "internal"} }

const paymentColumns = `id, order_id, paid_on, amount, way, note, name, sha256, size, person, at, buyer, provider, region`

// check finds what is wrong with a payment on a civil day, when no more than left may be moved; over says so.
func (p Payment) check(today string, left money.Fen, over string) error {
	bad := fault.New(fault.Invalid, "payment-invalid", "收款信息有误，请按提示修改。")
	if _, err := clock.Midnight(p.PaidOn); err != nil {
		bad.Field("paid_on", "date", "请填写收款日期，例如 2026-11-21。")
	} else if p.PaidOn > today {
		bad.Field("paid_on", "future", "收款日期还没有到，请核对。")
	}
	if !slices.Contains(Ways(), p.Way) {
		bad.Field("way", "not-a-choice", "请从列表中选择。")
	}
	switch {
	case p.Amount <= 0:
		bad.Field("amount", "range", "请填写大于零的收款金额。")
	case p.Amount > left:
		bad.Field("amount", "over", over, left)
	}
	if utf8.RuneCountInString(p.Note) > 500 {
		bad.Field("note", "long", "最多 {0} 个字。", int64(500))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Pay records money received for an order, in the caller's transaction; due is what the buyer owes in all.
func (s *Service) Pay(ctx context.Context, tx *db.Tx, by identity.Subject, p Payment, due money.Fen) error {
	paid, err := s.Paid(ctx, tx, p.Order)
	if err != nil {
		return err
	}
	p.Note, p.Person, p.At = strings.TrimSpace(p.Note), by.Person, db.At(s.Clock.Now())
	if err := p.check(clock.Day(s.Clock.Now()), due-paid, "超过了还未收到的金额 {0}，请核对。"); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO invoice_payment (`+paymentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p.ID, p.Order, p.PaidOn, p.Amount, p.Way, p.Note, p.Name, p.SHA256, p.Size, p.Person, p.At, p.Buyer, p.Provider, p.Region)
	if err != nil {
		return fmt.Errorf("keep the payment: %w", err)
	}
	return nil
}

// Refund records money given back to the buyer, in the caller's transaction; due is what the buyer owes in all. No more is
// given back than was received beyond that.
func (s *Service) Refund(ctx context.Context, tx *db.Tx, by identity.Subject, p Payment, due money.Fen) error {
	paid, err := s.Paid(ctx, tx, p.Order)
	if err != nil {
		return err
	}
	if p.Amount == 0 {
		p.Amount = paid - due
	}
	p.Note, p.Person, p.At = strings.TrimSpace(p.Note), by.Person, db.At(s.Clock.Now())
	if paid <= due {
		return fault.New(fault.Conflict, "refund-none", "没有多收的款项，不用退款。")
	}
	if err := p.check(clock.Day(s.Clock.Now()), paid-due, "多收的只有 {0}，请核对退回的金额。"); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO invoice_refund (`+paymentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p.ID, p.Order, p.PaidOn, p.Amount, p.Way, p.Note, p.Name, p.SHA256, p.Size, p.Person, p.At, p.Buyer, p.Provider, p.Region)
	if err != nil {
		return fmt.Errorf("keep the refund: %w", err)
	}
	return nil
}

// Refunds are what was given back for an order, the first first; Amount is positive.
func (s *Service) Refunds(ctx context.Context, q db.Q, order string) ([]Payment, error) {
	out, err := db.All[Payment](ctx, q, `SELECT `+paymentColumns+` FROM invoice_refund WHERE order_id = $1 ORDER BY paid_on, id`, order)
	if err != nil {
		return nil, fmt.Errorf("list the refunds: %w", err)
	}
	return out, nil
}

// Payments are what was received for an order, the first first.
func (s *Service) Payments(ctx context.Context, q db.Q, order string) ([]Payment, error) {
	out, err := db.All[Payment](ctx, q, `SELECT `+paymentColumns+` FROM invoice_payment WHERE order_id = $1 ORDER BY paid_on, id`, order)
	if err != nil {
		return nil, fmt.Errorf("list the payments: %w", err)
	}
	return out, nil
}

// Paid is how much was received for an order, less what was given back.
func (s *Service) Paid(ctx context.Context, q db.Q, order string) (money.Fen, error) {
	sum, err := db.One[int64](ctx, q, `SELECT CAST((SELECT coalesce(sum(amount), 0) FROM invoice_payment WHERE order_id = $1) - (SELECT coalesce(sum(amount), 0) FROM invoice_refund WHERE order_id = $1) AS BIGINT)`, order)
	if err != nil {
		return 0, fmt.Errorf("what is paid of %s: %w", order, err)
	}
	return money.Fen(sum), nil
}

// SayWay says how money came.
func SayWay(ctx context.Context, way string) string {
	switch way {
	case "card":
		return t(ctx, "刷卡或扫码")
	case "cash":
		return t(ctx, "现金")
	case "internal":
		return t(ctx, "内部转账")
	}
	return t(ctx, "银行转账")
}
