package catalogue

import (
	"fmt"
	"slices"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
)

// value is a field of r as it is kept: nil where it has none.
func (r *Resource) value(f kinds.Field) any {
	if p := r.core(f.Name); f.Core && p != nil {
		if *p == "" {
			return nil
		}
		return *p
	}
	return r.Fields[f.Name]
}

// assign sets a field of r; nil empties it.
func (r *Resource) assign(f kinds.Field, v any) {
	if p := r.core(f.Name); f.Core && p != nil {
		*p, _ = v.(string)
		return
	}
	if v == nil {
		delete(r.Fields, f.Name)
		return
	}
	r.Fields[f.Name] = v
}

// core is the column of the core row a field is kept in.
func (r *Resource) core(name string) *string {
	switch name {
	case "name_zh":
		return &r.NameZH
	case "name_en":
		return &r.NameEN
	case "summary":
		return &r.Summary
	case "model":
		return &r.Model
	case "maker":
		return &r.Maker
	case "class":
		return &r.Class
	case "source_id":
		return &r.SourceID
	}
	return nil
}

// Draft is what an owner says about a resource, in a form or over the API.
type Draft struct {
	Kind    string
	Region  string         // six digits; empty: the owner's
	Values  map[string]any // by field name, columns of the core row too; a field left out is empty
	Access  []string
	Free    bool
	Voucher bool
	Booking bool
	Prices  []PriceLine

	Country     string // two letters; empty: in China
	Languages   []string
	Identifiers []Identifier
}

