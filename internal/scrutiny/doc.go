// Package scrutiny (核查) looks at voucher orders and redemptions for what is odd, and follows what comes of it.
//
// A [Flag] is one oddity of one order, with its evidence: rows, numbers, links. The checks are pure (checks.go), their
// thresholds dated data with a source (rules.json). A flag refuses nothing: a person reads it beside the redemption, hears the
// parties, and dismisses or upholds it. A [Draw] takes redemptions by lot so that anybody can draw again (docs/draw.md): the list
// is closed first, then another officer enters a number that was announced. What is found becomes a [Recovery], ordered by two
// persons and followed until the money is there, or a [Sanction]: heard first, decided by two, told, appealed to somebody else,
// ended on its day. A sanction in force is an entry of the list that programmes shut out.
//
// False positives are expected, and each page says which: a university's spin-off may sit at its address (related, shared), a
// series of tests is several orders of one price (splitting), a rush job or a large batch costs otherwise (price), neighbours buy
// from each other honestly (circle), a card of public money may pay what the voucher does not where the programme allows it
// (double), work may begin on a handshake (times). What was dismissed comes again only when its evidence has changed.
//
// Tables: scrutiny_flag, scrutiny_step, scrutiny_draw, scrutiny_case, scrutiny_recovery, scrutiny_sanction. Events: events.go.
// Invariants: verify.go.
package scrutiny

import _ "embed" // the English texts and the rules

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte

//go:embed rules.json
var rulesJSON []byte
