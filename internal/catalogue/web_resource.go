package catalogue

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

// facts are the fields of one group that have a value; contacts only for people signed in.
func (v resourceView) facts(ctx context.Context, group string) []ui.Fact {
	english := i18n.From(ctx) == i18n.EN
	var out []ui.Fact
	for _, f := range v.Kind.Fields {
		if f.Group != group || f.Hidden && (v.SignIn || v.Kind.Personal) || slices.Contains([]string{"name_zh", "summary", "image"}, f.Name) {
			continue
		}
		x := v.value(f)
		if x == nil {
			continue
		}
		fact := ui.Fact{Label: i18n.Pick(ctx, f.ZH, f.EN), Value: f.Tell(x, english)}
		switch f.Type {
		case kinds.Link:
			fact.Href = fact.Value
		case kinds.Mail:
			fact.Href = "mailto:" + fact.Value
		case kinds.Class:
			zh, en := classNames(fact.Value)
			fact.Value = i18n.Pick(ctx, zh, en) + " (" + fact.Value + ")"
		case kinds.Date:
			fact.Value = dayText(ctx, fact.Value)
		case kinds.Long:
			fact.Body = ui.Prose(fact.Value, "")
		}
		out = append(out, fact)
	}
	return out
}

// coreFacts are the persistent ids, with where they lead, the languages and the country.
func (v resourceView) coreFacts(ctx context.Context) []ui.Fact {
	var out []ui.Fact
	for _, x := range v.Identifiers {
		out = append(out, ui.Fact{Label: schemeName(ctx, x.Scheme), Value: x.Value, Href: x.Link()})
	}
	if len(v.Languages) > 0 {
		out = append(out, ui.Fact{Label: t(ctx, "服务语言"), Value: choiceWords(ctx, kinds.Languages(), v.Languages)})
	}
	if v.Country != "" {
		out = append(out, ui.Fact{Label: t(ctx, "国家或地区"), Value: countryName(ctx, v.Country)})
	}
	return out
}

// purposes are what an instrument under customs supervision may be used for; empty for all others, and when the
// supervision has ended.
func (v resourceView) purposes(ctx context.Context) string {
	f, ok := v.Kind.Field("customs_purposes")
	under, _ := v.Fields["customs"].(bool)
	until, _ := v.Fields["supervised_until"].(string)
	if !ok || !under || until != "" && until < v.today {
		return ""
	}
	return f.Show(v.value(f), i18n.From(ctx) == i18n.EN)
}

func (v resourceView) filesOf(sort string) []File {
	var out []File
	for _, f := range v.Files {
		if f.Sort == sort {
			out = append(out, f)
		}
	}
	return out
}

func (v resourceView) accessText(ctx context.Context) string {
	var out []string
	for _, c := range kinds.AccessModes() {
		if slices.Contains(v.Access, c.Value) {
			out = append(out, i18n.Pick(ctx, c.ZH, c.EN))
		}
	}
	if i18n.From(ctx) == i18n.EN {
		return strings.Join(out, ", ")
	}
	return strings.Join(out, "、") //i18n:data the Chinese mark between items
}

func weekday(ctx context.Context, n int64) string {
	switch n {
	case 1:
		return t(ctx, "星期一")
	case 2:
		return t(ctx, "星期二")
	case 3:
		return t(ctx, "星期三")
	case 4:
		return t(ctx, "星期四")
	case 5:
		return t(ctx, "星期五")
	case 6:
		return t(ctx, "星期六")
	}
	return t(ctx, "星期日")
}

// week tells opening hours day by day; days without any are closed.
func week(ctx context.Context, hours []Opening) []ui.Fact {
	out := make([]ui.Fact, 7)
	for i := range out {
		out[i] = ui.Fact{Label: weekday(ctx, int64(i+1)), Value: t(ctx, "不开放")}
		var spans []string
		for _, h := range hours {
			if h.Weekday == int64(i+1) {
				spans = append(spans, h.From+"–"+h.To)
			}
		}
		if len(spans) > 0 {
			out[i].Value = strings.Join(spans, ", ")
		}
	}
	return out
}

