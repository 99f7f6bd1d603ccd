package paper

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/pdf"
)

// paper is an order with what its prints say besides.
type paper struct {
	order.Detail
	Buyer    identity.Organisation
	Provider identity.Organisation
	Invoices []invoice.Invoice
	Payments []invoice.Payment
	Address  string // of the page that proves its report
	Now      time.Time
}

func nameOf(ctx context.Context, o identity.Organisation) string {
	return i18n.Pick(ctx, o.NameZH, cmp.Or(o.NameEN, o.NameZH))
}

func (p paper) begin(ctx context.Context, title string) *pdf.Doc {
	o := pdf.Options{
		Title: title + " " + p.Order.Number, Head: p.Order.Number, Foot: t(ctx, "{0} 打印", clock.Local(p.Now).Format("2006-01-02 15:04")),
		Page: strings.NewReplacer("{0}", "%d", "{1}", "%d").Replace(t(ctx, "第 {0} 页　共 {1} 页", "{0}", "{1}")), At: p.Now,
	}
	if p.Order.Sample {
		o.Mark = t(ctx, "示例")
	}
	d := pdf.New(o)
	d.Title(title)
	return d
}

func (p paper) span() string {
	if p.Order.Start.IsZero() {
		return ""
	}
	const layout = "2006-01-02 15:04"
	return clock.Local(p.Order.Start.Time).Format(layout) + " – " + clock.Local(p.Order.End.Time).Format(layout)
}

// cover is the first page of a report: whose it is, of what, and how to know it from a forgery.
func cover(ctx context.Context, p paper) ([]byte, error) {
	d := p.begin(ctx, t(ctx, "测试服务报告"))
	d.Gap(10)
	d.Facts([]pdf.Fact{
		{Name: t(ctx, "报告编号"), Value: p.Order.Number},
		{Name: t(ctx, "委托单位"), Value: nameOf(ctx, p.Buyer)},
		{Name: t(ctx, "服务单位"), Value: nameOf(ctx, p.Provider)},
		{Name: t(ctx, "仪器或服务"), Value: i18n.Pick(ctx, p.Order.ResourceZH, cmp.Or(p.Order.ResourceEN, p.Order.ResourceZH))},
		{Name: t(ctx, "服务内容"), Value: p.Order.Purpose},
		{Name: t(ctx, "时段"), Value: p.span()},
	})
	d.Head(t(ctx, "报告文件"))
	var rows [][]string
	for _, x := range p.Reports() {
		name := x.Name
		if p.Void(x) {
			name += "\n" + t(ctx, "已作废：之后重新做过")
		}
		rows = append(rows, []string{name, clock.Local(x.At.Time).Format("2006-01-02 15:04"), x.SHA256})
	}
	d.Table([]pdf.Column{{Head: t(ctx, "文件"), Share: 30}, {Head: t(ctx, "提交时间"), Share: 22}, {Head: "SHA-256", Share: 48}}, rows)
	d.Code(p.Address, t(ctx, "扫码核对报告：在打开的页面上选择报告文件，即可知道它与服务单位提交的是否一致。\n{0}", p.Address))
	d.Signs(t(ctx, "服务单位（盖章）：\n签发人：\n日期："))
	return d.Bytes()
}

// statement is an order as a sheet for the books: what was done, what it costs, who pays, which invoices there are.
func statement(ctx context.Context, p paper) ([]byte, error) {
	o := p.Order
	d := p.begin(ctx, t(ctx, "订单明细"))
	hours := ""
	if o.Minutes > 0 {
		hours = t(ctx, "{0} 分钟", o.Minutes)
	}
	d.Facts([]pdf.Fact{
		{Name: t(ctx, "订单编号"), Value: o.Number},
		{Name: t(ctx, "类型"), Value: order.SayKind(ctx, o.Kind)},
		{Name: t(ctx, "状态"), Value: order.SayState(ctx, o.Kind, o.State)},
		{Name: t(ctx, "委托单位"), Value: nameOf(ctx, p.Buyer) + code(ctx, p.Buyer.USCC)},
		{Name: t(ctx, "服务单位"), Value: nameOf(ctx, p.Provider) + code(ctx, p.Provider.USCC)},
		{Name: t(ctx, "仪器或服务"), Value: i18n.Pick(ctx, o.ResourceZH, cmp.Or(o.ResourceEN, o.ResourceZH))},
		{Name: t(ctx, "服务内容"), Value: o.Purpose},
		{Name: t(ctx, "时段"), Value: p.span()},
		{Name: t(ctx, "机时"), Value: hours},
		{Name: t(ctx, "下单日期"), Value: o.PlacedOn},
		{Name: t(ctx, "确认日期"), Value: o.ConfirmedOn},
	})
	d.Head(t(ctx, "费用"))
	if !o.Priced {
		d.Para(t(ctx, "还没有报价。"))
	} else {
		var rows [][]string
		for _, c := range p.Charges(ctx) {
			rows = append(rows, []string{c.Name, c.How, c.Amount})
		}
		rows = append(rows, []string{t(ctx, "合计"), "", o.Price.String()})
		if o.Voucher > 0 {
			rows = append(rows, []string{t(ctx, "其中创新券支付"), "", o.Voucher.String()}, []string{t(ctx, "其中自付"), "", o.Own.String()})
		}
		d.Table([]pdf.Column{{Head: t(ctx, "计费项目"), Share: 34}, {Head: t(ctx, "计算方法"), Share: 44}, {Head: t(ctx, "金额"), Share: 22, Amount: true}}, rows)
	}
	if len(p.Invoices) > 0 {
		d.Head(t(ctx, "发票"))
		var rows [][]string
		for _, x := range p.Invoices {
			rows = append(rows, []string{x.Number, x.IssuedOn, x.Amount.String()})
		}
		d.Table([]pdf.Column{{Head: t(ctx, "发票号码"), Share: 50}, {Head: t(ctx, "开票日期"), Share: 25}, {Head: t(ctx, "价税合计"), Share: 25, Amount: true}}, rows)
	}
	if len(p.Payments) > 0 {
		d.Head(t(ctx, "收款"))
		var rows [][]string
		for _, x := range p.Payments {
			rows = append(rows, []string{x.PaidOn, invoice.SayWay(ctx, x.Way), x.Amount.String()})
		}
		d.Table([]pdf.Column{{Head: t(ctx, "收款日期"), Share: 30}, {Head: t(ctx, "收款方式"), Share: 45}, {Head: t(ctx, "金额"), Share: 25, Amount: true}}, rows)
	}
	d.Note(t(ctx, "由平台按订单记录生成，以平台上的记录为准。"))
	return d.Bytes()
}

func code(ctx context.Context, uscc string) string {
	if uscc == "" {
		return ""
	}
	return fmt.Sprintf("\n%s %s", t(ctx, "统一社会信用代码"), uscc)
}
