package editor

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/platform/form"
	"qiao/internal/voucher/scheme"
)

// The groups of rows of the form.
const (
	rowsSources    = "sources"
	rowsTiers      = "tiers"
	rowsFunders    = "funder"
	rowsExcluded   = "excluded"
	rowsStatements = "statements"
	rowsDocuments  = "documents"
)

// mostRows bounds the rows of a group.
const mostRows = 60

// row names a field of a row: "tiers.2.percent".
func row(group string, n int, part string) string { return fmt.Sprintf("%s.%d.%s", group, n, part) }

// rowCount is how many rows of a group were sent.
func rowCount(f *form.Form, group string) int {
	n := 0
	for _, name := range f.Names(group + ".") {
		if i, err := strconv.Atoi(strings.Split(name, ".")[1]); err == nil && i < mostRows {
			n = max(n, i+1)
		}
	}
	return n
}

// show is a draft as the form's values; each group of rows has an empty one at its end.
func show(d scheme.Draft) *form.Form {
	values := map[string]string{}
	for _, tp := range topics() {
		for _, x := range tp.fields {
			text, cl := x.read(&d)
			values[x.name] = text
			putClause(values, x.name, cl)
		}
	}
	for i, key := range slices.Sorted(maps.Keys(d.Terms.Sources)) {
		s := d.Terms.Sources[key]
		values[row(rowsSources, i, "key")], values[row(rowsSources, i, "title")], values[row(rowsSources, i, "title_en")] = key, s.Title.ZH, s.Title.EN
		values[row(rowsSources, i, "url")], values[row(rowsSources, i, "note")], values[row(rowsSources, i, "note_en")] = s.URL, s.Note.ZH, s.Note.EN
	}
	values[row(rowsSources, len(d.Terms.Sources), "key")] = ""
	for i, tier := range d.Terms.Ratio.Value {
		values[row(rowsTiers, i, "percent")] = percentText(tier.BasisPoints)
		if tier.UpTo > 0 {
			values[row(rowsTiers, i, "up_to")] = tier.UpTo.Yuan()
		}
	}
	values[row(rowsTiers, len(d.Terms.Ratio.Value), "percent")] = ""
	showFunders(values, d.Terms)
	showItems(values, rowsExcluded, d.Terms.Excluded)
	showItems(values, rowsStatements, d.Terms.Statements)
	showItems(values, rowsDocuments, d.Terms.Documents)
	return form.Of(values)
}

func showFunders(values map[string]string, t scheme.Terms) {
	n := 0
	if t.Funders != nil {
		for i, s := range t.Funders.Value {
			values[row(rowsFunders, i, "who")] = cmp.Or(s.Role, s.Organisation, ownAuthority)
			if s.Weight > 0 {
				values[row(rowsFunders, i, "weight")] = strconv.FormatInt(s.Weight, 10)
			}
			if s.BasisPoints > 0 {
				values[row(rowsFunders, i, "percent")] = percentText(s.BasisPoints)
			}
			if s.Cap != nil {
				values[row(rowsFunders, i, "cap")] = s.Cap.Yuan()
			}
			if s.Rest {
				values[row(rowsFunders, i, "rest")] = "1"
			}
			n++
		}
	}
	values[row(rowsFunders, n, "who")] = ""
}

func showItems(values map[string]string, group string, list []scheme.Item) {
	for i, it := range list {
		values[row(group, i, "code")], values[row(group, i, "name")], values[row(group, i, "name_en")] = it.Code, it.Name.ZH, it.Name.EN
		values[row(group, i, "words")] = strings.Join(it.Words, ", ")
		if it.Optional {
			values[row(group, i, "optional")] = "1"
		}
		putClause(values, strings.TrimSuffix(row(group, i, ""), "."), it.Clause)
	}
	values[row(group, len(list), "name")] = ""
}

// ownAuthority is the programme's own authority in the choice of a funder.
const ownAuthority = "authority"

// take writes what was typed into a draft; what cannot be read is told by field in the form, and the rest is taken.
func take(f *form.Form, d scheme.Draft) scheme.Draft {
	for _, tp := range topics() {
		for _, x := range tp.fields {
			x.write(&d, x.typed(f))
		}
	}
	d.Terms.Sources = map[string]scheme.Source{}
	for i := range rowCount(f, rowsSources) {
		at := func(part string) string { return f.Text(row(rowsSources, i, part)) }
		key := at("key")
		if key == "" && at("title") != "" {
			key = "s" + strconv.Itoa(i+1)
		}
		if key != "" && at("title") != "" {
			d.Terms.Sources[key] = scheme.Source{Title: scheme.Name{ZH: at("title"), EN: at("title_en")}, URL: at("url"), Note: scheme.Name{ZH: at("note"), EN: at("note_en")}}
		}
	}
	d.Terms.Ratio.Value = nil
	for i := range rowCount(f, rowsTiers) {
		p, up := row(rowsTiers, i, "percent"), row(rowsTiers, i, "up_to")
		if f.Text(p) != "" || f.Text(up) != "" {
			d.Terms.Ratio.Value = append(d.Terms.Ratio.Value, scheme.Tier{UpTo: f.Fen(up), BasisPoints: percent(f, p)})
		}
	}
	takeFunders(f, &d.Terms)
	d.Terms.Excluded = takeItems(f, rowsExcluded)
	d.Terms.Statements = takeItems(f, rowsStatements)
	d.Terms.Documents = takeItems(f, rowsDocuments)
	return d
}

func takeFunders(f *form.Form, t *scheme.Terms) {
	for i := range rowCount(f, rowsFunders) {
		at := func(part string) string { return row(rowsFunders, i, part) }
		who := f.Text(at("who"))
		if who == "" {
			continue
		}
		s := scheme.Share{Weight: f.Int(at("weight")), BasisPoints: percent(f, at("percent")), Rest: f.Bool(at("rest"))}
		switch who {
		case ownAuthority:
		case scheme.RoleFirm, scheme.RoleProvider:
			s.Role = who
		default:
			s.Organisation = who
		}
		if f.Text(at("cap")) != "" {
			most := f.Fen(at("cap"))
			s.Cap = &most
		}
		t.Funders.Value = append(t.Funders.Value, s)
	}
	if len(t.Funders.Value) == 0 {
		t.Funders = nil
	}
}

func takeItems(f *form.Form, group string) []scheme.Item {
	out := []scheme.Item{}
	for i := range rowCount(f, group) {
		at := func(part string) string { return f.Text(row(group, i, part)) }
		if at("name") == "" {
			continue
		}
		out = append(out, scheme.Item{
			Code: cmp.Or(at("code"), group+"-"+strconv.Itoa(i+1)), Name: scheme.Name{ZH: at("name"), EN: at("name_en")}, Words: wordsOf(at("words")),
			Optional: f.Bool(row(group, i, "optional")), Clause: clauseOf(f, fmt.Sprintf("%s.%d", group, i)),
		})
	}
	return out
}
