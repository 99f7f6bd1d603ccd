package exchange

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/catalogue/format"
	"qiao/internal/catalogue/kinds"
)

// validIDs draws persistent ids that keep the rules of their scheme, in normal form.
func validIDs() *rapid.Generator[[]format.Identifier] {
	one := rapid.OneOf(
		rapid.Map(rapid.StringMatching(`10\.[1-9][0-9]{3}/[a-z0-9.]{1,12}`), func(s string) format.Identifier { return format.Identifier{Scheme: "doi", Value: s} }),
		rapid.Map(rapid.StringMatching(`31253\.11\.sciencedb\.[0-9]{5}`), func(s string) format.Identifier { return format.Identifier{Scheme: "cstr", Value: s} }),
		rapid.Map(rapid.StringMatching(`21\.T[0-9]{5}/[0-9a-f]{12}`), func(s string) format.Identifier { return format.Identifier{Scheme: "handle", Value: s} }),
		rapid.Just(format.Identifier{Scheme: "ror", Value: "03yrm5c26"}), rapid.Just(format.Identifier{Scheme: "orcid", Value: "0000-0002-1825-0097"}),
	)
	return rapid.SliceOfNDistinct(one, 0, 5, func(x format.Identifier) format.Identifier { return x })
}

// The persistent ids of a record come back from Dublin Core and PIDINST too, whatever their order.
func TestIdentifiersComeBackFromEveryHarvestedShape(t *testing.T) {
	k, _ := kinds.All().Find("instrument")
	rapid.Check(t, func(t *rapid.T) {
		r := format.Record{Kind: k, Link: "https://elsewhere.example/1", NameZH: "示例", Owner: format.Owner{NameZH: "甲"}, Identifiers: validIDs().Draw(t, "ids")}
		for prefix, text := range map[string]string{"oai_dc": format.OaiDC(r), "pidinst": format.PidinstOf(r).XML(format.PidinstNamespace, "x"), "qiao": format.Whole(r, "x")} {
			got, err := readMetadata(prefix, []byte(text))
			if err != nil {
				t.Fatalf("%s: %v", prefix, err)
			}
			if len(got.Identifiers) != len(r.Identifiers) {
				t.Errorf("%s: %v, want %v", prefix, got.Identifiers, r.Identifiers)
			}
			for _, x := range r.Identifiers {
				if !slices.Contains(got.Identifiers, x) {
					t.Errorf("%s: %v, want %v", prefix, got.Identifiers, r.Identifiers)
				}
			}
		}
	})
}
