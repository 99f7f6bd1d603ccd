//i18n:data an invented price plan

package demo

import (
	"context"
	"fmt"

	"qiao/internal/platform/money"
	"qiao/internal/pricing"
)

// pricedInstrument has a price plan; one of the stories orders it.
const pricedInstrument = "NH-002"

// prices publishes the price plan of one instrument, with a second version that waits as a draft.
func (l loader) prices(ctx context.Context) error {
	if l.Pricing == nil {
		return nil
	}
	list, err := instruments()
	if err != nil {
		return err
	}
	for _, x := range list {
		if x.ID == pricedInstrument {
			return l.price(ctx, x)
		}
	}
	return nil
}

func (l loader) price(ctx context.Context, x instrument) error {
	r, err := l.publish(ctx, x.Owner, x.ID, x.draft())
	if err != nil {
		return err
	}
	own, by, err := l.as(ctx, keeper(x.Owner))
	if err != nil {
		return err
	}
	sheet, err := l.Pricing.Begin(own, by, r.ID)
	if err != nil {
		return fmt.Errorf("begin the prices of %s: %w", x.ID, err)
	}
	put := func(p pricing.Plan) error {
		_, err := l.Pricing.SaveDraft(own, by, sheet.ID, func(pricing.Plan) (pricing.Plan, error) { return p, nil })
		return err
	}
	p := x.plan()
	if err := put(p); err != nil {
		return err
	}
	if _, err := l.Pricing.Publish(own, by, sheet.ID, pricing.Release{Note: "分时段、阶梯和附加服务"}); err != nil {
		return fmt.Errorf("publish the prices of %s: %w", x.ID, err)
	}
	p.Discounts = append(p.Discounts, pricing.Discount{Text: "年度大客户 95 折", Percent: 500, Over: pricing.OverYear, From: 5_000_000})
	return put(p)
}

// plan is what the instrument costs: as listed outside, less inside and for members, cheaper at night and from the
// fifth hour on, with an operator and sample holders to choose.
func (x instrument) plan() pricing.Plan {
	each := func(id, group string, percent int64) pricing.Rate {
		price := x.Price * money.Fen(percent) / 100
		return pricing.Rate{ID: id, Text: "自主上机", Groups: []string{group}, Unit: x.Unit, Price: price, Steps: []pricing.Step{{Above: 4, Price: price * 8 / 10}}}
	}
	return pricing.Plan{
		Rates: []pricing.Rate{each("outside", pricing.External, 100), each("member", pricing.Member, 80), each("inside", pricing.Internal, 50)},
		Periods: []pricing.Period{
			{Text: "夜间", From: "20:00", To: "08:00", Percent: 6_000},
			{Text: "休息日", Days: "rest", Percent: 12_000},
		},
		AddOns: []pricing.AddOn{
			{ID: "operator", Text: "操作员", Staff: true, Unit: "hour", Price: 12_000, By: pricing.ByTime},
			{ID: "holder", Text: "低背景样品架", Unit: "piece", Price: 4_000, By: pricing.ByChoice},
		},
		Discounts: []pricing.Discount{{Text: "单笔满 2000 元 95 折", Percent: 500, Over: pricing.OverAmount, From: 200_000, Use: true}},
		Overtime:  &pricing.Overtime{Free: 10, Percent: 15_000},
		Cancel:    []pricing.Fee{{Hours: 24, Percent: 2_000}, {Hours: 4, Percent: 5_000}},
		NoShow:    &pricing.Fee{Percent: 10_000},
		Basis:     pricing.Longer, Begun: 15,
	}
}
