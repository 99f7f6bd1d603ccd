package importing

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/format"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/sheet"
)

// readCitations reads a bibliography: BibTeX or RIS.
func (s *Service) readCitations(name, shape string, f *file) (*table, error) {
	t, err := tableOf(name, shape, f, func(text io.Reader) (records, error) {
		c := &citations{kinds: s.kinds, format: shape, known: knownTags(shape)}
		if shape == "ris" {
			c.read = format.NewRIS(text).Next
		} else {
			c.read = format.NewBibTeX(text).Next
		}
		return c, nil
	})
	if err == nil && len(t.headings) == 0 {
		return nil, errNoRecords(name)
	}
	return t, err
}

// citations are the entries of a bibliography as cells under the headings of kinds.Citation.
type citations struct {
	kinds  kinds.Set
	format string
	read   func() (format.Entry, error)
	known  map[string]bool
	extra  map[string]bool // tags we do not know, at most maxExtra
}

// maxExtra bounds the tags without a meaning here that are kept for the report.
const maxExtra = 200

// knownTags are the tags that some field reads.
func knownTags(shape string) map[string]bool {
	out := map[string]bool{"month": true, "day": true}
	for _, f := range kinds.CitationFields() {
		for _, t := range tagsOf(f, shape) {
			out[t] = true
		}
	}
	return out
}

func tagsOf(f kinds.CitationField, shape string) []string {
	if shape == "ris" {
		return f.RIS
	}
	return f.BibTeX
}

// brokenEntry says why an entry cannot be read; a line of 0 is not known.
func brokenEntry(why string, line int) *sheet.Broken {
	switch why {
	case format.BrokenOpen:
		return &sheet.Broken{Code: why, Text: "从第 {0} 行开始的这一条没有写完，请检查括号或结束标记。", Args: []any{line}}
	case format.BrokenLong:
		return &sheet.Broken{Code: why, Text: "这条记录超过 {0} MB，没有读取。", Args: []any{1}}
	case format.BrokenType:
		return &sheet.Broken{Code: why, Text: "从第 {0} 行开始的这一条没有以 TY 开头，看不出是什么文献。", Args: []any{line}}
	}
	return &sheet.Broken{Code: why, Text: "这一条是空的。"}
}

func (c *citations) next() (map[string]string, *sheet.Broken, error) {
	e, err := c.read()
	if err != nil {
		return nil, nil, err
	}
	if e.Broken != "" {
		return map[string]string{"key": e.Key}, brokenEntry(e.Broken, e.Line), nil
	}
	return c.cells(e), nil, nil
}

func (c *citations) cells(e format.Entry) map[string]string {
	t := kinds.CitationTypeOf(e.Type)
	k, _ := c.kinds.Find(t.Kind)
	out := map[string]string{kinds.CitationKind: t.Kind}
	if t.Class != "" {
		out[kinds.CitationClass] = t.Class
	}
	if c.format == "bibtex" {
		out["key"] = e.Key
	}
	for _, f := range kinds.CitationFields() {
		tags := tagsOf(f, c.format)
		if t.Issue {
			tags = slices.DeleteFunc(slices.Clone(tags), func(t string) bool { return slices.Contains(kinds.Numbers(), t) })
		}
		field, _ := k.Field(f.Target)
		if cell := c.cell(e, f, tags, field); cell != "" {
			out[f.Heading(c.format)] = cell
		}
	}
	for _, tag := range e.Tags {
		if !c.known[tag.Name] && (c.extra[tag.Name] || len(c.extra) < maxExtra) {
			if c.extra == nil {
				c.extra = map[string]bool{}
			}
			c.extra[tag.Name] = true
			out[tag.Name] = c.plain(tag.Text)
		}
	}
	return out
}

