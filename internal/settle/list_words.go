//i18n:data the headings and words that lists come with

package settle

import "qiao/internal/voucher"

// listHeadings are the words by which a column is known.
func listHeadings() map[string][]string {
	return map[string][]string{
		columnNumber: {"兑付编号", "兑付单号", "编号", "claim", "claim number", "redemption"},
		columnWhat:   {"事项", "发生", "类型", "业务类型", "event", "what"},
		columnAmount: {"金额", "金额(元)", "发生额", "发生额(元)", "amount", "amount(yuan)"},
		columnDay:    {"日期", "发生日期", "入账日期", "记账日期", "day", "date"},
	}
}

// whatWords are the words by which an event is known.
func whatWords() map[string][]string {
	return map[string][]string{
		voucher.MoveApprove: {"确认应付", "批准", "应付", "approve", "approved", "owed"},
		voucher.MoveRefuse:  {"冲回应付", "撤销", "不予通过", "应付冲回", "冲回", "refuse", "refused", "owed no more"},
		voucher.MovePay:     {"已支付", "支付", "已付", "付款", "拨付", "pay", "paid"},
		voucher.MoveBounce:  {"银行退回", "退回", "退汇", "退票", "bounce", "bounced", "returned", "returned by the bank"},
		voucher.MoveRecover: {"要求追回", "追回", "已追回", "recover", "recovered", "asked back"},
		voucher.MoveReceive: {"追回到账", "到账", "收回", "receive", "received", "come back"},
	}
}

// dayMarks are what stands between the parts of a day, and what it is read as.
func dayMarks() []string { return []string{"/", "-", ".", "-", "年", "-", "月", "-", "日", ""} }
