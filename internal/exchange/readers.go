package exchange

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/format"
	"qiao/internal/catalogue/kinds"
)

// errMetadata says that a record's metadata cannot be read.
var errMetadata = errors.New("exchange: unreadable metadata")

// readMetadata reads a record's metadata in one of Prefixes.
func readMetadata(prefix string, data []byte) (format.Record, error) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return format.Record{}, fmt.Errorf("%w: it is empty", errMetadata)
	}
	switch prefix {
	case "qiao":
		return format.ReadWhole(data, kinds.All())
	case "pidinst":
		return readPidinst(data)
	case "oai_dc":
		return readDublin(data)
	}
	return format.Record{}, fmt.Errorf("%w: unknown format %q", errMetadata, prefix)
}

// readPidinst reads PIDINST 1.0 in XML, with a namespace or without.
func readPidinst(data []byte) (format.Record, error) {
	type typed struct {
		Text string `xml:",chardata"`
		Kind string `xml:"identifierType,attr"`
		Date string `xml:"dateType,attr"`
		Alt  string `xml:"alternateIdentifierType,attr"`
		As   string `xml:"alternateIdentifierName,attr"`
		Own  string `xml:"ownerIdentifierType,attr"`
	}
	var p struct {
		Identifier typed  `xml:"identifier"`
		Landing    string `xml:"landingPage"`
		Name       string `xml:"name"`
		Owners     []struct {
			Name       string `xml:"ownerName"`
			Identifier typed  `xml:"ownerIdentifier"`
		} `xml:"owners>owner"`
		Makers    []string `xml:"manufacturers>manufacturer>manufacturerName"`
		Model     string   `xml:"model>modelName"`
		About     string   `xml:"description"`
		Types     []string `xml:"instrumentTypes>instrumentType>instrumentTypeName"`
		Variables []string `xml:"measuredVariables>measuredVariable"`
		Dates     []typed  `xml:"dates>date"`
		Others    []typed  `xml:"alternateIdentifiers>alternateIdentifier"`
	}
	if err := xml.Unmarshal(data, &p); err != nil {
		return format.Record{}, fmt.Errorf("%w: %w", errMetadata, err)
	}
	k, _ := kinds.All().Find("instrument")
	r := builder{record: format.Record{Kind: k, Booking: true, Link: p.Landing}}
	if len(p.Owners) > 0 {
		r.record.Owner = owned(p.Owners[0].Name)
		if p.Owners[0].Identifier.Own == "ROR" {
			r.record.Owner.ROR = strings.TrimPrefix(strings.TrimSpace(p.Owners[0].Identifier.Text), "https://ror.org/")
		}
	}
	r.name(p.Name)
	if maker := strings.Join(p.Makers, " / "); maker != format.Unknown {
		r.put("maker", maker)
	}
	r.put("model", p.Model)
	r.put("summary", p.About)
	r.put("technique", strings.Join(p.Types, " / "))
	r.put("variables", strings.Join(p.Variables, "\n"))
	r.put("website", p.Landing)
	for _, d := range p.Dates {
		if d.Date == "Commissioned" {
			r.put("commissioned", day(d.Text))
		}
	}
	switch strings.ToLower(p.Identifier.Kind) {
	case "doi":
		r.identify("doi", p.Identifier.Text)
	case "handle":
		r.identify("pidinst", p.Identifier.Text)
	}
	for _, o := range p.Others {
		switch o.Alt {
		case "Other":
			r.identify(strings.ToLower(o.As), o.Text)
		case "SerialNumber":
			r.put("serial", o.Text)
		case "InventoryNumber":
			r.put("source_id", o.Text)
		}
	}
	return r.record, r.err
}

