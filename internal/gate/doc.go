// Package gate is what must be in hand before something is booked: training on the instrument, certificates, declarations
// of hazard and biosafety, ethics and human genetic resources papers.
//
// A provider asks for it with dated rules for one resource, a class or all it has; what a purpose asks for by law is dated
// data in asks.json. Check is pure: rules and facts in, for each rule satisfied or what is missing out. Booking pages,
// placing and starting all ask it. Papers are seen by the person, the heads of the person's organisation and the staff of
// the provider that checks them.
//
// Invariants (checked by Verify): a granted paper has been checked by somebody of whom it is not, and has a first day.
//
// Tables: gate_rule, gate_paper, gate_answer.
//
// Events: PaperMoved, PaperEnding.
package gate

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
