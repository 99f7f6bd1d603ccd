package catalogue

import (
	"context"
	"net/url"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

func (v ownView) tabs(ctx context.Context) []ui.Tab {
	all := v.Counts[StatusDraft] + v.Counts[StatusPublished] + v.Counts[StatusSuspended]
	out := []ui.Tab{{Label: t(ctx, "全部"), Href: "/desk/resources", Current: v.Status == "", Count: int(all)}}
	for _, status := range Table.States() {
		out = append(out, ui.Tab{Label: StatusChip(ctx, status).Text, Href: "/desk/resources?status=" + status, Current: v.Status == status, Count: int(v.Counts[status])})
	}
	return out
}

func (v ownView) pager(ctx context.Context) ui.PagerOf {
	address := func(after string) string {
		q := url.Values{}
		if v.Status != "" {
			q.Set("status", v.Status)
		}
		if after != "" {
			q.Set("after", after)
		}
		if len(q) == 0 {
			return "/desk/resources"
		}
		return "/desk/resources?" + q.Encode()
	}
	p := ui.PagerOf{Note: t(ctx, "本页 {0} 项", len(v.Items))}
	if v.After != "" {
		p.First = address("")
	}
	if v.Next != "" {
		p.Next = address(v.Next)
	}
	return p
}

func (v ownView) kind(ctx context.Context, r Resource) string {
	k, _ := v.set.Find(r.Kind)
	return kindName(ctx, k)
}

// headlineText is a resource's price in a list.
func headlineText(ctx context.Context, r Resource) string {
	switch {
	case r.Free:
		return t(ctx, "免费")
	case r.Price.Unit == "":
		return "—"
	}
	return amount(r.Price) + " / " + unitName(ctx, r.Price.Unit)
}

func kindCard(ctx context.Context, k kinds.Kind) ui.ItemOf {
	icon, hue := look(k.Name)
	return ui.ItemOf{Icon: icon, Hue: hue, Title: kindName(ctx, k), Href: "/desk/resources/new?kind=" + k.Name}
}

func (v editView) title(ctx context.Context) string {
	if v.Resource.ID == "" {
		return t(ctx, "登记{0}", kindName(ctx, v.Kind))
	}
	return v.Resource.name(ctx)
}

func (v editView) chips(ctx context.Context) []ui.Chip {
	if v.Resource.ID == "" {
		return nil
	}
	return []ui.Chip{{Text: kindName(ctx, v.Kind)}, StatusChip(ctx, v.Resource.Status)}
}

func (v editView) actions(ctx context.Context) []ui.Link {
	if !v.Resource.Live() {
		return nil
	}
	return []ui.Link{{Label: t(ctx, "查看公开页面"), Href: "/resources/" + v.Resource.ID, Icon: "eye"}}
}

// action is the address the form posts to.
func (v editView) action() string {
	if v.Resource.ID == "" {
		return "/desk/resources"
	}
	return "/desk/resources/" + v.Resource.ID
}

// fields are those of a section of the form.
func (v editView) fields(group string) []kinds.Field {
	var out []kinds.Field
	for _, f := range v.Kind.Fields {
		if f.Group == group {
			out = append(out, f)
		}
	}
	return out
}

func joinWords(ctx context.Context, words []string) string {
	if i18n.From(ctx) == i18n.EN {
		return strings.Join(words, ", ")
	}
	return strings.Join(words, "、") //i18n:data the Chinese mark between items
}
