// Package milestone is the stages of a research order: what is delivered when, and which part of the price that makes payable.
//
// The provider proposes them with its quote; the buyer's acceptance of the quote agrees on them, and from then on they are not
// changed. Each is delivered, accepted or sent back with a reason; an accepted one may be invoiced and paid before the order is
// confirmed, and the order is confirmed only when the last is accepted. The steps are verbs of the order: this package keeps
// what they are about, in the order's own transaction. Which verb leads where, and for whom, is the data in states.go.
//
// Invariants (checked by Verify): the amounts of a plan add up to the price it was made for; a milestone's state is that of its
// last step; the order's own counts of them (checked by package order) agree.
//
// Tables: milestone_plan, milestone_milestone, milestone_step, milestone_file.
package milestone

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
