package contract

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/fault"
)

// The same facts and terms give the same text, whatever they are; every clause chosen stands in it, numbered in a row.
func TestTheTextIsItsFacts(t *testing.T) {
	side := rapid.SampledFrom([]string{"buyer", "provider", "both"})
	rapid.Check(t, func(rt *rapid.T) {
		f := Facts{
			Number: "DD3304-20261121-0007", Kind: rapid.SampledFrom([]string{"booking", "commission"}).Draw(rt, "kind"), Subject: rapid.String().Draw(rt, "subject"), Task: rapid.String().Draw(rt, "task"),
			Quantity: rapid.Int64Range(1, 9).Draw(rt, "quantity"), Price: 60_000, Own: 30_000, Voucher: 30_000, BuyerName: "示例·禾城", ProviderName: "示例·南湖",
		}
		terms := Terms{
			Data: side.Draw(rt, "data"), Result: side.Draw(rt, "result"), Publish: rapid.SampledFrom([]string{"never", "agreed", "free"}).Draw(rt, "publish"),
			Secret: rapid.Int64Range(0, 50).Draw(rt, "secret"), Rest: rapid.SampledFrom([]string{"return", "dispose"}).Draw(rt, "rest"),
		}
		if err := terms.check(); err != nil {
			rt.Fatal(err)
		}
		a, b := write("HT1", 1, f, terms, "2026-11-21"), write("HT1", 1, f, terms, "2026-11-21")
		if a != b || Hash(a) != Hash(b) {
			rt.Fatal("two texts of the same facts")
		}
		if (terms.Secret > 0) != strings.Contains(a, "第6条 保密") && (terms.Secret > 0) != strings.Contains(a, "条 保密") {
			rt.Fatalf("confidentiality of %d years: %s", terms.Secret, a)
		}
		if !same([]byte(strings.ReplaceAll(a, "\n", "\r\n")), a) || same([]byte(a+"x"), a) {
			rt.Fatal("a copy is not told from a forgery")
		}
		terms.Publish = "sometimes"
		if err := terms.check(); !fault.Is(err, "contract-terms") {
			rt.Fatal(err)
		}
	})
}
