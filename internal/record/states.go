package record

import "qiao/internal/platform/state"

// The states of a record.
const (
	Kept      = "kept"      // counts
	Withdrawn = "withdrawn" // taken back by its owner: it was wrong
	Struck    = "struck"    // a spot check found no proof of it
)

// The verbs of the table.
const (
	VerbMake     = "make"
	VerbCorrect  = "correct"
	VerbWithdraw = "withdraw"
	VerbStrike   = "strike"
	VerbRefresh  = "refresh" // an order went on: its invoice, its rating
)

// The sides of a record.
const (
	Owner     = "owner"
	Authority = "authority"
	System    = "system"
)

// Table is the whole life of a record.
func Table() state.Table {
	return state.Table{
		{From: "", Verb: VerbMake, To: Kept, Who: []string{Owner, System}},
		{From: Kept, Verb: VerbCorrect, To: Kept, Who: []string{Owner}},
		{From: Kept, Verb: VerbRefresh, To: Kept, Who: []string{System}},
		{From: Kept, Verb: VerbWithdraw, To: Withdrawn, Who: []string{Owner, System}},
		{From: Kept, Verb: VerbStrike, To: Struck, Who: []string{Authority}},
	}
}

// The ways a record comes.
const (
	FromOrder = "order"
	FromSheet = "sheet"
	FromForm  = "form"
	FromAPI   = "api"
)

// Sources are the ways a record comes.
func Sources() []string { return []string{FromOrder, FromSheet, FromForm, FromAPI} }
