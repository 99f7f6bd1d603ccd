package settle

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/ui"
)

// shownTasks bounds the statements that are looked through for what waits.
const shownTasks = 100

// Tasks are what waits for the subject's side: statements to close, to check, to confirm, and breaks to answer or decide.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if s.Policy.May(by, "settle.check") != nil {
		return nil, nil
	}
	list, err := listStatements(ctx, s.DB, s.visible(by, "low_org", "high_org"), "", shownTasks)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, x := range list {
		ids = append(ids, x.ID)
	}
	sides, err := sidesOf(ctx, s.DB, ids...)
	if err != nil {
		return nil, err
	}
	breaks, err := breaksOf(ctx, s.DB, ids...)
	if err != nil {
		return nil, err
	}
	var out []ui.Task
	for _, x := range list {
		region := x.regionFor(by.Org)
		if region == "" {
			continue
		}
		if title := x.waits(ctx, sides[x.ID][region], by.Person, s.today()); title != "" {
			out = append(out, ui.Task{Title: title, Link: root + "/" + x.ID, Icon: "arrows-exchange", Since: x.CreatedAt.Time, Count: 1})
		}
		for _, b := range breaks {
			asks := b.State == BreakOpen && b.Owner == region || b.State == BreakAnswered && b.Owner != region
			if b.Statement != x.ID || !asks {
				continue
			}
			task := ui.Task{Title: t(ctx, "处理对账差异 {0}", b.Number), Note: kindName(ctx, b.Kind), Link: root + "/" + x.ID + "#breaks", Icon: "arrows-exchange", Since: b.CreatedAt.Time, Count: 1}
			if at, err := clock.Midnight(b.DueOn); err == nil {
				task.Due = at.AddDate(0, 0, 1)
			}
			out = append(out, task)
		}
	}
	return out, nil
}

// waits says what a person has to do for a side; empty: nothing.
func (x Statement) waits(ctx context.Context, side Side, person, today string) string {
	switch {
	case x.State == Open && today > x.To:
		return t(ctx, "结账对账单 {0}", x.Number)
	case side.State == Waiting:
		return t(ctx, "核对对账单 {0}", x.Number)
	case side.State == Checked && side.Checker != person:
		return t(ctx, "确认对账单 {0}", x.Number)
	}
	return ""
}
