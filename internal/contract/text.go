//i18n:data the text of a contract and of what is sealed, which hold in Chinese

package contract

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"qiao/internal/platform/clock"
)

// write is the text of a contract by its form: the same facts and terms give the same text, to the last character. Contracts
// are written in Chinese, the language in which they hold.
func write(form Form, number string, version int64, f Facts, t Terms, day string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%s", form.Title)
	line("合同编号：%s（第 %d 版）", number, version)
	line("订单编号：%s", f.Number)
	line("")
	line("甲方（委托方）：%s%s", f.BuyerName, code(f.BuyerCode))
	line("乙方（服务方）：%s%s", f.ProviderName, code(f.ProviderCode))
	line("")
	of, fill := values(f, t), words(f, t)
	say := func(a Article) string {
		if !holds(a.If, of) {
			return ""
		}
		text := ""
		for _, c := range a.Say {
			if holds(c.If, of) {
				text += c.Say
			}
		}
		return fill.Replace(text)
	}
	n := 0
	for _, a := range form.Articles {
		if text := say(a); text != "" {
			n++
			line("第%d条 %s", n, a.Head)
			line("%s", text)
			line("")
		}
	}
	line("本合同由双方在平台上签署，自双方均签署之日起生效。")
	n = 0
	for _, a := range form.Annexes {
		if text := say(a); text != "" {
			n++
			line("")
			line("附件%d %s", n, a.Head)
			line("%s", text)
		}
	}
	if n > 0 {
		line("")
	}
	line("形成日期：%s", day)
	if f.Invented {
		line("（示例合同，双方均为虚构）")
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(b.String()) // one kind of line end: a copy stays a copy
}

// words fill the places of a form. What a side wrote is put in as it is, once: a brace in it means nothing.
func words(f Facts, t Terms) *strings.Replacer {
	what := f.Subject
	if f.Task != "" {
		what += "。\n" + f.Task
	}
	if f.Quantity > 1 {
		what += fmt.Sprintf("\n数量：%d。", f.Quantity)
	}
	pay := fmt.Sprintf("价款合计人民币 %s 元。", f.Price.Yuan())
	if f.Voucher > 0 {
		pay = fmt.Sprintf("价款合计人民币 %s 元，其中科技创新券支付 %s 元，甲方自付 %s 元。创新券部分按发券地区的规则兑付。", f.Price.Yuan(), f.Voucher.Yuan(), f.Own.Yuan())
	}
	var stages []string
	for i, x := range f.Stages {
		stages = append(stages, fmt.Sprintf("%d. %s：%s 前交付%s；验收后支付 %s 元。", i+1, x.Name, x.DueOn, x.Deliverable, x.Amount.Yuan()))
	}
	extra := strings.ReplaceAll(strings.TrimSpace(t.Extra), "\r\n", "\n")
	return strings.NewReplacer(
		"{what}", what, "{time}", f.Time, "{pay}", pay, "{stages}", strings.Join(stages, "\n"), "{secret}", strconv.FormatInt(t.Secret, 10), "{extra}", extra,
		"{data}", owner(t.Data), "{result}", owner(t.Result),
	)
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

// about is the part of a statement that says which text is sealed and for which side.
func about(c Contract, side string) string {
	return fmt.Sprintf("合同签署声明\n合同编号：%s（第 %d 版）\n合同文本 SHA-256：%s\n签署方：%s\n", c.Number, c.Version, c.SHA256, map[string]string{Buyer: "甲方（委托方）", Provider: "乙方（服务方）"}[side])
}

// statement is what a side seals: which text, whose seal, when.
func statement(c Contract, side string, who Holder, at time.Time) string {
	return about(c, side) + fmt.Sprintf("单位：%s%s\n时间：%s\n", who.Name, code(who.Code), clock.Local(at).Format(time.RFC3339))
}
