//i18n:data the invented lists of the demo

package demo

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strconv"
	"time"

	"qiao/internal/roster"
)

// rosters makes the lists of the demo as the officer does: a template, a spreadsheet. Their firms register later, in
// the stories, and are matched then.
func (l loader) rosters(ctx context.Context) error {
	ctx, officer, err := l.as(ctx, "officer")
	if err != nil {
		return err
	}
	shipped, err := roster.Shipped()
	if err != nil {
		return err
	}
	orgs, err := organisations()
	if err != nil {
		return err
	}
	files := rosterFiles(orgs, l.Clock.Now())
	for i, f := range files {
		l.tell("rosters", i, len(files))
		t, _ := shipped.Template(f.code)
		list, err := l.Roster.Create(ctx, officer, roster.List{
			Code: t.Code, NameZH: mark + t.Name.ZH, NameEN: markEN + t.Name.EN, Kind: t.Kind, Issuer: mark + "发布单位", Source: t.Source,
			Region: Root, Open: t.Kind == roster.Credential, Rules: t.Rules,
		})
		if err != nil {
			return fmt.Errorf("roster %s: %w", f.code, err)
		}
		var b bytes.Buffer
		if err := csv.NewWriter(&b).WriteAll(f.rows); err != nil {
			return err
		}
		m, err := l.Roster.Upload(ctx, officer, list.ID, mark+t.Name.ZH+".csv", &b, false)
		if err == nil {
			_, err = l.Roster.Apply(ctx, officer, m.ID)
		}
		if err != nil {
			return fmt.Errorf("fill roster %s: %w", f.code, err)
		}
	}
	l.tell("rosters", len(files), len(files))
	return nil
}

type rosterFile struct {
	code string
	rows [][]string
}

// rosterFiles are the invented spreadsheets: firms by their codes, one whose name is written another way (a person has to
// look), one whose certificate has run out, some that never come here.
func rosterFiles(orgs []organisation, now time.Time) []rosterFile {
	find := func(key string) organisation {
		for _, o := range orgs {
			if o.Key == key {
				return o
			}
		}
		return organisation{}
	}
	year := now.Year()
	y := strconv.Itoa(year)
	sme := [][]string{{"企业名称", "统一社会信用代码", "入库登记编号", "入库时间", "备注"}}
	for i, key := range []string{"hecheng", "xiushui", "wuzhen", "yunhe", "xincang", "yuanhu", "weitang"} {
		o := find(key)
		sme = append(sme, []string{o.NameZH, o.USCC(), fmt.Sprintf("%s3304%08d", y, i+1), y + "-01-15", mark + "第 1 批"})
	}
	sme = append(sme,
		[]string{mark + "武原特种管业有限责任公司", "", y + "330400000008", y + "-01-15", mark + "第 1 批"},
		[]string{mark + "海盐未来机器人有限公司", sampleUSCC(9001), y + "330400000009", y + "-01-15", mark + "第 1 批"},
		[]string{find("chaoyin").NameZH, find("chaoyin").USCC(), strconv.Itoa(year-1) + "330400000010", strconv.Itoa(year-1) + "-05-20", mark + "上一年度"})
	hnte := [][]string{{"企业名称", "统一社会信用代码", "证书编号", "发证日期"}}
	for i, key := range []string{"hecheng", "dangxia", "xitang"} {
		o := find(key)
		hnte = append(hnte, []string{o.NameZH, o.USCC(), fmt.Sprintf("GR%s33%06d", strconv.Itoa(year-1), i+1), strconv.Itoa(year-1) + "-12-01"})
	}
	ban := [][]string{
		{"企业名称", "统一社会信用代码", "列入日期", "列入事由"},
		{mark + "虚开检测科技有限公司", sampleUSCC(9002), strconv.Itoa(year-1) + "-06-01", mark + "提交虚假检测合同骗取创新券"},
	}
	return []rosterFile{{"tech-sme", sme}, {"hnte", hnte}, {"voucher-ban", ban}}
}
