package kinds

import "slices"

// Type says how a field's text is read and how its value is kept.
type Type string

// The types; in brackets how a value is kept.
const (
	Text   Type = "text"   // one line (string)
	Long   Type = "long"   // several lines (string)
	Date   Type = "date"   // civil date (string YYYY-MM-DD)
	Number Type = "number" // whole number ≥ 0 (int64)
	Wan    Type = "wan"    // money typed in units of 10,000 yuan with two decimals (int64 fen)
	Flag   Type = "flag"   // yes or no (bool)
	One    Type = "one"    // one of Choices (string, the choice's value)
	Many   Type = "many"   // some of Choices (list of strings)
	List   Type = "list"   // free words, separated by commas (list of strings)
	Class  Type = "class"  // instrument class, six digits (string)
	Link   Type = "link"   // http or https address (string)
	Mail   Type = "mail"   // e-mail address (string)
	Post   Type = "post"   // postal code, six digits (string)
	Month  Type = "month"  // month of a year (string YYYY-MM)
)

// Choice is one value of a field of type One or Many.
type Choice struct {
	Value  string   // kept and exchanged
	ZH, EN string   // shown
	Also   []string // further spellings accepted
}

// Field describes one field of a kind.
type Field struct {
	Name     string // in the API, in forms and in Resource.Fields
	ZH, EN   string // label
	Type     Type
	Max      int // characters, of one value; 0 = 2000
	Items    int // Many, List: at most so many values; 0 = 20
	Choices  []Choice
	Required bool
	Core     bool   // kept as a column of the core row, not in Resource.Fields
	Group    string // section of the page: one of Groups
	UnitZH   string // unit beside the value
	UnitEN   string
	HintZH   string // what to write, shown under the field and in the template
	HintEN   string
	NRII     string   // key in the national platform's interface
	Column   string   // heading in the national platform's import template
	Also     []string // other headings seen in the wild
	Hidden   bool     // contact data of a person: shown to signed-in people only
	Element  string   // name of the element of GB/T 30523 it carries, see Elements

	Facet   bool // the search can be narrowed by its values
	Search  bool // its words are found; set by All for fields of words about the thing itself
	Export  bool // it stands in public exports; set by All for all but contact data
	Publish bool // needed before the record is published
	Wanted  bool // not needed, but a record without it serves its readers badly: the desk asks for it
}

// words tells whether a field's text is about the thing itself, not about people, customs papers or places of files.
func (f Field) words() bool {
	if f.Core || f.Hidden || f.Group == "customs" || f.Name == "image" {
		return false
	}
	switch f.Type {
	case Text, Long, List, Many:
		return true
	}
	return false
}

// Kind is one kind of resource.
type Kind struct {
	Name     string // as in the API
	ZH, EN   string
	Bookable bool   // can be booked by the hour once it has a price or is free
	Orders   bool   // can be commissioned (an order without a slot)
	Template bool   // has a spreadsheet template of our own
	Personal bool   // about a person: its contact fields are seen by its owner only, and the person decides whether it stands
	TextZH   string // what belongs to it, in a sentence
	TextEN   string
	Fields   []Field
}

// Group is a section of fields on a page or form.
type Group struct{ Name, ZH, EN string }

// Field finds a field by its name.
func (k Kind) Field(name string) (Field, bool) {
	i := slices.IndexFunc(k.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return k.Fields[i], true
}

// In lists the fields of a group that are not columns of the core row.
func (k Kind) In(group string) []Field {
	var out []Field
	for _, f := range k.Fields {
		if f.Group == group && !f.Core {
			out = append(out, f)
		}
	}
	return out
}

// Missing lists the fields that r lacks of those wanted; has tells whether one is there.
func (k Kind) Missing(has func(Field) bool) []Field {
	var out []Field
	for _, f := range k.Fields {
		if (f.Wanted || f.Publish) && !has(f) {
			out = append(out, f)
		}
	}
	return out
}

// Choice finds a choice by its value.
func (f Field) Choice(value string) (Choice, bool) {
	i := slices.IndexFunc(f.Choices, func(c Choice) bool { return c.Value == value })
	if i < 0 {
		return Choice{}, false
	}
	return f.Choices[i], true
}

// Set is all kinds, in the order they are shown.
type Set []Kind

// Find finds a kind by its name.
func (s Set) Find(name string) (Kind, bool) {
	i := slices.IndexFunc(s, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return s[i], true
}
