package milestone

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
)

// Organisations names the parties.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
}

// Deps is what the module is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Organisations Organisations
}

// Service is the module: its use cases and pages.
type Service struct{ Deps }

// New builds the module.
func New(d Deps) *Service { return &Service{d} }

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }

// Propose keeps the milestones of a new quote, in the caller's transaction; those of the quote before do not count any more.
// Without drafts the order has none.
func (s *Service) Propose(ctx context.Context, tx *db.Tx, p Plan, drafts []Draft) error {
	amounts, err := Divide(p.Total, drafts)
	if len(drafts) > 0 && err != nil {
		return err
	}
	if len(drafts) == 0 {
		p.State = Ended
	} else {
		p.State = Proposed
	}
	if err := putPlan(ctx, tx, p); err != nil {
		return err
	}
	now := db.At(s.Clock.Now())
	for i, d := range drafts {
		m := Milestone{
			ID: id.New(), Order: p.Order, Version: p.Version, Position: int64(i + 1), Name: strings.TrimSpace(d.Name), Deliverable: strings.TrimSpace(d.Deliverable),
			DueOn: d.DueOn, Share: d.Share, Amount: amounts[i], State: Planned, UpdatedAt: now,
		}
		if err := insert(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

// Of is the milestones that count for an order, the first first; none where it has none.
func (s *Service) Of(ctx context.Context, q db.Q, order string) ([]Milestone, error) {
	return list(ctx, q, order)
}

// Drafts are the milestones of an order as they were proposed, for offering them again.
func (s *Service) Drafts(ctx context.Context, q db.Q, order string) ([]Draft, error) {
	all, err := list(ctx, q, order)
	if err != nil {
		return nil, err
	}
	var out []Draft
	for _, m := range all {
		d := Draft{Name: m.Name, Deliverable: m.Deliverable, DueOn: m.DueOn, Share: m.Share}
		if m.Share == 0 {
			d.Amount = m.Amount
		}
		out = append(out, d)
	}
	return out, nil
}

// Agree fixes what was proposed with the quote that the buyer accepts, and says how it stands.
func (s *Service) Agree(ctx context.Context, tx *db.Tx, order string) (Standing, error) {
	if _, err := tx.Exec(ctx, `UPDATE milestone_plan SET state = 'agreed' WHERE order_id = $1 AND state = 'proposed'`, order); err != nil {
		return Standing{}, fmt.Errorf("agree on the milestones: %w", err)
	}
	all, err := list(ctx, tx, order)
	return Stand(all), err
}

// End closes the plan of an order that is over.
func (s *Service) End(ctx context.Context, tx *db.Tx, order string) error {
	if _, err := tx.Exec(ctx, `UPDATE milestone_plan SET state = 'ended' WHERE order_id = $1`, order); err != nil {
		return fmt.Errorf("end the milestones: %w", err)
	}
	return nil
}

// File is a file that was delivered: a document of the order.
type File struct {
	Milestone string `db:"milestone"`
	Step      string `db:"step"`
	Document  string `db:"document"`
	Name      string `db:"name"`
	Size      int64  `db:"size"`
}

// Request is one step of one milestone.
type Request struct {
	Milestone string // id; empty: the only one that the verb can be done with
	Verb      string
	Side      string
	Note      string
	Files     []File
}

// Do takes a milestone of an order one step further, in the order's transaction; the order's row is locked by the caller. It
// says what the milestone is and how all of them stand.
func (s *Service) Do(ctx context.Context, tx *db.Tx, by identity.Subject, order string, r Request) (Milestone, Standing, error) {
	plan, there, err := s.planOf(ctx, tx, order)
	if err != nil {
		return Milestone{}, Standing{}, err
	}
	if !there || plan.State != Agreed {
		return Milestone{}, Standing{}, fault.New(fault.Conflict, "no-milestones", "这个订单没有约定里程碑。")
	}
	all, err := list(ctx, tx, order)
	if err != nil {
		return Milestone{}, Standing{}, err
	}
	i, err := choose(all, r)
	if err != nil {
		return Milestone{}, Standing{}, err
	}
	m := &all[i]
	step, err := Table().Next(m.State, r.Verb)
	if err != nil {
		return *m, Standing{}, err
	}
	now := db.At(s.Clock.Now())
	m.State, m.Revision, m.UpdatedAt, m.Reason = step.To, m.Revision+1, now, ""
	if r.Verb == VerbSendBack {
		m.Reason = strings.TrimSpace(r.Note)
	}
	stepID := id.New()
	if err := move(ctx, tx, *m, Step{ID: stepID, Milestone: m.ID, Position: m.Revision, At: now, Side: r.Side, Person: by.Person, Verb: r.Verb, From: step.From, To: step.To, Note: strings.TrimSpace(r.Note)}); err != nil {
		return *m, Standing{}, err
	}
	for _, f := range r.Files {
		f.Milestone, f.Step = m.ID, stepID
		if err := insertFile(ctx, tx, f); err != nil {
			return *m, Standing{}, err
		}
	}
	return *m, Stand(all), nil
}

// choose is the place of the milestone that a request is about.
func choose(all []Milestone, r Request) (int, error) {
	found := -1
	for i, m := range all {
		if r.Milestone != "" {
			if m.ID == r.Milestone {
				return i, nil
			}
			continue
		}
		if _, err := Table().Next(m.State, r.Verb); err != nil || r.Verb == VerbDeliver && m.State != Planned {
			continue
		}
		if found >= 0 && r.Verb != VerbDeliver {
			return 0, fault.New(fault.Invalid, "milestone-which", "请选择是哪一个里程碑。").Field("milestone", "required", "有几个里程碑可以办理，请选择其中一个。")
		}
		if found < 0 {
			found = i
		}
	}
	switch {
	case r.Milestone != "":
		return 0, fault.New(fault.Invalid, "milestone-unknown", "没有这个里程碑。").Field("milestone", "unknown", "请从列表中选择。")
	case found < 0:
		return 0, fault.New(fault.Conflict, "milestone-none", "现在没有可以这样办理的里程碑。")
	}
	return found, nil
}

// planOf is the plan of an order; false when it never had one.
func (s *Service) planOf(ctx context.Context, q db.Q, order string) (Plan, bool, error) {
	p, err := db.One[Plan](ctx, q, `SELECT `+planColumns+` FROM milestone_plan WHERE order_id = $1`, order)
	if errors.Is(err, db.ErrNone) {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("read the milestones of %s: %w", order, err)
	}
	return p, true, nil
}

// Standings is how the agreed plans stand, and what they were made for, by order.
func (s *Service) Standings(ctx context.Context, q db.Q) (map[string]Standing, map[string]money.Fen, error) {
	plans, err := db.All[Plan](ctx, q, `SELECT `+planColumns+` FROM milestone_plan WHERE state = 'agreed' ORDER BY order_id`)
	if err != nil {
		return nil, nil, fmt.Errorf("list the plans: %w", err)
	}
	out, totals := map[string]Standing{}, map[string]money.Fen{}
	for _, p := range plans {
		all, err := list(ctx, q, p.Order)
		if err != nil {
			return nil, nil, err
		}
		out[p.Order], totals[p.Order] = Stand(all), p.Total
	}
	return out, totals, nil
}

// Overdue is a milestone that is agreed, not delivered, and past its day.
type Overdue struct {
	ID       string `db:"id"`
	Order    string `db:"order_id"`
	Number   string `db:"number"` // of the order
	Buyer    string `db:"buyer"`
	Provider string `db:"provider"`
	Region   string `db:"region"`
	Name     string `db:"name"`
	DueOn    string `db:"due_on"`
}

// Overdue lists the milestones whose day is before a civil day and that are not delivered, the first due first.
func (s *Service) Overdue(ctx context.Context, q db.Q, day string) ([]Overdue, error) {
	out, err := db.All[Overdue](ctx, q, `SELECT m.id, m.order_id, p.number, p.buyer, p.provider, p.region, m.name, m.due_on
		FROM milestone_milestone m JOIN milestone_plan p ON p.order_id = m.order_id AND p.version = m.version
		WHERE m.state = 'planned' AND m.due_on < $1 AND p.state = 'agreed' ORDER BY m.due_on, m.id LIMIT 1000`, day)
	if err != nil {
		return nil, fmt.Errorf("list the overdue milestones: %w", err)
	}
	return out, nil
}

// object is a plan as the permission table sees it.
func object(p Plan) identity.Object {
	return identity.Object{Parties: map[string]string{Buyer: p.Buyer, Provider: p.Provider}, Region: p.Region}
}
