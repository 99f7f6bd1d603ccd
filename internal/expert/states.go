package expert

import "qiao/internal/platform/state"

// Sides of the tables below.
const (
	SidePerson  = "person"  // whose record it is, or who says so
	SideOfficer = "officer" // of the institution that owns the record, the authority of its region, or the operator
	SideFirm    = "firm"    // who asks for contact
	SideSystem  = "system"  // follows from something else
)

// The states of a claim.
const (
	Filed     = "filed"
	Verified  = "verified"
	Refused   = "refused"
	Withdrawn = "withdrawn"
)

// Claims is the way of "this is me". Nobody verifies their own.
var Claims = state.Table{
	{From: "", Verb: "file", To: Filed, Who: []string{SidePerson}},
	{From: Filed, Verb: "verify", To: Verified, Who: []string{SideOfficer}},
	{From: Filed, Verb: "refuse", To: Refused, Who: []string{SideOfficer}},
	{From: Filed, Verb: "withdraw", To: Withdrawn, Who: []string{SidePerson}},
}

// The states of a request for contact.
const (
	Sent     = "sent"
	Accepted = "accepted"
	Declined = "declined"
	Closed   = "closed" // the person has withdrawn consent or wants no more of it
)

// Requests is the way of a request for contact. Withdrawing the consent closes what is open.
var Requests = state.Table{
	{From: "", Verb: "send", To: Sent, Who: []string{SideFirm}},
	{From: Sent, Verb: "accept", To: Accepted, Who: []string{SidePerson}},
	{From: Sent, Verb: "decline", To: Declined, Who: []string{SidePerson}},
	{From: Sent, Verb: "withdraw", To: Withdrawn, Who: []string{SideFirm}},
	{From: Accepted, Verb: "end", To: Closed, Who: []string{SidePerson}},
	{From: Sent, Verb: "close", To: Closed, Who: []string{SideSystem}},
	{From: Accepted, Verb: "close", To: Closed, Who: []string{SideSystem}},
}
