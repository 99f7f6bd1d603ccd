package ui

import "github.com/a-h/templ"

// SearchOf is the search box of a find page.
type SearchOf struct {
	Action      string // GET address
	Name        string // "q"
	Value       string
	Label       string // for screen readers and as placeholder
	Placeholder string // Label if empty
	Verb        string // "搜索" if empty
	Target      string // id of the part of the page that changes with the answer; empty: a plain form
	Suggest     string // address that answers ?q= with suggestions while one types; empty: none
	Keep        []Fact // other values to keep, Label = name
}

// FacetsOf is the filter beside results: repeated values are OR within a facet, AND across facets.
type FacetsOf struct {
	Action string
	Target string // id of the part of the page that changes with the answer
	Reset  string // address without filters
	Keep   []Fact // other values to keep (the query, the sorting), Label = name
	Groups []Facet
	Count  int // filters that hold, shown beside the button on phones
}

// Facet is one group of boxes.
type Facet struct {
	Legend  string
	Name    string
	Options []FacetOption
	More    []FacetOption // folded away until one asks for them
	Days    []FacetDay    // days to choose from, before a field for any day
	Day     string        // chosen day; used with Days
	Find    *FacetField   // a field to look among many values
	From    *FacetField   // lowest and
	To      *FacetField   // highest value one can type
	Pick    *FacetPick    // a choice of one below the boxes
}

// FacetOption is a box with the number of things it would show.
type FacetOption struct {
	Value  string
	Label  string
	Count  int
	On     bool
	Way    string        // address that widens to it: it lies on the way to a chosen one and is a link instead of a box
	Swap   string        // address that takes it in the place of what was typed: it is a link instead of a box
	Inside []FacetOption // its parts, shown when it is open
}

// FacetDay is a day one can choose; Href is the address with it, or without it when it is chosen.
type FacetDay struct {
	Label string
	Href  string
	Count int
	On    bool
}

// FacetField is a small field among the facets.
type FacetField struct {
	Name  string
	Label string
	Value string
	Wrong bool // what was typed could not be read; the page says why
}

// FacetPick is a choice of one.
type FacetPick struct {
	Name    string
	Label   string
	Value   string
	Options []Option
}

// ResultsOf heads a list of things found.
type ResultsOf struct {
	ID     string // "results"
	Title  string // "共 346 项"
	Chosen []Chosen
	Sorts  []Tab  // Label, Href, Current
	Views  []Link // other ways to see the result: as a table, on a map; Icon and Label
	Acts   []Link // what one can do with the whole result: keep it, take it along
	Key    bool   // explain the colours of the availability strips
}

// Chosen is a filter that holds; Href is the address without it.
type Chosen struct {
	Label string
	Href  string
}

// ItemOf is one thing in a list: the card of an instrument, a service, an expert, a need.
type ItemOf struct {
	Icon   string // Icon: "microscope"
	Hue    int    // colour of the icon's ground, 1…8; 0: neutral
	Title  string
	Href   string
	Sample bool
	Meta   []string // maker and model, organisation, place
	Tags   []Chip
	Side   templ.Component // price and button, right
	Acts   []Link          // small links below: compare
	Level  int             // heading level 2…4, 3 if 0
	Photo  string          // address of a small square picture that stands for Icon; the title says what it is of
}

// PriceOf is a price with its unit and what it depends on, for the side of an Item.
type PriceOf struct {
	Amount string // "¥960", "免费", "面议"
	Unit   string // "/ 机时"
	Note   string // "今天余 8 个时段"
	Action Link
	About  string // what the action is about, for screen readers
}

// Suggestion is something worth searching for, or going to.
type Suggestion struct {
	Text string
	Note string // what it is, how many there are
	Href string // where it goes; empty: a search for Text
	Icon string // "search" if empty
}

// shown tells whether a facet has anything to choose.
func (f Facet) shown() bool {
	return len(f.Options) > 0 || len(f.Days) > 0 || f.From != nil || f.Find != nil
}
