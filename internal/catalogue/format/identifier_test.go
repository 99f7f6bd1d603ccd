package format

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/catalogue/kinds"
)

// someIDs draws persistent ids of every scheme.
func someIDs() *rapid.Generator[[]Identifier] {
	one := rapid.Custom(func(t *rapid.T) Identifier {
		return Identifier{rapid.SampledFrom([]string{"own", "cstr", "doi", "ror", "orcid", "pidinst", "handle", "other"}).Draw(t, "scheme"), rapid.StringMatching(`[0-9A-Za-z./<&" 一-十-]{1,20}[0-9a-z]`).Draw(t, "value")}
	})
	return rapid.SliceOfNDistinct(one, 0, 5, func(x Identifier) Identifier { return x })
}

// Persistent ids, languages and country of any record come back from the lossless shape as they went in.
func TestIdentifiersSurviveTheWholeShape(t *testing.T) {
	var names []string
	for _, k := range kinds.All() {
		names = append(names, k.Name)
	}
	rapid.Check(t, func(t *rapid.T) {
		k, _ := kinds.All().Find(rapid.SampledFrom(names).Draw(t, "kind"))
		r := Record{Kind: k, NameZH: "示例", Identifiers: someIDs().Draw(t, "ids"), Country: rapid.SampledFrom([]string{"", "DE", "JP"}).Draw(t, "country"), Languages: rapid.SliceOfDistinct(rapid.SampledFrom([]string{"zh", "en", "ja"}), rapid.ID).Draw(t, "languages")}
		got, err := ReadWhole([]byte(Whole(r, "x.xsd")), kinds.All())
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Identifiers)+len(r.Identifiers) > 0 && !reflect.DeepEqual(got.Identifiers, r.Identifiers) || got.Country != r.Country || len(got.Languages)+len(r.Languages) > 0 && !reflect.DeepEqual(got.Languages, r.Languages) {
			t.Errorf("got %+v\nwant %+v", got, r)
		}
	})
}

// Every shape that has room for persistent ids says each of them.
func TestEveryShapeSaysTheIdentifiers(t *testing.T) {
	r := microscope(t)
	r.Country, r.Languages = "DE", []string{"de", "en"}
	r.Identifiers = []Identifier{{"doi", "10.5442/ni000001"}, {"pidinst", "21.T11148/17ce618137e697852ea6"}, {"cstr", "31253.11.sciencedb.01234"}, {"ror", "03yrm5c26"}, {"orcid", "0000-0002-1825-0097"}, {"other", "X-77"}}
	ld, err := Script(JSONLD(r))
	if err != nil {
		t.Fatal(err)
	}
	cite, err := json.Marshal(DataCite(r))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"oai_dc": OaiDC(r), "pidinst": PidinstOf(r).XML("", ""), "json-ld": ld, "datacite": string(cite), "bibtex": strings.ReplaceAll(BibTeX(r), `\_`, "_"), "ris": RIS(r), "qiao": Whole(r, "")} {
		for _, id := range r.Identifiers {
			if !strings.Contains(text, id.Value) {
				t.Errorf("%s does not say %s %s: %s", name, id.Scheme, id.Value, text)
			}
		}
	}
	if p := PidinstOf(r); p.Identifier != (PidinstID{"21.T11148/17ce618137e697852ea6", "Handle"}) || p.LandingPage != r.Link {
		t.Errorf("%+v", p.Identifier)
	}
	if !strings.Contains(ld, `"sameAs":["https://doi.org/10.5442/ni000001"`) || !strings.Contains(ld, `"addressCountry":"DE"`) {
		t.Error(ld)
	}
	if b := BibTeX(r); !strings.Contains(b, "doi = {10.5442/ni000001}") {
		t.Error(b)
	}
	if b := RIS(r); !strings.Contains(b, "DO  - 10.5442/ni000001\r\n") || !strings.Contains(b, "LA  - de, en\r\n") {
		t.Error(b)
	}
}
