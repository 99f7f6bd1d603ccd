package format

import "strings"

// Entry is one record of a bibliography as its file writes it.
type Entry struct {
	Number int    // in the file, from 1
	Line   int    // of the file, where it begins
	Type   string // BibTeX in small letters, RIS in capitals
	Key    string // BibTeX: the citation key
	Tags   []Tag  // in the order of the file
	Broken string // why it cannot be taken in: one of the Broken constants; empty for a good one
}

// Tag is one field of an Entry. The text of BibTeX is as written, see LaTeX and Names.
type Tag struct{ Name, Text string }

// Why an Entry cannot be taken in.
const (
	BrokenOpen  = "unterminated" // it does not end
	BrokenLong  = "too-long"     // it is larger than maxEntry
	BrokenEmpty = "empty"        // it has no fields
	BrokenType  = "no-type"      // RIS: it does not begin with TY
)

// maxEntry is the size in bytes up to which an entry is read; what is longer is passed over.
const maxEntry = 1 << 20

// First is the first text of the first of some tags that the entry has.
func (e Entry) First(names ...string) string {
	for _, n := range names {
		for _, t := range e.Tags {
			if t.Name == n && strings.TrimSpace(t.Text) != "" {
				return t.Text
			}
		}
	}
	return ""
}

// All are the texts of the first of some tags that the entry has at all.
func (e Entry) All(names ...string) []string {
	for _, n := range names {
		var out []string
		for _, t := range e.Tags {
			if t.Name == n && strings.TrimSpace(t.Text) != "" {
				out = append(out, t.Text)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}