// origin tells where a record of a public register comes from.
func (v resourceView) origin() ui.Origin {
	return ui.Origin{Source: v.Source, Licence: v.Licence, Retrieved: v.RetrievedOn, Unclaimed: v.Owner.Status == identity.StatusUnclaimed}
}

func (v resourceView) chips(ctx context.Context) []ui.Chip {
	out := []ui.Chip{{Text: kindName(ctx, v.Kind)}}
	if v.Voucher {
		out = append(out, ui.Chip{Tone: ui.OK, Text: t(ctx, "可用创新券")})
	}
	if v.Class != "" && v.Resource.Kind != "instrument" {
		zh, en := classNames(v.Class)
		out = append(out, ui.Chip{Text: i18n.Pick(ctx, zh, en)})
	}
	if v.Status != StatusPublished {
		out = append(out, StatusChip(ctx, v.Status))
	}
	if f := v.Freshness; v.Live() && (f == Fresh || f == Stale) {
		out = append(out, freshChip(ctx, v.Resource, v.today))
	}
	return out
}

// remark is what a price depends on, in the language of ctx where it is one of the ways of use.
func (p PriceLine) remark(ctx context.Context) string {
	note := p.Note
	for _, c := range kinds.AccessModes() {
		if c.ZH == note {
			note = i18n.Pick(ctx, c.ZH, c.EN)
		}
	}
	return joined(" · ", p.Option, note, p.term(ctx))
}

// term is the days a price line is in force.
func (p PriceLine) term(ctx context.Context) string {
	switch {
	case p.From == "" && p.To == "":
		return ""
	case p.To == "":
		return t(ctx, "自 {0} 起", p.From)
	case p.From == "":
		return t(ctx, "至 {0} 止", p.To)
	}
	return fmt.Sprintf("%s – %s", p.From, p.To)
}

// priced tells whether what it costs is a question for this kind: it is ordered, or somebody wrote a price.
func (v resourceView) priced() bool {
	return v.Kind.Bookable || v.Kind.Orders || v.Free || len(v.Prices) > 0
}

// stateNeed is where a reader tells what he wants of a thing that is not ordered: a need that names it.
func (v resourceView) stateNeed(ctx context.Context) string {
	text := t(ctx, "关于“{0}”（{1}），我们希望：", v.name(ctx), i18n.Pick(ctx, v.Owner.NameZH, v.Owner.NameEN))
	return "/needs/new?" + url.Values{"text": {text}}.Encode()
}

// actions are what the reader can do with the resource.
func (v resourceView) actions(ctx context.Context) []ui.Link {
	var out []ui.Link
	if v.Booking != nil {
		out = append(out, ui.Link{Label: t(ctx, "预约或委托"), Href: "#book", Icon: "calendar-plus"})
	}
	if v.Mine {
		out = append(out, ui.Link{Label: t(ctx, "编辑"), Href: "/desk/resources/" + v.ID, Icon: "edit"}, ui.Link{Label: t(ctx, "修改记录"), Href: "/desk/resources/" + v.ID + "/history", Icon: "history"})
	}
	return out
}

func groups() []kinds.Group { return kinds.Groups() }

func voucherText(ctx context.Context, accepts bool) string {
	if accepts {
		return t(ctx, "接受创新券")
	}
	return t(ctx, "不接受创新券")
}

func goneText(ctx context.Context, r Resource) string {
	if r.Note != "" {
		return t(ctx, "所属单位的说明：{0}", r.Note)
	}
	return t(ctx, "它不再提供服务，过去的订单和记录仍然保留。")
}

// similar is a search for what a withdrawn resource was.
func similar(r Resource) string {
	q := url.Values{"q": {r.Name()}, "kind": {r.Kind}}
	return "/resources?" + q.Encode()
}
