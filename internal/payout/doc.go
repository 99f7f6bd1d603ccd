// Package payout pays what vouchers owe (兑付拨付): approved claims whose public notice has ended are put into batches, one a
// funder and day, each funder paying its own part gross; nothing is netted. It tells what was paid: statements, budgets, results.
//
// A payee names its bank account and a second person confirms it ([Accounts]); a change stops the payments planned to the old
// one. A [Batch] is drafted, submitted, approved by a second person and sent as a payment file ([Batches], layout.go); what the
// bank or the finance bureau sends back is read (receipt.go), matched line by line (match.go) and booked by voucher's use cases,
// the only ones that write the ledger. What comes back goes into a later batch once the account is right.
//
// Statements, budget and results are read from voucher; the forecast of when a budget ends is a pure rule (forecast.go).
//
// Tables: payout_account, payout_batch, payout_item, payout_step, payout_file, payout_layout, payout_upload, payout_line,
// payout_mapping. Events: see events.go. Invariants: see verify.go.
package payout

import _ "embed" // the module's English

// English is the module's translations, Chinese text to English.
//
//go:embed en.json
var English []byte
