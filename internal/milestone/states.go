package milestone

import "qiao/internal/platform/state"

// The states of a milestone. Accepted is the end: what becomes payable with it is invoiced and paid like the order.
const (
	Planned   = "planned"
	Delivered = "delivered"
	Accepted  = "accepted"
)

// The verbs of a milestone are verbs of its order.
const (
	VerbDeliver  = "deliver"
	VerbApprove  = "approve"
	VerbSendBack = "send-back"
)

// The sides.
const (
	Buyer    = "buyer"
	Provider = "provider"
)

// Table is the whole life of a milestone.
func Table() state.Table {
	return state.Table{
		{From: Planned, Verb: VerbDeliver, To: Delivered, Who: []string{Provider}},
		{From: Delivered, Verb: VerbDeliver, To: Delivered, Who: []string{Provider}},
		{From: Delivered, Verb: VerbApprove, To: Accepted, Who: []string{Buyer}},
		{From: Delivered, Verb: VerbSendBack, To: Planned, Who: []string{Buyer}},
	}
}
