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
	Target      string // id of the Results that follow while one types; empty: a plain form
	Keep        []Fact // other values to keep, Label = name
}

// FacetsOf is the filter beside results: repeated values are OR within a facet, AND across facets.
type FacetsOf struct {
	Action string
	Target string // id of the Results
	Reset  string // address without filters
	Keep   []Fact // other values to keep (the query, the sorting), Label = name
	Groups []Facet
}

// Facet is one group of boxes.
type Facet struct {
	Legend  string
	Name    string
	Options []FacetOption
}

// FacetOption is a box with the number of things it would show.
type FacetOption struct {
	Value string
	Label string
	Count int
	On    bool
}

// ResultsOf heads a list of things found.
type ResultsOf struct {
	ID     string // "results"
	Title  string // "共 346 项"
	Chosen []Chosen
	Sorts  []Tab // Label, Href, Current
	Key    bool  // explain the colours of the availability strips
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
	Level  int             // heading level 2…4, 3 if 0
}

// PriceOf is a price with its unit and what it depends on, for the side of an Item.
type PriceOf struct {
	Amount string // "¥960", "免费", "面议"
	Unit   string // "/ 机时"
	Note   string // "今天余 8 个时段"
	Action Link
	About  string // what the action is about, for screen readers
}
