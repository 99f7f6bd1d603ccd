package demo

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/money"
)

// wireOrder is an order on the wire.
type wireOrder struct {
	ID, Number, State, Resource string
	Price                       struct{ Amount money.Fen }
	Voucher                     struct{ Amount money.Fen }
	Own                         struct{ Amount money.Fen }
	Minutes                     int64
	Start, End                  time.Time
}

func (w wireOrder) order() Order {
	return Order{
		ID: w.ID, Number: w.Number, State: w.State, Resource: w.Resource, Price: w.Price.Amount, Voucher: w.Voucher.Amount, Own: w.Own.Amount,
		Minutes: w.Minutes, Start: w.Start, End: w.End,
	}
}

// book lets the firm see the price with its two parts and book slots of an instrument with the voucher.
func (t *teller) book(ctx context.Context) error {
	resource, err := t.find(ctx, "instrument", t.cast.Instrument)
	if err != nil {
		return err
	}
	start, end, err := t.freeSlots(ctx, resource)
	if err != nil {
		return err
	}
	body := object{
		"kind": "booking", "resource": resource, "start": start, "end": end, "quantity": 1,
		"purpose": t.cast.Purpose, "voucher_programme": t.result.Programme, "need": t.result.Need,
	}
	var shown, placed wireOrder
	if err := t.post(ctx, t.cast.Login, "/orders/estimate", "estimate", body, &shown); err != nil {
		return err
	}
	if err := t.post(ctx, t.cast.Login, "/orders", "book", body, &placed); err != nil {
		return err
	}
	t.result.Booking = placed.order()
	if shown.Voucher.Amount+shown.Own.Amount != shown.Price.Amount {
		return fmt.Errorf("the parts %s and %s are not the price %s", shown.Voucher.Amount, shown.Own.Amount, shown.Price.Amount)
	}
	return want("the price", placed.Price.Amount, shown.Price.Amount)
}

// freeSlots are the first free slots in a row within two weeks, some left out.
func (t *teller) freeSlots(ctx context.Context, resource string) (start, end time.Time, err error) {
	var out struct {
		Items []struct {
			Start, End time.Time
			State      string
		}
	}
	now := t.o.Now()
	path := "/resources/" + resource + "/slots?from=" + clock.Day(now.AddDate(0, 0, 1)) + "&to=" + clock.Day(now.AddDate(0, 0, 14))
	if err := t.get(ctx, t.cast.Login, path, &out); err != nil {
		return start, end, err
	}
	run, skip := 0, t.cast.Skip
	for _, s := range out.Items {
		switch {
		case s.State != "free":
			run = 0
			continue
		case skip > 0:
			skip--
			continue
		case run == 0 || !s.Start.Equal(end):
			run, start = 0, s.Start
		}
		if run, end = run+1, s.End; run == t.cast.Slots {
			return start, end, nil
		}
	}
	return start, end, fmt.Errorf("there are no %d free slots in a row", t.cast.Slots)
}

// commission lets the firm ask for the test, with the voucher.
func (t *teller) commission(ctx context.Context) error {
	resource, err := t.find(ctx, "service", t.cast.Service)
	if err != nil {
		return err
	}
	body := object{
		"kind": "commission", "resource": resource, "quantity": t.cast.Quantity, "purpose": t.cast.Task,
		"voucher_programme": t.result.Programme, "need": t.result.Need,
	}
	var placed wireOrder
	if err := t.post(ctx, t.cast.Login, "/orders", "commission", body, &placed); err != nil {
		return err
	}
	t.result.Commission = placed.order()
	return nil
}

// act posts a verb on an order and keeps how it stands.
func (t *teller) act(ctx context.Context, as string, o *Order, verb string, body object) error {
	var w wireOrder
	if err := t.post(ctx, as, "/orders/"+o.ID+"/"+verb, verb, body, &w); err != nil {
		return err
	}
	*o = w.order()
	return nil
}

