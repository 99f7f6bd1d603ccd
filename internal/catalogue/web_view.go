package catalogue

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
)

// amount writes a price with its currency.
func amount(p PriceLine) string {
	if p.Currency == "" || p.Currency == money.CNY {
		return p.Amount.String()
	}
	return p.Currency + " " + p.Amount.Yuan()
}

// price is the side of a card: the headline price and what to do next.
func (it Item) price(ctx context.Context) ui.PriceOf {
	r := it.Resource
	p := ui.PriceOf{About: r.name(ctx), Action: ui.Link{Label: t(ctx, "查看"), Href: "/resources/" + r.ID}}
	switch {
	case r.Free:
		p.Amount = t(ctx, "免费")
	case r.Price.Unit != "":
		p.Amount, p.Unit = amount(r.Price), "/ "+unitName(ctx, r.Price.Unit)
		if r.Price.Audience != "external" {
			p.Note = audienceName(ctx, r.Price.Audience)
		}
	default:
		p.Amount = t(ctx, "面议")
	}
	if r.Bookable {
		p.Action = ui.Link{Label: t(ctx, "预约"), Href: "/resources/" + r.ID + "#book", Icon: "calendar-plus"}
	}
	return p
}

// card is a hit as a card.
func (v searchView) card(ctx context.Context, it Item) ui.ItemOf {
	icon, hue := look(it.Kind)
	o := it.Organisation
	if it.Kind == KindInstitution {
		card := ui.ItemOf{Icon: icon, Hue: hue, Title: i18n.Pick(ctx, o.NameZH, o.NameEN), Href: "/organisations/" + o.ID, Sample: o.Sample, Meta: []string{o.Address}, Tags: []ui.Chip{{Text: t(ctx, "科研机构")}}}
		if o.Status == identity.StatusUnclaimed {
			card.Tags = append(card.Tags, ui.Chip{Tone: ui.Info, Text: t(ctx, "公开记录，尚未认领")})
		}
		return card
	}
	r := it.Resource
	k, _ := v.set.Find(r.Kind)
	card := ui.ItemOf{Icon: icon, Hue: hue, Title: r.name(ctx), Href: "/resources/" + r.ID, Sample: r.Sample, Meta: []string{joined(" ", r.Maker, r.Model), i18n.Pick(ctx, o.NameZH, o.NameEN), r.text("institution")}, Side: ui.Price(it.price(ctx))}
	card.Tags = append(card.Tags, ui.Chip{Text: kindName(ctx, k)})
	if r.Class != "" {
		zh, en := classNames(r.Class)
		card.Tags = append(card.Tags, ui.Chip{Text: i18n.Pick(ctx, zh, en)})
	}
	if r.Voucher {
		card.Tags = append(card.Tags, ui.Chip{Tone: ui.OK, Text: t(ctx, "可用创新券")})
	}
	if n, ok := r.Fields["turnaround"].(int64); ok {
		card.Tags = append(card.Tags, ui.Chip{Text: t(ctx, "{0} 个工作日", n)})
	}
	if r.Status == StatusSuspended {
		card.Tags = append(card.Tags, StatusChip(ctx, r.Status))
	}
	return card
}

func joined(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}

// address is this search with one change: values replace those of name, none removes it.
func (v searchView) address(name string, values ...string) string {
	q := url.Values{}
	for k, l := range v.Values {
		q[k] = slices.Clone(l)
	}
	delete(q, name)
	for _, x := range values {
		if x != "" {
			q.Add(name, x)
		}
	}
	if len(q) == 0 {
		return "/resources"
	}
	return "/resources?" + q.Encode()
}

// keep lists values of the address that a form must send along, those of names left out.
func (v searchView) keep(names ...string) []ui.Fact {
	var out []ui.Fact
	for _, name := range []string{"q", "kind", "region", "class", "org", "voucher", "free_on", "sort"} {
		if slices.Contains(names, name) {
			continue
		}
		for _, x := range v.Values[name] {
			if x != "" {
				out = append(out, ui.Fact{Label: name, Value: x})
			}
		}
	}
	return out
}

