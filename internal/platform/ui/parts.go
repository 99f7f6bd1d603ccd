package ui

import (
	"strings"
	"time"

	"github.com/a-h/templ"
)

// Btn is a button or a link that looks like one. Its words are a verb.
type Btn struct {
	Label    string
	Icon     string // Tabler name, before the label
	Name     string // of the value a submit button sends
	Value    string
	Quiet    bool // the second choice: outlined
	Danger   bool // destroys something
	Small    bool
	Block    bool // as wide as its container
	Disabled bool
	Describe string // for screen readers where the label alone is not enough ("预约 扫描电镜"); empty: the label
}

func (b Btn) class() string {
	c := "btn"
	for name, on := range map[string]bool{" quiet": b.Quiet, " danger": b.Danger, " small": b.Small, " block": b.Block} {
		if on {
			c += name
		}
	}
	return c
}

// name is what a screen reader says: the label, which whoever speaks to the page will say, and what it is about.
func (b Btn) name() string {
	if b.Describe == "" || strings.Contains(b.Describe, b.Label) {
		return b.Describe
	}
	return b.Label + " " + b.Describe
}

// PanelOf is a framed part of a page with a heading.
type PanelOf struct {
	Title  string
	Note   string // small, beside the title: the unit, the period
	Action Link   // right of the title
	ID     string // anchor
	Flush  bool   // no space around the content: a table
}

// EmptyState says why there is nothing, and what one can do.
type EmptyState struct {
	Icon   string
	Title  string // why it is empty
	Text   string // what to do
	Action Link   // the next step
}

// FaultView is what an error page shows.
type FaultView struct {
	Status  int    // HTTP status
	Title   string // what went wrong, in a sentence
	Text    string // why, and how to mend it
	Actions []Link // where to go
	Request string // id to tell the operator
}

// ConfirmOf is a button that asks back in words before it posts.
type ConfirmOf struct {
	Button Btn    // opens the question
	Title  string // the question
	Text   string // what will happen, and whether it can be undone
	Action string // POST address
	Verb   string // label of the button that does it
	Danger bool
}

// Task is a kind of thing that waits for the reader, one line of the desk's first page. Modules' Tasks list them.
type Task struct {
	Title string    // what to do, a verb first: "接受预约 DD3304-20261121-0007"
	Note  string    // of whom, about what
	Link  string    // where it is done
	Icon  string    // Icon: "…", a check mark if empty
	Count int       // how many wait, 0 is 1
	Since time.Time // since when the oldest waits
	Due   time.Time // promised or lawful end; zero: none
}

// HeroOf is the head of a public page.
type HeroOf struct {
	Title string
	Lead  string
	Crumb []Link
	Aside templ.Component // right of the title on wide screens
	Tall  bool            // the front page
}
