package contract

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"qiao/internal/platform/fault"
)

// The forms as data give the very text that contracts had before them: old copies are still recognised by who reads them.
func TestOldTextsStay(t *testing.T) {
	test := Facts{
		Number: "DD330400-20261121-0007", Kind: "commission", Subject: "复合材料力学性能测试（示例）", Task: "三点弯曲与层间剪切，{task} 试样 12 件。\n原始曲线一并提供。", Quantity: 12,
		Price: 128_000, Own: 64_000, Voucher: 64_000, BuyerName: "示例·禾城新材料有限公司", BuyerCode: "91330400MA2CTEST0X", ProviderName: "示例·南湖大学分析测试中心", Invented: true,
	}
	use := Facts{Number: "DD1", Kind: "booking", Subject: "电镜", Time: "2026-11-24 09:00 至 2026-11-24 11:00（北京时间）", Quantity: 1, Price: 60_000, Own: 60_000, BuyerName: "甲", ProviderName: "乙"}
	all := forms(t)
	extra := all["use"].Usual.only(all["use"])
	extra.Extra, extra.Secret, extra.Rest, extra.Publish, extra.Data, extra.Result = "样品由甲方送至乙方收样室。\r\n运费由甲方承担。", 0, "dispose", "never", "both", "provider"
	for name, body := range map[string]string{"test": write(all["test"], "HT1", 2, test, all["test"].Usual, "2026-11-21"), "use": write(all["use"], "HT2", 1, use, extra.only(all["use"]), "2026-11-22")} {
		path := "testdata/" + name + ".txt"
		if os.Getenv("QIAO_WRITE_GOLDEN") != "" {
			if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || string(want) != body {
			t.Errorf("%s: %v\n%s", name, err, body)
		}
	}
}

// forms are the forms as they are, by id.
func forms(t *testing.T) map[string]Form {
	t.Helper()
	list, err := readForms(formData)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]Form{}
	for _, f := range list {
		out[f.ID] = f
	}
	return out
}

// Every form in every combination of a term's choices: no place is left unfilled, articles are numbered in a row, and a choice
// changes the text.
func TestFormsAreWhole(t *testing.T) {
	f := Facts{Number: "DD1", Kind: "commission", Subject: "连接工艺开发", Quantity: 1, Price: 100, Own: 100, BuyerName: "甲", ProviderName: "乙", Stages: []Stage{{"方案", "技术方案", "2026-12-01", 40}, {"样件", "样件", "2027-01-01", 60}}}
	for id, form := range forms(t) {
		for _, name := range form.Asks {
			seen := map[string]string{}
			for _, value := range choices(name) {
				terms := form.Usual.only(form)
				*terms.at(name) = value
				if err := terms.check(form); err != nil {
					t.Errorf("%s, %s=%s: %v", id, name, value, err)
				}
				body := write(form, "HT1", 1, f, terms, "2026-11-21")
				if strings.ContainsAny(body, "{}") {
					t.Errorf("%s, %s=%s: a place is not filled:\n%s", id, name, value, body)
				}
				if seen[body] != "" {
					t.Errorf("%s: %s=%s and %s say the same", id, name, value, seen[body])
				}
				seen[body] = value
			}
			terms := form.Usual.only(form)
			if to := terms.at(name); to != nil {
				*to = "maybe"
				if err := terms.check(form); !fault.Is(err, "contract-terms") {
					t.Errorf("%s, %s=maybe: %v", id, name, err)
				}
			}
		}
		body := write(form, "HT1", 1, f, form.Usual.only(form), "2026-11-21")
		for n := 1; n <= strings.Count(body, "\n第"); n++ {
			if !strings.Contains(body, fmt.Sprintf("\n第%d条 ", n)) {
				t.Errorf("%s: no article %d", id, n)
			}
		}
		if id != "use" && !strings.Contains(body, "附件1 里程碑与分期付款\n1. 方案：2026-12-01 前交付技术方案；验收后支付 0.40 元。\n2. 样件") {
			t.Errorf("%s: the milestones are not annexed:\n%s", id, body)
		}
		if (id == "development") != strings.Contains(body, "附件2 保密协议") {
			t.Errorf("%s: the agreement on secrecy", id)
		}
	}
}
