package format

import (
	"cmp"
	"strings"

	"qiao/internal/catalogue/kinds"
)

// OaiDC is the unqualified Dublin Core of a record as OAI-PMH asks for it.
func OaiDC(r Record) string {
	const dc, oai = "http://purl.org/dc/elements/1.1/", "http://www.openarchives.org/OAI/2.0/oai_dc/"
	var x XML
	x.Open("oai_dc:dc", "xmlns:oai_dc", oai, "xmlns:dc", dc, "xmlns:xsi", xsi, "xsi:schemaLocation", oai+" http://www.openarchives.org/OAI/2.0/oai_dc.xsd")
	x.Some("dc:title", r.NameZH, "xml:lang", "zh").Some("dc:title", r.NameEN, "xml:lang", "en")
	for _, c := range r.creators() {
		x.Leaf("dc:creator", c)
	}
	for _, s := range append(r.classWords(), r.List("subjects")...) {
		x.Leaf("dc:subject", s)
	}
	x.Some("dc:description", r.description())
	for _, field := range []string{"function", "technical"} {
		if v := r.Text(field); v != r.description() {
			x.Some("dc:description", v)
		}
	}
	x.Some("dc:publisher", r.Owner.Name())
	x.Leaf("dc:date", cmp.Or(r.issued(), r.Changed.UTC().Format("2006-01-02")))
	for _, t := range r.dcTypes() {
		x.Leaf("dc:type", t)
	}
	x.Leaf("dc:identifier", r.Link)
	for _, id := range r.identifiers() {
		x.Some("dc:identifier", id.address())
	}
	x.Some("dc:source", r.Source)
	for _, l := range r.languages() {
		x.Leaf("dc:language", l)
	}
	x.Some("dc:relation", r.Text("website")).Some("dc:coverage", r.where()).Some("dc:rights", r.Licence)
	if r.Sample {
		x.Leaf("dc:rights", "示例 Sample") //i18n:data the mark of invented records in both languages
	}
	return x.Close().String()
}

// creators are who made the thing: the authors, the maker of an instrument, the person; else who shares it.
func (r Record) creators() []string {
	if l := r.List("authors"); len(l) > 0 {
		return l
	}
	if r.Kind.Name == "expert" || r.Kind.Name == "professional" {
		return []string{r.Name()}
	}
	return []string{cmp.Or(r.Maker, r.Owner.Name(), Unknown)}
}

// dcTypes are the kind's name and its word in the DCMI type vocabulary.
func (r Record) dcTypes() []string {
	out := []string{r.Kind.EN}
	switch r.Kind.Name {
	case "instrument", "facility", "base":
		return append(out, "PhysicalObject")
	case "service":
		return append(out, "Service")
	case "dataset":
		return append(out, "Dataset")
	case "literature", "standard", "achievement":
		return append(out, "Text")
	}
	return out
}

// where is the region, or the country of what lies abroad.
func (r Record) where() string {
	if c, ok := kinds.Country(r.Country); ok {
		return c.EN
	}
	return r.Place
}

// languages are those one is served in, or those the names are written in.
func (r Record) languages() []string {
	if len(r.Languages) > 0 {
		return r.Languages
	}
	var out []string
	if r.NameZH != "" {
		out = append(out, "zh")
	}
	if r.NameEN != "" {
		out = append(out, "en")
	}
	return out
}

// dataciteType is a scheme of identifiers in the words of DataCite.
func dataciteType(scheme string) string {
	return map[string]string{"doi": "DOI", "cstr": "CSTR", "ror": "ROR", "orcid": "ORCID", "handle": "Handle", "pidinst": "Handle", "own": "Local", "other": "Other"}[scheme]
}

// DataCite is the record as DataCite's JSON has it, by the mapping the PIDINST group published.
func DataCite(r Record) map[string]any {
	titles := []any{map[string]any{"title": r.Name(), "titleType": "Other"}}
	if r.NameZH != "" && r.NameEN != "" {
		titles = append(titles, map[string]any{"title": r.NameEN, "titleType": "TranslatedTitle", "lang": "en"})
	}
	var creators []any
	for _, c := range r.creators() {
		creators = append(creators, map[string]any{"name": c, "nameType": map[bool]string{true: "Personal", false: "Organizational"}[len(r.List("authors")) > 0]})
	}
	general := map[string]string{"instrument": "Instrument", "facility": "Instrument", "service": "Service", "dataset": "Dataset", "literature": "Text", "standard": "Standard"}[r.Kind.Name]
	year, _, _ := strings.Cut(cmp.Or(r.issued(), r.Changed.UTC().Format("2006-01-02")), "-")
	out := map[string]any{
		"schemaVersion": "http://datacite.org/schema/kernel-4", "url": r.Link, "titles": titles, "creators": creators, "publisher": r.Owner.Name(), "publicationYear": year,
		"types":        map[string]any{"resourceTypeGeneral": cmp.Or(general, "Other"), "resourceType": r.Kind.EN},
		"contributors": []any{map[string]any{"name": r.Owner.Name(), "nameType": "Organizational", "contributorType": "HostingInstitution"}},
	}
	var subjects, alternate, ids []any
	for _, x := range r.identifiers() {
		entry := map[string]any{"identifier": x.Value, "identifierType": dataciteType(x.Scheme)}
		if x.Scheme == "own" || x.Scheme == "other" {
			alternate = append(alternate, map[string]any{"alternateIdentifier": x.Value, "alternateIdentifierType": entry["identifierType"]})
			continue
		}
		ids = append(ids, entry)
	}
	if len(ids) > 0 {
		out["identifiers"] = ids
	}
	if len(r.Languages) > 0 {
		out["language"] = r.Languages[0]
	}
	for _, s := range append(r.classWords(), r.List("subjects")...) {
		subjects = append(subjects, map[string]any{"subject": s})
	}
	for kind, v := range map[string]string{"SerialNumber": r.Text("serial"), "InventoryNumber": r.SourceID} {
		if v != "" {
			alternate = append(alternate, map[string]any{"alternateIdentifier": v, "alternateIdentifierType": kind})
		}
	}
	if len(subjects) > 0 {
		out["subjects"] = subjects
	}
	if len(alternate) > 0 {
		out["alternateIdentifiers"] = alternate
	}
	if d := r.description(); d != "" {
		out["descriptions"] = []any{map[string]any{"description": d, "descriptionType": "Abstract"}}
	}
	return out
}
