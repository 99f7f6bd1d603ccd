package invoice

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/platform/verify"
)

// Deps is what the module is built from.
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock
	Policy *identity.Policy
	Blobs  blob.Store
}

// Service is the module: its use cases and pages.
type Service struct{ Deps }

// New builds the module.
func New(d Deps) *Service { return &Service{d} }

// Add keeps an invoice of an order in the caller's transaction. inv says which order, parties, file and id; price is the
// order's. A number that was used before is a fault invoice-used that names the first use, if by may know it.
func (s *Service) Add(ctx context.Context, tx *db.Tx, by identity.Subject, inv Invoice, d Draft, price money.Fen) error {
	done, err := s.Invoiced(ctx, tx, inv.Order)
	if err != nil {
		return err
	}
	if err := d.check(clock.Day(s.Clock.Now()), price-done); err != nil {
		return err
	}
	inv.Number, inv.IssuedOn, inv.Amount, inv.Person, inv.At = Normal(d.Number), d.IssuedOn, d.Amount, by.Person, db.At(s.Clock.Now())
	if err := s.Take(ctx, tx, by, Use{Number: inv.Number, Kind: UseOrder, Object: inv.ID, Cases: []string{OrderCase(inv.Order)}, Label: inv.OrderNumber, Owner: inv.Provider, Other: inv.Buyer, Region: inv.Region, Field: "number"}); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO invoice_invoice (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) ON CONFLICT (number) DO NOTHING`,
		inv.ID, inv.Number, inv.Order, inv.OrderNumber, inv.Buyer, inv.Provider, inv.Region, inv.IssuedOn, inv.Amount, inv.Name, inv.SHA256, inv.Size, inv.Person, inv.At,
		inv.SellerCode, inv.SellerName, inv.BuyerCode, inv.BuyerName, inv.Tax, inv.Checked)
	if err != nil {
		return fmt.Errorf("keep the invoice: %w", err)
	}
	if n == 0 { // the same order names it twice
		first, err := firstUses(ctx, tx, []string{inv.Number})
		if err != nil {
			return err
		}
		return s.refusal(by, first[inv.Number], "number")
	}
	return nil
}

// Invoiced is how much of an order was invoiced.
func (s *Service) Invoiced(ctx context.Context, q db.Q, order string) (money.Fen, error) {
	sum, err := db.One[int64](ctx, q, `SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM invoice_invoice WHERE order_id = $1`, order)
	if err != nil {
		return 0, fmt.Errorf("what is invoiced of %s: %w", order, err)
	}
	return money.Fen(sum), nil
}

const columns = `id, number, order_id, order_number, buyer, provider, region, issued_on, amount, name, sha256, size, person, at, seller_code, seller_name, buyer_code, buyer_name, tax, checked`

// Of is the invoices of an order, the first first.
func (s *Service) Of(ctx context.Context, q db.Q, order string) ([]Invoice, error) {
	out, err := db.All[Invoice](ctx, q, `SELECT `+columns+` FROM invoice_invoice WHERE order_id = $1 ORDER BY at, id`, order)
	if err != nil {
		return nil, fmt.Errorf("list the invoices: %w", err)
	}
	return out, nil
}

// DetailOf is what an organisation's invoices are made out to; the zero value where it has said nothing.
func (s *Service) DetailOf(ctx context.Context, q db.Q, org string) (Detail, error) {
	d, err := db.One[Detail](ctx, q, `SELECT org, title, uscc, address, phone, bank, account, mail, updated_at FROM invoice_detail WHERE org = $1`, org)
	if errors.Is(err, db.ErrNone) {
		return Detail{}, nil
	}
	if err != nil {
		return d, fmt.Errorf("read the invoicing details: %w", err)
	}
	return d, nil
}

// SetDetail says what the subject's organisation's invoices are made out to.
func (s *Service) SetDetail(ctx context.Context, by identity.Subject, d Detail) error {
	d.Org = by.Org
	if err := s.Policy.Can(by, "invoice.detail", identity.Object{Parties: map[string]string{"owner": by.Org}}); err != nil {
		return err
	}
	for _, p := range []*string{&d.Title, &d.USCC, &d.Address, &d.Phone, &d.Bank, &d.Account, &d.Mail} {
		*p = strings.TrimSpace(*p)
	}
	d.USCC = strings.ToUpper(d.USCC)
	if err := d.check(); err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO invoice_detail (org, title, uscc, address, phone, bank, account, mail, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (org) DO UPDATE SET title = excluded.title, uscc = excluded.uscc, address = excluded.address, phone = excluded.phone,
				bank = excluded.bank, account = excluded.account, mail = excluded.mail, updated_at = excluded.updated_at`,
			d.Org, d.Title, d.USCC, d.Address, d.Phone, d.Bank, d.Account, d.Mail, db.At(s.Clock.Now()))
		if err != nil {
			return fmt.Errorf("keep the invoicing details: %w", err)
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "invoice.detail", Kind: "organisation", ID: by.Org, Data: d})
	})
}

// Verify checks that the numbers are kept in their normal form, for only then does the database see a second use, and that no
// order gave back more than it received.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	list, err := db.All[Invoice](ctx, q, `SELECT `+columns+` FROM invoice_invoice ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read the invoices: %w", err)
	}
	var out []verify.Finding
	for _, inv := range list {
		if Normal(inv.Number) != inv.Number {
			out = append(out, verify.Finding{Code: "invoice.number", Object: inv.ID, Text: "the number is not in its normal form"})
		}
	}
	type row struct {
		Order string `db:"order_id"`
		Left  int64  `db:"left_over"`
	}
	sums, err := db.All[row](ctx, q, `SELECT r.order_id AS order_id, CAST((SELECT coalesce(sum(p.amount), 0) FROM invoice_payment p WHERE p.order_id = r.order_id) - sum(r.amount) AS BIGINT) AS left_over
		FROM invoice_refund r GROUP BY r.order_id ORDER BY r.order_id`)
	if err != nil {
		return nil, fmt.Errorf("compare refunds with payments: %w", err)
	}
	for _, x := range sums {
		if x.Left < 0 {
			out = append(out, verify.Finding{Code: "invoice.refund", Object: x.Order, Text: "more was given back than was received"})
		}
	}
	more, err := verifyNumbers(ctx, q)
	return append(out, more...), err
}
