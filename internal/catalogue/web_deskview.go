package catalogue

import (
	"context"
	"net/url"

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
	case "suspend":
		return t(ctx, "暂停服务")
	case "resume":
		return t(ctx, "恢复服务")
	case "withdraw":
		return t(ctx, "撤下")
	}
	return t(ctx, "恢复为草稿")
}

// revisionText says what a revision did.
func (v Revision) text(ctx context.Context) string {
	switch v.Verb {
	case "create":
		return t(ctx, "登记")
	case "import":
		return t(ctx, "导入")
	case "edit":
		return t(ctx, "修改")
	case "hours":
		return t(ctx, "修改开放时间")
	case "restore":
		return t(ctx, "恢复为草稿")
	case "merge":
		return t(ctx, "与重复的记录合并")
	case "unmerge":
		return t(ctx, "合并已撤销")
	case "hand-over":
		return t(ctx, "移交给另一单位")
	}
	return verbLabel(ctx, v.Verb)
}

// moments is the history as a time line, each change with what differs.
func (v editView) moments(ctx context.Context) []ui.Moment {
	var out []ui.Moment
	for _, h := range v.History {
		m := ui.Moment{At: h.At.Time, Title: h.text(ctx)}
		changes, err := h.List()
		if err == nil && h.Revision > 1 {
			for i, c := range changes {
				if i > 0 {
					m.Note += "；" //i18n:data separates changes in both languages
				}
				m.Note += v.label(ctx, c.Field) + " " + v.show(ctx, c.Field, c.From) + " → " + v.show(ctx, c.Field, c.To)
			}
		}
		out = append(out, m)
	}
	return out
}

func (v editView) label(ctx context.Context, field string) string {
	if f, ok := v.Kind.Field(field); ok {
		return i18n.Pick(ctx, f.ZH, f.EN)
	}
	switch field {
	case "status":
		return t(ctx, "状态")
	case "prices":
		return t(ctx, "价格")
	case "voucher":
		return t(ctx, "创新券")
	case "free":
		return t(ctx, "免费开放")
	case "booking":
		return t(ctx, "按时段预约")
	case "access":
		return t(ctx, "使用方式")
	case "note":
		return t(ctx, "原因")
	case "region":
		return t(ctx, "地区")
	}
	return field
}

func (v editView) show(ctx context.Context, field string, x any) string {
	if x == nil || x == "" {
		return "—"
	}
	if field == "status" {
		s, _ := x.(string)
		return StatusChip(ctx, s).Text
	}
	f, ok := v.Kind.Field(field)
	if !ok {
		f = kinds.Field{Type: kinds.Text}
	}
	return cut(f.Show(x, i18n.From(ctx) == i18n.EN), 60)
}
