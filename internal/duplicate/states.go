package duplicate

import "qiao/internal/platform/state"

// The states of a pair.
const (
	Open      = "open"      // nobody has decided
	Later     = "later"     // put off until a day
	Waiting   = "proposed"  // one owner proposes to merge, the other has to agree
	Joined    = "merged"    // one record now
	Different = "different" // two things; not proposed again unless they change
	Gone      = "gone"      // one of them was withdrawn, or they are no longer alike
)

// States lists the states that people see, in the order of the queue's tabs.
func States() []string { return []string{Open, Waiting, Later, Joined, Different} }

// The sides of a pair.
const (
	Operator = "operator" // runs the platform: may decide alone
	Both     = "both"     // owner of both records
	One      = "one"      // owner of one of two
	Asked    = "asked"    // the owner who has to agree to a proposal
	Program  = "program"  // the search itself
)

// The verbs.
const (
	VerbMerge     = "merge"
	VerbPropose   = "propose"
	VerbAgree     = "agree"
	VerbRefuse    = "refuse"
	VerbTakeBack  = "take-back"
	VerbDifferent = "different"
	VerbLater     = "later"
	VerbReopen    = "reopen"
	VerbUndo      = "undo"
)

// Table is every move of a pair that people make.
func Table() state.Table {
	anyone := []string{Operator, Both, One}
	t := state.Table{
		{From: Open, Verb: VerbLater, To: Later, Who: anyone},
		{From: Later, Verb: VerbReopen, To: Open, Who: anyone},
		{From: Waiting, Verb: VerbAgree, To: Joined, Who: []string{Asked, Operator}},
		{From: Waiting, Verb: VerbRefuse, To: Different, Who: []string{Asked, Operator}},
		{From: Waiting, Verb: VerbTakeBack, To: Open, Who: []string{One}},
		{From: Different, Verb: VerbReopen, To: Open, Who: anyone},
		{From: Joined, Verb: VerbUndo, To: Open, Who: anyone},
	}
	for _, from := range []string{Open, Later} {
		t = append(t,
			state.Step{From: from, Verb: VerbMerge, To: Joined, Who: []string{Operator, Both}},
			state.Step{From: from, Verb: VerbPropose, To: Waiting, Who: []string{One}},
			state.Step{From: from, Verb: VerbDifferent, To: Different, Who: anyone})
	}
	return t
}

// Verbs lists the verbs, each once, in the order of buttons.
func Verbs() []string {
	return []string{VerbMerge, VerbPropose, VerbAgree, VerbRefuse, VerbDifferent, VerbLater, VerbTakeBack, VerbReopen, VerbUndo}
}
