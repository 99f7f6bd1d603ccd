package catalogue

import (
	"context"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

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
	return ui.ItemOf{Icon: icon, Hue: hue, Title: kindName(ctx, k), Href: "/desk/resources/new?kind=" + k.Name, Meta: []string{i18n.Pick(ctx, k.TextZH, k.TextEN)}, Level: 2}
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
		if f.Name == "register_status" && v.Form.Value(f.Name) == "" {
			continue // only imports of public registers bring one
		}
		if f.Group == group {
			out = append(out, f)
		}
	}
	return out
}

// folded sections of the form have nothing in them: no value, no error.
func (v editView) folded(group string) bool {
	if group != "customs" && group != "technical" && group != "place" {
		return false
	}
	for _, f := range v.fields(group) {
		if v.Form.Value(f.Name) != "" || v.Form.ErrorOf(f.Name) != nil {
			return false
		}
	}
	return true
}

// verbLabel is what a button says.
func verbLabel(ctx context.Context, verb string) string {
	switch verb {
	case "publish":
		return t(ctx, "发布到目录")
	case "submit":
		return t(ctx, "提交审核")
	case "approve":
		return t(ctx, "审核通过")
	case "return":
		return t(ctx, "退回修改")
	case "check":
		return t(ctx, "核对无误")
	case "suspend":
		return t(ctx, "暂停服务")
	case "resume":
		return t(ctx, "恢复服务")
	case "withdraw":
		return t(ctx, "撤下")
	}
	return t(ctx, "恢复为草稿")
}

// missing names the fields that would make the record more useful.
func (v editView) missing(ctx context.Context) string {
	out := make([]string, len(v.Missing))
	for i, f := range v.Missing {
		out[i] = i18n.Pick(ctx, f.ZH, f.EN)
	}
	return joinWords(ctx, out)
}

// countryOptions lists the countries and regions, none first.
func countryOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Label: t(ctx, "中国内地")}}
	for _, c := range kinds.Countries() {
		if c.Value != kinds.China {
			out = append(out, ui.Option{Value: c.Value, Label: i18n.Pick(ctx, c.ZH, c.EN)})
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
