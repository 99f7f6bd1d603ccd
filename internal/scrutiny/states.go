package scrutiny

import "qiao/internal/platform/state"

// Sides of the tables below.
const (
	Authority = "authority"
	Party     = "party" // the firm, the provider, or whom a sanction is against
	System    = "system"
)

// States of a flag.
const (
	Open      = "open"
	Dismissed = "dismissed" // it is explained
	Upheld    = "upheld"
)

// FlagTable is the life of a flag: the system raises it, a person decides.
func FlagTable() state.Table {
	return state.Table{
		{From: "", Verb: "raise", To: Open, Who: []string{System}},
		{From: Open, Verb: "answer", To: Open, Who: []string{Party}},
		{From: Open, Verb: "dismiss", To: Dismissed, Who: []string{Authority}},
		{From: Open, Verb: "uphold", To: Upheld, Who: []string{Authority}},
	}
}

// States of a draw and of a case.
const (
	Closed  = "closed" // the list is kept, the number is not known yet
	DrawnSt = "drawn"
	Clean   = "clean"
	Bad     = "finding"
)

// CaseTable is the life of a redemption that is looked at.
func CaseTable() state.Table {
	return state.Table{
		{From: "", Verb: "draw", To: Open, Who: []string{Authority}},
		{From: Open, Verb: "note", To: Open, Who: []string{Authority}},
		{From: Open, Verb: "answer", To: Open, Who: []string{Party}},
		{From: Open, Verb: "clean", To: Clean, Who: []string{Authority}},
		{From: Open, Verb: "finding", To: Bad, Who: []string{Authority}},
	}
}

// States of a recovery.
const (
	Proposed = "proposed"
	Dropped  = "dropped"
	Ordered  = "ordered"
	Received = "received"
)

// RecoveryTable is the life of money asked back: proposed by one, ordered by another, followed until it is there.
func RecoveryTable() state.Table {
	return state.Table{
		{From: "", Verb: "propose", To: Proposed, Who: []string{Authority}},
		{From: Proposed, Verb: "order", To: Ordered, Who: []string{Authority}},
		{From: Proposed, Verb: "drop", To: Dropped, Who: []string{Authority}},
		{From: Ordered, Verb: "receive", To: Received, Who: []string{Authority}},
	}
}

// States of a sanction.
const (
	Hearing  = "hearing"  // proposed: the party may say what it has to say
	Decided  = "decided"  // one person has decided
	Active   = "active"   // a second has confirmed it: in force
	Appealed = "appealed" // in force, and the party does not agree
	Final    = "final"    // the appeal is decided: it stands
	Lifted   = "lifted"
	Ended    = "ended" // its term is over
)

// SanctionTable is the life of a sanction.
func SanctionTable() state.Table {
	return state.Table{
		{From: "", Verb: "propose", To: Hearing, Who: []string{Authority}},
		{From: Hearing, Verb: "state", To: Hearing, Who: []string{Party}},
		{From: Hearing, Verb: "decide", To: Decided, Who: []string{Authority}},
		{From: Hearing, Verb: "drop", To: Dropped, Who: []string{Authority}},
		{From: Decided, Verb: "confirm", To: Active, Who: []string{Authority}},
		{From: Decided, Verb: "drop", To: Dropped, Who: []string{Authority}},
		{From: Active, Verb: "appeal", To: Appealed, Who: []string{Party}},
		{From: Active, Verb: "lift", To: Lifted, Who: []string{Authority}},
		{From: Active, Verb: "end", To: Ended, Who: []string{System}},
		{From: Appealed, Verb: "stand", To: Final, Who: []string{Authority}},
		{From: Appealed, Verb: "lift", To: Lifted, Who: []string{Authority}},
		{From: Appealed, Verb: "end", To: Ended, Who: []string{System}},
		{From: Final, Verb: "lift", To: Lifted, Who: []string{Authority}},
		{From: Final, Verb: "end", To: Ended, Who: []string{System}},
	}
}

// inForce are the states in which a sanction shuts out.
func inForce() []string { return []string{Active, Appealed, Final} }
