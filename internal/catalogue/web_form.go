package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

// spareRows are empty rows below the prices there are; maxRows is the most a form reads.
const (
	spareRows = 2
	maxRows   = 60
)

// priceName is the name of a part of a price row, the same as in the faults.
func priceName(i int, part string) string { return fmt.Sprintf("prices[%d].%s", i, part) }

// priceRows is how many rows the price table of a form has.
func priceRows(f *form.Form) int {
	n := 0
	for i := range maxRows {
		if rowFilled(f, i) {
			n = i + 1
		}
	}
	return n + spareRows
}

func rowFilled(f *form.Form, i int) bool {
	for _, part := range []string{"amount", "option", "note"} {
		if strings.TrimSpace(f.Value(priceName(i, part))) != "" {
			return true
		}
	}
	return false
}

// formOf fills the form with a resource.
func formOf(r Resource, k kinds.Kind) *form.Form {
	f := form.Of(map[string]string{"kind": k.Name, "region": r.Region, "revision": fmt.Sprint(r.Revision)})
	for _, field := range k.Fields {
		switch v := r.value(field).(type) {
		case nil:
		case string:
			f.Set(field.Name, v)
		case bool:
			f.Set(field.Name, flag(v))
		case []string:
			if field.Type == kinds.Many {
				f.Set(field.Name, v...)
			} else {
				f.Set(field.Name, strings.Join(v, "，")) //i18n:data separator that Parse reads
			}
		default:
			f.Set(field.Name, field.Show(v, false))
		}
	}
	f.Set("access", r.Access...)
	f.Set("languages", r.Languages...)
	f.Set("country", r.Country)
	f.Set("identifiers", writeIdentifiers(r.Identifiers))
	for name, on := range map[string]bool{"free": r.Free, "voucher": r.Voucher, "booking": r.Booking} {
		if on {
			f.Set(name, yes)
		}
	}
	for i, p := range r.Prices {
		for part, v := range map[string]string{"audience": p.Audience, "unit": p.Unit, "amount": p.Amount.Yuan(), "currency": p.Currency, "option": p.Option, "note": p.Note, "from": p.From, "to": p.To} {
			f.Set(priceName(i, part), v)
		}
		if p.Minimum > 0 {
			f.Set(priceName(i, "minimum"), fmt.Sprint(p.Minimum))
		}
	}
	return f
}

// readDraft takes a draft out of a form.
func readDraft(f *form.Form, k kinds.Kind) Draft {
	d := Draft{Kind: f.Text("kind"), Region: f.Text("region"), Access: f.All("access"), Free: f.Bool("free"), Voucher: f.Bool("voucher"), Booking: f.Bool("booking"), Values: map[string]any{},
		Country: f.Text("country"), Languages: f.All("languages"), Identifiers: readIdentifiers(f.Text("identifiers"))}
	if k.Name != "" {
		d.Kind = k.Name
	}
	for _, field := range k.Fields {
		if field.Type == kinds.Many {
			d.Values[field.Name] = f.All(field.Name)
		} else {
			d.Values[field.Name] = f.Text(field.Name)
		}
	}
	for i := range maxRows {
		if !rowFilled(f, i) {
			continue
		}
		d.Prices = append(d.Prices, PriceLine{
			Audience: f.Text(priceName(i, "audience")), Unit: f.Text(priceName(i, "unit")), Amount: f.Fen(priceName(i, "amount")), Currency: f.Text(priceName(i, "currency")),
			Minimum: f.Int(priceName(i, "minimum")), Option: f.Text(priceName(i, "option")), Note: f.Text(priceName(i, "note")), From: f.Date(priceName(i, "from")), To: f.Date(priceName(i, "to")),
		})
		f.Need(priceName(i, "amount"))
	}
	return d
}

func dayName(weekday int) string { return fmt.Sprintf("day%d", weekday) }

// hoursValues fills the form of opening hours: one line a day, "09:00-12:00, 13:00-17:00".
func hoursValues(hours []Opening) map[string]string {
	out := map[string]string{}
	for _, h := range hours {
		name := dayName(int(h.Weekday))
		if out[name] != "" {
			out[name] += ", "
		}
		out[name] += h.From + "-" + h.To
	}
	return out
}

