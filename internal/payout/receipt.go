//i18n:data the headings that receipts come with

package payout

import (
	"slices"
	"strings"

	"qiao/internal/platform/money"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/textindex/fold"
)

// Fields of a receipt's row, in the order the mapping page shows them.
const (
	FieldItem     = "item"
	FieldAmount   = "amount"
	FieldAccount  = "account"
	FieldResult   = "result"
	FieldNote     = "note"
	FieldEvidence = "evidence"
)

// ReceiptFields lists the fields of a receipt's row.
func ReceiptFields() []string {
	return []string{FieldItem, FieldAmount, FieldAccount, FieldResult, FieldNote, FieldEvidence}
}

// receiptHeadings are the words by which a column is known, the surest first.
func receiptHeadings() map[string][]string {
	return map[string][]string{
		FieldItem:     {"付款编号", "业务编号", "商户流水号", "客户流水号", "企业流水号", "item", "payment number", "reference"},
		FieldAmount:   {"金额", "交易金额", "付款金额", "支付金额", "实付金额", "amount"},
		FieldAccount:  {"收款人账号", "收款账号", "对方账号", "账号", "account", "account number"},
		FieldResult:   {"处理结果", "交易结果", "付款结果", "支付状态", "交易状态", "处理状态", "结果", "状态", "result", "status"},
		FieldNote:     {"失败原因", "退汇原因", "退回原因", "原因", "处理信息", "返回信息", "附言", "备注", "reason", "note"},
		FieldEvidence: {"银行流水号", "交易流水号", "核心流水号", "凭证号", "回单编号", "交易序号", "evidence", "bank reference"},
	}
}

// ProposeReceipt says for each heading which field it most likely holds; "" none. A field is given once.
func ProposeReceipt(heads []string) []string {
	out := make([]string, len(heads))
	taken := map[string]bool{}
	for _, exact := range []bool{true, false} { // whole words first
		for _, field := range ReceiptFields() {
			for _, word := range receiptHeadings()[field] {
				for i, h := range heads {
					h, word := plainHeading(h), plainHeading(word)
					if out[i] == "" && !taken[field] && (h == word || !exact && strings.Contains(h, word)) {
						out[i], taken[field] = field, true
					}
				}
			}
		}
	}
	return out
}

func plainHeading(h string) string {
	h = strings.ReplaceAll(fold.Text(h), " ", "")
	if i := strings.IndexAny(h, "(["); i > 0 {
		h = h[:i]
	}
	return strings.Trim(h, "*:")
}

// Receipt is one row of a bank's answer, as it stood there.
type Receipt struct {
	Row      int
	Item     string
	Amount   string
	Account  string
	Result   string
	Note     string
	Evidence string
}

// ReadReceipts reads the rows of a table by a mapping. Rows without anything in a mapped column (a total below, say) are left out.
func ReadReceipts(table *sheet.Table, mapping []string) []Receipt {
	var out []Receipt
	for _, row := range table.Rows {
		cell := func(field string) string {
			if i := slices.Index(mapping, field); i >= 0 && i < len(table.Headings) {
				return strings.TrimSpace(row.Cell(i))
			}
			return ""
		}
		r := Receipt{row.Number, cell(FieldItem), cell(FieldAmount), cell(FieldAccount), cell(FieldResult), cell(FieldNote), cell(FieldEvidence)}
		if r.Item != "" || r.Result != "" {
			out = append(out, r)
		}
	}
	return out
}

// Verdict says whether a row means that the money has arrived: good, bad, or neither where its words say nothing known. Bad words are
// looked for first: 交易不成功 is no success.
func (r Rules) Verdict(result string) (good, bad bool) {
	text := strings.ReplaceAll(fold.Text(result), " ", "")
	has := func(words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return text != "" && strings.Contains(text, fold.Text(w)) })
	}
	if has(r.Bad) || strings.Contains(text, "不成功") || strings.Contains(text, "未成功") || strings.Contains(text, "unsuccess") {
		return false, true
	}
	return has(r.Good), false
}

// readAmount reads the amount of a receipt; false where it is none.
func readAmount(s string) (money.Fen, bool) {
	f, err := money.Parse(strings.TrimPrefix(strings.ToUpper(strings.ReplaceAll(s, " ", "")), "CNY"))
	return f, err == nil && f > 0
}

// plainAccount leaves the digits and letters of an account's number.
func plainAccount(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, strings.ToUpper(fold.Text(s)))
}
