package pricing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// MaxPrice is ten billion yuan: above it a slip of the keyboard is certain.
const MaxPrice money.Fen = 1_000_000_000_000

// How large a plan may be.
const (
	maxItems = 40
	maxText  = 100
	maxUnits = 1_000_000
)

// Check is what a plan must be to be published; every mistake is named at once, its field as section-number-field.
func (p Plan) Check() error {
	bad := fault.New(fault.Invalid, "price-plan", "价格方案还有不对的地方，请按提示修改。")
	c := checker{bad}
	if len(p.Rates) == 0 {
		bad.Field("rates", "required", "请至少写一种计价方式。")
	}
	if p.Currency != "" && len(p.Currency) != 3 {
		bad.Field("currency", "currency", "币种请用三位字母，例如 CNY。")
	}
	if !slices.Contains([]string{"", Booked, Actual, Longer}, p.Basis) {
		bad.Field("basis", "unknown", "只能按预约时长、实际时长或两者中较长的计费。")
	}
	c.between("begun", p.Begun, 0, 24*60)
	for name, n := range map[string]int{"rates": len(p.Rates), "periods": len(p.Periods), "add_ons": len(p.AddOns), "discounts": len(p.Discounts), "cancel": len(p.Cancel)} {
		if n > maxItems {
			bad.Field(name, "many", "最多 {0} 项。", maxItems)
		}
	}
	seen := map[string]bool{}
	for i, r := range p.Rates {
		c.rate(at("rates", i), r, seen)
	}
	for i, x := range p.Periods {
		c.period(at("periods", i), x)
	}
	for i, a := range p.AddOns {
		c.addOn(at("add_ons", i), a, seen)
	}
	for i, d := range p.Discounts {
		c.discount(at("discounts", i), d)
	}
	for i, f := range p.Cancel {
		c.fee(at("cancel", i), f)
		if f.Hours < 1 {
			bad.Field(at("cancel", i)+"-hours", "required", "请写明提前多少小时以内取消要收费。")
		}
	}
	if p.Overtime != nil {
		c.overtime(*p.Overtime, p.Rates)
	}
	if p.NoShow != nil {
		c.fee("no_show", *p.NoShow)
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

func at(section string, i int) string { return section + "-" + strconv.Itoa(i) }

type checker struct{ bad *fault.Error }

func (c checker) between(field string, n, least, most int64) {
	if n < least || n > most {
		c.bad.Field(field, "range", "应在 {0} 到 {1} 之间。", least, most)
	}
}

func (c checker) amount(field string, f money.Fen) {
	if f < 0 || f > MaxPrice {
		c.bad.Field(field, "amount", "金额应在 0 到 {0} 之间。", MaxPrice)
	}
}

func (c checker) text(field, s string, required bool) {
	switch n := utf8.RuneCountInString(strings.TrimSpace(s)); {
	case n == 0 && required:
		c.bad.Field(field, "required", "请写明名称。")
	case n > maxText:
		c.bad.Field(field, "long", "最多 {0} 个字。", maxText)
	}
}

func (c checker) unit(field, unit string) {
	if !slices.Contains(Units(), unit) {
		c.bad.Field(field, "unknown", "没有“{0}”这种计价单位。", unit)
	}
}

func (c checker) id(field, id string, seen map[string]bool) {
	if id == "" || len(id) > 64 || seen[id] {
		c.bad.Field(field, "id", "每一项要有自己的编号，不能重复。")
	}
	seen[id] = true
}

func (c checker) groups(field string, groups []string) {
	for _, g := range groups {
		if !goodGroup(g) {
			c.bad.Field(field, "group", "用户类别“{0}”不对：用小写字母、数字和连字符。", g)
		}
	}
}

func goodGroup(g string) bool {
	return g != "" && len(g) <= 40 && strings.Trim(g, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

func (c checker) rate(field string, r Rate, seen map[string]bool) {
	c.id(field+"-id", r.ID, seen)
	c.text(field+"-text", r.Text, false)
	c.groups(field+"-groups", r.Groups)
	c.unit(field+"-unit", r.Unit)
	c.amount(field+"-price", r.Price)
	c.amount(field+"-base", r.Base)
	c.amount(field+"-least", r.Least)
	c.between(field+"-covers", r.Covers, 0, maxUnits)
	c.between(field+"-minimum", r.Minimum, 0, maxUnits)
	if r.Covers > 0 && r.Base == 0 {
		c.bad.Field(field+"-base", "required", "包含的数量要有一笔基本费；免费请写在优惠里。")
	}
	for _, k := range r.Kinds {
		if k != "booking" && k != "commission" {
			c.bad.Field(field+"-kinds", "unknown", "只能用于预约（booking）或委托（commission）。")
		}
	}
	if len(r.Steps) > maxItems {
		c.bad.Field(field+"-steps", "many", "最多 {0} 项。", maxItems)
	}
	last := r.Covers
	for _, s := range r.Steps {
		if s.Above <= last || s.Above > maxUnits {
			c.bad.Field(field+"-steps", "order", "阶梯要从小到大，并且在基本费包含的数量之上。")
		}
		c.amount(field+"-steps", s.Price)
		last = s.Above
	}
}

func (c checker) period(field string, x Period) {
	c.text(field+"-text", x.Text, true)
	c.between(field+"-percent", x.Percent, 0, maxPercent)
	if !slices.Contains([]string{"", "holiday", "rest", "work"}, x.Days) {
		c.bad.Field(field+"-days", "unknown", "只能是节假日、休息日或工作日。")
	}
	for _, d := range x.Weekdays {
		c.between(field+"-weekdays", d, 1, 7)
	}
	from, errFrom := minuteOf(x.From, 0)
	to, errTo := minuteOf(x.To, 24*60)
	if errFrom != nil || from == 24*60 {
		c.bad.Field(field+"-from", "time", "时间请写成 22:00。")
	}
	if errTo != nil {
		c.bad.Field(field+"-to", "time", "时间请写成 22:00。")
	}
	if errFrom == nil && errTo == nil && from == to {
		c.bad.Field(field+"-to", "empty", "结束时间不能与开始时间相同。")
	}
}

// minuteOf is the minute of the day of a clock time; missing what stands for none.
func minuteOf(s string, missing int) (int, error) {
	if s == "" {
		return missing, nil
	}
	if s == "24:00" {
		return 24 * 60, nil
	}
	at, err := time.Parse("15:04", s)
	if err != nil || len(s) != 5 {
		return 0, fmt.Errorf("pricing: %q is no time of day", s)
	}
	return at.Hour()*60 + at.Minute(), nil
}

func (c checker) addOn(field string, a AddOn, seen map[string]bool) {
	c.id(field+"-id", a.ID, seen)
	c.text(field+"-text", a.Text, true)
	c.groups(field+"-groups", a.Groups)
	c.unit(field+"-unit", a.Unit)
	c.amount(field+"-price", a.Price)
	if !slices.Contains([]string{ByOrder, ByTime, ByQuantity, ByChoice}, a.By) {
		c.bad.Field(field+"-by", "unknown", "请说明数量怎么定：每单一次、按时长、按样品数或由下单人填写。")
	}
	if a.By == ByTime && a.Unit != "hour" {
		c.bad.Field(field+"-unit", "hour", "按时长计的，单位应是小时。")
	}
	if a.Must && a.By == ByChoice {
		c.bad.Field(field+"-must", "choice", "由下单人填写数量的，不能是必选。")
	}
}

func (c checker) discount(field string, d Discount) {
	c.text(field+"-text", d.Text, true)
	c.groups(field+"-groups", d.Groups)
	c.between(field+"-percent", d.Percent, 0, percentFull)
	c.amount(field+"-amount", d.Amount)
	if (d.Percent == 0) == (d.Amount == 0) {
		c.bad.Field(field+"-percent", "one", "百分比和金额请填一个，也只填一个。")
	}
	if !slices.Contains([]string{"", OverAmount, OverUnits, OverMonth, OverYear, OverHours}, d.Over) {
		c.bad.Field(field+"-over", "unknown", "没有这种优惠条件。")
	}
	c.between(field+"-from", d.From, 0, int64(MaxPrice))
	if d.Over != "" && d.From == 0 {
		c.bad.Field(field+"-from", "required", "请写明从多少起优惠。")
	}
}

func (c checker) fee(field string, f Fee) {
	c.between(field+"-hours", f.Hours, 0, 24*366)
	c.between(field+"-percent", f.Percent, 0, percentFull)
	c.amount(field+"-amount", f.Amount)
	if f.Percent == 0 && f.Amount == 0 {
		c.bad.Field(field+"-percent", "required", "请填百分比或金额。")
	}
}
