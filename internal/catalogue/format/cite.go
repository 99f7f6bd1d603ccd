package format

import (
	"slices"
	"strings"
)

// BibTeX is the entry of something published; a line break ends it.
func BibTeX(r Record) string {
	kind := map[string]string{"literature": "article", "standard": "techreport", "dataset": "dataset"}[r.Kind.Name]
	if kind == "" {
		kind = "misc"
	}
	var b strings.Builder
	b.WriteString("@" + kind + "{" + r.ID)
	put := func(key, value string) {
		if value = brace(value); value != "" {
			b.WriteString(",\n  " + key + " = {" + value + "}")
		}
	}
	put("title", r.Name())
	put("author", strings.Join(r.List("authors"), " and "))
	day := r.issued()
	if len(day) == 10 {
		put("year", day[:4])
		put("month", strings.TrimLeft(day[5:7], "0"))
	}
	put("publisher", r.Owner.Name())
	doi, others := r.doi()
	put("doi", doi)
	if r.Kind.Name == "standard" {
		put("number", r.Text("identifier"))
		others = dropped(others, r.Text("identifier"))
	}
	put("note", labels(others))
	put("language", strings.Join(r.Languages, ", "))
	put("keywords", strings.Join(r.List("subjects"), ", "))
	put("abstract", r.Summary)
	put("url", r.Link)
	put("copyright", strings.TrimSpace(r.Source+" "+r.Licence))
	if r.Sample {
		put("annote", "示例 Sample") //i18n:data the mark of invented records in both languages
	}
	return b.String() + "\n}\n"
}

// brace makes text safe inside braces: one line, no brace of its own that could end the value.
func brace(s string) string {
	s = strings.Join(strings.Fields(printable(s)), " ")
	return strings.NewReplacer("\\", `\textbackslash `, "{", `\{`, "}", `\}`, "%", `\%`, "#", `\#`, "$", `\$`, "&", `\&`, "_", `\_`).Replace(s)
}

// RIS is the entry of something published, as reference managers read it.
func RIS(r Record) string {
	kind := map[string]string{"literature": "JOUR", "standard": "STAND", "dataset": "DATA"}[r.Kind.Name]
	if kind == "" {
		kind = "GEN"
	}
	var b strings.Builder
	put := func(tag, value string) {
		if value = strings.Join(strings.Fields(printable(value)), " "); value != "" || tag == "ER" {
			b.WriteString(tag + "  - " + value + "\r\n")
		}
	}
	put("TY", kind)
	put("ID", r.ID)
	put("TI", r.Name())
	if r.NameZH != "" {
		put("TT", r.NameEN)
	}
	for _, a := range r.List("authors") {
		put("AU", a)
	}
	if day := r.issued(); len(day) == 10 {
		put("PY", day[:4])
		put("DA", strings.ReplaceAll(day, "-", "/"))
	}
	put("PB", r.Owner.Name())
	doi, others := r.doi()
	put("DO", doi)
	if r.Kind.Name == "standard" {
		put("M1", r.Text("identifier"))
		others = dropped(others, r.Text("identifier"))
	}
	for _, x := range others {
		put("AN", x.Label())
	}
	put("LA", strings.Join(r.Languages, ", "))
	for _, s := range r.List("subjects") {
		put("KW", s)
	}
	put("AB", r.Summary)
	put("UR", r.Link)
	put("DB", strings.TrimSpace(r.Source+" "+r.Licence))
	if r.Sample {
		put("N1", "示例 Sample") //i18n:data the mark of invented records in both languages
	}
	put("ER", "")
	return b.String()
}

// dropped are identifiers without the one that has been said already.
func dropped(ids []Identifier, said string) []Identifier {
	return slices.DeleteFunc(slices.Clone(ids), func(x Identifier) bool { return x.Value == said })
}

// labels are identifiers in one line.
func labels(ids []Identifier) string {
	out := make([]string, len(ids))
	for i, x := range ids {
		out[i] = x.Label()
	}
	return strings.Join(out, "; ")
}

// printable drops control characters.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !holds(r) {
			return -1
		}
		return r
	}, s)
}
