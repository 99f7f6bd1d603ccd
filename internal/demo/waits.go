package demo

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/platform/clock"
)

// waitedFor is the instrument for whose time the demo's firms wait.
const waitedFor = "透射电子显微镜" //i18n:data a sample instrument

// waits lets firms wait for a time that is taken; it becomes free, is held for the first of them, and the other waits on.
// The first also waits for another time that stays taken.
func (l loader) waits(ctx context.Context, o Options) error {
	o.Cast = Cast{Key: "waits", Slots: 2, Skip: 8, Login: "firm2"}
	t := &teller{o: o, cast: o.Cast}
	resource, err := t.find(ctx, "instrument", waitedFor)
	if err != nil {
		return err
	}
	var booked [2]wireOrder
	for i := range booked {
		start, end, err := t.freeSlots(ctx, resource)
		if err != nil {
			return err
		}
		if err := t.post(ctx, "firm2", "/orders", fmt.Sprintf("taken-%d", i), object{"kind": "booking", "resource": resource, "start": start, "end": end, "purpose": mark + "析出相观察"}, &booked[i]); err != nil { //i18n:data
			return err
		}
	}
	for _, x := range []struct {
		who, key string
		of       wireOrder
	}{{"firm", "first", booked[0]}, {"wuzhen", "second", booked[0]}, {"firm", "other", booked[1]}} {
		from, to := clock.Local(x.of.Start), clock.Local(x.of.End)
		body := object{
			"resource": resource, "from_day": clock.Day(from), "to_day": clock.Day(from), "from_minute": from.Hour()*60 + from.Minute(), "to_minute": to.Hour()*60 + to.Minute(),
			"minutes": int(to.Sub(from) / time.Minute), "purpose": mark + "纳米析出相的晶格像和选区衍射", //i18n:data
		}
		if err := t.post(ctx, x.who, "/waits", x.key, body, nil); err != nil {
			return err
		}
	}
	if err := t.post(ctx, "firm2", "/orders/"+booked[0].ID+"/cancel", "free", object{"note": mark + "样品没有赶上"}, nil); err != nil { //i18n:data
		return err
	}
	if err := t.proposed(ctx, resource); err != nil {
		return err
	}
	return t.onBehalf(ctx)
}

// onBehalf lets the desk of the laboratory book for two firms that phoned; one has not answered yet.
func (t *teller) onBehalf(ctx context.Context) error {
	resource, err := t.find(ctx, "instrument", "激光粒度分析仪") //i18n:data a sample instrument
	if err != nil {
		return err
	}
	for i, x := range []struct{ who, firm, asked string }{
		{"firm2", "秀水智能装备有限公司", "赵工来电，急等磨料粒度结果"},   //i18n:data
		{"firm", "禾城新材料有限公司", "李创新来电，浆料粒度复测，约两小时"}, //i18n:data
	} {
		start, end, err := t.freeSlots(ctx, resource)
		if err != nil {
			return err
		}
		var made struct{ ID string }
		body := object{"firm": mark + x.firm, "asked": mark + x.asked, "resource": resource, "start": start, "end": end, "purpose": mark + "粒度分布"} //i18n:data
		if err := t.post(ctx, "lab", "/behalf", fmt.Sprintf("behalf-%d", i), body, &made); err != nil {
			return err
		}
		if i == 0 {
			if err := t.post(ctx, x.who, "/behalf/"+made.ID+"/confirm", "yes", object{}, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// proposed lets the laboratory refuse a booking of the firm and propose another time, which is held for it.
func (t *teller) proposed(ctx context.Context, resource string) error {
	start, end, err := t.freeSlots(ctx, resource)
	if err != nil {
		return err
	}
	var o wireOrder
	if err := t.post(ctx, "firm", "/orders", "refused", object{"kind": "booking", "resource": resource, "start": start, "end": end, "purpose": mark + "断口表面薄区观察"}, &o); err != nil { //i18n:data
		return err
	}
	if start, end, err = t.freeSlots(ctx, resource); err != nil {
		return err
	}
	return t.post(ctx, "lab", "/orders/"+o.ID+"/suggest", "instead", object{"start": start, "end": end, "note": mark + "当天上午液氮补给，机组不开机，请看这个时间行不行。"}, nil) //i18n:data
}
