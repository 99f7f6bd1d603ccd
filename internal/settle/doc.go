// Package settle keeps the statements between regions (跨区对账): what vouchers moved from one region's treasury to payees of
// another, item by item, window by window, confirmed by both sides.
//
// A region is where an authority sits: what a funder pays is of its region, what a payee gets of the region of the authority
// nearest to it. A [Statement] is of two regions and one window of the dated rule (rules.json); both directions stand on it,
// gross: nothing is netted between treasuries, the net is information. While it is open its items are read from voucher's ledger;
// closed, they are frozen with count, total and the SHA-256 of their canonical list (canonical.go, docs/region-statement.md).
// Each side then checks it, item by item or by its own list (match.go), and a second person of it confirms; with both it is
// agreed. What differs is a [Break] with an owner and a due day: matched items go on, the break is carried to the statements
// that follow until an entry there corrects it. A closed statement never changes; what is booked late lands in the next window.
//
// The tables from, verb, to, who are in states.go. An officer acts for the one side whose region is the officer's own.
//
// Tables: settle_statement, settle_item, settle_side, settle_break, settle_step. Events: see events.go. Invariants: see verify.go.
package settle

import _ "embed" // the module's English

// English is the module's translations, Chinese text to English.
//
//go:embed en.json
var English []byte
