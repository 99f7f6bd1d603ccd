package scheme

import (
	"context"
	"slices"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/rule"
)

// conditions checks that each condition of eligibility cites a document of the terms. Its expression is checked where the
// facts are known that it names: when the programme is published.
func (c *checker) conditions() {
	seen := map[string]bool{}
	for _, x := range c.terms.Conditions {
		c.must(x.Code != "" && x.Name.ZH != "" && !seen[x.Code] && (x.When != "") != x.Person, "conditions", "每个条件都要有名称、不重复的代码，以及表达式或“由人判断”（“{0}”）。", x.Code)
		c.clause("conditions", Clause(x.Clause))
		seen[x.Code] = true
	}
}

// For tells whether firms of a region may apply.
func (t Terms) For(region string) bool { return withinAny(region, t.Firms.Value) }

// RuleSources are the terms' documents as conditions cite them.
func (t Terms) RuleSources() map[string]rule.Source {
	out := map[string]rule.Source{}
	for key, s := range t.Sources {
		out[key] = rule.Source{Title: rule.Name(s.Title), URL: s.URL, Note: rule.Name(s.Note)}
	}
	return out
}

// conditionRules are the conditions in plain words, for the programme's page.
func (t Terms) conditionRules(ctx context.Context) []Rule {
	var out []Rule
	for _, x := range t.Conditions {
		out = append(out, Rule{i18n.T(ctx, "资格条件"), []string{x.Name.In(ctx)}, Clause(x.Clause)})
	}
	return out
}

// Tie is one thing by which a firm and a provider belong together, or may do so.
type Tie struct {
	Decisive bool // it refuses; otherwise a person looks
	Text     string
	Args     []any
}

// In is what ties them in the language of ctx.
func (t Tie) In(ctx context.Context) string { return i18n.T(ctx, t.Text, t.Args...) }

// String is the same in Chinese, for logs and kept messages.
func (t Tie) String() string { return t.In(context.Background()) }

// TieLines are what the ties of firm and provider come to by the terms: a decisive one refuses, another asks for a look.
func (t Terms) TieLines(ties []Tie) []Line {
	if t.Unrelated == nil {
		return nil
	}
	if i := slices.IndexFunc(ties, func(x Tie) bool { return x.Decisive }); i >= 0 {
		return []Line{{Code: "related", Text: "服务机构与企业是关联方，不能使用创新券：{0}", Args: []any{ties[i]}, Clause: t.Unrelated, Verdict: No}}
	}
	var out []Line
	for _, x := range ties {
		out = append(out, Line{Code: "look-related", Text: "服务机构与企业可能有关联，审核时会核对：{0}", Args: []any{x}, Clause: t.Unrelated, Verdict: Unknown})
	}
	return out
}

// Unconnected refuses firm and provider that belong together, quoting the clause; nil where nothing decisive ties them.
func (t Terms) Unconnected(ties []Tie) *fault.Error {
	for _, l := range t.TieLines(ties) {
		if l.Verdict == No {
			return fault.New(fault.Invalid, "related-party", "服务机构与企业是关联方，不能使用创新券：{0}（{1}）", l.Args[0], t.Cite(rule.Clause(*l.Clause)))
		}
	}
	return nil
}

// Citation is a clause that is written in the reader's language when it is shown.
type Citation struct {
	terms  Terms
	clause Clause
}

// Cite makes a citation of a clause of the terms.
func (t Terms) Cite(c rule.Clause) Citation { return Citation{t, Clause(c)} }

// In is the document's title and the article.
func (c Citation) In(ctx context.Context) string {
	return rule.Clause(c.clause).In(ctx, c.terms.RuleSources())
}

// String is the same in Chinese.
func (c Citation) String() string { return c.In(context.Background()) }
