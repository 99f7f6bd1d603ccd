// Package invoice keeps the invoices of orders, what an organisation's invoices are made out to, and what was paid.
//
// An invoice's number belongs to one case for the whole node (register.go): orders, service records from outside, redemptions
// and applications use one register. A second case is refused and told the first, as far as the asker may know it. The database
// itself refuses it, so that two at the same moment cannot both succeed.
//
// Tables: invoice_invoice, invoice_number, invoice_use, invoice_detail, invoice_payment, invoice_refund.
package invoice

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
