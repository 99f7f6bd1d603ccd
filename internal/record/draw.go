package record

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// Lot is what a seed makes of a record's id. Whoever knows the seed and the ids finds the same lots, with any program that
// computes SHA-256: of the seed, a line feed and the id.
func Lot(seed, recordID string) string {
	sum := sha256.Sum256([]byte(seed + "\n" + recordID))
	return hex.EncodeToString(sum[:])
}

// candidate is a record that may be drawn.
type candidate struct {
	ID     string `db:"id"`
	Serial int64  `db:"serial"`
	Owner  string `db:"owner"`
	Region string `db:"region"`
	lot    string
}

// draw puts candidates into the order of their lots: the first ones are drawn. In which order they came does not matter.
func draw(seed string, from []candidate) {
	for i := range from {
		from[i].lot = Lot(seed, from[i].ID)
	}
	slices.SortFunc(from, func(a, b candidate) int { return cmp.Or(cmp.Compare(a.lot, b.lot), cmp.Compare(a.ID, b.ID)) })
}
