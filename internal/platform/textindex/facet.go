package textindex

import (
	"cmp"
	"slices"
)

// facet counts the values of one column: first how often each set of values is met, at the end what that
// means for the values.
type facet struct {
	name   string
	column *keywords
	filter int // the filter of the same column, -1 when there is none
	sets   []uint32
	own    []uint32 // documents whose value is their own ID
}

func newFacet(name string, column *keywords, filters []wanted) facet {
	f := facet{name: name, column: column, filter: -1, sets: make([]uint32, len(column.sets))}
	for i := range filters {
		if filters[i].name == name {
			f.filter = i
		}
	}
	return f
}

// count counts documents.
func (f *facet) count(docs []uint32) {
	if len(f.column.own) > 0 {
		for _, d := range docs {
			if f.column.isOwn(d) {
				f.own = append(f.own, d)
			}
		}
	}
	small, large, n := f.column.small, f.column.large, f.sets
	for _, d := range docs {
		switch {
		case int(d) < len(small):
			n[small[d]]++
		case int(d) < len(large):
			n[large[d]]++
		}
	}
}

// values turns the counts of sets into those of values.
func (f *facet) values(x *index) []Count {
	n := make([]int, len(f.column.names))
	for s, times := range f.sets {
		if times == 0 {
			continue
		}
		for _, v := range f.column.sets[s] {
			n[v] += int(times)
		}
	}
	out := make([]Count, 0, len(f.own))
	for v, times := range n {
		out = append(out, Count{f.column.names[v], times})
	}
	for _, doc := range f.own {
		id := x.ids.id(doc)
		if v, ok := f.column.ids[id]; ok { // another document has this ID for a value
			out[v].Count++
		} else {
			out = append(out, Count{id, 1})
		}
	}
	return out
}

// counts returns the facets, the most frequent value first.
func (c *collector) counts(r Request) map[string][]Count {
	if len(r.Facets) == 0 {
		return nil
	}
	out := make(map[string][]Count, len(r.Facets))
	for i := range c.facets {
		f := &c.facets[i]
		list := slices.DeleteFunc(f.values(c.index), func(n Count) bool { return n.Count == 0 && !slices.Contains(r.Filters[f.name], n.Value) })
		list = frequent(list, r.FacetLimit, r.Filters[f.name])
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

// frequent drops most of what would fall off anyway, before the list is sorted.
func frequent(list []Count, limit int, wanted []string) []Count {
	if limit <= 0 || len(list) < 4*limit {
		return list
	}
	counts := make([]int, len(list))
	for i, c := range list {
		counts[i] = c.Count
	}
	slices.Sort(counts)
	least := counts[len(counts)-limit]
	return slices.DeleteFunc(list, func(c Count) bool { return c.Count < least && !slices.Contains(wanted, c.Value) })
}

// beyond tells which values fall off a list that keeps the first limit and all wanted ones.
func beyond(list []Count, limit int, wanted []string) func(Count) bool {
	last := list[limit-1]
	return func(c Count) bool {
		after := c.Count < last.Count || c.Count == last.Count && c.Value > last.Value
		return after && !slices.Contains(wanted, c.Value)
	}
}
