package app

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/id"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// place is one address of the navigation, shown to those who may go there.
type place struct {
	key, label, href, icon, action string
}

// group is a headed part of the desk's navigation.
type group struct {
	label  string
	places []place
}

// portalPlaces is the main navigation of the portal.
func portalPlaces() []place {
	return []place{
		{"home", "首页", "/", "home", ""},
		{"resources", "找资源", "/resources", "microscope", ""},
		{"needs", "提需求", "/needs", "bulb", ""},
		{"programmes", "创新券", "/programmes", "ticket", ""},
		{"calls", "项目申报", "/calls", "calendar-event", ""},
		{"notices", "公示", "/notices", "speakerphone", ""},
		{"numbers", "数字", "/numbers", "chart-bar", ""},
	}
}

// deskPlaces is the navigation of the desk; each place names the action that opens it.
func deskPlaces() []group {
	return []group{
		{"", []place{{"desk", "待办", "/desk", "layout-dashboard", "desk.view"}, {"messages", "消息", "/desk/messages", "bell", "message.view"}}},
		{"办事", []place{
			{"orders", "订单一览", "/desk/orders", "clipboard-list", "order.view"},
			{"series", "系列与组合预约", "/desk/series", "calendar-plus", "series.view"},
			{"needs", "需求", "/desk/needs", "bulb", "need.manage"},
			{"searches", "保存的检索", "/desk/searches", "bell", "find.keep"},
			{"favourites", "我的收藏", "/desk/favourites", "star", "find.keep"},
			{"seen", "最近看过", "/desk/seen", "history", "find.keep"},
			{"wallet", "我的创新券", "/desk/wallet", "wallet", "voucher.wallet"},
			{"file", "企业档案", "/desk/file", "file-certificate", "facts.own"},
			{"statements", "对账单", "/desk/statements", "report-money", "statement.own"},
			{"waits", "候补与邀约", "/desk/waits", "clock", "waiting.own"},
			{"behalf", "代约", "/desk/behalf", "user-check", "behalf.own"},
			{"agenda", "订阅我的预约", "/desk/agenda", "calendar-event", "agenda.own"},
			{"observe", "远程观察", "/desk/observe", "video", "observe.list"},
			{"invoicing", "开票信息", "/desk/invoicing", "receipt", "invoice.detail"},
			{"papers", "培训与材料", "/desk/papers", "school", "gate.own"},
			{"funds", "经费卡与预存", "/desk/funds", "credit-card", "fund.own"},
			{"contacts", "专家联系", "/desk/contacts", "address-book", "expert.contact"},
			{"matters", "核查事项", "/desk/matters", "list-check", "scrutiny.own"},
			{"expert", "关于我的信息", "/desk/expert", "user-check", "expert.own"},
		}},
		{"提供服务", []place{
			{"resources", "我的资源", "/desk/resources", "microscope", "resource.manage"},
			{"imports", "批量导入", "/desk/imports", "file-import", "resource.import"},
			{"national", "国家平台报送", "/desk/national", "building-bank", "report.view"},
			{"prices", "价格方案", "/desk/prices", "receipt-yen", "price.manage"},
			{"calendar", "排期", "/desk/calendar", "calendar", "order.calendar"},
			{"usage", "仪器利用率", "/desk/usage", "chart-bar", "usage.view"},
			{"campus", "校内系统", "/desk/campus", "plug", "campus.desk"},
			{"queues", "候补队列", "/desk/queues", "clock", "waiting.queue"},
			{"onsite", "上机记录", "/desk/onsite", "qrcode", "onsite.desk"},
			{"gates", "预约条件", "/desk/gates", "lock", "gate.rules"},
			{"samples", "样品", "/desk/samples", "flask-2", "sample.keep"},
			{"contract-rule", "合同要求", "/desk/contract-rule", "file-text", "contract.rule"},
			{"redemptions", "兑付", "/desk/redemptions", "cash", "redemption.collect"},
			{"payee-account", "收款账户", "/desk/payee-account", "credit-card", "payout.account"},
			{"records", "服务记录", "/desk/records", "list-details", "record.keep"},
			{"income", "服务收入", "/desk/income", "report-money", "fund.income"},
			{"membership", "我的加盟", "/desk/membership", "affiliate", "provider.own"},
			{"certificates", "资质证书", "/desk/certificates", "certificate", "certificate.edit"},
			{"reporting", "仪器报送", "/desk/reporting", "clock", "reporting.own"},
			{"equipment", "设备加盟", "/desk/equipment", "microscope", "equipment.own"},
		}},
		{"管理", managedPlaces()},
	}
}

