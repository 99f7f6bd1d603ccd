package roster

import (
	"context"
	"fmt"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
)

type openEntries struct {
	List   string `db:"list"`
	Name   string `db:"name_zh"`
	Region string `db:"region"`
	Owner  string `db:"owner"`
	N      int64  `db:"n"`
	Oldest string `db:"oldest"`
}

// Tasks are the entries that wait for a person to say whom they mean.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if s.policy.May(by, "roster.decide") != nil {
		return nil, nil
	}
	rows, err := db.All[openEntries](ctx, s.db, `SELECT l.id AS list, l.name_zh, l.region, l.owner, COUNT(*) AS n, MIN(e.updated_at) AS oldest
		FROM roster_entry e JOIN roster_list l ON l.id = e.list WHERE e.state = 'open' GROUP BY l.id, l.name_zh, l.region, l.owner ORDER BY l.id`)
	if err != nil {
		return nil, fmt.Errorf("count roster entries that wait: %w", err)
	}
	var out []ui.Task
	for _, r := range rows {
		if s.policy.Can(by, "roster.decide", identity.Object{Region: r.Region}) != nil {
			continue
		}
		var since db.Time
		if err := since.Scan(r.Oldest); err != nil {
			return nil, fmt.Errorf("read when a roster entry began to wait: %w", err)
		}
		out = append(out, ui.Task{Title: t(ctx, "确认名单上的单位是谁"), Note: r.Name, Link: "/desk/rosters/" + r.List + "?show=open", Icon: "list-check", Count: int(r.N), Since: since.Time})
	}
	return out, nil
}
