package record

import "qiao/internal/platform/draw"

// Lot is what a seed makes of a record's id: that of [draw.Lot], which redemptions are drawn by, too.
func Lot(seed, recordID string) string { return draw.Lot(seed, recordID) }

// candidate is a record that may be drawn.
type candidate struct {
	ID     string `db:"id"`
	Serial int64  `db:"serial"`
	Owner  string `db:"owner"`
	Region string `db:"region"`
	lot    string
}

// inOrder puts candidates into the order of their lots: the first ones are drawn.
func inOrder(seed string, from []candidate) {
	for i, d := range draw.Order(seed, from, func(c candidate) string { return c.ID }) {
		d.Item.lot = d.Lot
		from[i] = d.Item
	}
}
