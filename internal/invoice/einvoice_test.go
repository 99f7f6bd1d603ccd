package invoice

import (
	"strings"
	"testing"

	"qiao/internal/platform/fault"
)

// sheet is an invented e-invoice in the shape of the tax system's files.
const sheet = `<?xml version="1.0" encoding="UTF-8"?><EInvoice><Header><EIid>26332000000012345678</EIid></Header><EInvoiceData>
<SellerInformation><SellerIdNum>91330400MA2CTEST0X</SellerIdNum><SellerName>示例·检测</SellerName></SellerInformation>
<BuyerInformation><BuyerIdNum>91330400MA2CTEST1Y</BuyerIdNum><BuyerName>示例·禾城</BuyerName></BuyerInformation>
<BasicInformation><TotalAmWithoutTax>1207.55</TotalAmWithoutTax><TotalTaxAm>72.45</TotalTaxAm><TotalTax-includedAmount>1280.00</TotalTax-includedAmount></BasicInformation>
<IssuItemInformation><TaxRate>0.06</TaxRate></IssuItemInformation></EInvoiceData>
<TaxSupervisionInfo><InvoiceNumber>26332000000012345678</InvoiceNumber><IssueTime>2026-11-25 10:20:30</IssueTime></TaxSupervisionInfo></EInvoice>`

// What an e-invoice says is read; what is none, says two things or would cost much to read is refused.
func TestEInvoiceIsRead(t *testing.T) {
	x, err := ReadXML(strings.NewReader(sheet))
	want := Read{Number: "26332000000012345678", IssuedOn: "2026-11-25", Amount: 128_000, Tax: 7_245, SellerCode: "91330400MA2CTEST0X", SellerName: "示例·检测", BuyerCode: "91330400MA2CTEST1Y", BuyerName: "示例·禾城"}
	if err != nil || x != want {
		t.Fatalf("%+v, %v", x, err)
	}
	for name, text := range map[string]string{
		"empty": "", "other XML": "<html></html>", "two numbers": strings.Replace(sheet, "<EIid>2", "<EIid>3", 1), "no day": strings.Replace(sheet, "2026-11-25", "2026-13-25", 1),
		"a red one": strings.Replace(sheet, ">1280.00", ">-1280.00", 1), "more tax than price": strings.Replace(sheet, ">72.45", ">7200000.45", 1),
		"a document type": `<!DOCTYPE x [<!ENTITY a "b">]>` + sheet, "deep": strings.Repeat("<a>", 40), "broken off": sheet[:300], "not UTF-8": "<?xml version=\"1.0\" encoding=\"GBK\"?><EInvoice/>",
		"many": "<EInvoice>" + strings.Repeat("<a/>", maxElements) + sheet,
	} {
		if _, err := ReadXML(strings.NewReader(text)); !fault.Is(err, "einvoice-unread") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for text, day := range map[string]string{"20261125102030": "2026-11-25", "2026年11月25日": "2026-11-25", "25.11.26": "", "": ""} {
		if got := dayOf(text); got != day {
			t.Errorf("%q: %q", text, got)
		}
	}
	free, err := ReadXML(strings.NewReader(strings.Replace(sheet, ">72.45<", ">***<", 1)))
	if err != nil || free.Tax != 0 {
		t.Errorf("free of tax: %+v, %v", free, err)
	}
	if err := (Draft{}).agree(x, "", ""); err != nil {
		t.Error(err)
	}
	for field, d := range map[string]Draft{"number": {Number: "26332000000012345679"}, "issued_on": {IssuedOn: "2026-11-26"}, "amount": {Amount: 1}} {
		if err := d.agree(x, "91330400MA2CTEST0X", "91330400ma2ctest1y"); !fault.Is(err, "einvoice-differs") || fault.Of(err).Fields[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := (Draft{}).agree(x, "91330400MA2CTEST9Z", ""); !fault.Is(err, "einvoice-differs") {
		t.Errorf("another seller: %v", err)
	}
}

// Whatever a file holds, it is read or refused.
func FuzzReadXML(f *testing.F) {
	f.Add(sheet)
	f.Add("<EInvoice><Header><EIid>1")
	f.Add("ａＢ１２３４")
	f.Fuzz(func(t *testing.T, text string) {
		if n := Normal(text); n != "" && (Normal(n) != n || len(n) < shortest || len(n) > longest) {
			t.Errorf("%q gives the number %q", text, n)
		}
		x, err := ReadXML(strings.NewReader(text))
		if err == nil && (x.Number == "" || x.Amount <= 0 || x.Tax > x.Amount || len(x.IssuedOn) != 10) {
			t.Errorf("%+v of %q", x, text)
		}
	})
}
