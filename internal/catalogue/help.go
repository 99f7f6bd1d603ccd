package catalogue

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"qiao/internal/platform/textindex"
)

// help is what leads on where nothing is found.
type help struct {
	Wider   []wider      // with one filter less something is found
	Classes []FacetValue // classes of what has some of the words
	Near    []Item       // a few of them
}

// wider is a search with one filter less.
type wider struct {
	Facet string // the filter to drop, of Facets; "q": the words
	N     int    // how many are found then
}

// help looks what would be found with one filter less, and what has at least one of the words.
func (s *Service) help(ctx context.Context, q Query) (help, error) {
	var out help
	drop := q.used()
	if len(drop) > 0 && strings.TrimSpace(q.Text) != "" {
		drop = append(drop, "q")
	}
	for _, facet := range drop {
		n, err := s.Count(ctx, q.without(facet))
		if err != nil {
			return out, err
		}
		if n > 0 {
			out.Wider = append(out.Wider, wider{facet, n})
		}
	}
	slices.SortStableFunc(out.Wider, func(a, b wider) int { return b.N - a.N })
	if strings.TrimSpace(q.Text) == "" {
		return out, nil
	}
	found, err := s.Index.Search(ctx, textindex.Request{Query: cut(q.Text, 500), Facets: []string{columnClass}, FacetLimit: 6, Limit: 3})
	if err != nil {
		return out, fmt.Errorf("look for what is near: %w", err)
	}
	if out.Near, err = s.items(ctx, found.Hits); err != nil {
		return out, err
	}
	s.measure(q, nil, out.Near)
	out.Classes, err = s.label(ctx, columnClass, found.Facets[columnClass], nil)
	return out, err
}

// without is the query with one filter less.
func (q Query) without(facet string) Query {
	switch facet {
	case "q":
		q.Text = ""
	case columnKind:
		q.Kinds = nil
	case columnRegion:
		q.Regions = nil
	case columnClass:
		q.Classes = nil
	case columnOrg:
		q.Orgs = nil
	case columnAccess:
		q.Access = nil
	case columnProof:
		q.Certificates = nil
	case columnFresh:
		q.Fresh = nil
	case columnLanguage:
		q.Languages = nil
	case columnVoucher:
		q.Voucher = false
	case facetFreeOn:
		q.FreeOn = ""
	case facetPrice:
		q.Prices, q.PriceFrom, q.PriceTo = nil, "", ""
	}
	return q
}

// widened is the address of the search with one filter less.
func (v searchView) widened(w wider) string {
	values := url.Values{}
	for k, l := range v.Values {
		values[k] = l
	}
	values.Del(w.Facet)
	if w.Facet == facetPrice {
		values.Del("price_from")
		values.Del("price_to")
	}
	return searchView{Values: values}.address("cursor")
}
