package textindex

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"qiao/internal/platform/textindex/dict"
)

// readSnapshot checks and reads a snapshot file. The postings of the result lie in data.
func readSnapshot(data []byte) (*index, string, error) {
	bad := func(why string) (*index, string, error) { return nil, "", fmt.Errorf("%w: %s", ErrSnapshot, why) }
	if len(data) < len(magic)+trailer {
		return bad("too short")
	}
	if string(data[:len(magic)]) != magic {
		return bad("of another version, or no snapshot")
	}
	end := data[len(data)-trailer:]
	body := data[:len(data)-trailer]
	if binary.LittleEndian.Uint64(end[4:]) != uint64(len(body)-len(magic)) {
		return bad("cut short")
	}
	if binary.LittleEndian.Uint32(end) != crc32.Checksum(body, castagnoli) {
		return bad("damaged")
	}
	return decode(body[len(magic):])
}

func decode(payload []byte) (*index, string, error) {
	d := &decoder{rest: payload}
	if d.fixed() != dict.Fingerprint() {
		return nil, "", fmt.Errorf("%w: made with another dictionary", ErrSnapshot)
	}
	x := newIndex()
	position := d.text()
	x.ids = d.idents()
	docs := x.ids.count()
	x.digest = make([]uint64, 0, docs)
	for range docs {
		x.digest = append(x.digest, d.fixed())
	}
	x.dead = make([]bool, docs)
	for _, f := range []*field{&x.words, &x.pairs, &x.titles} {
		*f = d.field(docs)
	}
	d.columns(x, docs)
	if d.failed || len(d.rest) > 0 {
		return nil, "", fmt.Errorf("%w: its content makes no sense", ErrSnapshot)
	}
	return x, position, nil
}

// decoder reads a payload; after a fault it yields zeros and stays failed.
type decoder struct {
	rest   []byte
	failed bool
}

func (d *decoder) take(n uint64) []byte {
	if d.failed || n > uint64(len(d.rest)) {
		d.failed, d.rest = true, nil
		return nil
	}
	b := d.rest[:n:n]
	d.rest = d.rest[n:]
	return b
}

func (d *decoder) fixed() uint64 {
	if b := d.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (d *decoder) number() uint64 {
	v, n := uvarint(d.rest)
	if n <= 0 {
		d.failed, d.rest = true, nil
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

// count reads how many things follow; each takes at least one byte, so that no damaged count can make
// us reserve more than the file is long.
func (d *decoder) count() int {
	n := d.number()
	if n > uint64(len(d.rest)) {
		d.failed, d.rest = true, nil
		return 0
	}
	return int(n)
}

func (d *decoder) text() string { return string(d.take(d.number())) }

func (d *decoder) texts() []string {
	n := d.count()
	lengths := make([]uint64, n)
	total := uint64(0)
	for i := range lengths {
		lengths[i] = d.number()
		if total += lengths[i]; lengths[i] > uint64(len(d.rest)) {
			d.failed = true
			return nil
		}
	}
	block := string(d.take(total))
	if d.failed {
		return nil
	}
	out := make([]string, n)
	for i, l := range lengths {
		out[i], block = block[:l], block[l:]
	}
	return out
}

func (d *decoder) field(docs int) field {
	f := newField()
	f.terms.ends = make([]uint32, d.count())
	total := uint64(0)
	for i := range f.terms.ends {
		total += d.number()
		if total > uint64(len(d.rest)) {
			d.failed = true
			return f
		}
		f.terms.ends[i] = uint32(total)
	}
	f.terms.text = d.take(total)
	if d.failed || !f.terms.whole() {
		d.failed = true
		return f
	}
	f.lists = make([]postings, f.terms.count())
	for i := range f.lists {
		p := &f.lists[i]
		p.n, p.last = uint32(d.number()), uint32(d.number())
		p.data = d.take(d.number())
		p.forget()
	}
	f.length = make([]uint32, 0, docs)
	for range docs {
		n := uint32(d.number())
		f.length = append(f.length, n)
		f.count(n, 1)
	}
	return f
}

// idents reads the names of documents; two of one name are a fault.
func (d *decoder) idents() identifiers {
	n := newIdentifiers()
	docs := d.count()
	block := d.take(uint64(docs) * uint64(len(uuid{})))
	others := d.texts()
	if d.failed {
		return n
	}
	n.packed = make([]uuid, docs)
	for doc := range n.packed {
		n.packed[doc] = uuid(block[doc*len(uuid{}):])
		if n.packed[doc] != (uuid{}) {
			continue
		}
		if len(others) == 0 {
			d.failed = true
			return newIdentifiers()
		}
		n.other[uint32(doc)], others = others[0], others[1:]
	}
	n.live = docs
	n.grow()
	for doc := range n.packed {
		if _, _, taken := n.at(n.packed[doc], n.other[uint32(doc)]); taken {
			d.failed = true
		}
		n.enter(uint32(doc))
	}
	return n
}

func (d *decoder) keywords(docs int) *keywords {
	c := newKeywords(0)
	c.names = d.texts()
	for i, v := range c.names {
		c.ids[v] = uint32(i)
	}
	for range d.count() {
		var set []uint32
		c.key = c.key[:0]
		for range d.count() {
			v := d.number()
			if v >= uint64(len(c.names)) {
				d.failed = true
				return c
			}
			set = append(set, uint32(v))
			c.key = binary.LittleEndian.AppendUint32(c.key, uint32(v))
		}
		if d.failed {
			return c
		}
		c.newSet(set)
	}
	c.small = make([]uint16, 0, docs)
	for range docs {
		set := d.number()
		if set >= uint64(len(c.sets)) {
			d.failed = true
			return c
		}
		c.put(uint32(set))
	}
	for range d.count() {
		c.own = append(c.own, d.fixed())
	}
	return c
}

func (d *decoder) columns(x *index, docs int) {
	for range d.count() {
		name := d.text()
		x.keywords[name] = d.keywords(docs)
		if d.failed {
			return
		}
	}
	for range d.count() {
		name := d.text()
		x.numbers[name] = decodeSorted(d, docs, func() int64 {
			v := d.number()
			return int64(v>>1) ^ -int64(v&1)
		})
	}
	for range d.count() {
		name := d.text()
		x.texts[name] = decodeSorted(d, docs, d.text)
	}
}

func decodeSorted[T int64 | string](d *decoder, docs int, get func() T) *sorted[T] {
	c := &sorted[T]{}
	for doc := range docs {
		if d.failed {
			return c
		}
		if d.number() != 0 {
			c.put(doc, get())
		}
	}
	c.pad(docs)
	return c
}
