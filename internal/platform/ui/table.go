package ui

// TableOf describes a table; its rows are the children.
type TableOf struct {
	Caption string // what the table holds, for screen readers
	Columns []Column
	Dense   bool
}

// Column is the head of a column. On phones each row becomes a card, and a cell shows its column's label before it.
type Column struct {
	Label  string
	Num    bool // right-aligned: numbers and money
	Hidden bool // the label is for screen readers only: a column of buttons
}

// Tab is one of several views of a thing; each is a page of its own.
type Tab struct {
	Label   string
	Href    string
	Current bool
	Count   int // shown when above 0
}

// PagerOf leads through a list: by cursor, with First and Next, or by pages, with Before and Last too.
type PagerOf struct {
	First  string // address of the first page; empty: this is it
	Before string // address of the page before this one, where pages are counted
	Next   string // address of the next page; empty: this is the last
	Last   string // address of the last page, where pages are counted
	Note   string // "显示 20 项，共 346 项"
}

// PickBarOf is the bar below a table whose rows can be chosen.
type PickBarOf struct {
	Total int64 // rows on all pages
	More  bool  // there are other pages
}
