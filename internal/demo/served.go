//i18n:data invented services done outside Qiao

package demo

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"qiao/internal/platform/clock"
	served "qiao/internal/record"
)

// served records services that the providers did outside Qiao in this year and the last, as their own systems would tell
// them; those done in Qiao record themselves. One provider uploads the book it keeps, whose columns it has explained, and
// has another file waiting.
func (l loader) served(ctx context.Context) error {
	if l.Record == nil {
		return nil
	}
	list, err := instruments()
	if err != nil {
		return err
	}
	orgs, err := organisations()
	if err != nil {
		return err
	}
	of := map[string][]instrument{}
	var owners []string
	for _, x := range list {
		if len(of[x.Owner]) == 0 {
			owners = append(owners, x.Owner)
		}
		of[x.Owner] = append(of[x.Owner], x)
	}
	for i, owner := range owners {
		l.tell("service records", i, len(owners))
		own, by, err := l.as(ctx, keeper(owner))
		if err != nil {
			return err
		}
		items := servedBy(of[owner], orgs, owner, clock.Day(l.Clock.Now()))
		keys, gets := make([]string, len(items)), make([]func(string) string, len(items))
		for j, x := range items {
			gets[j] = func(field string) string { return x[field] }
		}
		out, err := l.Record.MakeMany(own, by, served.FromAPI, keys, gets)
		if err != nil {
			return fmt.Errorf("service records of %s: %w", owner, err)
		}
		for j, o := range out {
			if o.What == served.Refused {
				return fmt.Errorf("service record %d of %s: %v", j+1, owner, o.Errors)
			}
		}
	}
	l.tell("service records", len(owners), len(owners))
	if err := l.books(ctx); err != nil {
		return err
	}
	return l.drawn(ctx)
}

// drawn is a spot check of last year's services that the authority drew: units have shown contracts, one record has passed,
// one was struck, others wait.
func (l loader) drawn(ctx context.Context) error {
	desk, officer, err := l.as(ctx, "officer")
	if err != nil {
		return err
	}
	year, err := strconv.Atoi(clock.Day(l.Clock.Now())[:4])
	if err != nil {
		return err
	}
	c, err := l.Record.DrawCheck(desk, officer, served.Draw{Year: strconv.Itoa(year - 1), Count: 12, Seed: "示例 2026-317", Note: "请出示合同、发票或上机记录。"})
	if err != nil {
		return fmt.Errorf("draw a spot check: %w", err)
	}
	own, lab, err := l.as(ctx, "lab")
	if err != nil {
		return err
	}
	asked, err := l.Record.Asked(own, lab)
	if err != nil {
		return err
	}
	for i, x := range asked {
		if x.Check != c.ID || i == 0 || i > 3 {
			continue // one waits for its owner
		}
		proof := served.Proof{Name: mark + "合同扫描件.pdf", Body: strings.NewReader("%PDF-1.4\n% " + mark + "\n")}
		if _, err := l.Record.Answer(own, lab, x.ID, "按合同完成，见扫描件。", &proof); err != nil {
			return fmt.Errorf("answer the spot check: %w", err)
		}
		switch i {
		case 2:
			_, err = l.Record.Decide(desk, officer, x.ID, served.VerbPass, "")
		case 3:
			_, err = l.Record.Decide(desk, officer, x.ID, served.VerbStrike, "合同与记录的用户不符。")
		}
		if err != nil {
			return fmt.Errorf("decide about the spot check: %w", err)
		}
	}
	return nil
}

