package find

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sightings are abbreviations with what records write beside them.
type sightings map[string]*sighting

type sighting struct {
	abbr   string                     // as it is mostly written
	terms  map[string]map[string]bool // Chinese before it → records' owners
	counts map[string]int             // Chinese before it → records
}

// Lengths of a Chinese term, in characters.
const (
	shortestTerm = 3
	longestTerm  = 16
)

var (
	explained = regexp.MustCompile(`([A-Z]?\p{Han}{2,16})\s*[（(]\s*([A-Za-z][A-Za-z0-9/-]{1,9})\s*[)）]`)
	explains  = regexp.MustCompile(`\b([A-Za-z][A-Za-z0-9/-]{1,9})\s*[（(]\s*([A-Z]?\p{Han}{2,16})\s*[)）]`)
	letters   = regexp.MustCompile(`^[A-Z]{2,6}`)
	chinese   = regexp.MustCompile(`[A-Z]?\p{Han}{2,16}`)
)

// read looks for words with their abbreviation in brackets, or the other way round. A record counts once for each.
func (s sightings) read(text, owner string) {
	done := map[[2]string]bool{}
	note := func(term, abbr string) {
		if key := [2]string{term, abbr}; !done[key] && abbreviates(abbr) {
			done[key] = true
			s.note(term, abbr, owner)
		}
	}
	for _, m := range explained.FindAllStringSubmatch(text, -1) {
		note(m[1], m[2])
	}
	for _, m := range explains.FindAllStringSubmatch(text, -1) {
		note(m[2], m[1])
	}
}

// model looks at a record whose model begins with the letters its English name begins its words with.
func (s sightings) model(zh, en, model, owner string) {
	abbr := letters.FindString(model)
	terms := chinese.FindAllString(zh, -1)
	if abbr == "" || len(terms) == 0 || !abbreviates(abbr) || !strings.HasSuffix(initialsOf(en), abbr) {
		return
	}
	s.note(terms[len(terms)-1], abbr, owner)
}

// abbreviates tells whether letters look like an abbreviation: at least two capitals and no unit of measure.
func abbreviates(abbr string) bool {
	capitals := 0
	for _, r := range abbr {
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	switch strings.ToLower(abbr) {
	case "mn", "kn", "kv", "mv", "kw", "mw", "hz", "khz", "mhz", "ghz", "mpa", "gpa", "kpa", "rh", "hv", "hrc", "ii", "iii", "iv", "vi", "vii", "viii", "ok", "no", "ppm":
		return false
	}
	return capitals >= 2
}

func initialsOf(en string) string {
	var b strings.Builder
	for _, w := range strings.FieldsFunc(en, func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch strings.ToLower(w) {
		case "and", "of", "the", "for", "with", "in", "sample":
			continue
		}
		r, _ := utf8.DecodeRuneInString(w)
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

func (s sightings) note(term, abbr, owner string) {
	key := plainWord(abbr)
	x := s[key]
	if x == nil {
		x = &sighting{abbr: abbr, terms: map[string]map[string]bool{}, counts: map[string]int{}}
		s[key] = x
	}
	if x.terms[term] == nil {
		x.terms[term] = map[string]bool{}
	}
	x.terms[term][owner] = true
	x.counts[term]++
}

// groups are the abbreviations enough records of enough owners explain alike, with what they explain.
func (s sightings) groups(least Threshold) []found {
	var out []found
	for _, x := range s {
		if g, ok := x.group(least); ok {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b found) int { return strings.Compare(a.words[0], b.words[0]) })
	return out
}

// group takes from what stands before an abbreviation the end that most records share: 场发射扫描电子显微镜 and
// 扫描电子显微镜 share 扫描电子显微镜. Then the next, of what is left.
func (x *sighting) group(least Threshold) (found, bool) {
	all := 0
	for _, n := range x.counts {
		all += n
	}
	left := map[string]bool{}
	for term := range x.counts {
		left[term] = true
	}
	g := found{}
	records := 0
	for len(left) > 0 && len(g.words) < 4 {
		end, n := x.sharedEnd(left)
		owners := map[string]bool{}
		for term := range left {
			if strings.HasSuffix(term, end) {
				for o := range x.terms[term] {
					owners[o] = true
				}
				delete(left, term)
			}
		}
		if n < least.Records || len(owners) < least.Owners {
			break
		}
		if n*100 >= all*least.Share || len(g.words) > 0 {
			g.words, records = append(g.words, end), records+n
			continue
		}
		break
	}
	if len(g.words) == 0 {
		return found{}, false
	}
	g.note = fmt.Sprintf("%s（%s） ×%d", g.words[0], x.abbr, records) //i18n:data what the records write
	g.words = append(g.words, x.abbr)
	return g, true
}

// sharedEnd is the longest end of a term among those most records share, with their number.
func (x *sighting) sharedEnd(left map[string]bool) (string, int) {
	ends := map[string]int{}
	for term := range left {
		r := []rune(term)
		for n := shortestTerm; n <= min(len(r), longestTerm); n++ {
			ends[string(r[len(r)-n:])] += x.counts[term]
		}
		if len(r) < shortestTerm {
			ends[term] += x.counts[term]
		}
	}
	best, most := "", 0
	for end, n := range ends {
		if n > most || n == most && (len(end) > len(best) || len(end) == len(best) && end < best) {
			best, most = end, n
		}
	}
	return best, most
}
