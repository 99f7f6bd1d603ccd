package voucher

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// Claim is a redemption: a provider collects what firms used their vouchers for, or a firm that paid the whole price is
// repaid the voucher's part.
type Claim struct {
	ID          string    `db:"id"`
	Number      string    `db:"number"`
	Programme   string    `db:"programme"`
	Region      string    `db:"region"`
	Payee       string    `db:"payee"` // who is paid: the provider, or by scheme.Repay the firm
	Way         string    `db:"way"`
	Person      string    `db:"person"` // who submitted it
	Terms       int       `db:"terms"`  // version in force when it was submitted
	Amount      money.Fen `db:"amount"`
	State       string    `db:"state"`       // see Claims
	Verifier    string    `db:"verifier"`    // person; the approver must be another
	NoticeFrom  string    `db:"notice_from"` // day of publication; empty before
	NoticeTo    string    `db:"notice_to"`   // last day of the notice
	PayableOn   string    `db:"payable_on"`  // first day on which it may be paid
	PaidOn      string    `db:"paid_on"`
	Recovered   money.Fen `db:"recovered"` // of what was paid, asked back
	Received    money.Fen `db:"received"`  // of what was asked back, come back
	Reward      bool      `db:"reward"`    // a provider's reward, see RewardLine; it has no orders of its own
	Digest      string    `db:"digest"`
	Revision    int64     `db:"revision"`
	SubmittedOn string    `db:"submitted_on"`
	CreatedAt   db.Time   `db:"created_at"`
}

// ClaimItem is one order in a redemption, as it stood when it was claimed.
type ClaimItem struct {
	Claim       string    `db:"claim"`
	Hold        string    `db:"hold"`
	Order       string    `db:"order_id"`
	Firm        string    `db:"firm"`
	Provider    string    `db:"provider"`
	OrderNumber string    `db:"order_number"`
	Title       string    `db:"title"`
	Price       money.Fen `db:"price"`
	Amount      money.Fen `db:"amount"`
}

const claimColumns = `id, number, programme, region, payee, way, person, terms, amount, state, verifier, notice_from, notice_to, payable_on, paid_on, recovered, received, reward, digest, revision, submitted_on, created_at`

func claimMissing() error {
	return fault.New(fault.NotFound, "redemption-not-found", "没有找到这笔兑付申请。")
}

func getClaim(ctx context.Context, q db.Q, claim string) (Claim, error) {
	c, err := db.One[Claim](ctx, q, `SELECT `+claimColumns+` FROM voucher_claim WHERE id = $1`, claim)
	if errors.Is(err, db.ErrNone) {
		return c, claimMissing()
	}
	if err != nil {
		return c, fmt.Errorf("read redemption %s: %w", claim, err)
	}
	return c, nil
}

// lockClaim reads a claim and keeps others from it until the commit.
func lockClaim(ctx context.Context, tx *db.Tx, claim string) (Claim, error) {
	c, err := db.One[Claim](ctx, tx, `UPDATE voucher_claim SET revision = revision + 1 WHERE id = $1 RETURNING `+claimColumns, claim)
	if errors.Is(err, db.ErrNone) {
		return c, claimMissing()
	}
	if err != nil {
		return c, fmt.Errorf("lock redemption %s: %w", claim, err)
	}
	return c, nil
}

func insertClaim(ctx context.Context, tx *db.Tx, c Claim) error {
	_, err := tx.Exec(ctx, `INSERT INTO voucher_claim (`+claimColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
		c.ID, c.Number, c.Programme, c.Region, c.Payee, c.Way, c.Person, c.Terms, c.Amount, c.State, c.Verifier, c.NoticeFrom, c.NoticeTo, c.PayableOn,
		c.PaidOn, c.Recovered, c.Received, c.Reward, c.Digest, c.Revision, c.SubmittedOn, c.CreatedAt)
	if err != nil {
		return fmt.Errorf("write a redemption: %w", err)
	}
	return nil
}

func updateClaim(ctx context.Context, tx *db.Tx, c Claim) error {
	_, err := tx.Exec(ctx, `UPDATE voucher_claim SET state = $1, verifier = $2, notice_from = $3, notice_to = $4, payable_on = $5, paid_on = $6, recovered = $7, received = $8 WHERE id = $9`,
		c.State, c.Verifier, c.NoticeFrom, c.NoticeTo, c.PayableOn, c.PaidOn, c.Recovered, c.Received, c.ID)
	if err != nil {
		return fmt.Errorf("move redemption %s: %w", c.ID, err)
	}
	return nil
}

