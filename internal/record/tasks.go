package record

import (
	"context"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
)

// waiting is drawn records of one check that wait for somebody.
type waiting struct {
	Check string  `db:"check_id"`
	First string  `db:"first"` // id of one of them
	Many  int64   `db:"many"`
	Due   string  `db:"due"`
	Since db.Time `db:"since"`
}

// waitingFor are the drawn records in a state that conditions choose, by check.
func (s *Service) waitingFor(ctx context.Context, w *db.Where) ([]waiting, error) {
	return db.All[waiting](ctx, s.DB, `SELECT x.check_id, min(x.id) AS first, count(*) AS many, max(c.due) AS due, min(c.created_at) AS since FROM record_checked x JOIN record_check c ON c.id = x.check_id`+w.SQL()+` GROUP BY x.check_id ORDER BY due, x.check_id LIMIT 20`, w.Args()...)
}

// Tasks are what waits for the subject: drawn records to answer about; for the authority answers to decide about, and
// what was not answered in time.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	var out []ui.Task
	if s.Policy.May(by, "record.keep") == nil && by.Org != "" {
		var w db.Where
		w.And("x.owner = ?", by.Org)
		w.And("x.state = ?", Asked)
		list, err := s.waitingFor(ctx, &w)
		if err != nil {
			return nil, err
		}
		for _, x := range list {
			task := ui.Task{Title: t(ctx, "答复服务记录抽查"), Link: "/desk/checked-records", Icon: "clipboard-list", Count: int(x.Many), Since: x.Since.Time, Due: endOf(x.Due)}
			if x.Many == 1 {
				task.Link += "/" + x.First
			}
			out = append(out, task)
		}
	}
	if s.Policy.May(by, "record.decide") != nil || by.Org == "" {
		return out, nil
	}
	var w db.Where
	w.And("c.org = ?", by.Org)
	w.And("x.state = ? OR x.state = ? AND c.due < ?", Answered, Asked, s.today())
	list, err := s.waitingFor(ctx, &w)
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		out = append(out, ui.Task{Title: t(ctx, "核定抽查的服务记录"), Link: "/desk/record-checks/" + x.Check, Icon: "clipboard-list", Count: int(x.Many), Since: x.Since.Time})
	}
	return out, nil
}

// endOf is the end of a day.
func endOf(day string) time.Time {
	at, err := clock.Midnight(day)
	if err != nil {
		return time.Time{}
	}
	return at.AddDate(0, 0, 1)
}
