package app

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/voucher"
)

// bills gives redemptions the node's register of invoice numbers.
type bills struct{ app *App }

// Claim implements voucher.Invoices.
func (b bills) Claim(ctx context.Context, tx *db.Tx, by identity.Subject, u voucher.InvoiceUse) error {
	cases := make([]string, len(u.Orders))
	for i, o := range u.Orders {
		cases[i] = invoice.OrderCase(o)
	}
	uses := make([]invoice.Use, len(u.Invoices))
	for i, n := range u.Invoices {
		uses[i] = invoice.Use{Number: n, Kind: invoice.UseClaim, Object: u.Claim, Cases: cases, Label: u.Number, Owner: u.Payee, Region: u.Region, Field: "invoices"}
	}
	refused, err := b.app.invoice.TakeAll(ctx, tx, by, uses)
	if err != nil {
		return err
	}
	for i, no := range refused {
		if no != nil && len(no.Fields) > 0 { // of several numbers, which one
			f := no.Fields[0]
			return fault.New(no.Kind, no.Code, "发票号码 {0} 不能使用。", u.Invoices[i]).Field("invoices", f.Code, f.Text, f.Args...)
		}
	}
	return nil
}

// Free implements voucher.Invoices.
func (b bills) Free(ctx context.Context, tx *db.Tx, claim string) error {
	return b.app.invoice.Free(ctx, tx, claim)
}

// Numbers implements voucher.Invoices.
func (b bills) Numbers(ctx context.Context, q db.Q, claim string) ([]string, error) {
	return b.app.invoice.NumbersOf(ctx, q, claim)
}
