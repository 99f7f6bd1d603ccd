// Package draw draws lots so that anybody can draw them again: which of many things are looked at follows from a seed that
// is shown and from a list that is kept, with no chance hidden in the program.
//
// The lot of a thing is the SHA-256 of the seed, a line feed and the thing's id, as hexadecimal digits; the lowest lots are
// drawn first. docs/draw.md says the same in twenty lines of another language.
package draw

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Lot is what a seed makes of an id.
func Lot(seed, id string) string {
	sum := sha256.Sum256([]byte(seed + "\n" + id))
	return hex.EncodeToString(sum[:])
}

// Seed makes the seed of a draw whose list was kept before the number was known: the SHA-256 of the list's hash, a line feed
// and the number, as it was announced. Neither who keeps the list nor who announces the number can choose what is drawn.
func Seed(listSHA256, number string) string { return Lot(listSHA256, strings.TrimSpace(number)) }

// Drawn is one thing with its lot.
type Drawn[T any] struct {
	Item    T
	Lot     string
	Stratum string
	Chosen  bool
}

// Order puts things into the order of their lots, equal lots into that of their ids. In which order they came does not matter.
func Order[T any](seed string, items []T, id func(T) string) []Drawn[T] {
	out := make([]Drawn[T], len(items))
	for i, it := range items {
		out[i] = Drawn[T]{Item: it, Lot: Lot(seed, id(it))}
	}
	slices.SortFunc(out, func(a, b Drawn[T]) int { return cmp.Or(cmp.Compare(a.Lot, b.Lot), cmp.Compare(id(a.Item), id(b.Item))) })
	return out
}

// Stratified draws count things, from each stratum as many as [Allocate] gives it, in the order of strata (by their names,
// byte by byte) and lots. Every thing is in the answer, the chosen ones are marked.
func Stratified[T any](seed string, items []T, id, stratum func(T) string, count int) []Drawn[T] {
	out := Order(seed, items, id)
	for i := range out {
		out[i].Stratum = stratum(out[i].Item)
	}
	slices.SortStableFunc(out, func(a, b Drawn[T]) int { return cmp.Compare(a.Stratum, b.Stratum) })
	var sizes []int
	for i := range out {
		if i == 0 || out[i].Stratum != out[i-1].Stratum {
			sizes = append(sizes, 0)
		}
		sizes[len(sizes)-1]++
	}
	at := 0
	for i, n := range Allocate(count, sizes) {
		for k := range n {
			out[at+k].Chosen = true
		}
		at += sizes[i]
	}
	return out
}

// Allocate divides count over strata in proportion to their sizes: each gets the whole part of count·size/total, what is
// left goes one by one to the largest remainders, of equal ones to the earlier stratum. Never more than there are.
func Allocate(count int, sizes []int) []int {
	total := 0
	for _, n := range sizes {
		total += n
	}
	out := make([]int, len(sizes))
	if total == 0 || count <= 0 {
		return out
	}
	count = min(count, total)
	rest := count
	turn := make([]int, len(sizes))
	for i, n := range sizes {
		out[i], turn[i] = count*n/total, i
		rest -= out[i]
	}
	slices.SortStableFunc(turn, func(a, b int) int { return cmp.Compare(count*sizes[b]%total, count*sizes[a]%total) })
	for _, i := range turn[:rest] {
		out[i]++
	}
	return out
}

// Count is how many a share, in hundredths of a percent, makes of a population: rounded up, so that a share above nothing
// draws at least one where there is one.
func Count(population int, basisPoints int64) int {
	return int((int64(population)*basisPoints + 9999) / 10000)
}
