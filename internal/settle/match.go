package settle

import (
	"cmp"
	"slices"

	"qiao/internal/platform/money"
)

// Kinds of breaks.
const (
	OnlyStatement = "only-statement" // the side's list does not have it
	OnlyList      = "only-list"      // the statement does not have it
	AmountDiffers = "amount"
	OtherWindow   = "window"   // one of the two has it in another window
	Disputed      = "disputed" // marked by a person, with a reason
)

// Line is what two lists are compared by.
type Line struct {
	Row    int    // in the file it comes from
	Number string // of the claim
	What   string // voucher.MoveApprove …
	Day    string // '' where the list has none
	Amount money.Fen
}

// Difference is where two lists differ: places in the one and in the other, -1 for none.
type Difference struct {
	Kind        string
	Mine, Yours int
}

// Match compares two lists of a window. Lines of the same claim and the same event are the same thing: with equal amounts they
// match, days that agree first; else their amounts differ. A line without a partner that lies outside the window belongs to
// another. Every line is in one match or in one difference, whichever list is called mine.
func Match(w Window, mine, yours []Line) (matched [][2]int, breaks []Difference) {
	type key struct{ number, what string }
	groups := map[key][2][]int{}
	var order []key
	for side, list := range [][]Line{mine, yours} {
		for i, l := range list {
			k := key{l.Number, l.What}
			g, known := groups[k]
			if !known {
				order = append(order, k)
			}
			g[side] = append(g[side], i)
			groups[k] = g
		}
	}
	for _, k := range order {
		a, b := groups[k][0], groups[k][1]
		sorted(a, mine)
		sorted(b, yours)
		for _, same := range []func(x, y Line) bool{
			func(x, y Line) bool { return x.Amount == y.Amount && x.Day == y.Day },
			func(x, y Line) bool { return x.Amount == y.Amount },
		} {
			var pairs [][2]int
			pairs, a, b = paired(a, b, mine, yours, same)
			matched = append(matched, pairs...)
		}
		n := min(len(a), len(b))
		for i := range n {
			breaks = append(breaks, Difference{AmountDiffers, a[i], b[i]})
		}
		for _, i := range a[n:] {
			breaks = append(breaks, Difference{alone(w, mine[i], OnlyStatement), i, -1})
		}
		for _, i := range b[n:] {
			breaks = append(breaks, Difference{alone(w, yours[i], OnlyList), -1, i})
		}
	}
	return matched, breaks
}

// sorted orders places in a list by what stands there, so that both lists are walked alike.
func sorted(at []int, list []Line) {
	slices.SortFunc(at, func(x, y int) int {
		return cmp.Or(cmp.Compare(list[x].Amount, list[y].Amount), cmp.Compare(list[x].Day, list[y].Day), cmp.Compare(x, y))
	})
}

// paired takes out of two sorted lists of places what is the same.
func paired(a, b []int, mine, yours []Line, same func(x, y Line) bool) (pairs [][2]int, restA, restB []int) {
	restB = slices.Clone(b)
	for _, i := range a {
		at := slices.IndexFunc(restB, func(j int) bool { return same(mine[i], yours[j]) })
		if at < 0 {
			restA = append(restA, i)
			continue
		}
		pairs = append(pairs, [2]int{i, restB[at]})
		restB = slices.Delete(restB, at, at+1)
	}
	return pairs, restA, restB
}

func alone(w Window, l Line, kind string) string {
	if l.Day != "" && !w.Has(l.Day) {
		return OtherWindow
	}
	return kind
}

// Elsewhere makes of a line that only the side's list has a difference of windows, where the ledger has the same in another.
func Elsewhere(breaks []Difference, yours, others []Line) []Difference {
	left := map[Line]int{}
	bare := func(l Line) Line { return Line{Number: l.Number, What: l.What, Amount: l.Amount} }
	for _, l := range others {
		left[bare(l)]++
	}
	out := slices.Clone(breaks)
	for i, d := range out {
		if d.Kind != OnlyList {
			continue
		}
		if k := bare(yours[d.Yours]); left[k] > 0 {
			left[k]--
			out[i].Kind = OtherWindow
		}
	}
	return out
}
