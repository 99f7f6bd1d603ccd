package columns

import (
	"cmp"
	"slices"
	"strings"

	"qiao/internal/catalogue/kinds"
)

// Sure is how sure a proposal is.
type Sure int

// How sure a proposal is: a column that is left out may yet mean something.
const (
	Open    Sure = iota // nothing is proposed
	Likely              // look at it
	Certain             // the heading says so, and the values do not contradict
)

// Column is what one column may be.
type Column struct {
	Heading string
	Samples []string // some different values
	Target  string   // a field or one of the targets of package kinds; "" = left out
	Sure    Sure
	Reading Reading // how the cells are written
	points  int
}

// Proposal is what a table may be.
type Proposal struct {
	Kind    string
	Columns []Column // as many as there are headings, in their order
}

// Proposer knows what the fields of every kind are called.
type Proposer struct{ vocabularies []*vocabulary }

// New builds a proposer for kinds.
func New(set kinds.Set) *Proposer {
	p := &Proposer{}
	for _, k := range set {
		p.vocabularies = append(p.vocabularies, vocabularyOf(k))
	}
	return p
}

// Propose says what the columns of a table may be, for one kind, or for the kind that explains most. The name of the file
// may speak of a kind too.
func (p *Proposer) Propose(file string, headings []string, rows [][]string, kind string) Proposal {
	t := tableOf(headings, rows)
	best, bestScore := Proposal{}, -1.0
	all := make([][]Column, len(p.vocabularies))
	explains := make([]int, len(headings)) // how many kinds know a use for a column
	for i, v := range p.vocabularies {
		all[i] = t.propose(v)
		for j, c := range all[i] {
			if c.Target != "" {
				explains[j]++
			}
		}
	}
	for i, v := range p.vocabularies {
		if kind != "" && kind != v.kind.Name {
			continue
		}
		score := t.speaks(v, file)
		for j, c := range all[i] {
			if c.Target != "" { // what every kind has says nothing about the kind
				score += float64(c.points) / float64(explains[j])
			}
		}
		if score > bestScore {
			best, bestScore = Proposal{v.kind.Name, all[i]}, score
		}
	}
	return best
}

// Known counts the cells of a row that may be headings: what finds the heading row of an unknown list.
func (p *Proposer) Known(cells []string) int {
	best := 0
	for _, v := range p.vocabularies {
		n := 0
		for _, c := range cells {
			if h := headingOf(c); c != "" && len(v.means(h, nil)) > 0 {
				n++
			}
		}
		best = max(best, n)
	}
	return best
}

// table is what is looked at.
type table struct {
	headings []heading
	values   []values
	subject  []string
	rows     int
}

func tableOf(headings []string, rows [][]string) *table {
	t := &table{rows: len(rows)}
	for i, h := range headings {
		t.headings = append(t.headings, headingOf(h))
		t.values = append(t.values, look(rows, i))
	}
	t.subject = shared(t.headings)
	return t
}

// speaks is how much headings and file name say of a kind itself. A column that is called like the kind and whose values
// come again and again is no list of them but says to which of them each row belongs.
func (t *table) speaks(v *vocabulary, file string) float64 {
	score := 0.0
	for i, h := range t.headings {
		if v.speaksOf(h) && (t.values[i].n == 0 || t.values[i].distinct*2 > t.values[i].n || len(h.words) > 1) {
			score += 50
			break
		}
	}
	if name, _, _ := strings.Cut(file, "."); v.speaksOf(headingOf(name)) {
		score += 50
	}
	return score
}

// pair is a column and a target that may be its own.
type pair struct {
	column, points int
	target         string
}

func (t *table) propose(v *vocabulary) []Column {
	out := make([]Column, len(t.headings))
	var pairs []pair
	priced := t.hasUnit(v)
	for i, h := range t.headings {
		out[i] = Column{Heading: h.text, Samples: t.values[i].samples()}
		if h.whole == "" {
			continue
		}
		means := v.means(h, t.subject)
		t.byValues(v, i, means)
		for target, points := range means {
			vals := t.values[i]
			if isPrice(target) && !priced && vals.middle() >= 10_000 { // so much for one unit is what the thing itself cost
				continue
			}
			if points = vals.judge(v.field(target), points); points >= enough {
				pairs = append(pairs, pair{i, points, target})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(t.headings[a.column].text, t.headings[b.column].text), cmp.Compare(a.target, b.target), cmp.Compare(a.column, b.column))
	})
	taken := map[string]bool{}
	for _, p := range pairs {
		if out[p.column].Target == "" && !taken[slot(p.target)] {
			t.give(v, &out[p.column], p.column, p.target, p.points)
			taken[slot(p.target)] = true
		}
	}
	if !slices.ContainsFunc(out, func(c Column) bool { return isPrice(c.Target) }) {
		for i, c := range out { // nothing to say the unit, the option or the least quantity of
			if c.Target == kinds.TargetUnit || c.Target == kinds.TargetOption || c.Target == kinds.TargetMinimum {
				out[i] = Column{Heading: c.Heading, Samples: c.Samples}
			}
		}
	}
	if !taken[slot(kinds.TargetName)] {
		t.findName(v, out)
	}
	if !taken["source_id"] {
		t.findID(v, out)
	}
	return out
}

