// Package order is the life of an order: from a free slot or a described job to a settled account.
//
// An order has one of two kinds. A booking reserves an instrument for a stretch of time; the price
// is known at once and the voucher's part is held when it is placed. A commission describes a job;
// the provider quotes, and the buyer's acceptance of the quote places the hold. Both share one
// timeline, one set of documents and one end: report, confirmation, rating, settlement. Which verb
// leads from which state, and for whom, is the data in states.go; pages, API and tests read it.
//
// Invariants (checked by Verify): an order's state, its stretch in the calendar (package booking), its voucher hold and its
// machine-hour log agree.
//
// Tables: order_order, order_line, order_quote, order_run, order_document, order_step, order_rating.
//
// Events: Placed, Quoted, Accepted, Refused, SampleReceived, Started, Stopped, Reported, Confirmed,
// Disputed, Reopened, Signed, Invoiced, Settled, Cancelled, Rated.
package order

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
