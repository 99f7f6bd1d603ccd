package payout

import "qiao/internal/platform/state"

// Sides, as the tables below and the permission table name them.
const (
	SideFunder = "funder" // who pays
	SideOwner  = "owner"  // whose account it is
	SideSystem = "system" // a change of account, a receipt
)

// States of a payee's account.
const (
	AccountProposed  = "proposed"
	AccountConfirmed = "confirmed"
	AccountRefused   = "refused"
	AccountReplaced  = "replaced"
)

// Accounts is the life of a payee's bank account: proposed by its administrator, confirmed by a second person.
var Accounts = state.Table{
	{From: "", Verb: "propose", To: AccountProposed, Who: []string{SideOwner}},
	{From: AccountProposed, Verb: "confirm", To: AccountConfirmed, Who: []string{SideOwner, SideFunder}},
	{From: AccountProposed, Verb: "refuse", To: AccountRefused, Who: []string{SideOwner, SideFunder}},
	{From: AccountConfirmed, Verb: "replace", To: AccountReplaced, Who: []string{SideSystem}},
}

// States of a batch.
const (
	Drafted   = "drafted"
	Submitted = "submitted"
	Approved  = "approved"
	Sent      = "sent"
	Matched   = "matched"         // all is paid
	Partly    = "partly-returned" // all is answered, some came back
	Closed    = "closed"
	Cancelled = "cancelled"
)

// Batches is the life of a batch. Who approves has neither drafted nor submitted it. When an account changes before it is sent,
// its payment is taken out and what is left is approved anew.
var Batches = state.Table{
	{From: "", Verb: "draft", To: Drafted, Who: []string{SideFunder}},
	{From: Drafted, Verb: "submit", To: Submitted, Who: []string{SideFunder}},
	{From: Drafted, Verb: "cancel", To: Cancelled, Who: []string{SideFunder}},
	{From: Submitted, Verb: "approve", To: Approved, Who: []string{SideFunder}},
	{From: Submitted, Verb: "send-back", To: Drafted, Who: []string{SideFunder}},
	{From: Approved, Verb: "send", To: Sent, Who: []string{SideFunder}},
	{From: Approved, Verb: "send-back", To: Drafted, Who: []string{SideFunder}},
	{From: Submitted, Verb: "stop", To: Drafted, Who: []string{SideSystem}},
	{From: Approved, Verb: "stop", To: Drafted, Who: []string{SideSystem}},
	{From: Sent, Verb: "match", To: Matched, Who: []string{SideSystem}},
	{From: Sent, Verb: "return", To: Partly, Who: []string{SideSystem}},
	{From: Matched, Verb: "return", To: Partly, Who: []string{SideSystem}},
	{From: Closed, Verb: "return", To: Partly, Who: []string{SideSystem}},
	{From: Matched, Verb: "close", To: Closed, Who: []string{SideFunder}},
	{From: Partly, Verb: "close", To: Closed, Who: []string{SideFunder}},
}

// Verbs are what people do to a batch, in the order of its life.
func Verbs() []string { return []string{"submit", "approve", "send-back", "send", "close", "cancel"} }

// States of a payment.
const (
	ItemPlanned  = "planned"
	ItemStopped  = "stopped" // the account changed, or the claim may not be paid any more
	ItemDropped  = "dropped" // taken out by a person, or its batch was cancelled
	ItemSent     = "sent"
	ItemPaid     = "paid"
	ItemReturned = "returned"
)

// Items is the life of one payment: one funder's part of one claim.
var Items = state.Table{
	{From: "", Verb: "plan", To: ItemPlanned, Who: []string{SideFunder}},
	{From: ItemPlanned, Verb: "stop", To: ItemStopped, Who: []string{SideSystem}},
	{From: ItemPlanned, Verb: "drop", To: ItemDropped, Who: []string{SideFunder}},
	{From: ItemPlanned, Verb: "send", To: ItemSent, Who: []string{SideFunder}},
	{From: ItemSent, Verb: "pay", To: ItemPaid, Who: []string{SideSystem}},
	{From: ItemSent, Verb: "return", To: ItemReturned, Who: []string{SideSystem}},
	{From: ItemPaid, Verb: "return", To: ItemReturned, Who: []string{SideSystem}},
}
