package app

import (
	"context"

	"qiao/internal/message"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
	"qiao/internal/remind"
)

// tellOfReminders tells of bookings that begin soon and of orders that are late.
func (a *App) tellOfReminders() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e remind.Soon) error {
		return a.message.Notify(ctx, tx, message.Notice{
			Key: m.ID, Event: m.Name, Person: e.Person, Link: "/desk/orders/" + e.Order,
			Title: message.Say("预约 {0} 将于 {1} 开始", e.Number, clock.Local(e.Start).Format("2006-01-02 15:04")),
		})
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e remind.Late) error {
		link := "/desk/orders/" + e.Order
		sides := map[string]string{order.Buyer: e.Buyer, order.Provider: e.Provider}
		switch {
		case e.To == remind.ToAuthority && e.Stage != "":
			return a.tellAuthorities(ctx, tx, m, e.Region, link, message.Say("订单 {0} 的里程碑“{2}”已逾期 {1} 个工作日仍未交付，请督促", e.Number, e.Days, e.Stage))
		case e.To == remind.ToAuthority:
			return a.tellAuthorities(ctx, tx, m, e.Region, link, message.Say("订单 {0} 已逾期 {1} 个工作日仍未办理，请督促", e.Number, e.Days))
		case e.Turn == order.Officer && e.To == remind.ToTurn:
			return a.tellAuthorities(ctx, tx, m, e.Region, link, message.Say("争议订单 {0} 已过承诺的裁定日（{1}），请尽快裁定", e.Number, e.Due))
		}
		for side, org := range sides {
			if side != e.Turn && e.To != remind.ToBoth {
				continue
			}
			text := message.Say("订单 {0} 在等贵单位办理，承诺日 {1} 已过", e.Number, e.Due)
			if side != e.Turn {
				text = message.Say("订单 {0} 已过承诺日 {1}，已再次催办对方", e.Number, e.Due)
			}
			if e.Stage != "" {
				text = lateStage(e, side)
			}
			if err := a.notify(ctx, tx, m, org, nil, link, text); err != nil {
				return err
			}
		}
		return nil
	})
}

// lateStage tells a side of a milestone that is late.
func lateStage(e remind.Late, side string) message.Line {
	if side != e.Turn {
		return message.Say("订单 {0} 的里程碑“{2}”已过约定的 {1}，已再次催办对方", e.Number, e.Due, e.Stage)
	}
	return message.Say("订单 {0} 的里程碑“{2}”约定 {1} 前交付，日期已过", e.Number, e.Due, e.Stage)
}

// invitation is a booking as an entry for the calendar of who booked it; empty for a commission.
func (a *App) invitation(ctx context.Context, tx *db.Tx, f order.Facts, cancelled bool) (message.Invite, error) {
	if f.Kind != order.KindBooking {
		return message.Invite{}, nil
	}
	o, _, err := a.order.Read(ctx, tx, f.Order)
	if err != nil {
		return message.Invite{}, err
	}
	return message.Invite{
		For: o.BuyerPerson, UID: o.ID + "@qiao", Sequence: o.Revision, Start: o.Start.Time, End: o.End.Time, ZH: o.ResourceZH, EN: o.ResourceEN, Number: o.Number, Cancelled: cancelled,
	}, nil
}
