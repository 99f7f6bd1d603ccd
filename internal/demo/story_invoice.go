package demo

import (
	"encoding/base64"
	"encoding/xml"
	"strings"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/money"
)

// rate6 is the rate of value-added tax on technical services, in hundredths of a percent: it makes the invented invoice's tax.
const rate6 = 600

// einvoice is an invented e-invoice of an order, in the shape of the tax system's files.
func (t *teller) einvoice(o Order) (object, error) {
	orgs, err := organisations()
	if err != nil {
		return nil, err
	}
	var seller, buyer organisation
	for _, x := range orgs {
		switch {
		case keeper(x.Key) == t.cast.Lab:
			seller = x
		case x.Key == t.cast.Key:
			buyer = x
		}
	}
	net, err := money.MulHalfUp(o.Price, 10_000, 10_000+rate6)
	if err != nil {
		return nil, err
	}
	number := strings.ReplaceAll("26"+o.Number[2:], "-", "")
	place := func(kind string, o organisation) string {
		return "<" + kind + "Information><" + kind + "IdNum>" + o.USCC() + "</" + kind + "IdNum><" + kind + "Name>" + o.NameZH + "</" + kind + "Name></" + kind + "Information>\n"
	}
	file := xml.Header + "<!-- 示例，虚构，非真实发票 / Sample, invented, no real invoice -->\n<EInvoice><Header><EIid>" + number + "</EIid></Header><EInvoiceData>\n" + //i18n:data an invented invoice
		place("Seller", seller) + place("Buyer", buyer) +
		"<BasicInformation><TotalAmWithoutTax>" + net.Yuan() + "</TotalAmWithoutTax><TotalTaxAm>" + (o.Price - net).Yuan() + "</TotalTaxAm><TotalTax-includedAmount>" + o.Price.Yuan() + "</TotalTax-includedAmount></BasicInformation>\n" +
		"</EInvoiceData><TaxSupervisionInfo><InvoiceNumber>" + number + "</InvoiceNumber><IssueTime>" + clock.Day(t.o.Now()) + "</IssueTime></TaxSupervisionInfo></EInvoice>\n"
	return object{"name": number + ".xml", "content": base64.StdEncoding.EncodeToString([]byte(file))}, nil
}
