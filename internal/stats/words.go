package stats

import (
	"context"
	_ "embed"
	"strings"

	"qiao/internal/platform/id"
	"qiao/internal/platform/ui"
)

// English is the English of this module's sentences.
//
//go:embed en.json
var English []byte

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// tail is the end of an id, enough to tell two apart on a page.
func tail(id string) string {
	if len(id) <= 8 {
		return id
	}
	return "…" + id[len(id)-8:]
}

func greeting(ctx context.Context, name string) string {
	if name == "" {
		return t(ctx, "工作台")
	}
	return t(ctx, "{0}，您好", name)
}

func deskLead(ctx context.Context, v deskView) string {
	if len(v.Tasks) == 0 {
		return v.Org
	}
	return t(ctx, "{0}　有 {1} 类事项等您处理，最先到期的排在最前。", v.Org, len(v.Tasks))
}

func waitingNote(ctx context.Context, tasks []ui.Task) string {
	n := 0
	for _, k := range tasks {
		n += max(k.Count, 1)
	}
	if n == 0 {
		return ""
	}
	return t(ctx, "共 {0} 件", n)
}

func auditColumns(ctx context.Context) []ui.Column {
	return []ui.Column{{Label: t(ctx, "序号")}, {Label: t(ctx, "时间")}, {Label: t(ctx, "谁")}, {Label: t(ctx, "动作")}, {Label: t(ctx, "对象")}, {Label: t(ctx, "状态变化")}}
}

// who is the name of the person, or the job that acted.
func (r auditRow) who(ctx context.Context) string {
	switch {
	case r.Who != "":
		return r.Who
	case r.Person != "":
		return tail(r.Person)
	case id.Valid(r.Cause): // the id of a request: somebody not signed in
		return t(ctx, "访客请求")
	default:
		return byItself(ctx, r.Cause)
	}
}

// byItself says what made the program act without a person.
func byItself(ctx context.Context, cause string) string {
	kind, name, _ := strings.Cut(cause, ":")
	switch kind {
	case "":
		return t(ctx, "系统")
	case "cli":
		return t(ctx, "系统（命令行：{0}）", strings.TrimPrefix(name, "/"))
	case "job":
		return t(ctx, "系统（任务：{0}）", name)
	case "outbox":
		return t(ctx, "系统（后续处理：{0}）", name)
	case "demo":
		return t(ctx, "系统（演示）")
	case "seed":
		return t(ctx, "系统（合成数据）")
	case "reference":
		return t(ctx, "系统（基础数据）")
	default:
		return t(ctx, "系统（{0}）", cause)
	}
}

func (v auditView) pager() ui.PagerOf {
	var p ui.PagerOf
	if v.Later {
		p.First = "/desk/audit"
		if v.Query != "" {
			p.First += "?" + v.Query
		}
	}
	if v.Next != "" {
		p.Next = "/desk/audit?cursor=" + v.Next
		if v.Query != "" {
			p.Next += "&" + v.Query
		}
	}
	return p
}
