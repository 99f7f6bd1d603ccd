package textindex

import (
	"math"
	"strings"
	"unicode/utf8"

	"qiao/internal/platform/textindex/dict"
	"qiao/internal/platform/textindex/fold"
)

// segmenter cuts a run of Chinese characters into dictionary words so that the product of the words'
// probabilities is largest (unigram model, no guessing of unknown words: characters that form no known
// word stand alone, and the pairs field finds them).
//
// The dictionary is a trie kept in one open-addressing table: a slot holds parent node, character and
// child node in 61 bits, so that one step is one look into memory.
type segmenter struct {
	slots []uint64 // parent, character, child; 0 is empty
	mask  uint64
	logp  []float32       // log probability of the word that ends at a node; 0 is no word
	rare  float32         // log probability of a character that is no word
	empty map[string]bool // function words
}

const (
	childBits = 20
	charBits  = 21
	slotBits  = 20 // 1,048,576 slots for about half as many nodes
)

func newSegmenter(f *fold.Table) (*segmenter, error) {
	s := &segmenter{slots: make([]uint64, 1<<slotBits), mask: 1<<slotBits - 1, logp: make([]float32, 1, 1<<19), empty: map[string]bool{}}
	var freqs []uint64
	var ends []uint32
	var total uint64
	err := dict.Words(func(word []byte, freq uint64, function bool) {
		if function {
			s.empty[strings.Map(f.Rune, string(word))] = true
		}
		ends = append(ends, s.insert(word, f))
		freqs = append(freqs, freq)
		total += freq
	})
	if err != nil {
		return nil, err
	}
	for i, node := range ends {
		s.logp[node] = float32(math.Log(float64(freqs[i]) / float64(total)))
	}
	s.rare = float32(math.Log(1 / float64(total)))
	return s, nil
}

// insert adds the path of a word and returns its last node.
func (s *segmenter) insert(word []byte, f *fold.Table) uint32 {
	node := uint32(0)
	for len(word) > 0 {
		r, n := utf8.DecodeRune(word)
		word = word[n:]
		key := slotKey(node, f.Rune(r))
		i := s.find(key)
		if s.slots[i] == 0 {
			child := uint64(len(s.logp))
			s.slots[i] = key<<childBits | child
			s.logp = append(s.logp, 0)
		}
		node = uint32(s.slots[i] & (1<<childBits - 1))
	}
	return node
}

func slotKey(node uint32, r rune) uint64 { return uint64(node)<<charBits | uint64(r) }

// find returns the slot of key, or the empty slot where it would stand.
func (s *segmenter) find(key uint64) uint64 {
	i := (key * 0x9E3779B97F4A7C15) >> (64 - slotBits)
	for s.slots[i] != 0 && s.slots[i]>>childBits != key {
		i = (i + 1) & s.mask
	}
	return i
}

// path is the working memory of cut.
type path struct {
	best []float32
	end  []int
}

// cut calls yield for every word of run, as half-open ranges of characters.
func (s *segmenter) cut(run []rune, p *path, yield func(from, to int)) {
	n := len(run)
	if cap(p.best) <= n {
		p.best, p.end = make([]float32, 2*n+64), make([]int, 2*n+64)
	}
	best, end := p.best[:n+1], p.end[:n+1]
	best[n] = 0
	for i := n - 1; i >= 0; i-- {
		best[i], end[i] = s.rare+best[i+1], i+1
		node := uint32(0)
		for j := i; j < n; j++ {
			slot := s.slots[s.find(slotKey(node, run[j]))]
			if slot == 0 {
				break
			}
			node = uint32(slot & (1<<childBits - 1))
			if lp := s.logp[node]; lp != 0 && lp+best[j+1] > best[i] {
				best[i], end[i] = lp+best[j+1], j+1
			}
		}
	}
	for i := 0; i < n; i = end[i] {
		yield(i, end[i])
	}
}
