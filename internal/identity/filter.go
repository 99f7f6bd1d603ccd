package identity

import (
	"strings"

	"qiao/internal/platform/db"
)

// Filter adds to w the condition that keeps of a list exactly the rows on which s may do action. cols names the
// SQL column of each side the rows have ("buyer": "o.buyer", "region": "o.region"); a side without a column is one
// the rows do not have. Nobody's rows are the condition "1 = 0"; everybody's need no condition.
func (p *Policy) Filter(s Subject, action string, cols map[string]string, w *db.Where) {
	var mine []string
	for _, r := range p.rules[action] {
		if !r.admits(s) || !r.reachable(s) {
			continue
		}
		if r.Side == "" {
			return
		}
		if col, there := cols[r.Side]; there {
			mine = append(mine, r.condition(s, col, w))
		}
	}
	if len(mine) == 0 {
		mine = []string{"1 = 0"}
	}
	w.And(strings.Join(mine, " OR "))
}

func (r Rule) condition(s Subject, col string, w *db.Where) string {
	if r.Side != SideRegion {
		return col + " = " + w.Arg(s.Org)
	}
	first, last := Span(s.Region)
	return col + " BETWEEN " + w.Arg(first) + " AND " + w.Arg(last)
}
