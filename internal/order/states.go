package order

import (
	"qiao/internal/milestone"
	"qiao/internal/platform/state"
)

// The two kinds of order.
const (
	KindBooking    = "booking"
	KindCommission = "commission"
)

// The states of an order. StateSampled belongs to commissions, the others to both kinds but StateQuoted.
const (
	StateRequested = "requested" // placed, the provider has to answer
	StateQuoted    = "quoted"    // the provider named a price, the buyer has to answer
	StateAccepted  = "accepted"  // both have agreed
	StateSampled   = "sampled"   // the samples have arrived
	StateRunning   = "running"   // the instrument runs: exactly one open machine-hour entry
	StateDone      = "done"      // the run is over, the report is due
	StateReported  = "reported"  // the report is there, the buyer has to confirm
	StateDisputed  = "disputed"  // the buyer does not agree with the report, the provider has to answer
	StateEscalated = "escalated" // the sides do not agree, the authority decides
	StateConfirmed = "confirmed" // the buyer agrees: the voucher's part counts as used
	StateSettled   = "settled"   // paid in full
	StateRefused   = "refused"   // the provider said no
	StateCancelled = "cancelled" // withdrawn before the work began
)

// The sides of an order. System is the platform itself: it settles when a claim has been paid.
const (
	Buyer    = "buyer"
	Provider = "provider"
	System   = "system"
	Officer  = "officer" // of the authority of the resource's region: decides what the sides cannot
)

// The verbs of the contract that exist today.
const (
	VerbPlace         = "place"
	VerbQuote         = "quote"
	VerbRenew         = "renew" // the quote is offered anew as it was
	VerbAccept        = "accept"
	VerbRefuse        = "refuse"
	VerbReceiveSample = "receive-sample"
	VerbStart         = "start"
	VerbStop          = "stop"
	VerbReport        = "report"
	VerbConfirm       = "confirm"
	VerbSettle        = "settle"
	VerbCancel        = "cancel"
	VerbRate          = "rate"
	VerbReply         = "reply"
	VerbDeliver       = milestone.VerbDeliver  // a milestone is delivered
	VerbApprove       = milestone.VerbApprove  // a milestone is accepted
	VerbSendBack      = milestone.VerbSendBack // a milestone is not as agreed
	VerbMove          = "move"                 // the booking is put to another time
	VerbSign          = "sign"                 // the contract
	VerbInvoice       = "invoice"              // an invoice was issued
	VerbPay           = "pay"                  // money was received
	VerbDispute       = "dispute"              // the report is not accepted
	VerbRedo          = "redo"                 // it is done again
	VerbEscalate      = "escalate"             // the authority is asked
	VerbUphold        = "uphold"               // decided: the service was as agreed
	VerbAnnul         = "annul"                // decided: nothing is owed
	VerbMiss          = "miss"                 // nobody came: the time is free again, and a fee may be due
	VerbWaive         = "waive"                // the fee of a late cancellation or of not coming is not asked for
	VerbOffer         = "offer"                // a side of a dispute offers to settle for less
	VerbAgree         = "agree"                // the other side agrees to the offer
	VerbAward         = "award"                // decided: a part is owed
	VerbRefund        = "refund"               // money was given back
)

// BookingTable is the life of a booking.
func BookingTable() state.Table {
	return append(state.Table{
		{From: StateRequested, Verb: VerbAccept, To: StateAccepted, Who: []string{Provider}},
		{From: StateRequested, Verb: VerbRefuse, To: StateRefused, Who: []string{Provider}},
		{From: StateRequested, Verb: VerbCancel, To: StateCancelled, Who: []string{Buyer, System}},
		{From: StateRequested, Verb: VerbMove, To: StateRequested, Who: []string{Buyer}},
		{From: StateAccepted, Verb: VerbMove, To: StateRequested, Who: []string{Buyer}},
		{From: StateAccepted, Verb: VerbSign, To: StateAccepted, Who: []string{Buyer, Provider}},
		{From: StateAccepted, Verb: VerbStart, To: StateRunning, Who: []string{Provider, System}},
		{From: StateAccepted, Verb: VerbCancel, To: StateCancelled, Who: []string{Buyer, Provider, System}},
		{From: StateAccepted, Verb: VerbMiss, To: StateCancelled, Who: []string{System}},
		{From: StateCancelled, Verb: VerbWaive, To: StateCancelled, Who: []string{Provider}},
	}, work()...)
}

// CommissionTable is the life of a commission.
func CommissionTable() state.Table {
	return append(state.Table{
		{From: StateRequested, Verb: VerbQuote, To: StateQuoted, Who: []string{Provider}},
		{From: StateRequested, Verb: VerbRefuse, To: StateRefused, Who: []string{Provider}},
		{From: StateRequested, Verb: VerbCancel, To: StateCancelled, Who: []string{Buyer}},
		{From: StateQuoted, Verb: VerbAccept, To: StateAccepted, Who: []string{Buyer}},
		{From: StateQuoted, Verb: VerbQuote, To: StateQuoted, Who: []string{Provider}},
		{From: StateQuoted, Verb: VerbRenew, To: StateQuoted, Who: []string{Provider}},
		{From: StateQuoted, Verb: VerbRefuse, To: StateRefused, Who: []string{Provider}},
		{From: StateQuoted, Verb: VerbCancel, To: StateCancelled, Who: []string{Buyer}},
		{From: StateAccepted, Verb: VerbReceiveSample, To: StateSampled, Who: []string{Provider}},
		{From: StateAccepted, Verb: VerbSign, To: StateAccepted, Who: []string{Buyer, Provider}},
		{From: StateAccepted, Verb: VerbStart, To: StateRunning, Who: []string{Provider}},
		{From: StateAccepted, Verb: VerbCancel, To: StateCancelled, Who: []string{Buyer, Provider}},
		{From: StateSampled, Verb: VerbSign, To: StateSampled, Who: []string{Buyer, Provider}},
		{From: StateSampled, Verb: VerbStart, To: StateRunning, Who: []string{Provider}},
		{From: StateSampled, Verb: VerbCancel, To: StateCancelled, Who: []string{Buyer, Provider}},
	}, append(work(), stages()...)...)
}