// slot is what only one column can fill: a name is a name in whichever language its heading does not say.
func slot(target string) string {
	if target == kinds.TargetName {
		return "name_zh"
	}
	return target
}

func (t *table) give(v *vocabulary, c *Column, at int, target string, points int) {
	c.Target, c.points, c.Sure = target, points, Likely
	if points >= certain {
		c.Sure = Certain
	}
	c.Reading = t.values[at].reading(v.field(target), c.Heading)
}

func (v *vocabulary) field(target string) kinds.Field { return v.fields[target] }

// hasUnit tells whether a column says what a price is for.
func (t *table) hasUnit(v *vocabulary) bool {
	f, ok := v.fields[kinds.TargetUnit]
	if !ok {
		return false
	}
	for i, h := range t.headings {
		if p := v.means(h, t.subject)[kinds.TargetUnit]; p > 0 && t.values[i].judge(f, p) > 0 {
			return true
		}
	}
	return false
}

// byValues adds what the values alone say: mail addresses and class codes are like nothing else.
func (t *table) byValues(v *vocabulary, column int, means map[string]int) {
	vals := t.values[column]
	if len(means) > 0 || vals.n < 2 {
		return
	}
	for _, target := range []string{"email", "class"} {
		f, ok := v.fields[target]
		like := f.Type == kinds.Mail && vals.mails == vals.n || f.Type == kinds.Class && vals.numbers == vals.n && vals.distinct > 2
		if ok && like && vals.fits(f) == vals.n {
			means[target] = asValues
		}
	}
}

// findName finds the column of names where no heading says so: texts that tell the rows apart, best beside a column that
// is called like it and ends in id.
func (t *table) findName(v *vocabulary, list []Column) {
	best, score := -1, 0
	for i, h := range t.headings {
		vals := t.values[i]
		if h.whole == "" || !vals.unique(t.rows) || vals.numbers*2 > vals.n || vals.urls+vals.mails+vals.dates > 0 || t.meansTyped(v, h) {
			continue
		}
		s := 1
		if list[i].Target == "" {
			s += 2
		}
		if v.speaksOf(h) {
			s += 2
		}
		if len(h.words) > 0 && h.words[len(h.words)-1] == "name" || strings.HasSuffix(h.whole, "名称") || strings.HasSuffix(h.whole, "名") { //i18n:data ends of headings
			s += 3
		}
		if slices.ContainsFunc(t.headings, func(o heading) bool { return idOf(o, h) }) {
			s += 3
		}
		if s > score || s == score && h.text < t.headings[best].text {
			best, score = i, s
		}
	}
	if best >= 0 && score >= 2 {
		t.give(v, &list[best], best, kinds.TargetName, asSound)
	}
}

// meansTyped tells whether a heading is that of a date, a number or a choice, whatever stands below it.
func (t *table) meansTyped(v *vocabulary, h heading) bool {
	for target, points := range v.means(h, t.subject) {
		if points >= asSpelling && typed(v.field(target).Type) {
			return true
		}
	}
	return false
}

// idOf tells whether a heading is that of the id of what another column names: state_id and state_name, 装置编号 and 装置.
func idOf(id, name heading) bool {
	if n := len(id.words); n > 1 && id.words[n-1] == "id" {
		words := name.words
		if m := len(words); m > 1 && words[m-1] == "name" {
			words = words[:m-1]
		}
		return slices.Equal(id.words[:n-1], words)
	}
	for _, end := range []string{"编号", "编码", "代码", "号"} { //i18n:data ends of headings
		if stem, ok := strings.CutSuffix(id.whole, end); ok && stem != "" {
			return stem == strings.TrimSuffix(strings.TrimSuffix(name.whole, "名称"), "名") //i18n:data ends of headings
		}
	}
	return false
}

// findID finds the column of ids where no heading says so: it belongs to the column of names.
func (t *table) findID(v *vocabulary, list []Column) {
	for i, c := range list {
		if !isName(c.Target) {
			continue
		}
		for j, h := range t.headings {
			if list[j].Target == "" && idOf(h, t.headings[i]) && (t.values[j].n == 0 || t.values[j].unique(t.rows)) {
				t.give(v, &list[j], j, "source_id", asSound)
				return
			}
		}
	}
}

// samples are three different values at most.
func (v values) samples() []string {
	var out []string
	for _, text := range v.texts {
		if !slices.Contains(out, text) {
			if out = append(out, text); len(out) == 3 {
				break
			}
		}
	}
	return out
}
