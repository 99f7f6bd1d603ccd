package textindex

import "hash/maphash"

// dictionary numbers the terms of a field, from 0 in order of arrival. The texts lie in one block; a term costs its
// bytes and about eleven more, and nothing to the garbage collector.
type dictionary struct {
	seed  maphash.Seed
	text  []byte
	ends  []uint32 // of each term in text
	table []uint32 // numbers + 1 in open addressing; the length is a power of two
}

func newDictionary() dictionary { return dictionary{seed: maphash.MakeSeed()} }

// count is the number of terms.
func (d *dictionary) count() int { return len(d.ends) }

// term is the text of a number; it must not be changed.
func (d *dictionary) term(i uint32) []byte {
	from := uint32(0)
	if i > 0 {
		from = d.ends[i-1]
	}
	return d.text[from:d.ends[i]]
}

// find returns the number of a term.
func (d *dictionary) find(term []byte) (uint32, bool) {
	if len(d.table) == 0 {
		return 0, false
	}
	mask := uint64(len(d.table) - 1)
	for i := maphash.Bytes(d.seed, term) & mask; d.table[i] != 0; i = (i + 1) & mask {
		if n := d.table[i] - 1; string(d.term(n)) == string(term) {
			return n, true
		}
	}
	return 0, false
}

// add numbers a term that is not known yet.
func (d *dictionary) add(term []byte) uint32 {
	n := uint32(len(d.ends))
	d.text = append(d.text, term...)
	d.ends = append(d.ends, uint32(len(d.text)))
	if 4*len(d.ends) > 3*len(d.table) {
		d.index(max(64, 2*len(d.table)))
	} else {
		d.enter(n)
	}
	return n
}

func (d *dictionary) enter(n uint32) {
	mask := uint64(len(d.table) - 1)
	i := maphash.Bytes(d.seed, d.term(n)) & mask
	for d.table[i] != 0 {
		i = (i + 1) & mask
	}
	d.table[i] = n + 1
}

// index makes the table anew.
func (d *dictionary) index(size int) {
	d.table = make([]uint32, size)
	for n := range d.ends {
		d.enter(uint32(n))
	}
}

// whole makes the table for terms read from elsewhere. It answers false when a term stands there twice.
func (d *dictionary) whole() bool {
	size := 64
	for 3*size < 4*len(d.ends) {
		size *= 2
	}
	d.table = make([]uint32, size)
	mask := uint64(size - 1)
	for n := range d.ends {
		term := d.term(uint32(n))
		i := maphash.Bytes(d.seed, term) & mask
		for ; d.table[i] != 0; i = (i + 1) & mask {
			if string(d.term(d.table[i]-1)) == string(term) {
				return false
			}
		}
		d.table[i] = uint32(n) + 1
	}
	return true
}
