package textindex

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
)

// Document is what an Engine knows of one record.
type Document struct {
	ID    string // not empty; a second document of the same ID replaces the first
	Title string
	Text  string // everything else to be found by; the title is searched with it and need not be repeated

	// Names are what the document is offered under while someone types (in Chinese, in English); none: the title.
	Names []string

	Keywords map[string][]string // columns to filter and count by; several values allowed
	Numbers  map[string]int64    // columns to sort and filter by range
	Sorts    map[string]string   // columns to sort by, in byte order; the caller makes the key (pinyin …)
}

// Digest is a 64-bit mark of everything in the document. Two documents with one digest are the same for
// the index; comparing digests shows whether an index holds exactly what it should.
func (d Document) Digest() uint64 {
	var b []byte
	put := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	put(d.ID)
	put(d.Title)
	put(d.Text)
	b = binary.AppendUvarint(b, uint64(len(d.Names)))
	for _, n := range d.Names {
		put(n)
	}
	b = binary.AppendUvarint(b, uint64(len(d.Keywords)))
	for _, k := range slices.Sorted(maps.Keys(d.Keywords)) {
		put(k)
		b = binary.AppendUvarint(b, uint64(len(d.Keywords[k])))
		for _, v := range d.Keywords[k] {
			put(v)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(d.Numbers)))
	for _, k := range slices.Sorted(maps.Keys(d.Numbers)) {
		put(k)
		b = binary.AppendVarint(b, d.Numbers[k])
	}
	for _, k := range slices.Sorted(maps.Keys(d.Sorts)) {
		put(k)
		put(d.Sorts[k])
	}
	sum := sha256.Sum256(b)
	return binary.BigEndian.Uint64(sum[:8])
}

// Batch is a set of changes that readers see together or not at all, up to 256 documents at a time.
type Batch struct {
	Put    []Document
	Delete []string // IDs; an unknown one is no error
}
