package textindex

import (
	"cmp"
	"slices"
)

// facet counts the values of one column.
type facet struct {
	name   string
	column *keywords
	own    int // the filter of the same column, -1 when there is none
	n      []int
}

func newFacet(name string, column *keywords, filters []wanted) facet {
	f := facet{name: name, column: column, own: -1, n: make([]int, len(column.names))}
	for i := range filters {
		if filters[i].name == name {
			f.own = i
		}
	}
	return f
}

func (f *facet) count(doc uint32) {
	for _, v := range f.column.of(doc) {
		f.n[v]++
	}
}

// counts returns the facets, the most frequent value first.
func (c *collector) counts(r Request) map[string][]Count {
	if len(r.Facets) == 0 {
		return nil
	}
	out := make(map[string][]Count, len(r.Facets))
	for _, f := range c.facets {
		var list []Count
		for v, n := range f.n {
			if n > 0 || slices.Contains(r.Filters[f.name], f.column.names[v]) {
				list = append(list, Count{f.column.names[v], n})
			}
		}
		slices.SortFunc(list, func(i, j Count) int {
			return cmp.Or(cmp.Compare(j.Count, i.Count), cmp.Compare(i.Value, j.Value))
		})
		if r.FacetLimit > 0 && len(list) > r.FacetLimit {
			list = slices.DeleteFunc(list[:len(list):len(list)], beyond(list, r.FacetLimit, r.Filters[f.name]))
		}
		out[f.name] = list
	}
	return out
}

// beyond tells which values fall off a list that keeps the first limit and all wanted ones.
func beyond(list []Count, limit int, wanted []string) func(Count) bool {
	last := list[limit-1]
	return func(c Count) bool {
		after := c.Count < last.Count || c.Count == last.Count && c.Value > last.Value
		return after && !slices.Contains(wanted, c.Value)
	}
}