// apply puts a draft into r and checks it; the fault names every wrong field.
func (d Draft) apply(r *Resource, k kinds.Kind) error {
	bad := fault.New(fault.Invalid, "resource-invalid", "有些内容需要修改，请按提示更正后再提交。")
	for _, f := range k.Fields {
		v, p := f.Accept(d.Values[f.Name])
		if p != nil {
			bad.Field(f.Name, p.Code, p.Text, p.Args...)
			continue
		}
		if v == nil && f.Required {
			bad.Field(f.Name, "required", "请填写这一项。")
		}
		r.assign(f, v)
	}
	if r.NameZH == "" && r.NameEN == "" && !hasField(bad, "name_zh") {
		bad.Field("name_zh", "required", "请填写中文名称或英文名称。")
	}
	for name := range d.Values {
		if _, known := k.Field(name); !known {
			bad.Field(name, "unknown-field", "这类资源没有“{0}”这一项。", name)
		}
	}
	applyAccess(r, d.Access, bad)
	d.applyPlace(r, bad)
	applyIdentifiers(r, d.Identifiers, bad)
	r.Free, r.Voucher, r.Booking = d.Free, d.Voucher, d.Booking
	r.Prices = nil
	for i, p := range d.Prices {
		p = p.normal(r.ID, i)
		p.check(bad, fmt.Sprintf("prices[%d]", i))
		if slices.ContainsFunc(r.Prices, func(o PriceLine) bool { return o.ID == p.ID }) {
			bad.Field(fmt.Sprintf("prices[%d]", i), "twice", "这条价格与前面的一条面向、单位和选项都相同，请合并或写明区别。")
		}
		r.Prices = append(r.Prices, p)
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// applyAccess puts the ways of use into r.
func applyAccess(r *Resource, modes []string, bad *fault.Error) {
	r.Access = nil
	for _, a := range modes {
		if !slices.ContainsFunc(kinds.AccessModes(), func(c kinds.Choice) bool { return c.Value == a }) {
			bad.Field("access", "not-a-choice", "没有“{0}”这种使用方式。", a)
		} else if !slices.Contains(r.Access, a) {
			r.Access = append(r.Access, a)
		}
	}
}

// applyPlace puts the country and the languages into r.
func (d Draft) applyPlace(r *Resource, bad *fault.Error) {
	r.Country = strings.ToUpper(strings.TrimSpace(d.Country))
	if r.Country == kinds.China {
		r.Country = ""
	}
	if _, ok := kinds.Country(r.Country); r.Country != "" && !ok {
		bad.Field("country", "not-a-country", "“{0}”不是 GB/T 2659.1 的两字母国家代码，例如 DE。", d.Country)
	}
	if r.Country != "" {
		r.Region = regionAbroad(r.Country)
	} else if r.Region == Abroad {
		r.Region = "" // its owner's again
	}
	r.Languages = nil
	for _, l := range d.Languages {
		if !slices.ContainsFunc(kinds.Languages(), func(c kinds.Choice) bool { return c.Value == l }) {
			bad.Field("languages", "not-a-choice", "没有“{0}”这种语言。", l)
		} else if !slices.Contains(r.Languages, l) {
			r.Languages = append(r.Languages, l)
		}
	}
}

// regionAbroad is the region of a country or region by its two letters; three have a code of GB/T 2260.
func regionAbroad(country string) string {
	switch country {
	case "TW":
		return "710000"
	case "HK":
		return "810000"
	case "MO":
		return "820000"
	}
	return Abroad
}

func hasField(e *fault.Error, name string) bool {
	return slices.ContainsFunc(e.Fields, func(f fault.Field) bool { return f.Name == name })
}

// normal fills in what a price line leaves unsaid. Its id stays the same as long as audience, unit,
// option, note and first day do, so that an order can name it over many edits.
func (p PriceLine) normal(resource string, position int) PriceLine {
	if p.Currency == "" {
		p.Currency = money.CNY
	}
	p.Currency = strings.ToUpper(p.Currency)
	p.Resource, p.Position = resource, int64(position)
	p.ID = id.From("price", resource, p.Audience, p.Unit, p.Option, p.Note, p.From, p.Currency, fmt.Sprint(p.Minimum))
	return p
}

// maxAmount is the highest price of one unit: ten billion yuan.
const maxAmount = 1e12

func (p PriceLine) check(bad *fault.Error, at string) {
	has := func(l []kinds.Choice, v string) bool {
		return slices.ContainsFunc(l, func(c kinds.Choice) bool { return c.Value == v })
	}
	switch {
	case !has(kinds.Audiences(), p.Audience):
		bad.Field(at+".audience", "not-a-choice", "请选择价格面向谁。")
	case !has(kinds.Units(), p.Unit):
		bad.Field(at+".unit", "not-a-choice", "请选择计价单位。")
	case p.Amount < 0 || p.Amount > maxAmount:
		bad.Field(at+".amount", "not-an-amount", "请填写金额，最多两位小数，例如 1,234.50。")
	case p.Minimum < 0 || p.Minimum > 1_000_000:
		bad.Field(at+".minimum", "not-a-number", "起订量应是 0 到 1,000,000 之间的整数。")
	case len(p.Currency) != 3 || strings.Trim(p.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		bad.Field(at+".currency", "not-a-currency", "币种应是三个字母的代码，例如 CNY。")
	case p.From != "" && p.To != "" && p.To < p.From:
		bad.Field(at+".to", "before-from", "结束日期早于开始日期。")
	case len([]rune(p.Option)) > 100 || len([]rune(p.Note)) > 200:
		bad.Field(at+".note", "too-long", "说明过长，请缩短。")
	default:
		for name, day := range map[string]string{".from": p.From, ".to": p.To} {
			if _, problem := (kinds.Field{Type: kinds.Date}).Parse(day); problem != nil {
				bad.Field(at+name, problem.Code, problem.Text, problem.Args...)
			}
		}
	}
}

// checkHours refuses hours that overlap or cannot be read.
func checkHours(hours []Opening) error {
	bad := fault.New(fault.Invalid, "hours-invalid", "开放时间有误，请按提示更正。")
	for i, h := range hours {
		at := fmt.Sprintf("hours[%d]", i)
		switch {
		case h.Weekday < 1 || h.Weekday > 7:
			bad.Field(at, "not-a-weekday", "星期应是 1（星期一）到 7（星期日）。")
		case !clockTime(h.From) || !clockTime(h.To) && h.To != "24:00":
			bad.Field(at, "not-a-time", "“{0}–{1}”不是时间，请写成 09:00 这样的格式。", h.From, h.To)
		case h.From >= h.To:
			bad.Field(at, "before-from", "“{0}–{1}”的结束不晚于开始。", h.From, h.To)
		}
		for _, o := range hours[:i] {
			if o.Weekday == h.Weekday && o.From < h.To && h.From < o.To {
				bad.Field(at, "overlap", "“{0}–{1}”与同一天的另一段时间重叠。", h.From, h.To)
				break
			}
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

func clockTime(s string) bool {
	return len(s) == 5 && s[2] == ':' && strings.Trim(s[:2]+s[3:], "0123456789") == "" && s[:2] < "24" && s[3:] < "60"
}
