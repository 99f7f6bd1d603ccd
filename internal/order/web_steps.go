package order

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"qiao/internal/platform/state"
	"qiao/internal/platform/web"
)

// stepRow is one state of a kind of order and what may be done in it, as the table says.
type stepRow struct {
	State string
	Turn  turn
	Steps []state.Step
}

// stepRows are the states of a kind in the order of the table.
func stepRows(kind string) []stepRow {
	table := TableOf(kind)
	var out []stepRow
	for _, st := range table.States() {
		row := stepRow{State: st, Turn: turnOf(kind, st)}
		for _, step := range table {
			if step.From == st {
				row.Steps = append(row.Steps, step)
			}
		}
		out = append(out, row)
	}
	slices.SortStableFunc(out, func(a, b stepRow) int { return ended(a) - ended(b) })
	return out
}

func ended(r stepRow) int {
	if Open(r.State) {
		return 0
	}
	return 1
}

// whoWords names the sides that may take a step.
func whoWords(ctx context.Context, sides []string) string {
	names := make([]string, len(sides))
	for i, side := range sides {
		names[i] = sideWord(ctx, side)
	}
	return strings.Join(names, t(ctx, "、"))
}

func (s *Service) showSteps(w http.ResponseWriter, r *http.Request) error {
	return web.Page(w, r, http.StatusOK, stepsPage())
}
