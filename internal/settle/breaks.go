package settle

import (
	"context"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// about names the item that a break is about.
func (b *Break) about(i Item) {
	b.Transfer, b.Payee, b.Funder, b.Number, b.What, b.Day, b.Stated = i.Transfer, i.Payee, i.Funder, i.Number, i.What, i.Day, i.Amount
}

// listed is what the side's list says.
func (b *Break) listed(l Line) {
	b.Listed = l.Amount
	if b.Transfer == "" {
		b.Number, b.What, b.Day = l.Number, l.What, l.Day
	}
}

// ownerOf is the region that has to answer a break: the one in whose books the item was made, which is who pays; where the
// statement has none, the one that did not raise it, to look in its books.
func (x Statement) ownerOf(b Break, items []Item) string {
	for _, i := range items {
		if b.Transfer != "" && i.Key() == b.Key() {
			return i.PayerRegion
		}
	}
	return x.other(b.Region)
}

// BreakRequest is what comes with a verb on a break.
type BreakRequest struct {
	Note string // answer, reject and withdraw need one
	Fix  string // with answer: key of the later entry that corrects it; may be empty
}

// DoBreak carries out a verb of Breaks: answer, accept, reject, withdraw.
func (s *Service) DoBreak(ctx context.Context, by identity.Subject, breakID, verb string, r BreakRequest) (Break, error) {
	var b Break
	r.Note = strings.TrimSpace(r.Note)
	if !slices.Contains(BreakVerbs(), verb) {
		return b, fault.New(fault.NotFound, "no-such-verb", "没有“{0}”这个操作。", verb)
	}
	if r.Note == "" && verb != "accept" {
		return b, reasonNeeded("note")
	}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if b, err = getBreak(ctx, tx, breakID); err != nil {
			return err
		}
		x, err := s.mine(ctx, tx, by, "settle."+verb, b.Statement)
		if err != nil {
			return err
		}
		if b, err = getBreak(ctx, tx, breakID); err != nil { // as it is now that the statement is locked
			return err
		}
		move, err := Breaks.Next(b.State, verb)
		if err != nil {
			return err
		}
		if !b.may(move.Who[0], x.regionFor(by.Org)) {
			return fault.New(fault.Forbidden, "other-side", "这一步由对方办理。")
		}
		return s.doBreak(ctx, tx, by, x, &b, move.To, verb, r)
	})
	return b, err
}

// may tells whether a region is the one that a step asks for.
func (b Break) may(who, region string) bool {
	switch who {
	case SideOwner:
		return region == b.Owner
	case SideOther:
		return region != b.Owner
	}
	return region == b.Region
}

// Verbs are what a region may do to the break now.
func (b Break) Verbs(region string) []string {
	var out []string
	for _, step := range Breaks.Verbs(b.State, SideOwner, SideOther, SideRaiser) {
		if region != "" && b.may(step.Who[0], region) {
			out = append(out, step.Verb)
		}
	}
	return out
}

func (s *Service) doBreak(ctx context.Context, tx *db.Tx, by identity.Subject, x Statement, b *Break, to, verb string, r BreakRequest) error {
	tell := x.orgOf(x.other(x.regionFor(by.Org)))
	switch verb {
	case "answer":
		if err := s.fixes(ctx, tx, x, *b, r.Fix); err != nil {
			return err
		}
		b.Answer, b.Fix, b.Answerer = r.Note, r.Fix, by.Person
	case "reject":
		b.Answerer = ""
	case "accept", "withdraw":
		b.Decider, b.EndedOn = by.Person, s.today()
	}
	from := b.State
	b.State = to
	if err := updateBreak(ctx, tx, *b); err != nil {
		return err
	}
	return s.breakMoved(ctx, tx, by, x, *b, verb, from, tell, r.Note)
}

// fixes refuses an entry that does not come after the statement: what is closed is corrected by later entries only.
func (s *Service) fixes(ctx context.Context, q db.Q, x Statement, b Break, fix string) error {
	if fix == "" {
		return nil
	}
	later, err := s.later(ctx, q, x)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(later, func(i Item) bool { return i.Key() == fix }) || fix == b.Key() {
		return fault.New(fault.Invalid, "fix-unknown", "更正须是这份对账单之后入账的一项。").Field("fix", "fix-unknown", "更正须是这份对账单之后入账的一项。")
	}
	return nil
}

// later are the items of the statements after one, of the same regions.
func (s *Service) later(ctx context.Context, q db.Q, x Statement) ([]Item, error) {
	list, err := ofCouple(ctx, q, couple{x.Low, x.High})
	if err != nil {
		return nil, err
	}
	var out []Item
	for _, y := range list {
		if y.From <= x.From {
			continue
		}
		items, err := s.Items(ctx, q, y)
		if err != nil {
			return nil, err
		}
		out = append(out, items...)
	}
	return out, nil
}

// breakMoved writes step, event and audit of what was done to a break.
func (s *Service) breakMoved(ctx context.Context, tx *db.Tx, by identity.Subject, x Statement, b Break, verb, from, tell string, note ...string) error {
	now := s.Clock.Now()
	st := Step{ID: id.New(), Statement: x.ID, Object: b.ID, At: db.At(now), Person: by.Person, Org: by.Org, Region: x.regionFor(by.Org), Verb: verb, Note: strings.Join(note, " ")}
	if err := insertStep(ctx, tx, st); err != nil {
		return err
	}
	if err := outbox.Publish(ctx, tx, now, BreakMoved{b.ID, x.ID, x.Number, verb, tell, b.DueOn}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, audit.Entry{Action: "settle." + verb, Kind: "settlement-break", ID: b.ID, From: from, To: b.State, Data: b})
}