// quote lets the provider name its price for the commission.
func (t *teller) quote(ctx context.Context) error {
	line := object{"text": t.cast.Task, "unit": "sample", "amount": t.cast.Price, "quantity": t.cast.Quantity}
	dearer := object{"text": t.cast.Task, "unit": "sample", "amount": t.cast.Price + t.cast.Price/10, "quantity": t.cast.Quantity}
	first := object{"lines": []object{dearer}, "valid_until": clock.Day(t.o.Now().AddDate(0, 0, 10)), "note": t.cast.Service}
	if err := t.post(ctx, t.cast.Lab, "/orders/"+t.result.Commission.ID+"/quote", "quote-first", first, nil); err != nil {
		return err
	}
	return t.act(ctx, t.cast.Lab, &t.result.Commission, "quote", object{
		"lines": []object{line}, "valid_until": clock.Day(t.o.Now().AddDate(0, 0, 20)), "note": t.cast.Service,
	})
}

// acceptQuote lets the firm commit itself: the voucher's part is held.
func (t *teller) acceptQuote(ctx context.Context) error {
	if err := t.act(ctx, t.cast.Login, &t.result.Commission, "accept", object{}); err != nil {
		return err
	}
	for _, who := range []string{t.cast.Lab, t.cast.Login} {
		if err := t.act(ctx, who, &t.result.Commission, "sign", object{}); err != nil {
			return err
		}
	}
	c := t.result.Commission
	return want("the price", c.Price, t.cast.Price*money.Fen(t.cast.Quantity))
}

// acceptBooking lets the provider accept the booking.
func (t *teller) acceptBooking(ctx context.Context) error {
	return t.act(ctx, t.cast.Lab, &t.result.Booking, "accept", object{})
}

// Machine time of the story: both runs lie behind its now, one after the other.
const (
	runLength = 95 * time.Minute
	runAgo    = 4 * time.Hour
)

// samples lets the firm declare and send what is to be tested, and the provider take it in and out of its store.
func (t *teller) samples(ctx context.Context) error {
	order := "/orders/" + t.result.Commission.ID + "/samples"
	for i, x := range []struct{ who, text string }{{t.cast.Login, "样品今天送到，编号写在包装上，请查收。"}, {t.cast.Lab, "好的，收到后先称重、拍照，有问题马上告诉您。"}} { //i18n:data what both sides write
		var said struct{ ID string }
		if err := t.post(ctx, x.who, "/orders/"+t.result.Commission.ID+"/messages", fmt.Sprintf("said-%d", i), object{"text": x.text}, &said); err != nil {
			return err
		}
	}
	for i, x := range []struct {
		name, own, storage string
		days               int
	}{{"试样 A 组", "A-1…A-3", "room", 60}, {"试样 B 组", "B-1…B-3", "dry", 6}} { //i18n:data what the firm writes
		var made, moved struct{ ID string }
		key := "sample-" + x.own
		body := object{"name": x.name, "own_number": x.own, "storage": x.storage, "amount": 3, "keep_until": clock.Day(t.o.Now().AddDate(0, 0, x.days))}
		if err := t.post(ctx, t.cast.Login, order, key, body, &made); err != nil {
			return err
		}
		steps := []struct {
			who, verb string
			body      object
		}{
			{t.cast.Login, "send", object{"carrier": "送样人自送"}},                            //i18n:data what the firm writes
			{t.cast.Lab, "receive", object{"place": "样品间 2 号柜", "note": "包装完好，编号与清单一致。"}}, //i18n:data what the lab writes
			{t.cast.Lab, "take", object{"note": "制样"}},                                    //i18n:data what the lab writes
		}
		for _, step := range steps[:len(steps)-i] {
			if err := t.post(ctx, step.who, "/samples/"+made.ID+"/"+step.verb, key+step.verb, step.body, &moved); err != nil {
				return err
			}
		}
	}
	return nil
}

// start lets the provider take the samples in and log the start of both runs, which both sides had agreed to do early.
func (t *teller) start(ctx context.Context) error {
	if err := t.act(ctx, t.cast.Lab, &t.result.Commission, "receive-sample", object{"note": "样品完好，编号已贴。"}); err != nil { //i18n:data what the lab writes
		return err
	}
	if err := t.samples(ctx); err != nil {
		return err
	}
	if t.cast.Key == Main().Key {
		if err := errors.Join(t.conditions(ctx), t.series(ctx)); err != nil {
			return err
		}
	}
	at := t.o.Now().Add(-runAgo)
	note := "双方商定提前上机。" //i18n:data what the lab writes
	if err := t.act(ctx, t.cast.Lab, &t.result.Booking, "start", object{"at": at, "note": note}); err != nil {
		return err
	}
	return t.act(ctx, t.cast.Lab, &t.result.Commission, "start", object{"at": at.Add(runLength)})
}