func (v searchView) search(ctx context.Context) ui.SearchOf {
	return ui.SearchOf{Action: "/resources", Name: "q", Value: v.Query.Text, Label: t(ctx, "搜索仪器、服务、专家和机构"), Placeholder: t(ctx, "想做什么？例如：测薄膜成分、扫描电镜、科技查新"), Target: "results", Keep: v.keep("q")}
}

// days are links to what is free on one of the coming days.
func (v searchView) days(ctx context.Context) []ui.Link {
	var out []ui.Link
	for i := range 7 {
		day, err := clock.AddDays(v.today, i)
		if err != nil {
			return nil
		}
		label := day[5:7] + "-" + day[8:]
		switch i {
		case 0:
			label = t(ctx, "今天")
		case 1:
			label = t(ctx, "明天")
		}
		out = append(out, ui.Link{Label: label, Href: v.address("free_on", day)})
	}
	return out
}

func (v searchView) facets(ctx context.Context) ui.FacetsOf {
	out := ui.FacetsOf{Action: "/resources", Target: "results", Keep: v.keep("kind", "region", "class", "org", "voucher")}
	legends := map[string]string{columnKind: t(ctx, "资源类型"), columnRegion: t(ctx, "地区"), columnClass: t(ctx, "分类"), columnOrg: t(ctx, "所属单位"), columnVoucher: t(ctx, "创新券")}
	for _, column := range Facets() {
		f := ui.Facet{Legend: legends[column], Name: column}
		for _, x := range v.Facets[column] {
			if column == columnVoucher && x.Value != yes {
				continue
			}
			if len(f.Options) >= 12 && !x.Chosen {
				continue
			}
			f.Options = append(f.Options, ui.FacetOption{Value: x.Value, Label: i18n.Pick(ctx, x.LabelZH, x.LabelEN), Count: x.Count, On: x.Chosen})
		}
		out.Groups = append(out.Groups, f)
	}
	if len(v.chosen(ctx)) > 0 {
		out.Reset = "/resources"
		if v.Query.Text != "" {
			out.Reset += "?" + url.Values{"q": {v.Query.Text}}.Encode()
		}
	}
	return out
}

// chosen are the filters that hold, each with the address without it.
func (v searchView) chosen(ctx context.Context) []ui.Chosen {
	var out []ui.Chosen
	for _, column := range Facets() {
		for _, x := range v.Facets[column] {
			if !x.Chosen {
				continue
			}
			rest := slices.DeleteFunc(slices.Clone(v.Values[column]), func(s string) bool { return s == x.Value || column == columnVoucher })
			out = append(out, ui.Chosen{Label: i18n.Pick(ctx, x.LabelZH, x.LabelEN), Href: v.address(column, rest...)})
		}
	}
	if v.Query.FreeOn != "" {
		out = append(out, ui.Chosen{Label: t(ctx, "{0} 有空", v.Query.FreeOn), Href: v.address("free_on")})
	}
	return out
}

func (v searchView) results(ctx context.Context) ui.ResultsOf {
	sort := func(label, value string) ui.Tab {
		return ui.Tab{Label: label, Href: v.address("sort", value), Current: v.Query.Sort == value}
	}
	return ui.ResultsOf{
		ID: "results", Title: t(ctx, "共 {0} 项", v.Total), Chosen: v.chosen(ctx), Key: len(v.Strips) > 0,
		Sorts: []ui.Tab{sort(t(ctx, "相关"), SortRelevance), sort(t(ctx, "价格从低到高"), SortPrice), sort(t(ctx, "最近更新"), SortNewest)},
	}
}

func (v searchView) pager(ctx context.Context) ui.PagerOf {
	p := ui.PagerOf{Note: t(ctx, "本页 {0} 项，共 {1} 项", len(v.Items), v.Total)}
	if !v.first {
		p.First = v.address("cursor")
	}
	if v.Next != "" {
		p.Next = v.address("cursor", v.Next)
	}
	return p
}
