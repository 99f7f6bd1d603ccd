package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/region"
	"qiao/internal/platform/textindex"
)

// The facets whose name on the page and in the API is not that of their column.
const (
	facetPrice  = "price"
	facetFreeOn = "free_on"
)

// Facets are what every result is counted by, in the order of the page.
func Facets() []string {
	return []string{columnKind, columnRegion, columnClass, facetPrice, facetFreeOn, columnVoucher, columnAccess, columnProof, columnOrg, columnFresh, columnLanguage}
}

// counted are the columns the index counts.
func counted() []string {
	return []string{columnKind, columnRegion, columnClass, columnBand, columnVoucher, columnAccess, columnProof, columnOrg, columnFresh, columnLanguage}
}

// facetValues is how many values of a facet without a tree are given; chosen ones always are.
const facetValues = 30

// namedOwners is how many of the owners with the most things are looked through for a name.
const namedOwners = 500

// filters are the wanted values by column.
func filters(q Query) (map[string][]string, error) {
	out := map[string][]string{}
	bands, err := bandFilter(q.Prices)
	if err != nil {
		return nil, err
	}
	for column, values := range map[string][]string{
		columnKind: q.Kinds, columnRegion: q.Regions, columnClass: classFilter(q.Classes), columnOrg: q.Orgs,
		columnAccess: q.Access, columnBand: bands, columnFresh: q.Fresh, columnLanguage: q.Languages, columnProof: q.Certificates,
	} {
		if len(values) > 0 {
			out[column] = values
		}
	}
	if q.Voucher {
		out[columnVoucher] = []string{yes}
	}
	return out, nil
}

// classFilter reads six-digit codes at the level the index has.
func classFilter(codes []string) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = c
		if known, ok := kinds.ClassOf(c); ok && len(c) == 6 {
			out[i] = known.Code
		}
	}
	return out
}

// facets names what the index counted, as far as it is shown.
func (s *Service) facets(ctx context.Context, q Query, wanted map[string][]string, found map[string][]textindex.Count) (map[string][]FacetValue, error) {
	out := map[string][]FacetValue{}
	for column, counts := range found {
		name := column
		switch column {
		case columnBand:
			out[facetPrice] = priceFacet(counts, q.Prices)
			continue
		case columnRegion:
			counts = s.shownRegions(counts, wanted[column])
		case columnClass:
		case columnOrg:
			if q.OrgNamed != "" {
				counts = first(counts, namedOwners, wanted[column])
			} else {
				counts = first(counts, facetValues, wanted[column])
			}
		default:
			counts = first(counts, facetValues, wanted[column])
		}
		values, err := s.label(ctx, column, counts, wanted[column])
		if err != nil {
			return nil, err
		}
		if column == columnOrg && q.OrgNamed != "" {
			values = named(values, q.OrgNamed)
		}
		out[name] = values
	}
	return out, nil
}

// first keeps the most frequent values and the chosen ones.
func first(counts []textindex.Count, n int, chosen []string) []textindex.Count {
	var out []textindex.Count
	for i, c := range counts {
		if i < n || slices.Contains(chosen, c.Value) {
			out = append(out, c)
		}
	}
	return out
}

// named keeps the values whose name has text in it, and the chosen ones.
func named(values []FacetValue, text string) []FacetValue {
	text = kinds.Fold(text)
	out := slices.DeleteFunc(values, func(v FacetValue) bool {
		return !v.Chosen && !strings.Contains(kinds.Fold(v.LabelZH), text) && !strings.Contains(kinds.Fold(v.LabelEN), text)
	})
	return out[:min(len(out), facetValues)]
}

// shownRegions are the provinces, and what lies along the way to the chosen regions and to the node's own.
func (s *Service) shownRegions(counts []textindex.Count, chosen []string) []textindex.Count {
	open := s.openRegions(chosen)
	var out []textindex.Count
	for i, c := range counts {
		shown := region.LevelOf(c.Value) == region.Province || slices.Contains(chosen, c.Value) || i < facetValues
		for _, o := range open {
			shown = shown || s.under(o, c.Value)
		}
		if shown {
			out = append(out, c)
		}
	}
	return out
}

// openRegions are those whose parts are shown: the chosen ones and those above; without a choice the node's own.
func (s *Service) openRegions(chosen []string) []string {
	if len(chosen) == 0 {
		chosen = []string{s.Root}
	}
	var out []string
	for _, c := range chosen {
		out = append(out, region.ProvinceOf(c), region.CityOf(c), c)
	}
	return compact(out)
}