// stop lets the provider log the end of both runs.
func (t *teller) stop(ctx context.Context) error {
	at := t.o.Now().Add(-runAgo)
	if err := t.act(ctx, t.cast.Lab, &t.result.Booking, "stop", object{"at": at.Add(runLength)}); err != nil {
		return err
	}
	return t.act(ctx, t.cast.Lab, &t.result.Commission, "stop", object{"at": at.Add(2 * runLength)})
}

// report lets the provider hand over both reports.
func (t *teller) report(ctx context.Context) error {
	for _, o := range []*Order{&t.result.Booking, &t.result.Commission} {
		text := "示例报告（虚构） / Sample report (invented)\n" + o.Number + "\n" + t.cast.Task + "\n" //i18n:data an invented report
		file := object{"name": o.Number + "-report.txt", "content": base64.StdEncoding.EncodeToString([]byte(text))}
		if err := t.act(ctx, t.cast.Lab, o, "report", object{"files": []object{file}}); err != nil {
			return err
		}
	}
	if t.cast.Key == "wuzhen" {
		return t.dispute(ctx)
	}
	return nil
}

// dispute lets the firm dispute the commission's report, and the provider offer to settle for less.
func (t *teller) dispute(ctx context.Context) error {
	text := "示例对照表（虚构） / Sample comparison (invented)\n合同约定 30 种，报告列出 27 种，缺 Ru、Rh、Os。\n" //i18n:data an invented comparison
	file := object{"name": t.result.Commission.Number + "-diff.txt", "content": base64.StdEncoding.EncodeToString([]byte(text))}
	reason := object{"note": "约定测 30 种金属，报告只有 27 种，请补测或相应减价。", "files": []object{file}} //i18n:data what the firm writes
	if err := t.act(ctx, t.cast.Login, &t.result.Commission, "dispute", reason); err != nil {
		return err
	}
	offer := object{"final": t.result.Commission.Price / 10 * 9, "note": "这三种没有标准溶液，暂时做不了，按九折结算。"} //i18n:data what the lab writes
	return t.act(ctx, t.cast.Lab, &t.result.Commission, "offer", offer)
}

// confirm lets the firm agree to both: the voucher's parts are used.
func (t *teller) confirm(ctx context.Context) error {
	for _, o := range []*Order{&t.result.Booking, &t.result.Commission} {
		if err := t.act(ctx, t.cast.Login, o, "confirm", object{}); err != nil {
			return err
		}
		file, err := t.einvoice(*o)
		if err != nil {
			return err
		}
		if err := t.act(ctx, t.cast.Lab, o, "invoice", object{"files": []object{file}}); err != nil {
			return err
		}
		text := "示例银行回单（虚构） / Sample bank receipt (invented)\n" + o.Number + "\n" + o.Own.String() + "\n" //i18n:data an invented receipt
		receipt := object{"name": o.Number + "-receipt.txt", "content": base64.StdEncoding.EncodeToString([]byte(text))}
		if err := t.act(ctx, t.cast.Lab, o, "pay", object{"way": "transfer", "files": []object{receipt}}); err != nil {
			return err
		}
	}
	return nil
}

// rate lets the firm rate both, and the provider the firm, which replies.
func (t *teller) rate(ctx context.Context) error {
	for _, o := range []*Order{&t.result.Booking, &t.result.Commission} {
		if err := t.act(ctx, t.cast.Login, o, "rate", object{"stars": t.cast.Stars, "text": t.cast.Review}); err != nil {
			return err
		}
	}
	order := "/orders/" + t.result.Commission.ID
	rating := object{"stars": 5, "text": "样品编号清楚，说明齐全，送样守时，付款及时。"} //i18n:data what the lab writes
	if err := t.post(ctx, t.cast.Lab, order+"/buyer-rating", "buyer-rating", rating, nil); err != nil {
		return err
	}
	return t.post(ctx, t.cast.Login, order+"/buyer-reply", "buyer-reply", object{"text": "谢谢配合，下一批样品还会送来。"}, nil) //i18n:data what the firm writes
}
