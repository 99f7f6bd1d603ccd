package format

import (
	"encoding/json"
	"strings"
)

// schemaTypes are the types of schema.org by kind.
func schemaType(kind string) string {
	switch kind {
	case "service":
		return "Service"
	case "expert", "professional":
		return "Person"
	case "dataset":
		return "Dataset"
	case "literature":
		return "ScholarlyArticle"
	case "standard":
		return "CreativeWork"
	case "achievement":
		return "CreativeWork"
	case "base", "investor":
		return "Organization"
	}
	return "Product"
}

// JSONLD is the record for search engines, as schema.org has it.
func JSONLD(r Record) map[string]any {
	kind := schemaType(r.Kind.Name)
	out := map[string]any{"@context": "https://schema.org", "@type": kind, "@id": r.Link, "url": r.Link, "name": r.Name()}
	put := func(key string, v any, there bool) {
		if there {
			out[key] = v
		}
	}
	put("alternateName", r.NameEN, r.NameEN != "" && r.NameZH != "")
	put("description", r.description(), r.description() != "")
	place := map[string]any{"@type": "Organization", "name": r.Owner.Name(), "url": r.Owner.Link}
	if r.Owner.ROR != "" {
		place["sameAs"] = "https://ror.org/" + r.Owner.ROR
	}
	if r.Country != "" {
		place["address"] = map[string]any{"@type": "PostalAddress", "addressCountry": r.Country}
	}
	r.linked(put)
	put("knowsLanguage", r.Languages, len(r.Languages) > 0 && (kind == "Person" || kind == "Organization"))
	switch kind {
	case "Person":
		put("affiliation", place, r.Owner.Name() != "")
	case "Product":
		put("model", r.Model, r.Model != "")
		put("manufacturer", map[string]any{"@type": "Organization", "name": r.Maker}, r.Maker != "")
		put("serialNumber", r.Text("serial"), r.Text("serial") != "")
		words := r.classWords()
		put("category", strings.Join(words, " / "), len(words) > 0)
		out["provider"] = place
	case "Service":
		put("serviceType", strings.Join(r.classWords(), " / "), r.Class != "")
		put("areaServed", r.Place, r.Place != "")
		put("availableChannel", map[string]any{"@type": "ServiceChannel", "availableLanguage": r.Languages}, len(r.Languages) > 0)
		out["provider"] = place
	case "Organization":
		out["parentOrganization"] = place
	default:
		put("author", authors(r), len(r.List("authors")) > 0)
		put("datePublished", r.Text("published"), r.Text("published") != "")
		put("keywords", r.List("subjects"), len(r.List("subjects")) > 0)
		out["publisher"] = place
	}
	if r.Offer.Unit != "" && kind != "Person" && kind != "Organization" {
		out["offers"] = map[string]any{"@type": "Offer", "price": r.Offer.Amount.Yuan(), "priceCurrency": r.Offer.Currency, "unitText": r.Offer.Unit, "url": r.Link}
	}
	if r.Licence != "" {
		out["sdLicense"], out["sdPublisher"] = r.Licence, r.Source
	}
	return out
}

// linked puts the persistent ids: each with its scheme, and the pages that are about the same thing.
func (r Record) linked(put func(key string, v any, there bool)) {
	var ids, same []any
	for _, x := range r.identifiers() {
		one := map[string]any{"@type": "PropertyValue", "value": x.Value}
		if x.Scheme != "other" {
			one["propertyID"] = strings.ToUpper(x.Scheme)
		}
		if l := x.Link(); l != "" {
			one["url"] = l
			same = append(same, l)
		}
		ids = append(ids, one)
	}
	put("identifier", ids, len(ids) > 0)
	put("sameAs", same, len(same) > 0)
}

func authors(r Record) []any {
	var out []any
	for _, a := range r.List("authors") {
		out = append(out, map[string]any{"@type": "Person", "name": a})
	}
	return out
}

// Script is JSON-LD safe to stand in an HTML script element: nothing in it can end the element.
func Script(v map[string]any) (string, error) {
	b, err := json.Marshal(v) // escapes <, > and & as \u003c, \u003e and \u0026
	return string(b), err
}
