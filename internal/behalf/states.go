package behalf

import "qiao/internal/platform/state"

// The states of a booking made for another.
const (
	Told      = "told"      // the other was told and has not answered
	Confirmed = "confirmed" // it is wanted
	Refused   = "refused"   // it is not; nothing is owed
	Withdrawn = "withdrawn" // who booked it took it back
)

// The verbs.
const (
	VerbBook     = "book"
	VerbConfirm  = "confirm"
	VerbRefuse   = "refuse"
	VerbWithdraw = "withdraw"
)

// The sides: for whom it is, and who booked it.
const (
	Buyer = "buyer"
	Clerk = "owner"
)

// Table is the life of a booking made for another.
func Table() state.Table {
	return state.Table{
		{From: "", Verb: VerbBook, To: Told, Who: []string{Clerk}},
		{From: Told, Verb: VerbConfirm, To: Confirmed, Who: []string{Buyer}},
		{From: Told, Verb: VerbRefuse, To: Refused, Who: []string{Buyer}},
		{From: Told, Verb: VerbWithdraw, To: Withdrawn, Who: []string{Clerk}},
	}
}
