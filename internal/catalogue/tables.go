package catalogue

import (
	"context"
	"fmt"
	"io"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/sheet"
)

// columns are the fields of our own template of a kind, price columns last.
func columns(k kinds.Kind) []kinds.Field {
	out := append([]kinds.Field(nil), k.Fields...)
	if k.Bookable || k.Orders {
		out = append(out, kinds.Pricing()...)
	}
	return out
}

func (s *Service) headings(k kinds.Kind, english bool) []string {
	var out []string
	for _, f := range columns(k) {
		if english {
			out = append(out, f.EN)
		} else {
			out = append(out, f.ZH)
		}
	}
	return out
}

// tableRows is a resource in our own template: one row, or one for each price option.
func (s *Service) tableRows(r Resource, k kinds.Kind) [][]string {
	var options []string
	for _, p := range r.Prices {
		options = append(options, p.Option)
	}
	if len(options) == 0 {
		options = []string{""}
	}
	var out [][]string
	for _, option := range distinct(options) {
		var row []string
		for _, f := range columns(k) {
			row = append(row, cellOf(r, f, option))
		}
		out = append(out, row)
	}
	return out
}

// distinct drops repeated values, keeping the order and the empty one.
func distinct(in []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range in {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

func cellOf(r Resource, f kinds.Field, option string) string {
	if f.Hidden {
		return ""
	}
	if !strings.HasPrefix(f.Name, "@") {
		if v := r.value(f); v != nil {
			return f.Show(v, false)
		}
		return ""
	}
	switch f.Name {
	case kinds.TargetFree:
		return f.Show(r.Free, false)
	case kinds.TargetVoucher:
		return f.Show(r.Voucher, false)
	case kinds.TargetAccess:
		if len(r.Access) > 0 {
			return f.Show(r.Access, false)
		}
		return ""
	case kinds.TargetOption:
		return option
	}
	return priceCell(r, f, option)
}

// PriceColumn is a column of the template that makes a price line.
type PriceColumn struct{ Target, Audience, Note string }

// PriceColumns are the price columns in the order of the lines they make; the notes are kept as written.
func PriceColumns() []PriceColumn {
	return []PriceColumn{
		{kinds.TargetExternal, "external", ""},
		{kinds.TargetMember, "member", ""},
		{kinds.TargetInternal, "internal", ""},
		{kinds.TargetInternalSelf, "internal", "自主上机"},     //i18n:data kept with the price
		{kinds.TargetInternalDelivery, "internal", "送样委托"}, //i18n:data kept with the price
	}
}

// priceCell is the part of the option's price lines that a price column of the template shows.
func priceCell(r Resource, f kinds.Field, option string) string {
	for _, p := range r.Prices {
		if p.Option != option || p.Currency != money.CNY {
			continue
		}
		switch f.Name {
		case kinds.TargetUnit:
			return f.Show(p.Unit, false)
		case kinds.TargetMinimum:
			if p.Minimum > 0 {
				return fmt.Sprint(p.Minimum)
			}
			return ""
		}
		for _, c := range PriceColumns() {
			if c.Target == f.Name && c.Audience == p.Audience && c.Note == p.Note {
				return p.Amount.Yuan()
			}
		}
	}
	return ""
}

// WriteTemplate writes the spreadsheet template of a kind in the language of ctx: headings, a note beside
// each, lists to choose from, and one invented example row to be deleted.
func (s *Service) WriteTemplate(ctx context.Context, w io.Writer, k kinds.Kind) error {
	english := i18n.From(ctx) == i18n.EN
	page := sheet.Page{Name: i18n.Pick(ctx, k.ZH, k.EN), Headings: s.headings(k, english), Choices: map[int][]string{}}
	guide := sheet.Page{Name: t(ctx, "填写说明"), Headings: []string{t(ctx, "列"), t(ctx, "怎样填写"), t(ctx, "最多字数"), t(ctx, "可选内容")}}
	for i, f := range columns(k) {
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
