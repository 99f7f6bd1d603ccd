package facts

import (
	"slices"
	"strconv"

	"qiao/internal/platform/db"
	"qiao/internal/platform/rule"
)

// Where a value comes from.
const (
	Stated   = "stated"   // by the firm
	Verified = "verified" // by an officer, from a document
	Imported = "imported" // from a register or a spreadsheet of the authority
)

// Entry is one value of one fact of one organisation. Entries are only ever added.
type Entry struct {
	ID        string  `db:"id"`
	Org       string  `db:"org"`
	Key       string  `db:"fact"`
	Year      string  `db:"year"`  // of a yearly fact
	AsOf      string  `db:"as_of"` // civil day for which it was counted, or on which it was written
	Value     string  `db:"value"` // empty: taken back
	Source    string  `db:"source"`
	Confirms  string  `db:"confirms"` // the entry that an officer confirmed, or corrected
	Reuse     bool    `db:"reuse"`    // the authority of the region may use it for other purposes, too
	Note      string  `db:"note"`
	FileName  string  `db:"file_name"` // evidence
	SHA256    string  `db:"sha256"`
	Size      int64   `db:"size"`
	Person    string  `db:"person"`
	ByOrg     string  `db:"by_org"`
	Import    string  `db:"import"`
	Sample    bool    `db:"sample"`
	CreatedAt db.Time `db:"created_at"`
}

// slot is what holds one value at a time: a fact, or a fact for a year.
type slot struct{ key, year string }

// File is what holds now of one organisation.
type File map[slot]Entry

// Current picks the newest entry of each fact and year; the entries are the oldest first.
func Current(entries []Entry) File {
	out := File{}
	for _, e := range entries {
		out[slot{e.Key, e.Year}] = e
	}
	for at, e := range out {
		if e.Value == "" {
			delete(out, at)
		}
	}
	return out
}

// years are the civil years of which yearly facts are asked, the last full one first.
func years(day string, n int) []string {
	y, err := strconv.Atoi(day[:min(4, len(day))])
	if err != nil {
		return nil
	}
	var out []string
	for i := range n {
		out = append(out, strconv.Itoa(y-1-i))
	}
	return out
}

// at finds the entry behind a fact of a condition on a day.
func (f File) at(keys Keys, fact, day string) (Entry, Key, bool) {
	key, back, ok := keys.of(fact)
	if !ok {
		return Entry{}, Key{}, false
	}
	year := ""
	if key.Per == perYear {
		y := years(day, back+1)
		if len(y) == 0 {
			return Entry{}, key, false
		}
		year = y[back]
	}
	e, ok := f[slot{key.Code, year}]
	return e, key, ok
}

// values are the facts that conditions may use on a day.
func (f File) values(keys Keys, names []string, day string) rule.Values {
	out := rule.Values{}
	for _, name := range names {
		if e, key, ok := f.at(keys, name, day); ok {
			if v := key.Known(e.Value); v != nil {
				out[name] = v
			}
		}
	}
	return out
}

// only keeps the values that an authority may see: those given again, and those of the facts given to it.
func (f File) only(given []string) File {
	out := File{}
	for at, e := range f {
		if e.Reuse || e.Source == Imported || slices.Contains(given, e.Key) {
			out[at] = e
		}
	}
	return out
}
