package sample

import "qiao/internal/platform/state"

// The states of a sample.
const (
	Declared  = "declared"  // the buyer says what will come
	Sent      = "sent"      // on its way to the provider
	Stored    = "stored"    // at a place of the provider's
	InUse     = "in_use"    // in somebody's hands
	UsedUp    = "used_up"   // nothing is left
	Refused   = "refused"   // not as declared, or damaged: it goes back
	Returned  = "returned"  // on its way back
	Back      = "back"      // the buyer has it again
	Disposed  = "disposed"  // destroyed as the rules for it ask
	Withdrawn = "withdrawn" // will not come
)

// The verbs of the table.
const (
	VerbDeclare  = "declare"
	VerbSend     = "send"
	VerbWithdraw = "withdraw"
	VerbReceive  = "receive"
	VerbRefuse   = "refuse"
	VerbMove     = "move"
	VerbTake     = "take"
	VerbPutBack  = "put-back"
	VerbConsume  = "consume"
	VerbUseUp    = "use-up"
	VerbSplit    = "split"
	VerbHand     = "hand"
	VerbTakeOver = "take-over"
	VerbReturn   = "return"
	VerbDispose  = "dispose"
	VerbArrive   = "arrive"
	VerbExtend   = "extend" // kept longer
)

// The sides of a sample.
const (
	Buyer    = "buyer"
	Provider = "provider"
)

// Table is the whole life of a sample.
func Table() state.Table {
	buyer, provider := []string{Buyer}, []string{Provider}
	t := state.Table{
		{From: "", Verb: VerbDeclare, To: Declared, Who: buyer},
		{From: Declared, Verb: VerbSend, To: Sent, Who: buyer},
		{From: Declared, Verb: VerbWithdraw, To: Withdrawn, Who: buyer},
		{From: Declared, Verb: VerbReceive, To: Stored, Who: provider},
		{From: Sent, Verb: VerbReceive, To: Stored, Who: provider},
		{From: Declared, Verb: VerbRefuse, To: Refused, Who: provider},
		{From: Sent, Verb: VerbRefuse, To: Refused, Who: provider},
		{From: Refused, Verb: VerbReturn, To: Returned, Who: provider},
		{From: Stored, Verb: VerbTake, To: InUse, Who: provider},
		{From: Stored, Verb: VerbMove, To: Stored, Who: provider},
		{From: InUse, Verb: VerbPutBack, To: Stored, Who: provider},
		{From: InUse, Verb: VerbHand, To: InUse, Who: provider},
		{From: InUse, Verb: VerbTakeOver, To: InUse, Who: provider},
		{From: InUse, Verb: VerbConsume, To: InUse, Who: provider},
		{From: InUse, Verb: VerbUseUp, To: UsedUp, Who: provider},
		{From: InUse, Verb: VerbSplit, To: InUse, Who: provider},
		{From: Stored, Verb: VerbSplit, To: Stored, Who: provider},
		{From: Returned, Verb: VerbArrive, To: Back, Who: buyer},
	}
	for _, from := range []string{Stored, InUse} {
		t = append(t, state.Step{From: from, Verb: VerbReturn, To: Returned, Who: provider}, state.Step{From: from, Verb: VerbDispose, To: Disposed, Who: provider}, state.Step{From: from, Verb: VerbExtend, To: from, Who: provider})
	}
	return t
}

// Here tells whether the provider has the sample in a state.
func Here(st string) bool { return st == Stored || st == InUse || st == Refused }

// Open tells whether somebody still has something to do with it.
func Open(st string) bool {
	return Here(st) || st == Declared || st == Sent || st == Returned
}