// under tells whether code stands directly under open: a city under its province, a county under its city or, where the
// digits of its city are no region (the districts of Shanghai), under its province.
func (s *Service) under(open, code string) bool {
	if code == open || !region.Within(code, open) {
		return false
	}
	switch city := region.CityOf(code); region.LevelOf(code) {
	case region.City:
		return region.LevelOf(open) == region.Province
	case region.County:
		return open == city || region.LevelOf(open) == region.Province && s.Orgs.RegionPath(city) == city
	}
	return false
}

// label names the values of a facet in both languages.
func (s *Service) label(ctx context.Context, column string, counts []textindex.Count, chosen []string) ([]FacetValue, error) {
	var orgs map[string]identity.Organisation
	if column == columnOrg {
		ids := make([]string, len(counts))
		for i, c := range counts {
			ids[i] = c.Value
		}
		var err error
		if orgs, err = s.Orgs.Organisations(ctx, s.DB, ids); err != nil {
			return nil, fmt.Errorf("read owners: %w", err)
		}
	}
	out := make([]FacetValue, 0, len(counts))
	for _, c := range counts {
		v := FacetValue{Value: c.Value, Count: c.Count, Chosen: slices.Contains(chosen, c.Value)}
		v.LabelZH, v.LabelEN = c.Value, c.Value
		switch column {
		case columnKind:
			v.LabelZH, v.LabelEN = s.kindNames(c.Value)
		case columnRegion:
			var known bool
			if v.LabelZH, v.LabelEN, known = s.place(ctx, c.Value); !known && !v.Chosen {
				continue // counted with the region it lies in
			}
		case columnClass:
			v.LabelZH, v.LabelEN = classNames(c.Value)
		case columnAccess:
			v.LabelZH, v.LabelEN = choiceNames(kinds.AccessModes(), c.Value)
		case columnProof:
			v.LabelZH, v.LabelEN = c.Value, c.Value
			if s.CertificateNames != nil {
				v.LabelZH, v.LabelEN = s.CertificateNames(c.Value)
			}
		case columnFresh:
			v.LabelZH, v.LabelEN = freshNames(c.Value)
		case columnLanguage:
			v.LabelZH, v.LabelEN = languageNames(c.Value)
		case columnOrg:
			o := orgs[c.Value]
			v.LabelZH, v.LabelEN = cmp.Or(o.NameZH, o.NameEN, c.Value), cmp.Or(o.NameEN, o.NameZH, c.Value)
		case columnVoucher:
			v.LabelZH, v.LabelEN = voucherNames(c.Value)
		}
		out = append(out, v)
	}
	return out, nil
}

func (s *Service) kindNames(kind string) (zh, en string) {
	if k, ok := s.kinds.Find(kind); ok {
		return k.ZH, k.EN
	}
	if kind == KindInstitution {
		return "科研机构", "Institution" //i18n:data both languages are here
	}
	return kind, kind
}

// classNames names the class of a thing of any kind.
func classNames(code string) (zh, en string) {
	if c, ok := kinds.ClassLabel(code); ok {
		return c.ZH, c.EN
	}
	if c, ok := kinds.ClassOf(code); ok && len(code) > 2 {
		return c.ZH, c.EN
	}
	if c, ok := kinds.TopClass(code); ok {
		return c.ZH, c.EN
	}
	return code, code
}

func choiceNames(choices []kinds.Choice, value string) (zh, en string) {
	for _, c := range choices {
		if c.Value == value {
			return c.ZH, c.EN
		}
	}
	return value, value
}

func voucherNames(v string) (zh, en string) {
	if v == yes {
		return "接受创新券", "Accepts vouchers" //i18n:data both languages are here
	}
	return "不接受创新券", "No vouchers" //i18n:data both languages are here
}

func freshNames(v string) (zh, en string) {
	switch v {
	case Fresh:
		return "近期已核对", "Checked recently" //i18n:data both languages are here
	case Due:
		return "即将需要核对", "Check due soon" //i18n:data both languages are here
	case Stale:
		return "久未核对", "Not checked for long" //i18n:data both languages are here
	}
	return "所有者未核对", "Never checked by its owner" //i18n:data both languages are here
}

// languageNames names the languages one is served in; a code not known here stands for itself.
func languageNames(code string) (zh, en string) {
	switch code {
	case "zh":
		return "中文", "Chinese" //i18n:data both languages are here
	case "en":
		return "英语", "English" //i18n:data both languages are here
	case "ja":
		return "日语", "Japanese" //i18n:data both languages are here
	case "ko":
		return "韩语", "Korean" //i18n:data both languages are here
	case "de":
		return "德语", "German" //i18n:data both languages are here
	case "fr":
		return "法语", "French" //i18n:data both languages are here
	case "ru":
		return "俄语", "Russian" //i18n:data both languages are here
	case "es":
		return "西班牙语", "Spanish" //i18n:data both languages are here
	}
	return code, code
}
