package format

import (
	"cmp"
	"slices"
	"strings"
)

// Unknown is DataCite's word for a value that is mandatory and not known.
const Unknown = ":unkn"

// Pidinst is a PIDINST 1.0 record (RDA, CC BY 4.0).
type Pidinst struct {
	Identifier           PidinstID           `json:"identifier"`
	SchemaVersion        string              `json:"schemaVersion"`
	LandingPage          string              `json:"landingPage"`
	Name                 string              `json:"name"`
	Owners               []PidinstOwner      `json:"owners"`
	Manufacturers        []PidinstMaker      `json:"manufacturers"`
	Model                *PidinstModel       `json:"model,omitempty"`
	Description          string              `json:"description,omitempty"`
	InstrumentTypes      []PidinstType       `json:"instrumentTypes,omitempty"`
	MeasuredVariables    []string            `json:"measuredVariables,omitempty"`
	Dates                []PidinstDate       `json:"dates,omitempty"`
	AlternateIdentifiers []PidinstAlternate  `json:"alternateIdentifiers,omitempty"`
	RelatedIdentifiers   []PidinstRelationID `json:"relatedIdentifiers,omitempty"`
}

// PidinstID is the identifier of the instrument.
type PidinstID struct {
	Identifier string `json:"identifier"`
	Type       string `json:"identifierType"`
}

// PidinstOwner is who manages the instrument.
type PidinstOwner struct {
	Name       string `json:"ownerName"`
	Identifier string `json:"ownerIdentifier,omitempty"`
	Type       string `json:"ownerIdentifierType,omitempty"`
}

// PidinstMaker is who built it.
type PidinstMaker struct {
	Name string `json:"manufacturerName"`
}

// PidinstModel is its model.
type PidinstModel struct {
	Name string `json:"modelName"`
}

// PidinstType is what sort of instrument it is.
type PidinstType struct {
	Name       string `json:"instrumentTypeName"`
	Identifier string `json:"instrumentTypeIdentifier,omitempty"`
	Type       string `json:"instrumentTypeIdentifierType,omitempty"`
}

// PidinstDate is a day of its life.
type PidinstDate struct {
	Date string `json:"date"`
	Type string `json:"dateType"`
}

// PidinstAlternate is a further number of it.
type PidinstAlternate struct {
	Identifier string `json:"alternateIdentifier"`
	Type       string `json:"alternateIdentifierType"`
	Name       string `json:"alternateIdentifierName,omitempty"`
}

// PidinstRelationID is another thing it has to do with.
type PidinstRelationID struct {
	Identifier string `json:"relatedIdentifier"`
	Type       string `json:"relatedIdentifierType"`
	Relation   string `json:"relationType"`
}

// PidinstOf is the PIDINST record of an instrument or facility.
func PidinstOf(r Record) Pidinst {
	holder := PidinstOwner{Name: r.Owner.Name()}
	if r.Owner.ROR != "" {
		holder.Identifier, holder.Type = "https://ror.org/"+r.Owner.ROR, "ROR"
	}
	out := Pidinst{
		Identifier: PidinstID{r.Link, "URL"}, SchemaVersion: "1.0", LandingPage: r.Link, Name: r.Name(), Owners: []PidinstOwner{holder},
		Manufacturers: []PidinstMaker{{cmp.Or(r.Maker, Unknown)}}, Description: r.description(), MeasuredVariables: r.List("variables"),
	}
	out.name(r.identifiers())
	if r.Model != "" {
		out.Model = &PidinstModel{r.Model}
	}
	if words := r.classWords(); len(words) > 0 {
		out.InstrumentTypes = []PidinstType{{words[len(words)-1], r.Class, "CN-LSI"}}
	} else if t := r.Text("technique"); t != "" {
		out.InstrumentTypes = []PidinstType{{Name: t}}
	}
	if day := r.Text("commissioned"); day != "" {
		out.Dates = []PidinstDate{{day, "Commissioned"}}
	}
	if n := r.Text("serial"); n != "" {
		out.AlternateIdentifiers = append(out.AlternateIdentifiers, PidinstAlternate{Identifier: n, Type: "SerialNumber"})
	}
	if r.SourceID != "" {
		out.AlternateIdentifiers = append(out.AlternateIdentifiers, PidinstAlternate{Identifier: r.SourceID, Type: "InventoryNumber"})
	}
	if page := r.Text("website"); page != "" {
		out.RelatedIdentifiers = append(out.RelatedIdentifiers, PidinstRelationID{page, "URL", "IsDescribedBy"})
	}
	return out
}

