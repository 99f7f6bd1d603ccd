package facts

import (
	"context"

	"qiao/internal/platform/rule"
	"qiao/internal/platform/ui"
)

// input is the field in which a fact is typed.
func (k Key) input(ctx context.Context, year string) ui.Input {
	in := ui.Input{Name: fieldOf(k.Code, year), Label: k.Name.In(ctx), Hint: k.hint(ctx)}
	switch k.Type {
	case rule.Money:
		in.Prefix, in.Inputmode, in.Short = "¥", "decimal", true
	case rule.Number:
		in.Suffix, in.Inputmode, in.Short = k.Unit.In(ctx), "decimal", true
	case rule.Date:
		in.Type, in.Short = "date", true
	case typeHolders, rule.List:
		in.Rows = 4
	case typeSecret:
		in.Autocomplete = "off"
	}
	if year != "" {
		in.Label, in.Hint = t(ctx, "{0} 年", year), ""
	}
	return in
}

func (k Key) hint(ctx context.Context) string {
	switch {
	case k.Hint.ZH != "":
		return k.Hint.In(ctx)
	case k.Type == typeHolders:
		return t(ctx, "每行一位：名称，统一社会信用代码（单位），比例。例如：甲科技有限公司，91…，60%。没有写“无”")
	}
	return k.Define.In(ctx)
}

func (v factView) active() string {
	if v.Own {
		return "file"
	}
	return "files"
}

func (v factView) crumbs(ctx context.Context) []ui.Link {
	if v.Own {
		return []ui.Link{{Label: t(ctx, "企业档案"), Href: "/desk/file"}}
	}
	return []ui.Link{{Label: t(ctx, "企业档案"), Href: "/desk/files"}, {Label: orgName(ctx, v.Org), Href: "/desk/files/" + v.Org.ID}}
}

func (v factView) title(ctx context.Context) string {
	if v.Now.Year != "" {
		return t(ctx, "{0} 年", v.Now.Year)
	}
	return t(ctx, "现在的内容")
}

// facts are what an entry says. Whoever opens one fact of an open file reads it in full: that is what it was opened for.
func (v factView) facts(ctx context.Context) []ui.Fact {
	out := []ui.Fact{{Label: t(ctx, "内容"), Value: v.Key.Say(ctx, v.Now.Value, false)}, {Label: t(ctx, "截至"), Body: ui.Day(v.Now.AsOf)}, {Label: t(ctx, "来源"), Value: source(ctx, v.Now).Text}}
	if v.Now.SHA256 != "" {
		out = append(out, ui.Fact{Label: t(ctx, "证明材料"), Value: v.Now.FileName, Href: "/desk/facts/" + v.Now.ID + "/evidence"})
	}
	if v.Now.Note != "" {
		out = append(out, ui.Fact{Label: t(ctx, "说明"), Value: v.Now.Note})
	}
	use := t(ctx, "只用于提供时的事项")
	if v.Now.Reuse {
		use = t(ctx, "本地区主管部门可以重复使用")
	}
	return append(out, ui.Fact{Label: t(ctx, "使用范围"), Value: use})
}

func (v factView) timeline(ctx context.Context) []ui.Moment {
	var out []ui.Moment
	for _, e := range v.History {
		m := ui.Moment{At: e.CreatedAt.Time, Who: v.Names[e.Person], Title: source(ctx, e).Text, Tone: source(ctx, e).Tone}
		if v.Own || e.ID == v.Now.ID {
			m.Note = v.Key.Say(ctx, e.Value, false)
		}
		if e.Value == "" {
			m.Title = t(ctx, "收回")
		}
		if e.ByOrg != e.Org {
			m.Who += " · " + orgName(ctx, v.Orgs[e.ByOrg])
		}
		if e.Note != "" {
			m.Note += " · " + e.Note
		}
		out = append(out, m)
	}
	return out
}
