package identity

import (
	"context"
	"slices"
	"strings"

	"qiao/internal/platform/i18n"
)

// Tree is all regions of all times, in memory and never changed.
type Tree struct {
	newest   map[string]Region   // by code: the period in force, else the last one
	children map[string][]string // codes in force, in order; "" holds the provinces
}

// NewTree builds the tree. Rows of one code may be many; the last period is what a code means today.
func NewTree(rows []Region) *Tree {
	t := &Tree{newest: make(map[string]Region, len(rows)), children: map[string][]string{}}
	for _, r := range rows {
		if have, ok := t.newest[r.Code]; !ok || have.ValidFrom < r.ValidFrom {
			t.newest[r.Code] = r
		}
	}
	for code, r := range t.newest {
		if r.ValidTo == "" {
			t.children[r.Parent] = append(t.children[r.Parent], code)
		}
	}
	for _, c := range t.children {
		slices.Sort(c)
	}
	return t
}

// Len is how many codes there are.
func (t *Tree) Len() int { return len(t.newest) }

// Region is what the code means today, or meant last when it is dissolved.
func (t *Tree) Region(code string) (Region, bool) {
	r, ok := t.newest[code]
	return r, ok
}

// Known tells whether the code is in force.
func (t *Tree) Known(code string) bool {
	r, ok := t.newest[code]
	return ok && r.ValidTo == ""
}

// Children are the regions in force directly below code ("": the provinces), by code.
func (t *Tree) Children(code string) []Region {
	out := make([]Region, 0, len(t.children[code]))
	for _, c := range t.children[code] {
		out = append(out, t.newest[c])
	}
	return out
}

// Line is the regions from the province down to code; empty when the code is unknown.
func (t *Tree) Line(code string) []Region {
	var line []Region
	for depth := 0; code != "" && depth < 4; depth++ {
		r, ok := t.newest[code]
		if !ok {
			break
		}
		line = append(line, r)
		code = r.Parent
	}
	slices.Reverse(line)
	return line
}

// Path is the Chinese name of the whole line: "浙江省 嘉兴市 南湖区"; an unknown code is its own path.
func (t *Tree) Path(code string) string {
	return spell(t.Line(code), code, func(r Region) string { return r.NameZH }, false)
}

// Name is the line in the reader's language, without the first skip regions where more are left: "浙江省 嘉兴市 南湖区",
// "Nanhu District, Jiaxing, Zhejiang". An unknown code is its own name.
func (t *Tree) Name(ctx context.Context, code string, skip int) string {
	line := t.Line(code)
	if len(line) > skip {
		line = line[skip:]
	}
	return spell(line, code, func(r Region) string { return r.Name(ctx) }, i18n.From(ctx) == i18n.EN)
}

// spell writes the names of a line, the smallest first in English.
func spell(line []Region, code string, name func(Region) string, english bool) string {
	if len(line) == 0 {
		return code
	}
	names := make([]string, len(line))
	for i, r := range line {
		names[i] = name(r)
	}
	if english {
		slices.Reverse(names)
		return strings.Join(names, ", ")
	}
	return strings.Join(names, " ")
}
