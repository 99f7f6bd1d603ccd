package sample

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
)

// Tasks are what waits for the subject: samples to receive, to take over, to send back or dispose of, to confirm.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	var out []ui.Task
	add := func(title, icon, link string, list []Sample, err error) error {
		if err == nil && len(list) > 0 {
			if len(list) == 1 {
				link = "/desk/samples/" + list[0].ID
			}
			task := ui.Task{Title: title, Note: list[0].Number, Link: link, Icon: icon, Count: len(list), Since: list[0].UpdatedAt.Time}
			if at, err := clock.Midnight(list[0].Due); err == nil && Here(list[0].State) {
				task.Due = at.AddDate(0, 0, 1)
			}
			out = append(out, task)
		}
		return err
	}
	find := func(fill func(w *db.Where)) ([]Sample, error) {
		var w db.Where
		fill(&w)
		return listSamples(ctx, s.DB, &w, shown)
	}
	if s.Policy.May(by, "sample.keep") == nil {
		late, err := find(func(w *db.Where) {
			w.And("provider = ?", by.Org)
			w.In("state", []string{Stored, InUse, Refused})
			w.And("due_on <> ''")
			w.And("due_on < ?", s.today())
		})
		if err := add(t(ctx, "保存期已过的样品：退回或处置"), "package-export", "/desk/samples?show=late", late, err); err != nil {
			return nil, err
		}
		coming, err := find(func(w *db.Where) { w.And("provider = ?", by.Org); w.And("state = ?", Sent) })
		if err := add(t(ctx, "签收寄来的样品"), "package-import", "/desk/samples", coming, err); err != nil {
			return nil, err
		}
		offered, err := find(func(w *db.Where) { w.And("offered = ?", by.Person) })
		if err := add(t(ctx, "接手同事移交的样品"), "arrows-exchange", "/desk/samples", offered, err); err != nil {
			return nil, err
		}
	}
	if s.Policy.May(by, "sample.declare") == nil {
		back, err := find(func(w *db.Where) { w.And("buyer = ?", by.Org); w.And("state = ?", Returned) })
		if err := add(t(ctx, "确认收到退回的样品"), "package-import", "/desk/samples", back, err); err != nil {
			return nil, err
		}
	}
	return out, nil
}
