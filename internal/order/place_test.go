package order

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

func TestBookingCostsWhatTheEstimateSaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e, err := w.Estimate(t.Context(), firm(), book(1, 9, 3))
		if err != nil {
			t.Fatal(err)
		}
		if e.Price.Total != 90_000 || e.Voucher != 45_000 || e.Own != 45_000 {
			t.Fatalf("estimate %+v", e)
		}
		o := w.place(firm(), book(1, 9, 3))
		if o.Price != e.Price.Total || o.Voucher != e.Voucher || o.Own != e.Own || !o.Held || o.State != StateRequested {
			t.Errorf("order %+v differs from its estimate", o)
		}
		if !strings.HasPrefix(o.Number, "DD3304-20261123-") || o.Due != "2026-11-24" || !o.Sample {
			t.Errorf("number %s, due %s, sample %v", o.Number, o.Due, o.Sample)
		}
		for hour, want := range map[int]string{9: booking.SlotTaken, 11: booking.SlotTaken, 12: booking.SlotFree} {
			if got := w.slot(1, hour); got != want {
				t.Errorf("%d:00 is %s, want %s", hour, got, want)
			}
		}
		w.wellVerified()
	})
}

func TestTheSameRequestPlacesOneOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		req := book(1, 9, 1)
		req.Key = "click"
		first := w.place(firm(), req)
		if again := w.place(firm(), req); again.ID != first.ID || again.Number != first.Number {
			t.Errorf("two orders: %s and %s", first.Number, again.Number)
		}
		other := book(1, 10, 1)
		other.Key = "click"
		if _, err := w.Place(t.Context(), firm(), other); !fault.Is(err, "key-reused") {
			t.Errorf("another order under the same key: %v", err)
		}
		var wg sync.WaitGroup
		ids := make([]string, 8)
		req = book(2, 9, 1)
		req.Key = "double click"
		for i := range ids {
			wg.Go(func() {
				o, err := w.Place(t.Context(), firm(), req)
				if err != nil {
					t.Error(err)
				}
				ids[i] = o.ID
			})
		}
		wg.Wait()
		for _, x := range ids {
			if x != ids[0] {
				t.Errorf("ids %v", ids)
			}
		}
		w.wellVerified()
	})
}

// 64 rivals for one slot, several rounds: exactly one wins, all others hear slot-taken and nothing else.
func TestRivalsForOneSlot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.purse.fund = 1 << 40
		for round := range 5 {
			var won atomic.Int64
			var wg sync.WaitGroup
			for i := range 64 {
				wg.Go(func() {
					hour := 9 + i%2 // two overlapping wishes: 9–11 and 10–12
					_, err := w.Place(t.Context(), firm(), book(round, hour, 2))
					switch {
					case err == nil:
						won.Add(1)
					case !fault.Is(err, "slot-taken") || fault.Of(err).Kind != fault.Conflict:
						t.Errorf("round %d: %v", round, err)
					}
				})
			}
			wg.Wait()
			if won.Load() != 1 {
				t.Errorf("round %d: %d winners", round, won.Load())
			}
		}
		w.wellVerified()
	})
}

func TestUnitsAndBuffers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if err := w.booking.SetRule(t.Context(), lab(), "sem", booking.Rule{Units: 2, After: 30, Ahead: 30, InnerAhead: 30, Mode: booking.ModeSlots, Slot: 60, Step: 15}); err != nil {
			t.Fatal(err)
		}
		w.place(firm(), book(1, 9, 1))
		w.place(rival(), book(1, 9, 1))
		if _, err := w.Place(t.Context(), firm(), book(1, 9, 1)); !fault.Is(err, "slot-taken") {
			t.Errorf("third of two: %v", err)
		}
		if got := w.slot(1, 10); got != booking.SlotTaken {
			t.Errorf("the hour of cleaning is %s", got)
		}
		w.place(firm(), book(1, 11, 1))
		w.wellVerified()
	})
}

func TestPlacingRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.purse.fund = 10_000
		seen, wrong := money.Fen(10_000), money.Fen(15_000)
		for name, tc := range map[string]struct {
			by   identity.Subject
			req  PlaceRequest
			code string
		}{
			"visitor":             {identity.Subject{}, book(1, 9, 1), "sign-in-needed"},
			"authority":           {authority(), book(1, 9, 1), "other-capacity"},
			"unknown kind":        {firm(), PlaceRequest{Kind: "gift", Resource: "sem"}, "order-invalid"},
			"no time":             {firm(), PlaceRequest{Kind: KindBooking, Resource: "sem"}, "order-invalid"},
			"no purpose":          {firm(), PlaceRequest{Kind: KindCommission, Resource: "test"}, "order-invalid"},
			"endless purpose":     {firm(), PlaceRequest{Kind: KindCommission, Resource: "test", Purpose: strings.Repeat("长", 3000)}, "order-invalid"},
			"negative quantity":   {firm(), PlaceRequest{Kind: KindCommission, Resource: "test", Purpose: "x", Quantity: -1}, "order-invalid"},
			"no such resource":    {firm(), PlaceRequest{Kind: KindCommission, Resource: "none", Purpose: "x"}, "no-resource"},
			"service not booked":  {firm(), PlaceRequest{Kind: KindBooking, Resource: "test", Start: at(1, 9, 0), End: at(1, 10, 0)}, "not-bookable"},
			"only to read":        {firm(), PlaceRequest{Kind: KindCommission, Resource: "paper", Purpose: "x"}, "not-ordered"},
			"suspended":           {firm(), PlaceRequest{Kind: KindCommission, Resource: "resting", Purpose: "x"}, "not-offered"},
			"nobody serves":       {firm(), PlaceRequest{Kind: KindCommission, Resource: "ror", Purpose: "x"}, "no-owner"},
			"at night":            {firm(), book(1, 20, 1), "slot-closed"},
			"too little voucher":  {firm(), book(1, 9, 1), "voucher-too-little"},
			"seen something else": {firm(), PlaceRequest{Kind: KindBooking, Resource: "sem", Start: at(1, 9, 0), End: at(1, 10, 0), Programme: "prog", Seen: &wrong}, "price-changed"},
			"voucher for oneself": {lab(), book(1, 9, 1), "voucher-own"},
			"another price":       {firm(), PlaceRequest{Kind: KindBooking, Resource: "sem", Start: at(1, 9, 0), End: at(1, 10, 0), Price: &wrong}, "price-changed"},
			"excluded purpose":    {firm(), PlaceRequest{Kind: KindBooking, Resource: "sem", Start: at(1, 9, 0), End: at(1, 10, 0), Programme: "prog", Purpose: "batch"}, "voucher-not-applicable"},
			"less is all right":   {firm(), PlaceRequest{Kind: KindBooking, Resource: "sem", Start: at(2, 9, 0), End: at(2, 10, 0), Programme: "prog", Seen: &seen}, ""},
		} {
			o, err := w.Place(t.Context(), tc.by, tc.req)
			if tc.code == "" && err != nil || tc.code != "" && !fault.Is(err, tc.code) {
				t.Errorf("%s: %v, want %s", name, err, tc.code)
			}
			if tc.code == "" && (o.Voucher != 10_000 || o.Own != 20_000) {
				t.Errorf("%s: %+v", name, o)
			}
		}
		w.wellVerified()
	})
}