// readDublin reads unqualified Dublin Core: what it is, its names, and who publishes it.
func readDublin(data []byte) (format.Record, error) {
	var d struct {
		Titles []struct {
			Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
			Text string `xml:",chardata"`
		} `xml:"title"`
		Creators    []string `xml:"creator"`
		Subjects    []string `xml:"subject"`
		About       []string `xml:"description"`
		Publishers  []string `xml:"publisher"`
		Dates       []string `xml:"date"`
		Types       []string `xml:"type"`
		Identifiers []string `xml:"identifier"`
		Rights      []string `xml:"rights"`
	}
	if err := xml.Unmarshal(data, &d); err != nil {
		return format.Record{}, fmt.Errorf("%w: %w", errMetadata, err)
	}
	k, _ := kinds.All().Find(dublinKind(d.Types))
	r := builder{record: format.Record{Kind: k, Booking: false}}
	for _, t := range d.Titles {
		r.name(t.Text)
	}
	if len(d.Publishers) > 0 {
		r.record.Owner = owned(d.Publishers[0])
	}
	r.put("summary", strings.Join(d.About, "\n"))
	r.put("subjects", strings.Join(d.Subjects[:min(4, len(d.Subjects))], "\n"))
	r.put("authors", strings.Join(d.Creators[:min(50, len(d.Creators))], "\n"))
	r.put("terms", strings.Join(d.Rights, "\n"))
	if len(d.Dates) > 0 {
		r.put("published", day(d.Dates[0]))
		r.put("commissioned", day(d.Dates[0]))
	}
	for _, x := range d.Identifiers {
		x = strings.TrimSpace(x)
		id := catalogue.ReadIdentifiers(x)
		switch {
		case len(id) != 1:
		case strings.HasPrefix(x, "http") && id[0].Scheme == "other":
			r.put("website", x)
		case r.takesIdentifier():
			r.put("identifier", x)
		default:
			r.identify(id[0].Scheme, id[0].Value)
		}
	}
	return r.record, r.err
}

// dublinKind is the kind that the types of a Dublin Core record speak of.
func dublinKind(types []string) string {
	words := strings.ToLower(strings.Join(types, " "))
	for _, x := range []struct{ word, kind string }{
		{"dataset", "dataset"}, {"instrument", "instrument"}, {"equipment", "instrument"}, {"physicalobject", "instrument"}, {"facility", "facility"},
		{"standard", "standard"}, {"service", "service"}, {"patent", "achievement"}, {"achievement", "achievement"},
	} {
		if strings.Contains(words, x.word) {
			return x.kind
		}
	}
	return "literature"
}

// owned is an owner known by name only.
func owned(name string) format.Owner {
	name = strings.Join(strings.Fields(name), " ")
	if han(name) {
		return format.Owner{NameZH: name}
	}
	return format.Owner{NameEN: name}
}

// builder puts foreign texts into a record: prose that is too long is cut, a value that does not fit its field is left out
// unless the field is the name.
type builder struct {
	record format.Record
	err    error
}

func (b *builder) put(field, text string) {
	f, ok := b.record.Kind.Field(field)
	if text = strings.TrimSpace(text); !ok || text == "" {
		return
	}
	if runes := []rune(text); (f.Type == kinds.Long || f.Type == kinds.Text) && len(runes) > f.Limit() {
		text = string(runes[:f.Limit()-1]) + "…"
	}
	v, p := f.Parse(text)
	if p == nil && v != nil {
		b.record.Set(f, v)
	}
}

// takesIdentifier tells whether the kind has a field for an identifier, which is still empty.
func (b *builder) takesIdentifier() bool {
	_, ok := b.record.Kind.Field("identifier")
	return ok && b.record.Text("identifier") == ""
}

// identify takes a persistent id; one that does not keep the rules of its scheme is left out.
func (b *builder) identify(scheme, value string) {
	if x := (catalogue.Identifier{Scheme: scheme, Value: value}).Normal(); x.Valid() && !slices.Contains(b.record.Identifiers, format.Identifier(x)) {
		b.record.Identifiers = append(b.record.Identifiers, format.Identifier(x))
	}
}

// name takes a title as the Chinese or the English name, by its letters; the first of each counts.
func (b *builder) name(text string) {
	field := "name_en"
	if han(text) {
		field = "name_zh"
	}
	if b.record.Text(field) == "" {
		b.put(field, text)
	}
}

func han(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x3400 && r <= 0x9FFF }) >= 0
}

// day is the civil day a date of any precision begins with; ” when it is none.
func day(text string) string {
	text = strings.TrimSpace(text)
	switch {
	case len(text) >= 10 && text[4] == '-' && text[7] == '-':
		return text[:10]
	case len(text) == 7 && text[4] == '-':
		return text + "-01"
	case len(text) == 4 && strings.Trim(text, "0123456789") == "":
		return text + "-01-01"
	}
	return ""
}
