package contract

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/fault"
)

// The same facts and terms give the same text, whatever they are; every clause chosen stands in it, numbered in a row.
func TestTheTextIsItsFacts(t *testing.T) {
	all := forms(t)
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
		form := all[map[string]string{"booking": "use", "commission": "test"}[f.Kind]]
		if err := terms.check(form); err != nil {
			rt.Fatal(err)
		}
		a, b := write(form, "HT1", 1, f, terms, "2026-11-21"), write(form, "HT1", 1, f, terms, "2026-11-21")
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
		if err := terms.check(form); !fault.Is(err, "contract-terms") {
			rt.Fatal(err)
		}
	})
}

// A print has the whole text and the same bytes each time.
func TestPrint(t *testing.T) {
	f := Facts{
		Number: "DD330400-20261121-0007", Kind: "commission", Subject: "复合材料力学性能测试（示例）", Task: "三点弯曲与层间剪切，按 GB/T 1449 和 JC/T 773，试样 12 件。\n原始曲线一并提供。", Quantity: 12,
		Price: 128_000, Own: 64_000, Voucher: 64_000, BuyerName: "示例·禾城新材料有限公司", BuyerCode: "91330400MA2CTEST0X", ProviderName: "示例·南湖大学分析测试中心", Invented: true,
	}
	form := forms(t)["test"]
	terms := form.Usual
	terms.Extra = "样品由甲方送至乙方收样室，运费由甲方承担。"
	c := Contract{Number: "HT330400-20261121-0001", Version: 2, Body: write(form, "HT330400-20261121-0001", 2, f, terms, "2026-11-21"), Invented: true}
	c.SHA256 = Hash(c.Body)
	a, err := Print(c, "https://example.invalid/")
	if err != nil {
		t.Fatal(err)
	}
	b, err := Print(c, "https://example.invalid/")
	if err != nil || !bytes.Equal(a, b) || !bytes.HasPrefix(a, []byte("%PDF-")) {
		t.Errorf("two prints differ, or are none: %v", err)
	}
	if to := os.Getenv("QIAO_PDF"); to != "" {
		if err := os.WriteFile(to, a, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
