package textindex

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// Options sets the weights of the ranking. The zero value is the measured default.
type Options struct {
	Pairs  float64 // weight of character pairs against words; 0 means DefaultPairs
	Titles float64 // weight of the title words; 0 means DefaultTitles, less than 0 none
	Plain  bool    // neither suggestions nor corrections: no names are kept for them
	Whole  bool    // words that say nothing (的, how) score and are asked for too, however many others there are
	Laws   [2]Law  // for queries mostly of Chinese, and mostly of letters and digits; zero means the measured ones
}

// laws are those in force.
func (o Options) laws() laws {
	by := measuredLaws()
	for i, l := range o.Laws {
		if l != (Law{}) {
			by[i] = l
		}
	}
	return by
}

// The default weights, chosen on Chinese keyword, title and need queries (see eval).
const (
	DefaultPairs  = 0.75
	DefaultTitles = 0.5
)

// Engine is an index in memory. Its methods are safe for concurrent use.
type Engine struct {
	analyser *Analyser
	options  Options
	pool     sync.Pool // *tally

	writing sync.Mutex   // one writer; held while documents are analysed and while a snapshot is written
	mu      sync.RWMutex // guards what index points to
	index   *index

	synonyms atomic.Pointer[synonyms]
	vectors  atomic.Pointer[vectors] // nil until trained
	counts   counts                  // what Suggest counted
	names    *names                  // what Suggest and corrections know; has its own lock
}

// index is everything an Engine holds. Document numbers run from 0 in order of arrival; a replaced or
// deleted one is marked dead until compaction.
type index struct {
	words, pairs, titles field

	ids    identifiers
	digest []uint64
	dead   []bool
	buried *graves

	keywords map[string]*keywords
	numbers  map[string]*sorted[int64]
	texts    map[string]*sorted[string]
}

func newIndex() *index {
	return &index{
		words: newField(), pairs: newField(), titles: newField(), ids: newIdentifiers(), buried: &graves{},
		keywords: map[string]*keywords{}, numbers: map[string]*sorted[int64]{}, texts: map[string]*sorted[string]{},
	}
}

// New returns an empty engine.
func New(a *Analyser, o Options) *Engine {
	if o.Pairs == 0 {
		o.Pairs = DefaultPairs
	}
	if o.Titles == 0 {
		o.Titles = DefaultTitles
	}
	o.Titles = max(o.Titles, 0)
	o.Laws = o.laws()
	return &Engine{analyser: a, options: o, index: newIndex(), names: newNames(), pool: sync.Pool{New: func() any { return &tally{} }}}
}

// Len is the number of documents.
func (e *Engine) Len() int {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.index.ids.live
}

// Digests returns the digest of every document by ID.
func (e *Engine) Digests() map[string]uint64 {
	e.mu.RLock()
	defer e.mu.RUnlock()
	x := e.index
	out := make(map[string]uint64, x.ids.live)
	for doc, digest := range x.digest {
		if !x.dead[doc] {
			out[x.ids.id(uint32(doc))] = digest
		}
	}
	return out
}

// Digest returns the digest of one document.
func (e *Engine) Digest(id string) (uint64, bool) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	doc, _, ok := e.index.ids.find(id)
	if !ok {
		return 0, false
	}
	return e.index.digest[doc], true
}

// errNoID: a document cannot be replaced or deleted without a name.
var errNoID = errors.New("textindex: a document has no ID")

// chunk is how many documents are analysed before readers wait for them to enter.
const chunk = 256

// Apply puts and deletes documents. A document equal to the one held costs nothing. Deletions come first,
// then puts in order. An error leaves the chunks before it applied; applying the batch again is harmless.
func (e *Engine) Apply(ctx context.Context, b Batch) error {
	for _, d := range b.Put {
		if d.ID == "" {
			return errNoID
		}
	}
	if err := e.analyser.Ready(); err != nil {
		return err
	}
	e.writing.Lock()
	defer e.writing.Unlock()
	e.remove(b.Delete)
	for from := 0; from < len(b.Put); from += chunk {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := e.put(b.Put[from:min(from+chunk, len(b.Put))]); err != nil {
			return err
		}
	}
	e.counts.changed(len(b.Put)+len(b.Delete), e.Len())
	e.compactIfWorth()
	return nil
}

