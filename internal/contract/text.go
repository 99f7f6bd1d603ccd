//i18n:data the text of a contract, which holds in Chinese

package contract

import (
	"fmt"
	"strings"
)

// write is the text of a contract: the same facts and terms give the same text, to the last character. Contracts are
// written in Chinese, the language in which they hold.
func write(number string, version int64, f Facts, t Terms, day string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	title := "测试服务合同"
	if f.Kind == "booking" {
		title = "仪器使用合同"
	}
	line("%s", title)
	line("合同编号：%s（第 %d 版）", number, version)
	line("订单编号：%s", f.Number)
	line("")
	line("甲方（委托方）：%s%s", f.BuyerName, code(f.BuyerCode))
	line("乙方（服务方）：%s%s", f.ProviderName, code(f.ProviderCode))
	line("")
	n := 0
	article := func(head, format string, args ...any) {
		n++
		line("第%d条 %s", n, head)
		line(format, args...)
		line("")
	}
	what := f.Subject
	if f.Task != "" {
		what += "。\n" + f.Task
	}
	if f.Quantity > 1 {
		what += fmt.Sprintf("\n数量：%d。", f.Quantity)
	}
	article("服务内容", "乙方按订单为甲方提供：%s", what)
	if f.Time != "" {
		article("时间", "%s。一方需要改期的，应提前通知对方并在平台上办理。", f.Time)
	}
	pay := fmt.Sprintf("价款合计人民币 %s 元。", f.Price.Yuan())
	if f.Voucher > 0 {
		pay = fmt.Sprintf("价款合计人民币 %s 元，其中科技创新券支付 %s 元，甲方自付 %s 元。创新券部分按发券地区的规则兑付。", f.Price.Yuan(), f.Voucher.Yuan(), f.Own.Yuan())
	}
	article("价款与支付", "%s甲方验收后，乙方开具发票，甲方据以付款。", pay)
	article("报告与验收", "乙方在平台上提交报告及其 SHA-256 校验值。甲方收到后应及时确认；有异议的，在平台上写明理由，由双方协商，协商不成可以提请主管部门处理。")
	article("数据与成果", "测试数据和报告归%s所有；履行合同产生的新的技术成果归%s所有。", owner(t.Data), owner(t.Result))
	article("发表", "%s", map[string]string{"never": "未经对方书面同意，任何一方不得公开发表本合同的数据和结果。", "agreed": "公开发表数据和结果应事先征得对方同意，署名由双方商定。", "free": "双方均可公开发表数据和结果，应注明乙方的仪器和服务。"}[t.Publish])
	if t.Secret > 0 {
		article("保密", "双方对因本合同知悉的对方技术和商业信息保密，自合同签订之日起 %d 年。", t.Secret)
	}
	article("样品", "%s", map[string]string{"return": "余样在服务完成后退回甲方，费用由甲方承担。", "dispose": "余样由乙方在约定的保存期后按规定处置。"}[t.Rest])
	if t.Extra != "" {
		article("其他约定", "%s", strings.ReplaceAll(strings.TrimSpace(t.Extra), "\r\n", "\n"))
	}
	article("争议", "因本合同发生的争议，双方先行协商；协商不成的，向乙方所在地人民法院起诉。")
	line("本合同由双方在平台上签署，自双方均签署之日起生效。")
	line("形成日期：%s", day)
	if f.Invented {
		line("（示例合同，双方均为虚构）")
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(b.String()) // one kind of line end: a copy stays a copy
}

func owner(side string) string {
	return map[string]string{"buyer": "甲方", "provider": "乙方", "both": "双方共同"}[side]
}

func code(uscc string) string {
	if uscc == "" {
		return ""
	}
	return "（统一社会信用代码 " + uscc + "）"
}