// listClaims lists claims newest first; w narrows, after is the id to go on below (empty: from the newest).
func listClaims(ctx context.Context, q db.Q, w *db.Where, after string, limit int) ([]Claim, error) {
	if after != "" {
		w.And("(created_at, id) < (SELECT created_at, id FROM voucher_claim WHERE id = ?)", after)
	}
	sql := `SELECT ` + claimColumns + ` FROM voucher_claim` + w.SQL() + ` ORDER BY created_at DESC, id DESC LIMIT ` + w.Arg(limit)
	out, err := db.All[Claim](ctx, q, sql, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list redemptions: %w", err)
	}
	return out, nil
}

func insertItem(ctx context.Context, tx *db.Tx, it ClaimItem) error {
	if _, err := tx.Exec(ctx, `INSERT INTO voucher_claim_item (claim, hold, order_number, title, price, amount, live) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		it.Claim, it.Hold, it.OrderNumber, it.Title, it.Price, it.Amount, true); err != nil {
		return fmt.Errorf("write an order of a redemption: %w", err)
	}
	return nil
}

// freeItems lets the orders of a refused claim be claimed again.
func freeItems(ctx context.Context, tx *db.Tx, claim string) error {
	if _, err := tx.Exec(ctx, `UPDATE voucher_claim_item SET live = $1 WHERE claim = $2`, false, claim); err != nil {
		return fmt.Errorf("free the orders of redemption %s: %w", claim, err)
	}
	return nil
}

func listItems(ctx context.Context, q db.Q, claim string) ([]ClaimItem, error) {
	out, err := db.All[ClaimItem](ctx, q, `SELECT i.claim, i.hold, h.order_id, h.firm, h.provider, i.order_number, i.title, i.price, i.amount
		FROM voucher_claim_item i JOIN voucher_hold h ON h.id = i.hold WHERE i.claim = $1 ORDER BY i.order_number, i.hold`, claim)
	if err != nil {
		return nil, fmt.Errorf("list the orders of redemption %s: %w", claim, err)
	}
	return out, nil
}

func insertDocument(ctx context.Context, tx *db.Tx, claim string, position int, d Document) error {
	if _, err := tx.Exec(ctx, `INSERT INTO voucher_document (claim, position, code, name, sha256, size) VALUES ($1, $2, $3, $4, $5, $6)`,
		claim, position, d.Code, d.Name, d.SHA256, d.Size); err != nil {
		return fmt.Errorf("write a document: %w", err)
	}
	return nil
}

func listDocuments(ctx context.Context, q db.Q, claim string) ([]Document, error) {
	out, err := db.All[Document](ctx, q, `SELECT code, name, sha256, size FROM voucher_document WHERE claim = $1 ORDER BY position`, claim)
	if err != nil {
		return nil, fmt.Errorf("list the documents of redemption %s: %w", claim, err)
	}
	return out, nil
}

// moveHoldsOf takes every hold of a claim from one state to another. A reward has none.
func moveHoldsOf(ctx context.Context, tx *db.Tx, c Claim, from, to string) error {
	if c.Reward {
		return nil
	}
	n, err := tx.Exec(ctx, `UPDATE voucher_hold SET state = $1 WHERE state = $2 AND id IN (SELECT hold FROM voucher_claim_item WHERE claim = $3)`, to, from, c.ID)
	if err != nil {
		return fmt.Errorf("move the holds of redemption %s: %w", c.ID, err)
	}
	if n == 0 {
		return fmt.Errorf("redemption %s has no hold that is %s", c.ID, from)
	}
	return nil
}

// grantSum is what a claim takes from one grant.
type grantSum struct {
	Grant  string    `db:"grant_id"`
	Amount money.Fen `db:"amount"`
}

func grantsOf(ctx context.Context, q db.Q, claim string) ([]grantSum, error) {
	out, err := db.All[grantSum](ctx, q, `SELECT p.grant_id, CAST(sum(p.used) AS BIGINT) AS amount FROM voucher_claim_item i JOIN voucher_hold_part p ON p.hold = i.hold
		WHERE i.claim = $1 AND p.used > 0 GROUP BY p.grant_id ORDER BY p.grant_id`, claim)
	if err != nil {
		return nil, fmt.Errorf("read the grants behind redemption %s: %w", claim, err)
	}
	return out, nil
}
