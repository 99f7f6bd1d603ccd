// Package state holds the one table each process has: from, verb, to, who. Pages, API verbs,
// permissions, tests and documentation all read it.
package state

import (
	"slices"

	"qiao/internal/platform/fault"
)

// Step is one permitted move.
type Step struct {
	From string   // state before
	Verb string   // what is done, as in the API
	To   string   // state after
	Who  []string // sides that may do it, e.g. "buyer", "provider"
}

// Table is every move of one process.
type Table []Step

// Next is the step that verb takes from the state from; a fault state-conflict when there is none.
func (t Table) Next(from, verb string) (Step, error) {
	for _, s := range t {
		if s.From == from && s.Verb == verb {
			return s, nil
		}
	}
	return Step{}, fault.New(fault.Conflict, "state-conflict", "当前状态（{0}）下不能执行此操作（{1}），请刷新页面查看最新状态。", from, verb)
}

// Verbs lists the steps that one of the sides may take from the state from.
func (t Table) Verbs(from string, who ...string) []Step {
	var out []Step
	for _, s := range t {
		if s.From == from && slices.ContainsFunc(who, func(w string) bool { return slices.Contains(s.Who, w) }) {
			out = append(out, s)
		}
	}
	return out
}

// Has tells whether any step has this verb.
func (t Table) Has(verb string) bool {
	return slices.ContainsFunc(t, func(s Step) bool { return s.Verb == verb })
}

// States lists every state of the table once, in order of appearance.
func (t Table) States() []string {
	var out []string
	for _, s := range t {
		for _, x := range []string{s.From, s.To} {
			if x != "" && !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
	}
	return out
}
