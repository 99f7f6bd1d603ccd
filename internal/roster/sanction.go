package roster

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/id"
)

// Sanctioned is an organisation that a decision puts on a list: known for sure, for a term, with the decision's number.
type Sanctioned struct {
	List     string // its code
	Org      string
	Number   string
	From, To string
	Evidence string
}

// certain is the confidence of what a decision says.
const certain = 100

// Enter puts an organisation on a list in the caller's transaction, and gives the entry's id. The same decision again changes
// nothing; whoever calls has decided by rights of its own.
func (s *Service) Enter(ctx context.Context, tx *db.Tx, x Sanctioned) (string, error) {
	l, err := getList(ctx, tx, x.List)
	if err != nil {
		return "", err
	}
	o, err := s.orgs.Organisation(ctx, tx, x.Org)
	if err != nil {
		return "", fmt.Errorf("whom to enter in %s: %w", x.List, err)
	}
	e := Entry{
		ID: decidedID(l.ID, x.Number), List: l.ID, Name: o.NameZH, Folded: folded(o.NameZH), USCC: o.USCC, Number: x.Number, From: x.From, To: x.To,
		Evidence: x.Evidence, Org: o.ID, State: StateMatched, Reason: ReasonPerson, Confidence: certain,
	}
	return e.ID, s.save(ctx, tx, l, e, "")
}

// decidedID is the id of the entry that a decision makes.
func decidedID(list, number string) string { return id.From("roster.sanction", list, number) }

// decided tells whether an entry comes from a decision, and not from a file.
func (e Entry) decided() bool { return e.ID == decidedID(e.List, e.Number) }

// Lift takes an entry off its list before its last day, in the caller's transaction.
func (s *Service) Lift(ctx context.Context, tx *db.Tx, entry, note string) error {
	e, err := getEntry(ctx, tx, entry)
	if err != nil || e.State == StateRemoved {
		return err
	}
	l, err := getList(ctx, tx, e.List)
	if err != nil {
		return err
	}
	return s.remove(ctx, tx, l, e, note)
}