// managedPlaces are those of authorities, operators and auditors.
func managedPlaces() []place {
	return []place{
		{"duplicates", "重复记录", "/desk/duplicates", "stack-2", "duplicate.view"},
		{"names", "名称与认领", "/desk/names", "id", "duplicate.names"},
		{"expert-claims", "专家认领", "/desk/expert-claims", "user-check", "expert.inspect"},
		{"organisations", "单位核验", "/desk/organisations", "building", "organisation.inspect"},
		{"providers", "加盟管理", "/desk/providers", "affiliate", "provider.inspect"},
		{"certificates", "资质证书", "/desk/certificates", "certificate", "certificate.check"},
		{"reporting", "仪器报送", "/desk/reporting", "clock", "provider.inspect"},
		{"equipment", "设备加盟", "/desk/equipment", "microscope", "equipment.decide"},
		{"records", "服务记录", "/desk/records", "list-details", "record.inspect"},
		{"check-terms", "核对期限", "/desk/check-terms", "calendar-check", "resource.terms"},
		{"rosters", "企业名单", "/desk/rosters", "list-check", "roster.inspect"},
		{"files", "企业档案", "/desk/files", "file-certificate", "facts.inspect"},
		{"vouchers", "额度审核", "/desk/vouchers", "ticket", "voucher.review"},
		{"schemes", "方案与规则", "/desk/schemes", "scale", "programme.edit"},
		{"redemptions", "兑付审核", "/desk/redemptions", "cash", "voucher.review"},
		{"budgets", "资金总览", "/desk/budgets", "chart-bar", "budget.view"},
		{"payouts", "付款批次", "/desk/payouts", "building-bank", "payout.view"},
		{"payee-accounts", "收款账户确认", "/desk/payee-accounts", "credit-card", "payout.accounts"},
		{"scrutiny", "核查", "/desk/scrutiny", "shield-check", "scrutiny.inspect"},
		{"region-statements", "跨区对账", "/desk/region-statements", "arrows-exchange", "settle.view"},
		{"search-log", "检索记录", "/desk/search-log", "list-search", "find.evidence"},
		{"synonyms", "同义词", "/desk/synonyms", "arrows-exchange", "find.evidence"},
		{"sources", "收录来源", "/desk/sources", "database", "exchange.view"},
		{"audit", "审计日志", "/desk/audit", "list-details", "audit.view"},
		{"ledger", "创新券账本", "/desk/ledger", "report-money", "ledger.export"},
		{"permissions", "权限表", "/desk/permissions", "lock", "permission.view"},
		{"outbox", "事件", "/desk/outbox", "activity", "outbox.view"},
		{"outgoing", "外发消息", "/desk/outgoing", "send", "message.outgoing"},
	}
}

// chrome is what every page shows around its content.
func (a *App) chrome(ctx context.Context, w http.ResponseWriter, r *http.Request, prefs ui.Prefs, subject identity.Subject) (*ui.Chrome, error) {
	t := func(s string) string { return i18n.T(ctx, s) }
	c := &ui.Chrome{
		Assets: a.assets.URL, Origin: a.cfg.Public, Path: r.URL.Path, Query: r.URL.RawQuery, Now: a.clock.Now(), Request: id.New(), Prefs: prefs,
		Brand:  ui.Brand{Name: t("桥 Qiao"), Line: i18n.Pick(ctx, a.regionZH+t("科技创新资源共享平台"), a.regionEN+t("科技创新资源共享平台")), Host: ""},
		Legal:  t("开放源代码，Apache-2.0 许可"),
		Footer: []ui.NavItem{{Key: "api", Label: t("开放接口"), Href: "/api"}, {Key: "numbers", Label: t("数字与口径"), Href: "/numbers"}, {Key: "calls", Label: t("项目申报"), Href: "/calls"}, {Key: "providers", Label: t("加盟机构"), Href: "/providers"}, {Key: "notices", Label: t("公示"), Href: "/notices"}, {Key: "reports", Label: t("核对报告"), Href: "/reports"}},
	}
	if a.cfg.Demo {
		c.Notice = t("演示：带“示例”标记的均为虚构，不对外发送消息。")
	}
	if text := web.TakeFlash(w, r); text != "" {
		c.Flash = &ui.Flash{Tone: ui.OK, Text: text}
	}
	for _, p := range portalPlaces() {
		c.Portal = append(c.Portal, ui.NavItem{Key: p.key, Label: t(p.label), Href: p.href, Icon: p.icon})
	}
	c.Tabs = []ui.NavItem{c.Portal[0], c.Portal[1], c.Portal[2], {Key: "desk", Label: t("工作台"), Href: "/desk", Icon: "layout-dashboard"}}
	if !subject.SignedIn() {
		return c, nil
	}
	c.Desk = a.deskNavigation(ctx, subject)
	c.Find = ui.Link{Label: t("搜索资源、型号或单位"), Href: "/resources"}
	var err error
	if c.User, err = a.identity.User(ctx, subject); err != nil {
		return c, err
	}
	c.Unread, err = a.message.Unread(ctx, subject.Person)
	return c, err
}

func (a *App) deskNavigation(ctx context.Context, subject identity.Subject) []ui.NavGroup {
	var out []ui.NavGroup
	for _, g := range deskPlaces() {
		n := ui.NavGroup{}
		if g.label != "" {
			n.Label = i18n.T(ctx, g.label)
		}
		for _, p := range g.places {
			if a.policy.May(subject, p.action) == nil {
				n.Items = append(n.Items, ui.NavItem{Key: p.key, Label: i18n.T(ctx, p.label), Href: p.href, Icon: p.icon})
			}
		}
		if len(n.Items) > 0 {
			out = append(out, n)
		}
	}
	return out
}
