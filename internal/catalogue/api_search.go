package catalogue

import (
	"context"

	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
)

type resourceSearchIn struct {
	Q           string   `query:"q" doc:"Words, Chinese or English"`
	Kind        []string `query:"kind,explode"`
	Region      []string `query:"region,explode" doc:"Six digits; what lies inside is included"`
	Class       []string `query:"class,explode" doc:"Instrument class of two, four or six digits, or class of a service"`
	Org         []string `query:"org,explode" doc:"Id of the owner"`
	Access      []string `query:"access,explode" doc:"self, operated, mail_in, remote"`
	Price       []string `query:"price,explode" doc:"Spans in yuan as the facet gives them: free, 200-500, 1000-, ask (no published price)"`
	PriceFrom   string   `query:"price_from" doc:"Least price in yuan"`
	PriceTo     string   `query:"price_to" doc:"Highest price in yuan"`
	Freshness   []string `query:"freshness,explode" doc:"fresh, due, stale, never: when the owner last confirmed the record"`
	Language    []string `query:"language,explode" doc:"Language one is served in"`
	Certificate []string `query:"certificate,explode" doc:"Kind of a verified certificate: cma, cnas …"`
	Voucher     bool     `query:"voucher" doc:"Only what accepts vouchers"`
	FreeOn      string   `query:"free_on" doc:"YYYY-MM-DD: only what has a free slot on that day"`
	AsTyped     bool     `query:"as_typed" doc:"Correct nothing in q"`
	Near        string   `query:"near" doc:"Region from which distances are counted, six digits; the node's where left out"`
	Sort        string   `query:"sort" doc:"price, -price, updated, distance (nearest first) or free (next free slot first; only what has one within two weeks); empty: best match first"`
	Limit       int      `query:"limit" minimum:"0" maximum:"100" doc:"20 where left out"`
	Cursor      string   `query:"cursor" doc:"next of the page before"`
}

func (in resourceSearchIn) query() Query {
	return Query{
		Text: in.Q, Kinds: in.Kind, Regions: in.Region, Classes: in.Class, Orgs: in.Org, Access: in.Access, Prices: in.Price, PriceFrom: in.PriceFrom, PriceTo: in.PriceTo,
		Fresh: in.Freshness, Languages: in.Language, Certificates: in.Certificate, Voucher: in.Voucher, FreeOn: in.FreeOn, AsTyped: in.AsTyped, Near: in.Near, Sort: in.Sort, Limit: in.Limit, Cursor: in.Cursor,
	}
}

type resourceFacet struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

type resourceSearchOut struct {
	Body struct {
		Items  []resourceBody             `json:"items"`
		Total  int                        `json:"total"`
		Facets map[string][]resourceFacet `json:"facets" doc:"By kind, region, class, price, free_on, voucher, access, org, freshness and language"`
		Next   string                     `json:"next" doc:"Cursor of the next page; empty at the end"`

		Instead string `json:"instead,omitempty" doc:"What was searched for instead of q, a part of which stands nowhere"`
	}
}

func (s *Service) apiSearch(ctx context.Context, in *resourceSearchIn) (*resourceSearchOut, error) {
	found, err := s.Search(ctx, in.query())
	if err != nil {
		return nil, err
	}
	out := &resourceSearchOut{}
	out.Body.Items, out.Body.Total, out.Body.Next, out.Body.Facets = []resourceBody{}, found.Total, found.Next, map[string][]resourceFacet{}
	out.Body.Instead = found.Instead
	for _, it := range found.Items {
		out.Body.Items = append(out.Body.Items, s.wireHit(ctx, it))
	}
	for name, values := range found.Facets {
		out.Body.Facets[name] = []resourceFacet{}
		for _, v := range values {
			out.Body.Facets[name] = append(out.Body.Facets[name], resourceFacet{Value: v.Value, Label: i18n.Pick(ctx, v.LabelZH, v.LabelEN), Count: v.Count})
		}
	}
	return out, nil
}

func (s *Service) wireHit(ctx context.Context, it Item) resourceBody {
	out := s.wireItem(ctx, it)
	if it.Distance >= 0 {
		out.Distance = &it.Distance
	}
	if !it.Free.IsZero() {
		at := db.At(it.Free)
		out.NextFree = &at
	}
	return out
}

type suggestIn struct {
	Q string `query:"q" doc:"As typed so far: Chinese, letters, pinyin in full or by initials"`
}

type suggestionBody struct {
	Text  string `json:"text"`
	ID    string `json:"id,omitempty" doc:"The one record of that name, when there is just one"`
	Count int    `json:"count" doc:"Records found by it; -1 where counting would have taken too long"`
}

type suggestOut struct {
	Body struct {
		Items []suggestionBody `json:"items"`
	}
}

func (s *Service) apiSuggest(ctx context.Context, in *suggestIn) (*suggestOut, error) {
	list, err := s.Suggestions(ctx, in.Q)
	if err != nil {
		return nil, err
	}
	out := &suggestOut{}
	out.Body.Items = []suggestionBody{}
	for _, x := range list {
		out.Body.Items = append(out.Body.Items, suggestionBody(x))
	}
	return out, nil
}
