// Package sample is the chain of custody of what is tested: from the buyer's declaration to its return or disposal.
//
// A sample belongs to an order and is in exactly one place: on its way, stored somewhere, in somebody's hands, or gone.
// Which verb leads where, and for whom, is the data in states.go. Every step is added to its history and never changed;
// the amount that is left is the sum of the steps' changes. A hand-over counts when both people have confirmed it.
//
// Invariants (checked by Verify): a sample's state, place and holder agree (the database refuses anything else); its
// amount is the sum of its steps and never negative; its state is that of its last step; an agreed last day is its last day.
//
// How long is kept what nothing was agreed for, and when people are told, is dated data (rules.json).
//
// Tables: sample_sample, sample_step, sample_told.
//
// Events: Moved, Due.
package sample

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