// name puts the persistent ids into the record: its own PIDINST handle or DOI is its identifier, which otherwise is the
// address of its page; the others are alternates, named by their scheme.
func (p *Pidinst) name(ids []Identifier) {
	main := slices.IndexFunc(ids, func(x Identifier) bool { return x.Scheme == "pidinst" })
	if main < 0 {
		main = slices.IndexFunc(ids, func(x Identifier) bool { return x.Scheme == "doi" })
	}
	for i, x := range ids {
		switch {
		case i != main:
			p.AlternateIdentifiers = append(p.AlternateIdentifiers, PidinstAlternate{Identifier: x.Value, Type: "Other", Name: strings.ToUpper(x.Scheme)})
		case x.Scheme == "doi":
			p.Identifier = PidinstID{x.Value, "DOI"}
		default:
			p.Identifier = PidinstID{x.Value, "Handle"}
		}
	}
}

// PidinstNamespace is the XML namespace of PIDINST records in harvests: the published schema has none,
// and OAI-PMH asks for one.
const PidinstNamespace = "urn:qiao:pidinst:1.0"

// XML is the record as the published XML schema has it: lists are wrapped, types are attributes. With a
// namespace the root declares it, with its schema's address.
func (p Pidinst) XML(namespace, schema string) string {
	var x XML
	if namespace == "" {
		x.Open("instrument")
	} else {
		x.Open("instrument", "xmlns", namespace, "xmlns:xsi", xsi, "xsi:schemaLocation", namespace+" "+schema)
	}
	x.Leaf("identifier", p.Identifier.Identifier, "identifierType", p.Identifier.Type).Leaf("schemaVersion", p.SchemaVersion).Leaf("landingPage", p.LandingPage).Leaf("name", p.Name)
	x.Open("owners")
	for _, o := range p.Owners {
		x.Open("owner").Leaf("ownerName", o.Name).Some("ownerIdentifier", o.Identifier, "ownerIdentifierType", o.Type).Close()
	}
	x.Close().Open("manufacturers")
	for _, m := range p.Manufacturers {
		x.Open("manufacturer").Leaf("manufacturerName", m.Name).Close()
	}
	x.Close()
	if p.Model != nil {
		x.Open("model").Leaf("modelName", p.Model.Name).Close()
	}
	x.Some("description", p.Description)
	wrap(&x, "instrumentTypes", p.InstrumentTypes, func(t PidinstType) {
		x.Open("instrumentType").Leaf("instrumentTypeName", t.Name).Some("instrumentTypeIdentifier", t.Identifier, "instrumentTypeIdentifierType", t.Type).Close()
	})
	wrap(&x, "measuredVariables", p.MeasuredVariables, func(v string) { x.Leaf("measuredVariable", v) })
	wrap(&x, "dates", p.Dates, func(d PidinstDate) { x.Leaf("date", d.Date, "dateType", d.Type) })
	wrap(&x, "relatedIdentifiers", p.RelatedIdentifiers, func(d PidinstRelationID) {
		x.Leaf("relatedIdentifier", d.Identifier, "relatedIdentifierType", d.Type, "relationType", d.Relation)
	})
	wrap(&x, "alternateIdentifiers", p.AlternateIdentifiers, func(a PidinstAlternate) {
		x.Leaf("alternateIdentifier", a.Identifier, "alternateIdentifierType", a.Type, "alternateIdentifierName", a.Name)
	})
	return x.Close().String()
}

// wrap writes a list in its element, unless it is empty.
func wrap[T any](x *XML, name string, list []T, one func(T)) {
	if len(list) == 0 {
		return
	}
	x.Open(name)
	for _, v := range list {
		one(v)
	}
	x.Close()
}

const xsi = "http://www.w3.org/2001/XMLSchema-instance"
