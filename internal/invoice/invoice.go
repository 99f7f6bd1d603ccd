package invoice

import (
	"strings"
	"unicode/utf8"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// Invoice is one invoice of an order. Amount is fen, tax included.
type Invoice struct {
	ID          string    `db:"id"`
	Number      string    `db:"number"` // as Normal gives it
	Order       string    `db:"order_id"`
	OrderNumber string    `db:"order_number"`
	Buyer       string    `db:"buyer"`
	Provider    string    `db:"provider"`
	Region      string    `db:"region"`
	IssuedOn    string    `db:"issued_on"` // civil day
	Amount      money.Fen `db:"amount"`
	Name        string    `db:"name"` // of the file; empty: none
	SHA256      string    `db:"sha256"`
	Size        int64     `db:"size"`
	Person      string    `db:"person"`
	At          db.Time   `db:"at"`
	SellerCode  string    `db:"seller_code"` // these as its e-invoice file says; empty: not read
	SellerName  string    `db:"seller_name"`
	BuyerCode   string    `db:"buyer_code"`
	BuyerName   string    `db:"buyer_name"`
	Tax         money.Fen `db:"tax"`
	Checked     bool      `db:"checked"` // number, day and amount are those of the file
}

// Detail is what an organisation's invoices are made out to (发票抬头 and the rest of 开票信息).
type Detail struct {
	Org       string  `db:"org"`
	Title     string  `db:"title"`
	USCC      string  `db:"uscc"`
	Address   string  `db:"address"`
	Phone     string  `db:"phone"`
	Bank      string  `db:"bank"`
	Account   string  `db:"account"`
	Mail      string  `db:"mail"`
	UpdatedAt db.Time `db:"updated_at"`
}

// Draft is what somebody says of a new invoice.
type Draft struct {
	Number   string
	IssuedOn string
	Amount   money.Fen
}

// The shape of a number: 20 digits of a fully digital invoice, or code and number of an older one (10 or 12 and 8 digits);
// invoices of other countries have letters, too.
const (
	shortest = 6
	longest  = 30
)

// Normal is a number as it is kept and compared: half width, capitals, nothing but letters and digits. Blanks and hyphens
// are how people write it; anything else is none of a number and gives an empty text.
func Normal(number string) string {
	var b strings.Builder
	for _, r := range number {
		if r >= '！' && r <= '～' { // full width
			r -= '！' - '!'
		}
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			b.WriteRune(r)
		case r >= 'a' && r <= 'z':
			b.WriteRune(r - 'a' + 'A')
		case r == ' ' || r == '\u3000' || r == '-' || r == '\t':
		default:
			return ""
		}
	}
	if n := b.Len(); n < shortest || n > longest {
		return ""
	}
	return b.String()
}

// check finds what is wrong with a draft on a civil day, for an order of which left is not invoiced yet.
func (d Draft) check(today string, left money.Fen) error {
	bad := fault.New(fault.Invalid, "invoice-invalid", "发票信息有误，请按提示修改。")
	if Normal(d.Number) == "" {
		bad.Field("number", "shape", "请填写发票号码：{0} 到 {1} 位数字或字母，例如全电发票的 20 位号码。", int64(shortest), int64(longest))
	}
	if _, err := clock.Midnight(d.IssuedOn); err != nil {
		bad.Field("issued_on", "date", "请填写开票日期，例如 2026-11-21。")
	} else if d.IssuedOn > today {
		bad.Field("issued_on", "future", "开票日期还没有到，请核对。")
	}
	switch {
	case d.Amount <= 0:
		bad.Field("amount", "range", "请填写大于零的价税合计金额。")
	case d.Amount > left:
		bad.Field("amount", "over", "超过了还未开票的金额 {0}，请核对。", left)
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// check finds what is wrong with invoicing details.
func (d Detail) check() error {
	bad := fault.New(fault.Invalid, "invoice-detail", "开票信息有误，请按提示修改。")
	if n := utf8.RuneCountInString(d.Title); n == 0 || n > 100 {
		bad.Field("title", "required", "请填写发票抬头，最多 100 个字。")
	}
	if n := len(d.USCC); n != 0 && (n < 15 || n > 20 || Normal(d.USCC) != d.USCC) {
		bad.Field("uscc", "shape", "纳税人识别号是 15 到 20 位数字和大写字母，企业填 18 位统一社会信用代码。")
	}
	for name, text := range map[string]string{"address": d.Address, "phone": d.Phone, "bank": d.Bank, "account": d.Account, "mail": d.Mail} {
		if utf8.RuneCountInString(text) > 200 {
			bad.Field(name, "long", "最多 {0} 个字。", int64(200))
		}
	}
	if d.Mail != "" && !strings.Contains(d.Mail, "@") {
		bad.Field("mail", "shape", "邮箱地址不完整。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}
