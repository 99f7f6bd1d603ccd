package rule

import (
	"context"
	"strings"

	"qiao/internal/platform/i18n"
)

// Name is a text in both languages; the English may be missing.
type Name struct {
	ZH string `json:"zh"`
	EN string `json:"en,omitempty"`
}

// In is the name in the language of ctx.
func (n Name) In(ctx context.Context) string { return i18n.Pick(ctx, n.ZH, n.EN) }

// String is the Chinese name, or the English one where there is no other.
func (n Name) String() string {
	if n.ZH == "" {
		return n.EN
	}
	return n.ZH
}

// Source is a document that conditions come from.
type Source struct {
	Title Name   `json:"title"`
	URL   string `json:"url,omitempty"`
	Note  Name   `json:"note,omitzero"` // e.g. that it is invented for the demo
}

// Clause says where a condition is written: a key of the sources, the article in it, and, where it helps, its words.
type Clause struct {
	Source    string `json:"source"`
	Article   string `json:"article,omitempty"`    // as the document numbers it: 第五条
	ArticleEN string `json:"article_en,omitempty"` // the same in English: art. 5
}

// In is the clause as people cite it: the document's title and the article.
func (c Clause) In(ctx context.Context, sources map[string]Source) string {
	title := sources[c.Source].Title.In(ctx)
	article := i18n.Pick(ctx, c.Article, c.ArticleEN)
	if article == "" || i18n.From(ctx) == i18n.ZH {
		return title + article
	}
	return title + ", " + article
}

// Condition is one thing that rules ask.
type Condition struct {
	Code   string `json:"code"`
	Name   Name   `json:"name"`
	When   string `json:"when,omitempty"`   // the expression; met where it is true
	Person bool   `json:"person,omitempty"` // a person decides, there is no expression
	Clause Clause `json:"clause"`
}

// Rules are conditions that hold from a day on, as a file of dated data keeps them (package dated).
type Rules struct {
	From       string            `json:"from"`
	Sources    map[string]Source `json:"sources"`
	Conditions []Condition       `json:"conditions"`
}

// Since is the day from which the rules hold, and the titles of what they come from.
func (r Rules) Since() (day, source string) {
	var titles []string
	for _, s := range r.Sources {
		titles = append(titles, s.Title.String())
	}
	return r.From, strings.Join(titles, "; ")
}

// Verdict is what a condition, or all of them, came to.
type Verdict string

// The verdicts. Unknown waits for facts, Person for somebody who looks.
const (
	Yes     Verdict = "yes"
	No      Verdict = "no"
	Unknown Verdict = "unknown"
	Person  Verdict = "person"
)

// Answer is one condition's outcome.
type Answer struct {
	Condition
	Verdict Verdict
	Missing []string // facts that would decide it, by name in order; only when unknown
	Facts   []string // facts the condition looks at
	Failed  string   // why it could not be computed, in the words of the expression language; for the rules' author
}

// Result is what a set of conditions came to: no when one is not met, otherwise unknown when one is not known, otherwise
// for a person when one is, otherwise yes.
type Result struct {
	Verdict Verdict
	Answers []Answer
	Missing []string // of all answers, each once, in the order in which the conditions ask for them
}

// Ask are the facts worth asking for: none where a condition is already not met, for then nothing more would help.
func (r Result) Ask() []string {
	if r.Verdict == No {
		return nil
	}
	return r.Missing
}

// Of are the answers with a verdict.
func (r Result) Of(v Verdict) []Answer {
	var out []Answer
	for _, a := range r.Answers {
		if a.Verdict == v {
			out = append(out, a)
		}
	}
	return out
}
