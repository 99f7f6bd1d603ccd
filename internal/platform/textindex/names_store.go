package textindex

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
)

// The names lie in a file beside the snapshot: magic, the snapshot's position, the names with their counts,
// and a CRC-32C of all before it.
const namesMagic = "QTNAM\x00\x00\x01"

func namesPath(snapshot string) string { return snapshot + ".names" }

// save writes the names beside a snapshot, whole or not at all.
func (n *names) save(snapshot, position string) error {
	n.mu.RLock()
	b := []byte(namesMagic)
	b = appendText(b, position)
	b = binary.AppendUvarint(b, uint64(len(n.entries)))
	for _, e := range n.entries {
		b = binary.AppendUvarint(b, uint64(e.count))
		line := row(n.shown, e.shown)
		b = binary.AppendUvarint(b, uint64(len(line)))
		b = append(b, line...)
	}
	n.mu.RUnlock()
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
	path := namesPath(snapshot)
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return fmt.Errorf("create the file of names: %w", err)
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write the names: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// readNames reads the names beside a snapshot and the position they stand at.
func readNames(a *Analyser, snapshot string) (n *names, position string, err error) {
	bad := func(why string) (*names, string, error) { return nil, "", badNames(why) }
	data, err := os.ReadFile(namesPath(snapshot))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return bad("missing")
	case err != nil:
		return nil, "", fmt.Errorf("read the names: %w", err)
	case len(data) < len(namesMagic)+4 || string(data[:len(namesMagic)]) != namesMagic:
		return bad("of another version")
	}
	body := data[:len(data)-4]
	if binary.LittleEndian.Uint32(data[len(body):]) != crc32.Checksum(body, castagnoli) {
		return bad("damaged")
	}
	d := &decoder{rest: body[len(namesMagic):]}
	position = d.text()
	n = newNames()
	for range d.count() {
		count := d.number()
		before := len(n.entries)
		if n.put(a, d.text(), false); len(n.entries) > before {
			n.entries[before].count = uint32(count)
		}
	}
	if d.failed || len(d.rest) > 0 {
		return bad("damaged")
	}
	return n, position, nil
}

func badNames(why string) error { return fmt.Errorf("%w: its names are %s", ErrSnapshot, why) }

// replace takes what another holds.
func (n *names) replace(m *names) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seed, n.byHash, n.entries, n.words = m.seed, m.byHash, m.entries, m.words
	n.shown, n.folded, n.full, n.first = m.shown, m.folded, m.full, m.first
	n.byFull, n.byFirst, n.latin = m.byFull, m.byFirst, m.latin
}

// loaded are names read from a snapshot.
type loaded struct {
	names    *names
	position string
	err      error
}

// loadNames reads the names beside a snapshot while the snapshot itself is read; an engine without names has none.
func (e *Engine) loadNames(snapshot string) <-chan loaded {
	out := make(chan loaded, 1)
	go func() {
		l := loaded{err: e.analyser.Ready()}
		if l.err == nil && !e.options.Plain {
			l.names, l.position, l.err = readNames(e.analyser, snapshot)
		}
		out <- l
	}()
	return out
}

// takeNames takes over the names of a snapshot that stands at a position.
func (e *Engine) takeNames(l loaded, position string) error {
	if l.err != nil || l.names == nil {
		return l.err
	}
	if l.position != position {
		return badNames("of another time")
	}
	e.names.replace(l.names)
	if s := e.synonyms.Load(); s != nil {
		e.names.addWords(e.analyser, s.words())
	}
	return nil
}
