package format

import (
	"fmt"
	"slices"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/money"
)

// TemplateColumns are the fields of our own template of a kind, price columns last.
func TemplateColumns(k kinds.Kind) []kinds.Field {
	out := slices.Clone(k.Fields)
	if k.Bookable || k.Orders {
		out = append(out, kinds.Pricing()...)
	}
	return out
}

// TemplateHeadings are the headings of our own template of a kind.
func TemplateHeadings(k kinds.Kind, english bool) []string {
	var out []string
	for _, f := range TemplateColumns(k) {
		if english {
			out = append(out, f.EN)
		} else {
			out = append(out, f.ZH)
		}
	}
	return out
}

// TemplateRows is a record in our own template, which can be imported again: one row, or one for each price option.
// Contact data of persons is left out.
func TemplateRows(r Record) [][]string {
	var options []string
	for _, p := range r.Prices {
		if !slices.Contains(options, p.Option) {
			options = append(options, p.Option)
		}
	}
	if len(options) == 0 {
		options = []string{""}
	}
	cols := TemplateColumns(r.Kind)
	out := make([][]string, 0, len(options))
	for _, option := range options {
		row := make([]string, len(cols))
		for i, f := range cols {
			row[i] = r.templateCell(f, option)
		}
		out = append(out, row)
	}
	return out
}

func (r Record) templateCell(f kinds.Field, option string) string {
	if f.Hidden {
		return ""
	}
	if !strings.HasPrefix(f.Name, "@") {
		return r.shown(f, false)
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
	return r.priceCell(f, option)
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
func (r Record) priceCell(f kinds.Field, option string) string {
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
