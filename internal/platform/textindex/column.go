package textindex

// keywords is a column of values to filter and count by. A document may have several (a region and
// those above it).
type keywords struct {
	ids    map[string]uint32
	names  []string
	start  []uint32 // document d has values[start[d]:start[d+1]]
	values []uint32
}

func newKeywords(docs int) *keywords {
	return &keywords{ids: map[string]uint32{}, start: make([]uint32, docs+1)}
}

// add appends the values of the next document; a value given twice counts once.
func (c *keywords) add(values []string) {
	from := len(c.values)
next:
	for _, v := range values {
		id, ok := c.ids[v]
		if !ok {
			id = uint32(len(c.names))
			c.ids[v] = id
			c.names = append(c.names, v)
		}
		for _, have := range c.values[from:] {
			if have == id {
				continue next
			}
		}
		c.values = append(c.values, id)
	}
	c.start = append(c.start, uint32(len(c.values)))
}

// of returns the values of a document. A column a document does not reach has none.
func (c *keywords) of(doc uint32) []uint32 {
	if int(doc)+1 >= len(c.start) {
		return nil
	}
	return c.values[c.start[doc]:c.start[doc+1]]
}

// pad brings the column to docs documents, the new ones without values.
func (c *keywords) pad(docs int) {
	for len(c.start) <= docs {
		c.start = append(c.start, uint32(len(c.values)))
	}
}

// sorted is a column to sort by: numbers or texts, missing for documents that gave none.
type sorted[T int64 | string] struct {
	values []T
	has    []bool
}

func (c *sorted[T]) put(doc int, v T) {
	c.pad(doc + 1)
	c.values[doc], c.has[doc] = v, true
}

func (c *sorted[T]) pad(docs int) {
	var none T
	for len(c.values) < docs {
		c.values, c.has = append(c.values, none), append(c.has, false)
	}
}

func (c *sorted[T]) get(doc uint32) (T, bool) {
	if int(doc) >= len(c.values) {
		var none T
		return none, false
	}
	return c.values[doc], c.has[doc]
}
