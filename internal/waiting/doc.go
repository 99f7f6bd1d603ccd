// Package waiting is what happens when the time somebody wants is not there: a place in the queue of an instrument, timed
// offers, and what a provider proposes instead of a booking.
//
// Who finds no free time waits for an instrument: a window of days and hours, how long the work takes, and until when. Time
// that becomes free is given, in the same transaction that frees it, to the first in the queue whom it fits: it is held in
// the calendar as an offer until an instant that the provider's dated rule gives. Taken, it becomes an order by order's own
// Place, with every rule and the price checked again; declined or lapsed, it goes to the next. Which verb leads where is the
// data in states.go.
//
// Invariants (checked by Verify): a place that is offered has exactly one open offer, and no other has one; an open offer
// holds exactly its stretch in the calendar, and nothing else holds one for offers; a taken offer has its order.
//
// A provider that cannot keep a time proposes another, held in the same way; what a breakdown takes is cancelled at no cost and
// its buyer shown other times and like instruments; a booking that was not kept frees its time and costs what its price plan
// says, which the buyer may contest once.
//
// Tables: waiting_rule, waiting_wait, waiting_offer, waiting_contest.
//
// Events: Moved.
package waiting

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
