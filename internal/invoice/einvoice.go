package invoice

import (
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// Read is what a fully digital e-invoice (数电票) says of itself in the XML file that the tax system hands out.
type Read struct {
	Number     string
	IssuedOn   string // civil day
	Amount     money.Fen
	Tax        money.Fen
	SellerCode string
	SellerName string
	BuyerCode  string
	BuyerName  string
}

// What one file may be: an e-invoice is a few thousand bytes, and its elements lie a few levels deep.
const (
	maxXML      = 2 << 20
	maxElements = 20_000
	maxDepth    = 16
	maxName     = 200 // characters
)

// The places in the file of what is read; the number stands in two.
const (
	atHeader     = "EInvoice/Header/EIid"
	atNumber     = "EInvoice/TaxSupervisionInfo/InvoiceNumber"
	atDay        = "EInvoice/TaxSupervisionInfo/IssueTime"
	atSeller     = "EInvoice/EInvoiceData/SellerInformation/SellerIdNum"
	atSellerName = "EInvoice/EInvoiceData/SellerInformation/SellerName"
	atBuyer      = "EInvoice/EInvoiceData/BuyerInformation/BuyerIdNum"
	atBuyerName  = "EInvoice/EInvoiceData/BuyerInformation/BuyerName"
	atTax        = "EInvoice/EInvoiceData/BasicInformation/TotalTaxAm"
	atAmount     = "EInvoice/EInvoiceData/BasicInformation/TotalTax-includedAmount"
)

// ReadXML reads an e-invoice. A file with a document type, too many or too deep elements, or without number, day and a positive
// amount is none; a red one (a negative amount) takes another back and is none for an order either.
func ReadXML(r io.Reader) (Read, error) {
	said, err := places(r)
	if err != nil {
		return Read{}, notRead().Because(err)
	}
	number, header := Normal(said[atNumber]), Normal(said[atHeader])
	out := Read{
		Number: cmp.Or(number, header), IssuedOn: dayOf(said[atDay]), SellerCode: Normal(said[atSeller]), BuyerCode: Normal(said[atBuyer]),
		SellerName: cut(said[atSellerName]), BuyerName: cut(said[atBuyerName]),
	}
	if number != "" && header != "" && number != header {
		return Read{}, notRead()
	}
	if out.Amount, err = money.Parse(said[atAmount]); err != nil || out.Amount <= 0 || out.Number == "" || out.IssuedOn == "" {
		return Read{}, notRead()
	}
	if tax := strings.Trim(said[atTax], "*"); tax != "" { // stars stand for "free of tax"
		if out.Tax, err = money.Parse(tax); err != nil || out.Tax < 0 || out.Tax > out.Amount {
			return Read{}, notRead()
		}
	}
	return out, nil
}

func notRead() *fault.Error {
	return fault.New(fault.Invalid, "einvoice-unread", "这个 XML 文件不是可以识别的电子发票。").Field("file", "unread", "请上传税务系统下载的数电票 XML 原件，或改传 PDF、OFD。")
}

// dayOf is the civil day of an instant as files write it: 2026-11-25 10:20:30, 20261125…, 2026年11月25日; empty where it is none.
func dayOf(text string) string {
	var digits []byte
	for _, r := range text {
		if r >= '0' && r <= '9' && len(digits) < 8 {
			digits = append(digits, byte(r))
		}
	}
	if len(digits) < 8 {
		return ""
	}
	day := string(digits[:4]) + "-" + string(digits[4:6]) + "-" + string(digits[6:])
	if _, err := clock.Midnight(day); err != nil {
		return ""
	}
	return day
}

// cut is a name, no longer than one is.
func cut(name string) string {
	if utf8.RuneCountInString(name) > maxName {
		return string([]rune(name)[:maxName])
	}
	return name
}

// plain is a name as two of them are compared: brackets of either width, no blanks.
func plain(name string) string {
	return strings.NewReplacer("（", "(", "）", ")", " ", "", "\u3000", "").Replace(name)
}

// places are the texts of a file by the way to them; the first counts where one stands twice.
func places(r io.Reader) (map[string]string, error) {
	d := xml.NewDecoder(io.LimitReader(r, maxXML))
	var way []string
	said, elements := map[string]string{}, 0
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return said, nil
		case err != nil:
			return nil, err
		}
		switch x := token.(type) {
		case xml.Directive:
			return nil, errors.New("invoice: a document type")
		case xml.StartElement:
			if way = append(way, x.Name.Local); len(way) > maxDepth {
				return nil, errors.New("invoice: too deep")
			}
			if elements++; elements > maxElements {
				return nil, errors.New("invoice: too many elements")
			}
		case xml.EndElement:
			way = way[:len(way)-1]
		case xml.CharData:
			text := strings.TrimSpace(string(x))
			if key := strings.Join(way, "/"); text != "" && said[key] == "" {
				said[key] = text
			}
		}
	}
}

// FromFile takes from an invoice's e-invoice file what was not typed, and refuses what differs: number, day, amount and the tax
// numbers of both sides, where they are known. Other files say nothing that a program can read.
func (s *Service) FromFile(ctx context.Context, inv Invoice, d Draft, seller, buyer string) (Invoice, Draft, error) {
	if inv.SHA256 == "" || !strings.EqualFold(path.Ext(inv.Name), ".xml") {
		return inv, d, nil
	}
	file, err := s.Blobs.Open(ctx, inv.SHA256)
	if err != nil {
		return inv, d, fmt.Errorf("open the e-invoice: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	x, err := ReadXML(file)
	if err != nil {
		return inv, d, err
	}
	if err := d.agree(x, seller, buyer); err != nil {
		return inv, d, err
	}
	inv.SellerCode, inv.SellerName, inv.BuyerCode, inv.BuyerName, inv.Tax, inv.Checked = x.SellerCode, x.SellerName, x.BuyerCode, x.BuyerName, x.Tax, true
	return inv, Draft{Number: x.Number, IssuedOn: x.IssuedOn, Amount: x.Amount}, nil
}

// agree names what was typed, or is known of the sides, and differs from the file.
func (d Draft) agree(x Read, seller, buyer string) error {
	bad := fault.New(fault.Invalid, "einvoice-differs", "填写的内容与电子发票文件不一致。")
	if d.Number != "" && Normal(d.Number) != x.Number {
		bad.Field("number", "differs", "文件里的发票号码是 {0}。", x.Number)
	}
	if d.IssuedOn != "" && d.IssuedOn != x.IssuedOn {
		bad.Field("issued_on", "differs", "文件里的开票日期是 {0}。", x.IssuedOn)
	}
	if d.Amount != 0 && d.Amount != x.Amount {
		bad.Field("amount", "differs", "文件里的价税合计是 {0}。", x.Amount)
	}
	if seller = Normal(seller); seller != "" && x.SellerCode != "" && seller != x.SellerCode {
		bad.Field("file", "seller", "文件里的销售方税号是 {0}，不是本单位的 {1}。", x.SellerCode, seller)
	}
	if buyer = Normal(buyer); buyer != "" && x.BuyerCode != "" && buyer != x.BuyerCode {
		bad.Field("file", "buyer", "文件里的购买方税号是 {0}，与开票信息的 {1} 不同。", x.BuyerCode, buyer)
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}