func (e *Engine) remove(ids []string) {
	if len(ids) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, id := range ids {
		e.index.kill(id)
	}
}

// prepared is a document ready to enter the index.
type prepared struct {
	doc                  Document
	digest               uint64
	words, pairs, titles bag
}

// put analyses documents while readers go on, then lets them enter together.
func (e *Engine) put(docs []Document) error {
	x := e.index // only the writer replaces it, and we are the writer
	d := drafts{newDraft(&x.words), newDraft(&x.pairs), newDraft(&x.titles)}
	last := map[string]int{}
	for i, doc := range docs {
		last[doc.ID] = i
	}
	ready := make([]prepared, 0, len(docs))
	err := e.analyser.with(func(sc *scratch) error {
		for i, doc := range docs {
			p := prepared{doc: doc, digest: doc.Digest()}
			if old, _, ok := x.ids.find(doc.ID); last[doc.ID] != i || ok && x.digest[old] == p.digest {
				continue
			}
			if err := d.fill(e.analyser, sc, &p); err != nil {
				return err
			}
			ready = append(ready, p)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !e.options.Plain {
		e.names.add(e.analyser, ready)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	d.words.commit()
	d.pairs.commit()
	d.titles.commit()
	for _, p := range ready {
		x.kill(p.doc.ID)
		x.add(p)
	}
	return nil
}

// drafts are the drafts of the three fields.
type drafts struct{ words, pairs, titles *draft }

// fill analyses a document into its bags.
func (d drafts) fill(a *Analyser, sc *scratch, p *prepared) error {
	take := func(t token) {
		if t.kind&kindWord != 0 {
			p.words.ids = append(p.words.ids, d.words.term(t.term))
		}
		if t.kind&kindPair != 0 {
			p.pairs.ids = append(p.pairs.ids, d.pairs.term(t.term))
		}
	}
	err := a.analyse(p.doc.Title, sc, func(t token) {
		take(t)
		if t.kind&kindWord != 0 {
			p.titles.ids = append(p.titles.ids, d.titles.term(t.term))
		}
	})
	if err != nil {
		return err
	}
	return a.analyse(p.doc.Text, sc, take)
}

// add appends a document. The caller holds the write lock.
func (x *index) add(p prepared) {
	doc := x.ids.add(p.doc.ID)
	x.digest = append(x.digest, p.digest)
	x.dead = append(x.dead, false)
	x.words.add(doc, p.words)
	x.pairs.add(doc, p.pairs)
	x.titles.add(doc, p.titles)
	for name, values := range p.doc.Keywords {
		c := x.keywords[name]
		if c == nil {
			c = newKeywords(int(doc))
			x.keywords[name] = c
		}
		c.pad(int(doc))
		c.add(p.doc.ID, values)
	}
	for name, v := range p.doc.Numbers {
		if x.numbers[name] == nil {
			x.numbers[name] = &sorted[int64]{}
		}
		x.numbers[name].put(int(doc), v)
	}
	for name, v := range p.doc.Sorts {
		if x.texts[name] == nil {
			x.texts[name] = &sorted[string]{}
		}
		x.texts[name].put(int(doc), v)
	}
}

// kill marks a document dead, if it is there. The caller holds the write lock.
func (x *index) kill(id string) {
	doc, place, ok := x.ids.find(id)
	if !ok {
		return
	}
	x.ids.drop(doc, place)
	x.dead[doc] = true
	x.buried.list = append(x.buried.list, doc)
	for _, f := range []*field{&x.words, &x.pairs, &x.titles} {
		f.count(f.length[doc], -1)
	}
}

// whole reports whether no document is dead.
func (x *index) whole() bool { return x.ids.live == x.ids.count() }
