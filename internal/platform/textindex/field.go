package textindex

import (
	"encoding/binary"
	"slices"
)

// postings lists the documents of one term: for each a varint gap<<1 | (frequency > 1), then the
// frequency when it is greater than one.
type postings struct {
	data []byte
	last uint32 // the last document
	n    uint32 // documents, deleted ones too
	more *more  // of lists longer than skipEvery
}

func (p *postings) add(doc, freq uint32) {
	if p.n == 0 && freq == 1 { // most terms of all stand in one document, once: they need no data
		p.last, p.n = doc, 1
		return
	}
	if p.n == 1 {
		p.data = p.encoded()
	}
	if p.n > 0 && p.n%skipEvery == 0 {
		p.skips()
		p.mark(skip{p.last, uint32(len(p.data))})
	}
	if cap(p.data)-len(p.data) < binary.MaxVarintLen32+1 { // append would double, and most of it would stay empty
		grown := make([]byte, len(p.data), len(p.data)+len(p.data)/8+binary.MaxVarintLen32+1)
		copy(grown, p.data)
		p.data = grown
	}
	v := uint64(doc-p.last) << 1
	if freq > 1 {
		v |= 1
	}
	p.data = binary.AppendUvarint(p.data, v)
	if freq > 1 {
		p.data = binary.AppendUvarint(p.data, uint64(freq))
	}
	p.last = doc
	p.n++
}

// encoded is the list as bytes.
func (p *postings) encoded() []byte {
	if p.n == 1 && len(p.data) == 0 {
		return binary.AppendUvarint(nil, uint64(p.last)<<1)
	}
	return p.data
}

func (p *postings) mark(s skip) {
	if p.more == nil {
		p.more = &more{}
	}
	p.more.skips = append(p.more.skips, s)
}

// skips are the places one can jump to. Of a list read from a snapshot they are found when first asked for: most lists
// never are, and a program that starts should not wait for them.
func (p *postings) skips() []skip {
	m := p.more
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.unread {
		p.remark()
		m.unread = false
	}
	return m.skips
}

// forget leaves the places to jump to for later.
func (p *postings) forget() {
	p.more = nil
	if p.n > skipEvery {
		p.more = &more{unread: true}
	}
}

// remark finds the places to jump to anew. The caller holds the list's lock.
func (p *postings) remark() {
	n, doc, at := uint32(0), uint32(0), 0
	for n < p.n {
		if n > 0 && n%skipEvery == 0 {
			p.mark(skip{doc, uint32(at)})
		}
		if doc, _, at = readPosting(p.encoded(), at, doc); doc == nobody {
			return
		}
		n++
	}
}

// each calls yield for every document of the list below limit. Damaged data ends the list.
func (p *postings) each(limit uint32, yield func(doc, freq uint32)) {
	doc := uint32(0)
	for data := p.encoded(); len(data) > 0; {
		gap, n := uvarint(data)
		if n <= 0 {
			return
		}
		data = data[n:]
		freq := uint64(1)
		if gap&1 != 0 {
			if freq, n = uvarint(data); n <= 0 {
				return
			}
			data = data[n:]
		}
		if doc += uint32(gap >> 1); doc >= limit {
			return
		}
		yield(doc, uint32(freq))
	}
}

// field is one inverted field: words, pairs, or title words.
type field struct {
	terms  dictionary
	lists  []postings
	length []uint32 // terms in each document
	total  uint64   // terms in all live documents
	filled uint32   // live documents with at least one term
}

func newField() field { return field{terms: newDictionary()} }

// list returns the postings of a term, nil when no document has it.
func (f *field) list(term string) *postings {
	if i, ok := f.terms.find([]byte(term)); ok && int(i) < len(f.lists) {
		return &f.lists[i]
	}
	return nil
}

// average is the mean length of the live documents that have the field.
func (f *field) average() float64 {
	if f.filled == 0 {
		return 1
	}
	return float64(f.total) / float64(f.filled)
}

// bag is the terms of one document in one field, before they enter the index.
type bag struct {
	ids []uint32 // one per occurrence
}

// draft collects bags against a field without changing it, so that readers may go on: terms the field
// does not know get the numbers that follow.
type draft struct {
	field *field
	fresh map[string]uint32
	names []string
}

func newDraft(f *field) *draft { return &draft{field: f, fresh: map[string]uint32{}} }

func (d *draft) term(t []byte) uint32 {
	if i, ok := d.field.terms.find(t); ok {
		return i
	}
	if i, ok := d.fresh[string(t)]; ok {
		return i
	}
	i := uint32(len(d.field.lists) + len(d.names))
	name := string(t)
	d.fresh[name] = i
	d.names = append(d.names, name)
	return i
}

// commit makes the fresh terms known. The caller holds the write lock.
func (d *draft) commit() {
	if f := d.field; cap(f.lists)-len(f.lists) < len(d.names) { // append would leave a fifth empty
		grown := make([]postings, len(f.lists), len(f.lists)+len(f.lists)/16+len(d.names)+64)
		copy(grown, f.lists)
		f.lists = grown
	}
	for _, name := range d.names {
		d.field.terms.add([]byte(name))
		d.field.lists = append(d.field.lists, postings{})
	}
}

// add appends document doc, whose number is len(f.length). The caller holds the write lock.
func (f *field) add(doc uint32, b bag) {
	slices.Sort(b.ids)
	for i := 0; i < len(b.ids); {
		j := i + 1
		for j < len(b.ids) && b.ids[j] == b.ids[i] {
			j++
		}
		f.lists[b.ids[i]].add(doc, uint32(j-i))
		i = j
	}
	f.length = append(f.length, uint32(len(b.ids)))
	f.count(uint32(len(b.ids)), 1)
}

// count enters (by = 1) or takes out (by = -1) a document's length of the figures.
func (f *field) count(length uint32, by int) {
	if length == 0 {
		return
	}
	f.total += uint64(int64(by) * int64(length))
	f.filled += uint32(by)
}
