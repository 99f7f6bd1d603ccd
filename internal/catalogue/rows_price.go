package catalogue

import (
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/money"
)

// readPrices makes a price line of each price column that has an amount; a row without any may say what it likes
// about units.
func (r *rowReader) readPrices() {
	r.option = r.cell(kinds.TargetOption)
	var priced []priceColumn
	for _, c := range priceColumns() {
		if !noPrice(r.cell(c.target)) {
			priced = append(priced, c)
		}
	}
	if len(priced) == 0 {
		return
	}
	unit, _ := r.term(kinds.TargetUnit).(string)
	minimum, _ := r.term(kinds.TargetMinimum).(int64)
	r.term(kinds.TargetOption)
	for _, c := range priced {
		text := r.cell(c.target)
		amount, err := money.Parse(text)
		switch {
		case err != nil || amount < 0 || amount > maxAmount:
			r.fail(c.target, "not-an-amount", "“{0}”不是金额（单位元，最多两位小数，例如 1,234.50）。", text)
		case unit == "" && r.cell(kinds.TargetUnit) == "":
			r.fail(c.target, "unit-needed", "有价格，但缺少计价单位（小时、样品、件、批、天或次）。")
		case unit != "":
			r.item.prices = append(r.item.prices, PriceLine{Audience: c.audience, Unit: unit, Amount: amount, Currency: money.CNY, Minimum: minimum, Option: r.option, Note: c.note})
		}
	}
}

// term reads a column of kinds.Pricing; what does not fit is recorded and nil.
func (r *rowReader) term(target string) any {
	for _, f := range kinds.Pricing() {
		if f.Name != target {
			continue
		}
		v, problem := f.Parse(r.cell(target))
		if problem != nil {
			r.fail(target, problem.Code, problem.Text, problem.Args...)
			return nil
		}
		return v
	}
	return nil
}

type priceColumn struct{ target, audience, note string }

// priceColumns are the price columns in the order of the lines they make; the notes are kept as written.
func priceColumns() []priceColumn {
	return []priceColumn{
		{kinds.TargetExternal, "external", ""},
		{kinds.TargetMember, "member", ""},
		{kinds.TargetInternal, "internal", ""},
		{kinds.TargetInternalSelf, "internal", "自主上机"},     //i18n:data kept with the price
		{kinds.TargetInternalDelivery, "internal", "送样委托"}, //i18n:data kept with the price
	}
}

// noPrice tells whether a price cell says that there is no fixed price.
func noPrice(text string) bool {
	switch strings.ToLower(text) {
	case "", "-", "—", "/", "n/a", "面议", "议价", "待定", "无": //i18n:data spellings of "no fixed price"
		return true
	}
	return false
}
