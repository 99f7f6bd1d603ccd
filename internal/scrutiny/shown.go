package scrutiny

import (
	"slices"
	"strings"
)

// shownTo is what a party may see of the evidence: what concerns itself and its counterpart, without giving away others. An
// officer sees all of it.
func (f Flag) shownTo(org string) []Line {
	var out []Line
	for _, l := range f.Lines() {
		if slices.ContainsFunc(l.Args, func(a string) bool { return f.third(a) }) {
			continue
		}
		switch {
		case f.Kind == Report:
			l = Line{Text: "文件“{0}”与别处的一份文件内容完全相同", Args: l.Args[:min(1, len(l.Args))]}
		case f.Kind == Price && org != f.Provider:
			return []Line{{Text: "单价与该机构同项服务以往的价格相差较大"}}
		}
		out = append(out, l)
	}
	return out
}

// third tells whether an argument names an organisation that is neither side.
func (f Flag) third(arg string) bool {
	id, names := strings.CutPrefix(arg, "org:")
	return names && id != f.Firm && id != f.Provider
}
