package textindex

// wanted is the filter of one column: the sets of values that have a wanted one, and documents whose own ID
// is wanted.
type wanted struct {
	name   string
	column *keywords
	sets   []bool
	own    map[uint32]bool
}

// filters makes the filters of a request.
func (x *index) filters(r Request) []wanted {
	var out []wanted
	for name, values := range r.Filters {
		if len(values) == 0 {
			continue
		}
		w := wanted{name: name, column: x.keywords[name]}
		if w.column == nil {
			w.column = newKeywords(0)
		}
		w.sets = make([]bool, len(w.column.sets))
		ids := make([]bool, len(w.column.names))
		for _, v := range values {
			if id, ok := w.column.ids[v]; ok {
				ids[id] = true
			}
			if len(w.column.own) == 0 {
				continue
			}
			if doc, _, ok := x.ids.find(v); ok && w.column.isOwn(doc) {
				if w.own == nil {
					w.own = make(map[uint32]bool, len(values))
				}
				w.own[doc] = true
			}
		}
		for s, set := range w.column.sets {
			for _, v := range set {
				w.sets[s] = w.sets[s] || ids[v]
			}
		}
		out = append(out, w)
	}
	return out
}

func (w *wanted) has(doc uint32) bool {
	return w.sets[w.column.set(doc)] || w.own != nil && w.own[doc]
}