// work is what both kinds share once the instrument runs.
func work() state.Table {
	return state.Table{
		{From: StateRunning, Verb: VerbStop, To: StateDone, Who: []string{Provider, System}},
		{From: StateDone, Verb: VerbStart, To: StateRunning, Who: []string{Provider, System}},
		{From: StateDone, Verb: VerbReport, To: StateReported, Who: []string{Provider}},
		{From: StateReported, Verb: VerbReport, To: StateReported, Who: []string{Provider}},
		{From: StateReported, Verb: VerbConfirm, To: StateConfirmed, Who: []string{Buyer}},
		{From: StateReported, Verb: VerbDispute, To: StateDisputed, Who: []string{Buyer}},
		{From: StateDisputed, Verb: VerbRedo, To: StateDone, Who: []string{Provider}},
		{From: StateDisputed, Verb: VerbReport, To: StateReported, Who: []string{Provider}},
		{From: StateDisputed, Verb: VerbConfirm, To: StateConfirmed, Who: []string{Buyer}},
		{From: StateDisputed, Verb: VerbEscalate, To: StateEscalated, Who: []string{Buyer, Provider}},
		{From: StateDisputed, Verb: VerbOffer, To: StateDisputed, Who: []string{Buyer, Provider}},
		{From: StateDisputed, Verb: VerbAgree, To: StateConfirmed, Who: []string{Buyer, Provider}},
		{From: StateEscalated, Verb: VerbOffer, To: StateEscalated, Who: []string{Buyer, Provider}},
		{From: StateEscalated, Verb: VerbAgree, To: StateConfirmed, Who: []string{Buyer, Provider}},
		{From: StateEscalated, Verb: VerbAward, To: StateConfirmed, Who: []string{Officer}},
		{From: StateEscalated, Verb: VerbConfirm, To: StateConfirmed, Who: []string{Buyer}},
		{From: StateEscalated, Verb: VerbRedo, To: StateDone, Who: []string{Officer}},
		{From: StateEscalated, Verb: VerbUphold, To: StateConfirmed, Who: []string{Officer}},
		{From: StateEscalated, Verb: VerbAnnul, To: StateCancelled, Who: []string{Officer}},
		{From: StateConfirmed, Verb: VerbInvoice, To: StateConfirmed, Who: []string{Provider}},
		{From: StateSettled, Verb: VerbInvoice, To: StateSettled, Who: []string{Provider}},
		{From: StateReported, Verb: VerbPay, To: StateReported, Who: []string{Provider}},
		{From: StateConfirmed, Verb: VerbPay, To: StateConfirmed, Who: []string{Provider}},
		{From: StateConfirmed, Verb: VerbRefund, To: StateConfirmed, Who: []string{Provider}},
		{From: StateSettled, Verb: VerbRefund, To: StateSettled, Who: []string{Provider}},
		{From: StateConfirmed, Verb: VerbSettle, To: StateSettled, Who: []string{Provider, System}},
		{From: StateConfirmed, Verb: VerbRate, To: StateConfirmed, Who: []string{Buyer}},
		{From: StateConfirmed, Verb: VerbReply, To: StateConfirmed, Who: []string{Provider}},
		{From: StateSettled, Verb: VerbRate, To: StateSettled, Who: []string{Buyer}},
		{From: StateSettled, Verb: VerbReply, To: StateSettled, Who: []string{Provider}},
	}
}

// TableOf is the state table of a kind of order; nil for an unknown kind.
func TableOf(kind string) state.Table {
	switch kind {
	case KindBooking:
		return BookingTable()
	case KindCommission:
		return CommissionTable()
	}
	return nil
}

// turn says who has to act next in a state, and within how many working days they are expected to.
type turn struct {
	Who  string
	Days int
}

// turnOf is the next turn; an empty Who means nobody has to act.
func turnOf(kind, st string) turn {
	switch st {
	case StateRequested:
		return turn{Provider, 2}
	case StateQuoted:
		return turn{Buyer, 10}
	case StateAccepted, StateSampled, StateRunning:
		if kind == KindBooking {
			return turn{Provider, 0} // the booked day is the promise
		}
		return turn{Provider, 10}
	case StateDone:
		return turn{Provider, 5}
	case StateReported:
		return turn{Buyer, 5}
	case StateDisputed:
		return turn{Provider, 5}
	case StateEscalated:
		return turn{Officer, 10}
	case StateConfirmed:
		return turn{Provider, 0}
	}
	return turn{}
}

// Turn is the side that has to act next on an order (Buyer, Provider, Officer); empty when nobody has to.
func Turn(o Order) string { return turnOf(o.Kind, o.State).Who }

// Active tells whether an order in this state keeps its slot and its voucher hold.
func Active(st string) bool {
	switch st {
	case StateRefused, StateCancelled, "":
		return false
	}
	return true
}

// Open tells whether somebody still has something to do.
func Open(st string) bool { return Active(st) && st != StateSettled }
