package app

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/message"
	"qiao/internal/observe"
	"qiao/internal/observe/relay"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// toWatch is the reader of the outbox that keeps sessions of observation as their orders are.
const toWatch = "observe"

// How much the relay of one program carries: beyond it a machine of two cores and a line of 100 Mbit/s would stutter.
const (
	liveRooms   = 16
	liveViewers = 20
	liveEach    = 4 // windows of one person
)

// live makes the relay of live pictures; its port is opened with the first of them.
func (a *App) live() *relay.Relay {
	o := relay.Options{Listen: a.cfg.Media, Clock: a.clock, Rooms: liveRooms, Viewers: liveViewers, Each: liveEach}
	if o.Listen == "" {
		o.Listen = a.cfg.Listen
	}
	if a.cfg.MediaPublic != "" {
		o.Public = strings.Split(a.cfg.MediaPublic, ",")
	}
	return relay.New(o)
}

// watchedOn draws, on an order's page, what is planned to be watched from afar.
func (a *App) watchedOn(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	return a.observe.Panel(ctx, by, d)
}

// tellOfObservation calls sessions off with their order, moves them with their booking, and tells both sides.
func (a *App) tellOfObservation() {
	outbox.On(a.bus, toWatch, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Cancelled) error {
		return a.observe.Follow(ctx, tx, e.Order)
	})
	outbox.On(a.bus, toWatch, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Moved) error {
		return a.observe.Follow(ctx, tx, e.Order)
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e observe.Planned) error {
		link := "/desk/orders/" + e.Order + "/observation"
		switch e.Verb {
		case observe.VerbOffer:
			return a.notify(ctx, tx, m, e.Buyer, nil, link, message.Say("实验室为订单 {0} 提出了远程观察的安排，请答复", e.Number))
		case observe.VerbAgree:
			return a.notify(ctx, tx, m, e.Provider, nil, link, message.Say("委托方同意了订单 {0} 的观察安排", e.Number))
		case observe.VerbDecline:
			return a.notify(ctx, tx, m, e.Provider, nil, link, message.Say("委托方没有同意订单 {0} 的观察安排，请看原因", e.Number))
		case observe.VerbEnd:
			to := e.Buyer
			if e.By == e.Buyer {
				to = e.Provider
			}
			return a.notify(ctx, tx, m, to, nil, link, message.Say("订单 {0} 的观察计划已终止", e.Number))
		}
		return nil
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e observe.Live) error {
		for _, person := range e.Guests {
			if err := a.message.Notify(ctx, tx, message.Notice{Key: m.ID + "/" + person, Event: m.Name, Person: person, Title: message.Say("您受邀观看的实验开始直播了"), Link: "/desk/observe/" + e.Session}); err != nil {
				return err
			}
		}
		return a.notify(ctx, tx, m, e.Buyer, nil, "/desk/observe/"+e.Session, message.Say("订单 {0} 的实验开始直播了", e.Number))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e observe.Called) error {
		return a.notify(ctx, tx, m, e.To, nil, "/desk/observe/"+e.Session, message.Say("订单 {0} 有一场远程观察取消了", e.Number))
	})
}