func TestClosuresAndBookingsKeepOutOfEachOthersWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := w.place(firm(), book(1, 9, 1))
		repair := booking.CloseRequest{Resource: "sem", State: booking.SlotMaintenance, From: at(1, 0, 0), To: at(2, 0, 0), Reason: "更换灯丝", Key: "k"}
		if err := w.booking.Close(t.Context(), lab(), repair); !fault.Is(err, "closure-booked") || !strings.Contains(err.Error(), "closure-booked") {
			t.Errorf("closing booked time: %v", err)
		}
		w.do(lab(), o, VerbRefuse, VerbRequest{Note: "设备需维护"})
		for range 2 { // the same click twice
			if err := w.booking.Close(t.Context(), lab(), repair); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.slot(1, 9); got != booking.SlotMaintenance {
			t.Errorf("slot is %s", got)
		}
		if _, err := w.Place(t.Context(), firm(), book(1, 9, 1)); !fault.Is(err, "slot-taken") {
			t.Errorf("booking over a repair: %v", err)
		}
		list, err := w.booking.Closures(t.Context(), d, "sem")
		if err != nil || len(list) != 1 || list[0].Reason != "更换灯丝" {
			t.Fatalf("closures %v %v", list, err)
		}
		if err := w.booking.Reopen(t.Context(), lab(), list[0].ID); err != nil {
			t.Fatal(err)
		}
		w.place(firm(), book(1, 9, 1))
		if err := w.booking.Close(t.Context(), firm(), repair); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("a stranger closes: %v", err)
		}
		for name, req := range map[string]booking.CloseRequest{"empty": {Resource: "sem"}, "backwards": {Resource: "sem", State: booking.SlotClosed, From: at(2, 0, 0), To: at(1, 0, 0)}} {
			if err := w.booking.Close(t.Context(), lab(), req); !fault.Is(err, "closure-invalid") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := w.booking.SetRule(t.Context(), lab(), "sem", booking.Rule{}); !fault.Is(err, "rule-invalid") {
			t.Errorf("rule: %v", err)
		}
		if err := w.booking.Reopen(t.Context(), lab(), "none"); fault.Of(err).Kind != fault.NotFound {
			t.Errorf("reopen: %v", err)
		}
	})
}

func TestHolidaysAreClosed(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newWorld(t, d)
	w.clock.Set(time.Date(2026, 9, 28, 0, 0, 0, 0, clock.Zone()))
	slots, err := w.booking.Slots(t.Context(), d, "sem", "2026-09-30", "2026-10-01")
	if err != nil {
		t.Fatal(err)
	}
	free := map[string]int{}
	for _, s := range slots {
		if s.State == booking.SlotFree {
			free[s.Start.Format("01-02")]++
		}
	}
	if free["09-30"] != 8 || free["10-01"] != 0 {
		t.Errorf("free hours %v", free)
	}
}

// A booking is put to another time as a whole: the old slot is free again and the new one taken, or nothing changes.
func TestMovingABooking(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := w.place(firm(), book(1, 9, 2))
		w.place(rival(), book(1, 13, 2))
		w.do(lab(), o, VerbAccept, VerbRequest{})
		to := func(day, hour, hours int) VerbRequest {
			return VerbRequest{Start: at(day, hour, 0), End: at(day, hour+hours, 0)}
		}
		for name, c := range map[string]struct {
			req  VerbRequest
			code string
		}{
			"taken": {to(1, 12, 2), "slot-taken"}, "another length, another price": {to(1, 9, 3), "move-price"}, "past": {to(-7, 9, 2), "slot-past"}, "at night": {to(1, 20, 2), "slot-closed"}, "nowhere": {VerbRequest{}, "verb-invalid"},
		} {
			if _, err := w.Do(t.Context(), firm(), o.ID, VerbMove, c.req); !fault.Is(err, c.code) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if w.slot(1, 9) != booking.SlotTaken || w.slot(2, 9) != booking.SlotFree {
			t.Error("something moved")
		}
		o = w.do(firm(), o, VerbMove, to(1, 10, 2)) // over its own old time
		if o.State != StateRequested || w.slot(1, 9) != booking.SlotFree || w.slot(1, 11) != booking.SlotTaken {
			t.Errorf("moved: %s, %s and %s", o.State, w.slot(1, 9), w.slot(1, 11))
		}
		w.place(firm(), book(1, 9, 1))
		w.wellVerified()
	})
}
