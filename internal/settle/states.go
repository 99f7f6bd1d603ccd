package settle

import "qiao/internal/platform/state"

// Who moves a statement, as the tables below name them. An officer belongs to one side only.
const (
	SideLow    = "low"    // the region with the lower code
	SideHigh   = "high"   // the region with the higher code
	SideOwner  = "owner"  // of a break: the region that has to answer
	SideOther  = "other"  // of a break: the region that does not
	SideRaiser = "raiser" // of a break: the region that raised it
	SideSystem = "system"
)

// States of a statement.
const (
	Open   = "open"
	Closed = "closed"
	Agreed = "agreed"
)

// Statements is the life of a statement: closed by one of the sides, agreed when both have confirmed.
var Statements = state.Table{
	{From: "", Verb: "open", To: Open, Who: []string{SideSystem}},
	{From: Open, Verb: "close", To: Closed, Who: []string{SideLow, SideHigh}},
	{From: Closed, Verb: "agree", To: Agreed, Who: []string{SideSystem}},
}

// States of what one side says of a closed statement.
const (
	Waiting   = "waiting"
	Checked   = "checked"
	Confirmed = "confirmed"
)

// Sides is the way of one side: one person checks, another confirms.
var Sides = state.Table{
	{From: "", Verb: "close", To: Waiting, Who: []string{SideLow, SideHigh}},
	{From: Waiting, Verb: "compare", To: Waiting, Who: []string{SideLow, SideHigh}},
	{From: Waiting, Verb: "dispute", To: Waiting, Who: []string{SideLow, SideHigh}},
	{From: Waiting, Verb: "check", To: Checked, Who: []string{SideLow, SideHigh}},
	{From: Checked, Verb: "send-back", To: Waiting, Who: []string{SideLow, SideHigh}},
	{From: Checked, Verb: "confirm", To: Confirmed, Who: []string{SideLow, SideHigh}},
}

// States of a break.
const (
	BreakOpen      = "open"
	BreakAnswered  = "answered"
	BreakResolved  = "resolved"
	BreakWithdrawn = "withdrawn"
)

// Breaks is the life of a break: its owner answers, with the entry that corrects it or an explanation, and the other side
// accepts that or not; who raised it may take it back.
var Breaks = state.Table{
	{From: "", Verb: "raise", To: BreakOpen, Who: []string{SideRaiser}},
	{From: BreakOpen, Verb: "answer", To: BreakAnswered, Who: []string{SideOwner}},
	{From: BreakAnswered, Verb: "accept", To: BreakResolved, Who: []string{SideOther}},
	{From: BreakAnswered, Verb: "reject", To: BreakOpen, Who: []string{SideOther}},
	{From: BreakOpen, Verb: "withdraw", To: BreakWithdrawn, Who: []string{SideRaiser}},
	{From: BreakAnswered, Verb: "withdraw", To: BreakWithdrawn, Who: []string{SideRaiser}},
}

// BreakVerbs are what people do to a break.
func BreakVerbs() []string { return []string{"answer", "accept", "reject", "withdraw"} }
