package provider

import "qiao/internal/platform/state"

// Sides of the tables below.
const (
	SideOwner     = "owner"     // the organisation itself
	SideAuthority = "authority" // the authority of its region, or the operator
	SideSystem    = "system"    // a job
)

// The states of a membership.
const (
	Draft     = "draft"
	Submitted = "submitted"
	Returned  = "returned" // to be mended
	Refused   = "refused"
	Withdrawn = "withdrawn"
	Qualified = "qualified" // checked, waits for an agreement
	Offered   = "offered"   // the agreement waits for the provider
	Member    = "member"
	Suspended = "suspended"
	Ending    = "ending" // will not be renewed
	Exited    = "exited"
)

// Memberships is the way of a provider into the pool and out of it.
var Memberships = state.Table{
	{From: "", Verb: "start", To: Draft, Who: []string{SideOwner}},
	{From: Draft, Verb: "submit", To: Submitted, Who: []string{SideOwner}},
	{From: Returned, Verb: "submit", To: Submitted, Who: []string{SideOwner}},
	{From: Draft, Verb: "withdraw", To: Withdrawn, Who: []string{SideOwner}},
	{From: Submitted, Verb: "withdraw", To: Withdrawn, Who: []string{SideOwner}},
	{From: Returned, Verb: "withdraw", To: Withdrawn, Who: []string{SideOwner}},
	{From: Submitted, Verb: "return", To: Returned, Who: []string{SideAuthority}},
	{From: Submitted, Verb: "refuse", To: Refused, Who: []string{SideAuthority}},
	{From: Submitted, Verb: "qualify", To: Qualified, Who: []string{SideAuthority}},
	{From: Qualified, Verb: "offer", To: Offered, Who: []string{SideAuthority}},
	{From: Offered, Verb: "sign", To: Member, Who: []string{SideOwner}},
	{From: Offered, Verb: "withdraw", To: Withdrawn, Who: []string{SideOwner}},
	{From: Member, Verb: "suspend", To: Suspended, Who: []string{SideAuthority}},
	{From: Suspended, Verb: "resume", To: Member, Who: []string{SideAuthority}},
	{From: Member, Verb: "end", To: Ending, Who: []string{SideOwner, SideAuthority}},
	{From: Ending, Verb: "keep", To: Member, Who: []string{SideOwner, SideAuthority}},
	{From: Member, Verb: "renew", To: Member, Who: []string{SideSystem}},
	{From: Ending, Verb: "lapse", To: Exited, Who: []string{SideSystem}},
	{From: Suspended, Verb: "lapse", To: Exited, Who: []string{SideSystem}},
	{From: Member, Verb: "expel", To: Exited, Who: []string{SideAuthority}},
	{From: Suspended, Verb: "expel", To: Exited, Who: []string{SideAuthority}},
	{From: Ending, Verb: "expel", To: Exited, Who: []string{SideAuthority}},
}

// The states of a certificate. That it has run out is no state: its last day says so.
const (
	Stated     = "stated"   // its owner says so
	Verified   = "verified" // a person has looked at it
	NotCorrect = "refused"  // a person has looked at it and found it wrong
	Removed    = "removed"
)

// Certificates is the life of a certificate.
var Certificates = state.Table{
	{From: "", Verb: "state", To: Stated, Who: []string{SideOwner}},
	{From: Stated, Verb: "verify", To: Verified, Who: []string{SideAuthority}},
	{From: Stated, Verb: "refuse", To: NotCorrect, Who: []string{SideAuthority}},
	{From: Verified, Verb: "refuse", To: NotCorrect, Who: []string{SideAuthority}},
	{From: NotCorrect, Verb: "verify", To: Verified, Who: []string{SideAuthority}},
	{From: Stated, Verb: "remove", To: Removed, Who: []string{SideOwner}},
	{From: Verified, Verb: "remove", To: Removed, Who: []string{SideOwner}},
	{From: NotCorrect, Verb: "remove", To: Removed, Who: []string{SideOwner}},
}

// The states of an admission.
const (
	Invited  = "invited"
	Agreed   = "agreed" // the owner is willing, the authority decides
	Admitted = "admitted"
	Declined = "declined"
	Left     = "left"
)

// Admissions is the short path of equipment that was not bought with public money.
var Admissions = state.Table{
	{From: "", Verb: "invite", To: Invited, Who: []string{SideAuthority}},
	{From: "", Verb: "propose", To: Agreed, Who: []string{SideOwner}},
	{From: Invited, Verb: "agree", To: Agreed, Who: []string{SideOwner}},
	{From: Invited, Verb: "decline", To: Declined, Who: []string{SideOwner}},
	{From: Agreed, Verb: "admit", To: Admitted, Who: []string{SideAuthority}},
	{From: Agreed, Verb: "refuse", To: Refused, Who: []string{SideAuthority}},
	{From: Admitted, Verb: "leave", To: Left, Who: []string{SideOwner}},
	{From: Admitted, Verb: "expel", To: Left, Who: []string{SideAuthority}},
}
