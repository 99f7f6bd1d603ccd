package stats

import "slices"

// Cell is the place of a region in a tile cartogram: every region one square, neighbours near each other. It is a
// picture of numbers, not a map.
type Cell struct {
	Region   string
	Col, Row int
}

// known holds cartograms drawn by hand, by root region: rows from north to south, columns from west to east.
func known() map[string][]Cell {
	return map[string][]Cell{
		"330400": { // 嘉兴市 (Jiaxing)
			{"330411", 1, 0}, {"330402", 2, 0}, {"330421", 3, 0},
			{"330483", 0, 1}, {"330481", 1, 1}, {"330424", 2, 1}, {"330482", 3, 1},
		},
	}
}

// Layout places the regions in a cartogram: as drawn for the root, the others after them in rows; where nothing is drawn,
// in rows by code. Every region has exactly one cell and no two share one.
func Layout(root string, regions []string) []Cell {
	var cells []Cell
	var rest []string
	drawn := known()[root]
	for _, code := range regions {
		if i := slices.IndexFunc(drawn, func(c Cell) bool { return c.Region == code }); i >= 0 {
			cells = append(cells, drawn[i])
		} else {
			rest = append(rest, code)
		}
	}
	slices.Sort(rest)
	width, below := columns(len(regions)), 0
	for _, c := range cells {
		width, below = max(width, c.Col+1), max(below, c.Row+1)
	}
	for i, code := range slices.Compact(rest) {
		cells = append(cells, Cell{Region: code, Col: i % width, Row: below + i/width})
	}
	return cells
}

// columns is a width that makes n tiles nearly square.
func columns(n int) int {
	w := 1
	for w*w < n {
		w++
	}
	return w
}
