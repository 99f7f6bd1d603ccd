//i18n:data words of bibliographies and the fields they are kept in

package kinds

import "slices"

// CitationType says what an entry of a bibliography becomes.
type CitationType struct {
	Words []string // BibTeX entry types, and reference types of RIS in capitals
	Kind  string
	Class string
	Issue bool // its number is that of an issue or a volume, and names it not
}

// CitationSource says where the words of both formats are from.
const CitationSource = "BibTeX: B. Patashnik, BibTeXing (1988), with the further types of biblatex; RIS: Research Information Systems, RIS Format Specifications (2001), with the types of 2011"

// CitationTypes are the entries of bibliographies; a word that is not among them is other literature. A patent is what its holder
// offers, a program likewise: both are achievements.
func CitationTypes() []CitationType {
	return []CitationType{
		{[]string{"article", "inproceedings", "conference", "suppperiodical", "JOUR", "JFULL", "MGZN", "NEWS", "CPAPER", "CONF", "ABST", "INPR", "EJOUR"}, "literature", "paper", true},
		{[]string{"phdthesis", "mastersthesis", "thesis", "THES"}, "literature", "thesis", false},
		{[]string{"techreport", "report", "RPRT", "GOVDOC"}, "literature", "report", false},
		{[]string{"book", "inbook", "incollection", "booklet", "collection", "mvbook", "bookinbook", "suppbook", "proceedings", "mvproceedings", "reference", "inreference", "BOOK", "CHAP", "ECHAP", "EBOOK", "EDBOOK", "SER", "ENCYC", "DICT", "CPROC"}, "literature", "book", true},
		{[]string{"periodical", "JRNL"}, "literature", "journal", true},
		{[]string{"DBASE", "AGGR"}, "literature", "collection", false},
		{[]string{"dataset", "data", "DATA"}, "dataset", "", false},
		{[]string{"standard", "STAND"}, "standard", "", false},
		{[]string{"patent", "PAT"}, "achievement", "technology", false},
		{[]string{"software", "COMP"}, "achievement", "software", false},
	}
}

// CitationTypeOf finds what an entry becomes.
func CitationTypeOf(word string) CitationType {
	for _, t := range CitationTypes() {
		if slices.Contains(t.Words, word) {
			return t
		}
	}
	return CitationType{Kind: "literature", Class: "other-literature"}
}

// How the text of a tag is read.
const (
	CiteText     = "text"     // the first of the tags
	CiteProse    = "prose"    // the same, and what is longer than the field is cut
	CiteNames    = "names"    // persons, all of them
	CiteList     = "list"     // words, all of them
	CiteDay      = "day"      // the day a date begins with
	CiteMonth    = "month"    // its month
	CiteLink     = "link"     // an address
	CiteDOI      = "doi"      // a DOI among the persistent ids
	CiteLanguage = "language" // of the text
)

// CitationField is a field of ours and the tags of bibliographies that carry it.
type CitationField struct {
	Target string
	How    string
	BibTeX []string // the first that an entry has counts
	RIS    []string
}

// CitationFields are the tags of bibliographies that are kept.
func CitationFields() []CitationField {
	return []CitationField{
		{"source_id", CiteText, nil, []string{"ID"}}, // BibTeX: the citation key
		{TargetName, CiteText, []string{"title"}, []string{"TI", "T1", "CT", "BT"}},
		{"name_en", CiteText, nil, []string{"TT"}},
		{"authors", CiteNames, []string{"author", "editor"}, []string{"AU", "A1", "ED", "A2"}},
		{"drafters", CiteNames, []string{"author", "institution"}, []string{"AU", "A1"}},
		{"holders", CiteNames, []string{"holder", "assignee", "institution"}, []string{"A2", "PB"}},
		{"published", CiteDay, []string{"date", "year"}, []string{"DA", "PY", "Y1"}},
		{"completed", CiteMonth, []string{"date", "year"}, []string{"DA", "PY", "Y1"}},
		{"container", CiteProse, []string{"journal", "journaltitle", "booktitle", "series"}, []string{"T2", "JO", "JF", "JA", "BT", "T3"}},
		{"publisher", CiteProse, []string{"publisher", "organization", "institution", "school"}, []string{"PB"}},
		{"identifier", CiteText, []string{"isbn", "issn", "eprint", "number"}, []string{"SN", "AN", "M1"}},
		{"patents", CiteText, []string{"number"}, []string{"M1", "IS", "VL", "AN"}},
		{TargetIdentifiers, CiteDOI, []string{"doi"}, []string{"DO", "DI"}},
		{"website", CiteLink, []string{"url", "howpublished"}, []string{"UR", "LK", "L2"}},
		{"summary", CiteProse, []string{"abstract"}, []string{"AB", "N2"}},
		{"keywords", CiteList, []string{"keywords", "keyword"}, []string{"KW"}},
		{"written_in", CiteLanguage, []string{"language", "langid"}, []string{"LA"}},
		{"version", CiteProse, []string{"version", "edition"}, []string{"ET"}},
		{"terms", CiteProse, []string{"copyright", "license"}, []string{"DB"}},
	}
}

// Citation is the template of a bibliography; its headings are those of CitationField.Heading.
func Citation(format string) Template {
	name := map[string]string{"bibtex": "BibTeX", "ris": "RIS"}[format]
	t := Template{Format: format, ZH: name + " 文献", EN: name, Kind: "literature", targets: map[string]string{}}
	t.add(TargetKind, CitationKind)
	t.add("class", CitationClass)
	for _, f := range CitationFields() {
		t.add(f.Target, f.Heading(format))
	}
	return t
}

// Numbers are the tags whose number may be that of an issue.
func Numbers() []string { return []string{"number", "M1"} }

// The columns that say what an entry is.
const (
	CitationKind  = "qiao:kind"
	CitationClass = "qiao:class"
)

// Heading names the column of a field in a bibliography: its first tag, with the field where several come from one tag.
func (f CitationField) Heading(format string) string {
	tags := f.BibTeX
	switch {
	case format == "ris":
		tags = f.RIS
	case f.Target == "source_id":
		return "key"
	}
	if len(tags) == 0 {
		return ""
	}
	for _, o := range CitationFields() {
		other := o.BibTeX
		if format == "ris" {
			other = o.RIS
		}
		if o.Target == f.Target {
			break
		}
		if len(other) > 0 && other[0] == tags[0] {
			return tags[0] + ":" + f.Target
		}
	}
	return tags[0]
}
