package pricing

import (
	"qiao/internal/platform/money"
)

// Overtime is what use beyond the booked time costs, whichever time is billed otherwise: as a line of its own, without
// discounts.
type Overtime struct {
	Free    int64     `json:"free,omitempty" minimum:"0" doc:"So many minutes beyond the booked time cost nothing; beyond them all of it counts"`
	Percent int64     `json:"percent,omitempty" minimum:"0" doc:"Of the price of an hour, in hundredths of a percent: 15000 is one and a half times"`
	Price   money.Fen `json:"price,omitempty" minimum:"0" doc:"Of an hour, in fen, instead of the percentage"`
}

// maxFree is the longest time beyond the booked one that may cost nothing: a day.
const maxFree = 24 * 60

// over is the minutes beyond the booked time that cost something, rounded up to the plan's begun units.
func (p Plan) over(booked, actual Facts) int64 {
	n := actual.minutes(p) - booked.minutes(p)
	if p.Overtime == nil || n <= p.Overtime.Free {
		return 0
	}
	if p.Begun > 1 {
		n = (n + p.Begun - 1) / p.Begun * p.Begun
	}
	return n
}

// withOvertime adds to a price the line for the time beyond the booked one.
func withOvertime(p Plan, booked, actual Facts, priced Priced) (Priced, error) {
	n := p.over(booked, actual)
	rate, ok, err := choose(p, booked)
	if n <= 0 || booked.Free || err != nil || !ok {
		return priced, err
	}
	l := Line{Kind: LineOvertime, Group: groupOf(rate, booked), Unit: "hour", Rate: p.Overtime.Price, Count: n, Per: 60, Percent: p.Overtime.Percent, Position: int64(len(priced.Lines) + 1)}
	if p.Overtime.Percent > 0 {
		if l.Rate, err = scaled(rate.Price, p.Overtime.Percent); err != nil {
			return priced, err
		}
	}
	if l.Amount, err = money.MulHalfUp(l.Rate, l.Count, l.Per); err != nil {
		return priced, TooLarge().Because(err)
	}
	priced.Lines = append(priced.Lines, l)
	priced.Total, err = sum(priced.Lines)
	return priced, err
}

// overtime is what a rule of overtime must be.
func (c checker) overtime(o Overtime, rates []Rate) {
	c.between("overtime-free", o.Free, 0, maxFree)
	c.between("overtime-percent", o.Percent, 0, maxPercent)
	c.amount("overtime-price", o.Price)
	if (o.Percent == 0) == (o.Price == 0) {
		c.bad.Field("overtime-percent", "one", "百分比和每小时金额请填一个，也只填一个。")
	}
	for _, r := range rates {
		if o.Percent > 0 && r.Unit != "hour" && r.suits("booking") {
			c.bad.Field("overtime-percent", "hour", "有不按小时计价的预约，没有小时单价可取百分比，请改填超时每小时多少元。")
			return
		}
	}
}