// readHours takes opening hours out of a form; a line that cannot be read is told at its day.
func readHours(f *form.Form) []Opening {
	var out []Opening
	for day := 1; day <= 7; day++ {
		text := strings.NewReplacer("，", ",", "、", ",", "；", ",", ";", ",", "：", ":", "－", "-", "–", "-", "—", "-", "~", "-", "至", "-").Replace(f.Text(dayName(day))) //i18n:data marks people type
		var today []Opening
		for part := range strings.SplitSeq(text, ",") {
			part = strings.TrimSpace(part)
			if part == "" {
				continue
			}
			from, to, _ := strings.Cut(part, "-")
			h := Opening{Weekday: int64(day), From: hourText(from), To: hourText(to)}
			if err := checkHours(append(slices.Clone(today), h)); err != nil {
				f.Add(dayName(day), "not-hours", "“{0}”不是开放时间，请写成 09:00-12:00, 13:00-17:00，各段不重叠。", part)
				continue
			}
			today = append(today, h)
		}
		out = append(out, today...)
	}
	return out
}

// hourText reads 9, 9:30 and 09:30 as HH:MM.
func hourText(s string) string {
	s = strings.TrimSpace(s)
	if s != "" && !strings.Contains(s, ":") {
		s += ":00"
	}
	if len(s) == 4 {
		s = "0" + s
	}
	return s
}

// input is a field's description as an input of a form.
func input(ctx context.Context, field kinds.Field) ui.Input {
	in := ui.Input{Name: field.Name, Label: i18n.Pick(ctx, field.ZH, field.EN), Hint: i18n.Pick(ctx, field.HintZH, field.HintEN), Required: field.Required, Suffix: i18n.Pick(ctx, field.UnitZH, field.UnitEN)}
	switch field.Type {
	case kinds.Date:
		in.Type, in.Short = "date", true
	case kinds.Month:
		in.Short = true
		if in.Hint == "" {
			in.Hint = t(ctx, "年月，例如 2016-01")
		}
	case kinds.Number:
		in.Inputmode, in.Short = "numeric", true
	case kinds.Wan:
		in.Inputmode, in.Short = "decimal", true
	case kinds.Link:
		in.Type = "url"
	case kinds.Mail:
		in.Type = "email"
	case kinds.Long:
		in.Rows = 4
		if in.Hint == "" {
			in.Hint = t(ctx, "最多 {0} 个字。", field.Limit())
		}
	case kinds.List:
		if in.Hint == "" {
			in.Hint = t(ctx, "多项用逗号分隔。")
		}
	}
	return in
}

// options are the choices of a field, with an empty one first where one may leave it open.
func options(ctx context.Context, field kinds.Field) []ui.Option {
	out := []ui.Option{{Label: t(ctx, "请选择")}}
	if field.Type == kinds.Flag {
		return append(out, ui.Option{Value: yes, Label: t(ctx, "是")}, ui.Option{Value: no, Label: t(ctx, "否")})
	}
	if field.Type == kinds.Many {
		out = nil
	}
	for _, c := range field.Choices {
		out = append(out, ui.Option{Value: c.Value, Label: i18n.Pick(ctx, c.ZH, c.EN)})
	}
	return out
}

// classOptions lists the instrument classes, grouped by their first level; a code kept in more detail stays as it is.
func classOptions(ctx context.Context, kept string) []ui.Option {
	out := []ui.Option{{Label: t(ctx, "请选择")}}
	known := kept == ""
	list := kinds.Classes()
	for _, c := range list.Classes {
		top, _ := kinds.TopClass(c.Code)
		code := (c.Code + "00")[:6]
		known = known || code == kept
		out = append(out, ui.Option{Value: code, Label: i18n.Pick(ctx, c.ZH, c.EN) + " (" + code + ")", Group: i18n.Pick(ctx, top.ZH, top.EN)})
	}
	if !known {
		zh, en := classNames(kept)
		out = slices.Insert(out, 1, ui.Option{Value: kept, Label: i18n.Pick(ctx, zh, en) + " (" + kept + ")"})
	}
	return out
}

func choiceOptions(ctx context.Context, choices []kinds.Choice) []ui.Option {
	out := make([]ui.Option, len(choices))
	for i, c := range choices {
		out[i] = ui.Option{Value: c.Value, Label: i18n.Pick(ctx, c.ZH, c.EN)}
	}
	return out
}
