package importing

import (
	"context"
	"fmt"
	"io"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/sheet"
)

// WriteErrors writes the error list of an import in the language of ctx: row, column, what is wrong, code.
func (s *Service) WriteErrors(ctx context.Context, w io.Writer, r Report) error {
	page := sheet.Page{Name: t(ctx, "需要更正的行"), Headings: []string{t(ctx, "行号"), t(ctx, "列"), t(ctx, "问题"), t(ctx, "代码")}}
	for _, e := range r.Errors {
		page.Rows = append(page.Rows, []string{fmt.Sprint(e.Row), e.Column, i18n.T(ctx, e.Text, e.Args...), e.Code})
	}
	return sheet.WriteXLSX(w, page)
}
