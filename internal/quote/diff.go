package quote

import (
	"strings"

	"qiao/internal/order"
)

// Change is what became of a line from one version to the next; Before is nil for a new one, After for one left out.
type Change struct{ Before, After *order.Line }

// Diff is what the second list of lines changes of the first: lines are the same where they say the same thing, in their order.
// Lines that stand in both as they were are left out.
func Diff(before, after []order.Line) []Change {
	used := make([]bool, len(before))
	var out []Change
	for i := range after {
		a := &after[i]
		var was *order.Line
		for j := range before {
			if b := &before[j]; !used[j] && same(*b, *a) {
				used[j], was = true, b
				break
			}
		}
		if was == nil || differs(*was, *a) {
			out = append(out, Change{was, a})
		}
	}
	for j := range before {
		if !used[j] {
			out = append(out, Change{Before: &before[j]})
		}
	}
	return out
}

func same(a, b order.Line) bool {
	return a.Kind == b.Kind && strings.EqualFold(strings.TrimSpace(a.Text), strings.TrimSpace(b.Text))
}

func differs(a, b order.Line) bool {
	return a.Unit != b.Unit || a.UnitAmount != b.UnitAmount || a.Count*max(b.Per, 1) != b.Count*max(a.Per, 1) || a.Percent != b.Percent || a.Amount != b.Amount
}
