package catalogue

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/identity"
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

// href is where a hit leads; its place in the result goes along, so that it is known which one was opened.
func (v searchView) href(i int, it Item) string {
	if it.Kind == KindInstitution {
		return "/organisations/" + it.ID
	}
	if v.Mark == "" {
		return "/resources/" + it.ID
	}
	return "/resources/" + it.ID + "?s=" + v.Mark + "." + strconv.Itoa(i+1)
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
	if !it.Free.IsZero() {
		p.Note = joined(" · ", p.Note, t(ctx, "最早 {0}", ui.SayTime(ctx, it.Free)))
	}
	if r.Bookable {
		p.Action = ui.Link{Label: t(ctx, "预约"), Href: "/resources/" + r.ID + "#book", Icon: "calendar-plus"}
	}
	return p
}

// card is a hit as a card.
func (v searchView) card(ctx context.Context, i int, it Item) ui.ItemOf {
	icon, hue := look(it.Kind)
	o := it.Organisation
	if it.Kind == KindInstitution {
		card := ui.ItemOf{Icon: icon, Hue: hue, Title: i18n.Pick(ctx, o.NameZH, o.NameEN), Href: v.href(i, it), Sample: o.Sample, Meta: []string{o.Address, v.far(ctx, it)}, Tags: []ui.Chip{{Text: t(ctx, "科研机构")}}}
		if o.Status == identity.StatusUnclaimed {
			card.Tags = append(card.Tags, ui.Chip{Tone: ui.Info, Text: t(ctx, "公开记录，尚未认领")})
		}
		return card
	}
	r := it.Resource
	k, _ := v.set.Find(r.Kind)
	card := ui.ItemOf{Icon: icon, Hue: hue, Title: r.name(ctx), Href: v.href(i, it), Sample: r.Sample, Meta: []string{joined(" ", r.Maker, r.Model), i18n.Pick(ctx, o.NameZH, o.NameEN), r.text("institution"), v.far(ctx, it)}, Side: ui.Price(it.price(ctx))}
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
	if v.today != "" && r.Freshness == Fresh {
		card.Tags = append(card.Tags, ui.Chip{Tone: ui.Info, Text: t(ctx, "近期已核对")})
	} else if v.today != "" && r.Freshness == Stale {
		card.Tags = append(card.Tags, ui.Chip{Tone: ui.Warn, Text: t(ctx, "久未核对")})
	}
	card.Acts = v.compareLink(ctx, it)
	if r.Status == StatusSuspended {
		card.Tags = append(card.Tags, StatusChip(ctx, r.Status))
	}
	if r.Photo.ID != "" {
		card.Photo = r.Photo.Link(true)
	}
	return card
}

func joined(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}

// far says how far away a hit is, where the reader has a place of his own or asked for it.
func (v searchView) far(ctx context.Context, it Item) string {
	if v.Query.Near == "" && v.Query.Sort != SortDistance {
		return ""
	}
	return v.distance(ctx, it)
}

// distance says how far away a hit is from the reader's place, or else from the node's.
func (v searchView) distance(ctx context.Context, it Item) string {
	switch {
	case it.Distance < 0:
		return ""
	case it.Distance == 0:
		return t(ctx, "{0}本地", v.Near)
	}
	return t(ctx, "距{0}约 {1} 公里", v.Near, it.Distance)
}

// compareLink puts a hit aside to be compared, or takes it back.
func (v searchView) compareLink(ctx context.Context, it Item) []ui.Link {
	chosen := present(v.Values["compare"])
	if slices.Contains(chosen, it.ID) {
		return []ui.Link{{Label: t(ctx, "不再对比"), Href: v.address("compare", slices.DeleteFunc(chosen, func(x string) bool { return x == it.ID })...), Icon: "x"}}
	}
	if len(chosen) >= mostCompared {
		return nil
	}
	return []ui.Link{{Label: t(ctx, "加入对比"), Href: v.address("compare", append(chosen, it.ID)...), Icon: "plus"}}
}

// comparison is the address of what was put aside, side by side.
func (v searchView) comparison() string {
	q := url.Values{}
	for _, r := range v.Compare {
		q.Add("id", r.ID)
	}
	return "/comparison?" + q.Encode()
}
