package record

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// invoiced keeps the invoice numbers of records in the node's register: for each record nothing, or why it is refused. One
// invoice of an owner may cover several of its services; anybody else's use of the number, or an order's, shuts it out. A
// record of an order has the order's invoices, which are there already.
func (s *Service) invoiced(ctx context.Context, tx *db.Tx, records []Record) ([]*fault.Error, error) {
	out := make([]*fault.Error, len(records))
	if s.Invoices == nil {
		return out, nil
	}
	var uses []invoice.Use
	var at []int
	for i, r := range records {
		if r.Source == FromOrder || invoice.Normal(r.Invoice) == "" { // a free text: "见合同" is no number
			continue
		}
		uses = append(uses, invoice.Use{Number: r.Invoice, Kind: invoice.UseRecord, Object: r.ID, Cases: []string{"record/" + r.Owner}, Label: r.Number(), Owner: r.Owner, Other: r.Org, Region: r.Region, Field: FieldInvoice})
		at = append(at, i)
	}
	if len(uses) == 0 {
		return out, nil
	}
	refused, err := s.Invoices.TakeAll(ctx, tx, identity.Subject{Person: records[0].Person, Org: records[0].Owner}, uses)
	if err != nil {
		return nil, err
	}
	for i, no := range refused {
		out[at[i]] = no
	}
	return out, nil
}

// uninvoiced gives back the number of a record that counts no more, or names another.
func (s *Service) uninvoiced(ctx context.Context, tx *db.Tx, r Record) error {
	if s.Invoices == nil || r.Source == FromOrder {
		return nil
	}
	return s.Invoices.Free(ctx, tx, r.ID)
}
