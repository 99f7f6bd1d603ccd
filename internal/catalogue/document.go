package catalogue

import (
	"context"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/region"
	"qiao/internal/platform/textindex"
)

// KindInstitution is how organisations appear in the search beside the kinds of resources.
const KindInstitution = "institution"

// Columns of the index.
const (
	columnID       = "id"
	columnKind     = "kind"
	columnRegion   = "region" // the region and those above it
	columnClass    = "class"  // first and second level of an instrument's class; a service's class
	columnOrg      = "org"
	columnSpot     = "spot" // the one place distances are counted to
	columnBand     = "band" // step of the headline price
	columnAccess   = "access"
	columnFresh    = "freshness"
	columnLanguage = "language"
	columnProof    = "certificate" // kinds of certificates that hold now
	columnVoucher  = "voucher"
	columnBookable = "bookable"
	columnPrice    = "price"   // fen
	columnUpdated  = "updated" // milliseconds
	columnReady    = "ready"   // 3: can be booked; 2: has a price; 1: other resources; 0: institutions
	yes            = "yes"
	no             = "no"
)

// document is what the index knows of a resource. What days alone change in it (its price, how true it is known to be)
// Turn tells the index.
func document(r Resource, k kinds.Kind, owner identity.Organisation) textindex.Document {
	d := textindex.Document{
		ID: r.ID, Title: titled(strings.TrimSpace(r.NameZH+" "+r.NameEN), r.Model), Names: compact([]string{r.NameZH, r.NameEN, r.Model}),
		Keywords: map[string][]string{
			columnID: {r.ID}, columnKind: {r.Kind}, columnRegion: above(r.Region), columnOrg: {r.Owner},
			columnVoucher: {flag(r.Voucher)}, columnBookable: {flag(r.Bookable)},
			columnSpot: {spot(r.Region)}, columnBand: {priceStep(r)}, columnAccess: r.Access, columnFresh: {r.Freshness}, columnLanguage: r.Languages,
		},
		Numbers: map[string]int64{columnUpdated: r.UpdatedAt.UnixMilli()},
	}
	d.Numbers[columnReady] = 1
	if r.Status == StatusPublished && (r.Free || r.Price.Unit != "") {
		d.Numbers[columnReady] = 2
	}
	if r.Bookable {
		d.Numbers[columnReady] = 3
	}
	if r.Price.Unit != "" {
		d.Numbers[columnPrice] = int64(r.Price.Amount)
	} else if r.Free {
		d.Numbers[columnPrice] = 0
	}
	text := []string{r.Maker, r.Summary, owner.NameZH, owner.NameEN, k.ZH, k.EN}
	if class, words := classes(r, k); len(class) > 0 {
		d.Keywords[columnClass] = class
		text = append(text, words...)
	}
	for _, f := range k.Fields {
		if v := r.Fields[f.Name]; v != nil && searchable(f) {
			text = append(text, f.Show(v, false))
		}
	}
	for _, p := range r.Prices {
		text = append(text, p.Option)
	}
	d.Text = strings.Join(compact(text), "\n")
	return d
}

// searchable fields are words about the thing itself, not about people, places of customs or numbers.
func searchable(f kinds.Field) bool {
	if f.Core || f.Hidden || f.Group == "customs" {
		return false
	}
	switch f.Type {
	case kinds.Text, kinds.Long, kinds.List, kinds.Many:
		return f.Name != "image"
	}
	return false
}

// classes are the facet values of a resource's class, and the names they are found by.
func classes(r Resource, k kinds.Kind) (codes, words []string) {
	f, ok := k.Field("class")
	if !ok || r.Class == "" {
		return nil, nil
	}
	if c, ok := f.Choice(r.Class); ok {
		return []string{c.Value}, []string{c.ZH, c.EN}
	}
	if top, ok := kinds.TopClass(r.Class); ok {
		codes, words = append(codes, top.Code), append(words, top.ZH, top.EN)
	}
	if c, ok := kinds.ClassOf(r.Class); ok {
		codes, words = append(codes, c.Code), append(words, c.ZH, c.EN)
	}
	return codes, words
}

// institution is what the index knows of an organisation.
func institution(o identity.Organisation, also []string) textindex.Document {
	return textindex.Document{
		ID: o.ID, Title: strings.TrimSpace(o.NameZH + " " + o.NameEN), Names: compact([]string{o.NameZH, o.NameEN}), Text: strings.Join(compact(append([]string{o.Address}, also...)), "\n"),
		Keywords: map[string][]string{
			columnID: {o.ID}, columnKind: {KindInstitution}, columnRegion: above(o.Region), columnOrg: {o.ID}, columnVoucher: {no}, columnBookable: {no}, columnSpot: {spot(o.Region)},
		},
		Numbers: map[string]int64{columnUpdated: o.UpdatedAt.UnixMilli(), columnReady: 0},
	}
}

// place is the name of a region in Chinese and in the reader's language. A code that is no region of its own (the city
// between Shanghai and its districts, 310100) has the name of the one it lies in and is not known.
func (s *Service) place(ctx context.Context, code string) (zh, name string, known bool) {
	for _, c := range []string{code, region.CityOf(code), region.ProvinceOf(code)} {
		if path := s.Orgs.RegionPath(c); path != c {
			return path, s.Orgs.RegionName(ctx, c), c == code
		}
	}
	return code, code, true // the regions are not loaded
}

// above lists a region with the city and the province it lies in.
func above(code string) []string {
	if len(code) != 6 {
		return nil
	}
	return compact([]string{code[:2] + "0000", code[:4] + "00", code})
}

// compact drops empty and repeated values.
func compact(in []string) []string {
	out := in[:0:0]
	seen := map[string]bool{}
	for _, s := range in {
		if s = strings.TrimSpace(s); s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

func flag(b bool) string {
	if b {
		return yes
	}
	return no
}