// plain is the text of a tag without the marks of its format.
func (c *citations) plain(s string) string {
	if c.format == "bibtex" {
		return format.LaTeX(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

// cell reads one field of an entry.
func (c *citations) cell(e format.Entry, f kinds.CitationField, tags []string, field kinds.Field) string {
	first := e.First(tags...)
	switch f.How {
	case kinds.CiteText:
		return c.plain(first)
	case kinds.CiteProse:
		return shorten(c.plain(first), field.Limit())
	case kinds.CiteNames:
		return c.names(e.All(tags...))
	case kinds.CiteList:
		var words []string
		for _, s := range e.All(tags...) {
			words = append(words, strings.FieldsFunc(c.plain(s), func(r rune) bool { return strings.ContainsRune(",，、;；", r) })...) //i18n:data separators
		}
		return joined(words, 20, field.Limit())
	case kinds.CiteDay:
		return c.day(e, tags)
	case kinds.CiteMonth:
		if d := c.day(e, tags); d != "" {
			return d[:7]
		}
	case kinds.CiteLink:
		for _, tag := range tags {
			if link := format.Verbatim(e.First(tag)); strings.HasPrefix(link, "http://") || strings.HasPrefix(link, "https://") {
				return link
			}
		}
	case kinds.CiteDOI:
		x := catalogue.Identifier{Scheme: "doi", Value: format.Verbatim(first)}.Normal()
		if strings.HasPrefix(x.Value, "10.") && strings.Contains(x.Value, "/") {
			return "DOI " + x.Value
		}
	case kinds.CiteLanguage:
		return languageOf(c.plain(first))
	}
	return ""
}

// names are persons, one a line.
func (c *citations) names(in []string) string {
	var out []string
	for _, s := range in {
		if c.format == "bibtex" {
			out = append(out, format.Names(s)...)
		} else {
			out = append(out, format.PersonName(s))
		}
	}
	return joined(out, 50, 100)
}

// joined are words one a line, at most so many, each cut where it is too long.
func joined(in []string, most, limit int) string {
	var out []string
	for _, s := range in {
		if s = shorten(strings.TrimSpace(s), limit); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return strings.Join(out[:min(len(out), most)], "\n")
}

// shorten cuts prose where its field ends.
func shorten(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return string(runes[:limit-1]) + "…"
}

var yearFirst = regexp.MustCompile(`(1[89]\d\d|20\d\d)(?:\s*[-/.年]\s*(\d{1,2}))?(?:\s*[-/.月]\s*(\d{1,2}))?`) //i18n:data shapes of dates

// day is the civil day with which the date of an entry begins; ” where there is none that can be read.
func (c *citations) day(e format.Entry, tags []string) string {
	for _, tag := range tags {
		g := yearFirst.FindStringSubmatch(c.plain(e.First(tag)))
		if g == nil {
			continue
		}
		y, m, d := g[1], g[2], g[3]
		if tag == "year" {
			m, d = monthOf(c.plain(e.First("month"))), strings.Trim(c.plain(e.First("day")), "{}")
		}
		if day := civil(y, m, d); day != "" {
			return day
		}
	}
	return ""
}

// civil is a day of which month and day may be missing; ” where it is none.
func civil(y, m, d string) string {
	for _, try := range [][2]string{{m, d}, {m, ""}, {"", ""}} {
		month, day := 1, 1
		if try[0] != "" {
			if _, err := fmt.Sscan(strings.TrimLeft(try[0], "0"), &month); err != nil {
				continue
			}
		}
		if try[1] != "" {
			if _, err := fmt.Sscan(strings.TrimLeft(try[1], "0"), &day); err != nil {
				continue
			}
		}
		f := kinds.Field{Type: kinds.Date}
		if v, p := f.Parse(fmt.Sprintf("%s-%d-%d", y, month, day)); p == nil {
			return fmt.Sprint(v)
		}
	}
	return ""
}

// dayOf is the day a date of any precision begins with; a text that is none is left as it is, to be told of.
func dayOf(s string) string {
	if g := yearFirst.FindStringSubmatch(s); g != nil && strings.HasPrefix(s, g[1]) {
		return civil(g[1], g[2], g[3])
	}
	return s
}

// monthOf reads a month: a number, an English name or its beginning.
func monthOf(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	digits := strings.TrimLeft(s, "0")
	if n := strings.IndexFunc(digits, func(r rune) bool { return !unicode.IsDigit(r) }); n != 0 && digits != "" {
		if n < 0 {
			n = len(digits)
		}
		return digits[:n]
	}
	for i, m := range []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"} {
		if strings.Contains(s, m) {
			return fmt.Sprint(i + 1)
		}
	}
	return ""
}

// languageOf is a language of kinds.Languages by its name, its code or the name LaTeX has for it; ” for others.
func languageOf(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if to, ok := map[string]string{
		"american": "en", "british": "en", "usenglish": "en", "ukenglish": "en", "eng": "en", "ngerman": "de", "austrian": "de", "deutsch": "de", "ger": "de", "deu": "de", "chi": "zh", "zho": "zh", "cn": "zh",
		"jpn": "ja", "kor": "ko", "fre": "fr", "fra": "fr", "francais": "fr", "rus": "ru", "spa": "es",
	}[s]; ok {
		return to
	}
	tries := append([]string{s}, strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })...)
	for _, try := range tries[:min(2, len(tries))] {
		for _, c := range kinds.Languages() {
			for _, word := range append([]string{c.Value, c.ZH, c.EN}, c.Also...) {
				if strings.ToLower(word) == try {
					return c.Value
				}
			}
		}
	}
	return ""
}
