package format

import (
	"slices"
	"strings"
)

// Identifier is one persistent id of a record, without the address of its resolver. The schemes are those of the catalogue:
// own, cstr, doi, ror, orcid, pidinst, handle, other.
type Identifier struct {
	Scheme string `json:"scheme"`
	Value  string `json:"value"`
}

// Link is where the identifier leads; empty where it has no resolver.
func (x Identifier) Link() string {
	switch x.Scheme {
	case "doi":
		return "https://doi.org/" + x.Value
	case "cstr":
		return "https://www.cstr.cn/" + x.Value
	case "ror":
		return "https://ror.org/" + x.Value
	case "orcid":
		return "https://orcid.org/" + x.Value
	case "handle", "pidinst":
		return "https://hdl.handle.net/" + x.Value
	}
	return ""
}

// Label is the identifier with its scheme, where there is no field for the scheme.
func (x Identifier) Label() string {
	if x.Scheme == "other" {
		return x.Value
	}
	return strings.ToUpper(x.Scheme) + " " + x.Value
}

// address is the resolver's address, or the identifier as it is written where there is no resolver.
func (x Identifier) address() string {
	if l := x.Link(); l != "" {
		return l
	}
	return x.Value
}

// identifiers are all persistent ids of the record: the one its kind has a field for comes first, then the others, each once.
func (r Record) identifiers() []Identifier {
	var out []Identifier
	if v := strings.TrimSpace(r.Text("identifier")); v != "" {
		out = append(out, named(v))
	}
	for _, x := range r.Identifiers {
		if !slices.ContainsFunc(out, func(o Identifier) bool { return o.Scheme == x.Scheme && strings.EqualFold(o.Value, x.Value) }) {
			out = append(out, x)
		}
	}
	return out
}

// named tells the scheme of an identifier as its publisher wrote it.
func named(v string) Identifier {
	bare := v
	for _, prefix := range []string{"https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:", "DOI:"} {
		bare = strings.TrimSpace(strings.TrimPrefix(bare, prefix))
	}
	if strings.HasPrefix(bare, "10.") && strings.Contains(bare, "/") {
		return Identifier{"doi", bare}
	}
	if len(v) > 5 && strings.EqualFold(v[:5], "cstr:") {
		return Identifier{"cstr", strings.TrimSpace(v[5:])}
	}
	return Identifier{"other", v}
}

// doi is the record's DOI and what other persistent ids it has; empty where it has none.
func (r Record) doi() (doi string, others []Identifier) {
	for _, x := range r.identifiers() {
		if x.Scheme == "doi" && doi == "" {
			doi = x.Value
			continue
		}
		others = append(others, x)
	}
	return doi, others
}
