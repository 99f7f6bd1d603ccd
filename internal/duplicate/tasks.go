package duplicate

import (
	"context"
	"fmt"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
)

// Tasks are what waits for the subject: pairs to be judged, proposals of other owners to be answered, public records
// to be taken over or checked.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	var out []ui.Task
	cols := map[string]string{"owner": "owner_a", "other": "owner_b", identity.SideRegion: "region_a"}
	if s.Policy.May(by, "duplicate.different") == nil {
		var w db.Where
		s.Policy.Filter(by, "duplicate.different", cols, &w)
		counts, err := countPairs(ctx, s.DB, &w)
		if err != nil {
			return nil, err
		}
		if n := counts[Open]; n > 0 {
			out = append(out, ui.Task{Title: t(ctx, "判断可能重复的记录"), Link: "/desk/duplicates", Icon: "stack-2", Count: int(n)}) //icons: stack-2
		}
	}
	if by.Org != "" {
		n, err := db.One[int64](ctx, s.DB, `SELECT count(*) FROM duplicate_pair WHERE state = 'proposed' AND asked = $1`, by.Org)
		if err != nil {
			return nil, fmt.Errorf("count proposals: %w", err)
		}
		if n > 0 {
			out = append(out, ui.Task{Title: t(ctx, "答复合并建议"), Link: "/desk/duplicates?state=proposed", Icon: "stack-2", Count: int(n)})
		}
	}
	for _, one := range []struct{ action, state, title string }{
		{"duplicate.ask", Found, "认领可能是贵单位的公开记录"}, {"duplicate.confirm", AskedFor, "核对单位对公开记录的认领"},
	} {
		if s.Policy.May(by, one.action) != nil {
			continue
		}
		var w db.Where
		s.Policy.Filter(by, one.action, map[string]string{"owner": "registered", identity.SideRegion: "region"}, &w)
		w.And("state = ?", one.state)
		list, err := listTakeovers(ctx, s.DB, &w, " ORDER BY id LIMIT 100")
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			out = append(out, ui.Task{Title: t(ctx, one.title), Link: "/desk/names", Icon: "building", Count: len(list), Since: list[0].UpdatedAt.Time})
		}
	}
	return out, nil
}
