package columns

import (
	"slices"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity/names"
)

// How sure a way of matching is, in points of 100.
const (
	asLabel    = 100 // the field's own label
	asSpelling = 97  // another name it is known by
	asBare     = 90  // one of those once the words are off that say nothing
	asNoun     = 80  // the heading is the thing that the list is of: its names
	asSound    = 75  // its pinyin
	asInitials = 70  // its first letters
	asWeak     = 66  // a name it has only where nothing fits better
	asValues   = 62  // nothing in the heading, everything in the values
	certain    = 85  // from here on a person need hardly look
	enough     = 60  // below, the column is left out
)

// vocabulary is everything the fields of one kind are called.
type vocabulary struct {
	kind    kinds.Kind
	fields  map[string]kinds.Field
	order   []string // targets in the order they are shown
	nouns   []string
	whole   map[string]map[string]int // folded heading → target → points
	barely  map[string]map[string]int // the same without fillers
	byWords map[string]map[string]int // words of a Latin heading, sorted
	sounds  map[string]map[string]int
}

func vocabularyOf(k kinds.Kind) *vocabulary {
	v := &vocabulary{
		kind: k, fields: map[string]kinds.Field{}, nouns: nouns(k.Name),
		whole: map[string]map[string]int{}, barely: map[string]map[string]int{}, byWords: map[string]map[string]int{}, sounds: map[string]map[string]int{},
	}
	for _, f := range Fields(k) {
		v.fields[f.Name] = f
		v.order = append(v.order, f.Name)
		for _, w := range []string{f.ZH, f.EN, f.Column, f.NRII, strings.TrimPrefix(f.Name, "@")} {
			v.add(f.Name, w, asLabel)
		}
		for _, w := range append(slices.Clone(f.Also), spellings(f.Name)...) {
			v.add(f.Name, w, asSpelling)
			if ofPerson(f.Name) {
				v.add(f.Name, "联系人"+w, asSpelling) //i18n:data a prefix of headings
				v.add(f.Name, "contact "+w, asSpelling)
			}
		}
		for _, w := range weak(f.Name) {
			v.weaken(f.Name, w)
		}
	}
	for _, w := range own(k) {
		v.add(kinds.TargetName, w, asSpelling)
	}
	for _, w := range v.nouns {
		put(v.whole, kinds.Fold(w), kinds.TargetName, asNoun)
	}
	return v
}

// Fields lists what a column of a list of this kind may carry: the kind's fields, a name in whichever language, and what
// prices are made of.
func Fields(k kinds.Kind) []kinds.Field {
	out := append([]kinds.Field{{Name: kinds.TargetName, ZH: "名称（中文或英文）", EN: "Name (Chinese or English)", Type: kinds.Text, Group: "basic"}}, k.Fields...) //i18n:data a label in both languages
	if k.Bookable || k.Orders {
		for _, f := range kinds.Pricing() {
			f.Group = "price"
			out = append(out, f)
		}
	}
	return out
}

// ofPerson tells whether a field is a detail of the person to ask.
func ofPerson(field string) bool {
	return slices.Contains([]string{"phone", "email", "address", "postcode"}, field)
}

func put(m map[string]map[string]int, key, target string, points int) {
	if key == "" {
		return
	}
	if m[key] == nil {
		m[key] = map[string]int{}
	}
	m[key][target] = max(m[key][target], points)
}

// add learns a name of a target.
func (v *vocabulary) add(target, name string, points int) {
	h := headingOf(name)
	put(v.whole, h.whole, target, points)
	if !h.han {
		put(v.byWords, key(h.words, v.nouns), target, asBare-2)
		return
	}
	put(v.barely, v.reduce(h.whole, target), target, asBare)
	if whole, initials := names.Pinyin(h.whole); len(whole) > 3 {
		put(v.sounds, whole, target, asSound)
		if len(initials) > 2 {
			put(v.sounds, initials, target, asInitials)
		}
	}
}

// weaken makes a name one that a target has only where nothing fits better.
func (v *vocabulary) weaken(target, name string) {
	h := headingOf(name)
	set := func(m map[string]map[string]int, key string, points int) {
		if key != "" {
			if m[key] == nil {
				m[key] = map[string]int{}
			}
			m[key][target] = points
		}
	}
	set(v.whole, h.whole, asWeak)
	if h.han {
		set(v.barely, v.reduce(h.whole, target), asWeak-2)
		return
	}
	set(v.byWords, key(h.words, v.nouns), asWeak-2)
}

// reduce takes the fillers off a Chinese heading; off a name only what the list is of, since 单位名称 is no name of an
// instrument.
func (v *vocabulary) reduce(folded, target string) string {
	if isName(target) {
		return bare(folded, v.nouns)
	}
	out := bare(folded, append(slices.Clone(v.nouns), fillers()...))
	if slices.Contains(fillers(), out) {
		return ""
	}
	return out
}

func isName(target string) bool {
	return target == kinds.TargetName || target == "name_zh" || target == "name_en"
}

// means lists what a heading may mean, with points: as a whole, or where it gives several words for one thing (建筑/房间), what
// every one of them means.
func (v *vocabulary) means(h heading, subject []string) map[string]int {
	out := v.meansWhole(h, subject)
	parts := strings.FieldsFunc(h.text, func(r rune) bool { return strings.ContainsRune("/／、|", r) }) //i18n:data marks between words
	if len(out) > 0 || len(parts) < 2 {
		return out
	}
	for i, part := range parts {
		one := v.meansWhole(headingOf(part), subject)
		if i == 0 {
			out = one
			continue
		}
		for target, points := range out {
			if other, ok := one[target]; ok {
				out[target] = min(points, other)
			} else {
				delete(out, target)
			}
		}
	}
	return out
}

func (v *vocabulary) meansWhole(h heading, subject []string) map[string]int {
	out := map[string]int{}
	take := func(m map[string]int, only func(string) bool) {
		for target, points := range m {
			if only == nil || only(target) {
				out[target] = max(out[target], points)
			}
		}
	}
	take(v.whole[h.whole], nil)
	if h.han {
		take(v.barely[v.reduce(h.whole, kinds.TargetName)], isName)
		take(v.barely[v.reduce(h.whole, "")], func(t string) bool { return !isName(t) })
		return out
	}
	if len(h.words) == 0 {
		return out
	}
	plain, less := key(h.words, v.nouns), key(h.words, append(slices.Clone(v.nouns), subject...))
	take(v.byWords[plain], nil)
	if less != "" {
		take(v.byWords[less], nil)
	}
	if plain == "" && len(h.words) == 1 {
		out[kinds.TargetName] = max(out[kinds.TargetName], asNoun)
	}
	if s := v.sounds[strings.ReplaceAll(h.whole, " ", "")]; len(s) == 1 || len(out) == 0 && sameSlot(s) {
		take(s, nil)
	}
	return out
}

// sameSlot tells whether targets are names all: then their sounds leave no doubt that matters.
func sameSlot(targets map[string]int) bool {
	for t := range targets {
		if !isName(t) {
			return false
		}
	}
	return true
}

// speaksOf tells whether a text has one of the kind's nouns in it.
func (v *vocabulary) speaksOf(h heading) bool {
	return slices.ContainsFunc(v.nouns, func(n string) bool {
		if strings.IndexFunc(n, isHan) >= 0 {
			return strings.Contains(h.whole, n)
		}
		return slices.Contains(h.words, n)
	})
}
