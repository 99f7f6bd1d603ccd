package draw

import (
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// The lots stand in docs/draw.md too: whoever draws again finds the same.
func TestLotsAreThoseOfTheRecipe(t *testing.T) {
	if got := Lot("seed", "a"); got != "1095c393f458a5c2aefb7da1995dfebc4e621f979e297fe23bce4c9aa65f54e6" {
		t.Error(got)
	}
	if Seed("ab", " 123 ") != Lot("ab", "123") || Seed("ab", "123") == Seed("ab", "124") {
		t.Error("a seed is of the list and the number as announced")
	}
}

func TestAllocate(t *testing.T) {
	for _, c := range []struct {
		count int
		sizes []int
		want  []int
	}{
		{5, []int{50, 30, 20}, []int{3, 1, 1}}, // 2.5, 1.5, 1: the first of equal remainders
		{1, []int{1, 1, 1}, []int{1, 0, 0}},
		{0, []int{3}, []int{0}},
		{9, []int{2, 1}, []int{2, 1}},
		{3, nil, []int{}},
		{2, []int{0, 4}, []int{0, 2}},
	} {
		if got := Allocate(c.count, c.sizes); !slices.Equal(got, c.want) {
			t.Errorf("Allocate(%d, %v) = %v, want %v", c.count, c.sizes, got, c.want)
		}
	}
	for _, c := range []struct {
		n, want int
		share   int64
	}{{100, 5, 500}, {101, 6, 500}, {1, 1, 500}, {0, 0, 500}, {7, 0, 0}, {7, 7, 10000}} {
		if got := Count(c.n, c.share); got != c.want {
			t.Errorf("Count(%d, %d) = %d, want %d", c.n, c.share, got, c.want)
		}
	}
}

func TestDrawsAreReproducible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(t, "n")
		strata := rapid.IntRange(1, 5).Draw(t, "strata")
		count := rapid.IntRange(0, 70).Draw(t, "count")
		seed := rapid.StringN(0, 20, -1).Draw(t, "seed")
		items := make([]int, n)
		for i := range items {
			items[i] = i
		}
		stratum := func(i int) string { return strconv.Itoa(i % strata) }
		got := Stratified(seed, items, strconv.Itoa, stratum, count)
		turned := slices.Clone(items)
		slices.Reverse(turned)
		if !slices.Equal(got, Stratified(seed, turned, strconv.Itoa, stratum, count)) {
			t.Fatal("the order in which things came mattered")
		}
		chosen, size := map[string]int{}, map[string]int{}
		sum := 0
		for i, d := range got {
			size[d.Stratum]++
			if d.Chosen {
				sum++
				chosen[d.Stratum]++
				if i > 0 && got[i-1].Stratum == d.Stratum && !got[i-1].Chosen {
					t.Fatal("a higher lot was drawn before a lower one")
				}
			}
		}
		if sum != min(count, n) {
			t.Fatalf("%d drawn, asked for %d of %d", sum, count, n)
		}
		for s, k := range size {
			if low := min(count, n) * k / max(n, 1); chosen[s] < low || chosen[s] > low+1 {
				t.Fatalf("stratum %s of %d got %d, fair is %d", s, k, chosen[s], low)
			}
		}
	})
}
