package app

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/message"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
	"qiao/internal/pricing"
	"qiao/internal/record"
)

// toRecord is the reader of the outbox that keeps service records of orders.
const toRecord = "record"

func (a *App) buildRecords() (err error) {
	a.record, err = record.New(record.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Organisations: a.identity, Catalogue: a.catalogue, Orders: serving{a}, Files: a.files, Invoices: a.invoice})
	return err
}

// recordOf draws, on an order's page, the service record it made.
func (a *App) recordOf(ctx context.Context, by identity.Subject, d order.Detail) (templ.Component, error) {
	return a.record.Panel(ctx, by, d.Order.ID)
}

// followServed records orders once they are confirmed, and links records to users that come in.
func (a *App) followServed() {
	outbox.On(a.bus, toRecord, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Confirmed) error {
		return a.record.Follow(ctx, tx, e.Order, 0)
	})
	outbox.On(a.bus, toRecord, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Invoiced) error {
		return a.record.Follow(ctx, tx, e.Order, 0)
	})
	outbox.On(a.bus, toRecord, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Settled) error {
		return a.record.Follow(ctx, tx, e.Order, 0)
	})
	outbox.On(a.bus, toRecord, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Rated) error {
		return a.record.Follow(ctx, tx, e.Order, e.Stars)
	})
	outbox.On(a.bus, toRecord, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e identity.Registered) error {
		return a.record.Meet(ctx, tx, e.Org)
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e record.Drawn) error {
		return a.notify(ctx, tx, m, e.Owner, nil, "/desk/checked-records", message.Say("有 {0} 条服务记录被抽查（{1}），请在 {2} 前答复", e.Records, e.Number, e.Due))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e record.Replied) error {
		return a.notify(ctx, tx, m, e.Authority, nil, "/desk/checked-records/"+e.Checked, message.Say("抽查 {0} 有单位答复，等待核定", e.Number))
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e record.Judged) error {
		if e.State == record.Struck {
			return a.notify(ctx, tx, m, e.Owner, nil, "/desk/checked-records/"+e.Checked, message.Say("一条服务记录在抽查中被剔除，不再计入，请查看理由"))
		}
		return a.notify(ctx, tx, m, e.Owner, nil, "/desk/checked-records/"+e.Checked, message.Say("一条服务记录通过了抽查"))
	})
}

// serving gives record the orders that were done.
type serving struct{ app *App }

// Served implements record.Orders.
func (x serving) Served(ctx context.Context, q db.Q, orderID string) (record.Served, error) {
	a := x.app
	o, runs, err := a.order.Read(ctx, q, orderID)
	if err != nil {
		return record.Served{}, err
	}
	out := record.Served{
		Number: o.Number, Provider: o.Provider, Buyer: o.Buyer, Region: o.Region, Person: o.BuyerPerson, Invented: o.Sample,
		Counts: (o.State == order.StateConfirmed || o.State == order.StateSettled) && o.Currency == "CNY",
		Entry:  record.Entry{Resource: o.Resource, Content: firstOf(o.Purpose, 200), Fee: o.Price, Ways: "commissioned"},
	}
	group, err := a.pricing.GroupOf(ctx, q, o.Provider, o.Buyer, o.PlacedOn)
	if err != nil {
		return out, err
	}
	out.Inside = group == pricing.Internal || o.Buyer == o.Provider
	if o.Kind == order.KindBooking {
		out.Ways = "self"
	}
	if o.Unit == "sample" {
		out.Samples = o.Quantity
	}
	span(&out.Entry, o, runs)
	minutes, err := a.onsite.Net(ctx, q, o.ID, o.Minutes)
	if err != nil {
		return out, err
	}
	out.Hours = record.Hundredths(minutes)
	return out, a.papersOfService(ctx, q, o, &out.Entry)
}

// span is when an order was served: from its first run to its last, else as booked, else the day it was confirmed.
func span(e *record.Entry, o order.Order, runs []order.Run) {
	switch {
	case len(runs) > 0:
		e.Start, e.End, e.Timed = runs[0].Start, runs[len(runs)-1].End, true
	case !o.Start.IsZero():
		e.Start, e.End, e.Timed = db.At(o.Start.Time), o.End, true
	default:
		e.Start = db.At(o.UpdatedAt.Time)
		if at, err := clock.Midnight(o.ConfirmedOn); err == nil {
			e.Start = db.At(at)
		}
	}
}

// papersOfService adds the contract, the invoices and the person of an order.
func (a *App) papersOfService(ctx context.Context, q db.Q, o order.Order, e *record.Entry) error {
	signed, err := a.contract.Signed(ctx, q, o.ID)
	if err != nil {
		return err
	}
	if signed {
		c, _, _, err := a.contract.Latest(ctx, q, o.ID)
		if err != nil {
			return err
		}
		e.Contract = c.Number
	}
	list, err := a.invoice.Of(ctx, q, o.ID)
	if err != nil {
		return err
	}
	var numbers []string
	for _, i := range list {
		numbers = append(numbers, i.Number)
	}
	e.Invoice = firstOf(strings.Join(numbers, "、"), 100) //i18n:data between numbers
	names, err := a.identity.Names(ctx, q, []string{o.BuyerPerson})
	e.Applicant = firstOf(names[o.BuyerPerson], 20)
	return err
}

// firstOf is the beginning of a text, at most so many characters.
func firstOf(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}
