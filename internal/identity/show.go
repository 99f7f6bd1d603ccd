package identity

import (
	"context"
	"slices"
	"strings"

	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

// public tells whether everybody may see the organisation's page.
func (o Organisation) public() bool { return slices.Contains(publicStatuses(), o.Status) }

// sourceLink is the record at its source.
func sourceLink(o Organisation) string {
	if o.ROR != "" && o.Source == "ROR" {
		return "https://ror.org/" + o.ROR
	}
	return ""
}

// chips are the state of the organisation and the capacities it holds.
func (v organisationView) chips(ctx context.Context) []ui.Chip {
	chips := []ui.Chip{StatusChip(ctx, v.Status)}
	for _, c := range v.held() {
		chips = append(chips, ui.Chip{Tone: ui.Plain, Text: CapacityName(ctx, c.Capacity)})
	}
	return chips
}

// facts are what is known, without lines that say nothing.
func (v organisationView) facts(ctx context.Context) []ui.Fact {
	facts := []ui.Fact{
		{Label: t(ctx, "中文名称"), Value: v.NameZH},
		{Label: t(ctx, "英文名称"), Value: v.NameEN},
		{Label: t(ctx, "单位性质"), Value: KindName(ctx, v.Kind)},
		{Label: t(ctx, "所在地区"), Value: v.Path},
		{Label: t(ctx, "统一社会信用代码"), Value: v.USCC, Define: t(ctx, "国家标准 GB 32100 的 18 位代码，法人和其他组织每家一个，终身不变。")},
		{Label: t(ctx, "上级单位"), Value: v.Parent.Name(ctx), Href: v.Parent.Path()},
		{Label: t(ctx, "地址"), Value: v.Address},
		{Label: t(ctx, "网址"), Value: v.Website, Href: v.Website},
		{Label: "ROR", Value: v.ROR, Href: "https://ror.org/" + v.ROR, Define: t(ctx, "研究机构的国际开放标识（Research Organization Registry）。")},
	}
	return slices.DeleteFunc(facts, func(f ui.Fact) bool { return f.Value == "" })
}

// steps are how far a registration has come.
func (v organisationView) steps(ctx context.Context) []ui.Step {
	done := ui.Step{Label: t(ctx, "提交注册"), State: ui.StepDone}
	check := ui.Step{Label: t(ctx, "主管部门核验")}
	use := ui.Step{Label: t(ctx, "开始使用")}
	switch v.Status {
	case StatusRegistered:
		check.State = ui.StepNow
	case StatusRefused:
		check.State, check.Note = ui.StepBad, t(ctx, "补正后可再次提交")
	case StatusVerified:
		check.State, use.State = ui.StepDone, ui.StepDone
	case StatusSuspended:
		check.State, use.State, use.Note = ui.StepDone, ui.StepBad, t(ctx, "已暂停")
	}
	return []ui.Step{done, check, use}
}

func (v organisationView) capacityChip(ctx context.Context, c Capacity) ui.Chip {
	switch {
	case c.VerifiedOn == "":
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "待核验")}
	case !c.In(v.Today):
		return ui.Chip{Tone: ui.Plain, Text: t(ctx, "不在有效期")}
	}
	return ui.Chip{Tone: ui.OK, Text: t(ctx, "已核验")}
}

func (v deskOneView) verifyLabel(ctx context.Context) string {
	if v.Status == StatusSuspended {
		return t(ctx, "恢复")
	}
	return t(ctx, "核验通过")
}

// tabs are the states with how many organisations wait in each.
func (v deskView) tabs(ctx context.Context) []ui.Tab {
	tabs := []ui.Tab{{Label: t(ctx, "全部"), Href: deskPath("", v.Query.Text), Current: v.Status == ""}}
	for _, status := range []string{StatusRegistered, StatusVerified, StatusRefused, StatusSuspended, StatusUnclaimed} {
		tabs = append(tabs, ui.Tab{
			Label: StatusName(ctx, status), Href: deskPath(status, v.Query.Text), Current: v.Status == status, Count: v.Counts[status],
		})
	}
	return tabs
}

func (v deskView) search() *form.Form { return form.Of(map[string]string{"q": v.Query.Text}) }

func (v deskView) empty(ctx context.Context) ui.EmptyState {
	switch {
	case v.Query.Text != "":
		return ui.EmptyState{Icon: "search", Title: t(ctx, "没有符合“{0}”的单位", v.Query.Text), Text: t(ctx, "换一个词，或看看全部单位。"), Action: ui.Link{Label: t(ctx, "全部单位"), Href: "/desk/organisations"}}
	case v.Status == StatusRegistered:
		return ui.EmptyState{Icon: "circle-check", Title: t(ctx, "没有等待核验的单位"), Text: t(ctx, "有新的注册时，这里和待办里会出现。")}
	}
	return ui.EmptyState{Icon: "building", Title: t(ctx, "这里还没有单位"), Text: t(ctx, "单位注册后会出现在这里。")}
}

// device is a browser and a system out of a User-Agent, as far as a person needs to recognise the device.
func device(ctx context.Context, agent string) string {
	find := func(names ...string) string {
		for _, n := range names {
			if strings.Contains(agent, n) {
				return n
			}
		}
		return ""
	}
	parts := []string{find("Edg", "MicroMessenger", "Firefox", "Chrome", "Safari", "curl"), find("Windows", "iPhone", "iPad", "Android", "Mac OS X", "Linux")}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	if len(parts) == 0 {
		return t(ctx, "未知设备")
	}
	return strings.Replace(strings.Join(parts, " · "), "Edg ", "Edge ", 1)
}

func tokenState(ctx context.Context, token Token) ui.Chip {
	switch now := ui.From(ctx).Now; {
	case !token.RevokedAt.IsZero():
		return ui.Chip{Tone: ui.Plain, Text: t(ctx, "已撤销")}
	case !now.Before(token.ExpiresAt.Time):
		return ui.Chip{Tone: ui.Plain, Text: t(ctx, "已到期")}
	}
	return ui.Chip{Tone: ui.OK, Text: t(ctx, "有效")}
}

func languageOptions(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: "", Label: t(ctx, "跟随浏览器")},
		{Value: string(i18n.ZH), Label: "中文"}, //i18n:data a language is named in itself
		{Value: string(i18n.EN), Label: "English"},
	}
}

// ruleGroup is the rows of one module.
type ruleGroup struct {
	Name  string
	Rules []Rule
}

// modules are the rows of the table by the first word of the action, in the table's order.
func (p *Policy) modules() []ruleGroup {
	var groups []ruleGroup
	at := map[string]int{}
	for _, action := range p.order {
		name, _, _ := strings.Cut(action, ".")
		if _, known := at[name]; !known {
			at[name] = len(groups)
			groups = append(groups, ruleGroup{Name: name})
		}
		g := &groups[at[name]]
		g.Rules = append(g.Rules, p.rules[action]...)
	}
	return groups
}

func (r Rule) roleNames(ctx context.Context) string {
	if len(r.Roles) == 0 {
		return t(ctx, "全部角色")
	}
	names := make([]string, len(r.Roles))
	for i, role := range r.Roles {
		names[i] = RoleName(ctx, role)
	}
	return strings.Join(names, t(ctx, "、"))
}

// scope says the row's condition in words.
func (r Rule) scope(ctx context.Context) string {
	switch r.Side {
	case "":
		return t(ctx, "全部")
	case SideRegion:
		return t(ctx, "本地区的")
	case SideOwner:
		return t(ctx, "本单位的")
	}
	return t(ctx, "本单位是当事方（{0}）", r.Side)
}
