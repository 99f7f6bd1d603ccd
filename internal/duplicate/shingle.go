package duplicate

import (
	"math"
	"slices"
)

// Near-equal text is found by MinHash: of all runs of three characters the smallest hash under each of several
// permutations; two texts agree in as large a part of them as their runs do. Grouped in bands of five, texts that are
// 90 % alike share a band with 97 % probability, those that are half alike with 12 %.
const (
	runLength  = 3
	bandCount  = 4
	bandRows   = 5
	fewestRuns = 24 // shorter texts are alike by chance
)

// runs are the hashes of a text's runs of characters, sorted, each once.
func runs(text string) []uint64 {
	r := []rune(text)
	if len(r) < runLength {
		return nil
	}
	out := make([]uint64, 0, len(r))
	for i := 0; i+runLength <= len(r); i++ {
		h := uint64(14695981039346656037)
		for _, c := range r[i : i+runLength] {
			h = (h ^ uint64(c)) * 1099511628211
		}
		out = append(out, mix(h))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// mix spreads the bits of a hash (the finisher of splitmix64).
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// bands are the band hashes of a text; none for a short one.
func bands(text string) []uint64 {
	l := runs(text)
	if len(l) < fewestRuns {
		return nil
	}
	out := make([]uint64, bandCount)
	for b := range out {
		h := uint64(b + 1)
		for row := range bandRows {
			seed := mix(uint64(b*bandRows + row + 1))
			smallest := uint64(math.MaxUint64)
			for _, x := range l {
				smallest = min(smallest, mix(x^seed))
			}
			h = mix(h ^ smallest)
		}
		out[b] = h
	}
	return out
}

// alike is how large a part of all runs two texts share, 0 to 1; 0 when one of them is short.
func alike(a, b string) float64 {
	x, y := runs(a), runs(b)
	if len(x) < fewestRuns || len(y) < fewestRuns {
		return 0
	}
	common, i, j := 0, 0, 0
	for i < len(x) && j < len(y) {
		switch {
		case x[i] == y[j]:
			common, i, j = common+1, i+1, j+1
		case x[i] < y[j]:
			i++
		default:
			j++
		}
	}
	return float64(common) / float64(len(x)+len(y)-common)
}
