package message

import (
	"context"
	"net/url"
	"strings"

	"qiao/internal/platform/channel"
	"qiao/internal/platform/ui"
)

func emptyInbox(ctx context.Context, unread bool) ui.EmptyState {
	if unread {
		return ui.EmptyState{Icon: "mail-opened", Title: t(ctx, "消息都读完了"), Action: ui.Link{Label: t(ctx, "查看全部消息"), Href: "/desk/messages"}}
	}
	return ui.EmptyState{Icon: "bell", Title: t(ctx, "还没有消息"), Text: t(ctx, "订单、创新券和需求有了进展，会第一时间在这里告诉您。")}
}

// iconOf is the picture of what a message is about: the module its event names.
func iconOf(event string) string {
	area, _, _ := strings.Cut(event, ".")
	switch area {
	case "order":
		return "clipboard-list" //icons: clipboard-list ticket bulb building-community bell
	case "voucher":
		return "ticket"
	case "match":
		return "bulb"
	case "identity", "organisation":
		return "building-community"
	default:
		return "bell"
	}
}

func (v inboxView) pager() ui.PagerOf {
	base := "/desk/messages"
	if v.Unread {
		base += "?show=unread"
	}
	return pager(base, v.Next, v.Later)
}

func (v outgoingView) pager() ui.PagerOf {
	base := "/desk/outgoing"
	if v.State != "" {
		base += "?state=" + v.State
	}
	return pager(base, v.Next, v.Later)
}

// pager leads on from a page of a list at base.
func pager(base, next string, later bool) ui.PagerOf {
	var p ui.PagerOf
	if later {
		p.First = base
	}
	if next != "" {
		sep := "?"
		if strings.Contains(base, "?") {
			sep = "&"
		}
		p.Next = base + sep + "cursor=" + url.QueryEscape(next)
	}
	return p
}

func addressInput(ctx context.Context, kind string) ui.Input {
	in := ui.Input{Name: "address-" + kind, Label: t(ctx, "{0}地址", channelName(ctx, kind))}
	switch kind {
	case channel.Mail:
		in.Type, in.Autocomplete, in.Hint = "email", "email", t(ctx, "留空则发到登录邮箱。")
	case channel.SMS:
		in.Label, in.Type, in.Autocomplete = t(ctx, "手机号"), "tel", "tel-national"
	default:
		in.Label = t(ctx, "{0}用户编号", channelName(ctx, kind))
	}
	return in
}

func outgoingColumns(ctx context.Context) []ui.Column {
	return []ui.Column{{Label: t(ctx, "内容")}, {Label: t(ctx, "渠道")}, {Label: t(ctx, "收件人")}, {Label: t(ctx, "状态")}, {Label: t(ctx, "时间")},
		{Label: t(ctx, "操作"), Hidden: true}}
}
