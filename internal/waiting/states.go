package waiting

import "qiao/internal/platform/state"

// The states of a place in a queue.
const (
	Waiting   = "waiting"
	Offered   = "offered"   // time is held for it
	Taken     = "taken"     // it became an order
	Declined  = "declined"  // the buyer wants none any more
	Lapsed    = "lapsed"    // nobody answered in time
	Withdrawn = "withdrawn" // the buyer gave its place up
	Expired   = "expired"   // its last day has passed
)

// The states of an offer, beside Taken, Declined and Lapsed.
const (
	Open     = "open"
	Recalled = "recalled" // the time is not to be had any more, or the provider took its proposal back
)

// The verbs.
const (
	VerbJoin     = "join"
	VerbOffer    = "offer"
	VerbTake     = "take"
	VerbDecline  = "decline"
	VerbPass     = "pass" // not this time, but the place is kept
	VerbWithdraw = "withdraw"
	VerbLapse    = "lapse"
	VerbRecall   = "recall"
	VerbExpire   = "expire"
)

// WaitTable is the life of a place.
func WaitTable() state.Table {
	return state.Table{
		{From: "", Verb: VerbJoin, To: Waiting, Who: []string{Buyer}},
		{From: Waiting, Verb: VerbOffer, To: Offered, Who: []string{System}},
		{From: Waiting, Verb: VerbWithdraw, To: Withdrawn, Who: []string{Buyer}},
		{From: Waiting, Verb: VerbExpire, To: Expired, Who: []string{System}},
		{From: Offered, Verb: VerbTake, To: Taken, Who: []string{Buyer}},
		{From: Offered, Verb: VerbDecline, To: Declined, Who: []string{Buyer}},
		{From: Offered, Verb: VerbPass, To: Waiting, Who: []string{Buyer}},
		{From: Offered, Verb: VerbLapse, To: Lapsed, Who: []string{System}},
		{From: Offered, Verb: VerbRecall, To: Waiting, Who: []string{System}},
	}
}

// OfferTable is the life of an offer.
func OfferTable() state.Table {
	return state.Table{
		{From: "", Verb: VerbOffer, To: Open, Who: []string{System, Provider}},
		{From: Open, Verb: VerbTake, To: Taken, Who: []string{Buyer}},
		{From: Open, Verb: VerbDecline, To: Declined, Who: []string{Buyer}},
		{From: Open, Verb: VerbPass, To: Declined, Who: []string{Buyer}},
		{From: Open, Verb: VerbLapse, To: Lapsed, Who: []string{System}},
		{From: Open, Verb: VerbRecall, To: Recalled, Who: []string{System, Provider}},
	}
}

// Live tells whether a place still stands in the queue.
func Live(st string) bool { return st == Waiting || st == Offered }
