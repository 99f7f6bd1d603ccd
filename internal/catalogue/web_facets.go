package catalogue

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/region"
	"qiao/internal/platform/ui"
)

// shownValues is how many values of a facet stand open; the others are folded away.
const shownValues = 7

// facets are the filters of the page.
func (v searchView) facets(ctx context.Context) ui.FacetsOf {
	out := ui.FacetsOf{Action: "/resources", Target: "found", Keep: v.keep(Facets()...), Count: len(v.chosen(ctx))}
	out.Keep = slices.DeleteFunc(out.Keep, func(f ui.Fact) bool { return slices.Contains([]string{"price_from", "price_to", "near"}, f.Label) })
	for _, name := range Facets() {
		f := ui.Facet{Legend: legend(ctx, name), Name: name}
		switch name {
		case columnRegion:
			f.Options, f.More = fold(v.regionTree(ctx))
			f.Pick = v.origin(ctx)
		case columnClass:
			f.Options, f.More = fold(v.classTree(ctx))
		case facetFreeOn:
			f.Days, f.Day = v.days(ctx), v.Query.FreeOn
		case columnVoucher:
			f.Options = boxes(ctx, slices.DeleteFunc(slices.Clone(v.Facets[name]), func(x FacetValue) bool { return x.Value != yes }))
		default:
			f.Options, f.More = fold(boxes(ctx, v.Facets[name]))
		}
		if name == facetPrice {
			v.swapPrices(&f)
			f.From = &ui.FacetField{Name: "price_from", Label: t(ctx, "最低（元）"), Value: v.Typed.PriceFrom, Wrong: v.wrong(v.Typed.PriceFrom != v.Query.PriceFrom)}
			f.To = &ui.FacetField{Name: "price_to", Label: t(ctx, "最高（元）"), Value: v.Typed.PriceTo, Wrong: v.wrong(v.Typed.PriceTo != v.Query.PriceTo)}
		}
		if name == columnOrg && (len(f.More) > 0 || v.Query.OrgNamed != "") {
			f.Find = &ui.FacetField{Name: "org_named", Label: t(ctx, "在单位中查找"), Value: v.Query.OrgNamed}
		}
		if len(f.Options) == 1 && !f.Options[0].On && f.Options[0].Count == v.Total && f.Find == nil && f.From == nil && name != columnVoucher && name != columnKind {
			continue // one value that all have: nothing to choose
		}
		out.Groups = append(out.Groups, f)
	}
	if out.Count > 0 {
		out.Reset = "/resources"
		if v.Query.Text != "" {
			out.Reset += "?" + url.Values{"q": {v.Query.Text}}.Encode()
		}
	}
	return out
}

// wrong tells of a field of prices that it could not be read.
func (v searchView) wrong(dropped bool) bool {
	return dropped && slices.ContainsFunc(v.Wrong, func(f *fault.Error) bool { return f.Code == "bad-price" })
}

// swapPrices makes links of the spans where bounds were typed: a span then takes their place, and its number is what one gets.
func (v searchView) swapPrices(f *ui.Facet) {
	if v.Query.PriceFrom == "" && v.Query.PriceTo == "" {
		return
	}
	values := url.Values{}
	for k, l := range v.Values {
		values[k] = l
	}
	values.Del("price_from")
	values.Del("price_to")
	rest := searchView{Values: values}
	for i := range f.Options {
		if o := &f.Options[i]; !o.On {
			o.Swap = rest.address(facetPrice, o.Value)
		}
	}
}

func legend(ctx context.Context, facet string) string {
	switch facet {
	case columnKind:
		return t(ctx, "资源类型")
	case columnRegion:
		return t(ctx, "地区")
	case columnClass:
		return t(ctx, "分类")
	case columnOrg:
		return t(ctx, "所属单位")
	case columnVoucher:
		return t(ctx, "创新券")
	case facetPrice:
		return t(ctx, "价格")
	case facetFreeOn:
		return t(ctx, "哪天有空")
	case columnAccess:
		return t(ctx, "使用方式")
	case columnProof:
		return t(ctx, "资质证书")
	case columnFresh:
		return t(ctx, "核对情况")
	}
	return t(ctx, "服务语言")
}

func boxes(ctx context.Context, values []FacetValue) []ui.FacetOption {
	var out []ui.FacetOption
	for _, x := range values {
		out = append(out, ui.FacetOption{Value: x.Value, Label: i18n.Pick(ctx, x.LabelZH, x.LabelEN), Count: x.Count, On: x.Chosen})
	}
	return out
}

// fold keeps the first values and those chosen or open; the rest stands folded away.
func fold(all []ui.FacetOption) (shown, more []ui.FacetOption) {
	for _, o := range all {
		if len(shown) < shownValues || o.On || o.Way != "" || len(o.Inside) > 0 {
			shown = append(shown, o)
		} else {
			more = append(more, o)
		}
	}
	if len(more) == 1 {
		return append(shown, more...), nil
	}
	return shown, more
}

// regionTree is province, city, county, open along the way to what is chosen, or to the node's own region.
func (v searchView) regionTree(ctx context.Context) []ui.FacetOption {
	values := v.Facets[columnRegion]
	there := map[string]bool{}
	for _, x := range values {
		there[x.Value] = true
	}
	parent := func(code string) string {
		if city := region.CityOf(code); region.LevelOf(code) == region.County && there[city] {
			return city
		}
		if region.LevelOf(code) == region.Province {
			return ""
		}
		return region.ProvinceOf(code)
	}
	name := func(x FacetValue) string { return lastPart(i18n.Pick(ctx, x.LabelZH, x.LabelEN), i18n.From(ctx)) }
	return v.tree(columnRegion, values, parent, v.open, name, within)
}

