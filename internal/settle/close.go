package settle

import (
	"context"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// ruleOn is the rule that holds on a day.
func (s *Service) ruleOn(day string) Rules { return dated.On(s.rules, day) }

// Close freezes a statement: its items, their count, total and SHA-256. Before the window has ended this cuts it short on the
// present day; what follows stands on the next. Statements of two regions are closed in the order of their windows.
func (s *Service) Close(ctx context.Context, by identity.Subject, statement string) (Statement, error) {
	var x Statement
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if x, err = s.mine(ctx, tx, by, "settle.close", statement); err != nil {
			return err
		}
		if _, err := Statements.Next(x.State, "close"); err != nil {
			return err
		}
		list, err := ofCouple(ctx, tx, couple{x.Low, x.High})
		if err != nil {
			return err
		}
		for _, y := range list {
			if y.State == Open && y.From < x.From {
				return fault.New(fault.Conflict, "earlier-open", "请先结账更早的对账单 {0}（{1} 至 {2}）。", y.Number, y.From, y.To)
			}
		}
		return s.close(ctx, tx, by, &x)
	})
	return x, err
}

func (s *Service) close(ctx context.Context, tx *db.Tx, by identity.Subject, x *Statement) error {
	items, err := s.Items(ctx, tx, *x)
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return fault.New(fault.Conflict, "statement-empty", "这份对账单还没有内容，不必结账。")
	}
	if today := s.today(); today < x.To {
		x.To = max(today, x.From)
	}
	for n := range items {
		items[n].Statement, items[n].Position = x.ID, n+1
		if err := insertItem(ctx, tx, items[n]); err != nil {
			return err
		}
	}
	seal, now := SealOf(x.Low, x.High, x.Window(), items), s.Clock.Now()
	x.State, x.Count, x.Total, x.Digest, x.Closer, x.ClosedAt = Closed, seal.Count, seal.Total, seal.Digest, by.Person, db.NullAt(now)
	if err := updateStatement(ctx, tx, *x); err != nil {
		return err
	}
	for _, region := range []string{x.Low, x.High} {
		if err := insertSide(ctx, tx, Side{Statement: x.ID, Region: region, State: Waiting, At: db.At(now)}); err != nil {
			return err
		}
	}
	return s.moved(ctx, tx, by, *x, "close", Open, "")
}

// mine locks a statement on which the subject may do an action for its own side.
func (s *Service) mine(ctx context.Context, tx *db.Tx, by identity.Subject, action, statement string) (Statement, error) {
	x, err := lockStatement(ctx, tx, statement)
	if err != nil {
		return x, err
	}
	return x, s.Policy.Act(by, action, x.object())
}

// moved writes step, event and audit of what was done to a statement.
func (s *Service) moved(ctx context.Context, tx *db.Tx, by identity.Subject, x Statement, verb, from, note string) error {
	now := s.Clock.Now()
	st := Step{ID: id.New(), Statement: x.ID, At: db.At(now), Person: by.Person, Org: by.Org, Region: x.regionFor(by.Org), Verb: verb, Note: strings.TrimSpace(note)}
	if err := insertStep(ctx, tx, st); err != nil {
		return err
	}
	if err := outbox.Publish(ctx, tx, now, StatementMoved{x.ID, x.Number, verb, by.Org, x.LowOrg, x.HighOrg, x.Total}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, audit.Entry{Action: "settle." + verb, Kind: "region-statement", ID: x.ID, From: from, To: x.State, Data: x})
}

// dueOn is the last day on which a break is to be answered.
func (s *Service) dueOn() (string, error) {
	today := s.today()
	return clock.AddDays(today, s.ruleOn(today).BreakDays)
}
