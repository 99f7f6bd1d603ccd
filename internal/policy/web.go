package policy

import (
	"context"
	"net/http"
	"net/url"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

var t = i18n.T

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /calls", Action: "policy.view", Handle: s.showCalls},
		{Pattern: "GET /calls/{id}", Action: "policy.view", Handle: s.showCall},
	}
}

// list is what the page of calls shows.
type list struct {
	Query Query
	Page  Page
	Today string
	asked []Asked
}

func (s *Service) showCalls(w http.ResponseWriter, r *http.Request) error {
	v := r.URL.Query()
	q := Query{Text: v.Get("q"), State: v.Get("state")}
	place, err := web.DecodeCursor(v.Get("after"), 2)
	if err != nil {
		return err
	}
	q.After = cursor(place)
	page, err := s.Calls(r.Context(), q)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, callsPage(list{Query: q, Page: page, Today: s.today(), asked: s.asked}))
}

func (s *Service) showCall(w http.ResponseWriter, r *http.Request) error {
	c, err := s.Call(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	v, err := s.firm(r.Context(), c)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, callPage(c, s.today(), v))
}

// cursor puts the two parts of an opaque cursor together; two empty ones are the first page.
func cursor(parts []string) string {
	if parts[1] == "" {
		return ""
	}
	return parts[0] + "/" + parts[1]
}

// address is the list with other conditions.
func address(text, state, after string) string {
	v := url.Values{}
	for name, value := range map[string]string{"q": text, "state": state, "after": after} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if len(v) == 0 {
		return "/calls"
	}
	return "/calls?" + v.Encode()
}

// tabs are the states to choose from.
func (l list) tabs(ctx context.Context) []ui.Tab {
	tabs := []ui.Tab{{Label: t(ctx, "全部"), Href: address(l.Query.Text, "", ""), Current: l.Query.State == ""}}
	for _, st := range States() {
		tabs = append(tabs, ui.Tab{Label: stateName(ctx, st), Href: address(l.Query.Text, st, ""), Current: l.Query.State == st})
	}
	return tabs
}

// pager leads through the list.
func (l list) pager(ctx context.Context) ui.PagerOf {
	p := ui.PagerOf{Note: t(ctx, "本页 {0} 条", len(l.Page.Items))}
	if l.Query.After != "" {
		p.First = address(l.Query.Text, l.Query.State, "")
	}
	if l.Page.Next != "" {
		p.Next = address(l.Query.Text, l.Query.State, l.Page.encoded())
	}
	return p
}

// encoded is Next as the opaque cursor of a URL.
func (p Page) encoded() string {
	if p.Next == "" {
		return ""
	}
	last := p.Items[len(p.Items)-1]
	return web.EncodeCursor(last.Published, last.ID)
}

func stateName(ctx context.Context, state string) string {
	switch state {
	case Open:
		return t(ctx, "申报中")
	case Closed:
		return t(ctx, "已截止")
	}
	return t(ctx, "日期不明")
}

func stateTone(state string) ui.Tone {
	switch state {
	case Open:
		return ui.OK
	case Closed:
		return ui.Plain
	}
	return ui.Warn
}

// tags are the states of a call in words.
func tags(ctx context.Context, c Call, today string) []ui.Chip {
	out := []ui.Chip{{Tone: stateTone(c.State(today)), Text: stateName(ctx, c.State(today))}}
	if c.Historic(today) {
		out = append(out, ui.Chip{Text: t(ctx, "历史资料")})
	}
	return out
}

// remarks say what is wrong with the record.
func remarks(ctx context.Context, c Call) []ui.Remark {
	texts := map[string]string{
		FlagPublished: "来源没有给出规范的发布日期，原样显示。",
		FlagDeadline:  "来源没有给出规范的截止日期，原样显示，请以发布单位为准。",
		FlagBackwards: "来源中的截止日期早于发布日期，至少有一个不对。",
		FlagCut:       "来源截短了标题，完整标题请查阅发布单位。",
	}
	var out []ui.Remark
	for _, flag := range []string{FlagCut, FlagPublished, FlagDeadline, FlagBackwards} {
		if c.Has(flag) {
			out = append(out, ui.Remark{Tone: ui.Warn, Text: t(ctx, texts[flag])})
		}
	}
	return out
}

// facts are what is known of a call.
func facts(ctx context.Context, c Call) []ui.Fact {
	return []ui.Fact{
		{Label: t(ctx, "发布单位或计划"), Value: c.Agency},
		{Label: t(ctx, "发布日期"), Value: c.PublishedRaw},
		{Label: t(ctx, "截止日期"), Value: c.DeadlineRaw, Define: t(ctx, "按来源所写；当天仍可申报。")},
		{Label: t(ctx, "来源编号"), Value: c.SourceID},
	}
}

// meta is who called and when.
func meta(ctx context.Context, c Call) []string {
	return []string{c.Agency, t(ctx, "发布：{0}", dash(c.PublishedRaw))}
}

func dash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// noCalls says why the list is empty.
func noCalls(ctx context.Context, l list) ui.EmptyState {
	e := ui.EmptyState{Icon: "speakerphone", Title: t(ctx, "没有符合条件的通知"), Text: t(ctx, "换一个词，或去掉状态条件再试。"), Action: ui.Link{Label: t(ctx, "查看全部通知"), Href: "/calls"}} //icons: speakerphone
	if l.Query.State == Open && l.Query.Text == "" {
		e.Title, e.Text = t(ctx, "目前没有正在申报的通知"), t(ctx, "收录的都是历史资料，新的通知到来后会出现在这里。")
	}
	return e
}
