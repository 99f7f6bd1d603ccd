package textindex

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"hash/maphash"
)

// uuid is the 16 bytes of an ID that is a UUID in its usual form. Their order is that of the texts.
type uuid [16]byte

// identifiers names the documents. UUIDs take 16 bytes; anything else is kept as it is.
type identifiers struct {
	packed []uuid            // zero for the others
	other  map[uint32]string // by document
	seed   maphash.Seed
	table  []uint32 // documents + tableFirst of the live ones, in open addressing; the length is a power of two
	used   int      // places that are not free
	live   int
}

// Places of the table.
const (
	tableFree = iota
	tableGone
	tableFirst
)

func newIdentifiers() identifiers {
	return identifiers{other: map[uint32]string{}, seed: maphash.MakeSeed()}
}

// parseUUID reads the form 8-4-4-4-12 in small letters. The zero one counts as none.
func parseUUID(id string) (u uuid, ok bool) {
	if len(id) != 36 || id[8] != '-' || id[13] != '-' || id[18] != '-' || id[23] != '-' {
		return u, false
	}
	n := 0
	for i := 0; i < 36; i += 2 {
		if id[i] == '-' {
			i++
		}
		high, low := nibble(id[i]), nibble(id[i+1])
		if high|low > 15 {
			return uuid{}, false
		}
		u[n] = high<<4 | low
		n++
	}
	return u, u != uuid{}
}

func nibble(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	}
	return 0xFF
}

func (u uuid) String() string {
	var b [36]byte
	hex.Encode(b[:8], u[:4])
	hex.Encode(b[9:13], u[4:6])
	hex.Encode(b[14:18], u[6:8])
	hex.Encode(b[19:23], u[8:10])
	hex.Encode(b[24:], u[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

// count is the number of documents, dead ones too.
func (n *identifiers) count() int { return len(n.packed) }

// id is the ID of a document.
func (n *identifiers) id(doc uint32) string {
	if u := n.packed[doc]; u != (uuid{}) {
		return u.String()
	}
	return n.other[doc]
}

// compare orders two documents by their IDs.
func (n *identifiers) compare(i, j uint32) int {
	a, b := &n.packed[i], &n.packed[j]
	if *a != (uuid{}) && *b != (uuid{}) {
		return bytes.Compare(a[:], b[:])
	}
	return cmp.Compare(n.id(i), n.id(j))
}

// add names the next document, which must have no live namesake.
func (n *identifiers) add(id string) uint32 {
	doc := uint32(len(n.packed))
	u, ok := parseUUID(id)
	if !ok {
		n.other[doc] = id
	}
	n.packed = append(n.packed, u)
	n.enter(doc)
	n.live++
	return doc
}

func (n *identifiers) enter(doc uint32) {
	if 4*(n.used+1) > 3*len(n.table) {
		n.grow()
	}
	i := n.hash(n.packed[doc], n.other[doc])
	for n.table[i] >= tableFirst {
		i = (i + 1) & (len(n.table) - 1)
	}
	if n.table[i] == tableFree {
		n.used++
	}
	n.table[i] = doc + tableFirst
}

// grow makes room for the live documents and as many again as fit below three quarters.
func (n *identifiers) grow() {
	size := 16
	for size*3 < (n.live+1)*5 {
		size *= 2
	}
	old := n.table
	n.table, n.used = make([]uint32, size), 0
	for _, at := range old {
		if at >= tableFirst {
			n.enter(at - tableFirst)
		}
	}
}

func (n *identifiers) hash(u uuid, other string) int {
	if u == (uuid{}) {
		return int(maphash.String(n.seed, other)) & (len(n.table) - 1)
	}
	h := binary.LittleEndian.Uint64(u[:8])*0x9E3779B97F4A7C15 ^ binary.LittleEndian.Uint64(u[8:])
	h = (h ^ h>>32) * 0xD6E8FEB86659FD93
	return int(h^h>>32) & (len(n.table) - 1)
}

// find returns the live document of an ID and its place in the table.
func (n *identifiers) find(id string) (doc uint32, place int, ok bool) {
	if len(n.table) == 0 {
		return 0, 0, false
	}
	u, packed := parseUUID(id)
	if packed {
		id = ""
	}
	return n.at(u, id)
}

// at is find for an ID taken apart: a UUID, or any other text with the zero one.
func (n *identifiers) at(u uuid, id string) (doc uint32, place int, ok bool) {
	packed := u != uuid{}
	for i := n.hash(u, id); n.table[i] != tableFree; i = (i + 1) & (len(n.table) - 1) {
		if n.table[i] < tableFirst {
			continue
		}
		doc := n.table[i] - tableFirst
		if packed && n.packed[doc] == u || !packed && n.packed[doc] == (uuid{}) && n.other[doc] == id {
			return doc, i, true
		}
	}
	return 0, 0, false
}

// drop forgets a live document; its number stays taken.
func (n *identifiers) drop(doc uint32, place int) {
	n.table[place] = tableGone
	n.live--
	delete(n.other, doc)
}
