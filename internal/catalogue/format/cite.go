package format

import (
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
	switch v, t := r.identifier(); {
	case t == "DOI":
		put("doi", v)
	case r.Kind.Name == "standard":
		put("number", v)
	default:
		put("note", v)
	}
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
	switch v, t := r.identifier(); {
	case t == "DOI":
		put("DO", v)
	case r.Kind.Name == "standard":
		put("M1", v)
	default:
		put("AN", v)
	}
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

// printable drops control characters.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !holds(r) {
			return -1
		}
		return r
	}, s)
}
