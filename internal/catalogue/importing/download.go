package importing

import (
	"context"
	"fmt"
	"io"
	"strings"

	"qiao/internal/catalogue/columns"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/sheet"
)

// isProblem tells whether a heading is that of the column which says what is wrong.
func isProblem(heading string) bool { return strings.HasPrefix(heading, columns.ProblemMark) }

// WriteErrors writes the rejected rows of an import as a workbook in the language of ctx: as they were in the file, with a
// last column of what is wrong. Mended, it can be uploaded as it is. Of a trial, whose rows are not kept, it is a list of
// row, column, what is wrong and code.
func (s *Service) WriteErrors(ctx context.Context, w io.Writer, r Report) error {
	rows, err := listRejects(ctx, s.DB, r.ID, 0, maxKept)
	if err != nil {
		return err
	}
	page := sheet.Page{Name: t(ctx, "需要更正的行")}
	if r.DryRun || len(r.Headings) == 0 {
		page.Headings = []string{t(ctx, "行号"), t(ctx, "列"), t(ctx, "问题"), t(ctx, "代码")}
		for _, b := range rows {
			for _, e := range b.Errors {
				page.Rows = append(page.Rows, []string{fmt.Sprint(e.Row), e.Column, i18n.T(ctx, e.Text, e.Args...), e.Code})
			}
		}
		return sheet.WriteXLSX(w, page)
	}
	page.Headings = append(append(page.Headings, r.Headings...), columns.ProblemMark+t(ctx, "问题"))
	for _, b := range rows {
		cells := make([]string, len(r.Headings), len(r.Headings)+1)
		copy(cells, b.Cells)
		page.Rows = append(page.Rows, append(cells, b.problems(ctx)))
	}
	return sheet.WriteXLSX(w, page)
}

// problems are what is wrong with a row, in one text.
func (b BadRow) problems(ctx context.Context) string {
	out := make([]string, len(b.Errors))
	for i, e := range b.Errors {
		out[i] = i18n.T(ctx, e.Text, e.Args...)
		if e.Column != "" {
			out[i] = t(ctx, "{0}：{1}", e.Column, out[i])
		}
	}
	return strings.Join(out, "\n")
}