// classTree is the classes, an instrument's second level below its first, open along the way to what is chosen.
func (v searchView) classTree(ctx context.Context) []ui.FacetOption {
	values := v.Facets[columnClass]
	var open []string
	for _, c := range v.Query.Classes {
		open = append(open, c[:min(2, len(c))], c)
	}
	parent := func(code string) string {
		if len(code) == 4 && strings.Trim(code, "0123456789") == "" {
			return code[:2]
		}
		return ""
	}
	name := func(x FacetValue) string { return i18n.Pick(ctx, x.LabelZH, x.LabelEN) }
	return v.tree(columnClass, values, parent, open, name, strings.HasPrefix)
}

// tree puts values below their parents where these are open. A value on the way to a chosen one is a link that widens to it.
func (v searchView) tree(facet string, values []FacetValue, parent func(string) string, open []string, name func(FacetValue) string, in func(part, whole string) bool) []ui.FacetOption {
	chosen := v.Values[facet]
	var below func(of string) []ui.FacetOption
	below = func(of string) []ui.FacetOption {
		var out []ui.FacetOption
		for _, x := range values {
			if parent(x.Value) != of {
				continue
			}
			o := ui.FacetOption{Value: x.Value, Label: name(x), Count: x.Count, On: x.Chosen}
			inside := func(c string) bool { return c != x.Value && in(c, x.Value) }
			if !x.Chosen && slices.ContainsFunc(chosen, inside) {
				o.Way = v.address(facet, append(slices.DeleteFunc(slices.Clone(chosen), inside), x.Value)...)
			}
			if slices.Contains(open, x.Value) {
				o.Inside = below(x.Value)
			}
			out = append(out, o)
		}
		slices.SortStableFunc(out, func(a, b ui.FacetOption) int { return cmp.Compare(b.Count, a.Count) })
		return out
	}
	return below("")
}

// origin chooses the place distances are counted from, where they are what one sorts by.
func (v searchView) origin(ctx context.Context) *ui.FacetPick {
	if v.Query.Sort != SortDistance {
		return nil
	}
	pick := &ui.FacetPick{Name: "near", Label: t(ctx, "距离起点"), Value: spot(v.Query.Near), Options: []ui.Option{{Value: spot(v.Query.Near), Label: v.Near}}}
	for _, x := range v.Facets[columnRegion] {
		if region.LevelOf(x.Value) == region.City && x.Value != pick.Value {
			pick.Options = append(pick.Options, ui.Option{Value: x.Value, Label: lastPart(i18n.Pick(ctx, x.LabelZH, x.LabelEN), i18n.From(ctx))})
		}
	}
	return pick
}

// days are the coming seven days with how much is free on them.
func (v searchView) days(ctx context.Context) []ui.FacetDay {
	var out []ui.FacetDay
	for i, x := range v.Facets[facetFreeOn] {
		d := ui.FacetDay{Label: i18n.Pick(ctx, x.LabelZH, x.LabelEN), Count: x.Count, On: x.Chosen, Href: v.address("free_on", x.Value)}
		switch {
		case x.Chosen:
			d.Href = v.address("free_on")
		case i == 0:
			d.Label = t(ctx, "今天")
		case i == 1:
			d.Label = t(ctx, "明天")
		}
		out = append(out, d)
	}
	return out
}

// chosen are the filters that hold, each with the address without it.
func (v searchView) chosen(ctx context.Context) []ui.Chosen {
	var out []ui.Chosen
	for _, facet := range Facets() {
		if facet == facetFreeOn {
			continue
		}
		for _, x := range v.Facets[facet] {
			if !x.Chosen {
				continue
			}
			rest := slices.DeleteFunc(slices.Clone(v.Values[facet]), func(s string) bool { return s == x.Value || facet == columnVoucher })
			label := i18n.Pick(ctx, x.LabelZH, x.LabelEN)
			if facet == columnRegion {
				label = lastPart(label, i18n.From(ctx))
			}
			out = append(out, ui.Chosen{Label: label, Href: v.address(facet, rest...)})
		}
	}
	if v.Query.PriceFrom != "" {
		out = append(out, ui.Chosen{Label: t(ctx, "不低于 ¥{0}", v.Query.PriceFrom), Href: v.address("price_from")})
	}
	if v.Query.PriceTo != "" {
		out = append(out, ui.Chosen{Label: t(ctx, "不高于 ¥{0}", v.Query.PriceTo), Href: v.address("price_to")})
	}
	if v.Query.FreeOn != "" {
		out = append(out, ui.Chosen{Label: t(ctx, "{0} 有空", ui.SayDay(ctx, v.Query.FreeOn)), Href: v.address("free_on")})
	}
	return out
}

// need is the page to state a need, with what was searched for as its first words.
func (v searchView) need() string {
	if v.Query.Text == "" {
		return "/needs/new"
	}
	return "/needs/new?" + url.Values{"text": {v.Query.Text}}.Encode()
}

// dropText says which filter to drop.
func (v searchView) dropText(ctx context.Context, w wider) string {
	if w.Facet == "q" {
		return t(ctx, "不限关键词“{0}”", v.Query.Text)
	}
	return t(ctx, "不限{0}", legend(ctx, w.Facet))
}
