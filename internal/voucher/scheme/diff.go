package scheme

import (
	"context"
	"slices"

	"qiao/internal/platform/i18n"
)

// Change is one rule that two versions of a programme say differently, in words. Old is empty where the rule is new,
// New where it is gone; both are the same where only the clause changed.
type Change struct {
	Label      string
	Old, New   []string
	OldCite    string // document and article of the old version
	NewCite    string
	ClauseOnly bool
}

// Naming is what rules are put into words with.
type Naming struct {
	Region RegionNamer
	Lists  map[string]Name
}

// Diff says in words what is different in the second programme, in the order of its rules; what is gone comes last.
func Diff(ctx context.Context, from, to Draft, n Naming) []Change {
	old, now := from.points(ctx, n), to.points(ctx, n)
	var out []Change
	for _, p := range now {
		i := slices.IndexFunc(old, func(o saying) bool { return o.label == p.label })
		if i < 0 {
			out = append(out, Change{Label: p.label, New: p.lines, NewCite: p.cite})
			continue
		}
		o := old[i]
		switch same := slices.Equal(o.lines, p.lines); {
		case !same:
			out = append(out, Change{Label: p.label, Old: o.lines, New: p.lines, OldCite: o.cite, NewCite: p.cite})
		case o.cite != p.cite:
			out = append(out, Change{Label: p.label, Old: o.lines, New: p.lines, OldCite: o.cite, NewCite: p.cite, ClauseOnly: true})
		}
	}
	for _, o := range old {
		if !slices.ContainsFunc(now, func(p saying) bool { return p.label == o.label }) {
			out = append(out, Change{Label: o.label, Old: o.lines, OldCite: o.cite})
		}
	}
	return out
}

// saying is a rule in words with its label, which is unique in a programme.
type saying struct {
	label string
	lines []string
	cite  string
}

// points are all that a programme says, in words.
func (d Draft) points(ctx context.Context, n Naming) []saying {
	tr := func(zh string, args ...any) string { return i18n.T(ctx, zh, args...) }
	out := []saying{
		{tr("计划名称"), []string{d.Name.In(ctx)}, ""}, {tr("简介"), []string{d.Summary.In(ctx)}, ""},
		{tr("受理时间"), []string{tr("{0} 至 {1}", d.OpensOn, d.ClosesOn)}, ""}, {tr("执行日期"), []string{d.Terms.From}, ""},
	}
	add := func(label string, lines []string, cite string) {
		if i := slices.IndexFunc(out, func(p saying) bool { return p.label == label }); i >= 0 {
			out[i].lines = append(out[i].lines, lines...)
			return
		}
		out = append(out, saying{label, slices.Clone(lines), cite})
	}
	for _, r := range d.Terms.Rules(ctx, n.Region, n.Lists) {
		add(r.Label, r.Lines, d.Terms.Cited(ctx, r.Clause))
	}
	for _, list := range []struct {
		label string
		items []Item
	}{{tr("不支持的用途"), d.Terms.Excluded}, {tr("申请时需要承诺"), d.Terms.Statements}, {tr("兑付时需要的材料"), d.Terms.Documents}} {
		for _, it := range list.items {
			line := it.Name.In(ctx)
			if it.Optional {
				line += " " + tr("（选填）")
			}
			add(tr("{0}：{1}", list.label, it.Name.In(ctx)), append([]string{line}, it.Words...), d.Terms.Cited(ctx, it.Clause))
		}
	}
	return out
}
