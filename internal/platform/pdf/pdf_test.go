package pdf

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"
)

func one(r rune) float64 {
	if wide(r) {
		return 1
	}
	return 0.5
}

// Lines keep the text, the width, and the rules of what begins and ends them.
func TestLines(t *testing.T) {
	marks := []rune("中文测试，。（）“”《》abcXYZ 0123.5%¥ ")
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(rapid.SampledFrom(marks), 0, 80).Draw(t, "text"))
		lines := wrap(text, 12, one)
		bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if bare(strings.Join(lines, "")) != bare(text) {
			t.Fatalf("%q became %q", text, lines)
		}
		for _, l := range lines {
			w := 0.0
			for _, r := range strings.TrimRightFunc(l, unicode.IsSpace) {
				w += one(r)
			}
			if w > 12 {
				t.Fatalf("a line of %v: %q", w, l)
			}
		}
	})
	got := wrap("乙方在平台上提交报告，（含数据）并负责。", 10, one)
	if len(got) != 3 || got[0] != "乙方在平台上提交报" || !strings.HasPrefix(got[1], "告，（含数据）并负") {
		t.Errorf("%q", got)
	}
	if got := wrap("total 3.14159 kg", 6, one); len(got) != 2 || got[0] != "total" {
		t.Errorf("a number is cut: %q", got)
	}
}

func sample() *Doc {
	d := New(Options{Title: "测试", Head: "桥", Foot: "编号 1", Page: "第 %d 页 共 %d 页", Mark: "示例", At: time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)})
	d.Title("测试服务合同")
	d.Facts([]Fact{{"甲方", "禾城新材料"}, {"空", ""}, {"乙方", "南湖大学分析测试中心"}})
	for range 30 {
		d.Head("第一条 服务内容")
		d.Para("乙方按订单为甲方提供：场发射扫描电子显微镜（SU8600）形貌观察与能谱分析。价款合计人民币 1,280.00 元，其中科技创新券支付 640.00 元，甲方自付 640.00 元；“创新券”部分按发券地区的规则兑付，检出限 0.05 μg/kg。")
	}
	d.Table([]Column{{Head: "项目", Share: 60}, {Head: "金额", Share: 40, Amount: true}}, [][]string{{"机时", "1,280.00"}, {strings.Repeat("很长的说明", 300), "0.00"}})
	d.Signs("甲方（盖章）\n日期：", "乙方（盖章）\n日期：")
	d.Code("https://example.invalid/contracts/HT3304-20261121-0001", "扫码核对")
	return d
}

// A document is a PDF, the same each time; rare characters are printed, those of no font are marked.
func TestDocument(t *testing.T) {
	a, err := sample().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	b, err := sample().Bytes()
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("two documents of the same text differ: %v", err)
	}
	if !bytes.HasPrefix(a, []byte("%PDF-")) || len(a) < 10_000 || len(a) > 300_000 {
		t.Errorf("%d bytes beginning with %q", len(a), a[:8])
	}
	if to := os.Getenv("QIAO_PDF"); to != "" {
		if err := os.WriteFile(to, a, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := New(Options{Page: "%d/%d"})
	d.Para("王喆 李垚 赵𬭎 😀\x00")
	if _, err := d.Bytes(); err != nil {
		t.Fatal(err)
	}
	for r, want := range map[rune]string{'王': fontCommon, '喆': fontRare, '😀': ""} {
		if d.fonts[r] != want {
			t.Errorf("%c is printed by %q, want %q", r, d.fonts[r], want)
		}
	}
}

// No line of any text is longer than its column.
func TestLinesFitIntoTheirColumn(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(rapid.StringN(-1, 500, -1), rapid.StringMatching(`(第一条|ABC|12\.5%|，（甲方）|\x00|\n|\t|\x{2028}|喆𬭎){0,60}`)).Draw(rt, "text")
		for _, l := range wrap(clean(text), 10, one) {
			if len([]rune(l)) > 40 {
				rt.Fatalf("a line of %d: %q", len([]rune(l)), l)
			}
		}
	})
}
