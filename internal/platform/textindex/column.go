package textindex

import "encoding/binary"

// keywords is a column of values to filter and count by. A document may have several (a region and those
// above it). Documents with the same values share one set, so that a document costs two bytes, or four in
// a column of more than 65,536 different sets. A document whose only value is its own ID costs a bit.
type keywords struct {
	ids   map[string]uint32
	names []string
	sets  [][]uint32        // of values; set 0 is empty
	known map[string]uint32 // sets by their values' bytes
	small []uint16          // set of each document, while there are few
	large []uint32          // the same, once there are many
	own   []uint64          // bits of documents with their ID as their value; empty when there are none
	key   []byte            // for known
}

func newKeywords(docs int) *keywords {
	c := &keywords{ids: map[string]uint32{}, sets: [][]uint32{nil}, known: map[string]uint32{"": 0}}
	c.pad(docs)
	return c
}

// reach is the number of documents the column goes to.
func (c *keywords) reach() int { return max(len(c.small), len(c.large)) }

// add appends the values of the next document; a value given twice counts once.
func (c *keywords) add(id string, values []string) {
	doc := c.reach()
	if len(values) == 1 && values[0] == id {
		for len(c.own) <= doc/64 {
			c.own = append(c.own, 0)
		}
		c.own[doc/64] |= 1 << (doc % 64)
		c.put(0)
		return
	}
	c.key = c.key[:0]
	var set []uint32
next:
	for _, v := range values {
		id, ok := c.ids[v]
		if !ok {
			id = uint32(len(c.names))
			c.ids[v] = id
			c.names = append(c.names, v)
		}
		for _, have := range set {
			if have == id {
				continue next
			}
		}
		set = append(set, id)
		c.key = binary.LittleEndian.AppendUint32(c.key, id)
	}
	at, ok := c.known[string(c.key)]
	if !ok {
		at = c.newSet(set)
	}
	c.put(at)
}

// newSet makes a set known, whose bytes lie in key.
func (c *keywords) newSet(set []uint32) uint32 {
	at := uint32(len(c.sets))
	c.sets = append(c.sets, set)
	c.known[string(c.key)] = at
	return at
}

func (c *keywords) put(set uint32) {
	if c.large == nil && set > 0xFFFF {
		c.large = make([]uint32, len(c.small), 2*len(c.small))
		for i, s := range c.small {
			c.large[i] = uint32(s)
		}
		c.small = nil
	}
	if c.large != nil {
		c.large = append(c.large, set)
	} else {
		c.small = append(c.small, uint16(set))
	}
}

// set is the number of a document's set. A column a document does not reach has the empty one.
func (c *keywords) set(doc uint32) uint32 {
	switch {
	case int(doc) < len(c.small):
		return uint32(c.small[doc])
	case int(doc) < len(c.large):
		return c.large[doc]
	}
	return 0
}

// isOwn reports whether the document's value is its own ID.
func (c *keywords) isOwn(doc uint32) bool {
	return int(doc/64) < len(c.own) && c.own[doc/64]&(1<<(doc%64)) != 0
}

// pad brings the column to docs documents, the new ones without values.
func (c *keywords) pad(docs int) {
	for c.reach() < docs {
		c.put(0)
	}
}

// texts are the values of a document.
func (c *keywords) texts(doc uint32, id string) []string {
	if c.isOwn(doc) {
		return []string{id}
	}
	var out []string
	for _, v := range c.sets[c.set(doc)] {
		out = append(out, c.names[v])
	}
	return out
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