// books are a provider's own lists of services: one that came in, with a row that is not understood, and one that waits.
func (l loader) books(ctx context.Context) error {
	ctx, lab, err := l.as(ctx, "lab")
	if err != nil {
		return err
	}
	year, err := strconv.Atoi(clock.Day(l.Clock.Now())[:4])
	if err != nil {
		return err
	}
	upload := func(name string, rows [][]string) (served.Upload, error) {
		var b bytes.Buffer
		if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
			return served.Upload{}, err
		}
		return l.Record.Upload(ctx, lab, mark+name, &b)
	}
	last := strconv.Itoa(year - 1)
	rows := [][]string{{"委托单号", "使用日期", "设备编号", "送样单位", "样品数量", "测试费(元)", "测试内容", "经手"}}
	for i := range 12 {
		rows = append(rows, []string{fmt.Sprintf("WT%s%04d", last, i+1), fmt.Sprintf("%s/%d/%d", last, i%12+1, i*2+3), "NH-003", mark + "禾城新材料有限公司", strconv.Itoa(i%4 + 1), strconv.Itoa(300 + i*40), "物相定性", mark + "经手人"})
	}
	rows = append(rows, []string{"WT" + last + "0013", last + "/2/30", "NH-003", mark + "秀水智能装备有限公司", "2", "380", "物相定性", mark + "经手人"}, []string{"WT" + last + "0014", last + "/12/20", "NH-999", mark + "秀水智能装备有限公司", "1", "260", "物相定性", mark + "经手人"})
	u, err := upload(last+" 年衍射台账.csv", rows)
	if err != nil {
		return fmt.Errorf("upload the book of %s: %w", last, err)
	}
	p := served.Plan{Columns: map[string]string{"委托单号": served.FieldOwnNumber, "使用日期": served.FieldStart, "设备编号": served.FieldInstrument, "送样单位": served.FieldUser, "样品数量": served.FieldSamples, "测试费(元)": served.FieldFee, "测试内容": served.FieldContent}}
	if u, err = l.Record.Explain(ctx, lab, u.ID, p, mark+"衍射台账"); err == nil {
		u, err = l.Record.Apply(ctx, lab, u.ID)
	}
	if err != nil {
		return fmt.Errorf("record the book of %s: %w", last, err)
	}
	if u.Added != 12 || u.Refused != 2 {
		return fmt.Errorf("the book of %s: %d rows came in, %d did not", last, u.Added, u.Refused)
	}
	_, err = upload("预约系统导出.csv", [][]string{
		{"预约单号", "仪器名称", "开始时间", "结束时间", "使用分钟数", "使用人", "所属单位", "校内外", "收费金额"},
		{"YY-0001", "透射电子显微镜", last + "-11-03 09:00", last + "-11-03 11:30", "140", mark + "周同学", mark + "南湖检测研究院材料组", "校内", "280"},
		{"YY-0002", "透射电子显微镜", last + "-11-04 13:00", last + "-11-04 16:00", "170", mark + "吴工", mark + "运河生物制剂有限公司", "校外", "1,700"},
		{"YY-0003", "透射电子显微镜", last + "-11-05 13:00", last + "-11-05 12:00", "60", mark + "吴工", mark + "运河生物制剂有限公司", "校外", "600"},
	})
	if err != nil {
		return fmt.Errorf("upload what waits: %w", err)
	}
	return nil
}

// servedBy are some services of each instrument, for firms and for the house itself.
func servedBy(list []instrument, orgs []organisation, owner, today string) []map[string]string {
	var firms []organisation
	house, seller := organisation{}, 0
	for k, o := range orgs {
		if o.Capacity == "enterprise" {
			firms = append(firms, o)
		}
		if o.Key == owner {
			house, seller = o, k
		}
	}
	var out []map[string]string
	for i, x := range list {
		for j := range 3 + i%3 {
			n := i*7 + j*5
			day, err := clock.AddDays(today, -(9 + i*11 + j*67))
			if err != nil {
				continue
			}
			e := map[string]string{
				served.FieldOwnNumber: fmt.Sprintf("FW-%s-%03d", day[:4], len(out)+1), served.FieldInstrument: x.ID, served.FieldStart: day, served.FieldApplicant: mark + "联系人" + strconv.Itoa(n%9+1),
				served.FieldPhone: "0573-0000" + strconv.Itoa(1000+n), served.FieldWays: "commissioned", served.FieldContent: x.Content, served.FieldNote: "平台外完成，补登",
			}
			if j%3 == 2 {
				e[served.FieldUser], e[served.FieldInside], e[served.FieldWays], e[served.FieldIncomes], e[served.FieldProject] = house.NameZH, "inside", "self", "B", mark+"材料基因课题"
				e[served.FieldStart], e[served.FieldEnd] = day+" 09:00", day+" 12:30"
				e[served.FieldHours], e[served.FieldFee] = "3.25", strconv.Itoa(120+n)
			} else {
				f := firms[n%len(firms)]
				e[served.FieldUser], e[served.FieldUSCC], e[served.FieldIncomes], e[served.FieldProject] = f.NameZH, f.USCC(), "P", mark+"新产品研发"
				e[served.FieldContract], e[served.FieldInvoice] = fmt.Sprintf("HT%s-%03d", day[:4], n+1), fmt.Sprintf("26%03d00%05d", seller, len(out)+1) // each seller's own numbers
				e[served.FieldFee], e[served.FieldOpinion] = strconv.Itoa(800+n*45), strconv.Itoa(5-n%2)
				if x.Unit == "sample" {
					e[served.FieldSamples] = strconv.Itoa(2 + n%8)
				} else {
					e[served.FieldHours] = strconv.Itoa(2 + n%5)
				}
			}
			out = append(out, e)
		}
	}
	return out
}
