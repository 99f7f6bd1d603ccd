//i18n:data what the invented firms of the demo state of themselves

package demo

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"qiao/internal/facts"
	"qiao/internal/platform/clock"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme"
)

// firmFile is what an invented firm states: staff, R&D staff, then sales, R&D spending and assets of the last full year in
// 万元, class I and class II rights.
type firmFile struct {
	login, key, founded, capital, industry string
	staff, rdStaff, sales, spend, assets   int
	rights                                 [2]int
	reuse                                  bool
}

// facts lets the demo's firms fill in their files, the officer import what the register has, and verify one value. One firm
// has an owner among the providers: 示例·运河科创投资 holds shares of 示例·乌镇智联传感.
func (l loader) facts(ctx context.Context) error {
	if l.Facts == nil || l.Story.Client.HTTP == nil { // without the stories there are no firms
		return nil
	}
	year, err := strconv.Atoi(clock.Day(l.Clock.Now())[:4])
	if err != nil {
		return fmt.Errorf("read the year: %w", err)
	}
	files := []firmFile{
		{"firm", "hecheng", "2018-04-12", "20000000", "C2829", 86, 31, 5200, 430, 7800, [2]int{3, 14}, true},
		{"firm2", "xiushui", "2015-09-01", "50000000", "C3491", 214, 58, 18600, 1120, 21400, [2]int{6, 33}, false},
		{"wuzhen", "wuzhen", "2021-06-18", "8000000", "C4025", 28, 15, 960, 240, 1500, [2]int{1, 5}, false},
		{"yunhe", "yunhe", "2020-02-26", "12000000", "C2762", 41, 22, 1480, 390, 2600, [2]int{2, 6}, true},
		{"yuanhu", "yuanhu", "2019-11-08", "30000000", "C3979", 63, 29, 4100, 520, 6900, [2]int{2, 9}, false},
	}
	for i, f := range files {
		l.tell("files of firms", i, len(files))
		if err := l.firmFile(ctx, f, year-1); err != nil {
			return fmt.Errorf("file of %s: %w", f.key, err)
		}
	}
	if err := l.registered(ctx, year); err != nil {
		return err
	}
	if err := l.verifySales(ctx, strconv.Itoa(year-1)); err != nil {
		return err
	}
	l.tell("files of firms", len(files), len(files))
	return l.special(ctx, strconv.Itoa(year))
}

// special publishes a programme whose conditions are answered from the files of firms, and lets a firm apply.
func (l loader) special(ctx context.Context, year string) error {
	text, err := sampleFiles.ReadFile("sample/special.json")
	if err != nil {
		return fmt.Errorf("read the special programme: %w", err)
	}
	before, err := strconv.Atoi(year)
	if err != nil {
		return fmt.Errorf("read the year: %w", err)
	}
	draft, err := scheme.ParseDraft([]byte(strings.NewReplacer("2026", year, "2025", strconv.Itoa(before-1)).Replace(string(text))))
	if err != nil {
		return err
	}
	desk, officer, err := l.as(ctx, "officer")
	if err != nil {
		return err
	}
	p, err := l.Voucher.PutProgramme(desk, officer, "", draft, "demo/special-"+year)
	if err != nil {
		return fmt.Errorf("publish the special programme: %w", err)
	}
	desk, firm, err := l.as(ctx, "wuzhen")
	if err != nil {
		return err
	}
	_, err = l.Voucher.Apply(desk, firm, voucher.ApplyRequest{
		Programme: p.ID, Amount: 3_000_000, Purpose: "气体传感器敏感膜的一致性研究，需要表面元素价态分析和痕量金属测试。",
		Statements: []string{"honest", "own-research"}, Key: "demo/special-" + firm.Org,
	})
	return err
}

// firmFile lets one firm write its file: last year and the year before, which was a little smaller.
func (l loader) firmFile(ctx context.Context, f firmFile, year int) error {
	ctx, by, err := l.as(ctx, f.login)
	if err != nil {
		return err
	}
	c := facts.Change{Reuse: f.reuse, Note: mark + "自行填报"}
	put := func(key, year, text string) {
		c.Values = append(c.Values, facts.Typed{Key: key, Year: year, Text: text})
	}
	put("founded", "", f.founded)
	put("capital", "", f.capital)
	put("industry", "", f.industry)
	put("staff", "", strconv.Itoa(f.staff))
	put("rd_staff", "", strconv.Itoa(f.rdStaff))
	put("ip_class1", "", strconv.Itoa(f.rights[0]))
	put("ip_class2", "", strconv.Itoa(f.rights[1]))
	for _, key := range []string{"abnormal", "serious_violation", "incidents"} {
		put(key, "", "no")
	}
	for key, wan := range map[string]int{"sales": f.sales, "revenue": f.sales, "rd_spend": f.spend, "assets": f.assets} {
		put(key, strconv.Itoa(year), strconv.Itoa(wan*10_000))
		put(key, strconv.Itoa(year-1), strconv.Itoa(wan*8_600))
	}
	if f.key == "wuzhen" {
		put("shareholders", "", mark+"郑传感，80%\n"+mark+"运河科创投资，20%")
	}
	_, err = l.Facts.Write(ctx, by, c)
	return err
}

// registered lets the officer import what the register knows of two organisations; one row means nobody here.
func (l loader) registered(ctx context.Context, year int) error {
	ctx, officer, err := l.as(ctx, "officer")
	if err != nil {
		return err
	}
	orgs, err := organisations()
	if err != nil {
		return err
	}
	rows := [][]string{{"企业名称", "统一社会信用代码", "法定代表人", "联系电话", "注册地址", "统计日期"}}
	for _, o := range orgs {
		switch o.Key {
		case "hecheng":
			rows = append(rows, []string{o.NameZH, o.USCC(), mark + "李创新", "0573-0000-0018", o.Address, strconv.Itoa(year) + "-01-05"})
		case "wuzhen":
			rows = append(rows, []string{o.NameZH, o.USCC(), mark + "郑传感", "0573-0000-0004", o.Address, strconv.Itoa(year) + "-01-05"})
		}
	}
	rows = append(rows, []string{mark + "不在平台上的有限公司", "", mark + "某某", "0573-0000-0099", "", strconv.Itoa(year) + "-01-05"})
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return err
	}
	m, err := l.Facts.Upload(ctx, officer, mark+"登记信息.csv", &b)
	if err == nil {
		_, err = l.Facts.Apply(ctx, officer, m.ID)
	}
	if err != nil {
		return fmt.Errorf("import the register: %w", err)
	}
	return nil
}

// verifySales lets the officer verify the sales of the firm that lets its file be used again.
func (l loader) verifySales(ctx context.Context, year string) error {
	ctx, officer, err := l.as(ctx, "officer")
	if err != nil {
		return err
	}
	_, firm, err := l.as(ctx, "firm")
	if err != nil {
		return err
	}
	if err := l.Facts.Open(ctx, officer, firm.Org, mark+"核对创新券申请所附的审计报告"); err != nil {
		return err
	}
	file, err := l.Facts.File(ctx, l.DB, firm.Org)
	if err != nil {
		return err
	}
	for _, e := range file {
		if strings.HasPrefix(e.Key, "sales") && e.Year == year && e.Source == facts.Stated {
			if _, err := l.Facts.Confirm(ctx, officer, e.ID, facts.Check{Note: mark + year + " 年度审计报告第 5 页"}); err != nil {
				return err
			}
		}
	}
	return nil
}
