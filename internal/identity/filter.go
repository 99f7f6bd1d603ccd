package identity

import (
	"slices"
	"strings"

	"qiao/internal/platform/db"
)

// Filter adds to w the condition that keeps of a list exactly the rows on which s may do action. cols names the
// SQL column of each side the rows have ("buyer": "o.buyer", "region": "o.region"); a side without a column is one
// the rows do not have. Nobody's rows are the condition "1 = 0"; everybody's need no condition.
func (p *Policy) Filter(s Subject, action string, cols map[string]string, w *db.Where) {
	rules := slices.DeleteFunc(slices.Clone(p.rules[action]), func(r Rule) bool { return !r.admits(s) || !r.reachable(s) })
	if slices.ContainsFunc(rules, func(r Rule) bool { return r.Side == "" }) {
		return // before any argument is added: PostgreSQL refuses one that no condition uses
	}
	var mine []string
	for _, r := range rules {
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
