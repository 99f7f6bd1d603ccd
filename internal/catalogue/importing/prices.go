package importing

import (
	"qiao/internal/catalogue"
	"qiao/internal/catalogue/columns"
	"qiao/internal/catalogue/format"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/money"
)

// maxAmount is the highest price of one unit: ten billion yuan.
const maxAmount = 1e12

// readPrices makes a price line of each price column that has an amount; a row without any may say what it likes
// about units.
func (r *rowReader) readPrices() {
	r.option = r.cell(kinds.TargetOption)
	if len(r.prices) == 0 {
		return
	}
	var priced []format.PriceColumn
	for _, c := range r.prices {
		if !columns.NoPrice(r.cell(c.Target)) {
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
		text := r.cell(c.Target)
		amount, err := money.Parse(text)
		switch {
		case err != nil || amount < 0 || amount > maxAmount:
			r.fail(c.Target, "not-an-amount", "“{0}”不是金额（单位元，最多两位小数，例如 1,234.50）。", text)
		case unit == "" && r.cell(kinds.TargetUnit) == "":
			r.fail(c.Target, "unit-needed", "有价格，但缺少计价单位（小时、样品、件、批、天或次）。")
		case unit != "":
			r.item.Prices = append(r.item.Prices, catalogue.PriceLine{Audience: c.Audience, Unit: unit, Amount: amount, Currency: r.currency(c.Target), Minimum: minimum, Option: r.option, Note: c.Note})
		}
	}
}

// term reads a column of kinds.Pricing; what does not fit is recorded and nil.
func (r *rowReader) term(target string) any {
	c := r.pricing[target]
	if c == nil {
		return nil
	}
	v, problem := c.parse(c.cell(r.row.Cells))
	if problem != nil {
		r.fail(target, problem.Code, problem.Text, problem.Args...)
		return nil
	}
	return v
}
