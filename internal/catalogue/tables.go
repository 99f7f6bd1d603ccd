package catalogue

import (
	"context"
	"fmt"
	"io"
	"strings"

	"qiao/internal/catalogue/format"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/sheet"
)

// WriteTemplate writes the spreadsheet template of a kind in the language of ctx: headings, a note beside
// each, lists to choose from, and one invented example row to be deleted.
func (s *Service) WriteTemplate(ctx context.Context, w io.Writer, k kinds.Kind) error {
	english := i18n.From(ctx) == i18n.EN
	page := sheet.Page{Name: i18n.Pick(ctx, k.ZH, k.EN), Headings: format.TemplateHeadings(k, english), Choices: map[int][]string{}}
	guide := sheet.Page{Name: t(ctx, "填写说明"), Headings: []string{t(ctx, "列"), t(ctx, "怎样填写"), t(ctx, "最多字数"), t(ctx, "可选内容")}}
	for i, f := range format.TemplateColumns(k) {
		hint := i18n.Pick(ctx, f.HintZH, f.HintEN)
		if f.Required {
			hint = strings.TrimSpace(t(ctx, "必填。") + " " + hint)
		}
		page.Notes = append(page.Notes, hint)
		var labels []string
		for _, c := range f.Choices {
			labels = append(labels, i18n.Pick(ctx, c.ZH, c.EN))
		}
		if f.Type == kinds.Flag {
			labels = []string{f.Show(true, english), f.Show(false, english)}
		}
		if len(labels) > 0 && f.Type != kinds.Many {
			page.Choices[i] = labels
		}
		limit := ""
		if f.Type == kinds.Text || f.Type == kinds.Long {
			limit = fmt.Sprint(f.Limit())
		}
		guide.Rows = append(guide.Rows, []string{page.Headings[i], hint, limit, strings.Join(labels, " / ")})
	}
	return sheet.WriteXLSX(w, page, guide)
}
