package record

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/sheet"
)

// national is the report in the fields of the national platform's yearly effect, in its language; what no record tells is
// left to the unit.
func (e Effect) national(f Format) map[string]string {
	out := map[string]string{}
	for _, c := range f.Effect {
		out[c.Key] = ""
	}
	for key, value := range map[string]string{
		"totalShareRates": share(e.Shared, e.Owned), "externalShareRates": share(e.External, e.Owned), "project": fmt.Sprint(e.Projects),
		"serviceAmounts": fmt.Sprintf("对外服务机时%s小时，样品测试%d个", hoursText(e.Total.Outside.Hours), e.Total.All.Samples), //i18n:data as the national platform has it
		"user":           fmt.Sprintf("单位内用户%d个，单位外用户%d个", e.Total.Inside.Users, e.Total.Outside.Users),            //i18n:data as the national platform has it
		"serviceIncome":  strings.ReplaceAll(wan(e.Total.Outside), ",", ""),
	} {
		if _, asked := out[key]; asked {
			out[key] = value
		}
	}
	return out
}

// share is a percentage, or "" where there is nothing to share.
func share(part, whole int64) string {
	if whole == 0 {
		return ""
	}
	return percent(part, whole)
}

// pages are the report as a workbook: a row for each instrument or unit, the totals last; of one unit, the national fields.
func (e Effect) pages(ctx context.Context, f Format) []sheet.Page {
	first := t(ctx, "服务仪器")
	if e.Owner == "" {
		first = t(ctx, "提供单位")
	}
	page := sheet.Page{Name: t(ctx, "{0} 年度服务成效", e.Year), Headings: []string{t(ctx, "仪器编号"), first}}
	if e.Owner == "" {
		page.Headings = page.Headings[1:]
	}
	page.Headings = append(page.Headings, t(ctx, "单位内机时"), t(ctx, "单位外机时"), t(ctx, "样品"), t(ctx, "单位内用户"), t(ctx, "单位外用户"), t(ctx, "单位内金额（元）"), t(ctx, "单位外金额（元）"), t(ctx, "记录数"))
	total := e.Total
	total.ZH, total.EN = t(ctx, "合计"), t(ctx, "合计")
	for _, x := range append(append([]EffectRow{}, e.Rows...), total) {
		row := []string{i18n.Pick(ctx, x.ZH, x.EN)}
		if e.Owner != "" {
			row = []string{x.Number, row[0]}
		}
		page.Rows = append(page.Rows, append(row, hoursText(x.Inside.Hours), hoursText(x.Outside.Hours), fmt.Sprint(x.All.Samples), fmt.Sprint(x.Inside.Users), fmt.Sprint(x.Outside.Users), x.Inside.Fee.Yuan(), x.Outside.Fee.Yuan(), fmt.Sprint(x.All.Records)))
	}
	out := []sheet.Page{page}
	if e.Owner != "" {
		n, values := sheet.Page{Name: t(ctx, "国家平台服务成效"), Headings: []string{t(ctx, "各项"), t(ctx, "填写的内容")}}, e.national(f)
		for _, c := range f.Effect {
			text := values[c.Key]
			if text == "" {
				text = t(ctx, "由单位另填")
			}
			n.Rows = append(n.Rows, []string{c.Heading, text})
		}
		out = append(out, n)
	}
	return out
}

// WriteEffect writes the report as a workbook.
func (s *Service) WriteEffect(ctx context.Context, w io.Writer, e Effect) error {
	return sheet.WriteXLSX(w, e.pages(ctx, s.format())...)
}

func (s *Service) showEffectFile(w http.ResponseWriter, r *http.Request) error {
	e, err := s.effectOf(r.Context(), identity.SubjectOf(r.Context()), r.URL.Query())
	if err != nil {
		return err
	}
	attachment(w, xlsx, "service-effect-"+e.Year+".xlsx")
	return s.WriteEffect(r.Context(), w, e)
}
