package textindex

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"qiao/internal/platform/textindex/dict"
)

// ErrSnapshot says that a snapshot is damaged or of another version of the program or its dictionary. The
// remedy is always the same: build the index anew from the database.
var ErrSnapshot = errors.New("textindex: the snapshot cannot be used")

// A snapshot file is the magic, the payload, and a trailer: CRC-32C of all before it and the payload's
// length. Whoever changes the payload's shape or the analyser's terms raises the version in the magic.
const (
	magic   = "QTIDX\x00\x00\x04"
	trailer = 4 + 8
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Save writes a snapshot with the position of the change feed it stands at. Readers go on; writers wait.
// The file appears whole or not at all, and is on the disk when Save returns.
func (e *Engine) Save(path, position string) error {
	e.writing.Lock()
	defer e.writing.Unlock()
	if !e.index.whole() {
		y := e.index.compacted()
		e.follow(y)
		e.swap(y)
	}
	if !e.options.Plain {
		if err := e.names.save(path, position); err != nil {
			return err
		}
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return fmt.Errorf("create the snapshot: %w", err)
	}
	err = errors.Join(writeSnapshot(f, e.index, position), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write the snapshot: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a rename in it last.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the folder of the snapshot: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync the folder of the snapshot: %w", err)
	}
	return nil
}

// Load replaces the engine's content by a snapshot and returns its position. It fails with ErrSnapshot when
// the file is damaged or of another version and with fs.ErrNotExist when there is none; the engine then
// stays as it was.
func (e *Engine) Load(path string) (position string, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read the snapshot: %w", err)
	}
	names := e.loadNames(path)
	x, position, err := readSnapshot(data)
	if err != nil {
		return "", err
	}
	if err := e.takeNames(<-names, position); err != nil {
		return "", err
	}
	e.writing.Lock()
	defer e.writing.Unlock()
	e.swap(x)
	return position, nil
}

// encoder writes the payload; the first error stays.
type encoder struct {
	w    *bufio.Writer
	crc  hash.Hash32
	size uint64
	buf  []byte
	err  error
}

func writeSnapshot(f io.Writer, x *index, position string) error {
	e := &encoder{crc: crc32.New(castagnoli)}
	e.w = bufio.NewWriterSize(io.MultiWriter(f, e.crc), 1<<18)
	_, e.err = e.w.WriteString(magic)
	e.fixed(dict.Fingerprint())
	e.text(position)
	e.idents(&x.ids)
	for _, d := range x.digest {
		e.fixed(d)
	}
	for _, f := range []*field{&x.words, &x.pairs, &x.titles} {
		e.field(f)
	}
	e.columns(x)
	if e.err == nil {
		e.err = e.w.Flush()
	}
	if e.err != nil {
		return e.err
	}
	end := binary.LittleEndian.AppendUint32(nil, e.crc.Sum32())
	_, err := f.Write(binary.LittleEndian.AppendUint64(end, e.size))
	return err
}

func (e *encoder) write(b []byte) {
	if e.err == nil {
		_, e.err = e.w.Write(b)
		e.size += uint64(len(b))
	}
}

func (e *encoder) fixed(v uint64) { e.write(binary.LittleEndian.AppendUint64(e.buf[:0], v)) }

func (e *encoder) number(v uint64) {
	e.buf = binary.AppendUvarint(e.buf[:0], v)
	e.write(e.buf)
}

func (e *encoder) text(s string) {
	e.number(uint64(len(s)))
	e.write([]byte(s))
}

// idents writes the names of the documents: 16 bytes each, then the texts of those that are no UUID.
func (e *encoder) idents(n *identifiers) {
	e.number(uint64(len(n.packed)))
	var others []string
	for doc, u := range n.packed {
		e.write(u[:])
		if u == (uuid{}) {
			others = append(others, n.other[uint32(doc)])
		}
	}
	e.texts(others)
}

// texts writes a list: how many, their lengths, then all in one block.
func (e *encoder) texts(list []string) {
	e.number(uint64(len(list)))
	for _, s := range list {
		e.number(uint64(len(s)))
	}
	for _, s := range list {
		e.write([]byte(s))
	}
}

func (e *encoder) field(f *field) {
	e.number(uint64(f.terms.count()))
	for i := range f.terms.ends {
		e.number(uint64(len(f.terms.term(uint32(i)))))
	}
	e.write(f.terms.text)
	for i := range f.lists {
		p := &f.lists[i]
		e.number(uint64(p.n))
		e.number(uint64(p.last))
		data := p.encoded()
		e.number(uint64(len(data)))
		e.write(data)
	}
	for _, n := range f.length {
		e.number(uint64(n))
	}
}

func (e *encoder) columns(x *index) {
	docs := uint32(x.ids.count())
	e.number(uint64(len(x.keywords)))
	for name, c := range x.keywords {
		e.text(name)
		e.texts(c.names)
		e.number(uint64(len(c.sets) - 1))
		for _, set := range c.sets[1:] {
			e.number(uint64(len(set)))
			for _, v := range set {
				e.number(uint64(v))
			}
		}
		for d := range docs {
			e.number(uint64(c.set(d)))
		}
		e.number(uint64(len(c.own)))
		for _, bits := range c.own {
			e.fixed(bits)
		}
	}
	e.number(uint64(len(x.numbers)))
	for name, c := range x.numbers {
		e.text(name)
		encodeSorted(e, c, docs, func(v int64) { e.number(uint64(v<<1) ^ uint64(v>>63)) })
	}
	e.number(uint64(len(x.texts)))
	for name, c := range x.texts {
		e.text(name)
		encodeSorted(e, c, docs, e.text)
	}
}

// encodeSorted writes 0 for a missing value, or 1 and the value.
func encodeSorted[T int64 | string](e *encoder, c *sorted[T], docs uint32, put func(T)) {
	for d := range docs {
		v, ok := c.get(d)
		if !ok {
			e.number(0)
			continue
		}
		e.number(1)
		put(v)
	}
}
