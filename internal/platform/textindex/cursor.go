package textindex

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// skipEvery is how many documents of a list lie between two places one can jump to.
const skipEvery = 128

// skip is a place in a list: the data goes on at at, behind document doc.
type skip struct{ doc, at uint32 }

// nobody is the document behind the last one.
const nobody = ^uint32(0)

// cursor walks one list and knows what its documents get for it.
type cursor struct {
	data  []byte
	skips []skip
	at    int    // data goes on here, behind next
	next  uint32 // the document at hand, or nobody
	freq  uint32
	n     uint32

	scorer
	length []uint32
	once   *[onces]float32 // what scorer.of gives for one occurrence, by length and without the weight
	step   uint16          // how much of Request.Least it is
	left   uint16          // the steps of the cursors behind it

	bits   []uint64 // of the documents, if the list is dense
	many   []uint64 // of those that have the term more than once
	top    float32  // the most a document gets, if the list is dense
	behind float32  // the most a document gets here and from all cursors behind it, if they are dense
}

// rank orders lists: first those that are not dense, then the dense ones that give most.
func (c *cursor) rank() float32 {
	if c.bits == nil {
		return -math.MaxFloat32
	}
	return -c.top
}

// start goes to the first document.
func (c *cursor) start() {
	c.at, c.next = 0, 0
	c.read()
}

// read goes to the next document. Damaged data ends the list.
func (c *cursor) read() {
	c.next, c.freq, c.at = readPosting(c.data, c.at, c.next)
}

// readPosting reads what stands at data[at:], behind document last.
func readPosting(data []byte, at int, last uint32) (doc, freq uint32, next int) {
	gap, n := uvarint(data[at:])
	if n <= 0 || gap>>1 >= uint64(nobody-last) {
		return nobody, 0, at
	}
	at += n
	f := uint64(1)
	if gap&1 != 0 {
		if f, n = uvarint(data[at:]); n <= 0 {
			return nobody, 0, at
		}
		at += n
	}
	return last + uint32(gap>>1), uint32(f), at
}

// seek goes to the first document from doc on.
func (c *cursor) seek(doc uint32) {
	if c.next >= doc {
		return
	}
	if lo, hi := 0, len(c.skips); hi > 0 && doc-c.next > 16 {
		for lo < hi { // the last place behind a document before doc
			if mid := (lo + hi) / 2; c.skips[mid].doc < doc {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		if lo > 0 && int(c.skips[lo-1].at) > c.at {
			c.next, c.at = c.skips[lo-1].doc, int(c.skips[lo-1].at)
		}
	}
	data, at, next, freq := c.data, c.at, c.next, c.freq
	for next < doc {
		if at+2 < len(data) && data[at] < 0x80 { // the usual: near
			if next += uint32(data[at] >> 1); data[at]&1 == 0 {
				freq, at = 1, at+1
				continue
			}
			if data[at+1] < 0x80 {
				freq, at = uint32(data[at+1]), at+2
				continue
			}
			next -= uint32(data[at] >> 1)
		}
		next, freq, at = readPosting(data, at, next)
	}
	c.at, c.next, c.freq = at, next, freq
}

// run scores the documents of a window: all of them, or those that are seen already. It is written out because
// this is where a search spends its time.
func (c *cursor) run(t *tally, base, end uint32, lead bool) {
	data, at, next, freq := c.data, c.at, c.next, c.freq
	for next < end {
		i := (next - base) & (stretch - 1)
		bit := uint64(1) << (i & 63)
		if lead {
			t.seen[i/64] |= bit
		}
		if lead || t.seen[i/64]&bit != 0 {
			if l := c.length[next]; freq == 1 && l < onces {
				t.score[i] += c.weight * c.once[l]
			} else {
				t.score[i] += c.of(freq, l)
			}
			t.found[i] += c.step
		}
		if at+2 < len(data) && data[at]&1 == 0 {
			if data[at] < 0x80 { // the usual: near, and once
				next, freq = next+uint32(data[at]>>1), 1
				at++
				continue
			}
			if data[at+1] < 0x80 { // farther, and once
				next, freq = next+(uint32(data[at]&0x7F)|uint32(data[at+1])<<7)>>1, 1
				at += 2
				continue
			}
		}
		next, freq, at = readPosting(data, at, next)
	}
	c.at, c.next, c.freq = at, next, freq
}

// pick scores one document if the list has it.
func (c *cursor) pick(t *tally, base, doc uint32) {
	if c.seek(doc); c.next != doc {
		return
	}
	i := (doc - base) & (stretch - 1)
	if l := c.length[doc]; c.freq == 1 && l < onces {
		t.score[i] += c.weight * c.once[l]
	} else {
		t.score[i] += c.of(c.freq, l)
	}
	t.found[i] += c.step
}

// promise adds to the hope of the seen documents of a window what the list gives at most.
func (c *cursor) promise(t *tally, base uint32) {
	from := int(base / 64)
	for w, has := range c.bits[from:min(from+stretch/64, len(c.bits))] {
		for set := t.seen[w] & has; set != 0; set &= set - 1 {
			t.hope[(w*64+bits.TrailingZeros64(set))&(stretch-1)] += c.top
		}
	}
}

// look scores the seen documents of a window by the bits of a dense list.
func (c *cursor) look(t *tally, base uint32) {
	from := int(base / 64)
	for w, has := range c.bits[from:min(from+stretch/64, len(c.bits))] {
		many := c.many[from+w]
		for set := t.seen[w] & has; set != 0; set &= set - 1 {
			n := bits.TrailingZeros64(set)
			i := uint32(w*64+n) & (stretch - 1)
			l := c.length[base+i]
			if many&(1<<n) != 0 || l >= onces {
				c.pick(t, base, base+i)
				continue
			}
			t.score[i] += c.weight * c.once[l]
			t.found[i] += c.step
		}
	}
}

// uvarint is binary.Uvarint with the one-byte case inline.
func uvarint(data []byte) (uint64, int) {
	if len(data) > 0 && data[0] < 0x80 {
		return uint64(data[0]), 1
	}
	return binary.Uvarint(data)
}
